"""The main job, end to end: a photo is uploaded, played, scrubbed, and every number of it is right."""

from playwright.sync_api import expect

from tests.browser.oracle import SOBEL_X, Convolution, photo, png, reduced
from tests.browser.visit import Visit

HEIGHT, WIDTH = 768, 1024


def test_a_photo_from_upload_to_dark(visit: Visit) -> None:
    pixels = photo(HEIGHT, WIDTH)
    small = Convolution(reduced(pixels, 16), SOBEL_X)
    visit.upload(png(pixels), "My photo.png")
    assert visit.check(small) == (0, 0)
    expect(visit.page.locator("#image-button")).to_have_text("My photo")
    picker = visit.open_picker("image")
    expect(picker).to_contain_text("each cell is the mean of the pixels it stands for")
    picker.get_by_role("radio", name=f"full, {WIDTH} × {HEIGHT}").click()
    visit.press("Escape")
    full = Convolution(pixels, SOBEL_X)
    assert visit.check(full) == (0, 0)

    visit.play.click()
    expect(visit.play).to_have_accessible_name("Pause (space)")
    expect(visit.place).not_to_have_text("row 0, column 0")
    visit.play.click()
    expect(visit.play).to_have_accessible_name("Play (space)")
    visit.drawn()
    row, column = visit.check(full)
    assert row == 0
    assert column > 0

    visit.scrub.click()  # in its middle
    expect(visit.place).not_to_have_text(f"row {row}, column {column}")
    row, column = visit.check(full)
    middle = HEIGHT * WIDTH / 2
    assert abs(row * WIDTH + column - middle) < 0.01 * HEIGHT * WIDTH
    visit.page.get_by_role("button", name="One step back").click()
    before = row * WIDTH + column - 1
    visit.at(*divmod(before, WIDTH))
    row, column = visit.check(full)

    visit.set_token("stride, rows", 2)
    visit.set_token("stride, columns", 2)
    strided = Convolution(pixels, SOBEL_X, (2, 2))
    assert strided.pads == ((0, 1), (0, 1))
    assert near(visit.check(strided), (row, column))
    visit.choose_padding("'VALID'")
    valid = Convolution(pixels, SOBEL_X, (2, 2), "VALID")
    assert valid.output_size == (383, 511)
    at = visit.check(valid)
    assert near(at, (row, column))

    light = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
    visit.page.get_by_role("button", name="Switch between light and dark").click()
    expect(visit.page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(visit.page.locator("body")).not_to_have_css("background-color", light)
    assert visit.check(valid) == at
    visit.page.get_by_role("button", name="Channel G").click()
    visit.press("ArrowRight")
    visit.at(at[0], at[1] + 1)
    visit.check(valid)
    assert visit.read()["pressed"] == 1


def near(at: tuple[int, int], before: tuple[int, int]) -> bool:
    """With stride 2 the window is still where it was on the picture, give or take a cell."""
    return all(abs(2 * now - then) <= 2 for now, then in zip(at, before, strict=True))
