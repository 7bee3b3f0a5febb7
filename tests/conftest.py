"""The order in which two processes share the files: what takes long comes first, and both end together."""

from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent
# The browser's files follow one another, for each process starts one browser and one server for all of them.
# Of the rest each takes seconds, most of them the fewer the fewer tests they have.
FIRST = ("engine/test_bounds.py", "browser", "chaos", "documents", "fuzz")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: (_turn(item.path), -tests[item.path], item.path))


def _turn(path: Path) -> int:
    named = [turn for turn, first in enumerate(FIRST) if path.is_relative_to(ROOT / first)]
    return named[0] if named else len(FIRST)
