"""The image: dropped, pasted, chosen among the samples, in every size and scale; and refused."""

import httpx
import numpy as np
from playwright.sync_api import expect

from tests.browser.conftest import Errors
from tests.browser.oracle import ARTICLE, SOBEL_X, VERTICAL_EDGE, Convolution, photo, png, reduced, shown
from tests.browser.test_first_visit import HARBOUR, sample
from tests.browser.visit import Visit

# Small enough to open as it is, and no side like the other.
PIXELS = photo(30, 52)
DRAG = """(target, [name, dataTransfer]) =>
  target.dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }))"""
PASTE = """(target, clipboardData) =>
  target.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }))"""


def test_a_file_is_dropped_anywhere(visit: Visit) -> None:
    files = visit.transfer(png(PIXELS), "holiday.at sea.png", "image/png")
    veil = visit.page.get_by_text("Drop the image anywhere")
    page = visit.page.locator("#caption")
    page.evaluate(DRAG, ["dragenter", files])
    expect(veil).to_be_visible()
    page.evaluate(DRAG, ["dragleave", files])
    expect(veil).to_be_hidden()
    page.evaluate(DRAG, ["dragenter", files])
    page.evaluate(DRAG, ["drop", files])
    expect(veil).to_be_hidden()
    assert visit.check(Convolution(PIXELS, SOBEL_X)) == (0, 0)
    expect(visit.page.locator("#image-button")).to_have_text("holiday.at sea")


def test_an_image_is_pasted(visit: Visit) -> None:
    grey = PIXELS[..., :1]
    visit.page.locator("body").evaluate(PASTE, visit.transfer(png(grey), "image.png", "image/png"))
    convolution = Convolution(grey, SOBEL_X)
    assert visit.check(convolution) == (0, 0)
    assert visit.read()["tags"] == ["sum"]
    visit.press("End")
    visit.at(29, 51)
    visit.check(convolution)


def test_samples(visit: Visit) -> None:
    for name in ("parrot", "tiles", "coins", "star", "steps"):
        title = {"steps": "Steps and points"}.get(name, name.capitalize())
        visit.choose_source(title)
        expect(visit.page.locator("#image-button")).to_have_text(title)
        expect(visit.page.locator("#image-picker")).to_be_hidden()
        visit.at(0, 0)
        visit.press("ArrowDown", "ArrowRight")
        visit.at(1, 1)
        visit.check(Convolution(reduced(sample(name), 4), SOBEL_X))


