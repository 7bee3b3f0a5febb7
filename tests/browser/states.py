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
    """`reach` takes a first visit there. `provokes`: what the console may then say of failed requests."""

    name: str
    reach: Callable[[Visit], None]
    provokes: tuple[str, ...] = ()


def first_visit(visit: Visit) -> None:
    """As it opens."""


def middle(visit: Visit) -> None:
    """Half of the output is there, as in the design's pictures."""
    expect(visit.scrub).to_have_attribute("max", "4095")
    visit.scrub.evaluate("(scrub) => { scrub.value = 3222; scrub.dispatchEvent(new Event('input')); }")
    visit.at(50, 22)


def image_picker(visit: Visit) -> None:
    visit.open_picker("image")


def numbers_editor(visit: Visit) -> None:
    visit.open_picker("image").get_by_role("button", name="Type numbers").click()
    expect(visit.page.get_by_role("group", name="Numbers of the input")).to_be_visible()


def predict(visit: Visit) -> None:
    middle(visit)
    visit.press("g")
    expect(visit.page.get_by_role("group", name="Your guess")).to_be_visible()


def present(visit: Visit) -> None:
    middle(visit)
    visit.press("f")
    expect(visit.page.locator(".modes")).to_be_hidden()


def kernel_picker(visit: Visit) -> None:
    visit.open_picker("kernel")


def output_picker(visit: Visit) -> None:
    visit.open_picker("output")


def padding_picker(visit: Visit) -> None:
    visit.call.get_by_role("button", name="padding").click()
    expect(visit.page.locator("#padding-picker")).to_be_visible()


def list_of_keys(visit: Visit) -> None:
    visit.page.locator("body").press("?")
    expect(visit.help).to_be_visible()


def plain_controls(visit: Visit) -> None:
    visit.page.locator("[data-action=controls]:visible").click()
    expect(visit.controls).to_be_visible()


def panel(visit: Visit, name: str) -> None:
    """Phones have a button that opens the drawer; the tabs are in it."""
    visit.page.locator("[data-action=panel-menu]:visible, #panels:visible [aria-selected]").first.click()
    tab = visit.page.get_by_role("tab", name=name)
    if tab.get_attribute("aria-selected") != "true":
        tab.click()
    expect(visit.page.locator("#panel section").first).to_be_visible()


def explain(visit: Visit) -> None:
    middle(visit)
    panel(visit, "Explain")
    expect(visit.page.locator("#panel")).to_contain_text("Every step")


def ways(visit: Visit) -> None:
    """Another way to the same output, opened."""
    panel(visit, "Compare")
    ways = visit.page.locator("#panel .ways")
    ways.get_by_text("Other ways to the same numbers").click()
    ways.get_by_text("Two passes").click()
    expect(ways.locator("details[open] details[open] canvas")).to_have_count(5)


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


def stamps(visit: Visit) -> None:
    """A transposed convolution by its stamps, and two output channels in small."""
    kernel = "kernel=:1,0,-1;2,0,-2;1,0,-1/:1,2,1;0,0,0;-1,-2,-1"
    query = f"image=one_to_sixteen&size=full&operation=conv2d_transpose&{kernel}&stride=2,2&at=1,2&view=stamp"
    visit.page.goto(f"{visit.url}/?{query}")
    expect(visit.page.locator("#readout span")).to_have_text("7 of 16")
    expect(visit.page.locator("canvas.thumb").nth(1)).to_have_attribute("width", "8")


def everything(visit: Visit) -> None:
    visit.press("End")
    visit.at(63, 63)


def stride(visit: Visit) -> None:
    """Cells that no window reads, and padding at one end only."""
    visit.choose_padding("'VALID'")
    for name in ("stride, rows", "stride, columns"):
        visit.set_token(name, 4)
    expect(visit.page.locator("#output-shape b")).to_have_text("16 × 16 × 1")


def dilation(visit: Visit) -> None:
    for name in ("dilation, rows", "dilation, columns"):
        visit.set_token(name, 3)
    expect(visit.sentence).to_contain_text("columns −3 to 3")  # no step before: the answer would undo it
    visit.page.locator("#stage").focus()  # in a token the arrows change it
    visit.press("ArrowDown", "ArrowRight")
    visit.at(1, 1)


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


def impossible(visit: Visit) -> None:
    visit.lesson()
    visit.choose_padding("'VALID'")
    visit.set_token("dilation, rows", 2)
    expect(visit.ribbon).to_contain_text("does not fit")


def bad_file(visit: Visit) -> None:
    visit.upload(b"no picture at all", "photo.png")
    expect(visit.ribbon).to_be_visible()


def busy(visit: Visit) -> None:
    """The server takes longer than a second over a change."""
    visit.page.route("**/api/v1/traces", lambda _: None)
    visit.token("stride, rows").press("ArrowUp")
    expect(visit.ribbon).to_contain_text("Computing")


def disconnected(visit: Visit) -> None:
    visit.page.route(re.compile("/positions"), lambda route: route.abort())
    visit.press("End")
    expect(visit.ribbon).to_contain_text("The server stopped answering.")


STATES = [
    State("first visit", first_visit),
    State("middle", middle),
    State("everything", everything),
    State("tap", tap),
    State("traced cell", traced_cell),
    State("traced weight", traced_weight),
    State("lesson", lesson),
    State("one channel", one_channel),
    State("stamps", stamps),
    State("stride", stride),
    State("dilation", dilation),
    State("large kernel", large_kernel),
    State("groups", groups),
    State("many channels", many_channels),
    State("whole photo", whole_photo),
    State("image picker", image_picker),
    State("numbers editor", numbers_editor),
    State("predict", predict),
    State("present", present),
    State("kernel picker", kernel_picker),
    State("output picker", output_picker),
    State("padding picker", padding_picker),
    State("plain controls", plain_controls),
    State("explain", explain),
    State("code", code),
    State("compare", compare),
    State("ways", ways),
    State("REST", rest),
    State("export", export),
    State("list of keys", list_of_keys),
    State("dropping", dropping),
    State("busy", busy),
    State("impossible", impossible, ("422",)),
    State("bad file", bad_file, ("422", "415")),
    State("disconnected", disconnected, ("net::",)),
]
# What a phone has no button for: its Tap cadence is behind the plain controls, its keys are no keys.
ON_PHONES = [
    state for state in STATES if state.name not in ("tap", "traced weight", "list of keys", "dropping")
]


def walk(visit: Visit, states: Sequence[State], provoked: list[str] | None = None) -> Iterator[State]:
    """One page through all of them, each from a first visit. `provoked` becomes what it provokes."""
    for state in states:
        if provoked is not None:
            provoked[:] = state.provokes
        visit.open()
        state.reach(visit)
        visit.page.mouse.move(0, 0)
        visit.drawn()
        yield state
        visit.page.unroute_all(behavior="ignoreErrors")
