"""The drawer: what its panels say is right, how they open and close, and what they leave of the stage."""

import io
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.oracle import SOBEL_X, Convolution, shown
from tests.browser.serving import Server
from tests.browser.states import panel
from tests.browser.test_accessibility import PHONE
from tests.browser.test_first_visit import HARBOUR
from tests.browser.test_layout import check_layout
from tests.browser.visit import Visit


@pytest.fixture
def drawer(page: Page) -> Locator:
    return page.locator("#drawer")


def products(convolution: Convolution, row: int, column: int, channel: int) -> str:
    """As they are spelled: what has no weight is left out, what is negative is in brackets."""
    terms = [
        f"{shown(tap.value)} × {f'({shown(tap.weight)})' if tap.weight < 0 else shown(tap.weight)}"
        for tap in convolution.taps(row, column, channel)
        if tap.weight
    ]
    return f"{' + '.join(terms)} = {shown(convolution.channel_sums(row, column)[channel])}"


def test_explain_spells_the_products_and_follows_the_steps(visit: Visit, drawer: Locator) -> None:
    visit.press("ArrowDown", "e")
    for row, column in [(1, 0), (1, 1)]:
        for channel in range(3):
            line = products(HARBOUR, row, column, channel)
            expect(drawer.locator(".work").nth(channel)).to_have_text("RGB"[channel] + line)
        expect(drawer.locator(".total")).to_contain_text(f"= {shown(HARBOUR.sum(row, column))}")
        expect(drawer).to_contain_text("9 of 27 weights are 0 and drop out.")
        visit.press("ArrowRight")
    expect(visit.page.locator("#caption")).to_be_hidden()
    drawer.locator(".product").nth(1).hover()
    expect(drawer.locator(".product.hot")).to_have_count(3)  # the same tap in every channel
    visit.page.mouse.move(1, 1)
    expect(drawer.locator(".product.hot")).to_have_count(0)
    visit.page.get_by_role("radio", name="Tap").click()
    visit.press("ArrowRight", "ArrowRight")
    expect(drawer.locator(".product.current")).to_have_count(1)
    expect(drawer.locator(".product.later")).to_have_count(16)  # of 18 products two are made
    visit.press("Escape")
    expect(drawer).to_be_hidden()


def test_why_leads_to_the_shape_and_back(visit: Visit, drawer: Locator) -> None:
    visit.set_token("stride, rows", 3)
    why = visit.page.get_by_role("button", name="Why 22 × 64?")
    why.click()
    expect(visit.page.get_by_role("tabpanel", name="Explain")).to_be_focused()
    expect(drawer).to_contain_text("height⌊(64 + 1 + 1 − 3) ÷ 3⌋ + 1 = 22")
    expect(drawer).to_contain_text("SAME asks for ⌈64 ÷ 3⌉ = 22 windows")
    expect(drawer.get_by_role("img", name="Padding: top 1, bottom 1, left 1, right 1.")).to_be_visible()
    visit.press("Escape")
    expect(why).to_be_focused()


def test_tabs_by_key_and_in_the_link(visit: Visit, drawer: Locator) -> None:
    explain, rest = (visit.page.get_by_role("tab", name=name) for name in ("Explain", "REST"))
    names = visit.page.get_by_role("tab").all_inner_texts()
    explain.focus()
    visit.press(*["ArrowRight"] * names.index("REST"))
    expect(rest).to_be_focused()
    expect(drawer).to_be_hidden()
    visit.press("Enter")
    expect(rest).to_have_attribute("aria-selected", "true")
    expect(visit.page).to_have_url(re.compile("panel=rest"))
    visit.page.reload()
    expect(drawer).to_contain_text("The same numbers, straight from the server.")
    visit.press("e")
    expect(drawer).to_be_hidden()
    visit.press("Shift+E", "Shift+E")
    expect(drawer).to_be_visible()
    visit.page.get_by_role("button", name="Close the panel").click()
    expect(drawer).to_be_hidden()
    expect(visit.page).not_to_have_url(re.compile("panel="))


def test_what_rest_prints_is_what_the_server_takes_and_answers(
    visit: Visit, drawer: Locator, server: Server
) -> None:
    visit.press("ArrowRight")
    panel(visit, "REST")
    codes = drawer.locator("pre")
    expect(codes).to_have_count(5)
    command, made, asked, explained, output = codes.all_inner_texts()
    body = json.loads(re.search("--json '(.*)'", command, re.DOTALL)[1])  # type: ignore[index]
    created = visit.page.request.post(f"{server.url}/api/v1/traces", data=body).json()
    assert created["id"] == json.loads(made)["id"]
    assert command.startswith(f"curl {server.url}/api/v1/traces ")
    address = asked.removeprefix("curl ")
    assert visit.page.request.get(address).json() == json.loads(explained)
    assert json.loads(explained)["sum"] == HARBOUR.sum(0, 1)
    assert json.loads(re.search("--json '(.*)'", output, re.DOTALL)[1]) == body  # type: ignore[index]
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    drawer.get_by_role("button", name="Copy: Make the trace", exact=True).click()
    expect(drawer.get_by_text("Copied")).to_be_visible()
    assert visit.page.evaluate("navigator.clipboard.readText()") == command


