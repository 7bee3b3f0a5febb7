"""Every state the page can be in, as a person reaches it from the first visit."""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from playwright.sync_api import expect

from tests.browser.oracle import photo, png
from tests.browser.visit import Visit


@dataclass(frozen=True)
class State:
    """`reach` takes a visit of the link `query` there, or the state `after` which it comes.

    `provokes`: what the console may then say of failed requests. `part`: where on the page it differs from
    others, as a selector; everywhere, if it is empty. `leave` goes back to what the link shows, so that
    another state of this link is reached without opening the page again.
    """

    name: str
    reach: Callable[[Visit], None]
    provokes: tuple[str, ...] = ()
    query: str = ""
    after: str = ""
    part: str = ""
    leave: Callable[[Visit], None] | None = None


# A camera that sees one colour, and one that is not allowed.
CAMERA = """() => {
  navigator.mediaDevices.getUserMedia = async () => {
    const canvas = document.createElement("canvas");
    canvas.getContext("2d").fillRect(0, 0, canvas.width, canvas.height);
    return canvas.captureStream();
  };
}"""
REFUSED_CAMERA = """() => {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", "NotAllowedError"));
}"""
TWO_OUTPUTS = ":1,0,-1;2,0,-2;1,0,-1/:1,2,1;0,0,0;-1,-2,-1"


def as_linked(visit: Visit) -> None:
    """As it opens."""


def outputs_in_small(visit: Visit) -> None:
    """The link has more than one output channel, and all of them are drawn."""
    expect(visit.page.locator("canvas.thumb").last).not_to_have_attribute("width", "0")


def middle(visit: Visit) -> None:
    """Half of the output is there, as in the design's pictures."""
    expect(visit.scrub).to_have_attribute("max", "4095")
    visit.scrub.evaluate("(scrub) => { scrub.value = 3222; scrub.dispatchEvent(new Event('input')); }")
    visit.at(50, 22)


def pressing(key: str) -> Callable[[Visit], None]:
    return lambda visit: visit.press(key)


escape = pressing("Escape")


def close_ribbon(visit: Visit) -> None:
    visit.ribbon.get_by_role("button", name="Close").click()
    expect(visit.ribbon).to_be_hidden()


def image_picker(visit: Visit) -> None:
    visit.open_picker("image")


def numbers_editor(visit: Visit) -> None:
    """In the open popup of images."""
    visit.page.get_by_role("button", name="Type numbers").click()
    expect(visit.page.get_by_role("group", name="Numbers of the input")).to_be_visible()


def camera(visit: Visit) -> None:
    visit.page.evaluate(CAMERA)
    visit.open_picker("image").get_by_role("button", name="Use camera").click()
    expect(visit.page.get_by_role("button", name="Take the picture")).to_be_focused()


def camera_refused(visit: Visit) -> None:
    visit.page.evaluate(REFUSED_CAMERA)
    visit.open_picker("image").get_by_role("button", name="Use camera").click()
    expect(visit.ribbon).to_contain_text("did not allow the camera")


def predict(visit: Visit) -> None:
    middle(visit)
    visit.press("g")
    expect(visit.page.get_by_role("group", name="Your guess")).to_be_visible()


def told(visit: Visit) -> None:
    """What was said, and what it is."""
    visit.page.get_by_role("group", name="Your guess").get_by_role("button", name="negative").click()
    expect(visit.sentence).to_contain_text("You said negative.")


def predict_a_number(visit: Visit) -> None:
    visit.press("g")
    expect(visit.page.get_by_role("textbox", name="Your guess")).to_be_visible()


def present(visit: Visit) -> None:
    middle(visit)
    visit.press("f")
    expect(visit.page.locator(".modes")).to_be_hidden()


def kernel_picker(visit: Visit) -> None:
    visit.open_picker("kernel")


def matrix_text(visit: Visit) -> None:
    """What cannot be read as a kernel, in the text of one that can."""
    picker = visit.page.locator("#kernel-picker")
    picker.get_by_text("As text").click()
    picker.get_by_role("textbox", name="Weights as text").fill("1 2\n3 x")
    picker.get_by_role("button", name="Use this text").click()
    expect(picker.get_by_role("alert")).to_be_visible()


def kernel_of_each_channel(visit: Visit) -> None:
    picker = visit.open_picker("kernel")
    picker.get_by_role("radio", name="One per channel").click()
    expect(picker.get_by_role("radio", name="One per channel")).to_be_checked()


def weight_in_place(visit: Visit) -> None:
    """The weight of the cell in the loupe's middle, in a box over its lower half."""
    box = visit.loupe.bounding_box()
    assert box
    visit.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.55)
    expect(visit.page.locator(".weight-in-place")).to_be_focused()


def output_picker(visit: Visit) -> None:
    visit.open_picker("output")


