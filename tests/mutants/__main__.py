"""`make mutants`: the score of geometry, limits and ids; MUTANTS="--only limits --sample 0" for one whole."""

import argparse
import os
import random
import sys
import time
from itertools import islice

from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.faults import faults_of
from tests.mutants.trial import Trials

# What is changed, and the tests that have to notice.
_AXES = [
    "tests/engine/test_geometry.py",
    "tests/engine/test_geometry_edges.py",
    "tests/engine/test_derivation.py",
]
MODULES = {
    "geometry": ("engine/geometry.py", _AXES),
    "axes": ("engine/axes.py", _AXES),
    "limits": ("app/services/limits.py", ["tests/app/test_limits.py"]),
    "ids": ("app/store.py", ["tests/app/test_store.py", "-k", "not kill and not threads"]),
}
LEAST = 90  # per cent


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=MODULES, default=list(MODULES))
    parser.add_argument("--sample", type=int, default=150, help="faults of each module; 0 for all")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    noticed = tried = 0
    for name in arguments.only:
        began = time.monotonic()
        file, tests = MODULES[name]
        every = faults_of(file)
        random.Random(f"{name} {arguments.seed}").shuffle(every)
        nothing = {(was, becomes) for was, becomes, _ in EQUIVALENT.get(file, [])}
        able = (fault for fault in every if (fault.was, fault.becomes) not in nothing)
        faults = list(islice(able, arguments.sample or None))
        missed = 0
        for fault in Trials(file, tests, arguments.jobs).unnoticed(faults):
            print(f"{file}: nothing notices\n{fault}", flush=True)
            missed += 1
        print(
            f"{name}: {len(faults) - missed} of {len(faults)} faults noticed, of {len(every)} there can be "
            f"({time.monotonic() - began:.0f} s)",
            flush=True,
        )
        noticed, tried = noticed + len(faults) - missed, tried + len(faults)
    score = 100 * noticed / tried
    print(f"{score:.1f} % of {tried}")
    sys.exit(score < LEAST)


if __name__ == "__main__":
    main()
