"""The benchmark itself: what it times, whom it refuses, what it writes down. Nothing here is timed."""

import json
import math
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.trace import Trace
from tests.bench import ours, report, traces
from tests.bench.__main__ import run
from tests.bench.clock import Burst, burst
from tests.bench.contest import ContestantError, alternate, contest, wrong
from tests.bench.peak import CHAINS, LANES, copy, fma_loop
from tests.bench.remote import Peer
from tests.bench.workloads import WORKLOADS, Array, Workload

TINY = Workload("tiny", 6, 5, 2, 3, 3)
PEAK = {"threads": 2, "fma_gflops": 100.0, "copy_gb_per_s": [{"bytes": 1 << 10, "gb_per_s": 8.0}]}


def small(workload: Workload) -> Workload:
    """The same operation at a size that takes no time, height and width different."""
    return replace(workload, height=10, width=14)


def test_the_goal_is_counted_over_the_fifteen() -> None:
    counted = " ".join(workload.name for workload in WORKLOADS if workload.counted)
    assert counted == "a g b1 b8 c7 c15 d1 d2 d3 e1s e8s e1d e8d f s"
    assert len({workload.name for workload in WORKLOADS}) == len(WORKLOADS)


@pytest.mark.parametrize("reuse", [False, True])
@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
def test_ours_is_right_on_every_workload(
    workload: Workload, reuse: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ours, "LARGE", 0)
    contestant = ours.Ours(reuse)
    answer = contestant.answer(small(workload))
    assert answer is not None
    assert wrong(answer, *small(workload).answer()) is None
    assert np.shares_memory(answer, contestant._call()) == reuse


def test_only_large_outputs_are_timed_in_the_same_memory_again() -> None:
    reused = [workload.name for workload in WORKLOADS if workload.output_bytes >= ours.LARGE]
    assert reused == ["b8", "e8d"]
    assert ours.Ours(reuse=True).answer(TINY) is None
    assert ours.Ours(reuse=False).answer(TINY) is not None


class Stub:
    """Answers as told and takes as long as told; fails the test when timed without being `timed`."""

    def __init__(
        self, name: str, library: str, milliseconds: float | None, change: Callable[[Array], Array | None]
    ) -> None:
        self.name, self.library = name, library
        self._milliseconds = milliseconds
        self._change = change

    def answer(self, workload: Workload) -> Array | None:
        return self._change(workload.answer()[0].astype(np.float32))

    def burst(self, budget: float) -> Burst:  # noqa: ARG002
        assert self._milliseconds is not None, f"{self.name} was timed"
        return Burst(self._milliseconds / 1e3, 0.0)


def right(answer: Array) -> Array:
    return answer


def changed(answer: Array, to: float) -> Array:
    answer[1, 2, 0] = to
    return answer


def fail(answer: Array) -> Array:
    raise ContestantError("no such kernel")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda answer: changed(answer, answer[1, 2, 0] + 0.01), "1 of 90 values are wrong; at (1, 2, 0)"),
        (lambda answer: changed(answer, math.nan), "1 of 90 values are wrong; at (1, 2, 0) it has nan"),
        (lambda answer: answer * np.float32(1.001), "values are wrong"),
        (lambda answer: answer[:-1], "its output is (5, 5, 3), not (6, 5, 3)"),
        (fail, "no such kernel"),
    ],
)
def test_who_is_wrong_is_named_and_not_timed(change: Callable[[Array], Array], reason: str) -> None:
    stubs = [
        Stub("ours", "ours", 2, right),
        Stub("off", "SciPy", None, change),
        Stub("on", "SciPy", 3, right),
    ]
    result = contest(TINY, stubs, rounds=2, budget=0, pause=0)
    assert list(result.bursts) == ["ours", "on"]
    assert reason in result.refused["off"]
    assert (result.best_peer, result.ratio) == ("on", pytest.approx(1.5))
    row = report.show_row(report.figures(result, PEAK))
    assert f"off is not timed: {result.refused['off']}" in row


