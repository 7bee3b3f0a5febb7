"""What a person sees first: with the scripts, and before they run."""

import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.oracle import SOBEL_X, Convolution, number, reduced, shown
from tests.browser.serving import ROOT, Server
from tests.browser.visit import Visit, table


def sample(name: str) -> np.ndarray:
    """uint8 HWC, as it is in the repository."""
    with Image.open(ROOT / "static" / "samples" / f"{name}.png") as picture:
        pixels = np.asarray(picture)
    return pixels.reshape(*pixels.shape[:2], -1)


HARBOUR = Convolution(reduced(sample("harbour"), 4), SOBEL_X)


def test_a_sample_under_sobel_x_at_step_0_and_paused(visit: Visit) -> None:
    assert visit.check(HARBOUR) == (0, 0)
    read = visit.read()
    assert read["picked"] == ["Harbour", "Sobel x"]
    assert read["tags"] == ["R", "G", "B"]
    assert read["call"] == "tf.nn.conv2d(input, filters, strides=[1, 1], padding='SAME', dilations=[1, 1])"
    expect(visit.play).to_have_accessible_name("Play (space)")
    expect(visit.ribbon).to_be_hidden()
    expect(visit.controls).to_be_hidden()
    expect(visit.page.locator(".hint")).to_contain_text("Space plays")
    expect(visit.page.locator(":popover-open, dialog[open]")).to_have_count(0)


def test_the_first_position_is_drawn(visit: Visit) -> None:
    for canvas in (
        "#loupe",
        "#input-still",
        "#input-live",
        "#output-still",
        "#output-live",
        "#wires",
        "#ruler",
    ):
        assert visit.colours(canvas) > 3, f"{canvas} is blank"
    # The picture itself: cells far from the window, under the veil of what is not read yet, are not moved.
    figure = visit.figure("input", HARBOUR)
    for row, column in [(20, 5), (50, 40), (63, 63)]:
        drawn = visit.pixel("#input-still", *figure.point(row, column))
        assert drawn == (*HARBOUR.image[row, column], 255)


def test_the_server_writes_the_words_that_the_scripts_write(page: Page, visit: Visit) -> None:
    """Nothing on the page jumps when the scripts take over."""
    written = page.request.get(visit.url).text()
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", written.replace("&nbsp;", "\u00a0")))
    read = visit.read()
    for text in (read["call"].replace("'", "&#39;"), read["readout"], read["count"], read["result"]):
        assert text in words or text.replace("&#39;", "'") in words
    assert read["sentence"].replace("\u00a0", " ") in words
    assert read["input"] in words
    assert read["output"] in words


@pytest.mark.parametrize("context_options", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_the_page_is_real(page: Page, server: Server) -> None:
    page.goto(server.url)
    expect(page.locator("#call")).to_have_text(
        "tf.nn.conv2d(input, filters, strides=[1, 1], padding='SAME', dilations=[1, 1])"
    )
    expect(page.locator("#sum button.term b")).to_have_text([shown(v) for v in HARBOUR.channel_sums(0, 0)])
    expect(page.locator("#result")).to_have_text(shown(HARBOUR.sum(0, 0)))
    sentence = page.locator("#sentence")
    expect(sentence).to_contain_text("The window covers rows −1 to 1 and columns −1 to 1. ")
    expect(sentence).to_contain_text(
        f" 27 products add up to {shown(HARBOUR.sum(0, 0))}. 5 cells are padding"
    )
    rows = page.locator("#loupe-table tbody tr")
    assert [row.locator("td").all_text_contents() for row in rows.all()] == table(HARBOUR, 0, 0, 0)
    expect(page.locator("#input-shape")).to_have_text("64 × 64 × 3")
    expect(page.locator("#output-shape")).to_have_text("64 × 64 × 1")
    expect(page.locator("#why")).to_contain_text("Why 64 × 64?")
    expect(page.get_by_alt_text("The input image")).to_be_visible()
    assert number(page.locator("#readout span").inner_text().split(" of ")[1]) == 64 * 64


def test_a_chosen_theme_reaches_every_canvas_and_outlives_the_visit(visit: Visit) -> None:
    light = visit.canvases()
    visit.press("t")
    expect(visit.page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = visit.canvases()
    assert all(one != other for one, other in zip(light, dark, strict=True))
    visit.open()
    expect(visit.page.locator("html")).to_have_attribute("data-theme", "dark")
    assert visit.canvases() == dark


@pytest.mark.parametrize("context_options", [{"color_scheme": "dark"}], indirect=True)
def test_the_system_theme_is_followed(visit: Visit) -> None:
    expect(visit.page.locator("html")).to_have_attribute("data-theme", "dark")
    paper = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(22, 22, 20)"
