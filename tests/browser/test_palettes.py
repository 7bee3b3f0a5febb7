"""The colours of the output are those of its values, cell by cell; what is not computed has none."""

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.oracle import ARTICLE, VERTICAL_EDGE, Array, Convolution
from tests.browser.visit import Figure, Visit

MATRIX = np.array([[-8, -4, -4, 10], [-18, -6, -6, 21], [-30, -6, -6, 33], [-24, -4, -4, 26]])
LIGHT = "0f3560 1f5f9f 5b97cc b9d2e8 fbf8f1 f6c9b3 e5835c bd4420 6f1f0a"
DARK = "d9edff 7db7f0 2f77b5 22466a 262624 6a3020 c2532b ff9d74 ffe6d9"
# Björn Ottosson, https://bottosson.github.io/posts/oklab/
TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def to_lab(rgb: Array) -> Array:
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    lab: Array = TO_LAB @ np.cbrt(TO_LMS @ linear)
    return lab


def to_rgb(lab: Array) -> Array:
    linear = np.clip(np.linalg.solve(TO_LMS, np.linalg.solve(TO_LAB, lab) ** 3), 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def signed(value: float, full: float, stops: str) -> Array:
    """Nine stops over ± full, gamma 0.75 on the magnitude, mixed in OKLab; 0 to 255."""
    share = np.clip(value / full, -1, 1)
    at = 4 + 4 * np.sign(share) * abs(share) ** 0.75
    low = int(min(at, 7.999))
    one, other = (to_lab(np.array([*bytes.fromhex(stop)]) / 255) for stop in stops.split(" ")[low : low + 2])
    return np.round(255 * to_rgb(one + (other - one) * (at - low)))


def grey(value: float, low: float, high: float) -> Array:
    return np.full(3, np.round(np.clip(255 * (value - low) / (high - low), 0, 255)))


@pytest.fixture
def visit(visit: Visit) -> Visit:
    visit.lesson()
    return visit


LESSON = Convolution(ARTICLE, VERTICAL_EDGE)
# Beside the printed number, inside the frame of the playhead.
BESIDE = (0.2, 0.15)


def colours(visit: Visit) -> Array:
    """[row, column, rgba] of the output's cells."""
    figure = visit.figure("output", LESSON)
    return np.array(
        [
            [visit.pixel("#output-live", *figure.point(row, column, BESIDE)) for column in range(4)]
            for row in range(4)
        ]
    )


def choose(visit: Visit, palette: str) -> None:
    visit.open_picker("output").get_by_role("button", name=palette).click()
    visit.press("Escape")
    expect(visit.page.locator("#output-button")).to_contain_text(palette)


@pytest.mark.parametrize(("key", "stops"), [("", LIGHT), ("t", DARK)], ids=["light", "dark"])
def test_signed(visit: Visit, key: str, stops: str) -> None:
    if key:
        visit.page.locator("#stage").focus()
        visit.press(key)
    visit.press("End")
    visit.at(3, 3)
    drawn = colours(visit)
    expected = [[signed(value, 33, stops) for value in row] for row in MATRIX]
    # One level for the 512 steps of the palette's table on either side.
    assert np.abs(drawn[..., :3] - expected).max() <= 2
    assert (drawn[..., 3] == 255).all()
    assert drawn[2, 3, :3].tolist() == [*bytes.fromhex(stops[-6:])], "the largest has the palette's end"
    legend = visit.page.locator("#output-legend em")
    expect(legend).to_have_text(["−33", "+33"])


@pytest.mark.parametrize(
    ("palette", "low", "high", "ends"),
    [("Min to max", -30, 33, ["−30", "33"]), ("Clip 0 to 255", 0, 255, ["≤\u00a00", "255"])],
)
def test_greys(visit: Visit, palette: str, low: int, high: int, ends: list[str]) -> None:
    choose(visit, palette)
    visit.press("End")
    visit.at(3, 3)
    expected = [[grey(value, low, high) for value in row] for row in MATRIX]
    assert np.abs(colours(visit)[..., :3] - expected).max() <= 1
    expect(visit.page.locator("#output-legend em")).to_have_text(ends)
    chip = visit.result.evaluate("(chip) => getComputedStyle(chip).backgroundColor")
    assert chip == "rgb({0}, {0}, {0})".format(int(grey(26, low, high)[0])), (
        "the result wears its cell's colour"
    )


def test_what_is_not_computed_is_striped(visit: Visit) -> None:
    for _ in range(6):
        visit.forward.click()
    visit.at(1, 2)
    drawn = colours(visit)
    computed = np.arange(16).reshape(4, 4) <= 6
    assert (drawn[computed, 3] == 255).all()
    assert (drawn[~computed] == 0).all(), "past the playhead the stripes below show"
    figure = visit.figure("output", LESSON)
    paper, stripe = (253, 251, 246), (235, 230, 219)
    for row, column in [(1, 3), (3, 0)]:
        line = under(visit, figure, row, column)
        assert paper in line
        assert stripe in line
        assert len(set(line)) > 2, "drawn at an angle, so with soft edges"
    visit.back.click()
    visit.at(1, 1)
    assert (colours(visit)[1, 2] == 0).all(), "stepping back takes the cell away again"


def under(visit: Visit, figure: Figure, row: int, column: int) -> list[tuple[int, int, int]]:
    """A horizontal line of pixels through a cell of the still canvas below."""
    points = np.linspace(0.1, 0.9, 60)
    return [visit.pixel("#output-still", *figure.point(row, column, (x, 0.5)))[:3] for x in points]


def test_extremes_that_clip_say_so(visit: Visit) -> None:
    """The harbour has responses beyond the scale, which is a percentile there."""
    visit.choose_source("Harbour")
    visit.choose_preset("Sobel x")
    expect(visit.page.locator("#input-shape b")).to_have_text("64 × 64 × 3")
    low, high = visit.page.locator("#output-legend em").all_inner_texts()
    assert low.startswith("≤\u00a0−")
    assert high.startswith("≥\u00a0")
    assert low[3:] == high[2:]
