"""On paper: what there is to read, on one sheet, in light colours; nothing that wants to be pressed."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit

READ = ["#call", "#input-figure", "#loupe", "#sum", "#output-figure", "#sentence", "#why"]
PRESSED = [".bar", ".frameworks", "#controls-button", ".transport", ".hint", "#kernel-picker"]
THEME = "document.documentElement.dataset.theme"
SHEET = (976, 696)  # CSS pixels, which A4 and Letter both have between their margins
# What the browser does around a print: the picture is taken between the two.
BEFORE, AFTER = (f"dispatchEvent(new Event('{name}'))" for name in ("beforeprint", "afterprint"))


@pytest.mark.parametrize("context_options", [{"color_scheme": "dark"}], indirect=True)
def test_what_is_printed_can_be_read(visit: Visit) -> None:
    for presented in (False, True):
        drawn = visit.canvases()
        visit.open_picker("kernel")
        visit.page.evaluate(BEFORE)
        visit.page.emulate_media(media="print")
        for part in READ:
            expect(visit.page.locator(part)).to_be_visible()
        for part in PRESSED:
            expect(visit.page.locator(part)).to_be_hidden()
        assert visit.page.evaluate(THEME) == "light"
        body, sum_line, output = (
            visit.page.locator(part).bounding_box() for part in ("body", "#sum", "#why")
        )
        assert body
        assert sum_line
        assert output
        assert (body["width"], body["height"]) == SHEET, presented
        assert sum_line["x"] + sum_line["width"] <= body["width"]
        assert output["y"] + output["height"] <= body["height"]
        visit.page.emulate_media(media="screen")
        visit.page.evaluate(AFTER)
        visit.press("Escape")
        assert visit.page.evaluate(THEME) == "dark"
        assert visit.canvases() == drawn
        visit.press("f")


@pytest.mark.parametrize(
    "context_options",
    [{"viewport": {"width": 390, "height": 844}}, {"viewport": {"width": 1920, "height": 1080}}],
    indirect=True,
    ids=["phone", "projector"],
)
def test_one_sheet_lying(visit: Visit, context_options: dict[str, Any]) -> None:
    for paper in ("A4", "Letter", "A4"):
        pdf = visit.page.pdf(prefer_css_page_size=True, format=paper)
        sheets = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf)
        assert len(sheets) == 1, paper
        width, height = map(float, sheets[0])
        assert width > height
        visit.press("f")  # and once more as it is presented


def test_all_stages_of_another_way_are_printed(visit: Visit) -> None:
    page = visit.page
    visit.open("?image=harbour&size=64&filter=sobel_x&dilation=2,2&at=5,8&way=space_to_batch")
    stages = page.locator("#ways figure")
    expect(stages).to_have_count(5)
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(BEFORE)
        page.emulate_media(media="print")
        for stage in stages.all():
            expect(stage).to_be_visible()
        # All of them are reached: the output is read, too.
        expect(stages.last.locator(".reads")).to_have_text(re.compile("^row 5, column 8 = "))
        assert page.locator("#ways").evaluate("(ways) => ways.scrollHeight - ways.clientHeight") == 0
        page.emulate_media(media="screen")
        page.evaluate(AFTER)
        expect(stages.last.locator(".reads")).not_to_have_text(re.compile("row"))