def choices(visit: Visit, name: str) -> None:
    visit.press("Escape")
    visit.call.get_by_role("button", name=name).click()
    expect(visit.page.locator(f"#{name}-picker")).to_be_visible()


def operation_picker(visit: Visit) -> None:
    choices(visit, "operation")


def padding_picker(visit: Visit) -> None:
    choices(visit, "padding")


def activation_picker(visit: Visit) -> None:
    choices(visit, "activation")


def list_of_keys(visit: Visit) -> None:
    visit.press("Escape")
    visit.page.locator("#stage").focus()
    visit.press("?")
    expect(visit.help).to_be_visible()


def switch_controls(visit: Visit) -> None:
    visit.page.locator("[data-action=controls]:visible").click()


def plain_controls(visit: Visit) -> None:
    switch_controls(visit)
    expect(visit.controls.locator(".group").first).to_be_visible()


def panel(visit: Visit, name: str) -> None:
    """Phones have a button that opens the drawer; the tabs are in it."""
    if not visit.page.locator("#drawer").is_visible():
        visit.page.locator("[data-action=panel-menu]:visible, #panels:visible [aria-selected]").first.click()
    tab = visit.page.get_by_role("tab", name=name)
    if tab.get_attribute("aria-selected") != "true":
        tab.click()
    expect(visit.page.locator("#panel section").first).to_be_visible()


def explain(visit: Visit) -> None:
    panel(visit, "Explain")
    expect(visit.page.locator("#panel")).to_contain_text("Every step")


def ways(visit: Visit) -> None:
    """Another way to the same output, in the stage's place; the link says at which of its stages."""
    expect(visit.page.locator("#ways figure")).to_have_count(5)


def two_passes(visit: Visit) -> None:
    visit.page.get_by_role("radio", name="Two passes").click()
    expect(visit.page.locator("#ways figure")).to_have_count(6)


def no_such_way(visit: Visit) -> None:
    """What the server refuses."""
    visit.page.get_by_role("radio", name="Zeros in the kernel").click()
    expect(visit.page.locator("#ways")).to_contain_text("there are no gaps")


def code(visit: Visit) -> None:
    """What Keras refuses, with what gives the numbers instead, and the whole program."""
    visit.set_token("stride, rows", 2)
    visit.set_token("dilation, rows", 2)
    panel(visit, "Code")
    visit.page.locator("#panel select").select_option(label="Keras")
    expect(visit.page.locator("#panel")).to_contain_text("np.testing.assert_allclose")


def compare(visit: Visit) -> None:
    """Another stride than 1, at which TensorFlow and PyTorch part."""
    for name in ("stride, rows", "stride, columns"):
        visit.set_token(name, 2)
    panel(visit, "Compare")
    expect(visit.page.locator("#panel figure")).to_have_count(3)


def rest(visit: Visit) -> None:
    panel(visit, "REST")
    expect(visit.page.locator("#panel")).to_contain_text("partial_sum")


def export(visit: Visit) -> None:
    panel(visit, "Export")
    expect(visit.page.get_by_role("button", name="Figure, PNG")).to_be_visible()


def tap(visit: Visit) -> None:
    middle(visit)
    visit.page.get_by_role("radio", name="Tap").click()
    visit.press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")
    expect(visit.sentence).to_contain_text("Tap 6 of 27")


def by_position(visit: Visit) -> None:
    visit.page.get_by_role("radio", name="Position", exact=True).click()


def traced_cell(visit: Visit) -> None:
    """Pressed in the input: who reads it, and with which weight."""
    visit.page.locator("#input-live").click()
    expect(visit.page.locator("#traced")).to_contain_text("windows read the cell")


def traced_weight(visit: Visit) -> None:
    middle(visit)
    visit.press("w")
    expect(visit.page.locator("#traced")).to_contain_text("The weight 0 lies on the cell")
    visit.press("ArrowRight")
    expect(visit.page.locator("#traced")).to_contain_text("The weight 2 lies on the cell")


def lesson(visit: Visit) -> None:
    visit.lesson()


def everything(visit: Visit) -> None:
    visit.press("End")
    visit.at(63, 63)


def large_kernel(visit: Visit) -> None:
    """Too many taps for a number in each."""
    picker = visit.open_picker("kernel")
    for side in ("height", "width"):
        picker.get_by_label(f"Kernel {side}").select_option("9")
    expect(visit.page.locator("#kernel-shape b")).to_have_text("9 × 9 × 3")
    visit.press("Escape")


def one_channel(visit: Visit) -> None:
    visit.choose_source("Coins")
    expect(visit.page.locator("#input-shape b")).to_have_text("64 × 64 × 1")