def test_sizes(visit: Visit) -> None:
    picker = visit.open_picker("image")
    for size in (16, 32, 128, 256):
        radio = picker.get_by_role("radio", name="full, 256 × 256" if size == 256 else str(size), exact=True)
        radio.click()
        expect(radio).to_be_checked()
        convolution = Convolution(reduced(sample("harbour"), 256 // size), SOBEL_X)
        visit.shows(convolution)
        assert visit.check(convolution) == (0, 0)


def test_values_from_0_to_1(visit: Visit) -> None:
    visit.open_picker("image").get_by_role("radio", name="0 to 1").click()
    visit.press("Escape")
    unit = Convolution(HARBOUR.image.astype(np.float32) / np.float32(255), SOBEL_X)
    assert visit.check(unit) == (0, 0)
    visit.press("ArrowDown", "ArrowRight")
    visit.at(1, 1)
    visit.check(unit)


WRONG = [
    (b"This is a letter, not a picture.", "letter.png"),
    (b"", "nothing.png"),
    (png(PIXELS)[:200], "half.png"),
]


def test_a_wrong_file_leaves_everything_as_it_was(visit: Visit, errors: Errors) -> None:
    errors.provoked = ["422", "415"]
    visit.press("ArrowRight")
    visit.at(0, 1)
    visit.drawn()
    before = visit.read()
    for content, name in WRONG:
        visit.upload(content, name)
        refusal = httpx.post(f"{visit.url}/api/v1/images", files={"file": (name, content, "image/png")})
        assert 400 <= refusal.status_code < 500
        [error] = refusal.json()["errors"]
        assert error["field"] == "file"
        expect(visit.ribbon).to_contain_text(error["reason"], ignore_case=True)
        expect(visit.ribbon).to_have_role("alert")
        assert visit.read() == before
        visit.ribbon.get_by_role("button", name="Close").click()
        expect(visit.ribbon).to_be_hidden()
    assert visit.check(HARBOUR) == (0, 1)


def test_an_impossible_call_keeps_the_last_good_picture(visit: Visit, errors: Errors) -> None:
    errors.provoked = ["422"]
    visit.lesson()
    visit.choose_padding("'VALID'")
    convolution = Convolution(ARTICLE, VERTICAL_EDGE, padding="VALID")
    visit.check(convolution)
    visit.press("Home", "ArrowRight")
    visit.at(0, 1)
    visit.page.mouse.move(1, 1)
    # What a touched parameter lights up has gone out again.
    expect(visit.page.locator(".touched")).to_have_count(0)
    before = visit.canvases()
    visit.token("dilation, rows").press("ArrowUp")  # a span of 5 rows on an input of 4
    expect(visit.ribbon).to_have_role("alert")
    for words in ("5", "4"):
        expect(visit.ribbon).to_contain_text(words)
    expect(visit.call).to_contain_text("dilations=[2, 1]")
    expect(visit.page.locator(".touched")).to_have_count(0)
    read = visit.read()
    assert read["result"] == shown(convolution.sum(0, 1))
    assert read["output"] == "2 × 2 × 1"
    visit.forward.click()
    visit.at(1, 0)
    visit.back.click()
    visit.at(0, 1)
    visit.ribbon.get_by_role("button", name="Undo the last change").click()
    expect(visit.ribbon).to_be_hidden()
    expect(visit.call).to_contain_text("padding='VALID', dilations=[1, 1]")
    assert visit.check(convolution) == (0, 1)
    visit.page.mouse.move(1, 1)
    assert visit.canvases() == before


def test_a_possible_change_mends_an_impossible_call(visit: Visit, errors: Errors) -> None:
    errors.provoked = ["422"]
    visit.lesson()
    visit.choose_padding("'VALID'")
    visit.set_token("dilation, columns", 2)
    expect(visit.ribbon).to_have_role("alert")
    visit.choose_padding("'SAME'")
    expect(visit.ribbon).to_be_hidden()
    visit.check(Convolution(ARTICLE, VERTICAL_EDGE, dilations=(1, 2)))


# A camera that sees one colour, and counts how often it is switched off.
CAMERA = """() => {
  window.stops = 0;
  navigator.mediaDevices.getUserMedia = async () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [40, 24];
    const paint = () => {
      const context = canvas.getContext("2d");
      context.fillStyle = "rgb(200 100 50)";
      context.fillRect(0, 0, 40, 24);
      requestAnimationFrame(paint);
    };
    paint();
    const stream = canvas.captureStream();
    for (const track of stream.getTracks()) {
      const stop = track.stop.bind(track);
      track.stop = () => { window.stops += track.readyState === "live" ? 1 : 0; stop(); };
    }
    return stream;
  };
}"""
REFUSED_CAMERA = """() => {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", "NotAllowedError"));
}"""


def test_a_picture_is_taken(visit: Visit) -> None:
    visit.page.evaluate(REFUSED_CAMERA)
    picker = visit.open_picker("image")
    picker.get_by_role("button", name="Use camera").click()
    expect(visit.ribbon).to_contain_text(
        "The browser did not allow the camera. You can choose a file instead."
    )
    visit.check(HARBOUR)
    visit.page.evaluate(CAMERA)
    picker.get_by_role("button", name="Use camera").click()
    live = picker.get_by_label("What the camera sees")
    expect(live).to_be_visible()
    visit.press("Escape")
    assert visit.page.evaluate("stops") == 1, "nobody is filmed by a closed popup"
    picker = visit.open_picker("image")
    picker.get_by_role("button", name="Use camera").click()
    take = picker.get_by_role("button", name="Take the picture")
    expect(take).to_be_focused()
    visit.page.wait_for_function("document.querySelector('video').videoWidth === 40")
    take.click()
    expect(visit.page.locator("#image-button")).to_have_text("Camera")
    expect(visit.page.locator("#input-shape b")).to_have_text("24 × 40 × 3")
    assert visit.page.evaluate("stops") == 2
    expect(visit.ribbon).to_be_hidden()
