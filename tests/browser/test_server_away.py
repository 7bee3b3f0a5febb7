"""The server goes away in the middle of a visit and comes back on the same port with the same store."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Errors
from tests.browser.oracle import SOBEL_X, Convolution, photo, png
from tests.browser.serving import Server
from tests.browser.states import panel
from tests.browser.test_first_visit import HARBOUR
from tests.browser.visit import Visit

SAYS = re.compile(r"The server stopped answering\. What you see is still correct; new numbers have to wait\.")


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("own")) as running:
        yield running


@pytest.fixture
def own_server(lasting: Server) -> Server:
    """Not that of other files. It runs, whatever the test before this one has left."""
    lasting.start()
    return lasting


@pytest.fixture
def away(page: Page, own_server: Server, errors: Errors) -> Visit:
    """The first row was seen; then the server stopped, and the last position was asked for."""
    errors.provoked = ["net::"]
    visit = Visit(page, own_server.url).open()
    for column in range(1, 4):
        visit.press("ArrowRight")
        visit.at(0, column)
    own_server.stop()
    visit.press("End")
    expect(visit.ribbon).to_contain_text(SAYS)
    return visit


def test_what_was_seen_stays_and_try_now_goes_on(away: Visit, own_server: Server) -> None:
    away.at(0, 3)
    for column in (2, 1, 2, 3, 4):
        away.press("ArrowLeft" if column < away.where()[1] else "ArrowRight")
        away.at(0, column)
        assert away.check(HARBOUR) == (0, column)
    expect(away.ribbon).to_be_visible()
    away.press("t")
    away.check(HARBOUR)
    away.upload(b"whatever", "photo.png")
    expect(away.ribbon).to_contain_text("The server did not answer, so the image was not sent.")
    away.press("End")
    expect(away.ribbon).to_contain_text(SAYS)
    away.check(HARBOUR)
    own_server.start()
    away.ribbon.get_by_role("button", name="Try now").click()
    away.at(63, 63)
    expect(away.ribbon).to_be_hidden()
    assert away.check(HARBOUR) == (63, 63)


def test_it_goes_on_by_itself(away: Visit, own_server: Server) -> None:
    expect(away.ribbon).to_contain_text(re.compile(r"Trying again in \d+ seconds?\."))
    own_server.start()
    away.at(63, 63)
    expect(away.ribbon).to_be_hidden()
    assert away.check(HARBOUR) == (63, 63)


def test_a_page_that_plays_goes_on_when_the_server_is_back(
    page: Page, own_server: Server, errors: Errors
) -> None:
    errors.provoked = ["net::"]
    visit = Visit(page, own_server.url).open()
    visit.page.locator("[data-argument=row]").click()
    own_server.stop()
    visit.press("Space")  # the first rows are here; those behind them are not
    expect(visit.ribbon).to_contain_text(SAYS)
    assert visit.play.get_attribute("aria-label") == "Pause (space)"
    own_server.start()
    visit.ribbon.get_by_role("button", name="Try now").click()
    expect(visit.ribbon).to_be_hidden()
    row, column = visit.where()
    expect(visit.place).not_to_have_text(f"row {row}, column {column}")
    visit.press("Space")
    visit.drawn()
    assert visit.check(HARBOUR) > (row, column)


def test_a_change_waits_for_the_server(away: Visit, own_server: Server) -> None:
    away.token("stride, rows").press("ArrowUp")
    expect(away.ribbon).to_contain_text(SAYS)
    assert away.read()["output"] == "64 × 64 × 1"
    assert away.check(HARBOUR) == (0, 3)
    own_server.start()
    away.ribbon.get_by_role("button", name="Try now").click()
    away.check(Convolution(HARBOUR.image, SOBEL_X, (2, 1)))
    expect(away.ribbon).to_be_hidden()


def test_panels_and_other_ways_keep_what_they_show_and_go_on(
    page: Page, own_server: Server, errors: Errors
) -> None:
    errors.provoked = ["net::"]
    link = "?image=harbour&size=64&filter=sobel_x&dilation=2,2&at=5,8&way=zero_stuffed"
    visit = Visit(page, own_server.url).open(link)
    inside = page.locator("#panel")
    size = (
        page.locator("#ways figure")
        .filter(has=page.get_by_role("button", name="the output"))
        .locator(".shape")
    )
    panel(visit, "Code")
    expect(inside).to_contain_text("import tensorflow as tf")
    panel(visit, "Compare")
    expect(inside.locator("table")).to_be_visible()
    expect(size).to_have_text("64 × 64")
    pictures = inside.locator("canvas").count()
    own_server.stop()
    visit.token("stride, rows").press("ArrowUp")
    expect(visit.ribbon).to_contain_text(SAYS)
    expect(visit.call).to_contain_text("strides=[2, 1]")
    expect(inside.locator("canvas")).to_have_count(pictures)
    expect(size).to_have_text("64 × 64")
    own_server.start()
    visit.ribbon.get_by_role("button", name="Try now").click()
    expect(visit.ribbon).to_be_hidden()
    expect(size).to_have_text("32 × 64")
    panel(visit, "Code")
    expect(inside).to_contain_text("strides=[2, 1]")
    expect(inside).to_contain_text("import tensorflow as tf")
    # A panel that asks while the stage has nothing to ask, and one that was never there.
    own_server.stop()
    inside.get_by_label("Framework").select_option("pytorch")
    expect(visit.ribbon).to_contain_text(SAYS)
    expect(inside).to_contain_text("F.conv2d(")
    expect(inside).to_contain_text("The server did not answer.")
    own_server.start()
    visit.ribbon.get_by_role("button", name="Try now").click()
    expect(inside).to_contain_text("import torch")
    expect(visit.ribbon).to_be_hidden()
    own_server.stop()
    page.get_by_role("tab", name="Export").click()
    expect(visit.ribbon).to_contain_text(SAYS)
    own_server.start()
    visit.ribbon.get_by_role("button", name="Try now").click()
    expect(inside.get_by_role("button", name="Figure, PNG")).to_be_visible()
    expect(visit.ribbon).to_be_hidden()


def test_steps_made_while_the_server_answers_are_kept(visit: Visit) -> None:
    held: list[Route] = []
    visit.intercept(re.compile(r"/scale\b"), lambda route: held.append(route))
    with visit.page.expect_request(re.compile(r"/scale\b")):
        visit.token("stride, rows").press("ArrowUp")
    for column in (1, 2):
        visit.forward.click()
        visit.at(0, column)
    for route in held:
        route.continue_()
    assert visit.check(Convolution(HARBOUR.image, SOBEL_X, (2, 1))) == (0, 2)


def test_an_upload_that_the_server_has_lost_is_sent_again(
    page: Page, own_server: Server, errors: Errors
) -> None:
    """While the page has the file; else it says what is to be done."""
    errors.provoked = ["net::", "404"]
    pixels = photo(30, 52)
    visit = Visit(page, own_server.url).open()
    visit.upload(png(pixels), "photo.png")
    expect(page.locator("#image-button")).to_have_text("photo")
    visit.check(Convolution(pixels, SOBEL_X))

    def lose_everything() -> None:
        own_server.stop()
        own_server.forget()
        own_server.start()

    lose_everything()
    visit.press("End")
    visit.at(29, 51)
    visit.check(Convolution(pixels, SOBEL_X))
    expect(visit.ribbon).to_be_hidden()
    # The link is that of the image as it is called now.
    visit.press("ArrowLeft")
    visit.at(29, 50)
    page.wait_for_url(re.compile("at=29,50"))
    page.reload()
    visit.at(29, 50)
    visit.check(Convolution(pixels, SOBEL_X))
    lose_everything()
    visit.press("Home")
    expect(visit.ribbon).to_contain_text("photo is no longer on the server.")
    visit.check(Convolution(pixels, SOBEL_X))
