"""The article's example, read from the page position by position, in every cadence, and from the canvas."""

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.oracle import ARTICLE, VERTICAL_EDGE, Convolution, number, shown
from tests.browser.serving import Server
from tests.browser.visit import Visit

SAME = [[-8, -4, -4, 10], [-18, -6, -6, 21], [-30, -6, -6, 33], [-24, -4, -4, 26]]
VALID = [[-6, -6], [-6, -6]]
SAME_STRIDE_2 = [[-6, 21], [-4, 26]]

# A canvas cannot be read back as text: this keeps what was printed on it since it was last cleared.
REMEMBER_PRINTS = """(() => {
  const { fillText, clearRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
    const { canvas } = this;
    if (canvas.printedAt !== canvas.width) [canvas.printed, canvas.printedAt] = [[], canvas.width];
    canvas.printed.push(text);
    return fillText.call(this, text, ...rest);
  };
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    this.canvas.printed = [];
    return clearRect.apply(this, box);
  };
})()"""


@pytest.fixture
def visit(page: Page, server: Server) -> Visit:
    page.add_init_script(REMEMBER_PRINTS)
    visit = Visit(page, server.url).open()
    visit.lesson()
    return visit


def same(visit: Visit) -> Convolution:
    return Convolution(ARTICLE, VERTICAL_EDGE)


def valid(visit: Visit) -> Convolution:
    visit.choose_padding("'VALID'")
    return Convolution(ARTICLE, VERTICAL_EDGE, padding="VALID")


def same_stride_2(visit: Visit) -> Convolution:
    visit.set_token("stride, rows", 2)
    visit.set_token("stride, columns", 2)
    return Convolution(ARTICLE, VERTICAL_EDGE, (2, 2))


def printed(visit: Visit) -> list[str]:
    """The numbers that the output's canvas shows just now."""
    visit.drawn()
    texts: list[str] = visit.page.locator("#output-live").evaluate("(canvas) => canvas.printed ?? []")
    return texts


@pytest.mark.parametrize(("choose", "matrix"), [(same, SAME), (valid, VALID), (same_stride_2, SAME_STRIDE_2)])
def test_the_exact_matrices(
    visit: Visit, choose: Callable[[Visit], Convolution], matrix: list[list[int]]
) -> None:
    convolution = choose(visit)
    assert convolution.output().tolist() == matrix
    visit.shows(convolution)
    read = []
    for row in range(len(matrix)):
        for column in range(len(matrix[row])):
            visit.at(row, column)
            visit.check(convolution)
            read.append(number(visit.read()["result"]))
            assert printed(visit) == [shown(value) for value in read], "what was computed, and no cell more"
            visit.forward.click()
    assert read == np.ravel(matrix).tolist()
    assert visit.where() == (len(matrix) - 1, len(matrix[0]) - 1), "the last position has no next one"


def cadence(visit: Visit, name: str) -> None:
    visit.page.get_by_role("radio", name=name, exact=True).click()


def test_tap_by_tap(visit: Visit) -> None:
    convolution = same(visit)
    visit.press("ArrowRight", "ArrowDown")
    visit.at(1, 1)
    cadence(visit, "Tap")
    products = convolution.products(1, 1).ravel()
    for tap, so_far in enumerate(products.cumsum()):
        expect(visit.sentence).to_contain_text(f"Tap {tap + 1} of 9")
        value = convolution.windows[1, 1].ravel()[tap]
        weight, product = np.ravel(VERTICAL_EDGE)[tap], products[tap]
        expect(visit.sentence).to_contain_text(
            f"{shown(value)} × {shown(weight)} adds {shown(product)}. So far {shown(so_far)}."
        )
        expect(visit.result).to_have_text(shown(so_far))
        read = visit.read()
        assert read["signs"][-1] == ("so far" if tap < 8 else "=")
        assert read["terms"] == [shown(so_far)]
        visit.press("ArrowRight")
    visit.at(1, 2)
    expect(visit.sentence).to_contain_text("Tap 1 of 9")
    visit.press("ArrowLeft")
    visit.at(1, 1)
    expect(visit.sentence).to_contain_text("Tap 9 of 9")


def test_row_by_row(visit: Visit) -> None:
    cadence(visit, "Row")
    visit.press("ArrowRight")
    visit.at(1, 0)
    visit.check(same(visit))
    assert printed(visit) == [shown(value) for value in [*SAME[0], SAME[1][0]]]
    visit.press("ArrowRight", "ArrowRight")
    visit.at(3, 0)
    visit.press("ArrowLeft")
    visit.at(2, 0)


def test_everything_at_once(visit: Visit) -> None:
    cadence(visit, "Everything")
    visit.press("ArrowRight")
    visit.at(3, 3)
    visit.check(same(visit))
    assert printed(visit) == [shown(value) for value in np.ravel(SAME)]
    visit.press("ArrowLeft")
    visit.at(0, 0)


def test_play_ends_at_the_end_and_starts_over(visit: Visit) -> None:
    visit.page.get_by_label("Speed").fill("30")
    visit.play.click()
    visit.at(3, 3)
    expect(visit.play).to_have_accessible_name("Play (space)")
    assert printed(visit) == [shown(value) for value in np.ravel(SAME)]
    visit.page.get_by_label("Speed").fill("1")
    visit.play.click()
    expect(visit.play).to_have_accessible_name("Pause (space)")
    expect(visit.place).not_to_have_text("row 3, column 3")
    visit.forward.click()
    expect(visit.play).to_have_accessible_name("Play (space)")
