"""The sentence of a position and of an input cell, over HTTP, against sentences written by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.services.spelling import spelled
from tests.app.serving import Served

GOLDEN = json.loads((Path(__file__).parent.parent / "golden" / "sentences.json").read_text("utf-8"))


def traced(server: Served, case: dict[str, Any]) -> str:
    """The URL of the trace of a golden case."""
    values, operation = case["input"], case["operation"]
    url: str = server.trace(input={"values": values}, operation=operation)["url"]
    return url


@pytest.mark.parametrize("case", GOLDEN["page"], ids=lambda case: case["sentence"])
def test_the_sentence_is_the_one_of_the_page(server: Served, case: dict[str, Any]) -> None:
    url = traced(server, case)
    explained = server.client.get(f"{url}/positions/{case['position']}").json()
    scale = server.client.get(f"{url}/scale").json()
    # The TypeScript test starts from these numbers: here they are what the server says.
    assert (explained["sum"], scale["minimum"], scale["maximum"]) == pytest.approx(
        (case["sum"], case["minimum"], case["maximum"]), rel=1e-6, abs=1e-6
    )
    assert explained["sentence"] == case["sentence"]


@pytest.mark.parametrize("case", GOLDEN["server"], ids=lambda case: case["sentence"])
def test_the_sentence_of_every_other_operation(server: Served, case: dict[str, Any]) -> None:
    url, query = traced(server, case), {"out_channel": case["out_channel"]}
    explained = server.client.get(f"{url}/positions/{case['position']}", params=query).json()
    scale = server.client.get(f"{url}/scale", params=query).json()
    answered = explained | scale
    # The TypeScript test starts from these numbers: here they are what the server says.
    assert {name: answered[name] for name in case["told"]} == case["told"]
    assert explained["sentence"] == case["sentence"]


@pytest.mark.parametrize("case", GOLDEN["inputs"], ids=lambda case: case["sentence"])
def test_the_sentence_of_an_input_cell(server: Served, case: dict[str, Any]) -> None:
    y, x = case["at"]
    answer = server.client.get(f"{traced(server, case)}/inputs/{y}/{x}").json()
    # The TypeScript test starts from these reads: here they are what the server says.
    reads = [[read[name] for name in ("position", "y", "x", "padding", "wins")] for read in answer["reads"]]
    assert reads == case.get("reads", reads)
    assert answer["sentence"] == case["sentence"]


def test_numbers_are_spelled_as_on_the_page() -> None:
    assert len(GOLDEN["numbers"]) > 10
    for value, text in GOLDEN["numbers"]:
        assert spelled(value) == text
    for value, text in ((float("nan"), "NaN"), (float("-inf"), "−∞"), (-0.0, "0")):
        assert spelled(value) == text
