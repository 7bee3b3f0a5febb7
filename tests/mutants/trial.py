"""Runs tests over changed code: each trial in a fork, with all imported that the change cannot reach."""

import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import hypothesis
import pytest

from tests.mutants.faults import ROOT, Fault
from tests.test_architecture import imported

# What does not end, or fills the memory, is a fault that is noticed.
_SECONDS = 300
_MEMORY_BYTES = 8 << 30
_OPTIONS = [
    *("-o", "addopts=--import-mode=importlib", "-p", "no:cacheprovider", "--noconftest", "-x", "-q"),
    # What is imported already cannot be rewritten.
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
]


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module, with other code than its file has."""

    def __init__(self, file: str, code: str) -> None:
        self._name = _name(file)
        self._file = str(ROOT / file)
        self._code = code

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        if name != self._name:
            return None
        return importlib.util.spec_from_loader(name, self, origin=self._file)

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._code, self._file, "exec"), module.__dict__)


class Trials:
    """Trials of one file by the same tests; SystemExit where they fail without any fault."""

    def __init__(self, file: str, tests: Sequence[str], jobs: int) -> None:
        self._file = file
        self._tests = tests
        self._jobs = jobs
        _forget_what_reads(file, [one for one in tests if one.endswith(".py")])
        began = os.times()
        process = self._start((ROOT / file).read_text("utf-8"), None)
        if os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) != 0:
            sys.exit(f"{' '.join(tests)}: fails without any fault")
        took = os.times()
        self._seconds = (
            took.children_user + took.children_system - began.children_user - began.children_system
        )

    def unnoticed(self, faults: Sequence[Fault]) -> Iterator[Fault]:
        """Those with which every test passes, as they are found."""
        running: dict[int, Fault] = {}

        def wait() -> Iterator[Fault]:
            process, status = os.wait()
            fault = running.pop(process)
            if status == 0:
                yield fault

        for fault in faults:
            if len(running) == self._jobs:
                yield from wait()
            running[self._start(fault.code, 3 * self._seconds + 2)] = fault
        while running:
            yield from wait()

    def _start(self, code: str, seconds: float | None) -> int:
        """The process of a trial, which ends by itself after so many seconds of computing."""
        sys.stdout.flush()
        if (process := os.fork()) != 0:
            return process
        signal.alarm(_SECONDS)
        if seconds is not None:
            signal.setitimer(signal.ITIMER_PROF, seconds)
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        os.chdir(ROOT)
        # One example that fails is enough, and need not be the simplest; the same ones for each fault.
        hypothesis.settings.register_profile(
            "mutants", phases=[hypothesis.Phase.generate], database=None, derandomize=True, deadline=None
        )
        hypothesis.settings.load_profile("mutants")
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        sys.meta_path.insert(0, _Changed(self._file, code))
        os._exit(int(pytest.main([*_OPTIONS, *self._tests]) != 0))


def _forget_what_reads(file: str, tests: Sequence[str]) -> None:
    """Import what the tests import, and forget again what would be another with another `file`."""
    for test in tests:
        importlib.import_module(_name(test))
    imports = {
        name: set(imported(Path(module.__file__).read_text("utf-8")))
        for name, module in sys.modules.items()
        if name.split(".")[0] in ("app", "engine", "tests") and module.__file__ is not None
    }
    readers = {_name(file)}
    while more := {name for name, those in imports.items() if name not in readers and _meet(those, readers)}:
        readers |= more
    for name in readers & imports.keys():
        del sys.modules[name]
        package, _, own = name.rpartition(".")
        vars(sys.modules.get(package, ModuleType(""))).pop(own, None)


def _meet(names: set[str], modules: set[str]) -> bool:
    """Whether one of the names is a module of these, or something in one."""
    return any(name == module or name.startswith(f"{module}.") for name in names for module in modules)


def _name(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")
