"""Kernel editing: weights, presets, sizes and tools, every number of the window held against NumPy."""

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Route, expect

from tests.browser.oracle import SOBEL_X, Array, Convolution, number, shown
from tests.browser.test_first_visit import HARBOUR
from tests.browser.visit import Visit

IMAGE = HARBOUR.image
# From the middle of the loupe to the middle of the next cell of a 3 × 3 kernel, as a share of the diameter.
PITCH = 0.214


def weights(visit: Visit) -> Array:
    """The kernel as the grid of the open picker has it."""
    grid = visit.page.locator("#kernel-picker").get_by_role("group", name="Weights")
    boxes = grid.get_by_role("textbox")
    columns = len(grid.evaluate("(grid) => getComputedStyle(grid).gridTemplateColumns").split(" "))
    values = [number(box.input_value()) for box in boxes.all()]
    return np.reshape(values, (-1, columns))


def away_from_the_corner(visit: Visit) -> None:
    visit.press("ArrowDown", "ArrowRight")
    visit.at(1, 1)


def test_a_weight_is_edited_in_the_grid(visit: Visit) -> None:
    away_from_the_corner(visit)
    picker = visit.open_picker("kernel")
    box = picker.get_by_role("textbox", name="weight row 0, column 2")
    box.fill("-2.5")
    box.press("Enter")
    kernel = np.array(SOBEL_X, float)
    kernel[0, 2] = -2.5
    expect(visit.page.locator("#kernel-button")).to_have_text("Custom")
    expect(visit.result).to_have_text(shown(Convolution(IMAGE, kernel).sum(1, 1)))
    expect(picker.get_by_role("textbox", name="weight row 0, column 2")).to_be_focused()
    visit.press("ArrowDown")
    expect(picker.get_by_role("textbox", name="weight row 1, column 2")).to_be_focused()
    visit.page.keyboard.type("1,500")
    visit.press("ArrowLeft")  # leaving applies
    kernel[1, 2] = 1500
    visit.press("Escape")
    expect(visit.result).to_have_text(shown(Convolution(IMAGE, kernel).sum(1, 1)))
    assert visit.check(Convolution(IMAGE, kernel)) == (1, 1)


def test_an_edit_is_one_change(visit: Visit) -> None:
    """To the server, and so to undo: neither Enter nor leaving afterwards asks again."""
    away_from_the_corner(visit)
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    box = visit.open_picker("kernel").get_by_role("textbox", name="weight row 0, column 0")
    box.fill("4")
    box.press("Enter")
    visit.press("ArrowDown", "ArrowDown")
    kernel = np.array(SOBEL_X)
    kernel[0, 0] = 4
    visit.check(Convolution(IMAGE, kernel))
    assert len(asked) == 1
    visit.press("Control+z")
    visit.check(HARBOUR)
    expect(visit.page.get_by_role("textbox", name="weight row 2, column 0")).to_be_focused()


def test_what_is_typed_outlives_the_answer_to_the_last_weight(visit: Visit) -> None:
    away_from_the_corner(visit)
    answers: list[Route] = []
    visit.intercept("**/api/v1/traces", lambda route: answers.append(route))
    picker = visit.open_picker("kernel")
    picker.get_by_text("As text").click()
    area = picker.get_by_role("textbox", name="Weights as text")
    box = picker.get_by_role("textbox", name="weight row 0, column 0")
    box.fill("4")
    box.press("Enter")
    visit.press("ArrowRight")
    visit.page.keyboard.type("-6")
    kernel = np.array(SOBEL_X)
    kernel[0, 0] = 4
    for answer in answers:
        answer.continue_()
    visit.check(Convolution(IMAGE, kernel))
    second = picker.get_by_role("textbox", name="weight row 0, column 1")
    expect(second).to_have_value("-6")
    visit.page.unroute("**/api/v1/traces")
    second.press("Enter")
    kernel[0, 1] = -6
    visit.check(Convolution(IMAGE, kernel))
    expect(area).to_have_value("[[4, -6, 1],\n [-2, 0, 2],\n [-1, 0, 1]]")


def test_what_is_no_number_changes_nothing(visit: Visit) -> None:
    picker = visit.open_picker("kernel")
    box = picker.get_by_role("textbox", name="weight row 1, column 1")
    box.fill("two")
    expect(box).to_have_attribute("aria-invalid", "true")
    box.press("Enter")
    assert box.evaluate("(box) => box.validationMessage") == "“two” is not a number."
    visit.press("Escape")
    expect(visit.page.locator("#kernel-button")).to_have_text("Sobel x")
    assert visit.check(HARBOUR) == (0, 0)


