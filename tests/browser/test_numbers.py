"""The input as numbers: typed, painted, counted up and pasted, in the link and undone."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.oracle import ARTICLE, SOBEL_X, Array, Convolution, reduced
from tests.browser.test_accessibility import PHONE
from tests.browser.test_first_visit import sample
from tests.browser.visit import Visit

PASTE = """(target, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  target.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def editor(visit: Visit, button: str = "Type numbers") -> Locator:
    visit.open_picker("image").get_by_role("button", name=button).click()
    grid = visit.page.get_by_role("group", name="Numbers of the input")
    expect(grid).to_be_visible()
    return visit.page.locator("#image-picker")


def cell(picker: Locator, row: int, column: int) -> Locator:
    return picker.get_by_role("textbox", name=f"row {row}, column {column}", exact=True)


def grey(values: Array) -> Convolution:
    return Convolution(np.asarray(values, np.float32)[..., None], SOBEL_X)


def test_numbers_are_typed_and_the_window_stays(visit: Visit) -> None:
    picker = editor(visit)
    visit.check(grey(ARTICLE[..., 0]))
    expect(cell(picker, 0, 0)).to_be_focused()
    visit.press("Escape", "ArrowDown", "ArrowRight")
    visit.at(1, 1)
    picker = visit.open_picker("image")  # where numbers were typed it opens with them
    box = cell(picker, 1, 2)
    box.fill("−2,5")
    box.press("ArrowLeft")
    expect(cell(picker, 1, 1)).to_be_focused()
    values = ARTICLE[..., 0].astype(np.float64)
    values[1, 2] = -2.5
    assert visit.check(grey(values)) == (1, 1)
    expect(box).to_have_value("−2.5")
    expect(visit.page).to_have_url(
        re.compile(r"\?image=1,2,3,4;5,6,-2\.5,8;9,10,11,12;13,14,15,16&size=full")
    )
    visit.page.reload()
    visit.page.locator("#input-shape span").wait_for(state="attached")
    assert visit.check(grey(values)) == (1, 1)
    expect(visit.page.locator("#image-button")).to_have_text("Numbers")


def test_cells_of_a_small_picture_are_painted_and_undone(visit: Visit) -> None:
    picker = visit.open_picker("image")
    picker.get_by_role("radio", name="16", exact=True).click()
    picker.get_by_role("button", name="Edit the numbers").click()
    before = reduced(sample("harbour"), 16)
    expect(cell(picker, 15, 15)).to_have_value(str(before[15, 15, 0]))
    picker.get_by_role("radio", name="G", exact=True).click()
    picker.get_by_role("radio", name="Paint").click()
    brush = picker.get_by_label("Value to paint")
    brush.fill("250")
    brush.press("Enter")
    first, last = (cell(picker, 3, column).bounding_box() for column in (2, 9))
    assert first is not None
    assert last is not None
    visit.page.mouse.move(first["x"] + 5, first["y"] + 5)
    visit.page.mouse.down()
    visit.page.mouse.move(last["x"] + 5, last["y"] + 5, steps=16)
    visit.page.mouse.up()
    after = before.copy()
    after[3, 2:10, 1] = 250
    visit.check(Convolution(after, SOBEL_X))
    expect(cell(picker, 3, 9)).to_have_value("250")
    cell(picker, 0, 0).focus()
    visit.press("ArrowDown", "Enter")
    after[1, 0, 1] = 250
    visit.check(Convolution(after, SOBEL_X))
    expect(cell(picker, 1, 0)).to_be_focused()
    # A stroke is one change.
    visit.press("Escape", "Control+z", "Control+z")
    expect(visit.page.locator("#image-button")).to_have_text("Harbour")
    visit.check(Convolution(before, SOBEL_X))


def test_sizes_channels_and_pastes(visit: Visit) -> None:
    picker = editor(visit)
    picker.get_by_label("Input height").select_option("2")
    picker.get_by_label("Input width").select_option("5")
    values = np.array([[1, 2, 3, 4, 0], [5, 6, 7, 8, 0]])
    visit.check(grey(values))
    picker.get_by_role("radiogroup", name="Channels").get_by_role("radio", name="3").click()
    visit.check(Convolution(np.dstack([values] * 3).astype(np.float32), SOBEL_X))
    cell(picker, 0, 0).focus()
    picker.locator("#numbers-editor").evaluate(PASTE, "1 2\n3")
    expect(picker.get_by_role("alert")).to_have_text(
        "Row 1 has 1 number; row 0 has 2. Rows and columns count from 0."
    )
    # Anywhere on the page, too.
    visit.press("Escape")
    pasted = np.arange(12).reshape(3, 4) * 11.5 - 20
    visit.page.locator("body").evaluate(PASTE, f"np.array({pasted.tolist()})")
    visit.check(grey(pasted))
    visit.page.locator("body").evaluate(PASTE, "1, 2\n3")
    expect(visit.ribbon).to_contain_text("The pasted text cannot be an input. Row 1 has 1 number")


@pytest.mark.parametrize("context_options", [PHONE], indirect=True)
def test_two_fingers_scroll_what_one_paints_and_so_does_one_at_the_edge(visit: Visit) -> None:
    picker = visit.open_picker("image")
    picker.get_by_role("radio", name="16", exact=True).click()
    picker.get_by_role("button", name="Edit the numbers").click()
    picker.get_by_role("radio", name="Paint").click()
    frame = picker.locator(".weights-frame:visible")
    before = cell(picker, 2, 2).input_value()
    box = cell(picker, 2, 2).bounding_box()
    assert box is not None
    session = visit.page.context.new_cdp_session(visit.page)

    def touch(kind: str, *across: float) -> None:
        points = [
            {"x": box["x"] + x, "y": box["y"] + 10 + 40 * finger, "id": finger}
            for finger, x in enumerate(across)
        ]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 10)
    expect(cell(picker, 2, 2)).not_to_have_value(before)
    touch("touchStart", 10, 12)
    expect(cell(picker, 2, 2)).to_have_value(before)
    touch("touchMove", -70, -68)
    touch("touchEnd")
    visit.page.wait_for_function("(frame) => frame.scrollLeft > 40", arg=frame.element_handle())
    expect(cell(picker, 2, 2)).to_have_value(before)
    expect(visit.page.locator("#image-button")).to_have_text("Harbour")
    # One finger that is held at the edge scrolls too, and paints what comes under it.
    frame.evaluate("(frame) => { frame.scrollLeft = 0; }")
    edge = frame.bounding_box()
    assert edge is not None
    touch("touchStart", 10)
    touch("touchMove", edge["x"] + edge["width"] - 4 - box["x"])
    whole = "(frame) => frame.scrollLeft + frame.clientWidth > frame.scrollWidth - 2"
    visit.page.wait_for_function(whole, arg=frame.element_handle())
    touch("touchEnd")
    expect(cell(picker, 2, 14)).to_have_value("0")
    expect(visit.page.locator("#image-button")).to_have_text("Numbers")
