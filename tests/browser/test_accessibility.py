"""No violation that axe can find, in any state; targets large enough; phones that do not scroll sideways."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Errors
from tests.browser.oracle import Array
from tests.browser.serving import Server
from tests.browser.states import DRAWN_OTHERWISE, STATES, State, plain_controls, walk
from tests.browser.visit import Visit

PHONE_SIZE: Any = {"width": 390, "height": 844}
PHONE = {
    "viewport": PHONE_SIZE,
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
LOW_PHONE = {**PHONE, "viewport": {"width": 390, "height": 664}}

SMALL_TARGETS = """() => {
  const selector = "button, a[href], input, select, [role=spinbutton], [tabindex='0']";
  return [...document.querySelectorAll(selector)]
    .map((target) => (target.type === "checkbox" ? target.closest("label") : target))
    .filter((target) => target.checkVisibility({ visibilityProperty: true }) && !target.matches(".skip"))
    .map((target) => [target.getBoundingClientRect(), target])
    .filter(([{ width, height }]) => width < 23.99 || height < 23.99)
    .map(([{ width, height }, target]) => `${target.outerHTML.slice(0, 120)}: ${width} × ${height}`);
}"""


# Tab stops, and what the arrows go through from one: nothing is for a pointer alone.
BEYOND_KEYS = """() => {
  const native = "button, a[href], input, select, textarea, summary";
  const controls = `${native}, [data-action], [popovertarget], [role=spinbutton]`;
  const groups = "[role=radiogroup], [role=listbox], [role=tablist], .weights";
  const stop = (element) => element.tabIndex >= 0;
  const grouped = (element) => {
    const group = element.closest(groups);
    return group && ([...group.querySelectorAll("*")].some(stop) || group.contains(document.activeElement));
  };
  return [...document.querySelectorAll(controls)]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled)
    .filter((element) => element.type !== "file")
    .filter((element) => !(stop(element) && element.matches(`${native}, [tabindex]`)) && !grouped(element))
    .map((element) => `for a pointer alone: ${element.outerHTML.slice(0, 120)}`);
}"""
# The page, and what lies over it.
SIDEWAYS = """() => [...document.querySelectorAll(":root, .controls, .popup, .panel, .sheet")]
  .filter((part) => part.scrollWidth > (part.matches(":root") ? innerWidth : part.clientWidth + 1))
  .map((part) => `${part.id || "the page"} scrolls sideways`)"""
STILL = {"reduced_motion": "reduce"}  # a colour on its way to another has a contrast of its own
AXE = Axe().axe_script
# Experimental in axe, and WCAG's all the same: who speaks to a control says what is written on it.
RUN_AXE = """async ([part, only]) => {
  const rules = only ? { runOnly: [only] } : { rules: { "label-content-name-mismatch": { enabled: true } } };
  const options = { resultTypes: ["violations"], preload: false, ...rules };
  const { violations } = await axe.run(part || document, options);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}"""
LAID_OUT = [SMALL_TARGETS, BEYOND_KEYS]
ON_A_PHONE = [*LAID_OUT, SIDEWAYS]


# Between them they have everything that shows a choice by its colour.
FORCED = (
    "numbers editor", "predict", "explain", "kernel picker", "output picker", "operation picker",
    "list of keys", "plain controls", "depthwise", "stamps", "disconnected",
)  # fmt: skip


def faults(visit: Visit, state: State, phone: Callable[[bool], None]) -> dict[str, list[str]]:
    """At a desk in both themes and maybe in forced colours, and on a phone in the second theme."""
    page, found = visit.page, {}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)

    def axe(only: str = "") -> list[str]:
        return page.evaluate(RUN_AXE, [state.part, only])

    def checked(checks: list[str]) -> list[str]:
        return [fault for check in checks for fault in page.evaluate(check)]

    found["desk"] = axe() + checked(LAID_OUT)
    theme: Any = visit.other_theme()
    found[theme] = axe("color-contrast")
    if state.name in FORCED:
        page.emulate_media(forced_colors="active", color_scheme=theme)
        found["forced colours"] = axe("color-contrast")
        page.emulate_media(forced_colors="none", color_scheme="light")
    phone(True)
    found["phone"] = axe() + checked(ON_A_PHONE)
    phone(False)
    return {where: wrong for where, wrong in found.items() if wrong}


@pytest.mark.parametrize("context_options", [STILL], indirect=True)
def test_axe_finds_nothing_targets_are_large_and_keys_get_everywhere(
    page: Page, server: Server, errors: Errors, context_options: dict[str, Any]
) -> None:
    visit, found = Visit(page, server.url), {}
    devtools = page.context.new_cdp_session(page)

    def phone(on: bool) -> None:
        """What is open stays open: the page is held in the hand instead."""
        page.set_viewport_size(PHONE_SIZE if on else context_options["viewport"])
        devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": on})
        visit.drawn()

    for state in walk(visit, [s for s in STATES if s.name not in DRAWN_OTHERWISE], errors.provoked):
        if wrong := faults(visit, state, phone):
            found[state.name] = wrong
    assert found == {}


def test_axe_is_awake(page: Page) -> None:
    """A picture without words and grey on grey are found, so that finding nothing means something."""
    page.set_content(
        "<main><h1>One</h1><img src='data:,'><p style='color: #999'>faint</p>"
        "<button>x</button><button tabindex=-1>pointer</button><i data-action=go>pointer</i>"
        "<button aria-label='Remove'>Close</button>"
        "<p style='width: 200vw'>far</p>"
    )
    page.evaluate(AXE)
    found = {fault.partition(":")[0] for fault in page.evaluate(RUN_AXE, ["", ""])}
    assert {"image-alt", "color-contrast", "html-has-lang", "label-content-name-mismatch"} <= found
    assert {fault.partition(":")[0] for fault in page.evaluate(RUN_AXE, ["img", ""])} == {"image-alt"}
    assert len(page.evaluate(SMALL_TARGETS)) == 3
    assert len(page.evaluate(BEYOND_KEYS)) == 2
    assert page.evaluate(SIDEWAYS)


@pytest.mark.parametrize("context_options", [PHONE, LOW_PHONE], indirect=True, ids=["390x844", "390x664"])
def test_on_a_phone_everything_that_matters_is_above_the_fold(
    visit: Visit, context_options: dict[str, Any]
) -> None:
    visit.drawn()
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 390
    transport = visit.page.locator(".transport").bounding_box()
    assert transport
    assert transport["y"] + transport["height"] <= context_options["viewport"]["height"] + 0.5
    for part in ("#input-figure", "#output-figure", "#loupe", "#sum"):
        box = visit.page.locator(part).bounding_box()
        assert box
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= 390.5, part
        assert box["y"] + box["height"] <= transport["y"] + 0.5, f"{part} is under the transport"


@pytest.mark.parametrize("context_options", [PHONE], indirect=True)
def test_a_phone_can_do_the_job_too(visit: Visit) -> None:
    visit.choose_source("Coins")
    expect(visit.page.locator("#input-shape b")).to_have_text("64 × 64 × 1")
    visit.choose_preset("Laplacian")
    visit.page.get_by_role("button", name="One step forward").tap()
    visit.at(0, 1)
    plain_controls(visit)
    visit.controls.get_by_role("button", name="Step between windows, down: more").tap()
    expect(visit.page.locator("#output-shape b")).to_have_text("32 × 64 × 1")
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 390


def pixels(locator: Locator) -> Array:
    """[height, width, rgb] as it is on the screen."""
    with Image.open(io.BytesIO(locator.screenshot())) as picture:
        return np.asarray(picture.convert("RGB"))


@pytest.mark.parametrize("context_options", [{"forced_colors": "active"}], indirect=True)
def test_with_forced_colours_a_choice_can_be_seen(visit: Visit) -> None:
    for name in ("Row", "Tap"):
        radio = visit.page.get_by_role("radio", name=name)
        before = pixels(radio)
        radio.click()
        expect(radio).to_be_checked()
        visit.page.mouse.move(1, 1)
        visit.page.locator("#stage").focus()
        changed = (pixels(radio) != before).any(axis=-1).mean()
        assert changed > 0.05, f"{name} looks the same when it is chosen"


def test_changes_are_spoken_but_not_the_play(visit: Visit) -> None:
    live = visit.page.locator("#live")
    visit.press("ArrowRight")
    expect(live).to_have_text(f"row 0, column 1. {visit.sentence.inner_text()}")
    spoken = live.inner_text()
    visit.press("Space")
    expect(visit.place).not_to_have_text("row 0, column 1")
    assert live.inner_text() == spoken or visit.play.get_attribute("aria-label") == "Play (space)"
    visit.press("Space")
    expect(live).to_contain_text(visit.place.inner_text())


@pytest.mark.parametrize("context_options", [{"reduced_motion": "reduce"}], indirect=True)
def test_less_motion_when_that_is_asked_for(visit: Visit) -> None:
    expect(visit.page.locator("#speed-output")).to_have_text("2 per s")
    assert visit.page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("context_options", [{**STILL, "contrast": "more"}], indirect=True)
@pytest.mark.parametrize("name", ["middle", "predict", "kernel picker", "disconnected"])
def test_more_contrast_where_that_is_asked_for(page: Page, server: Server, errors: Errors, name: str) -> None:
    """Text has 7 to 1 then, WCAG's AAA."""
    visit = Visit(page, server.url)
    for _ in walk(visit, [state for state in STATES if state.name == name], errors.provoked):
        page.evaluate(AXE)
        for _theme in ("one", "the other"):
            visit.other_theme()
            assert page.evaluate(RUN_AXE, ["", "color-contrast-enhanced"]) == []
