"""The page over a large picture in a browser: frames, script, answers to hands, what a thousand steps leave.

The server, the browser and its painting without a graphics card share the machine: what script takes of a
frame says more of the page than the frames do.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

from tests.bench.serving_load import quantile
from tests.browser.oracle import photo, png
from tests.browser.serving import Server
from tests.browser.test_frames import STEP, heap
from tests.browser.visit import Visit
from tests.chromium import launch

SIDE = 1024
STEPS = 1000
GOALS = {"script_p95_ms": 8, "next_paint_ms": 100}
FRAME = "a frame begins"
# The outermost of these on a thread are its script, with what the script makes the browser do at once.
SCRIPT = {
    "FunctionCall",
    "v8.callFunction",
    "EvaluateScript",
    "FireAnimationFrame",
    "TimerFire",
    "EventDispatch",
    "RunMicrotasks",
    "BlinkScheduler_PerformMicrotaskCheckpoint",
    "MinorGC",
    "MajorGC",
}
CATEGORIES = ["devtools.timeline", "v8", "toplevel", "blink.user_timing"]

FRAMES = """([ms, frame]) => new Promise((done) => {
  const began = performance.now();
  let frames = 0;
  const next = () => {
    performance.mark(frame);
    globalThis.beforeFrame?.(frames);
    frames++;
    const passed = performance.now() - began;
    if (passed < ms) requestAnimationFrame(next);
    else done((frames * 1000) / passed);
  };
  requestAnimationFrame(next);
})"""
# A wheel that turns a little in each frame, there and back again.
PAN = """() => {
  const canvas = document.querySelector("#input-live");
  const { left, top } = canvas.getBoundingClientRect();
  globalThis.beforeFrame = (frame) => {
    const way = Math.floor(frame / 80) % 2 === 0 ? 1 : -1;
    canvas.dispatchEvent(new WheelEvent("wheel", {
      deltaX: 7 * way, deltaY: 5 * way, clientX: left + 150, clientY: top + 150,
      bubbles: true, cancelable: true,
    }));
  };
}"""
WATCH_PAINTS = """
paints = [];
new PerformanceObserver((list) => {
  for (const { interactionId, duration } of list.getEntries()) if (interactionId) paints.push(duration);
}).observe({ type: "event", durationThreshold: 16, buffered: true });
"""
FASTEST = "(speed) => { speed.value = speed.max; speed.dispatchEvent(new Event('input')); }"

Document = dict[str, Any]


def script_of_frames(events: Sequence[Document]) -> list[float]:
    """Milliseconds of script from each frame's beginning to the next one's, by a trace of the browser."""
    marks = sorted((event["ts"], event["pid"], event["tid"]) for event in events if event["name"] == FRAME)
    begins = [time for time, _, _ in marks]
    thread = {(process, thread) for _, process, thread in marks}
    spans = sorted(
        (event["ts"], event["ts"] + event["dur"])
        for event in events
        if event["ph"] == "X" and event["name"] in SCRIPT and (event["pid"], event["tid"]) in thread
    )
    took = [0.0] * (len(begins) - 1)
    end, frame = 0.0, 0
    for start, stop in spans:
        while frame < len(took) and start >= begins[frame + 1]:
            frame += 1
        if frame == len(took):
            break
        if start >= begins[0] and stop > end:
            took[frame] += (stop - max(start, end)) / 1000
        end = max(end, stop)
    return took


@contextmanager
def opened(browser: Browser, url: str, side: int) -> Iterator[Visit]:
    """A visit that looks at a photograph at its full size, every sum of which is there."""
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.add_init_script(WATCH_PAINTS)
        visit = Visit(page, url).open()
        visit.upload(png(photo(side, side)))
        expect(page.locator("#image-button")).to_have_text("photo", timeout=60_000)
        picker = visit.open_picker("image")
        full = picker.get_by_role("radio", name=f"full, {side} × {side}")
        full.click()
        expect(page.locator("#input-shape b")).to_have_text(f"{side} × {side} × 3", timeout=60_000)
        visit.press("Escape")
        page.wait_for_load_state("networkidle")
        page.locator("#stage").focus()
        yield visit


def frames(browser: Browser, visit: Visit, seconds: float) -> Document:
    """Frames a second, untraced; then what script takes of each."""
    rate: float = visit.page.evaluate(FRAMES, [seconds * 1000, FRAME])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace.json"
        browser.start_tracing(page=visit.page, path=path, categories=CATEGORIES)
        visit.page.evaluate(FRAMES, [seconds * 1000, FRAME])
        browser.stop_tracing()
        took = sorted(script_of_frames(json.loads(path.read_text("utf-8"))["traceEvents"]))
    return {"frames_per_s": rate, "script_p50_ms": quantile(took, 0.5), "script_p95_ms": quantile(took, 0.95)}


def playing(browser: Browser, visit: Visit, seconds: float) -> Document:
    visit.page.locator("#speed").evaluate(FASTEST)
    began = visit.where()
    visit.play.click()
    found = frames(browser, visit, seconds)
    visit.play.click()
    assert visit.where() != began, "it did not play"
    return found


def panning(browser: Browser, visit: Visit, seconds: float) -> Document:
    visit.page.evaluate(PAN)
    found = frames(browser, visit, seconds)
    visit.page.evaluate("() => { globalThis.beforeFrame = undefined; }")
    return found


def next_paint(visit: Visit, act: Callable[[], None]) -> float:
    """The longest of a few, ms; the browser counts by 8, and says nothing of less than 16."""
    visit.page.evaluate("paints.length = 0")
    for _ in range(4):
        act()
        visit.drawn()
    longest: float = visit.page.evaluate("Math.max(16, ...paints)")
    return longest


def hands(visit: Visit) -> Document:
    """From each of these to the next paint, ms."""
    stride = visit.token("stride, rows")

    def strides() -> None:
        stride.press("ArrowUp")
        stride.press("ArrowDown")

    def presets() -> None:
        visit.choose_preset("Laplacian")
        visit.choose_preset("Sobel x")

    return {
        "arrow": next_paint(visit, lambda: visit.press("ArrowRight")),
        "zoom": next_paint(visit, lambda: visit.press("+", "-")),
        "stride": next_paint(visit, strides),
        "preset": next_paint(visit, presets),
    }


def growth(visit: Visit, steps: int) -> int:
    """Bytes of live objects that so many steps leave."""
    session = visit.page.context.new_cdp_session(visit.page)
    session.send("Performance.enable")
    session.send("HeapProfiler.enable")
    visit.page.evaluate(STEP, 256)
    before, _ = heap(session)
    visit.page.evaluate(STEP, steps)
    return heap(session)[0] - before


def figures(seconds: float = 3, side: int = SIDE, steps: int = STEPS) -> Document:
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        with opened(browser, server.url, side) as visit:
            document = {
                "side": side,
                "browser": browser.version,
                "playing": playing(browser, visit, seconds),
                "panning": panning(browser, visit, seconds),
                "steps": steps,
                "growth_bytes": growth(visit, steps),
                "next_paint_ms": hands(visit),
            }
        browser.close()
    return document


def show(document: Document) -> str:
    lines = [
        "",
        f"the page over {document['side']} x {document['side']} x 3, Chromium {document['browser']}",
        f"{'':10s}frames/s   script ms a frame, p50    p95  (goal {GOALS['script_p95_ms']})",
    ]
    for name in "playing", "panning":
        row = document[name]
        lines.append(
            f"{name:10s}{row['frames_per_s']:8.1f}{row['script_p50_ms']:26.1f}{row['script_p95_ms']:7.1f}"
        )
    paints = ", ".join(f"{name} {took:.0f} ms" for name, took in document["next_paint_ms"].items())
    lines.append(f"next paint after {paints}  (goal {GOALS['next_paint_ms']} ms)")
    lines.append(f"{document['steps']} steps leave {document['growth_bytes'] / 1024:.0f} KiB")
    return "\n".join(lines)
