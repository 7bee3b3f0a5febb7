"""How fast the page is, on a warm server of its own: `python -m tests.browser.measure`.

Times are taken inside the page: a frame counts as drawn when the one after it begins.
"""

import json
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.oracle import photo, png
from tests.browser.serving import Server
from tests.browser.visit import Visit
from tests.chromium import launch

LOADS, STEPS, PLAY_SECONDS, EVERYTHINGS = 10, 100, 10, 5

# Runs before the page's own scripts. `drawn` is the first frame after which the loupe is not blank.
WATCH = """(() => {
  const measured = { drawn: null, frames: [], changes: [] };
  window.measured = measured;
  const painted = () => {
    const loupe = document.querySelector("#loupe");
    if (!loupe || loupe.width < 50 || loupe.width === 300) return false;
    const middle = [Math.floor(loupe.width / 2), Math.floor(loupe.height / 2), 1, 1];
    return loupe.getContext("2d").getImageData(...middle).data[3] > 0;
  };
  const look = () => {
    if (!painted()) requestAnimationFrame(look);
    else requestAnimationFrame((now) => { measured.drawn = performance.now(); });
  };
  requestAnimationFrame(look);

  measured.step = () => new Promise((done) => {
    const readout = document.querySelector("#readout");
    let pressed;
    addEventListener("keydown", (event) => { pressed = event.timeStamp; }, { once: true, capture: true });
    const observer = new MutationObserver(() => {
      observer.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - pressed)));
    });
    observer.observe(readout, { childList: true, subtree: true, characterData: true });
  });
  // The key comes the moment the picture is there: no sum has been fetched by then.
  measured.everything = (shape, last) => new Promise((done) => {
    const readout = document.querySelector("#readout");
    let pressed;
    const arrival = new MutationObserver(() => {
      if (document.querySelector("#input-shape b").textContent !== shape) return;
      arrival.disconnect();
      const key = { key: "ArrowRight", code: "ArrowRight", bubbles: true, cancelable: true };
      setTimeout(() => {
        pressed = performance.now();
        document.body.dispatchEvent(new KeyboardEvent("keydown", key));
      });
    });
    arrival.observe(document.querySelector("#input-shape"), { childList: true, subtree: true });
    const end = new MutationObserver(() => {
      if (readout.querySelector("b").textContent !== last) return;
      end.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - pressed)));
    });
    end.observe(readout, { childList: true });
  });
  measured.count = (milliseconds) => new Promise((done) => {
    const readout = document.querySelector("#readout");
    const changes = [];
    const observer = new MutationObserver(() => changes.push(performance.now()));
    observer.observe(readout, { childList: true });
    let frames = 0;
    const begun = performance.now();
    const tick = () => {
      frames += 1;
      if (performance.now() - begun < milliseconds) requestAnimationFrame(tick);
      else {
        observer.disconnect();
        done({ positions: changes.length, seconds: (performance.now() - begun) / 1000, frames });
      }
    };
    requestAnimationFrame(tick);
  });
})()"""


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def line(name: str, values: Sequence[float], unit: str = "ms") -> None:
    print(
        f"{name:<44} p50 {statistics.median(values):8.1f}   p95 {quantile(values, 0.95):8.1f}   "
        f"max {max(values):8.1f} {unit}   n {len(values)}"
    )


def loads(browser: Browser, url: str) -> list[float]:
    """Navigation start to the first drawn position, each in a context without a cache."""
    times = []
    for _ in range(LOADS):
        with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
            context.add_init_script(WATCH)
            page = context.new_page()
            visit = Visit(page, url).open()
            visit.drawn()
            times.append(float(page.evaluate("measured.drawn")))
    return times


def steps(page: Page) -> list[float]:
    times = []
    for _ in range(STEPS):
        waiting = page.evaluate_handle("({ done: measured.step() })")
        page.keyboard.press("ArrowRight")
        times.append(float(waiting.evaluate("({ done }) => done")))
    return times