def test_an_animation_of_the_next_steps(visit: Visit, drawer: Locator, tmp_path: Path) -> None:
    visit.lesson()
    visit.choose_padding("'VALID'")
    expect(visit.page.locator("#output-shape b")).to_have_text("2 × 2 × 1")
    visit.page.locator("#stage").focus()
    visit.press("ArrowRight")
    visit.at(0, 1)
    panel(visit, "Export")
    with visit.page.expect_download() as download:
        drawer.get_by_role("button", name="Animation, GIF").click()
    download.value.save_as(tmp_path / "steps.gif")
    expect(drawer).to_contain_text("Saved as")
    with Image.open(tmp_path / "steps.gif") as animation:
        assert (animation.format, animation.n_frames, animation.info["loop"]) == ("GIF", 3, 0)  # type: ignore[attr-defined]
        frames = []
        for frame in range(3):
            animation.seek(frame)
            frames.append(np.asarray(animation.convert("RGB")))
    assert {frame.shape for frame in frames} == {frames[0].shape}
    assert all((one != other).any() for one, other in pairwise(frames))
    visit.at(0, 1)


def test_export_keeps_what_is_shown(visit: Visit, drawer: Locator, tmp_path: Path) -> None:
    visit.press("ArrowDown", "ArrowRight")
    visit.at(1, 1)
    panel(visit, "Export")

    def saved(title: str) -> bytes:
        with visit.page.expect_download() as download:
            drawer.get_by_role("button", name=title).click()
        name = download.value.suggested_filename
        assert name.startswith("harbour-sobel_x.")
        expect(drawer).to_contain_text(f"Saved as {name}.")
        download.value.save_as(tmp_path / name)
        return (tmp_path / name).read_bytes()

    with Image.open(io.BytesIO(saved("Figure, PNG"))) as picture:
        assert picture.size[0] == 2400
        assert picture.convert("RGB").getcolors(200) is None, "it has more than 200 colours"
    svg = ElementTree.fromstring(saved("Figure, SVG"))
    texts = ["".join(text.itertext()) for text in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert {shown(tap.value) for tap in HARBOUR.taps(1, 1, 0)} <= set(texts)
    assert shown(HARBOUR.sum(1, 1)) in texts
    assert visit.sentence.inner_text().replace("\u00a0", " ") in " ".join(texts)
    output = np.load(io.BytesIO(saved("Numbers, NPY")))
    np.testing.assert_allclose(output[..., 0], HARBOUR.output(), atol=0.01)
    lines = saved("Trace, JSON Lines").splitlines()
    assert json.loads(lines[65])["sum"] == HARBOUR.sum(1, 1)
    assert json.loads(lines[-1]) == {"end": True, "next": 4096}
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    drawer.get_by_role("button", name="Link").click()
    expect(drawer.get_by_text("Copied")).to_be_visible()
    link = visit.page.evaluate("navigator.clipboard.readText()")
    assert link == f"{visit.url}/?image=harbour&size=64&filter=sobel_x&at=1,1"


@pytest.mark.parametrize(
    "context_options", [{"viewport": {"width": 1280, "height": 720}}], indirect=True, ids=["1280x720"]
)
def test_the_stage_beside_it_stays_usable(visit: Visit, context_options: dict[str, Any]) -> None:
    panel(visit, "Explain")
    check_layout(visit, 1280, 720)
    assert visit.figure("input", HARBOUR).cell >= 4


@pytest.mark.parametrize("context_options", [PHONE], indirect=True, ids=["phone"])
def test_a_sheet_on_a_phone(visit: Visit, drawer: Locator) -> None:
    menu = visit.page.get_by_role("button", name="Explain and more")
    menu.click()
    expect(visit.page.get_by_role("tab", name="Explain")).to_be_focused()
    expect(drawer.locator(".work").first).to_contain_text(
        products(Convolution(HARBOUR.image, SOBEL_X), 0, 0, 0)
    )
    visit.page.get_by_role("button", name="One step forward").click()
    expect(drawer.locator(".work").first).to_contain_text(products(HARBOUR, 0, 1, 0))
    visit.page.get_by_role("tab", name="REST").click()
    close = visit.page.get_by_role("button", name="Close the panel")
    strip, beside = visit.page.get_by_role("tablist").bounding_box(), close.bounding_box()
    assert strip
    assert beside
    assert strip["x"] + strip["width"] <= beside["x"], "the tabs scroll beside the button"
    close.click()
    expect(menu).to_be_focused()
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 390
