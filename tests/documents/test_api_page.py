"""docs/api.md lists what the server has, routes, refusals, operations and columns, no more and no fewer."""

import re
from typing import Any, get_args

import pytest

from app.main import create_app
from app.schemas.operations import OPERATION_REQUESTS
from app.settings import Settings
from engine.trace import Column
from tests.documents.pages import ROOT

PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Path -> method -> operation, of the OpenAPI document."""
    document = create_app(Settings(data_dir=tmp_path_factory.mktemp("data"))).openapi()
    found: dict[str, dict[str, Any]] = document["paths"]
    return found


def table(first_heading: str) -> list[list[str]]:
    """The rows of the table whose first column has that heading, the headings first."""
    (lines,) = re.findall(rf"^(\| {re.escape(first_heading)} \|.*\n(?:\|.*\n)+)", PAGE, re.MULTILINE)
    rows = [[cell.strip() for cell in line.strip("|").split(" |")] for line in lines.splitlines()]
    return [rows[0], *rows[2:]]


def test_every_route_is_listed(paths: dict[str, dict[str, Any]]) -> None:
    listed = re.findall(r"`(GET|POST) (/[^`]*)`", PAGE[: PAGE.index("## ")])
    there = {
        (method.upper(), re.sub(r"\{(trace|image)_id\}", "{id}", path.removeprefix("/api/v1")))
        for path, methods in paths.items()
        for method in methods
    }
    assert set(listed) == there
    assert len(listed) == len(there)


def test_every_refusal_is_listed(paths: dict[str, dict[str, Any]]) -> None:
    listed = {row[0] for row in table("status")[1:]}
    there = {
        status
        for methods in paths.values()
        for operation in methods.values()
        for status in operation["responses"]
        if status.startswith(("4", "5"))
    }
    assert listed == there | {"405"}  # of no operation, but of every path


def test_every_format_of_an_output_is_listed(paths: dict[str, dict[str, Any]]) -> None:
    listed = {row[1].strip("`") for row in table("`format`")[1:]}
    assert listed == set(paths["/api/v1/outputs"]["post"]["responses"]["200"]["content"])


@pytest.mark.parametrize("kind", OPERATION_REQUESTS)
def test_every_field_of_an_operation_is_listed(kind: str) -> None:
    headings, *rows = table("field")
    column = headings.index(f"`{kind}`")
    listed = {field for row in rows if row[column] for field in re.findall(r"`(\w+)`", row[0])}
    assert listed | {"type"} == set(OPERATION_REQUESTS[kind].model_fields)


def test_every_column_is_listed() -> None:
    assert {row[0].strip("`") for row in table("column")[1:]} == set(get_args(Column))
