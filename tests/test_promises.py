"""docs/security.md and docs/operations.md: each promise has its proof, each setting its place."""

import re
from pathlib import Path

import pytest

from app.settings import Settings
from tests.chaos.chaos import ROWS

ROOT = Path(__file__).parent.parent
PROMISES = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "security.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and line.count("|") == 5 and not line.startswith("| threat")
]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise[0][:40])
def test_each_promise_has_a_proof_that_exists(promise: list[str]) -> None:
    proofs = re.findall("`([^`]+)`", promise[3])
    assert proofs
    for proof in proofs:
        assert proof in ROWS or (ROOT / proof).is_file(), proof


def test_each_row_of_chaos_proves_a_promise() -> None:
    assert set(ROWS) <= {proof for promise in PROMISES for proof in re.findall("`([^`]+)`", promise[3])}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_each_setting_is_explained_to_operators(name: str) -> None:
    assert f"`CONVLOUPE_{name.upper()}`" in OPERATIONS


def test_no_setting_is_explained_that_there_is_not() -> None:
    named = {name.lower() for name in re.findall(r"`CONVLOUPE_([A-Z_]+)`", OPERATIONS)}
    assert named <= Settings.model_fields.keys()
