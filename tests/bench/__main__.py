"""`python -m tests.bench`: check every answer, then time it, as ratios against a peer in the same run.

No machine is quiet and no two are alike: nothing is asserted about time. Our runs and the peers' alternate;
the median of their ratios is what to compare between commits. OpenCV and PyTorch are timed too where they
happen to be installed; the project depends on neither.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Mapping

import numpy as np

from engine import ops, reference
from engine.geometry import plan
from engine.spec import Conv2D
from engine.trace import Column, Trace
from tests.bench.peers import peers
from tests.engine.cases import CASES, Case

TRACES: Mapping[str, list[Column]] = {
    "sum": ["sum"],
    "window, sum": ["window", "sum"],
    "window, products, sum": ["window", "products", "sum"],
    "everything": ["window", "products", "channel_sums", "sum"],
}
CHUNK = 1024


def seconds(function: Callable[[], object]) -> float:
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def alternate(functions: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each round of each function, in turn, in both orders; a round first to warm up."""
    for function in functions.values():
        function()
    taken: dict[str, list[float]] = {name: [] for name in functions}
    for turn in range(rounds):
        for name in list(functions)[:: 1 if turn % 2 else -1]:
            taken[name].append(seconds(functions[name]))
    return taken


def against(taken: dict[str, list[float]]) -> str:
    """Our median in ms, and for each peer the median of peer / ours: above 1 we are faster."""
    ours = taken["ours"]
    text = f"{statistics.median(ours) * 1e3:9.2f} ms"
    for name, times in taken.items():
        if name != "ours":
            ratio = statistics.median(their / our for their, our in zip(times, ours, strict=True))
            text += f"   {name} {ratio:6.2f}x"
    return text


def check(case: Case, spec: Conv2D, cells: np.ndarray) -> None:
    expected = reference.conv2d(spec, plan(spec, *cells.shape[1:3]), cells)
    np.testing.assert_array_equal(ops.run(spec, cells), expected, err_msg=case.name, strict=False)


def outputs(rounds: int) -> None:
    print(f"outputs, peer / ours, median of {rounds}")
    for case in CASES:
        if case.large is None:
            continue
        check(case, case.spec(integers=True), case.input(case.large, integers=True))
        spec, cells = case.spec(integers=False), case.input(case.large, integers=False)
        geometry = plan(spec, *cells.shape[1:3])
        taken = alternate(
            {
                "ours": lambda spec=spec, cells=cells: ops.run(spec, cells),
                "reference": lambda spec=spec, cells=cells, geometry=geometry: reference.conv2d(
                    spec, geometry, cells
                ),
                **peers(spec, geometry, cells),
            },
            rounds,
        )
        print(f"  {case.name:22s}{against(taken)}", flush=True)


def traces(rounds: int) -> None:
    print(f"traces of 1024 x 768 x 3, 3x3, chunks of {CHUNK}, one thread, median of {rounds * 20}")
    spec = Conv2D(np.random.default_rng(7).standard_normal((3, 3, 3, 1)))
    for dtype in ("uint8", "float32"):
        cells = np.random.default_rng(8).integers(0, 256, (768, 1024, 3)).astype(dtype)
        trace = Trace(spec, cells)
        for name, columns in TRACES.items():
            chunk, expected = trace.empty(300_000, CHUNK, columns), trace.empty(300_000, CHUNK, columns)

            def oracle(trace: Trace = trace, cells: np.ndarray = cells, into: object = expected) -> None:
                reference.fill_trace(
                    trace.geometry,
                    cells,
                    trace.weights,
                    trace.bias,
                    into.first_position,
                    into.count,
                    into.window,
                    into.products,
                    into.channel_sums,
                    into.sum,
                )

            trace.fill(chunk)
            oracle()
            for column in columns:
                np.testing.assert_array_equal(getattr(chunk, column), getattr(expected, column))
            taken = alternate(
                {"ours": lambda trace=trace, chunk=chunk: trace.fill(chunk), "reference": oracle}, rounds * 20
            )
            rate = CHUNK / statistics.median(taken["ours"]) / 1e6
            print(f"  {dtype:8s}{name:24s}{rate:6.1f} M positions/s {against(taken)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    print(f"loops compiled or loaded in {seconds(ops.warm):.1f} s")
    outputs(rounds)
    traces(rounds)


if __name__ == "__main__":
    main()
