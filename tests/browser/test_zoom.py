"""Pan and zoom: by buttons, keys, wheel, fingers. Every pixel of the picture says which cell it is."""

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.oracle import SOBEL_X, Convolution, png
from tests.browser.visit import Visit

HEIGHT, WIDTH = 180, 230
ROWS, COLUMNS = np.mgrid[0:HEIGHT, 0:WIDTH]
MAP = np.stack([COLUMNS, ROWS, (COLUMNS * 7 + ROWS * 13) % 256], -1).astype(np.uint8)
CONVOLUTION = Convolution(MAP, SOBEL_X)
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True}
MARGIN = """(figure) =>
  parseFloat(getComputedStyle(figure.parentElement.querySelector(".heading")).paddingInlineStart)"""
NEAR = [(0, 0), (3, 0), (0, 3), (3, 3), (-3, -3), (7, 7), (-7, 7), (7, -7), (-7, -7)]
FRAMES = 8
# The largest column that can be read in one row of pixels.
LAST_COLUMN = """(canvas, columns) => {
  const { data } = canvas.getContext("2d").getImageData(0, Math.round(canvas.height / 3), canvas.width, 1);
  const reds = [...data].filter((_, at) => at % 4 === 0 && data[at + 3] === 255);
  return Math.max(...reds.filter((red) => red < columns));
}"""


class Map:
    """The input picture, with the cells to be read from it. Points are shares of it, across and down."""

    def __init__(self, visit: Visit, canvas: str = "#input-still") -> None:
        self.visit = visit
        self.canvas = visit.page.locator(canvas)
        self.margin = visit.page.locator("#input-figure").evaluate(MARGIN)

    def point(self, across: float, down: float) -> tuple[float, float]:
        """In CSS pixels of the viewport."""
        box = self.canvas.bounding_box()
        assert box
        width, height = box["width"] - self.margin - 2, box["height"] - self.margin - 2
        return box["x"] + self.margin + across * width, box["y"] + self.margin + down * height

    def at(self, x: float, y: float) -> tuple[int, int]:
        """Row and column of the cell at a point in CSS pixels of the viewport."""
        for _ in range(FRAMES):  # a busy machine may paint a frame or two later
            self.visit.drawn()
            box = self.canvas.bounding_box()
            assert box
            # Lines and numbers lie over some pixels: then the nearest of the cell's own.
            for across, down in NEAR:
                at = x - box["x"] + across, y - box["y"] + down
                column, row, check, alpha = self.visit.pixel("#input-still", *at)
                if alpha == 255 and check == (column * 7 + row * 13) % 256:
                    return row, column
        raise AssertionError(f"there is no cell at {x}, {y}")

    def cell(self, across: float = 0.31, down: float = 0.37) -> tuple[int, int]:
        return self.at(*self.point(across, down))

    def size(self) -> float:
        """CSS pixels a cell, measured over the middle of the picture."""
        (left, top), (right, bottom) = self.point(0.3, 0.5), self.point(0.7, 0.5)
        assert top == bottom
        return (right - left) / (self.at(right, bottom)[1] - self.at(left, top)[1])


@pytest.fixture
def large(visit: Visit) -> Map:
    """The map in full size: on the desktop cells are 2 pixels and some of it is out of sight."""
    visit.upload(png(MAP), "map.png")
    visit.open_picker("image").get_by_role("radio", name=f"full, {WIDTH} × {HEIGHT}").click()
    visit.press("Escape")
    visit.shows(CONVOLUTION)
    visit.page.evaluate("document.activeElement.blur()")
    return Map(visit)


