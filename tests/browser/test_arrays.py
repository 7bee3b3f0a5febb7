"""A .npy file as the input: many channels, a sum of them all, and which part of them a group reads."""

import io

import numpy as np
from playwright.sync_api import expect

from tests.browser.oracle import Array, shown
from tests.browser.visit import Visit

FEATURES: Array = np.random.default_rng(8).integers(-40, 41, (12, 16, 64)).astype(np.float32)
SOBEL: Array = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], np.float32)


# Where the filled part of the row of input channels begins, and how wide it is: shares of the row.
FED = """(button) => {
  const box = (part) => button.querySelector(part).getBoundingClientRect();
  const [row, read] = [box(".feeds"), box(".feeds b")];
  return [(read.x - row.x) / row.width, read.width / row.width];
}"""


def npy(array: Array) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def upload(visit: Visit, array: Array) -> None:
    visit.upload(npy(array), "features.npy", "application/octet-stream")
    height, width, channels = array.shape
    expect(visit.page.locator("#input-shape b")).to_have_text(f"{height} × {width} × {channels}")


def sums(row: int, column: int) -> Array:
    """Of a Sobel filter, channel by channel, away from the padding."""
    window = FEATURES[row - 1 : row + 2, column - 1 : column + 2]
    found: Array = (window * SOBEL[..., None]).sum((0, 1))
    return found


# What is wider than the box it stands in.
CUT = "(boxes) => boxes.filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.outerHTML)"


def test_a_sum_of_many_channels(visit: Visit) -> None:
    upload(visit, FEATURES)
    expect(visit.page.locator("#image-button")).to_have_text("features")
    channels = visit.page.get_by_role("radiogroup", name="Input channel")
    expect(channels.get_by_role("radio")).to_have_count(64)
    visit.page.locator("#stage").focus()
    visit.press("ArrowDown", "ArrowRight")
    visit.at(1, 1)
    expect(visit.result).to_have_text(shown(sums(1, 1).sum()))
    expect(visit.page.locator("#sum")).to_contain_text("60 more")
    largest = sorted(np.argsort(-np.abs(sums(1, 1)), kind="stable")[:4])
    assert visit.read()["terms"][:4] == [shown(sums(1, 1)[channel]) for channel in largest]
    channels.get_by_role("radio", name="channel 37").click()
    expect(visit.page.locator("#loupe-table tbody td").first).to_have_text("37")
    assert [cells[2] for cells in visit.read()["taps"]] == [shown(v) for v in FEATURES[:3, :3, 37].ravel()]
    # The picture shows the channel that lies under the loupe.
    before = visit.canvases()[0]
    channels.get_by_role("radio", name="channel 37").press("ArrowRight")
    expect(channels.get_by_role("radio", name="channel 38")).to_be_checked()
    assert visit.canvases()[0] != before
    visit.page.reload()
    visit.page.locator("#input-shape span").wait_for(state="attached")
    visit.at(1, 1)
    expect(visit.result).to_have_text(shown(sums(1, 1).sum()))
    # On a phone that lies on its side there is room for all but the terms, which scroll.
    visit.page.set_viewport_size({"width": 844, "height": 390})
    visit.drawn()
    parts = [visit.page.locator(part).bounding_box() for part in (".transport", "#loupe", "#sum", "#result")]
    transport, *above = (part for part in parts if part)
    assert [box for box in above if box["y"] + box["height"] > transport["y"] + 0.5] == []


def test_a_group_shows_which_channels_it_reads(visit: Visit) -> None:
    upload(visit, FEATURES[..., :8])
    visit.page.get_by_role("button", name="Plain controls").click()
    visit.controls.get_by_role("radiogroup", name="Groups of channels").get_by_role("radio", name="4").click()
    output = visit.page.get_by_role("button", name="Output channel 2, reads 4–5")
    expect(output).to_be_visible()
    expect(visit.page.locator("#output-shape b")).to_have_text("12 × 16 × 4")
    visit.drawn()
    begins, width = output.evaluate(FED)
    assert abs(begins - 4 / 8) < 0.06
    assert abs(width - 2 / 8) < 0.06
    # On a phone the thumbnails scroll, and the numbers beside them are whole.
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.drawn()
    assert visit.page.locator("#sum > .term, #result").evaluate_all(CUT) == []
