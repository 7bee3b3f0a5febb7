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
from tests.browser.visit import Visit

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
LOW_PHONE = {**PHONE, "viewport": {"width": 390, "height": 664}}
DARK = {"color_scheme": "dark"}

SMALL_TARGETS = """() => {
  const selector = "button, a[href], input, select, [role=spinbutton], [tabindex='0']";
  return [...document.querySelectorAll(selector)]
    .map((target) => (target.type === "checkbox" ? target.closest("label") : target))
    .filter((target) => target.checkVisibility({ visibilityProperty: true }) && !target.matches(".skip"))
    .map((target) => [target.getBoundingClientRect(), target])
    .filter(([{ width, height }]) => width < 23.99 || height < 23.99)
    .map(([{ width, height }, target]) => `${target.outerHTML.slice(0, 120)}: ${width} × ${height}`);
}"""


def closed(visit: Visit) -> None:
    """Nothing is open."""


def image_picker(visit: Visit) -> None:
    visit.open_picker("image")


def kernel_picker(visit: Visit) -> None:
    visit.open_picker("kernel")


def output_picker(visit: Visit) -> None:
    visit.open_picker("output")


def padding_picker(visit: Visit) -> None:
    visit.call.get_by_role("button", name="padding").click()
    expect(visit.page.locator("#padding-picker")).to_be_visible()


def list_of_keys(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(visit.help).to_be_visible()


def plain_controls(visit: Visit) -> None:
    visit.page.locator("[data-action=controls]:visible").click()
    expect(visit.controls).to_be_visible()


def tap_cadence(visit: Visit) -> None:
    visit.page.get_by_role("radio", name="Tap").click()
    expect(visit.sentence).to_contain_text("Tap 1 of 27")


def lesson(visit: Visit) -> None:
    visit.lesson()


def refused(visit: Visit) -> None:
    visit.choose_padding("'VALID'")
    visit.set_token("dilation, rows", 2)
    expect(visit.ribbon).to_be_visible()


# One after the other: Escape closes the popups, what else is open stays so.
POPUPS = [closed, image_picker, kernel_picker, output_picker]
DESKTOP_STATES = [*POPUPS, padding_picker, list_of_keys, tap_cadence, plain_controls, lesson, refused]
PHONE_STATES = [*POPUPS, lesson, plain_controls]
DEVICES = [
    pytest.param({}, DESKTOP_STATES, id="light"),
    pytest.param(DARK, DESKTOP_STATES, id="dark"),
    pytest.param(PHONE, PHONE_STATES, id="phone"),
    pytest.param({**PHONE, **DARK}, [closed], id="dark phone"),
]


@pytest.mark.parametrize(("context_options", "states"), DEVICES, indirect=["context_options"])
def test_axe_finds_nothing_and_targets_are_large(
    visit: Visit, errors: Errors, states: list[Callable[[Visit], None]]
) -> None:
    errors.provoked = ["422"]
    found = {}
    for state in states:
        state(visit)
        visit.drawn()
        results = Axe().run(visit.page)
        if results.violations_count:
            found[state.__name__] = results.generate_report()
        if small := visit.page.evaluate(SMALL_TARGETS):
            found[f"{state.__name__}, small targets"] = str(small)
        visit.press("Escape")
    assert found == {}


def test_axe_is_awake(page: Page) -> None:
    """A picture without words and grey on grey are found, so that finding nothing means something."""
    page.set_content("<main><h1>One</h1><img src='data:,'><p style='color: #999'>faint</p></main>")
    found = {violation["id"] for violation in Axe().run(page).response["violations"]}
    assert {"image-alt", "color-contrast", "html-has-lang"} <= found


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
