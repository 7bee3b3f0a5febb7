"""However many threads ask the engine at once, each answer is the same to the last bit as one asked alone.

Whole outputs and runs of traces of every operation, padding and dtype of the engine's cases, in an order of
its own in each thread.
"""

import random
import sys
import threading
import time

from engine import backend, ops
from engine.spec import Operation
from engine.trace import Trace
from tests.chaos.chaos import Chaos
from tests.engine.cases import CASES, Array

_THREADS = 8
_Asked = tuple[Operation, Array]
_Answer = tuple[bytes, bytes]


def prove(chaos: Chaos) -> str:
    backend.warm()
    calls = chaos.size(150, 10_000)
    asked = [(case.spec(integers=False), case.input(integers=False)) for case in CASES]
    alone = [(_output(*one), _trace(*one)) for one in asked]
    different: list[str] = []
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # threads take turns as often as they can
    try:
        threads = [
            threading.Thread(target=_ask, args=(chaos.random.random(), calls, asked, alone, different))
            for _ in range(_THREADS)
        ]
        started = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert not different, sorted(set(different))
    rate = _THREADS * calls / (time.monotonic() - started)
    return f"{_THREADS} threads x {calls} calls of {len(asked)} cases bit-identical, {rate:.0f} a second"


def _ask(seed: float, calls: int, asked: list[_Asked], alone: list[_Answer], different: list[str]) -> None:
    numbers = random.Random(seed)
    for _ in range(calls):
        place = numbers.randrange(len(asked))
        whole = numbers.random() < 0.7
        try:
            answer = _output(*asked[place]) if whole else _trace(*asked[place])
        except Exception as error:  # noqa: BLE001  in a thread it would be seen by nobody
            different.append(f"{CASES[place].name}: {error!r}")
            return
        if answer != alone[place][0 if whole else 1]:
            different.append(CASES[place].name)


def _output(spec: Operation, cells: Array) -> bytes:
    return ops.run(spec, cells).tobytes()


def _trace(spec: Operation, cells: Array) -> bytes:
    """Every column of the first positions."""
    trace = Trace(spec, cells[0])
    [chunk] = trace.chunks(count=min(64, trace.positions))
    return b"".join(getattr(chunk, column).tobytes() for column in trace.columns)
