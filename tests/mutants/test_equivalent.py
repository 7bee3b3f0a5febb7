"""What is left out of the score is still there to be left out."""

from pathlib import Path

import pytest

from tests.mutants.equivalent import EQUIVALENT

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("file", EQUIVALENT)
def test_each_line_is_in_its_file(file: str) -> None:
    lines = {line.strip() for line in (ROOT / file).read_text("utf-8").splitlines()}
    for was, becomes, reason in EQUIVALENT[file]:
        assert set(was.splitlines()) <= lines, was
        assert becomes != was
        assert reason