PRESETS = {
    "Identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "Sobel y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "Sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "Box blur": np.full((3, 3), np.float32(1) / np.float32(9)),
    "Gaussian 5 × 5": np.outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1]) / 256,
    "Motion blur": np.full((1, 5), 1 / 5),
}


def test_presets(visit: Visit) -> None:
    away_from_the_corner(visit)
    picker = visit.open_picker("kernel")
    for title, kernel in PRESETS.items():
        chip = picker.get_by_role("button", name=title, exact=True)
        chip.click()
        expect(chip).to_have_attribute("aria-pressed", "true")
        expect(visit.page.locator("#kernel-button")).to_have_text(title)
        convolution = Convolution(IMAGE, kernel)
        visit.shows(convolution)
        expect(visit.result).to_have_text(shown(convolution.sum(1, 1)))
        assert visit.check(convolution) == (1, 1)
        # What keeps the brightness of a picture makes a picture.
        colours = "Min to max" if np.sum(kernel) > 0.5 else "Signed colours"
        expect(visit.page.locator("#output-button")).to_have_text(colours)


def rotated(kernel: Array) -> Array:
    return np.rot90(kernel, -1)  # clockwise


TOOLS: list[tuple[str, Callable[[Array], Array]]] = [
    ("Rotate", rotated),
    ("Flip left and right", np.fliplr),
    ("Flip top and bottom", np.flipud),
    ("Divide by sum", lambda kernel: kernel / kernel.sum()),
    ("Normalise", lambda kernel: kernel / np.abs(kernel).sum()),
]


def test_tools(visit: Visit) -> None:
    """One after the other, on a kernel of two rows and three columns without any symmetry."""
    away_from_the_corner(visit)
    picker = visit.open_picker("kernel")
    picker.get_by_label("Kernel height").select_option("2")
    expect(visit.page.locator("#kernel-shape b")).to_have_text("2 × 3 × 3")
    kernel = np.array([[3, -1, 2], [5, 0, 7]], float)
    for (row, column), weight in np.ndenumerate(kernel):
        box = picker.get_by_role("textbox", name=f"weight row {row}, column {column}")
        box.fill(str(weight))
        box.press("Enter")
    for name, expected in TOOLS:
        kernel = expected(kernel)
        picker.get_by_role("button", name=name).click()
        wanted = Convolution(IMAGE, kernel)
        visit.check(wanted)
        assert np.allclose(weights(visit), wanted.kernel, atol=5e-7)


def test_large_kernels_are_edited_too(visit: Visit) -> None:
    """As large as they get, and not square; the boxes print fewer places than they hold."""
    away_from_the_corner(visit)
    picker = visit.open_picker("kernel")
    picker.get_by_label("Kernel height").select_option("15")
    picker.get_by_label("Kernel width").select_option("14")
    kernel = np.zeros((15, 14))
    kernel[6:9, 5:8] = SOBEL_X
    visit.check(Convolution(IMAGE, kernel))
    box = picker.get_by_role("textbox", name="weight row 14, column 13", exact=True)
    box.fill("0.03125")
    box.press("Enter")
    kernel[14, 13] = 0.03125
    visit.check(Convolution(IMAGE, kernel))
    expect(box).to_have_value("0.03125")
    visit.press("ArrowLeft")
    expect(box).to_have_value("0.03")


def test_sizes_grow_and_cut_around_the_middle(visit: Visit) -> None:
    away_from_the_corner(visit)
    picker = visit.open_picker("kernel")
    picker.get_by_label("Kernel width").select_option("7")
    wide = Convolution(IMAGE, np.pad(SOBEL_X, ((0, 0), (2, 2))))
    visit.shows(wide)
    assert visit.check(wide) == (1, 1)
    picker.get_by_label("Kernel height").select_option("1")
    flat = Convolution(IMAGE, [[0, 0, -2, 0, 2, 0, 0]])
    visit.shows(flat)
    assert visit.check(flat) == (1, 1)
    expect(picker.get_by_role("button", name="Divide by sum")).to_be_disabled()


def test_random_weights_are_new_at_every_press(visit: Visit) -> None:
    away_from_the_corner(visit)
    picker = visit.open_picker("kernel")
    seen = []
    for _ in range(3):
        picker.get_by_role("button", name="Random").click()
        expect(visit.page.locator("#kernel-button")).to_have_text("Custom")
        kernel = weights(visit)
        assert kernel.shape == (3, 3)
        assert set(kernel.ravel()) <= set(range(-3, 4))
        expect(visit.result).to_have_text(shown(Convolution(IMAGE, kernel).sum(1, 1)))
        visit.check(Convolution(IMAGE, kernel))
        seen.append(kernel.tolist())
    assert seen[0] != seen[1] or seen[1] != seen[2]


