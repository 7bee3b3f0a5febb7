"""docs/security.md and docs/operations.md: each promise has its proof, each setting its place."""

import re
from pathlib import Path

import pytest

from app.connections import MOST_AHEAD
from app.errors import MalformedError
from app.images import structure
from app.middleware import AROUND_BYTES, MOST_PARTS
from app.routes import common
from app.schemas import ImageInput, SampleInput, geometry
from app.services import outputs
from app.settings import Settings
from engine.frameworks.pasted import text
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


@pytest.mark.parametrize(
    "row",
    [
        f"| a body of JSON | {common._MOST_QUOTES // 2} texts, 200 lists and objects within one another |",
        f"| a form | {MOST_PARTS} parts |",
        f"| texts beside a file that is kept | {AROUND_BYTES // 1024} KB together |",
        f"| requests that a connection sends before the one before them is answered | {MOST_AHEAD} |",
        f"| a list of layers | {geometry.MOST_LAYERS} |",
        f"| a pasted call | {text.LONGEST} characters |",
        f"| a JPEG file | {structure.MOST_JPEG_SCANS} scans |",
        f"| a PNG file | {structure.MOST_PROFILES} colour profiles |",
        f"| a compressed BMP file | {structure.MOST_RUN_BYTES >> 20} MB |",
        f"| segments, chunks or blocks of a picture's file | {structure.MOST_PARTS} |",
        f"`CONVLOUPE_WORK` ÷ {outputs._SEARCH} cells",
    ],
)
def test_each_limit_that_no_setting_changes_is_told(row: str) -> None:
    assert row in OPERATIONS


def test_names_are_as_long_as_is_told() -> None:
    schemas = [one.model_json_schema()["properties"] for one in (ImageInput, SampleInput)]
    assert [schemas[0]["image_id"]["maxLength"], schemas[1]["sample"]["maxLength"]] == [64, 64]
    assert "| names and ids in a body | 64 characters |" in OPERATIONS


def test_json_is_as_deep_as_is_told() -> None:
    def nested(depth: int) -> bytes:
        return b"[" * depth + b"]" * depth

    common.strict_json(nested(200), "body")
    with pytest.raises(MalformedError, match="recursion limit"):
        common.strict_json(nested(202), "body")
