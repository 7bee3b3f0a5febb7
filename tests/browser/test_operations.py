"""The operations beside the plain convolution: what the page says of each, against NumPy."""

import numpy as np
from playwright.sync_api import expect

from tests.browser.oracle import ARTICLE, SOBEL_X, Array, Convolution, shown
from tests.browser.test_first_visit import HARBOUR
from tests.browser.visit import Visit

IMAGE: Array = HARBOUR.image
OPAQUE = "(canvas) => canvas.getContext('2d').getImageData(0, 0, 1, 1).data[3] === 255"


def choose(visit: Visit, operation: str) -> None:
    visit.call.get_by_role("button", name="operation").click()
    visit.page.get_by_role("option", name=operation, exact=False).click()
    expect(visit.page.locator("#operation-picker")).to_be_hidden()


def plain_controls(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Plain controls").click()
    expect(visit.controls).to_be_visible()


def told(visit: Visit) -> str:
    sentence: str = visit.read()["sentence"].replace("\u00a0", " ")
    return sentence


def table(visit: Visit) -> list[list[str]]:
    visit.drawn()
    taps: list[list[str]] = visit.read()["taps"]
    return taps


def line(visit: Visit) -> str:
    """The sum line, its parts with one space between them."""
    return " ".join(visit.page.locator("#sum").inner_text().split())


def test_a_max_pool(visit: Visit) -> None:
    choose(visit, "max_pool2d")
    expect(visit.call).to_have_text("tf.nn.max_pool2d(input, ksize=[2, 2], strides=[2, 2], padding='VALID')")
    expect(visit.page.locator("#output-shape b")).to_have_text("32 × 32 × 3")
    expect(visit.page.get_by_role("heading", name="Window")).to_be_visible()
    expect(visit.page.locator("#kernel-button")).to_be_hidden()
    visit.press("ArrowDown", "ArrowRight")
    visit.at(1, 1)
    window = IMAGE[2:4, 2:4]
    for channel, tag in enumerate("RGB"):
        visit.page.get_by_role("button", name=f"Output channel {tag}").click()
        expect(visit.result).to_have_text(shown(window[..., channel].max()))
        cells = window[..., channel].ravel()
        assert f"max ( {' , '.join(shown(value) for value in cells)} ) = {shown(cells.max())}" in line(visit)
        row, column = divmod(int(cells.argmax()), 2)
        assert told(visit) == (
            "The window covers rows 2 to 3 and columns 2 to 3. "
            f"The largest value is {shown(cells.max())}, at row {2 + row} and column {2 + column}."
        )
        expect(visit.page.locator("#loupe-table tbody tr").nth(2 * row + column)).to_contain_text("largest")
        assert [cells[2] for cells in table(visit)] == [shown(value) for value in cells]
    visit.press("c")
    expect(visit.page.get_by_role("button", name="Output channel R")).to_have_attribute(
        "aria-pressed", "true"
    )
    visit.press("End")
    expect(visit.result).to_have_text(shown(IMAGE[62:, 62:, 0].max()))


def test_a_max_pool_tap_by_tap(visit: Visit) -> None:
    choose(visit, "max_pool2d")
    expect(visit.page.locator("#output-shape b")).to_have_text("32 × 32 × 3")
    visit.page.get_by_role("radio", name="Tap").click()
    cells = IMAGE[:2, :2, 0].ravel()
    for tap in range(3):
        expect(visit.result).to_have_text(shown(cells[: tap + 1].max()))
        assert f"Tap {tap + 1} of 4" in told(visit)
        visit.press("ArrowRight")


def test_an_average_pool_says_what_it_divides_by(visit: Visit) -> None:
    visit.lesson()
    choose(visit, "avg_pool2d")
    visit.choose_padding("'SAME'")
    visit.set_token("kernel size, rows", 3)
    expect(visit.page.locator("#kernel-shape b")).to_have_text("3 × 2")
    visit.page.get_by_role("button", name="Last position").click()
    visit.at(1, 1)
    # Rows 2 to 4 and columns 2 to 3 of four: SAME with stride 2 pads one row, at the end.
    values = ARTICLE[2:4, 2:4].ravel()
    expect(visit.result).to_have_text(shown(values.mean()))
    assert f"( {' + '.join(shown(value) for value in values)} ) ÷ 4 = {shown(values.mean())}" in line(visit)
    assert told(visit) == (
        "The window covers rows 2 to 4 and columns 2 to 3. "
        f"Its 4 values add up to {values.sum()}; divided by 4 that is {shown(values.mean())}. "
        "2 cells are padding and do not count."
    )
    visit.page.get_by_role("radio", name="PyTorch").click()
    expect(visit.page.locator("#call-note")).to_contain_text("PyTorch averages over these sides")
    visit.call.get_by_role("switch", name="count padding").click()
    expect(visit.result).to_have_text(shown(values.sum() / 6))
    assert line(visit) == f"( sum of 6 {values.sum()} ) ÷ 6 = {shown(values.sum() / 6)}"
    expect(visit.call).to_contain_text("count_include_pad=True")
    expect(visit.page.locator("#input-legend")).to_contain_text("padding, counts as 0")


def test_padding_reads_the_picture_and_an_activation_follows(visit: Visit) -> None:
    plain_controls(visit)
    for label, mode, says in (
        ("Mirrored", "reflect", "mirror the input"),
        ("Edge repeated", "edge", "repeat the edge of the input"),
        ("Wrapped around", "wrap", "wrap around to the other side"),
    ):
        visit.controls.get_by_role("radio", name=label).click()
        padded = np.pad(IMAGE, ((1, 1), (1, 1), (0, 0)), mode)  # type: ignore[call-overload]
        inside = Convolution(padded, SOBEL_X, padding="VALID")
        expect(visit.sentence).to_contain_text(says)
        visit.scrub.fill(str(63 * 64 + 30))
        visit.at(63, 30)
        expect(visit.result).to_have_text(shown(inside.sum(63, 30)))
        assert [float(cells[2].replace(",", "")) for cells in table(visit)] == [
            tap.value for tap in inside.taps(63, 30, 0)
        ]
    visit.controls.get_by_role("radio", name="ReLU").click()
    expect(visit.call).to_contain_text("tf.nn.relu(tf.nn.conv2d(")
    total = inside.sum(63, 30)
    kept = max(0.0, total)
    expect(visit.result).to_have_text(shown(kept))
    assert line(visit).endswith(f"= {shown(total)} → relu → {shown(kept)}")


def test_a_flipped_kernel_is_what_lies_on_the_window(visit: Visit) -> None:
    plain_controls(visit)
    visit.controls.get_by_role("checkbox", name="Flipped").check()
    flipped = Convolution(IMAGE, np.flip(SOBEL_X, (0, 1)))
    expect(visit.call).to_contain_text("tf.reverse(filters, [0, 1])")
    expect(visit.result).to_have_text(shown(flipped.sum(0, 0)))
    assert [cells[3] for cells in table(visit)] == [shown(tap.weight, 3) for tap in flipped.taps(0, 0, 0)]


def test_every_channel_by_itself(visit: Visit) -> None:
    choose(visit, "depthwise_conv2d")
    expect(visit.page.locator("#output-shape b")).to_have_text("64 × 64 × 3")
    expect(visit.page.locator("#kernel-shape")).to_contain_text("[3, 3, 3, 1]")
    visit.press("ArrowDown", "ArrowRight")
    visit.at(1, 1)
    for channel, tag in enumerate("RGB"):
        visit.page.get_by_role("button", name=f"Output channel {tag}").click()
        expected = shown(HARBOUR.channel_sums(1, 1)[channel])
        expect(visit.result).to_have_text(expected)
        read = visit.read()
        assert read["tags"][-1] == tag
        assert [cells[2] for cells in read["taps"]] == [
            shown(tap.value) for tap in HARBOUR.taps(1, 1, channel)
        ]
    plain_controls(visit)
    visit.controls.get_by_role("textbox", name="Bias").fill("-20")
    visit.press("Enter")
    expect(visit.result).to_have_text(shown(HARBOUR.channel_sums(1, 1)[2] - 20))


def test_groups_of_channels(visit: Visit) -> None:
    plain_controls(visit)
    visit.controls.get_by_role("radiogroup", name="Groups of channels").get_by_role("radio", name="3").click()
    expect(visit.page.locator("#output-shape b")).to_have_text("64 × 64 × 3")
    expect(visit.page.locator("#kernel-shape b")).to_have_text("3 × 3 × 1")
    visit.controls.get_by_role("textbox", name="Bias").fill("7")
    visit.press("Enter")
    visit.page.get_by_role("button", name="Output channel 2").click()
    expect(visit.result).to_have_text(shown(HARBOUR.channel_sums(0, 0)[2] + 7))


def test_output_channels_are_added_and_seen_in_small(visit: Visit) -> None:
    picker = visit.open_picker("kernel")
    picker.get_by_role("button", name="One more output channel").click()
    expect(visit.page.locator("#output-shape b")).to_have_text("64 × 64 × 2")
    # The new one is the old one turned by a quarter: what gets brighter going down.
    expect(visit.result).to_have_text(shown(Convolution(IMAGE, np.rot90(SOBEL_X, -1)).sum(0, 0)))
    thumbnails = visit.page.locator("#sum canvas.thumb")
    expect(thumbnails).to_have_count(2)
    expect(thumbnails.nth(1)).to_have_attribute("width", "64")
    assert thumbnails.nth(0).evaluate("(canvas) => canvas.toDataURL()") != thumbnails.nth(1).evaluate(
        "(canvas) => canvas.toDataURL()"
    )
    visit.press("Escape")
    visit.page.get_by_role("button", name="Output channel 0").click()
    expect(visit.result).to_have_text(shown(HARBOUR.sum(0, 0)))
    # The cell at the playhead, which is a question in Predict, in both channels.
    assert [thumbnails.nth(channel).evaluate(OPAQUE) for channel in range(2)] == [True, True]
    visit.press("g")
    expect(visit.page.get_by_role("group", name="Your guess")).to_be_visible()
    for channel in range(2):
        visit.page.wait_for_function(
            f"(canvas) => !({OPAQUE})(canvas)", arg=thumbnails.nth(channel).element_handle()
        )
    visit.press("g")
    picker = visit.open_picker("kernel")
    for count in (3, 4, 5):
        picker.get_by_role("button", name="One more output channel").click()
        expect(visit.page.locator("#output-shape b")).to_have_text(f"64 × 64 × {count}")
    visit.press("Escape")
    expect(visit.page.get_by_role("radio", name="Output channel 4")).to_be_checked()
    visit.page.get_by_role("radio", name="Output channel 4").press("ArrowLeft")
    expect(visit.page.get_by_role("radio", name="Output channel 3")).to_be_checked()
    visit.open_picker("kernel").get_by_role("button", name="Without this output channel").click()
    expect(visit.page.locator("#output-shape b")).to_have_text("64 × 64 × 4")