def script_times(trace: list[dict[str, Any]]) -> list[float]:
    """Milliseconds of script between one frame and the next, out of a trace of the page's main thread."""
    frames = [event for event in trace if event["name"] == "FireAnimationFrame" and event["ph"] == "X"]
    [(process, thread), *_] = {(event["pid"], event["tid"]) for event in frames}
    begins = sorted({event["args"]["data"]["id"]: event["ts"] for event in frames}.values())
    runs = [
        (event["ts"], event["dur"])
        for event in trace
        if event["ph"] == "X"
        and (event["pid"], event["tid"]) == (process, thread)
        and event["name"] in ("FireAnimationFrame", "FunctionCall", "RunMicrotasks", "EventDispatch")
    ]
    outer, ended = [], 0.0
    for start, duration in sorted(runs, key=lambda run: (run[0], -run[1])):
        if start >= ended:
            outer.append((start, duration))
            ended = start + duration
    # Requests of one frame (the stage's, the player's, ours) begin together; 4 ms tell frames apart.
    edges = [begin for index, begin in enumerate(begins) if index == 0 or begin - begins[index - 1] > 4000]
    spent = [0.0] * max(0, len(edges) - 1)
    at = 0
    for start, duration in outer:
        while at < len(spent) and start >= edges[at + 1]:
            at += 1
        if at < len(spent) and start >= edges[at]:
            spent[at] += duration / 1000
    return spent


def play(browser: Browser, page: Page) -> tuple[dict[str, float], list[float]]:
    page.get_by_label("Speed").fill("30")
    page.get_by_role("button", name="First position").click()
    expect(page.locator("#readout b")).to_have_text("row 0, column 0")
    page.locator("#play").click()
    expect(page.locator("#readout b")).not_to_have_text("row 0, column 0")
    counted: dict[str, float] = page.evaluate(f"measured.count({PLAY_SECONDS * 1000})")
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    page.evaluate(f"measured.count({PLAY_SECONDS * 1000})")
    trace = json.loads(browser.stop_tracing())["traceEvents"]
    page.locator("#play").click()
    return counted, script_times(trace)


def everything(browser: Browser, url: str) -> list[float]:
    """1024 x 768 x 3 under a 3 x 3 kernel: from the key to the last position drawn."""
    times = []
    for _ in range(EVERYTHINGS):
        with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
            context.add_init_script(WATCH)
            page = context.new_page()
            visit = Visit(page, url).open()
            # Another picture each time: nothing of it may be known to the server yet.
            visit.upload(png(photo(768, 1024) ^ len(times)), "photo.png")
            expect(page.locator("#input-shape b")).to_have_text("48 × 64 × 3")
            page.get_by_role("radio", name="Everything").click()
            waiting = page.evaluate_handle(
                "({ done: measured.everything('768 × 1024 × 3', 'row 767, column 1023') })"
            )
            visit.open_picker("image").get_by_role("radio", name="full, 1024 × 768").click()
            times.append(float(waiting.evaluate("({ done }) => done")))
    return times


def main() -> None:
    with tempfile.TemporaryDirectory() as data, Server(Path(data)) as server, sync_playwright() as playwright:
        browser = launch(playwright)
        with browser.new_context() as context:
            Visit(context.new_page(), server.url).open()  # warms the server
        everything(browser, server.url)
        line("page load to first drawn position", loads(browser, server.url))
        with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
            context.add_init_script(WATCH)
            page = context.new_page()
            Visit(page, server.url).open()
            line("a step by the right arrow key", steps(page))
            counted, script = play(browser, page)
            rate = counted["positions"] / counted["seconds"]
            print(f"play at 30 per s: {rate:.2f} positions per s for {counted['seconds']:.1f} s")
            line("script a frame while it plays", script)
        line("everything, 1024 x 768 x 3, 3 x 3", everything(browser, server.url))
        browser.close()


if __name__ == "__main__":
    main()
