"""The peers, each in a process of its own, as contestants."""

import json
import os
import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.clock import Burst
from tests.bench.contest import ContestantError
from tests.bench.workloads import Array, Workload

ROOT = Path(__file__).parents[2]
# glibc's malloc gives blocks over 32 MiB back to the system at once, and PyTorch then spends most of its time
# in page faults, for its scratch memory too. Told to keep them it is up to four times as fast.
KEEP_MEMORY = {
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": str(1 << 34),
    "MALLOC_TOP_PAD_": str(1 << 27),
}


def peers_python() -> Path:
    """The peers' environment where it is made, else this one, where they may happen to be installed."""
    own = ROOT / ".venv-bench" / "bin" / "python"
    return own if own.exists() else Path(sys.executable)


class Peer(AbstractContextManager["Peer"]):
    """A library in a process of its own (tests.bench.worker).

    After `meet` it has a version and its ways, or `missing`, which says why it has not.
    """

    def __init__(self, python: Path, library: str, threads: int, scratch: Path) -> None:
        self.library = library
        self._scratch = scratch / f"{library}.npy"
        self._process = subprocess.Popen(
            [python, "-m", "tests.bench.worker", library, str(threads)],
            cwd=ROOT,
            env={
                **os.environ,
                **KEEP_MEMORY,
                "OMP_NUM_THREADS": str(threads),
                "TF_CPP_MIN_LOG_LEVEL": "3",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.version = ""
        self.missing: str | None = None
        self.ways: list[Way] = []

    def meet(self) -> None:
        """Wait until it has loaded. Apart from the making, so that all can load at once."""
        try:
            hello = self._hear()
        except ContestantError as error:
            self.missing = str(error)
            return
        self.version = hello["version"]
        self.ways = [Way(self, name) for name in hello["ways"]]

    def answer(self, way: str, workload: Workload) -> Array | None:
        if not self.ask(way=way, workload=workload.name, save=str(self._scratch))["does"]:
            return None
        answer: Array = np.load(self._scratch)
        self._scratch.unlink()
        return answer

    def ask(self, **question: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        try:
            print(json.dumps(question), file=self._process.stdin, flush=True)
        except BrokenPipeError:
            raise self._dead() from None
        return self._hear()

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        if not (line := self._process.stdout.readline()):
            raise self._dead()
        reply: dict[str, Any] = json.loads(line)
        if "error" in reply:
            raise ContestantError(reply["error"])
        return reply

    def _dead(self) -> ContestantError:
        return ContestantError(f"{self.library}'s process ended with code {self._process.wait()}")


class Way:
    """One way of a peer to compute."""

    def __init__(self, peer: Peer, name: str) -> None:
        self.name = name
        self.library = peer.library
        self._peer = peer

    def answer(self, workload: Workload) -> Array | None:
        return self._peer.answer(self.name, workload)

    def burst(self, budget: float) -> Burst:
        return Burst(**self._peer.ask(way=self.name, budget=budget))
