"""The keyboard map, the order of the tab key, and where the focus goes when something closes."""

from playwright.sync_api import expect

from tests.browser.test_first_visit import HARBOUR
from tests.browser.visit import Visit

PLAYING = "Pause (space)"
PAUSED = "Play (space)"
FOCUSED = """() => {
  const at = document.activeElement;
  return at.id || at.dataset.action || at.getAttribute("aria-label") || at.tagName;
}"""


def focused(visit: Visit) -> str:
    name: str = visit.page.evaluate(FOCUSED)
    return name


def test_arrows_home_and_end(visit: Visit) -> None:
    for key, place in [
        ("ArrowRight", (0, 1)),
        ("ArrowDown", (1, 1)),
        ("ArrowRight", (1, 2)),
        ("ArrowLeft", (1, 1)),
        ("ArrowUp", (0, 1)),
        ("End", (63, 63)),
        ("ArrowRight", (63, 63)),
        ("ArrowLeft", (63, 62)),
        ("Home", (0, 0)),
        ("ArrowLeft", (0, 0)),
    ]:
        visit.press(key)
        visit.at(*place)
        assert visit.check(HARBOUR) == place


def test_space_plays_and_pauses_and_a_step_takes_over(visit: Visit) -> None:
    visit.press("Space")
    expect(visit.play).to_have_accessible_name(PLAYING)
    expect(visit.place).not_to_have_text("row 0, column 0")
    visit.press("Space")
    expect(visit.play).to_have_accessible_name(PAUSED)
    visit.check(HARBOUR)
    visit.press("Space")
    expect(visit.play).to_have_accessible_name(PLAYING)
    visit.press("Home")
    expect(visit.play).to_have_accessible_name(PAUSED)
    visit.at(0, 0)


def test_an_arrow_held_down_goes_on(visit: Visit) -> None:
    for _ in range(5):  # every press after the first is the keyboard's repeat
        visit.page.keyboard.down("ArrowRight")
    visit.page.keyboard.up("ArrowRight")
    visit.at(0, 5)


def test_keys_act_after_the_scrubber_or_the_speed_was_used(visit: Visit) -> None:
    visit.scrub.click()
    expect(visit.place).not_to_have_text("row 0, column 0")
    visit.press("Home")
    visit.at(0, 0)
    visit.press("Space")
    expect(visit.play).to_have_accessible_name(PLAYING)
    visit.press("Space")
    expect(visit.play).to_have_accessible_name(PAUSED)


def test_the_scrubber_is_a_slider_of_positions(visit: Visit) -> None:
    visit.scrub.focus()
    visit.press("ArrowRight", "ArrowRight", "ArrowLeft")
    visit.at(0, 1)
    visit.check(HARBOUR)


def test_c_goes_through_the_channels(visit: Visit) -> None:
    for channel in (1, 2, 0):
        visit.press("c")
        terms = visit.page.locator("#sum button.term")
        expect(terms.nth(channel)).to_have_attribute("aria-pressed", "true")
        assert visit.check(HARBOUR) == (0, 0)
        assert visit.read()["pressed"] == channel


def test_digits_choose_the_framework_and_t_the_theme(visit: Visit) -> None:
    visit.press("2")
    expect(visit.call).to_contain_text("F.conv2d(")
    visit.press("1")
    expect(visit.call).to_contain_text("tf.nn.conv2d(")
    visit.press("t")
    expect(visit.page.locator("html")).to_have_attribute("data-theme", "dark")
    visit.press("Shift+T", "t")
    expect(visit.page.locator("html")).to_have_attribute("data-theme", "light")


def test_the_list_of_keys_and_letters_off(visit: Visit) -> None:
    visit.press("?")
    expect(visit.help).to_be_visible()
    for key, does in [("Space", "Play or pause"), ("C", "Next channel"), ("Esc", "Close what is open")]:
        expect(visit.help).to_contain_text(f"{key}{does}")
    visit.press("t")
    expect(visit.page.locator("html")).to_have_attribute("data-theme", "light")
    letters = visit.help.get_by_role("checkbox", name="Single letters and digits act")
    letters.uncheck()
    visit.press("Escape")
    expect(visit.help).to_be_hidden()
    visit.press("t", "c", "2", "?", "ArrowRight")
    visit.at(0, 1)
    expect(visit.page.locator("html")).to_have_attribute("data-theme", "light")
    expect(visit.call).to_contain_text("tf.nn.")
    assert visit.read()["pressed"] == 0
    expect(visit.help).to_be_hidden()
    visit.page.get_by_role("button", name="Keyboard shortcuts").click()
    letters.check()
    visit.press("Escape")
    visit.page.locator("#stage").focus()
    visit.press("t")
    expect(visit.page.locator("html")).to_have_attribute("data-theme", "dark")