def test_buttons_and_keys_zoom(large: Map) -> None:
    visit = large.visit
    zoom = visit.page.get_by_role("group", name="Zoom")
    sizes = [large.size()]
    for step in (
        lambda: zoom.get_by_role("button", name="Larger cells").click(),
        lambda: visit.press("+"),
        lambda: visit.press("="),
        lambda: visit.press("Shift+Equal"),  # a plus, as most keyboards type it
    ):
        step()
        sizes.append(large.size())
        assert sizes[-1] > sizes[-2] * 1.2, sizes
    assert sizes[-1] == pytest.approx(round(sizes[-1]), rel=0.03)
    zoom.get_by_role("button", name="Smaller cells").click()
    assert large.size() == pytest.approx(sizes[-2], rel=0.05)
    visit.press("-")
    assert large.size() == pytest.approx(sizes[-3], rel=0.05)
    visit.press("0")
    smaller = zoom.get_by_role("button", name="Smaller cells")
    expect(smaller).to_have_attribute("aria-disabled", "true")
    smaller.press("Enter")
    expect(smaller).to_be_focused()


def test_the_whole_picture_can_be_seen(large: Map) -> None:
    visit = large.visit
    visit.page.set_viewport_size({"width": 1100, "height": 700})
    visit.drawn()
    assert large.cell(0.99, 0.99)[1] < WIDTH - 20, "some of it is out of sight"
    visit.press("0")
    visit.drawn()
    # At half a pixel a cell, or less, a pixel is the mean of several: its own cell within one.
    box = large.canvas.bounding_box()
    assert box
    column, row, _, alpha = visit.pixel("#input-still", large.margin + 2, large.margin + 2)
    assert (column <= 6, row <= 6, alpha) == (True, True, 255)
    assert visit.page.locator("#input-still").evaluate(LAST_COLUMN, WIDTH) > WIDTH - 8


def test_the_wheel_with_control_zooms_around_the_pointer(large: Map) -> None:
    visit = large.visit
    before = large.size()
    x, y = large.point(0.62, 0.44)
    cell = large.at(x, y)
    visit.page.mouse.move(x, y)
    visit.page.keyboard.down("Control")
    for _ in range(5):
        visit.page.mouse.wheel(0, -100)
    visit.page.keyboard.up("Control")
    expect(visit.page.get_by_role("button", name="Larger cells")).to_have_attribute("aria-disabled", "false")
    visit.drawn()
    row, column = large.at(x + 3, y + 3)  # beside the line between two cells
    assert abs(row - cell[0]) <= 1
    assert abs(column - cell[1]) <= 1
    assert large.size() > before * 4
    assert visit.page.evaluate("visualViewport.scale") == 1
    visit.at(0, 0)


def test_the_wheel_and_the_middle_button_pan_by_pixels(large: Map) -> None:
    visit = large.visit
    for _ in range(4):
        visit.press("+")
    mouse = visit.page.mouse
    x, y = large.point(0.5, 0.5)
    ahead = large.at(x + 60, y + 45)
    mouse.move(x, y)
    mouse.wheel(60, 45)
    visit.drawn()
    assert large.at(x, y) == ahead
    mouse.down(button="middle")
    mouse.move(x + 60, y + 45, steps=4)
    mouse.up(button="middle")
    visit.drawn()
    assert large.at(x + 60, y + 45) == ahead
    visit.at(0, 0)


def test_keys_pan(large: Map) -> None:
    visit = large.visit
    for _ in range(5):
        visit.press("+")
    begin = large.cell()
    visit.press("Shift+ArrowDown", "Shift+ArrowRight", "Shift+ArrowRight")
    row, column = large.cell()
    assert row > begin[0]
    assert column > begin[1]
    visit.press("Shift+ArrowUp", "Shift+ArrowLeft", "Shift+ArrowLeft")
    assert large.cell() == begin
    visit.at(0, 0)


def test_a_press_goes_to_the_cell_under_the_pointer_at_every_zoom(large: Map) -> None:
    visit = large.visit
    for key in ("+", "+", "+", "-"):
        visit.press(key)
        visit.drawn()
        x, y = large.point(0.43, 0.58)
        cell = large.at(x, y)
        visit.page.mouse.click(x, y)
        visit.at(*cell)
        assert visit.check(CONVOLUTION) == cell


