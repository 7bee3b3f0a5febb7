"""The Compare panel: the verdict, the pictures and the table of two ways to pad, and what agrees."""

import re

from playwright.sync_api import Page, expect

from tests.browser.states import panel
from tests.browser.visit import Visit

PIXELS = "(canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"


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
    blues = figures.nth(2).locator("canvas").evaluate(PIXELS)
    assert all(blues[at] < blues[at + 2] for at in range(0, 16, 4)), "each is less than TensorFlow's"
    row = drawer.get_by_role("row", name=re.compile("this cell"))
    expect(row).to_contain_text("−6≠differs−8")
    visit.page.locator("#stage").focus()
    visit.press("ArrowRight")
    expect(row).to_contain_text("21≠differs−4")
    expect(drawer.get_by_role("row", name=re.compile("pads above"))).to_contain_text("0, 1≠differs1, 1")
    expect(drawer.locator("pre").first).to_contain_text("padding=[[0, 0], [1, 1], [1, 1], [0, 0]]")
    second = drawer.get_by_label("Second way to pad")
    second.focus()
    second.select_option(label="Keras, same")
    expect(drawer).to_contain_text("Same shape, same numbers.")
    expect(second).to_be_focused()
    expect(figures).to_have_count(2)
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


def test_another_way_is_drawn_and_follows_the_steps(visit: Visit, page: Page) -> None:
    for name in ("dilation, rows", "dilation, columns"):
        visit.set_token(name, 2)
    panel(visit, "Compare")
    ways = page.locator("#panel .ways")
    ways.get_by_text("Other ways to the same numbers").click()
    ways.get_by_text("Space to batch").click()
    way = ways.locator("details details[open]")
    expect(way).to_contain_text("the output is the same")
    blocks = way.locator("figure").nth(1).locator("canvas")
    expect(blocks).to_have_count(4)
    before = blocks.nth(1).evaluate(PIXELS), blocks.nth(3).evaluate(PIXELS)
    page.locator("#stage").focus()
    visit.press("ArrowRight")
    visit.at(0, 1)
    assert blocks.nth(1).evaluate(PIXELS) != before[0], "column 1 is made of the second block"
    assert blocks.nth(3).evaluate(PIXELS) == before[1]
    ways.get_by_text("Zeros in the kernel").click()
    expect(ways.locator("figcaption").filter(has_text="5 × 5")).to_be_visible()
