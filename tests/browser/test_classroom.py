"""Predict, Present, and what is said of a change to those who do not see it."""

import re

from playwright.sync_api import expect

from tests.browser.oracle import ARTICLE, VERTICAL_EDGE, Convolution, shown
from tests.browser.test_first_visit import HARBOUR
from tests.browser.visit import Visit

MARK = (255, 229, 122, 255)


def asks(visit: Visit, convolution: Convolution, row: int, column: int) -> None:
    """No number on the page, seen or said, gives the result of this position away."""
    visit.at(row, column)
    read = visit.read()
    assert set(read["terms"]) == {"?"}
    secrets = {shown(convolution.sum(row, column)), *map(shown, convolution.channel_sums(row, column))} - {
        "0"
    }
    label = visit.loupe.get_attribute("aria-label") or ""
    said = visit.page.locator("#live").text_content() or ""
    for text in (read["result"], read["sentence"], label, said):
        assert not secrets & set(re.findall(r"[\d,.−]*\d", text)), text
    figure = visit.figure("output", convolution)
    assert visit.pixel("#output-live", *figure.point(row, column)) == MARK


def test_a_sign_is_predicted_by_keyboard(visit: Visit) -> None:
    visit.press("ArrowDown", "ArrowRight")
    visit.at(1, 1)
    visit.press("g")
    expect(visit.sentence).to_contain_text(
        "Will the 27 products add up to something negative, near zero, or positive?"
    )
    asks(visit, HARBOUR, 1, 1)
    guesses = visit.page.get_by_role("group", name="Your guess")
    guesses.get_by_role("button", name="positive").focus()
    visit.press("Enter")
    expect(visit.sentence).to_contain_text(f"You said positive. It is {shown(HARBOUR.sum(1, 1))}.")
    assert visit.check(HARBOUR) == (1, 1)
    # The arrows go on, and the next question has the focus.
    visit.press("ArrowRight")
    asks(visit, HARBOUR, 1, 2)
    expect(guesses.get_by_role("button").first).to_be_focused()
    expect(visit.page).to_have_url(re.compile("at=1,2&.*predict=yes"))
    visit.page.reload()
    visit.page.locator("#input-shape span").wait_for(state="attached")
    asks(visit, HARBOUR, 1, 2)
    visit.page.get_by_role("button", name="Predict").click()
    assert visit.check(HARBOUR) == (1, 2)


def test_a_sum_of_nine_is_predicted_as_a_number(visit: Visit) -> None:
    visit.lesson()
    visit.press("g")
    convolution = Convolution(ARTICLE, VERTICAL_EDGE)
    expect(visit.sentence).to_contain_text("What do the 9 products add up to?")
    guess = visit.page.get_by_role("textbox", name="Your guess")
    guess.fill("some")
    guess.press("Enter")
    expect(guess).to_be_focused()
    guess.fill("−7,5")
    visit.page.get_by_role("button", name="Reveal").click()
    expect(visit.sentence).to_contain_text("You said −7.5. It is −8.")
    assert visit.check(convolution) == (0, 0)
    visit.press("ArrowRight")
    expect(guess).to_be_visible()
    visit.page.get_by_role("radio", name="Tap").click()
    expect(visit.sentence).to_contain_text("So far ?.")
    asks(visit, convolution, 0, 1)


def test_present_is_left_by_escape_after_what_is_open(visit: Visit) -> None:
    page = visit.page
    modes, frameworks, cadence = (page.locator(part) for part in (".modes", "#frameworks", "#cadence"))
    visit.press("f")
    for part in (modes, frameworks, cadence):
        expect(part).to_be_hidden()
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") >= 18
    expect(page).to_have_url(re.compile("present=yes"))
    visit.open_picker("output")
    visit.press("Escape")
    expect(page.locator("#output-picker")).to_be_hidden()
    expect(modes).to_be_hidden()
    visit.set_token("stride, rows", 2)
    visit.check(Convolution(HARBOUR.image, HARBOUR.kernel, (2, 1)))
    visit.press("Escape")
    expect(modes).to_be_visible()
    page.get_by_role("button", name="Present").click()
    page.get_by_role("button", name="Exit").click()
    expect(page.get_by_role("button", name="Present")).to_be_focused()


def test_a_change_is_said_with_what_it_made(visit: Visit) -> None:
    live = visit.page.locator("#live")
    visit.token("stride, rows").press("ArrowUp")
    expect(live).to_have_text("Stride 2, rows. Output 32 by 64. Padding bottom 1, left 1, right 1.")
    visit.choose_padding("'VALID'")
    expect(live).to_have_text("Padding VALID. Output 31 by 62. No padding.")
    visit.page.locator("#stage").focus()
    visit.press("ArrowRight")
    expect(live).to_contain_text("row 0, column 1. The window covers")
