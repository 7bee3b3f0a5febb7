"""Every key that the list of keys names is pressed, and what it does is seen."""

from playwright.sync_api import Page

from tests.browser.serving import Server
from tests.browser.visit import Visit

# Three channels, stamps, room to zoom in, and both ways to spell it.
QUERY = "?image=harbour&size=16&operation=conv2d_transpose&filter=sobel_x&stride=2,2&at=3,3"
LISTED = """() => [...document.querySelectorAll("#help dl dt")].flatMap((term) =>
  [...term.querySelectorAll("kbd")].map((key) => key.textContent))"""

PLACE = "document.querySelector('#readout').textContent"
PLAY = "document.querySelector('#play').ariaLabel"
CALL = "document.querySelector('#call').textContent"
CHANNEL = "[...document.querySelectorAll('#sum button.term')].map((term) => term.ariaPressed)"
TRACED = "[document.querySelector('#traced')?.hidden, document.querySelector('#traced')?.textContent]"
SEEN = "document.querySelector('#input-still').toDataURL()"
THEME = "document.documentElement.dataset.theme"
PREDICTING = "document.querySelector('#predict').ariaPressed"
PRESENTING = "document.documentElement.className"
DRAWER = "document.querySelector('#drawer').hidden"
PANEL = "document.querySelector('#panel-heading').textContent"
WAYS = "document.querySelectorAll('#ways figure').length"
STAGE = "document.querySelector('#ways [aria-current]')?.textContent"
VIEW = "[...document.querySelectorAll('#stamp-switch [role=radio]')].map((radio) => radio.ariaChecked)"
HELP = "document.querySelector('#help').open"

# As it is listed, and what changes when it is pressed; in an order in which each has something to do.
KEYS = [
    *((key, PLACE) for key in ("→", "←", "↓", "↑", "End", "Home")),
    ("Space", PLAY),
    ("Space", PLAY),
    ("C", CHANNEL),
    ("I", TRACED),
    ("W", TRACED),
    ("Esc", TRACED),
    *((key, SEEN) for key in ("+", "=", "Shift+→", "Shift+←", "Shift+↓", "Shift+↑", "-", "0")),
    ("T", THEME),
    ("G", PREDICTING),
    ("G", PREDICTING),
    ("F", PRESENTING),
    ("F", PRESENTING),
    ("E", DRAWER),
    ("Shift+E", PANEL),
    ("Esc", DRAWER),
    ("V", VIEW),
    ("V", VIEW),
    *(("A", WAYS), (".", STAGE), (",", STAGE), ("A", WAYS)),
]
CHANGES = [("Ctrl+V", CALL), ("Ctrl+Z", CALL), ("Ctrl+Shift+Z", CALL), ("Ctrl+Z", CALL), ("Ctrl+Y", CALL)]
COPIED = "F.conv_transpose2d(x, w, stride=(3, 1), padding=1)"
PRESSED = {"→": "ArrowRight", "←": "ArrowLeft", "↓": "ArrowDown", "↑": "ArrowUp", "Esc": "Escape"}


def press(page: Page, listed: str) -> None:
    *modifiers, key = listed.split("+") if len(listed) > 1 else [listed]
    key = PRESSED.get(key, key.lower() if len(key) == 1 else key)
    held = [{"Ctrl": "Control"}.get(name, name) for name in modifiers]
    page.keyboard.press("+".join([*held, key.upper() if held and key.isalpha() and len(key) == 1 else key]))


def test_every_key_of_the_list_does_something(page: Page, server: Server) -> None:
    visit = Visit(page, server.url).open(QUERY)
    visit.at(3, 3)
    page.locator("#stage").focus()

    def does(listed: str, seen: str) -> None:
        visit.drawn()
        before = page.evaluate(f"JSON.stringify({seen})")
        press(page, listed)
        page.wait_for_function(f"(before) => JSON.stringify({seen}) !== before", arg=before)

    for listed, seen in KEYS:
        does(listed, seen)
    digits = [key for key in page.evaluate(LISTED) if key in "123456789"]
    assert len(digits) == page.locator("#frameworks [role=radio]").count()
    for digit in reversed(digits):
        if digit != digits[-1]:
            does(digit, CALL)
        else:
            press(page, digit)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("(copied) => navigator.clipboard.writeText(copied)", COPIED)
    for listed, seen in CHANGES:
        does(listed, seen)
    does("?", HELP)
    pressed = {listed for listed, _ in [*KEYS, *CHANGES]} | {*digits, "?"}
    assert set(page.evaluate(LISTED)) == pressed
