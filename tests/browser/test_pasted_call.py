"""A call that is pasted becomes what is asked, and is taken back; what cannot be read is said."""

from playwright.sync_api import expect

from tests.browser.conftest import Errors
from tests.browser.oracle import SOBEL_X, Convolution
from tests.browser.states import panel
from tests.browser.test_first_visit import HARBOUR
from tests.browser.visit import Visit

PASTE = """(target, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  target.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
}"""


def paste(visit: Visit, text: str) -> None:
    visit.page.locator("body").evaluate(PASTE, text)


def test_a_call_is_taken_by_touch(visit: Visit) -> None:
    panel(visit, "Code")
    drawer = visit.page.locator("#panel")
    drawer.get_by_text("Paste a call").click()
    drawer.get_by_role("textbox", name="Paste a call").fill("lax.conv(x, w, (2, 1), 'VALID')")
    drawer.get_by_role("button", name="Take its parameters").click()
    expect(visit.ribbon).to_contain_text("Taken from lax.conv.")
    expect(visit.call).to_contain_text("window_strides=(2, 1), padding='VALID'")
    visit.check(Convolution(HARBOUR.image, SOBEL_X, (2, 1), "VALID"))


def test_a_pasted_call_is_taken_and_taken_back(visit: Visit, errors: Errors) -> None:
    errors.provoked = ["422"]
    ribbon = visit.page.locator("#ribbon")
    paste(visit, "y = F.conv2d(x, self.w, bias=torch.tensor([3.]), stride=(2, 1), padding=(1, 0))")
    expect(ribbon).to_have_text(
        "Taken from F.conv2d. The weights are not read from the call: the kernel stays.Close"
    )
    expect(visit.call).to_contain_text("F.conv2d(input, weight, bias=torch.tensor([3.]), stride=(2, 1)")
    visit.check(Convolution(HARBOUR.image, SOBEL_X, (2, 1), ((1, 1), (0, 0)), bias=3))
    ribbon.get_by_role("button", name="Close").click()
    expect(ribbon).to_be_hidden()
    visit.press("Control+z")
    visit.check(Convolution(HARBOUR.image, SOBEL_X))

    paste(visit, "F.conv2d(x, w, stride=s)")
    expect(ribbon).to_have_attribute("role", "alert")
    expect(ribbon).to_contain_text("The pasted call cannot be taken.")
    expect(ribbon).to_contain_text("is s; only what is written out as numbers or texts can be read.")
    visit.check(Convolution(HARBOUR.image, SOBEL_X))
