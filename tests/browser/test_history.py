"""Undo and redo of every change, and the link that a reload starts from."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Errors
from tests.browser.oracle import SOBEL_X, Convolution, photo, png, reduced
from tests.browser.serving import Server
from tests.browser.test_first_visit import HARBOUR, sample
from tests.browser.visit import READ, Visit

COUNT_WRITES = """() => {
  window.writes = 0;
  const replace = history.replaceState.bind(history);
  history.replaceState = (...args) => { window.writes += 1; replace(...args); };
}"""


def says(visit: Visit, text: str) -> None:
    expect(visit.page.locator("#said")).to_have_text(text)


def undo_button(visit: Visit) -> Any:
    return visit.page.locator("#undo")


def redo_button(visit: Visit) -> Any:
    return visit.page.locator("#redo")


def facts(visit: Visit) -> dict[str, Any]:
    """Every number, name and colour on the page, and its link."""
    palette = visit.page.locator("#output-button").inner_text()
    return {**visit.read(), "palette": palette, "url": visit.page.url}


def reload(visit: Visit) -> None:
    visit.page.reload(wait_until="networkidle")
    visit.page.locator("#input-shape span").wait_for(state="attached")
    visit.drawn()


def link(visit: Visit, query: str) -> None:
    expect(visit.page).to_have_url(f"{visit.url}/{query}")


def follow(visit: Visit, query: str) -> Visit:
    visit.page.goto(f"{visit.url}/{query}")
    visit.page.locator("#input-shape span").wait_for(state="attached")
    visit.drawn()
    return visit


def test_a_change_is_undone_and_redone_from_the_keyboard(visit: Visit) -> None:
    expect(undo_button(visit)).to_have_accessible_name("Nothing to undo")
    strided = Convolution(HARBOUR.image, SOBEL_X, (2, 1))
    visit.token("stride, rows").press("ArrowUp")
    visit.check(strided)
    expect(undo_button(visit)).to_have_accessible_name("Undo: stride 2, rows (Ctrl+Z)")
    says(visit, "")
    visit.press("Control+z")
    visit.check(HARBOUR)
    says(visit, "Undone: stride 2, rows.")
    expect(redo_button(visit)).to_have_accessible_name("Redo: stride 2, rows (Ctrl+Shift+Z)")
    expect(visit.token("stride, rows")).to_be_focused()
    visit.press("Control+z")
    visit.check(HARBOUR)
    visit.press("Control+Shift+z")
    visit.check(strided)
    says(visit, "Redone: stride 2, rows.")
    visit.press("Control+z")
    visit.check(HARBOUR)
    visit.press("Control+y")
    visit.check(strided)
    visit.press("Control+z")
    visit.check(HARBOUR)
    # A new change takes the place of what could have been redone.
    visit.token("stride, columns").press("ArrowUp")
    visit.check(Convolution(HARBOUR.image, SOBEL_X, (1, 2)))
    visit.press("Control+y")
    visit.check(Convolution(HARBOUR.image, SOBEL_X, (1, 2)))
    expect(redo_button(visit)).to_have_accessible_name("Nothing to redo")


def framework(visit: Visit) -> None:
    visit.page.get_by_role("radio", name="PyTorch").click()


def palette(visit: Visit) -> None:
    visit.open_picker("output").get_by_role("button", name="Min to max").click()
    visit.press("Escape")


def size(visit: Visit) -> None:
    visit.open_picker("image").get_by_role("radio", name="32", exact=True).click()
    visit.press("Escape")


def values(visit: Visit) -> None:
    visit.open_picker("image").get_by_role("radio", name="0 to 1").click()
    visit.press("Escape")


def weight(visit: Visit) -> None:
    field = visit.open_picker("kernel").get_by_role("textbox", name="weight row 1, column 1", exact=True)
    field.fill("5")
    field.press("Enter")
    visit.press("Escape")


def pool(visit: Visit) -> None:
    visit.call.get_by_role("button", name="operation").click()
    visit.page.get_by_role("option", name="max_pool2d").click()


# By the name of the change: how it is made, and what the link has for it.
CHANGES: dict[str, tuple[Callable[[Visit], None], str]] = {
    "stride 2, columns": (lambda visit: visit.token("stride, columns").press("ArrowUp"), "&stride=1,2"),
    "dilation 2, rows": (lambda visit: visit.token("dilation, rows").press("ArrowUp"), "&dilation=2,1"),
    "padding VALID": (lambda visit: visit.choose_padding("'VALID'"), "&padding=VALID"),
    "PyTorch": (framework, "&framework=pytorch"),
    "kernel weight 5": (weight, "&kernel=-1,0,1;-2,5,2;-1,0,1"),
    "kernel Sobel y": (lambda visit: visit.choose_preset("Sobel y"), "&filter=sobel_y"),
    "size 32": (size, "&size=32"),
    "colours Min to max": (palette, "&palette=min_max"),
    "values 0 to 1": (values, "&values=0..1"),
    "max_pool2d": (pool, "&operation=max_pool2d"),
    "image Parrot": (lambda visit: visit.choose_source("Parrot"), "?image=parrot"),
}


def change_everything(visit: Visit) -> list[dict[str, Any]]:
    """The page at the start and after each change; the link follows what is on the stage."""
    seen = [facts(visit)]
    for change, part in CHANGES.values():
        change(visit)
        expect(visit.page).to_have_url(re.compile(re.escape(part)))
        seen.append(facts(visit))
    return seen


def comes_back(visit: Visit, then: dict[str, Any]) -> None:
    """Every number, name and colour of then, but for the link, which is written twice a second."""
    read = f"""(then) => {{
      const spelled = (facts) => JSON.stringify(facts, (_, value) => value ?? null);
      const palette = document.querySelector("#output-button").innerText;
      return spelled({{ ...({READ})(), palette }}) === spelled(then);
    }}"""
    visit.page.wait_for_function(read, arg={name: fact for name, fact in then.items() if name != "url"})


def test_every_kind_of_change_is_undone_and_redone_and_has_a_name(visit: Visit) -> None:
    link(visit, "")
    seen = change_everything(visit)
    assert all(one != other for one, other in pairwise(seen))
    for name, before in reversed(list(zip(CHANGES, seen[:-1], strict=True))):
        expect(undo_button(visit)).to_have_accessible_name(f"Undo: {name} (Ctrl+Z)")
        undo_button(visit).click()
        says(visit, f"Undone: {name}.")
        comes_back(visit, before)
    expect(visit.page).to_have_url(seen[0]["url"])
    expect(undo_button(visit)).to_have_attribute("aria-disabled", "true")
    expect(undo_button(visit)).to_be_focused()
    for name, after in zip(CHANGES, seen[1:], strict=True):
        redo_button(visit).click()
        says(visit, f"Redone: {name}.")
        comes_back(visit, after)
    expect(visit.page).to_have_url(seen[-1]["url"])


def test_an_earlier_picture_comes_back_at_its_place(visit: Visit) -> None:
    visit.press("ArrowDown", "ArrowDown", "ArrowRight")
    visit.at(2, 1)
    visit.choose_source("Parrot")
    visit.at(0, 0)
    visit.check(Convolution(reduced(sample("parrot"), sample("parrot").shape[0] // 64), SOBEL_X))
    visit.press("ArrowRight")
    visit.at(0, 1)
    visit.press("Control+z")
    visit.at(2, 1)  # both pictures have one shape, so only the place says which is there
    visit.check(HARBOUR)
    visit.press("Control+y")
    visit.at(0, 1)


def test_an_impossible_call_is_undone_by_key_and_by_the_ribbon(visit: Visit, errors: Errors) -> None:
    errors.provoked = ["422"]
    visit.lesson()
    visit.choose_padding("'VALID'")
    expect(visit.page.locator("#output-shape b")).to_have_text("2 × 2 × 1")
    visit.token("dilation, rows").press("ArrowUp")
    expect(visit.ribbon).to_contain_text("window")
    visit.token("dilation, columns").press("ArrowUp")
    expect(visit.token("dilation, columns")).to_have_attribute("aria-valuenow", "2")
    expect(visit.page.locator("#output-shape b")).to_have_text("2 × 2 × 1")
    # Both changes are taken back one after the other; the first of them alone does not fit either.
    visit.press("Control+z")
    says(visit, "Undone: dilation 2, columns.")
    expect(visit.ribbon).to_contain_text("window")
    visit.ribbon.get_by_role("button", name="Undo the last change").click()
    says(visit, "Undone: dilation 2, rows.")
    expect(visit.ribbon).to_be_hidden()
    expect(visit.token("dilation, rows")).to_have_attribute("aria-valuenow", "1")
    visit.press("Control+Shift+z")
    expect(visit.ribbon).to_contain_text("window")
    visit.press("Control+z")
    expect(visit.ribbon).to_be_hidden()
    # The link is that of the last picture that was shown.
    link(visit, "?image=one_to_sixteen&size=full&filter=vertical_edge&padding=VALID")


def test_a_slow_change_is_cancelled_and_can_be_redone(visit: Visit) -> None:
    held: list[Route] = []
    visit.intercept("**/api/v1/traces", lambda route: held.append(route))
    visit.token("stride, rows").press("ArrowUp")
    visit.ribbon.get_by_role("button", name="Cancel").click()
    expect(visit.ribbon).to_be_hidden()
    expect(visit.token("stride, rows")).to_have_attribute("aria-valuenow", "1")
    visit.check(HARBOUR)
    visit.page.unroute("**/api/v1/traces")
    visit.press("Control+y")
    visit.check(Convolution(HARBOUR.image, SOBEL_X, (2, 1)))


def test_what_is_typed_is_undone_letter_by_letter_first(visit: Visit) -> None:
    visit.token("stride, rows").press("ArrowUp")
    visit.page.get_by_role("button", name="Plain controls").click()
    bias = visit.page.locator("#bias")
    bias.focus()
    visit.press("End", "5")
    expect(bias).to_have_value("05")
    visit.press("Control+z")
    expect(bias).to_have_value("0")
    expect(visit.token("stride, rows")).to_have_attribute("aria-valuenow", "2")
    visit.press("Control+z")
    expect(visit.token("stride, rows")).to_have_attribute("aria-valuenow", "1")


def test_a_reload_gives_the_same_page(visit: Visit) -> None:
    link(visit, "")
    change_everything(visit)
    visit.press("Control+z", "Control+z")
    expect(visit.page).not_to_have_url(re.compile("max_pool2d"))
    visit.press("ArrowDown", "ArrowRight", "c", "t")
    link(
        visit,
        "?image=harbour&size=32&values=0..1&filter=sobel_y&stride=1,2&dilation=2,1&padding=VALID"
        "&framework=pytorch&palette=min_max&at=1,1&channel=1",
    )
    before, drawn = facts(visit), visit.canvases()
    reload(visit)
    assert facts(visit) == before
    assert visit.canvases() == drawn
    expect(visit.ribbon).to_be_hidden()
    expect(undo_button(visit)).to_have_accessible_name("Nothing to undo")


def test_own_weights_and_the_tap_outlive_a_reload(visit: Visit) -> None:
    weight(visit)
    visit.page.get_by_role("radio", name="Tap", exact=True).click()
    visit.press("ArrowRight", "ArrowRight")
    link(visit, "?image=harbour&size=64&kernel=-1,0,1;-2,5,2;-1,0,1&step=tap&tap=2")
    before = facts(visit)
    assert "Tap 3 of 27" in before["sentence"].replace("\u00a0", " ")
    reload(visit)
    assert facts(visit) == before


def test_an_upload_outlives_a_reload_until_the_server_has_it_no_more(visit: Visit, errors: Errors) -> None:
    pixels = photo(96, 160)
    visit.upload(png(pixels), "My photo.png")
    expect(visit.page.locator("#image-button")).to_have_text("My photo")
    visit.open_picker("image").get_by_role("radio", name="full").click()
    visit.press("Escape")
    whole = Convolution(pixels, SOBEL_X)
    visit.check(whole)
    visit.press("ArrowRight")
    expect(visit.page).to_have_url(
        re.compile(r"\?image=[0-9a-f]{32}/My\+photo&size=full&filter=sobel_x&at=0,1$")
    )
    reload(visit)
    assert visit.check(whole) == (0, 1)
    expect(visit.page.locator("#image-button")).to_have_text("My photo")
    expect(visit.ribbon).to_be_hidden()

    errors.provoked = ["404"]
    follow(visit, f"?image={'0' * 32}/My+cat&size=16&filter=sobel_x&stride=2,2&at=3,3")
    assert visit.check(Convolution(HARBOUR.image, SOBEL_X, (2, 2))) == (0, 0)
    expect(visit.ribbon).to_contain_text(
        "My cat is no longer on the server, so Harbour is shown in its place."
    )


def test_what_a_link_cannot_say_is_named_and_the_rest_is_shown(visit: Visit) -> None:
    follow(visit, "?image=harbour&size=64&filter=edgy&stride=2,2&dilation=0,1&at=5,6&fbclid=1")
    strided = Convolution(HARBOUR.image, SOBEL_X, (2, 2))
    assert visit.check(strided) == (5, 6)
    expect(visit.ribbon).to_contain_text(
        "These parts of the link cannot be read: filter=edgy · dilation=0,1 · fbclid=1."
    )
    link(visit, "?image=harbour&size=64&filter=sobel_x&stride=2,2&at=5,6")
    visit.press("ArrowRight")
    visit.at(5, 7)
    expect(visit.ribbon).to_be_visible()
    visit.ribbon.get_by_role("button", name="Close").click()
    expect(visit.ribbon).to_be_hidden()
    assert visit.check(strided) == (5, 7)
    follow(visit, "?at=64,0")
    assert visit.check(HARBOUR) == (0, 0)
    expect(visit.ribbon).to_contain_text("This part of the link cannot be read: at=64,0.")


def test_a_link_that_the_server_refuses_shows_the_first_visit(visit: Visit, errors: Errors) -> None:
    errors.provoked = ["422"]
    follow(visit, "?image=one_to_sixteen&size=full&filter=vertical_edge&dilation=8,8&padding=VALID")
    assert visit.check(HARBOUR) == (0, 0)
    expect(visit.ribbon).to_contain_text("What this link asks for cannot be shown. ")
    expect(visit.ribbon).to_contain_text("17")  # the window's span, as the server says it
    link(visit, "")
    expect(undo_button(visit)).to_have_accessible_name("Nothing to undo")
    visit.ribbon.get_by_role("button", name="Close").click()
    visit.token("stride, rows").press("ArrowUp")
    visit.check(Convolution(HARBOUR.image, SOBEL_X, (2, 1)))


@pytest.mark.parametrize("junk", ["?=&&%", "?image=%ff%fe&kernel=" + "9" * 3000 + "&a=1" * 200])
def test_no_link_breaks_the_page(page: Page, server: Server, junk: str) -> None:
    assert follow(Visit(page, server.url), junk).check(HARBOUR) == (0, 0)


def test_nothing_is_shown_but_what_the_link_says(page: Page, server: Server) -> None:
    held: list[Route] = []
    page.route("**/api/v1/traces", lambda route: held.append(route))
    visit = Visit(page, server.url)
    page.goto(f"{visit.url}/?filter=sobel_x&stride=2,2")
    expect(visit.ribbon).to_contain_text("Computing on the server.")
    expect(visit.ribbon.get_by_role("button")).to_have_count(0)
    for number in (visit.sentence, visit.result, visit.place, visit.call):
        expect(number).to_be_hidden()
    held[0].continue_()
    visit.check(Convolution(HARBOUR.image, SOBEL_X, (2, 2)))
    expect(visit.sentence).to_be_visible()
    expect(visit.ribbon).to_be_hidden()


def test_playing_writes_the_link_seldom_and_adds_nothing_to_the_browsers_history(
    page: Page, server: Server
) -> None:
    page.add_init_script(f"({COUNT_WRITES})()")
    visit = Visit(page, server.url).open()
    length = page.evaluate("history.length")
    page.locator("#speed").focus()
    visit.press("End")
    visit.play.click()
    expect(visit.place).to_have_text(re.compile("row 0, column (3[0-9]|[4-6][0-9])"))
    visit.play.click()
    row, column = visit.where()
    link(visit, f"?image=harbour&size=64&filter=sobel_x&at={row},{column}")
    assert 2 <= page.evaluate("writes") <= 15, "thirty steps and more are a few writes"
    assert page.evaluate("history.length") == length
    visit.press("Home")
    link(visit, "")