def test_both_pictures_show_the_same_part(large: Map) -> None:
    visit = large.visit
    for _ in range(5):
        visit.press("+")
    x, y = large.point(0.5, 0.5)
    visit.page.mouse.move(x, y)
    visit.page.mouse.wheel(900, 700)
    middle = large.at(x, y)
    output = Map(visit, "#output-still")
    visit.page.mouse.click(*output.point(0.5, 0.5))
    visit.drawn()
    expect(visit.place).not_to_have_text("row 0, column 0")
    row, column = visit.where()
    assert abs(row - middle[0]) <= 1
    assert abs(column - middle[1]) <= 1
    visit.page.mouse.move(*output.point(0.5, 0.5))
    visit.page.mouse.wheel(-300, -200)
    visit.drawn()
    row, column = large.at(x, y)
    assert row < middle[0] - 3
    assert column < middle[1] - 5


def test_a_step_brings_the_window_back_and_playing_does_not_drag_a_person_along(large: Map) -> None:
    visit = large.visit
    for _ in range(5):
        visit.press("+")
    far = large.point(0.5, 0.5)
    visit.page.mouse.move(*far)
    visit.page.mouse.wheel(1500, 1500)
    away = large.at(*far)
    visit.press("Space")
    expect(visit.place).not_to_have_text("row 0, column 0")
    visit.drawn()
    assert large.at(*far) == away
    visit.press("Space")
    visit.press("Home")
    visit.at(0, 0)
    visit.drawn()
    assert large.at(*far) != away
    visit.press("End")
    visit.at(HEIGHT - 1, WIDTH - 1)
    row, column = large.at(*far)
    assert (row > HEIGHT - 40, column > WIDTH - 40) == (True, True)


def fingers(visit: Visit, *moments: list[tuple[float, float]]) -> None:
    """Fingers go down one after the other at the first moment's points, through the others, and up."""
    session = visit.page.context.new_cdp_session(visit.page)

    def send(kind: str, points: list[tuple[float, float]]) -> None:
        touches: list[dict[str, Any]] = [{"x": x, "y": y, "id": index} for index, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    for count in range(1, len(moments[0]) + 1):
        send("touchStart", moments[0][:count])
    for moment in moments[1:]:
        send("touchMove", moment)
    send("touchEnd", [])
    session.detach()


@pytest.mark.parametrize("context_options", [PHONE], indirect=True)
def test_two_fingers_pinch_and_pan_and_leave_the_window_alone(large: Map) -> None:
    visit = large.visit
    before = large.size()
    x, y = large.point(0.5, 0.5)
    cell = large.at(x, y)
    apart = [[(x - d, y - d / 2), (x + d, y + d / 2)] for d in (10, 15, 20, 25, 30, 40)]
    fingers(visit, *apart)
    visit.drawn()
    row, column = large.at(x + 1, y + 1)
    assert abs(row - cell[0]) <= 2
    assert abs(column - cell[1]) <= 2
    assert large.size() == pytest.approx(before * 4, rel=0.3)
    here = large.at(x, y)
    fingers(visit, *[[(x - 20 + d, y), (x + 20 + d, y + 10)] for d in (0, 10, 20, 30)])
    visit.drawn()
    row, column = large.at(x + 30, y)
    assert abs(row - here[0]) <= 1
    assert abs(column - here[1]) <= 1
    visit.at(0, 0)
    assert visit.page.evaluate("visualViewport.scale") == 1, "the page itself is as large as before"


def test_a_reload_looks_where_one_has_looked(visit: Visit) -> None:
    visit.press("ArrowDown", "ArrowRight", "+", "+", "+", "Shift+ArrowRight", "Shift+ArrowDown", "c")
    before = visit.canvases()
    # The link follows at its own pace: the channel, changed last, is in the one that has everything.
    visit.page.wait_for_url(re.compile("at=1,1.*channel=1.*look="))
    visit.page.reload()
    visit.at(1, 1)
    assert visit.canvases()[:2] == before[:2]
    visit.press("0")
    visit.page.wait_for_url(lambda url: "look" not in url)
