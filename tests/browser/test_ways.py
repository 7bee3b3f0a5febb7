"""Other ways to the same output, in the stage's place: walked through, opened as operations, closed."""

import re

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Errors
from tests.browser.states import panel
from tests.browser.test_compare import PIXELS
from tests.browser.visit import Visit

DILATED = "?image=harbour&size=64&filter=sobel_x&dilation=2,2&at=5,8"


def stage(page: Page, name: str) -> Locator:
    return page.locator("#ways figure").filter(has=page.get_by_role("button", name=name))


def test_a_way_is_walked_stage_by_stage_and_position_by_position(visit: Visit, page: Page) -> None:
    visit.open(DILATED)
    panel(visit, "Compare")
    page.locator("#panel").get_by_role("button", name="Space to batch").click()
    ways = page.locator("#ways")
    expect(ways).to_be_focused()
    expect(page.locator("#stage")).to_be_hidden()
    expect(ways).to_contain_text("The same output.")
    blocks = stage(page, "every r-th row and column").locator(".planes canvas")
    expect(blocks).to_have_count(4)
    expect(page.locator("#ways [aria-current=step]")).to_have_text(re.compile("the padded input"))
    unread = blocks.nth(2).evaluate(PIXELS)
    visit.press(".")
    expect(ways).to_contain_text("Stage 2 of 5.")
    # Row 5 is the second of its pair, column 8 the first of its own: the third block, at row 2 and column 4.
    expect(blocks.nth(2)).to_have_attribute("aria-label", re.compile("1, 0: rows 2 to 4, columns 4 to 6"))
    assert blocks.nth(2).evaluate(PIXELS) != unread
    visit.press(".", ".", ".")
    result = visit.read()["result"]
    expect(stage(page, "the output").locator(".reads")).to_have_text(f"row 5, column 8 = {result}")
    expect(page).to_have_url(re.compile("at=5,8.*way=space_to_batch&way_step=4"))
    visit.press(".")
    visit.at(5, 9)
    expect(ways).to_contain_text("Stage 1 of 5.")
    visit.press("ArrowDown", ",")
    visit.at(6, 8)
    expect(ways).to_contain_text("Stage 5 of 5.")
    page.get_by_role("radio", name="Tap").click()
    visit.press("ArrowRight")
    visit.at(6, 9)
    expect(ways).to_contain_text("Stage 1 of 5.")
    visit.press("ArrowRight")
    expect(ways).to_contain_text("Stage 2 of 5.")
    visit.at(6, 9)
    # Esc closes the drawer first.
    visit.press("Escape", "Escape")
    expect(page.locator("#stage")).to_be_visible()
    expect(ways).to_be_hidden()
    page.wait_for_url(lambda url: "way" not in url)


def test_a_stage_opens_as_the_operation_and_undo_goes_back(visit: Visit, page: Page) -> None:
    visit.open(f"{DILATED}&way=space_to_batch&way_step=3")
    convolved = stage(page, "each under the kernel").locator(".reads")
    expect(convolved).to_have_text(re.compile("^row 2, column 4 = "))
    said = convolved.inner_text().split(" = ")[1]
    page.get_by_role("button", name="Open as the operation").click()
    expect(page.locator("#input-shape b")).to_have_text("34 × 34 × 3")
    expect(visit.call).to_contain_text("padding='VALID'")
    expect(visit.call).to_contain_text("dilations=[1, 1]")
    expect(visit.ribbon).to_contain_text("On the stage now: Space to batch")
    # The cell that is the one under the playhead, with its number.
    visit.at(2, 4)
    expect(visit.result).to_have_text(said)


def test_what_was_opened_is_undone_to_what_it_was(visit: Visit, page: Page) -> None:
    visit.open(f"{DILATED}&way=zero_stuffed&way_step=3")
    page.get_by_role("button", name="Open as the operation").click()
    expect(page.locator("#kernel-shape b")).to_have_text("5 × 5 × 3")
    visit.ribbon.get_by_role("button", name="Undo").click()
    expect(page.locator("#kernel-shape b")).to_have_text("3 × 3 × 3")
    expect(visit.call).to_contain_text("dilations=[2, 2]")


def test_what_is_to_be_predicted_is_not_told_by_another_way(visit: Visit, page: Page) -> None:
    visit.open(f"{DILATED}&way=im2col&predict=yes")
    expect(page.locator("#ways")).to_contain_text("waits for your guess")
    expect(page.locator("#ways canvas")).to_have_count(0)


def test_what_there_was_stays_until_the_next_is_there(visit: Visit, page: Page) -> None:
    visit.open(f"{DILATED}&way=zero_stuffed")
    shape = stage(page, "the padded input").locator(".shape")
    expect(shape).to_have_text("68 × 68 · R")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    visit.intercept("**/equivalences", hold)
    with page.expect_request("**/equivalences"):
        visit.press("c")
    expect(page.locator("#ways .flow")).to_have_attribute("aria-busy", "true")
    expect(shape).to_have_text("68 × 68 · R")
    held.pop().continue_()
    expect(shape).to_have_text("68 × 68 · G")


def test_too_large_an_input_is_offered_smaller(visit: Visit, page: Page, errors: Errors) -> None:
    errors.provoked = ["422"]
    visit.open("?image=harbour&size=full&filter=sobel_x&dilation=2,2&way=zero_stuffed")
    expect(page.locator("#ways")).to_contain_text("too large to be walked through")
    page.get_by_role("button", name="Shrink the picture to 64").click()
    expect(stage(page, "the padded input").locator(".shape")).to_have_text("68 × 68 · R")
