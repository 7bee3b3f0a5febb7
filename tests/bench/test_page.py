"""The benchmark of the page: what it makes of a browser's trace; all of it in small. Nothing is timed."""

import json

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


def test_the_whole_of_it_in_small() -> None:
    document = page.figures(seconds=0.4, side=160, steps=20)
    assert document["playing"]["frames_per_s"] > 1
    assert 0 < document["playing"]["script_p50_ms"] <= document["playing"]["script_p95_ms"]
    assert set(document["next_paint_ms"]) == {"arrow", "zoom", "stride", "preset"}
    shown = page.show(json.loads(json.dumps(document)))
    for said in "160 x 160", "playing", "panning", "20 steps leave", "next paint after arrow":
        assert said in shown