def test_a_max_pool_may_not_differ_at_all() -> None:
    exact, magnitude = small(Workload("f", 8, 8, 3, 3, 2, stride=2, operation="max pool")).answer()
    assert wrong(exact.astype(np.float32), exact, magnitude) is None
    assert wrong(np.nextafter(exact.astype(np.float32), np.float32(9)), exact, magnitude) is not None


def test_what_one_does_not_know_is_no_failure() -> None:
    result = contest(
        TINY, [Stub("ours", "ours", 2, right), Stub("no", "SciPy", None, lambda _: None)], 1, 0, 0
    )
    assert (result.refused, result.best_peer, result.ratio) == ({}, None, None)


def test_the_document_has_what_was_measured(capsys: pytest.CaptureFixture[str]) -> None:
    stubs = [
        Stub("ours", "ours", 4, right),
        Stub("ours out=", "ours", 2, lambda answer: answer if answer.shape[2] == 5 else None),
        Stub("PyTorch", "PyTorch", 7, right),
        Stub("PyTorch channels_last", "PyTorch", 6, right),
        Stub("TensorFlow", "TensorFlow", 9, right),
    ]
    workloads = [
        TINY,
        replace(TINY, name="reused", out_channels=5),
        replace(TINY, name="more", out_channels=1, counted=False),
        replace(TINY, name="pool", out_channels=2, operation="max pool"),
    ]
    document = report.surroundings(2, 0.1, {"PyTorch": "2.13", "TensorFlow": "2.21"}, {"SciPy": "none"})
    document["peaks"] = [PEAK]
    run(workloads, stubs, document, rounds=3, budget=0)
    written = json.loads(json.dumps(document))
    assert written["versions"].items() >= {"PyTorch": "2.13", "numpy": np.__version__}.items()
    assert written["missing"] == {"SciPy": "none"}
    assert written["cpu"]
    assert written["threads"] == 2
    tiny, reused, more, pool = written["workloads"]
    assert tiny["contestants"]["PyTorch"] == {
        "library": "PyTorch", "ms": 7.0, "least_ms": 7.0, "most_ms": 7.0, "page_faults": 0.0,
    }  # fmt: skip
    assert (tiny["ours"], tiny["best_peer"], tiny["ratio"]) == ("ours", "PyTorch channels_last", 1.5)
    assert (reused["ours"], reused["ratio"]) == ("ours out=", 3.0)
    # 6 x 5 positions, 3 outputs, 18 taps; 60 cells, 54 weights and 90 outputs of four bytes; in 4 ms.
    assert tiny["flops"] == 2 * 30 * 3 * 18
    assert tiny["gflops"] == pytest.approx(3240 / 0.004 / 1e9)
    assert tiny["fma_fraction"] == pytest.approx(3240 / 0.004 / 100e9)
    assert tiny["bytes"] == 4 * (60 + 54 + 90)
    assert tiny["copy_fraction"] == pytest.approx(816 / 0.004 / 8e9)
    assert (pool["flops"], pool["gflops"]) == (None, None)
    assert [row["counted"] for row in (tiny, reused, more, pool)] == [True, True, False, True]
    assert written["summary"]["workloads"] == 3
    assert written["summary"]["geometric_mean"] == pytest.approx((1.5 * 3 * 1.5) ** (1 / 3))
    assert written["summary"]["minimum"] == pytest.approx(1.5)
    table = capsys.readouterr().out
    assert "2.000*      4.000          –          –      6.000      9.000      3.00x" in table
    assert "geometric mean of 3 ratios 1.89, least 1.50" in table
    assert "with SciPy: none\n`make bench-peers`" in report.show_surroundings(document)


@pytest.mark.parametrize(("load", "told"), [(0.1, False), (2.5, True)])
def test_a_busy_machine_is_told(load: float, told: bool) -> None:
    document = {**report.surroundings(2, load, {}, {}), "peaks": [PEAK]}
    assert ("others are at work" in report.show_surroundings(document)) == told


def test_the_copy_nearest_in_size_is_compared_with() -> None:
    copies = [{"bytes": 100, "gb_per_s": 3.0}, {"bytes": 1000, "gb_per_s": 2.0}]
    assert [report.copy_of(size, {"copy_gb_per_s": copies}) for size in (1, 300, 330, 9999)] == [3, 3, 2, 2]