def groups(visit: Visit) -> None:
    """An array of eight channels, two of them in each output."""
    visit.upload(npy(8), "features.npy", "application/octet-stream")
    expect(visit.page.locator("#input-shape b")).to_have_text("20 × 24 × 8")
    plain_controls(visit)
    visit.controls.get_by_role("radiogroup", name="Groups of channels").get_by_role("radio", name="4").click()
    expect(visit.page.locator("#output-shape b")).to_have_text("20 × 24 × 4")
    visit.page.locator("[data-action=controls]:visible").click()


def many_channels(visit: Visit) -> None:
    """A sum of more terms than there is room for, and the channels in small."""
    visit.upload(npy(64), "features.npy", "application/octet-stream")
    expect(visit.page.locator("#input-shape b")).to_have_text("20 × 24 × 64")
    visit.page.locator(".channels .thumb").first.wait_for(state="attached")


def npy(channels: int) -> bytes:
    """Waves of as many directions, 20 x 24."""
    down, across, channel = np.ogrid[:20, :24, :channels]
    stream = io.BytesIO()
    np.save(stream, (np.sin(across * (channel % 7) / 5 + down * (channel % 3) / 4)).astype(np.float32))
    return stream.getvalue()


def whole_photo(visit: Visit) -> None:
    """More cells than there is room for."""
    visit.upload(png(photo(768, 1024)), "My photo.png")
    expect(visit.page.locator("#image-button")).to_have_text("My photo")
    visit.open_picker("image").get_by_role("radio", name="full, 1024 × 768").click()
    expect(visit.page.locator("#input-shape b")).to_have_text("768 × 1024 × 3")
    visit.press("Escape")


def dropping(visit: Visit) -> None:
    data = visit.transfer(b"", "photo.png", "image/png")
    visit.page.dispatch_event("body", "dragenter", {"dataTransfer": data})
    expect(visit.page.locator("#drop-veil")).to_be_visible()


def pytorch(visit: Visit) -> None:
    """What it takes to say one thing in another framework."""
    visit.press("2")
    expect(visit.call).to_contain_text("F.conv2d(")


def german(visit: Visit) -> None:
    expect(visit.page.locator("#input-heading")).to_have_text("Eingabe")


def german_controls(visit: Visit) -> None:
    visit.page.locator("[data-action=controls]:visible").click()
    expect(visit.controls).to_contain_text("Schritt zwischen Fenstern")


def impossible(visit: Visit) -> None:
    visit.lesson()
    visit.choose_padding("'VALID'")
    visit.set_token("dilation, rows", 2)
    expect(visit.ribbon).to_contain_text("does not fit")


def bad_file(visit: Visit) -> None:
    visit.upload(b"no picture at all", "photo.png")
    expect(visit.ribbon).to_be_visible()


def busy(visit: Visit) -> None:
    """The server takes longer than a second over a change: so it looks while something loads."""
    visit.intercept("**/api/v1/traces", lambda _: None)
    visit.token("stride, rows").press("ArrowUp")
    expect(visit.ribbon).to_contain_text("Computing")


def disconnected(visit: Visit) -> None:
    # A change, not a step: the numbers of any step may have been fetched ahead.
    visit.intercept(re.compile("/traces"), lambda route: route.abort())
    visit.token("stride, rows").press("ArrowUp")
    expect(visit.ribbon).to_contain_text("The server stopped answering.")


