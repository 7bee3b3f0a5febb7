"""`python -m tests.bench.worker LIBRARY THREADS`: one library in a process of its own.

Its threads, its allocator and its dependencies cannot get in the way of ours. It reads a JSON object per line
and answers each with one; first of all, unasked, with who it is.
"""

import json
import os
import sys
from typing import Any

import numpy as np

from tests.bench.clock import burst
from tests.bench.peers import LIBRARIES, Prepared
from tests.bench.workloads import WORKLOADS


def main() -> None:
    # Libraries print. What they print must not get into the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def reply(answer: Any) -> None:
        print(json.dumps(answer), file=answers, flush=True)

    def fail(error: Exception) -> None:
        reply({"error": f"{type(error).__name__}: {error}"})

    try:
        library = LIBRARIES[sys.argv[1]](int(sys.argv[2]))
    except Exception as error:  # noqa: BLE001 - half an installation fails in many ways
        fail(error)
        return
    reply({"version": library.version, "ways": list(library.ways)})
    workloads = {workload.name: workload for workload in WORKLOADS}
    prepared: dict[str, Prepared] = {}
    current = None
    for line in sys.stdin:
        question = json.loads(line)
        way = question["way"]
        try:
            if "save" in question:
                if current != question["workload"]:
                    prepared.clear()
                    current = question["workload"]
                ready = library.ways[way](workloads[current])
                if ready is not None:
                    np.save(question["save"], ready.as_array(ready.call()))
                    prepared[way] = ready
                reply({"does": ready is not None})
            else:
                reply(burst(prepared[way].call, question["budget"])._asdict())
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in there is for the table to tell
            fail(error)


if __name__ == "__main__":
    main()
