"""A transposed convolution on the page, against stamps laid down one by one with NumPy."""

import re
from xml.etree import ElementTree

import numpy as np
from playwright.sync_api import expect

from tests.browser.oracle import ARTICLE, SOBEL_X, Array, shown
from tests.browser.test_operations import choose, line, table, told
from tests.browser.visit import Visit

NUMBERS: Array = ARTICLE[..., 0]
KERNEL: Array = np.array(SOBEL_X)


def stamped(stride: int, before: int, size: int) -> Array:
    """[size, size]: every value times the kernel, `stride` apart, `before` rows and columns cut off."""
    full = np.zeros((40, 40))
    for (y, x), value in np.ndenumerate(NUMBERS):
        full[y * stride : y * stride + 3, x * stride : x * stride + 3] += value * KERNEL
    return full[before : before + size, before : before + size]


def at(visit: Visit, row: int, column: int, size: int) -> None:
    visit.scrub.fill(str(row * size + column))
    visit.at(row, column)


def test_an_output_cell_gathers_the_stamps_that_reach_it(visit: Visit) -> None:
    visit.lesson()
    choose(visit, "conv2d_transpose")
    visit.choose_preset("Sobel x")
    expect(visit.call).to_contain_text(
        "tf.nn.conv2d_transpose(input, filters, output_shape=[1, 8, 8, 1], strides=[2, 2]"
    )
    expect(visit.page.locator("#output-shape b")).to_have_text("8 × 8 × 1")
    expected = stamped(2, 0, 8)
    for row, column in ((0, 0), (3, 4), (7, 7), (4, 6)):
        at(visit, row, column, 8)
        expect(visit.result).to_have_text(shown(expected[row, column]))
    assert told(visit) == (
        "The stamps of 4 cells reach this output cell, from rows 1 to 2 and columns 2 to 3. "
        f"Their 4 products add up to {shown(expected[4, 6])}."
    )
    assert line(visit) == f"sum {shown(expected[4, 6])} + bias 0 = {shown(expected[4, 6])}"
    # Tap (0, 0) of the stamp of the cell that lies last, and so on; what lies between has no number.
    rows = table(visit)
    assert [cells[1:] for cells in (rows[0], rows[1], rows[8])] == [
        ["row 2, column 3", "12", "−1", "−12"],
        ["between two cells", "none", "0", "none"],
        ["row 1, column 2", "7", "1", "7"],
    ]
    visit.page.get_by_role("radio", name="Tap", exact=True).click()
    visit.press("ArrowRight")
    expect(visit.sentence).to_contain_text("Tap 2 of 9: it lies between two input cells")
    visit.press("ArrowRight")
    expect(visit.result).to_have_text(shown(-12 + 11))
    visit.page.get_by_role("radio", name="Position", exact=True).click()

    visit.page.get_by_role("radio", name="PyTorch").click()
    expect(visit.call).to_contain_text(
        "F.pad(F.conv_transpose2d(input, weight, stride=(2, 2), padding=0, dilation=(1, 1)), (0, -1, 0, -1))"
    )
    visit.choose_padding("'VALID'")
    expect(visit.page.locator("#output-shape b")).to_have_text("9 × 9 × 1")
    visit.set_token("output padding, columns", 1)
    expect(visit.page.locator("#output-shape b")).to_have_text("9 × 10 × 1")
    visit.scrub.fill("9")
    expect(visit.sentence).to_have_text("No stamp reaches this output cell. It is 0.")
    visit.set_token("output padding, columns", 0)
    visit.choose_padding("Custom sides")
    visit.set_token("padding, top and bottom", 1)
    visit.set_token("padding, left and right", 1)
    expect(visit.page.locator("#output-shape b")).to_have_text("7 × 7 × 1")
    at(visit, 5, 6, 7)
    expect(visit.result).to_have_text(shown(stamped(2, 1, 7)[5, 6]))
    expect(visit.call).to_contain_text("padding=(1, 1), output_padding=(0, 0)")
    expect(visit.page).to_have_url(re.compile("at=5,6"))
    visit.page.reload()
    expect(visit.result).to_have_text(shown(stamped(2, 1, 7)[5, 6]))


def drawn(visit: Visit) -> list[str]:
    """What is written in the figure that the page exports."""
    visit.page.get_by_role("tab", name="Export").click()
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Figure, SVG").click()
    svg = ElementTree.parse(download.value.path())
    visit.press("e")
    return ["".join(text.itertext()) for text in svg.iter("{http://www.w3.org/2000/svg}text")]


def test_an_input_cell_stamps_the_output(visit: Visit) -> None:
    visit.lesson()
    choose(visit, "conv2d_transpose")
    visit.choose_preset("Sobel x")
    expect(visit.page.locator("#output-shape b")).to_have_text("8 × 8 × 1")
    visit.press("v")
    expect(visit.page.get_by_role("radio", name="Stamp")).to_be_checked()
    expect(visit.page.locator("#readout span")).to_have_text("1 of 16")
    visit.scrub.fill("6")
    visit.at(1, 2)
    assert (
        told(visit)
        == "The cell at row 1 and column 2 stamps 9 output cells, in rows 2 to 4 and columns 4 to 6."
    )
    assert line(visit) == "7 × 9 weights"
    assert [cells[1:] for cells in table(visit)] == [
        [f"row {2 + y}, column {4 + x}", "7", shown(KERNEL[y, x], 3), shown(7 * KERNEL[y, x])]
        for y, x in np.ndindex(3, 3)
    ]
    figure = drawn(visit)
    assert visit.sentence.inner_text().replace("\u00a0", " ") in " ".join(figure)
    sums = stamped(2, 0, 8)
    assert {"7 ×", "9 weights", "+14", "−14", shown(sums[1, 7]), shown(sums[3, 0])} <= set(figure)
    assert shown(sums[5, 0]) not in figure, "no stamp of row 2 has fallen"
    visit.page.get_by_role("radio", name="Tap", exact=True).click()
    visit.press("ArrowRight", "ArrowRight", "ArrowRight")
    expect(visit.sentence).to_have_text(
        "Tap 4 of 9: 7 × −2 is −14, added to the output cell at row 3, column 4."
    )
    visit.page.get_by_role("radio", name="Position", exact=True).click()
    visit.press("End")
    visit.at(3, 3)
    assert "5 cells of its stamp are cropped away." in told(visit)
    expect(visit.page).to_have_url(
        re.compile("at=3,3.*view=stamp")
    )  # not at once: links are written twice a second
    visit.page.reload()
    expect(visit.page.locator("#readout span")).to_have_text("16 of 16")
    visit.drawn()
    visit.press("v")
    expect(visit.page.locator("#readout span")).to_have_text("64 of 64")
    expect(visit.result).to_have_text(shown(stamped(2, 0, 8)[7, 7]))
