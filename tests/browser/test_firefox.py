"""The main journey in Firefox: step, play, another kernel, another stride, where a cell goes, the theme."""

from pathlib import Path

import pytest

from tests.browser.oracle import Convolution, shown
from tests.browser.serving import Server
from tests.browser.test_first_visit import HARBOUR
from tests.firefox import Firefox, installed

LAPLACIAN = ((0, 1, 0), (1, -4, 1), (0, 1, 0))


def text(selector: str) -> str:
    return f"document.querySelector('{selector}').textContent"


def at(firefox: Firefox, convolution: Convolution, row: int, column: int) -> None:
    """Waits for the position, and holds its sum against NumPy."""
    firefox.wait(f"{text('#readout b')} === 'row {row}, column {column}'")
    firefox.wait(f"{text('#result')} === '{shown(convolution.sum(row, column))}'")


@pytest.mark.skipif(not installed(), reason="there is no Firefox here")
def test_the_main_journey(server: Server, tmp_path: Path) -> None:
    program = installed()
    assert program
    with Firefox(program, tmp_path) as firefox:
        firefox.open(server.url)
        firefox.wait("document.querySelector('#input-shape span')")
        at(firefox, HARBOUR, 0, 0)
        for keys, place in (
            (["ArrowRight"], (0, 1)),
            (["ArrowDown"], (1, 1)),
            (["End"], (63, 63)),
            (["Home"], (0, 0)),
        ):
            firefox.press(*keys)
            at(firefox, HARBOUR, *place)
        firefox.press("Space")
        firefox.wait(f"{text('#readout b')} !== 'row 0, column 0'")
        firefox.press("Space")
        firefox.wait("document.querySelector('#play').ariaLabel === 'Play (space)'")
        firefox.click("document.querySelector('#kernel-button')")
        chip = "document.querySelector('#kernel-picker [data-filter=laplacian]')"
        firefox.wait(chip)
        firefox.click(chip)
        firefox.wait(f"{text('#kernel-button')} === 'Laplacian'")
        firefox.press("Escape", "Home")
        at(firefox, Convolution(HARBOUR.image, LAPLACIAN), 0, 0)
        firefox.evaluate("document.querySelector('#call [role=spinbutton]').focus()")
        firefox.press("ArrowUp")
        firefox.wait(f"{text('#output-shape b')} === '32 × 64 × 1'")
        firefox.evaluate("document.querySelector('#stage').focus()")
        firefox.press("ArrowRight")
        at(firefox, Convolution(HARBOUR.image, LAPLACIAN, strides=(2, 1)), 0, 1)
        firefox.press("i")
        firefox.wait("document.querySelector('#traced')?.textContent.includes('read the cell at row')")
        firefox.press("Escape", "t")
        firefox.wait("document.documentElement.dataset.theme === 'dark'")
        drawn = "new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size"
        assert firefox.evaluate(f"(c => {drawn})(document.querySelector('#input-still'))") > 50
        assert firefox.said == []