def test_turns_alternate() -> None:
    order: list[str] = []

    def turn(name: str) -> Burst:
        order.append(name)
        return Burst(float(len(order)), 0.0)

    taken = alternate({name: lambda name=name: turn(name) for name in "abc"}, rounds=2, pause=0)
    assert "".join(order) == "cbaabc"
    assert [burst.seconds for burst in taken["a"]] == [3, 4]


def test_the_first_call_of_a_burst_does_not_count() -> None:
    calls: list[None] = []
    burst(lambda: calls.append(None), budget=0)
    assert len(calls) == 2


# What tests.bench.peers asks of OpenCV, in NumPy.
FILTER = """
import numpy as np
__version__, CV_32F, BORDER_CONSTANT = "0", 5, 0
setNumThreads, add = (lambda threads: print("threads", threads, flush=True)), np.add
def filter2D(plane, depth, kernel, output, borderType):
    padded = np.pad(plane, len(kernel) // 2)
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape)
    output[:] = (windows * kernel).sum((2, 3)){off}
"""


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        (FILTER.format(off=""), None),
        (FILTER.format(off=" + 1"), "4096 of 4096 values are wrong"),
        (FILTER.format(off="[1:]"), "ValueError: could not broadcast"),
        (FILTER.format(off="; import os; os._exit(3)"), "OpenCV's process ended with code 3"),
    ],
)
def test_a_peer_answers_from_a_process_of_its_own(
    module: str, reason: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cv2.py").write_text(module, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tiny,) = (workload for workload in WORKLOADS if workload.name == "s")
    with Peer(Path(sys.executable), "OpenCV", 1, tmp_path) as peer:
        peer.meet()
        assert peer.version == "0"
        result = contest(tiny, peer.ways, rounds=1, budget=0, pause=0)
        assert (list(result.bursts), list(result.refused)) == (
            (["OpenCV filter2D"], []) if reason is None else ([], ["OpenCV filter2D"])
        )
        assert reason is None or reason in result.refused["OpenCV filter2D"]
        if reason is None:
            (way,) = peer.ways
            assert way.answer(next(workload for workload in WORKLOADS if workload.pools)) is None


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        ("import a_library_nobody_has", "ModuleNotFoundError: No module named 'a_library_nobody_has'"),
        ("raise OSError('no libGL')", "OSError: no libGL"),
        ("import os; os._exit(4)", "OpenCV's process ended with code 4"),
    ],
)
def test_a_peer_that_does_not_load_says_why(
    module: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cv2.py").write_text(module, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with Peer(Path(sys.executable), "OpenCV", 1, tmp_path) as peer:
        peer.meet()
    assert (peer.missing, peer.ways) == (reason, [])


@pytest.mark.parametrize("lanes", LANES)
def test_the_peak_is_of_work_that_is_done(lanes: int) -> None:
    loop, starts = fma_loop(lanes), range(CHAINS)
    assert loop(0) == sum(starts)
    assert loop(2) == sum((start * 0.5 + 1) * 0.5 + 1 for start in starts)


def test_the_copy_copies() -> None:
    source, target = np.arange(100, dtype=np.uint8), np.zeros(100, np.uint8)
    copy(source, target, 1)
    np.testing.assert_array_equal(target, source)


def test_traces_are_checked_and_then_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traces, "CHUNK", 8)
    monkeypatch.setattr(traces, "CHUNKS", 3)
    tiny = Workload("tiny", 8, 7, 3, 1, 3)
    rows = traces.rates(1, 0, tiny)
    assert [(row["dtype"], row["bytes_per_position"]) for row in rows] == [
        *(("uint8", size) for size in (4, 31, 139, 151)),
        *(("float32", size) for size in (4, 112, 220, 232)),
    ]
    for row in rows:
        assert row["gb_per_s"] * 1e9 / row["positions_per_s"] == pytest.approx(row["bytes_per_position"])
    assert report.show_traces(rows).count("\n") == 1 + len(rows)
    trace = Trace(ours.spec_of(tiny), tiny.input()[::-1])
    with pytest.raises(AssertionError):
        traces.check(trace, *(array.ravel() for array in tiny.answer()))
