"""Hands on the pictures: mouse and finger."""

import pytest
from playwright.sync_api import expect

from tests.browser.oracle import Convolution
from tests.browser.test_first_visit import HARBOUR, sample
from tests.browser.visit import Figure, Visit

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
ROW = "(canvas) => [...canvas.getContext('2d').getImageData(40, 200, 64, 1).data]"


def on_page(visit: Visit, canvas: str, figure: Figure, row: float, column: float) -> tuple[float, float]:
    """The middle of a cell, in coordinates of the viewport."""
    box = visit.page.locator(canvas).bounding_box()
    assert box
    x, y = figure.point(0, 0)
    return box["x"] + x + column * figure.cell, box["y"] + y + row * figure.cell


def test_the_window_is_dragged_over_the_input(visit: Visit) -> None:
    figure = visit.figure("input", HARBOUR)
    mouse = visit.page.mouse
    mouse.move(*on_page(visit, "#input-live", figure, 0, 0))
    mouse.down()
    for row, column in [(3, 5), (20, 31), (47, 12)]:
        mouse.move(*on_page(visit, "#input-live", figure, row, column), steps=3)
        visit.at(row, column)  # SAME with stride 1: the output cell of the input cell in the window's middle
        visit.check(HARBOUR)
    mouse.move(*on_page(visit, "#input-live", figure, 30, 200))
    visit.at(30, 63)  # held at the edge
    mouse.up()
    mouse.move(*on_page(visit, "#input-live", figure, 5, 5))
    visit.drawn()
    visit.at(30, 63)


def test_a_drag_snaps_to_positions_that_can_be_reached(visit: Visit) -> None:
    visit.set_token("stride, rows", 3)
    figure = visit.figure("input", Convolution(HARBOUR.image, HARBOUR.kernel, strides=(3, 1)))
    for row, reached in [
        (3, 1),
        (4, 1),
        (5, 2),
        (63, 21),
    ]:  # SAME with stride 3 pads 1 row on both sides: middle 3 × row
        visit.page.mouse.click(*on_page(visit, "#input-live", figure, row, 7))
        visit.at(reached, 7)


def test_a_press_on_the_output_goes_there(visit: Visit) -> None:
    figure = visit.figure("output", HARBOUR)
    for row, column in [(40, 11), (0, 63), (63, 0)]:
        visit.page.mouse.click(*on_page(visit, "#output-live", figure, row, column))
        visit.at(row, column)
        visit.check(HARBOUR)


def touch(visit: Visit, *points: tuple[float, float]) -> None:
    """A finger goes down at the first point, along the others, and up."""
    session = visit.page.context.new_cdp_session(visit.page)
    for index, (x, y) in enumerate(points):
        kind = "touchStart" if index == 0 else "touchMove"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


@pytest.mark.parametrize("context_options", [PHONE], indirect=True)
def test_a_finger_drags_from_beside_the_window(visit: Visit) -> None:
    """Relative: what is under the finger stays visible, and the window moves as far as the finger does."""
    figure = visit.figure("input", HARBOUR)
    there = on_page(visit, "#input-live", figure, 30, 20)
    visit.page.touchscreen.tap(*there)
    visit.at(30, 20)
    beside = there[0] + 6 * figure.cell, there[1] + 5 * figure.cell
    moved = beside[0] + 10 * figure.cell, beside[1] - 12 * figure.cell
    touch(visit, beside, ((beside[0] + moved[0]) / 2, (beside[1] + moved[1]) / 2), moved)
    visit.at(18, 30)
    scrolled = visit.page.evaluate("[scrollX, scrollY]")
    assert scrolled == [0, 0], "the page has not scrolled under the finger"


@pytest.mark.parametrize("context_options", [PHONE], indirect=True)
def test_a_finger_far_from_the_window_takes_it_there(visit: Visit) -> None:
    figure = visit.figure("input", HARBOUR)
    touch(visit, on_page(visit, "#input-live", figure, 40, 50), on_page(visit, "#input-live", figure, 44, 52))
    visit.at(44, 52)


def test_the_wheel_pans_a_picture_too_large_for_the_stage(visit: Visit) -> None:
    visit.open_picker("image").get_by_role("radio", name="full, 256 × 256").click()
    visit.press("Escape")
    expect(visit.page.locator("#input-shape b")).to_have_text("256 × 256 × 3")
    visit.page.set_viewport_size({"width": 1100, "height": 760})
    visit.drawn()
    top = visit.page.locator("#input-still").evaluate(ROW)
    visit.page.locator("#input-live").hover()
    visit.page.mouse.wheel(0, 240)
    visit.drawn()
    visit.drawn()
    assert visit.page.locator("#input-still").evaluate(ROW) != top
    visit.at(0, 0)
    visit.press("End")  # the playhead takes the picture along
    visit.at(255, 255)
    visit.drawn()
    corner = visit.page.locator("#input-still").bounding_box()
    assert corner
    last = visit.pixel("#input-still", corner["width"] - 6, corner["height"] - 6)
    assert last == (*sample("harbour")[-1, -1], 255)
