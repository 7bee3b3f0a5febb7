"""docs/api.md lists what the server has, routes, refusals, operations and columns, no more and no fewer."""

import re
from typing import Any, get_args

import pyarrow
import pytest

from app.schemas.operations import OPERATION_REQUESTS
from engine.trace import Column
from tests.app.serving import Served
from tests.documents.pages import ROOT

PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")


@pytest.fixture(scope="module")
def paths(server: Served) -> dict[str, dict[str, Any]]:
    """Path -> method -> operation, of the OpenAPI document."""
    found: dict[str, dict[str, Any]] = server.client.get("/openapi.json").json()["paths"]
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
    assert listed == there | {"405", "500"}  # of no operation, but of every path


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


def metadata_listed(begin: str) -> set[str]:
    sentence = PAGE[PAGE.index(begin) :].split(".\n")[0]
    return set(re.findall(r"`(\w+)`", sentence))


def metadata_sent(stream: bytes) -> set[str]:
    return {name.decode() for name in pyarrow.ipc.open_stream(stream).schema.metadata}


def test_the_metadata_of_arrow_streams_are_listed(server: Served) -> None:
    sample = {"sample": "star", "size": [5, 6]}
    pool = {"input": sample, "operation": {"type": "max_pool2d", "kernel_size": [2, 3]}}
    table = server.client.post("/api/v1/outputs?format=arrow", json=pool).content
    assert metadata_listed("The metadata of the table") == metadata_sent(table)

    trace = server.trace(input=sample, operation={"type": "conv2d", "filter": "box_blur"})
    rows = server.client.get(f"{trace['url']}/positions?format=arrow").content
    assert metadata_listed("The metadata of its schema") <= metadata_sent(rows)
