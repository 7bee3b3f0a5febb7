"""`python -m tests.bench`: every answer checked against float64 NumPy, then timed beside the peers'.

No machine is quiet and no two are alike: nothing is asserted about time. Ours and the peers take turns in the
same run, so ratios are what to compare; fractions are of peaks measured in the same run too.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from engine import ops
from engine.threads import cpus
from tests.bench import page, report, serving
from tests.bench.contest import Contestant, Result, contest
from tests.bench.ours import Ours
from tests.bench.peak import peaks
from tests.bench.peers import LIBRARIES
from tests.bench.remote import ROOT, Peer, peers_python
from tests.bench.traces import rates
from tests.bench.workloads import WORKLOADS, Workload


def run(
    workloads: Sequence[Workload],
    contestants: Sequence[Contestant],
    document: report.Document,
    rounds: int,
    budget: float,
) -> list[Result]:
    """Time them, print each as it is done, and put all into the document, which has its peaks already."""
    results = []
    document["workloads"] = []
    peak = document["peaks"][-1]
    report.say(report.show_headings())
    for workload in workloads:
        results.append(contest(workload, contestants, rounds, budget))
        document["workloads"].append(report.figures(results[-1], peak))
        report.say(report.show_row(document["workloads"][-1]))
    document["summary"] = report.summary(results)
    report.say(report.NOTES)
    report.say(report.show_summary(document["summary"]))
    return results


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="turns of each contestant per workload")
    parser.add_argument("--budget", type=float, default=0.05, help="seconds of a turn")
    parser.add_argument(
        "--only",
        nargs="+",
        metavar="PREFIX",
        help="only workloads whose names begin so; traces, serving and page are three more",
    )
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "bench.json", help="where to write all")
    parser.add_argument("--peers", type=Path, default=peers_python(), help="the Python that has the peers")
    return parser.parse_args()


def main() -> int:
    asked = options()

    def chosen(name: str) -> bool:
        return not asked.only or name.startswith(tuple(asked.only))

    threads, load = cpus(), os.getloadavg()[0]
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        peers = [stack.enter_context(Peer(asked.peers, library, threads, scratch)) for library in LIBRARIES]
        started = time.perf_counter()
        ops.warm()
        report.say(f"loops compiled or loaded in {time.perf_counter() - started:.1f} s")
        for peer in peers:
            peer.meet()
        document = report.surroundings(
            threads,
            load,
            {peer.library: peer.version for peer in peers if peer.missing is None},
            {peer.library: peer.missing for peer in peers if peer.missing is not None},
        )
        document["rounds"] = asked.rounds
        document["peaks"] = peaks(sorted({1, threads}))
        report.say(report.show_surroundings(document))
        contestants = [Ours(reuse=False), Ours(reuse=True), *(way for peer in peers for way in peer.ways)]
        workloads = [workload for workload in WORKLOADS if chosen(workload.name)]
        results = run(workloads, contestants, document, asked.rounds, asked.budget)
        if chosen("traces"):
            document["traces"] = rates(asked.rounds, asked.budget)
            report.say(report.show_traces(document["traces"]))
    # When the peers' processes have ended: those with threads that spin would take a core from the server.
    if chosen("serving"):
        with tempfile.TemporaryDirectory() as folder:
            document["serving"] = serving.figures(Path(folder), max(1, asked.rounds // 3))
        report.say(serving.show(document["serving"]))
    if chosen("page"):
        document["page"] = page.figures()
        report.say(page.show(document["page"]))
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    asked.json.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
    report.say(f"\nall of it: {asked.json}")
    return int(any(name.startswith("ours") for result in results for name in result.refused))


if __name__ == "__main__":
    raise SystemExit(main())
