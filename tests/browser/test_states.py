"""Larger text or a narrow window, as a person may have asked for: every control can be reached."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit

# Focuses each control as Tab would, and says which of them cannot be seen where they are then.
HIDDEN_FROM_FOCUS = """(within) => {
  const selector = "button, a[href], input, select, [role=spinbutton], canvas[tabindex='0']";
  const hidden = [];
  for (const control of document.querySelector(within).querySelectorAll(selector)) {
    if (control.tabIndex < 0 || control.matches(":disabled, .skip, .unseen *")) continue;
    if (!control.checkVisibility({ visibilityProperty: true })) continue;
    control.focus();
    const { left, top, right, bottom } = control.getBoundingClientRect();
    const middle = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const seen = middle && (control.contains(middle) || middle.contains(control));
    const inside = left >= -0.5 && right <= innerWidth + 0.5;
    if (!seen || !inside) hidden.push(`${control.outerHTML.slice(0, 90)} at ${[left, top, right, bottom]}`);
  }
  return hidden;
}"""
WIDTHS = "[document.documentElement.scrollWidth, innerWidth]"


def check_reach(visit: Visit, within: str = "body") -> None:
    visit.drawn()
    scrolled, inner = visit.page.evaluate(WIDTHS)
    assert scrolled <= inner, "the page scrolls sideways"
    assert visit.page.evaluate(HIDDEN_FROM_FOCUS, within) == []


@pytest.mark.parametrize(
    "context_options",
    [
        pytest.param(
            {"viewport": {"width": width // 2, "height": height // 2}, "device_scale_factor": 2},
            id=f"{width}x{height}",
        )
        for width, height in [(1280, 720), (1440, 900), (1920, 1080)]
    ],
    indirect=True,
)
def test_at_200_percent_every_control_can_be_reached(visit: Visit, context_options: dict[str, Any]) -> None:
    """A browser's zoom makes the window half as wide and half as high in CSS pixels."""
    check_reach(visit)
    visit.page.locator("[data-action=controls]:visible").click()
    expect(visit.controls).to_be_visible()
    check_reach(visit)
    visit.choose_padding("'VALID'")
    visit.set_token("dilation, rows", 2)
    expect(visit.page.locator("#output-shape b")).to_have_text("60 × 62 × 1")
    check_reach(visit)


@pytest.mark.parametrize(
    "context_options",
    [{"viewport": {"width": 320, "height": height}} for height in (256, 640)],
    indirect=True,
    ids=["400 % of 1280x1024", "320x640"],
)
def test_320_wide_nothing_scrolls_sideways(visit: Visit) -> None:
    check_reach(visit)
    visit.lesson()
    check_reach(visit)
    visit.page.locator("[data-action=controls]:visible").click()
    check_reach(visit, "#controls")  # a sheet over the rest
    visit.page.locator("[data-action=controls]:visible").click()
    for name in ("image", "kernel", "output"):
        box = visit.open_picker(name).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        visit.press("Escape")
