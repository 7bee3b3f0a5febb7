"""`make fuzz`: 20 000 requests over three seeds; FUZZ="--cases 3000 --seeds 7" for others."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.app.serving import serve
from tests.fuzz.campaign import document_of, fuzz


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, help="in all; default %(default)s")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3], help="default 1 2 3")
    arguments = parser.parse_args()
    sent = failed = 0
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as served:
        for number in arguments.seeds:
            campaign = fuzz(served, document_of(served), -(-arguments.cases // len(arguments.seeds)), number)
            print(campaign, flush=True)
            sent += campaign.cases
            failed += len(campaign.failures)
    print(f"{sent} cases in {time.monotonic() - started:.0f} s, {failed} failures")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