def press_loupe(visit: Visit, row: int, column: int, half: str) -> None:
    """Presses the value or the weight of a tap of the 3 × 3 kernel."""
    visit.drawn()
    box = visit.loupe.bounding_box()
    assert box
    lower = 0.25 if half == "weight" else -0.25
    across, down = 0.5 + (column - 1) * PITCH, 0.5 + (row - 1 + lower) * PITCH
    visit.loupe.click(position={"x": box["width"] * across, "y": box["height"] * down})


def test_a_press_on_a_weight_edits_it_in_place(visit: Visit) -> None:
    away_from_the_corner(visit)
    kernel = np.array(SOBEL_X)
    loupe = visit.loupe.bounding_box()
    assert loupe
    for row, column in [(0, 2), (2, 0)]:
        press_loupe(visit, row, column, "weight")
        box = visit.page.get_by_role("textbox", name=f"weight row {row}, column {column}")
        expect(box).to_be_focused()
        place = box.bounding_box()
        assert place
        across = (place["x"] + place["width"] / 2 - loupe["x"]) / loupe["width"]
        down = (place["y"] + place["height"] / 2 - loupe["y"]) / loupe["height"]
        assert (across, down) == pytest.approx(
            (0.5 + (column - 1) * PITCH, 0.5 + (row - 1 + 0.25) * PITCH), abs=0.02
        )
        visit.page.keyboard.type("9")  # it was selected whole
        visit.press("Enter")
        expect(box).to_have_count(0)
        expect(visit.page.locator("#kernel-picker")).to_be_hidden()
        kernel[row, column] = 9
        visit.check(Convolution(IMAGE, kernel))


def test_in_place_arrows_apply_and_move_on_and_escape_takes_back(visit: Visit) -> None:
    away_from_the_corner(visit)
    kernel = np.array(SOBEL_X)
    press_loupe(visit, 0, 1, "weight")
    expect(visit.page.get_by_role("textbox", name="weight row 0, column 1")).to_be_focused()
    visit.page.keyboard.type("4")
    visit.press("ArrowDown")
    expect(visit.page.get_by_role("textbox", name="weight row 1, column 1")).to_be_focused()
    visit.page.keyboard.type("5")
    visit.press("Escape")
    expect(visit.page.get_by_role("textbox", name="weight")).to_have_count(0)
    kernel[0, 1] = 4
    visit.check(Convolution(IMAGE, kernel))


def test_where_the_loupe_is_too_fine_a_press_opens_the_picker(visit: Visit) -> None:
    visit.open_picker("kernel").get_by_label("Kernel width").select_option("15")
    visit.press("Escape")
    expect(visit.page.locator("#kernel-shape b")).to_have_text("3 × 15 × 3")
    visit.drawn()
    box = visit.loupe.bounding_box()
    assert box
    # The middle of the glass is the middle of the middle tap; its weight is a little below.
    visit.loupe.click(position={"x": box["width"] * 0.5, "y": box["height"] * 0.5 + 5})
    expect(visit.page.locator("#kernel-picker")).to_be_visible()
    expect(visit.page.get_by_role("textbox", name="weight row 1, column 7", exact=True)).to_be_focused()


def test_a_press_on_a_value_goes_to_that_tap(visit: Visit) -> None:
    away_from_the_corner(visit)
    for channel, row, column in [(0, 2, 1), (2, 1, 2)]:
        check_tap(visit, channel, row, column)


def check_tap(visit: Visit, channel: int, row: int, column: int) -> None:
    visit.page.locator("#sum button.term").nth(channel).click()
    press_loupe(visit, row, column, "value")
    expect(visit.page.get_by_role("radio", name="Tap")).to_be_checked()
    tap = channel * 9 + row * 3 + column
    expect(visit.sentence).to_contain_text(f"Tap {tap + 1} of 27")
    products = HARBOUR.products(1, 1).ravel()
    assert products[: tap + 1].sum() != products.sum(), "a partial sum that cannot be told from the whole"
    expect(visit.result).to_have_text(shown(products[: tap + 1].sum()))
    read = visit.read()
    assert read["signs"][-1] == "so far"
    assert read["pressed"] == channel
    so_far = [products[c * 9 : min((c + 1) * 9, tap + 1)].sum() for c in range(3)]
    assert read["terms"] == [shown(value) for value in so_far]
