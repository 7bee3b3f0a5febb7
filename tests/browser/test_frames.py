"""A thousand steps over a large picture leave nothing behind, and ask for each chunk of positions once."""

from playwright.sync_api import CDPSession, expect

from tests.browser.oracle import photo, png
from tests.browser.visit import Visit

WARM_UP, STEPS = 256, 1000
# A chunk of positions and its scene come and go; a step that kept its window would show as much more.
MOST_GROWTH = 2 * 1024 * 1024

# Each step waits for the one before: a key that comes early is a step that is not taken.
STEP = """async (steps) => {
  const readout = document.querySelector("#readout");
  const key = { key: "ArrowRight", code: "ArrowRight", bubbles: true, cancelable: true };
  for (let step = 0; step < steps; step++) {
    const moved = new Promise((done) => {
      const observer = new MutationObserver(() => { observer.disconnect(); done(); });
      observer.observe(readout, { childList: true });
    });
    document.body.dispatchEvent(new KeyboardEvent("keydown", key));
    await moved;
    if (step % 10 === 0) await new Promise(requestAnimationFrame);
  }
}"""


def heap(session: CDPSession) -> tuple[int, int]:
    """Bytes of live JavaScript objects, and the number of nodes, once what can be collected is."""
    session.send("HeapProfiler.collectGarbage")
    metrics = {
        metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]
    }
    return int(metrics["JSHeapUsedSize"]), int(metrics["Nodes"])


def test_a_thousand_steps_leave_nothing_behind(visit: Visit) -> None:
    visit.upload(png(photo(1024, 1024)))
    expect(visit.page.locator("#image-button")).to_have_text("photo", timeout=30_000)
    visit.open_picker("image").get_by_role("radio", name="full, 1024 × 1024").click()
    expect(visit.page.locator("#input-shape b")).to_have_text("1024 × 1024 × 3", timeout=30_000)
    visit.press("Escape")
    visit.page.wait_for_load_state("networkidle")  # every sum has come
    session = visit.page.context.new_cdp_session(visit.page)
    session.send("Performance.enable")
    session.send("HeapProfiler.enable")
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    visit.page.evaluate(STEP, WARM_UP)
    visit.drawn()
    before, nodes = heap(session)
    asked.clear()
    visit.page.evaluate(STEP, STEPS)
    visit.drawn()
    visit.at(*divmod(WARM_UP + STEPS, 1024))
    after, nodes_after = heap(session)
    assert after - before < MOST_GROWTH
    assert nodes_after - nodes < 100
    assert 1 <= len(asked) <= STEPS // 256 + 2, "a chunk of 256 positions is asked for once"