def test_letters_do_not_act_in_the_bar(visit: Visit) -> None:
    visit.page.locator("#undo").focus()
    visit.press("t", "c", "2", "e", "Shift+E", "ArrowRight")
    expect(visit.page.locator("#drawer")).to_be_hidden()
    visit.at(0, 1)
    expect(visit.page.locator("html")).to_have_attribute("data-theme", "light")
    expect(visit.call).to_contain_text("tf.nn.")


def test_arrows_choose_in_a_radiogroup(visit: Visit) -> None:
    frameworks = visit.page.get_by_role("radiogroup", name="Spell the call for").get_by_role("radio")
    frameworks.first.focus()
    visit.press("ArrowRight")
    expect(frameworks.nth(1)).to_be_focused()
    expect(frameworks.nth(1)).to_be_checked()
    expect(visit.call).to_contain_text("F.conv2d(")
    visit.press("ArrowLeft")
    visit.press("ArrowLeft")
    expect(frameworks.last).to_be_focused()
    expect(frameworks.last).to_be_checked()
    visit.press("ArrowRight")
    expect(frameworks.first).to_be_checked()
    visit.page.get_by_role("radio", name="Position").focus()
    visit.press("ArrowRight")
    expect(visit.page.get_by_role("radio", name="Row")).to_be_checked()
    visit.at(0, 0)
    tab_stops = visit.page.locator("#cadence [tabindex='0']")
    expect(tab_stops).to_have_text(["Row"])


def test_a_token_is_a_spinbutton(visit: Visit) -> None:
    stride = visit.token("stride, rows")
    stride.focus()
    for key, value in [
        ("ArrowUp", 2),
        ("5", 5),
        ("ArrowDown", 4),
        ("End", 8),
        ("ArrowUp", 8),
        ("Home", 1),
        ("ArrowDown", 1),
    ]:
        visit.press(key)
        expect(stride).to_have_attribute("aria-valuenow", str(value))
        expect(stride).to_be_focused()
    expect(visit.page.locator("#output-shape b")).to_have_text("64 × 64 × 1")
    visit.at(0, 0)


def test_a_token_is_pressed_up_and_down(visit: Visit) -> None:
    """Upper half one more, lower half one less; 1 is the least."""
    stride = visit.token("stride, columns")
    box = stride.bounding_box()
    assert box
    for share, value in [(0.8, 1), (0.2, 2), (0.2, 3), (0.8, 2)]:
        stride.click(position={"x": box["width"] / 2, "y": box["height"] * share})
        expect(stride).to_have_attribute("aria-valuenow", str(value))
        expect(visit.page.locator("#output-shape b")).to_have_text(f"64 × {-(-64 // value)} × 1")


def test_the_tab_key_goes_from_the_skip_link_through_the_page(visit: Visit) -> None:
    visit.press("Tab")
    skip = visit.page.get_by_role("link", name="Skip to the picture")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    order: list[str] = []
    while len(order) < 60 and order[-1:] != ["speed"]:
        visit.press("Tab")
        order.append(focused(visit))
    stops = [
        "help", "theme", "framework", "stride, rows", "stride, columns", "controls-button",
        "image-button", "input-live", "kernel-button", "output-button", "output-live",
        "first", "play", "scrub", "speed",
    ]  # fmt: skip
    assert [stop for stop in order if stop in stops] == stops
    visit.open()
    visit.press("Tab", "Enter")
    expect(visit.page.locator("#stage")).to_be_focused()


def test_the_focus_returns_from_a_popup(visit: Visit) -> None:
    for name in ("image", "kernel", "output"):
        button = visit.page.locator(f"#{name}-button")
        button.focus()
        visit.press("Enter")
        popup = visit.page.locator(f"#{name}-picker")
        expect(popup).to_be_visible()
        visit.press("Tab")
        expect(popup.locator(":focus")).to_have_count(1)
        visit.press("Escape")
        expect(popup).to_be_hidden()
        expect(button).to_be_focused()


def test_the_focus_returns_from_the_list_of_paddings(visit: Visit) -> None:
    token = visit.call.get_by_role("button", name="padding")
    token.focus()
    visit.press("Enter")
    options = visit.page.get_by_role("option")
    expect(options.first).to_be_focused()
    visit.press("ArrowDown")
    expect(options.nth(1)).to_be_focused()
    visit.press("Enter")
    expect(visit.call).to_contain_text("padding='VALID'")
    expect(visit.page.locator("#padding-picker")).to_be_hidden()
    expect(visit.call.get_by_role("button", name="padding")).to_be_focused()
    visit.press("Enter")
    expect(options.nth(1)).to_be_focused()
    visit.press("Escape")
    expect(visit.call.get_by_role("button", name="padding")).to_be_focused()


def test_the_focus_returns_from_the_list_of_keys(visit: Visit) -> None:
    button = visit.page.get_by_role("button", name="Keyboard shortcuts")
    button.focus()
    visit.press("Enter")
    expect(visit.help).to_be_visible()
    visit.press("Escape")
    expect(visit.help).to_be_hidden()
    expect(button).to_be_focused()
