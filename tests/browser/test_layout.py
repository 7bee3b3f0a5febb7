"""The page at five sizes: nothing overflows, nothing overlaps, cells are whole pixels of the device."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.oracle import photo, png, shown
from tests.browser.test_first_visit import HARBOUR
from tests.browser.visit import Visit

SIZES = [(1440, 900), (1920, 1080), (1100, 760), (834, 1112), (390, 844)]
PARAMETERS = [
    pytest.param({"viewport": {"width": width, "height": height}}, id=f"{width}x{height}")
    for width, height in SIZES
]

# Boxes of what a person sees, by name. The wires lie over everything on purpose.
BOXES = """() => {
  const shown = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && element.getBoundingClientRect().width > 0;
  const boxes = (name, selector) =>
    [...document.querySelectorAll(selector)].filter(shown).map((element, index) => {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      return { name: `${name} ${index}`, left, top, right, bottom };
    });
  return {
    sum: boxes("sum", "#sum > *"),
    legends: boxes("legend", "#input-legend > *, #output-legend > *"),
    figures: boxes("figure", "#input-figure, #output-figure, #loupe"),
    headings: boxes("heading", ".heading > *"),
    shapes: boxes("shape", ".shape b, .zoom"),
    call: boxes("call", "#call, #frameworks, #controls-button"),
    rest: boxes("chrome", ".bar > *, #caption > *, .transport > *, .steps > *, .segments > *"),
  };
}"""


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    across = min(one["right"], other["right"]) - max(one["left"], other["left"])
    down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return across > 0.5 and down > 0.5


def check_layout(visit: Visit, width: int, height: int) -> None:
    visit.drawn()
    boxes = visit.page.evaluate(BOXES)
    scrolls = visit.page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    assert scrolls[0] == width
    phone = width < 560
    if not phone:
        assert scrolls[1] == height, "the page fits without scrolling"
    # On a phone the call is a strip that scrolls sideways in itself.
    everything = [
        box for group in boxes.values() for box in group if not (phone and box["name"].startswith("call"))
    ]
    assert len(everything) > 20
    for box in everything:
        assert box["left"] >= -0.5, box
        assert box["right"] <= width + 0.5, box
        assert phone or (box["top"] >= -0.5 and box["bottom"] <= height + 0.5), box
    parts = [*boxes["sum"], *boxes["legends"], *boxes["figures"], *boxes["shapes"]]
    for index, one in enumerate(parts):
        for other in parts[index + 1 :]:
            assert not overlap(one, other), f"{one} and {other}"


@pytest.mark.parametrize("context_options", PARAMETERS, indirect=True)
def test_nothing_overflows_or_overlaps(visit: Visit, context_options: dict[str, Any]) -> None:
    size = context_options["viewport"]["width"], context_options["viewport"]["height"]
    check_layout(visit, *size)
    visit.press("End")  # the longest readout
    visit.at(63, 63)
    check_layout(visit, *size)
    visit.choose_source("Parrot")
    visit.choose_preset("Scharr x")  # the longest sums
    check_layout(visit, *size)
    visit.lesson()
    check_layout(visit, *size)


WINDOW = {"viewport": {"width": 1000, "height": 700}}


@pytest.mark.parametrize("context_options", [WINDOW], indirect=True, ids=["window"])
def test_what_stands_over_and_under_a_narrow_picture_has_its_room(visit: Visit) -> None:
    visit.upload(png(photo(300, 4)), "A narrow picture.png")
    expect(visit.page.locator("#input-shape b")).to_have_text("64 × 1 × 3")
    check_layout(visit, 1000, 700)
    visit.open("?image=harbour&size=64&filter=sobel_x&dilation=3,3")  # small cells
    check_layout(visit, 1000, 700)


def test_cells_are_whole_device_pixels(visit: Visit) -> None:
    session = visit.page.context.new_cdp_session(visit.page)
    broken = {}
    for width, height in SIZES[:3]:
        for ratio in (1, 1.5, 2):
            metrics = {"width": width, "height": height, "deviceScaleFactor": ratio, "mobile": False}
            session.send("Emulation.setDeviceMetricsOverride", metrics)
            visit.page.evaluate("dispatchEvent(new Event('resize'))")
            visit.drawn()
            assert visit.page.evaluate("devicePixelRatio") == ratio
            for name in ("input", "output"):
                pixels = visit.figure(name, HARBOUR).cell * ratio
                if pixels < 2 or abs(pixels - round(pixels)) > 1e-3:
                    broken[f"{name} at {width} x {height}, {ratio}"] = pixels
    assert broken == {}


def test_true_scale_makes_a_stride_visible(visit: Visit) -> None:
    visit.set_token("stride, rows", 2)
    visit.set_token("stride, columns", 2)
    fit = visit.page.locator("#output-figure").bounding_box()
    picker = visit.open_picker("output")
    picker.get_by_role("button", name="True scale").click()
    visit.press("Escape")
    visit.drawn()
    true = visit.page.locator("#output-figure").bounding_box()
    source = visit.page.locator("#input-figure").bounding_box()
    assert fit
    assert true
    assert source
    assert fit["width"] == pytest.approx(source["width"], rel=0.06)
    assert true["width"] == pytest.approx(source["width"] / 2, rel=0.08)


def box(visit: Visit, selector: str) -> dict[str, float]:
    found = visit.page.locator(selector).bounding_box()
    assert found, selector
    return {**found, "right": found["x"] + found["width"], "bottom": found["y"] + found["height"]}


LANDSCAPE = {"viewport": {"width": 844, "height": 390}, "has_touch": True, "device_scale_factor": 2}


@pytest.mark.parametrize("context_options", [LANDSCAPE], indirect=True, ids=["phone landscape"])
def test_a_phone_on_its_side_shows_a_whole_step(visit: Visit) -> None:
    visit.choose_preset("Scharr x")  # the longest sums
    expect(visit.result).not_to_have_text(shown(HARBOUR.sum(0, 0)))
    visit.page.evaluate("scrollTo(0, 0)")
    visit.drawn()
    transport, figure = box(visit, ".transport"), box(visit, "#input-figure")
    for part in ("#call", "#input-figure", "#output-figure", "#loupe", "#result"):
        assert box(visit, part)["bottom"] <= transport["y"] + 0.5, part
    assert figure["width"] >= 150
    assert box(visit, "#loupe")["width"] >= 130
    assert box(visit, "#input-shape b")["right"] <= box(visit, ".zoom")["x"]


@pytest.mark.parametrize(
    "context_options",
    [{"viewport": {"width": 834, "height": 1112}, "device_scale_factor": 2}],
    indirect=True,
    ids=["tablet"],
)
def test_the_pictures_have_the_width_of_a_tablet(visit: Visit) -> None:
    pictures = box(visit, "#input-figure")["width"] + box(visit, "#output-figure")["width"]
    assert pictures > 0.7 * 834
    assert box(visit, "#loupe")["right"] < box(visit, "#sum > .term:first-child")["x"]


@pytest.mark.parametrize(
    "context_options",
    [{"viewport": {"width": width, "height": height}} for width, height in [(1000, 700), (834, 1112)]],
    indirect=True,
    ids=["window", "tablet"],
)
def test_open_controls_leave_the_stage_its_size(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Plain controls").click()
    expect(visit.controls.locator(".group").first).to_be_visible()
    visit.drawn()
    caption, stage = box(visit, "#caption"), box(visit, "#stage")
    for part in ("#input-figure", "#loupe", "#sum"):
        assert box(visit, part)["bottom"] <= stage["bottom"] + 0.5, part
    assert stage["bottom"] <= caption["y"]
    assert box(visit, "#loupe")["width"] >= 200
    visit.page.evaluate("scrollTo(0, 1e6)")
    visit.drawn()
    assert box(visit, "#caption")["bottom"] <= box(visit, ".transport")["y"] + 0.5
