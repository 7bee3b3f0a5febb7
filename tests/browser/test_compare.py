"""The Compare panel: the verdict, the pictures and the table of two ways to pad, and what agrees."""

import re

from playwright.sync_api import Page, expect

from tests.browser.states import panel
from tests.browser.visit import PIXEL, Visit

# All of them, to compare with another time; as numbers they would be seconds on their way.
PIXELS = "(canvas) => canvas.toDataURL()"


def test_the_articles_stride_of_two_in_two_frameworks(visit: Visit, page: Page) -> None:
    visit.lesson()
    for name in ("stride, rows", "stride, columns"):
        visit.set_token(name, 2)
    panel(visit, "Compare")
    drawer = page.locator("#panel")
    expect(drawer).to_contain_text("Same shape, different numbers.")
    expect(drawer).to_contain_text("4 of 4 outputs differ, by up to 32.")
    figures = drawer.locator("figure")
    expect(figures).to_have_count(3)
    expect(
        drawer.get_by_role("img", name="Second minus first. Blue is less, red is more, up to 32.")
    ).to_be_visible()
    difference = figures.nth(2).locator("canvas")
    for x, y in ((10, 10), (74, 10), (10, 74), (74, 74)):  # in each of the four cells, beside its number
        red, _, blue, _ = difference.evaluate(PIXEL, [x, y])
        assert red < blue, "each is less than TensorFlow's"
    framed = [figures.nth(index).locator("canvas").evaluate(PIXELS) for index in range(3)]
    row = drawer.get_by_role("row", name=re.compile("this cell"))
    expect(row).to_contain_text("−6≠differs−8")
    visit.page.locator("#stage").focus()
    visit.press("ArrowRight")
    expect(row).to_contain_text("21≠differs−4")
    for index in range(3):
        canvas = figures.nth(index).locator("canvas")
        assert canvas.evaluate(PIXELS) != framed[index], "the frame goes with the playhead"
    expect(drawer.get_by_role("row", name=re.compile("pads above"))).to_contain_text("0, 1≠differs1, 1")
    expect(drawer.locator("pre").first).to_contain_text("padding=[[0, 0], [1, 1], [1, 1], [0, 0]]")
    second = drawer.get_by_label("Second way to pad")
    second.focus()
    second.select_option(label="Keras, same")
    expect(drawer).to_contain_text("Same shape, same numbers.")
    expect(second).to_be_focused()
    expect(figures).to_have_count(2)
    expect(page).to_have_url(re.compile("panel=compare&compare=tensorflow_same,keras_same"))
    second.select_option(label="PyTorch, padding='same'")
    expect(drawer).to_contain_text("PyTorch refuses padding='same' with a stride above 1.")
    expect(figures).to_have_count(0)


def test_what_is_to_be_predicted_is_not_told(visit: Visit, page: Page) -> None:
    panel(visit, "Compare")
    drawer = page.locator("#panel")
    expect(drawer.locator("canvas")).to_have_count(2)
    page.locator("#stage").focus()
    visit.press("g")
    expect(drawer).to_contain_text("The comparison waits for your guess.")
    expect(drawer.locator("canvas, tr")).to_have_count(0)


def test_it_is_said_in_german(visit: Visit, page: Page) -> None:
    visit.open("?lang=de&image=one_to_sixteen&size=full&filter=sobel_x&stride=2,2&panel=compare")
    drawer = page.locator("#panel")
    expect(drawer).to_contain_text("Gleiche Form, andere Zahlen.")
    expect(drawer).to_contain_text("4 von 4 Ausgaben sind verschieden, um bis zu")
    expect(drawer.get_by_role("img", name="Zweite minus erste. Blau ist weniger")).to_be_visible()
    expect(drawer.get_by_role("row", name=re.compile("Rand oben, unten"))).to_contain_text(
        "0, 1≠verschieden1, 1"
    )
    expect(drawer.get_by_role("combobox", name="Zweite Art zu füllen")).to_have_count(1)
    copied = drawer.get_by_role(
        "button", name=re.compile("^Kopieren: PyTorch, mit den Zahlen von: TensorFlow")
    )
    expect(copied).to_be_visible()
    # What the server says is marked as English.
    expect(drawer.locator("[lang=en]").first).to_be_attached()
    page.locator("#panel .ways").get_by_role("button", name="Zwei Durchgänge").click()
    expect(page.locator("#ways h2")).to_have_text("Andere Wege zu denselben Zahlen")
    expect(page.locator("#ways figure")).to_have_count(6)
