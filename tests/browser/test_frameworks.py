"""The call as each framework spells it, shapes as they order them, and the same in plain controls."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.oracle import SOBEL_X, Convolution
from tests.browser.test_first_visit import HARBOUR
from tests.browser.visit import Visit

IMAGE = HARBOUR.image


@pytest.fixture
def pytorch(visit: Visit) -> Visit:
    visit.page.get_by_role("radio", name="PyTorch").click()
    return visit


def test_symmetric_padding(pytorch: Visit) -> None:
    expect(pytorch.call).to_have_text(
        "F.conv2d(input, weight, stride=(1, 1), padding=(1, 1), dilation=(1, 1))"
    )
    assert pytorch.check(HARBOUR) == (0, 0), "spelling changes no number"


def test_what_pytorch_cannot_say_in_one_call(pytorch: Visit) -> None:
    pytorch.set_token("stride, rows", 2)
    expect(pytorch.call).to_contain_text(
        "F.conv2d(F.pad(input, (1, 1, 0, 1)), weight, stride=(2, 1), padding=0"
    )
    pytorch.set_token("stride, columns", 2)
    expect(pytorch.call).to_have_text(
        "F.conv2d(F.pad(input, (0, 1, 0, 1)), weight, stride=(2, 2), padding=0, dilation=(1, 1))"
    )
    pytorch.check(Convolution(IMAGE, SOBEL_X, (2, 2)))


def test_the_tokens_of_an_axis_change_that_axis(pytorch: Visit) -> None:
    pytorch.set_token("stride, columns", 3)
    pytorch.set_token("dilation, rows", 2)
    convolution = Convolution(IMAGE, SOBEL_X, (1, 3), "SAME", (2, 1))
    assert convolution.pads == ((2, 2), (1, 1))
    expect(pytorch.call).to_have_text(
        "F.conv2d(input, weight, stride=(1, 3), padding=(2, 1), dilation=(2, 1))"
    )
    pytorch.check(convolution)
    pytorch.page.get_by_role("radio", name="TensorFlow").click()
    expect(pytorch.call).to_have_text(
        "tf.nn.conv2d(input, filters, strides=[1, 3], padding='SAME', dilations=[2, 1])"
    )


def test_custom_sides(visit: Visit) -> None:
    visit.choose_padding("Custom sides")
    expect(visit.call).to_contain_text("padding=[[0, 0], [1, 1], [1, 1], [0, 0]]")
    for side, cells in [("top", 0), ("bottom", 2), ("left", 3), ("right", 4)]:
        visit.set_token(f"padding, {side}", cells)
    expect(visit.call).to_have_text(
        "tf.nn.conv2d(input, filters, strides=[1, 1], "
        "padding=[[0, 0], [0, 2], [3, 4], [0, 0]], dilations=[1, 1])"
    )
    convolution = Convolution(IMAGE, SOBEL_X, padding=((0, 2), (3, 4)))
    assert convolution.output_size == (64, 69)
    visit.check(convolution)
    visit.page.get_by_role("radio", name="PyTorch").click()
    expect(visit.call).to_have_text(
        "F.conv2d(F.pad(input, (3, 4, 0, 2)), weight, stride=(1, 1), padding=0, dilation=(1, 1))"
    )
    visit.set_token("padding, top", 2)
    visit.token("padding, left").press("ArrowUp")
    expect(visit.call).to_have_text("F.conv2d(input, weight, stride=(1, 1), padding=(2, 4), dilation=(1, 1))")
    visit.set_token("padding, top and bottom", 0)
    visit.check(Convolution(IMAGE, SOBEL_X, padding=((0, 0), (4, 4))))


EIGHT = {
    "TensorFlow": "tf.nn.conv2d(",
    "PyTorch": "F.conv2d(",
    "Keras": "keras.layers.Conv2D(",
    "JAX": "lax.conv_general_dilated(",
    "ONNX": "Conv <kernel_shape",
    "NumPy": "np.einsum(",
    "OpenCV": "cv2.filter2D(",
    "SciPy": "scipy.signal.correlate(",
}


def test_each_framework_says_the_same_and_changes_it(visit: Visit) -> None:
    frameworks = visit.page.get_by_role("radiogroup", name="Spell the call for").get_by_role("radio")
    expect(frameworks).to_have_text(list(EIGHT))
    rows = 1
    for key, (title, spelled) in enumerate(EIGHT.items(), 1):
        visit.page.locator("#stage").focus()
        before = visit.read()
        visit.press(str(key))
        expect(frameworks.nth(key - 1)).to_be_checked()
        expect(visit.call).to_contain_text(spelled)
        after = visit.read()
        assert {**after, "call": None} == {**before, "call": None}, "to switch changes no number"
        rows = 3 - rows
        visit.set_token("stride, rows", rows)
        visit.check(Convolution(IMAGE, SOBEL_X, (rows, 1)))
        if key > 1:
            expect(visit.page).to_have_url(re.compile(rf"framework={title.lower()}\b"))
        if title in ("Keras", "NumPy"):  # a word, and nothing but the mark of a choice
            visit.choose_padding("'VALID'")
            visit.check(Convolution(IMAGE, SOBEL_X, (rows, 1), "VALID"))
            visit.choose_padding("'SAME'")
            visit.check(Convolution(IMAGE, SOBEL_X, (rows, 1)))


def test_a_side_goes_on_being_changed_where_two_become_one_number(visit: Visit) -> None:
    """PyTorch says padding=(1, 1) for two sides each; who changes the bottom passes through it."""
    visit.choose_padding("Custom sides")
    visit.set_token("padding, bottom", 0)
    visit.page.get_by_role("radio", name="PyTorch").click()
    expect(visit.call).to_contain_text("F.pad(input, (1, 1, 1, 0))")
    bottom = visit.token("padding, bottom")
    bottom.press("ArrowUp")
    expect(visit.call).to_contain_text("padding=(1, 1)")
    expect(bottom).to_be_focused()
    bottom.press("ArrowUp")
    expect(visit.call).to_contain_text("F.pad(input, (1, 1, 1, 2))")
    expect(bottom).to_be_focused()
    visit.check(Convolution(IMAGE, SOBEL_X, padding=((1, 2), (1, 1))))


def test_what_a_framework_refuses_is_said_beside_the_call(visit: Visit) -> None:
    visit.set_token("stride, rows", 2)
    visit.set_token("dilation, rows", 2)
    visit.page.get_by_role("radio", name="Keras").click()
    note = visit.page.locator("#call-note")
    expect(note).to_contain_text("Keras takes strides or dilations in a convolution, not both.")
    note.get_by_role("button", name="What gives these numbers instead").click()
    drawer = visit.page.locator("#panel")
    expect(drawer.get_by_role("group", name="instead")).to_contain_text("[:, ::2, ::1]")


def test_shapes_in_the_order_of_the_framework(visit: Visit) -> None:
    visit.choose_preset("Motion blur")  # 1 × 5
    visit.set_token("stride, rows", 4)
    tensors = visit.page.locator(".shape span")
    expect(tensors).to_have_text(["[1, 64, 64, 3]", "[1, 5, 3, 1]", "[1, 16, 64, 1]"])
    visit.page.get_by_role("radio", name="PyTorch").click()
    expect(tensors).to_have_text(["[1, 3, 64, 64]", "[1, 3, 1, 5]", "[1, 1, 16, 64]"])
    expect(visit.page.locator(".shape b")).to_have_text(["64 × 64 × 3", "1 × 5 × 3", "16 × 64 × 1"])


def more(controls: Locator, group: str, field: str) -> Locator:
    return controls.get_by_role("button", name=f"{group}, {field}: more")


def test_plain_controls_are_the_same_state(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Plain controls").click()
    controls = visit.controls
    expect(controls).to_be_visible()
    more(controls, "Step between windows", "down").click()
    more(controls, "Gap between taps", "across").click()
    expect(visit.call).to_contain_text("strides=[2, 1], padding='SAME', dilations=[1, 2]")
    visit.check(Convolution(IMAGE, SOBEL_X, (2, 1), "SAME", (1, 2)))
    expect(controls.get_by_role("radio", name="Pad with zeros")).to_be_checked()
    controls.get_by_role("radio", name="Stay inside").click()
    expect(visit.call).to_contain_text("padding='VALID'")
    visit.check(Convolution(IMAGE, SOBEL_X, (2, 1), "VALID", (1, 2)))
    controls.get_by_role("radio", name="Custom sides").click()
    controls.get_by_role("button", name="Padding bottom: more").click()
    visit.check(Convolution(IMAGE, SOBEL_X, (2, 1), ((0, 1), (0, 0)), (1, 2)))
    visit.set_token("stride, rows", 1)
    expect(controls.get_by_role("group", name="Step between windows").locator("output")).to_have_text(
        ["1", "1"]
    )
    expect(controls.get_by_role("button", name="Step between windows, down: less")).to_be_disabled()

    bias = controls.get_by_role("textbox", name="Bias")
    bias.fill("−12.5")
    bias.press("Enter")
    expect(visit.call).to_contain_text("+ -12.5")
    visit.check(Convolution(IMAGE, SOBEL_X, (1, 1), ((0, 1), (0, 0)), (1, 2), bias=-12.5))
    visit.page.get_by_role("button", name="Hide controls").click()
    expect(controls).to_be_hidden()
    visit.page.get_by_role("radio", name="PyTorch").click()
    expect(visit.call).to_contain_text("bias=torch.tensor([-12.5])")


def test_why_the_output_has_its_shape(visit: Visit) -> None:
    visit.set_token("stride, rows", 2)
    why = visit.page.locator("#why")
    expect(why).to_contain_text("Why 32 × 64?")
    expect(why).to_contain_text("⌊(64 + 0 + 1 − 3) ÷ 2⌋ + 1 = 32")
    expect(why).to_contain_text("⌊(64 + 1 + 1 − 3) ÷ 1⌋ + 1 = 64")
    expect(why).to_contain_text("pad top 0, bottom 1, left 1, right 1")
