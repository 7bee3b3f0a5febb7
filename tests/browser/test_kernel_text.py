"""Weights as text: pasted from elsewhere, written, copied, and refused by row and column."""

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from tests.browser.oracle import SOBEL_X, Array, Convolution
from tests.browser.test_accessibility import SMALL_TARGETS
from tests.browser.test_first_visit import HARBOUR
from tests.browser.test_kernel_channels import PerChannel
from tests.browser.visit import Visit

IMAGE = HARBOUR.image
# Two rows and three columns: turned or mirrored it would be another one.
KERNEL = np.array([[3, -1, 0.5], [0, 7, -2]])
PASTE = """(box, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  return box.dispatchEvent(event);
}"""
REFUSAL = "Row 1, column 2 is “x”, which is not a number. Rows and columns count from 0."


def paste(picker: Locator, text: str) -> bool:
    """Pastes into the first weight; returns whether the box itself was left to take the text."""
    box = picker.get_by_role("textbox", name="weight row 0, column 0")
    box.focus()
    left: bool = box.evaluate(PASTE, text)
    return left


@pytest.mark.parametrize(
    "text",
    [
        repr(KERNEL.astype(np.float32)),
        f"kernel = np.array({KERNEL.tolist()})",
        "[3 -1 0.5; 0 7 -2]",
        "3\t-1\t0,5\n0\t7\t-2\n",
    ],
    ids=["numpy", "python", "matlab", "spreadsheet"],
)
def test_a_matrix_is_pasted_onto_the_grid(visit: Visit, text: str) -> None:
    picker = visit.open_picker("kernel")
    assert not paste(picker, text)
    visit.check(Convolution(IMAGE, KERNEL))
    expect(picker.get_by_role("textbox", name="weight row 0, column 0")).to_be_focused()
    expect(picker.get_by_role("alert")).to_be_hidden()


def test_one_number_is_pasted_into_the_box(visit: Visit) -> None:
    assert paste(visit.open_picker("kernel"), " −1,500 ")
    expect(visit.page.locator("#kernel-button")).to_have_text("Sobel x")


def test_what_cannot_be_read_is_refused_by_row_and_column(visit: Visit) -> None:
    picker = visit.open_picker("kernel")
    paste(picker, "1,2,3\n4,5,x\n7,8,9")
    expect(picker.get_by_role("alert")).to_have_text(REFUSAL)
    visit.check(HARBOUR)
    # A good one, and opening anew, leave no old refusal behind.
    paste(picker, "1,2,3\n4,5,6\n7,8,9")
    expect(picker.get_by_role("alert")).to_be_hidden()
    kernel: Array = np.arange(1, 10).reshape(3, 3)
    visit.check(Convolution(IMAGE, kernel))
    paste(picker, "[[1, 2], [3]]")
    expect(picker.get_by_role("alert")).to_have_text(
        "Row 1 has 1 number; row 0 has 2. Rows and columns count from 0."
    )
    visit.press("Escape")
    expect(visit.open_picker("kernel").get_by_role("alert")).to_be_hidden()


def test_the_text_is_what_is_asked_and_can_be_written(visit: Visit) -> None:
    picker = visit.open_picker("kernel")
    picker.get_by_text("As text").click()
    area = picker.get_by_role("textbox", name="Weights as text")
    expect(area).to_have_value("[[-1, 0, 1],\n [-2, 0, 2],\n [-1, 0, 1]]")
    picker.get_by_label("Kernel height").select_option("1")
    expect(area).to_have_value("[[-2, 0, 2]]")
    area.fill("[[1, 2, x]]")
    picker.get_by_role("button", name="Use this text").click()
    expect(area).to_have_attribute("aria-invalid", "true")
    expect(picker.get_by_role("alert")).to_contain_text("Row 0, column 2 is “x”")
    expect(area).to_have_value("[[1, 2, x]]")
    area.fill(f"1/4 * {(4 * KERNEL).tolist()}")
    area.press("Control+Enter")
    visit.check(Convolution(IMAGE, KERNEL))
    expect(area).to_have_value("[[3, -1, 0.5],\n [0, 7, -2]]")
    expect(area).to_have_attribute("aria-invalid", "false")


def test_the_grid_is_one_stop_and_escape_takes_back(visit: Visit) -> None:
    picker = visit.open_picker("kernel")
    picker.get_by_role("textbox", name="weight row 0, column 0").focus()
    visit.press("ArrowDown", "End")
    expect(picker.get_by_role("textbox", name="weight row 1, column 2")).to_be_focused()
    visit.press("Home", "ArrowRight")
    middle = picker.get_by_role("textbox", name="weight row 1, column 1")
    expect(middle).to_be_focused()
    visit.press("Tab")
    expect(picker.get_by_label("Kernel height")).to_be_focused()
    visit.press("Shift+Tab")
    expect(middle).to_be_focused()
    visit.page.keyboard.type("12")
    visit.press("Escape")
    expect(picker).to_be_hidden()
    expect(visit.page.locator("#kernel-button")).to_have_text("Sobel x")
    visit.check(Convolution(IMAGE, SOBEL_X))


@pytest.mark.parametrize(
    "context_options",
    [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}}],
    ids=["light", "dark", "phone"],
    indirect=True,
)
def test_axe_finds_nothing_in_the_editor_and_targets_are_large(visit: Visit) -> None:
    picker = visit.open_picker("kernel")
    picker.get_by_role("radio", name="One per channel").click()
    picker.get_by_label("Kernel width").select_option("15")
    picker.get_by_text("As text").click()
    paste(picker, "[[1, x]]")
    expect(picker.get_by_role("alert")).to_be_visible()
    visit.shows(PerChannel(IMAGE, [np.pad(SOBEL_X, ((0, 0), (6, 6)))] * 3))
    results = Axe().run(visit.page)
    assert results.violations_count == 0, results.generate_report()
    assert visit.page.evaluate(SMALL_TARGETS) == []


@pytest.mark.parametrize(
    "context_options",
    [
        {"viewport": {"width": 1440, "height": 900}},
        {"viewport": {"width": 1280, "height": 720}},
        {"viewport": {"width": 820, "height": 1180}},
        {"viewport": {"width": 390, "height": 844}},
    ],
    ids=["desktop", "laptop", "tablet", "phone"],
    indirect=True,
)
def test_the_loupe_stays_in_sight(visit: Visit) -> None:
    picker = visit.open_picker("kernel")
    popup, loupe = picker.bounding_box(), visit.loupe.bounding_box()
    size = visit.page.viewport_size
    assert popup
    assert loupe
    assert size
    beside = popup["x"] + popup["width"] <= loupe["x"] or popup["x"] >= loupe["x"] + loupe["width"]
    above = popup["y"] + popup["height"] <= loupe["y"] or popup["y"] >= loupe["y"] + loupe["height"]
    assert beside or above
    assert 0 <= popup["x"] <= size["width"] - popup["width"]
    assert 0 <= popup["y"] <= size["height"] - popup["height"]
    expect(picker.get_by_role("textbox", name="weight row 2, column 2")).to_be_in_viewport()
