"""The benchmark of the page: what it makes of a browser's trace, and what it says. Nothing is timed."""

from tests.bench import page

MAIN, OTHER = {"pid": 1, "tid": 1}, {"pid": 1, "tid": 2}


def span(name: str, start: int, stop: int, thread: dict[str, int] = MAIN) -> page.Document:
    """Microseconds."""
    return {"name": name, "ph": "X", "ts": start, "dur": stop - start, **thread}


def mark(time: int) -> page.Document:
    return {"name": page.FRAME, "ph": "I", "ts": time, **MAIN}


def test_script_is_counted_once_and_in_its_frame() -> None:
    events = [
        mark(10_000),
        mark(26_000),
        mark(42_000),
        span("FunctionCall", 2_000, 9_000),  # before the first frame
        span("FireAnimationFrame", 11_000, 14_000),
        span("FunctionCall", 11_500, 13_000),  # within another
        span("Layout", 11_600, 12_000),  # counted with the script that asks for it
        span("Layout", 15_000, 16_000),  # the browser's own
        span("FunctionCall", 15_000, 20_000, OTHER),
        span("MinorGC", 20_000, 20_500),
        span("TimerFire", 30_000, 31_000),
        span("TimerFire", 43_000, 47_000),  # after the last frame
    ]
    assert page.script_of_frames(events) == [3.5, 1.0]


def test_the_goals_stand_beside_what_was_found() -> None:
    found = {"frames_per_s": 60.0, "script_p50_ms": 1.5, "script_p95_ms": 4.25}
    document = {
        "side": 160,
        "browser": "150.0",
        "playing": found,
        "panning": found,
        "next_paint_ms": {"arrow": 24, "preset": 48},
        "steps": 20,
        "growth_bytes": 3072,
    }
    shown = page.show(document)
    for said in "160 x 160", "playing", "60.0", "goal 8", "arrow 24 ms, preset 48 ms", "20 steps leave 3 KiB":
        assert said in shown
