"""What the page needs is asked for early and once, nothing jumps, and nothing is painted twice."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.serving import Server
from tests.browser.visit import Visit

# Chromium's own measure, of which 0.1 is called good.
MOST_SHIFT = 0.01
WATCH_SHIFTS = """
shifts = [];
new PerformanceObserver((list) => shifts.push(...list.getEntries().map(({ value, sources }) =>
  ({ value, moved: sources.map(({ node }) => node?.id || node?.className || node?.nodeName) }))))
  .observe({ type: "layout-shift", buffered: true });
"""
ASKED = """() => performance.getEntriesByType("resource").filter(({ name }) => name.includes("/api/"))
  .map(({ name, initiatorType }) => [name, initiatorType])"""
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.mark.parametrize("context_options", [{}, PHONE], indirect=True, ids=["desktop", "phone"])
def test_nothing_jumps(page: Page, server: Server) -> None:
    page.add_init_script(WATCH_SHIFTS)
    visit = Visit(page, server.url).open()
    visit.press("ArrowRight")
    visit.at(0, 1)
    shifts: list[dict[str, Any]] = page.evaluate("shifts")
    assert sum(shift["value"] for shift in shifts) <= MOST_SHIFT, shifts


def test_the_first_numbers_are_fetched_beside_the_scripts(visit: Visit) -> None:
    """The page's HTML spells the scripts' requests: another spelling would be fetched, and not be used."""
    visit.page.wait_for_load_state("networkidle")
    asked: list[list[str]] = visit.page.evaluate(ASKED)
    by_the_page = [url for url, initiator in asked if initiator == "link"]
    assert len(by_the_page) == 4
    for url, initiator in asked:
        if initiator != "link":
            # A step ahead.
            assert int(parse_qs(urlsplit(url).query)["first"][0]) > 0


def test_a_link_does_not_fetch_the_first_visit(page: Page, server: Server) -> None:
    written = page.request.get(f"{server.url}/?image=parrot").text()
    assert 'rel="preload"' not in written
    assert 'rel="preload"' in page.request.get(server.url).text()


COUNT_PAINTS = """
paints = {};
const clear = CanvasRenderingContext2D.prototype.clearRect;
CanvasRenderingContext2D.prototype.clearRect = function (...box) {
  paints[this.canvas.id] = (paints[this.canvas.id] ?? 0) + 1;
  clear.apply(this, box);
};
"""
LIVE = {"input-live": 1, "output-live": 1, "loupe": 1, "ruler": 1, "wires": 1}


@pytest.mark.parametrize("context_options", [{"reduced_motion": "reduce"}], indirect=True)
def test_a_step_paints_what_it_changes_once(page: Page, server: Server) -> None:
    page.add_init_script(COUNT_PAINTS)
    visit = Visit(page, server.url).open()
    page.wait_for_load_state("networkidle")
    visit.drawn()
    page.evaluate("paints = {}")
    visit.press("ArrowRight")
    visit.at(0, 1)
    visit.drawn()
    assert page.evaluate("paints") == LIVE
    # Laid out anew, the pictures themselves are painted too: once for all that asks for it in one frame.
    page.evaluate("paints = {}; for (let time = 0; time < 3; time++) dispatchEvent(new Event('resize'))")
    visit.drawn()
    assert page.evaluate("paints") == {**LIVE, "input-still": 1, "output-still": 1}
