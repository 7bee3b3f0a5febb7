"""What was measured, as a document to keep and as a table to read, which has nothing that is not in it."""

import datetime
import importlib.metadata
import math
import platform
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import llvmlite.binding

from tests.bench.contest import Result, goal
from tests.bench.peers import LIBRARIES

Document = dict[str, Any]
NONE = "–"
# A load average from which on a contestant's threads wait for a core, and for each other.
BUSY = 0.5


def cpu_model() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text("utf-8").splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.processor()} ({llvmlite.binding.get_host_cpu_name()})"


def surroundings(
    threads: int, load: float, versions: Mapping[str, str], missing: Mapping[str, str]
) -> Document:
    """Where and with what. load: the load average before anything of ours ran; versions: of the peers;
    missing: why others are not there.
    """
    return {
        "taken": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "cpu": cpu_model(),
        "threads": threads,
        "load_average_before": load,
        "system": platform.platform(),
        "versions": {
            "Python": platform.python_version(),
            **{name: importlib.metadata.version(name) for name in ("numpy", "numba", "llvmlite")},
            **versions,
        },
        "missing": dict(missing),
    }


def figures(result: Result, peak: Mapping[str, Any]) -> Document:
    """One workload. peak: of as many threads as were used, from tests.bench.peak."""
    workload, ours = result.workload, result.ours
    gflops = fma_fraction = gb_per_s = copy_fraction = None
    if ours is not None:
        gb_per_s = workload.bytes / result.seconds(ours) / 1e9
        copy_fraction = gb_per_s / copy_of(workload.bytes, peak)
        if workload.flops is not None:
            gflops = workload.flops / result.seconds(ours) / 1e9
            fma_fraction = gflops / peak["fma_gflops"]
    return {
        "name": workload.name,
        "what": str(workload),
        "counted": workload.counted,
        "flops": workload.flops,
        "bytes": workload.bytes,
        "contestants": {
            name: {
                "library": result.libraries[name],
                "ms": result.seconds(name) * 1e3,
                "least_ms": min(burst.seconds for burst in bursts) * 1e3,
                "most_ms": max(burst.seconds for burst in bursts) * 1e3,
                "page_faults": result.faults(name),
            }
            for name, bursts in result.bursts.items()
        },
        "refused": result.refused,
        "ours": ours,
        "best_peer": result.best_peer,
        "ratio": result.ratio,
        "gflops": gflops,
        "fma_fraction": fma_fraction,
        "gb_per_s": gb_per_s,
        "copy_fraction": copy_fraction,
    }


def copy_of(size: int, peak: Mapping[str, Any]) -> float:
    """GB/s of the measured copy whose bytes are nearest to `size`, by ratio."""
    nearest = min(peak["copy_gb_per_s"], key=lambda copy: abs(math.log(copy["bytes"] / size)))
    return float(nearest["gb_per_s"])


def summary(results: Iterable[Result]) -> Document | None:
    reached = goal(results)
    return reached and dict(zip(("workloads", "geometric_mean", "minimum"), reached, strict=True))


def show_surroundings(document: Document) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in document["versions"].items())
    load = f"load average {document['load_average_before']:.2f}"
    lines = [f"{document['cpu']}, {document['threads']} threads, {load}", versions]
    if document["load_average_before"] > BUSY:
        lines.append("others are at work on this machine: do not rely on any figure below")
    lines += [f"not compared with {library}: {reason}" for library, reason in document["missing"].items()]
    if document["missing"]:
        lines.append("`make bench-peers` installs all there is to compare with")
    for peak in document["peaks"]:
        copies = ", ".join(
            f"{copy['bytes'] / 2**20:g} MiB {copy['gb_per_s']:.0f}" for copy in peak["copy_gb_per_s"]
        )
        lines.append(
            f"peak with threads = {peak['threads']}: {peak['fma_gflops']:.0f} GFLOP/s; "
            f"copies, GB/s read and written: {copies}"
        )
    return "\n".join(lines)


HEADINGS = ("ours ", "fresh", *LIBRARIES, "peer/ours", "GFLOP/s", "of FMA", "GB/s", "of copy")


def show_headings() -> str:
    return f"\n{'ms, medians':40s}" + "".join(f"{heading:>11s}" for heading in HEADINGS)


def show_row(row: Document) -> str:
    """One line, and one for each contestant that was refused."""
    contestants = row["contestants"]

    def ms(name: str | None) -> str:
        return NONE if name not in contestants else f"{contestants[name]['ms']:.3f}"

    def best(library: str) -> str:
        ways = [name for name, way in contestants.items() if way["library"] == library]
        return ms(min(ways, key=lambda name: contestants[name]["ms"], default=None))

    cells = [
        ms(row["ours"]) + ("*" if row["ours"] == "ours out=" else " "),
        ms("ours") if row["ours"] == "ours out=" else "",
        *map(best, LIBRARIES),
        number(row["ratio"], "{:.2f}x"),
        number(row["gflops"], "{:.0f}"),
        number(row["fma_fraction"], "{:.0%}"),
        number(row["gb_per_s"], "{:.1f}"),
        number(row["copy_fraction"], "{:.0%}"),
    ]
    name = row["name"] if row["counted"] else f"({row['name']})"
    lines = [f"{name:5s}{row['what']:35s}" + "".join(f"{cell:>11s}" for cell in cells)]
    lines += [f"     {name} is not timed: {reason}" for name, reason in row["refused"].items()]
    return "\n".join(lines)


def number(value: float | None, form: str) -> str:
    return NONE if value is None else form.format(value)


NOTES = """
*          into the same memory again (out=), which is how every peer is timed: OpenCV and SciPy are given
           their output, malloc is told to keep what PyTorch and TensorFlow return.
fresh      in new memory at every call, malloc as it is. From 32 MiB on the system maps and clears every page
           anew; below, malloc keeps the memory of its own accord, and ours is fresh.
peer/ours  the quickest way of any peer over ours: above 1 ours is quicker.
of FMA     of the multiply-adds that as many threads can do.
GB/s       input and kernel read, output written, each once; of copy: beside a memcpy of about as many bytes.
( )        not counted in what follows.
"""


def show_summary(summary: Document | None) -> str:
    if summary is None:
        return "no peer, no ratio"
    return (
        f"geometric mean of {summary['workloads']} ratios {summary['geometric_mean']:.2f}, "
        f"least {summary['minimum']:.2f}"
    )


def show_traces(traces: Sequence[Document]) -> str:
    lines = ["", f"{'traces of 3x3x3, one core':48s} M positions/s       GB/s  of memcpy  bytes each"]
    lines += [
        f"{row['dtype']:9s}{', '.join(row['columns']):39s}{row['positions_per_s'] / 1e6:14.1f}"
        f"{row['gb_per_s']:11.1f}{row['memcpy_ratio']:11.0%}{row['bytes_per_position']:12.0f}"
        for row in traces
    ]
    return "\n".join(lines)


def say(text: str) -> None:
    print(text, file=sys.stdout, flush=True)
