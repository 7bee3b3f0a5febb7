"""The page in German: everything in it, whole at both sizes, spoken too; and how a language is chosen."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Errors
from tests.browser.serving import Server
from tests.browser.test_layout import check_layout
from tests.browser.visit import Visit

SIZES = [(1440, 900), (390, 844)]


def opened(page: Page, server: Server, query: str) -> Visit:
    visit = Visit(page, server.url)
    page.goto(server.url + query)
    page.locator("#input-shape span").wait_for(state="attached")
    visit.drawn()
    return visit


@pytest.mark.parametrize(
    "context_options",
    [
        pytest.param({"viewport": {"width": width, "height": height}}, id=f"{width}x{height}")
        for width, height in SIZES
    ],
    indirect=True,
)
def test_german_fits_and_is_spoken(page: Page, server: Server, context_options: dict[str, Any]) -> None:
    visit = opened(page, server, "/?lang=de")
    size = context_options["viewport"]
    check_layout(visit, size["width"], size["height"])
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("#input-heading")).to_have_text("Eingabe")
    expect(page.locator("#image-button")).to_have_text("Hafen")
    page.get_by_role("button", name="Einen Schritt vor").click()
    expect(page.locator("#readout b")).to_have_text("Zeile 0, Spalte 1")
    expect(page.locator("#readout span")).to_have_text("2 von 4\u202f096")
    expect(page.locator("#live")).to_contain_text("Das Fenster" if size["width"] > 559 else "Zeilen")
    expect(page.locator("#live")).to_contain_text("Zeile 0, Spalte 1.")
    page.locator("#stage").focus()
    visit.press("i")
    expect(page.locator("#traced")).to_contain_text("Fenster lesen die Zelle in Zeile")


def test_the_language_is_chosen_and_kept(page: Page, server: Server) -> None:
    visit = opened(page, server, "/")
    visit.press("?")
    choice = visit.help.get_by_role("combobox", name="Language")
    choice.focus()
    choice.select_option("es")
    expect(page.locator("#input-heading")).to_have_text("Entrada")
    expect(visit.help.get_by_role("combobox", name="Idioma")).to_be_focused()
    assert "lang=" not in page.url
    opened(page, server, "/")
    expect(page.locator("#input-heading")).to_have_text("Entrada")
    opened(page, server, "/?lang=de&stride=2,2")
    expect(page.locator("#output-shape b")).to_have_text("32 × 32 × 1")
    expect(page.locator("#input-heading")).to_have_text("Eingabe")
    # Decimals are typed as they are printed, and as code has them.
    visit.press("Home")
    page.locator("#controls-button").click()
    box = page.locator("#bias")
    box.fill("1,125")
    box.press("Enter")
    expect(page.locator("#bias")).to_have_value("1,125")
    page.wait_for_url(lambda url: "bias=1.125" in url and "lang=de" in url)


@pytest.mark.parametrize("context_options", [{"locale": "es-MX"}], indirect=True)
def test_a_browser_has_its_own_language(page: Page, server: Server) -> None:
    opened(page, server, "/")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator("#sentence")).to_contain_text("La ventana cubre")


def test_what_is_wrong_is_said_anew(page: Page, server: Server, errors: Errors) -> None:
    errors.provoked = ["net::"]
    visit = opened(page, server, "/")
    visit.intercept("**/positions*", lambda route: route.abort())
    visit.press("End")
    expect(visit.ribbon).to_contain_text("The server stopped answering.")
    visit.press("?")
    visit.help.get_by_role("combobox", name="Language").select_option("de")
    visit.press("Escape")
    expect(visit.ribbon).to_contain_text("Der Server antwortet nicht mehr.")
