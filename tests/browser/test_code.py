"""The Code panel: calls and programs of every framework, which are the operation on the stage."""

import onnx
from playwright.sync_api import Page, expect

from tests.browser.states import panel
from tests.browser.visit import Visit


def test_the_program_that_is_read_runs(visit: Visit, page: Page) -> None:
    visit.lesson()
    visit.set_token("stride, rows", 2)
    panel(visit, "Code")
    drawer = page.locator("#panel")
    frameworks = drawer.get_by_label("Framework")
    expect(frameworks.locator("option")).to_contain_text(["TensorFlow", "PyTorch", "Keras", "JAX", "ONNX"])
    call = drawer.get_by_role("group", name="The call")
    expect(call).to_have_text(visit.call.text_content() or "")
    frameworks.select_option(label="NumPy")
    program = drawer.get_by_role("group", name="The program")
    expect(program).to_contain_text("sliding_window_view")
    code = program.inner_text()
    exec(compile(code, "program", "exec"), {})
    frameworks.select_option(label="ONNX")
    expect(program).to_contain_text("import onnx")  # what is drawn anew under a press takes the press away
    with page.expect_download() as begun:
        drawer.get_by_role("button", name="Download as .onnx").click()
    assert begun.value.suggested_filename.endswith(".onnx")
    onnx.checker.check_model(onnx.load(begun.value.path()), full_check=True)
    # The framework of the call takes over when it is another one.
    page.get_by_role("radio", name="PyTorch").click()
    expect(call).to_contain_text("F.conv2d(")
    # The module of the same, beside the function, where it pads both sides alike.
    visit.choose_padding("'VALID'")
    expect(drawer.get_by_role("group", name="In other words")).to_contain_text("nn.Conv2d(")
    visit.choose_padding("'SAME'")
    visit.set_token("dilation, rows", 2)
    frameworks.select_option(label="Keras")
    expect(drawer).to_contain_text("Keras takes strides or dilations in a convolution, not both.")
    expect(drawer.get_by_role("group", name="instead")).to_contain_text("[:, ::2, ::1]")
    page.locator("#stage").focus()
    visit.press("g")
    expect(drawer).to_contain_text("It waits until Predict is off.")
    expect(program).to_have_count(0)
