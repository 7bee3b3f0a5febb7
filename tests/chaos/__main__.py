"""`make chaos`: every row at length; CHAOS="--only kills --seed 7" for one, and others."""

import argparse
import sys
import tempfile
import traceback
from pathlib import Path

from tests.chaos.chaos import ROWS, NotHere, prove


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=ROWS, default=ROWS, metavar="NAME", help=", ".join(ROWS))
    parser.add_argument("--seed", type=int, default=1, help="default %(default)s")
    parser.add_argument("--short", action="store_true", help="as short as in make test")
    arguments = parser.parse_args()
    failed = []
    for name in arguments.only:
        with tempfile.TemporaryDirectory(prefix="convloupe-chaos-") as folder:
            try:
                proved = prove(name, Path(folder), arguments.seed, long=not arguments.short)
            except NotHere as reason:
                print(f"{name}: not here: {reason}", flush=True)
            except Exception:  # noqa: BLE001  whatever broke: the other rows are proved nevertheless
                failed.append(name)
                traceback.print_exc()
                print(f"{name}: FAILED with seed {arguments.seed}", flush=True)
            else:
                print(f"{name}: {proved.promise}\n  {proved.figures} ({proved.seconds:.0f} s)", flush=True)
    print(f"{len(arguments.only) - len(failed)} of {len(arguments.only)} rows hold")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
