"""Whence an output cell, whither an input cell: by pointer and by keyboard."""

from playwright.sync_api import Route, expect

from tests.browser.oracle import Convolution, shown
from tests.browser.test_first_visit import HARBOUR
from tests.browser.test_pointer import on_page
from tests.browser.visit import Visit


def reads(convolution: Convolution, row: int, column: int) -> list[str]:
    """The weight of each window that reads an input cell, by position."""
    down, across = convolution.output_size
    return [
        f"×{shown(tap.weight, 3)}"
        for y in range(down)
        for x in range(across)
        if abs(y - row) < 3 and abs(x - column) < 3
        for tap in convolution.taps(y, x, 0)
        if (tap.row, tap.column) == (row, column)
    ]


def test_a_pressed_input_cell_stays_traced(visit: Visit) -> None:
    traced = visit.page.locator("#traced")
    figure = visit.figure("input", HARBOUR)
    before = visit.canvases()
    visit.page.mouse.move(*on_page(visit, "#input-live", figure, 20, 31))
    expect(traced).to_contain_text("9 windows read the cell at row 20 and column 31")
    assert visit.canvases()[3] != before[3], "its readers are marked on the output"
    visit.at(0, 0)
    visit.page.mouse.click(*on_page(visit, "#input-live", figure, 20, 31))
    visit.at(20, 31)
    visit.page.mouse.move(5, 5)
    expect(traced).to_contain_text("row 20 and column 31")
    uses = traced.locator(".use")
    assert uses.all_inner_texts() == reads(HARBOUR, 20, 31)
    expect(uses.nth(4)).to_have_attribute("aria-current", "true")
    uses.nth(8).click()
    visit.at(21, 32)
    expect(uses.nth(8)).to_have_attribute("aria-current", "true")
    visit.press("Escape")
    expect(traced).to_be_hidden()
    visit.page.mouse.click(*on_page(visit, "#input-live", figure, 0, 63))
    expect(traced).to_contain_text("4 windows read the cell")
    visit.press("ArrowRight")
    visit.at(1, 0)
    expect(traced).to_be_hidden()


def test_an_output_cell_under_the_pointer_shows_whence_it_comes(visit: Visit) -> None:
    figure = visit.figure("output", HARBOUR)
    before = visit.canvases()
    visit.page.mouse.move(*on_page(visit, "#output-live", figure, 40, 11))
    expect(visit.page.locator("#traced")).to_contain_text(shown(HARBOUR.sum(40, 11)))
    expect(visit.page.locator("#traced")).to_contain_text("40, column 11. Rows 39 to 41, columns 10 to 12.")
    visit.at(0, 0)
    assert visit.canvases()[1] != before[1], "its window is marked on the input"
    visit.page.mouse.move(5, 5)
    expect(visit.page.locator("#traced")).to_be_hidden()
    assert visit.canvases()[1] == before[1]


def test_cells_and_weights_are_traced_by_keys(visit: Visit) -> None:
    traced, said = visit.page.locator("#traced"), visit.page.locator("#said")
    visit.press("ArrowDown", "ArrowRight", "i")
    expect(said).to_contain_text("read the cell at row 1 and column 1")
    visit.press("ArrowRight", "ArrowDown", "ArrowDown")
    expect(said).to_contain_text("read the cell at row 3 and column 2")
    visit.at(1, 1)
    visit.press("Enter")
    visit.at(3, 2)
    expect(traced).to_contain_text("row 3 and column 2")
    visit.press("w")
    expect(traced).to_contain_text("The weight 0 lies on the cell at row 3, column 2")
    visit.press("ArrowRight")
    tap = HARBOUR.taps(3, 2, 0)[5]
    expect(said).to_contain_text(f"column 3: {shown(tap.value)} × 2 = {shown(tap.product)}.")
    expect(traced).to_contain_text("it meets rows 0 to 63 and columns 1 to 63")
    visit.press("Escape", "ArrowRight")
    visit.at(3, 3)
    expect(traced).to_be_hidden()


def test_one_tap_lights_up_in_kernel_loupe_and_input(visit: Visit) -> None:
    visit.press("ArrowDown", "ArrowRight")
    visit.at(1, 1)
    visit.open_picker("kernel")
    before = visit.canvases()
    weight = visit.page.get_by_label("weight row 0, column 2")
    weight.hover()
    expect(weight).to_have_class("lit")
    lit = visit.canvases()
    assert lit[1] != before[1], "on the input"
    assert lit[4] != before[4], "under the loupe"


def test_arrows_wait_for_what_is_traced_by_keys(visit: Visit) -> None:
    """What moves the traced weight is fetched with the first one."""
    held: list[Route] = []
    released = False

    def gate(route: Route) -> None:
        if released:
            route.continue_()
        else:
            held.append(route)

    visit.intercept("**/chunks/*", gate)
    visit.press("w", "ArrowRight")
    visit.at(0, 0)
    released = True
    for route in held:
        route.continue_()
    expect(visit.page.locator("#traced")).to_contain_text("The weight 0 lies on the cell")
    visit.press("ArrowRight")
    expect(visit.page.locator("#traced")).to_contain_text("The weight 2 lies on the cell")
    visit.at(0, 0)
