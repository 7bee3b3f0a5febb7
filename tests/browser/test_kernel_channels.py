"""Kernels with weights of their own for each channel, held against NumPy."""

import numpy as np
from numpy.typing import ArrayLike
from playwright.sync_api import Locator, expect

from tests.browser.oracle import SOBEL_X, Array, Convolution, Tap, png
from tests.browser.test_first_visit import HARBOUR
from tests.browser.visit import Visit

IMAGE = HARBOUR.image


class PerChannel(Convolution):
    """A convolution with a kernel for each channel, [channel, row, column]."""

    def __init__(self, image: ArrayLike, kernels: ArrayLike) -> None:
        self.kernels = np.asarray(kernels, np.float32)
        super().__init__(image, self.kernels[0])

    def products(self, row: int, column: int) -> Array:
        products: Array = self.windows[row, column].astype(np.float32) * self.kernels
        return products

    def taps(self, row: int, column: int, channel: int) -> list[Tap]:
        return Convolution(self.image, self.kernels[channel]).taps(row, column, channel)


def split(visit: Visit) -> Locator:
    visit.press("ArrowDown", "ArrowRight")
    visit.at(1, 1)
    picker = visit.open_picker("kernel")
    picker.get_by_role("radio", name="One per channel").click()
    expect(picker.get_by_role("radiogroup", name="Channel to edit")).to_be_visible()
    return picker


def edit(picker: Locator, row: int, column: int, weight: str) -> None:
    box = picker.get_by_role("textbox", name=f"weight row {row}, column {column}")
    box.fill(weight)
    box.press("Enter")


def test_each_channel_has_weights_of_its_own(visit: Visit) -> None:
    picker = split(visit)
    kernels = np.array([SOBEL_X] * 3, float)
    assert visit.check(PerChannel(IMAGE, kernels)) == (1, 1)
    for channel, (row, column), weight in [(1, (0, 2), -3), (2, (2, 1), 0.5)]:
        picker.get_by_role("radio", name="RGB"[channel], exact=True).click()
        expect(visit.page.locator("#sum button.term").nth(channel)).to_have_attribute("aria-pressed", "true")
        edit(picker, row, column, str(weight))
        kernels[channel, row, column] = weight
        visit.check(PerChannel(IMAGE, kernels))
    expect(picker.locator(".note")).to_have_text("Each channel has its own weights. These are those of blue.")
    # The sum line's own switch shows the other channels' weights, on the loupe and in the editor.
    visit.press("Escape")
    for channel in (0, 1):
        visit.page.locator("#sum button.term").nth(channel).click()
        visit.check(PerChannel(IMAGE, kernels))
    picker = visit.open_picker("kernel")
    expect(picker.get_by_role("textbox", name="weight row 0, column 2")).to_have_value("−3")


def test_a_preset_is_for_the_channel_in_view_and_the_larger_size_for_all(visit: Visit) -> None:
    picker = split(visit)
    picker.get_by_role("radio", name="G", exact=True).click()
    picker.get_by_role("button", name="Motion blur").click()
    kernels = np.zeros((3, 3, 5))
    kernels[[0, 2], :, 1:4] = SOBEL_X
    kernels[1, 1] = 0.2
    visit.shows(PerChannel(IMAGE, kernels))
    visit.check(PerChannel(IMAGE, kernels))
    # An oblong turns with all the others.
    picker.get_by_role("button", name="Rotate").click()
    turned = np.rot90(kernels, -1, (1, 2))
    visit.check(PerChannel(IMAGE, turned))
    picker.get_by_role("button", name="Flip top and bottom").click()
    turned[1] = np.flipud(turned[1])
    visit.check(PerChannel(IMAGE, turned))


def test_back_to_one_for_all_takes_the_channel_in_view(visit: Visit) -> None:
    picker = split(visit)
    picker.get_by_role("radio", name="B", exact=True).click()
    edit(picker, 1, 1, "7")
    kernel = np.array(SOBEL_X)
    kernels = np.array([SOBEL_X, SOBEL_X, kernel])
    kernels[2, 1, 1] = kernel[1, 1] = 7
    visit.check(PerChannel(IMAGE, kernels))
    picker.get_by_role("radio", name="Same for all").click()
    expect(picker.get_by_role("radiogroup", name="Channel to edit")).to_have_count(0)
    visit.check(Convolution(IMAGE, kernel))
    expect(picker.locator(".note")).to_have_text("Your own weights, the same for every channel.")


def test_one_channel_has_no_choice_of_channels(visit: Visit) -> None:
    visit.lesson()
    picker = visit.open_picker("kernel")
    expect(picker.get_by_role("radio")).to_have_count(0)


def test_another_picture_of_fewer_channels_takes_the_weights_in_view(visit: Visit) -> None:
    """Three kernels are none for one channel: what was in view is taken, and nothing is refused."""
    picker = split(visit)
    picker.get_by_role("radio", name="G", exact=True).click()
    edit(picker, 0, 0, "5")
    visit.press("Escape")
    kernel = np.array(SOBEL_X)
    kernel[0, 0] = 5
    pixels = np.random.default_rng(7).integers(0, 256, (9, 12, 1), np.uint8)
    visit.upload(png(pixels))
    convolution = Convolution(pixels, kernel)
    visit.check(convolution)
    expect(visit.ribbon).to_be_hidden()
