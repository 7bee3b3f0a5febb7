"""Sums of numbers near the largest float32 can be Infinity and NaN: each answer says so in its own way."""

import io
import json
from typing import Any

import numpy as np
import pyarrow
import pytest
from PIL import Image

from tests.app.serving import Served

HUGE = 3e38


def request(values: list[list[float]]) -> dict[str, Any]:
    operation = {"type": "conv2d", "kernel": [[HUGE, -HUGE]], "padding": "VALID"}
    return {"input": {"values": values}, "operation": operation}


ONE = request([[HUGE, 0, HUGE]])


def test_a_whole_output(server: Served) -> None:
    def answered(name: str) -> bytes:
        return server.client.post(f"/api/v1/outputs?format={name}", json=ONE).raise_for_status().content

    wanted = np.array([np.inf, -np.inf], np.float32)
    assert json.loads(answered("json"))["output"]["values"] == [[[None], [None]]]
    assert np.array_equal(np.load(io.BytesIO(answered("npy"))).ravel(), wanted)
    table = pyarrow.ipc.open_stream(answered("arrow")).read_all()
    assert np.array_equal(np.ravel(table["output"].to_pylist()), wanted)
    pixels = np.asarray(Image.open(io.BytesIO(answered("png"))))
    assert pixels.tolist() == [[255, 0]]


@pytest.mark.parametrize("rows", [1, 40])
def test_a_trace(server: Served, rows: int) -> None:
    # Sums: Infinity, -Infinity, NaN of both; and some that are none of it.
    url = server.trace(**request([[HUGE, 0, HUGE, HUGE], [1 / HUGE, 0, 0, 5 / HUGE]] * rows))["url"]
    lines = server.client.get(f"{url}/positions?columns=sum&count=4").text.splitlines()
    assert [json.loads(line).get("sum") for line in lines] == [None, None, None, pytest.approx(1), None]
    explained = server.client.get(f"{url}/positions/0").json()
    assert (explained["sum"], explained["channel_sums"]) == (None, [None])
    assert explained["sentence"].endswith("The 2 products add up to ∞.")
    scale = server.client.get(f"{url}/scale").json()
    assert (scale["minimum"], scale["maximum"]) == pytest.approx((-5, 1))
    assert 1 <= scale["signed_scale"] <= 5
