"""Of files that are bombs, cut short, damaged or something else, none crashes, stalls or fills the server.

Bombs of every format, every good file cut at every 64th byte, random damage, odd metadata, other formats and
two at once, .npy headers that lie. In the end a good picture is taken as at the start.
"""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.chaos.chaos import Chaos
from tests.chaos.files import (
    OK,
    Hostile,
    arrays,
    bombs,
    damaged,
    hostile,
    impostors,
    orientations,
    pictures,
    truncated,
)
from tests.chaos.servers import MIB, Peak, Server, running

_MOST_SECONDS = 5.0
_MOST_BYTES = 700 * MIB


def prove(chaos: Chaos) -> str:
    files = _files(chaos)
    with running(chaos.folder) as server, Peak(server) as peak:
        good = files[0]
        assert _upload(server, good)[0] == OK
        # As many at once as are decoded at once: a bomb does not wait for another one before it.
        with ThreadPoolExecutor(2) as clients:
            answers = list(clients.map(lambda file: _upload(server, file), files))
        assert _upload(server, good)[0] == OK
        assert server.process.poll() is None
        assert server.errors() == [], server.errors()
    wrong = [
        f"{file.name}: {status} after {seconds:.1f} s"
        for file, (status, seconds) in zip(files, answers, strict=True)
        if status not in file.allowed or seconds > _MOST_SECONDS
    ]
    assert not wrong, "\n".join(wrong)
    assert peak.resident_bytes <= _MOST_BYTES, f"{peak.resident_bytes / MIB:.0f} MB"
    counted = Counter(status for status, _ in answers)
    statuses = ", ".join(f"{status} x {count}" for status, count in sorted(counted.items()))
    longest, slowest = max((seconds, file.name) for file, (_, seconds) in zip(files, answers, strict=True))
    return (
        f"{len(files)} files: {statuses}; the longest {longest:.2f} s ({slowest}); "
        f"at most {peak.resident_bytes / MIB:.0f} MB resident, children included"
    )


def _files(chaos: Chaos) -> list[Hostile]:
    # Metadata, palettes and tables are at the start: small pictures are cut in all of their parts.
    good = pictures(chaos.random, chaos.size(12, 60))
    found = [hostile(name, content, OK) for name, content in good.items()]
    for name, content in good.items():
        found += truncated(name, content)
    for name, content in good.items():
        found += [damaged(chaos.random, name, content) for _ in range(chaos.size(6, 300))]
    return [*found, *bombs(long=chaos.long), *orientations(), *impostors(), *arrays()]


def _upload(server: Server, file: Hostile) -> tuple[int, float]:
    started = time.monotonic()
    answer = server.client.post("/api/v1/images", files={"file": ("a", file.content)})
    return answer.status_code, time.monotonic() - started
