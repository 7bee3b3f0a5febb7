"""Runs the examples of a page as their reader would: those of one language one after the other, so that a
later one can use what an earlier one made, in an empty folder.

A shell runs the curl commands, pipes, loops and all. Its curl is the system's, where that knows --json, and
everywhere the stand-in beside this file: a machine without curl checks the same commands.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from static.hatch_build import NODE
from tests.documents.pages import ROOT, Block

_MARK = "==== the next example ===="
_SECONDS = 120  # a hanging example ends the test, not the build


@dataclass(frozen=True)
class Language:
    """How a program in it is run, and how it prints the mark between two examples."""

    command: Sequence[str | Path]
    suffix: str
    mark: str


LANGUAGES = {
    "sh": Language(["sh", "-e"], "sh", f"printf '\\n{_MARK}\\n'"),
    "python": Language([sys.executable, "-W", "error"], "py", f"print('\\n{_MARK}', flush=True)"),
    "js": Language([NODE], "mjs", f"console.log('\\n{_MARK}')"),
}


@dataclass(frozen=True)
class Outcome:
    """What each example printed, in order, up to the one that failed."""

    printed: list[str]
    complaint: str


def run(examples: Sequence[Block], port: int, folder: Path, path: str = "") -> Outcome:
    """Run blocks of one language; `path` comes before the PATH of this process."""
    language = LANGUAGES[examples[0].language]
    program = "".join(f"{block.text}\n{language.mark}\n" for block in examples)
    script = folder / f"examples.{language.suffix}"
    script.write_text(program.replace("localhost:8000", f"localhost:{port}"), "utf-8")
    # What the examples install with npm.
    (folder / "node_modules").symlink_to(ROOT / "static" / "node_modules", target_is_directory=True)
    done = subprocess.run(
        [*language.command, script],
        cwd=folder,
        env={
            **os.environ,
            "PATH": os.pathsep.join([path, str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
            "NO_PROXY": "localhost",
            "no_proxy": "localhost",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=_SECONDS,
    )
    *printed, rest = done.stdout.split(f"\n{_MARK}\n")
    return Outcome(printed, f"{rest}\n{done.stderr}\nexit status {done.returncode}")


def system_curl() -> bool:
    """Whether there is a curl that knows --json and %header{...}."""
    if shutil.which("curl") is None:
        return False
    version = subprocess.run(["curl", "--version"], capture_output=True, encoding="utf-8").stdout
    found = re.match(r"curl (\d+)\.(\d+)", version)
    return found is not None and (int(found[1]), int(found[2])) >= (7, 83)


def install_stand_in(folder: Path) -> None:
    """Put a `curl` into `folder`."""
    program = folder / "curl"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).with_name("curl.py")}" "$@"\n')
    program.chmod(0o755)