STATES = [
    State("first visit", as_linked),
    State("traced cell", traced_cell, after="first visit", part=".stage, .caption", leave=escape),
    State("camera", camera, part="#image-picker", leave=escape),
    State("camera refused", camera_refused, part="#ribbon", leave=close_ribbon),
    State("image picker", image_picker, part="#image-picker", leave=escape),
    State("numbers editor", numbers_editor, after="image picker", part="#image-picker"),
    State("lesson", lesson, part=".stage, .caption, .transport"),
    State(
        "predict a number",
        predict_a_number,
        query="?image=one_to_sixteen&size=full&filter=vertical_edge",
        part=".stage, .caption, .bar",
    ),
    State("middle", middle, part=".stage, .caption, .transport", leave=as_linked),
    State("explain", explain, after="middle", leave=escape),
    State("REST", rest, after="explain", part="#drawer, .bar", leave=escape),
    State("export", export, after="REST", part="#drawer, .bar", leave=escape),
    State("compare", compare, query="?image=harbour&size=64&filter=sobel_x&stride=2,2", part="#drawer, .bar"),
    State(
        "ways",
        ways,
        query="?image=harbour&size=64&filter=sobel_x&dilation=2,2&at=30,22&way=space_to_batch&way_step=1",
    ),
    State("two passes", two_passes, after="ways"),
    State("matrices", ways, query="?image=harbour&size=64&filter=sobel_x&at=30,22&way=im2col&way_step=4"),
    State("no such way", no_such_way, after="matrices"),
    State("code", code, part="#drawer, .bar"),
    State("groups", groups, part=".stage, .caption"),
    State("many channels", many_channels, part=".stage, .caption"),
    State("predict", predict, part=".stage, .caption, .bar"),
    State("told", told, after="predict", part=".stage, .caption, .bar", leave=pressing("g")),
    State("present", present, leave=pressing("f")),
    State("tap", tap, part=".stage, .caption, .transport", leave=by_position),
    State("traced weight", traced_weight, part=".stage, .caption", leave=escape),
    State("everything", everything),
    State("one channel", one_channel),
    State("kernel picker", kernel_picker, part="#kernel-picker", leave=escape),
    State("matrix text", matrix_text, after="kernel picker", part="#kernel-picker", leave=escape),
    State("kernel of each channel", kernel_of_each_channel, part="#kernel-picker"),
    State("weight in place", weight_in_place, part=".stage", leave=escape),
    State("large kernel", large_kernel),
    State("output picker", output_picker, part="#output-picker", leave=escape),
    State(
        "operation picker", operation_picker, after="output picker", part="#operation-picker", leave=escape
    ),
    State("padding picker", padding_picker, after="operation picker", part="#padding-picker", leave=escape),
    State("list of keys", list_of_keys, after="padding picker", part="#help", leave=escape),
    State("plain controls", plain_controls, part=".call", leave=switch_controls),
    State(
        "activation picker",
        activation_picker,
        query="?image=coins&size=64&filter=sobel_x&activation=relu",
        part="#activation-picker, .call",
    ),
    # Cells that no window reads, and padding at one end only.
    State(
        "stride",
        as_linked,
        query="?image=harbour&size=64&filter=sobel_x&stride=4,4&padding=VALID",
        part=".call, .stage, .caption",
    ),
    State(
        "dilation",
        as_linked,
        query="?image=harbour&size=64&filter=sobel_x&dilation=3,3&at=1,1",
        part=".call, .stage, .caption",
    ),
    State(
        "pool",
        as_linked,
        query="?image=harbour&size=64&operation=max_pool2d&window=3,2&stride=2,2&at=5,7",
        part=".call, .stage, .caption",
    ),
    State(
        "depthwise",
        outputs_in_small,
        query="?image=harbour&size=64&operation=depthwise_conv2d&filter=sobel_x&at=5,7",
        part=".call, .stage, .caption",
    ),
    State(
        "stamps",
        outputs_in_small,
        query="?image=one_to_sixteen&size=full&operation=conv2d_transpose"
        f"&kernel={TWO_OUTPUTS}&stride=2,2&at=1,2&view=stamp",
    ),
    State(
        "gather",
        as_linked,
        query="?image=one_to_sixteen&size=full&operation=conv2d_transpose&filter=sobel_x&stride=2,2&at=4,6",
        part=".call, .stage, .caption",
    ),
    State("PyTorch", pytorch, query="?image=harbour&size=64&filter=sobel_x&stride=2,2", part=".call, .stage"),
    State("German", german, query="?lang=de"),
    State("German controls", german_controls, after="German", part=".call"),
    State("whole photo", whole_photo),
    State("dropping", dropping, part="#drop-veil"),
    State("busy", busy, part="#ribbon, .call"),
    State("impossible", impossible, ("422",), part="#ribbon, .call"),
    State("bad file", bad_file, ("422", "415"), part="#ribbon"),
    State("disconnected", disconnected, ("net::",)),
]
# Where only what is on the canvases differs from other states.
DRAWN_OTHERWISE = ("everything", "one channel", "dilation", "large kernel", "gather", "whole photo")
# What a phone has no button for: its Tap cadence is behind the plain controls, its keys are no keys.
NOT_ON_PHONES = ("tap", "traced weight", "list of keys", "weight in place", "dropping")
ON_PHONES = [state for state in STATES if state.name not in NOT_ON_PHONES]


def walk(visit: Visit, states: Sequence[State], provoked: list[str] | None = None) -> Iterator[State]:
    """One page through all of them. `provoked` becomes what they provoke."""
    before: State | None = None
    link = ""
    for state in states:
        steps = way(state)
        if before and state.after == before.name:
            steps = steps[-1:]
        elif before and before.leave and link == steps[0].query:
            before.leave(visit)
            visit.page.locator("#stage").focus()
        else:
            link = steps[0].query
            visit.open(link)
        for step in steps:
            if provoked is not None:
                provoked[:] = step.provokes
            step.reach(visit)
        visit.page.mouse.move(0, 0)
        visit.drawn()
        yield state
        visit.page.unroute_all(behavior="ignoreErrors")
        before = state


def way(state: State) -> list[State]:
    """From a link to this state."""
    previous = [other for other in STATES if other.name == state.after]
    return [*(step for other in previous for step in way(other)), state]
