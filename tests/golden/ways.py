"""Writes ways.json: what POST /equivalences answers to a few small operations, for the tests of the page.

Run `python -m tests.golden.ways` from the root of the project. The page finds by itself which cells of
which stage an output cell is made of; its tests multiply and add up what lies there. The service has tests
of its own.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

PATH = Path(__file__).with_name("ways.json")


def requests() -> dict[str, dict[str, Any]]:
    """By name: an input and an operation, without bias, so that what is read adds up to what is there."""
    random = np.random.default_rng(11)

    def whole(*shape: int) -> Any:
        return random.integers(-9, 10, shape).tolist()

    plain = {"values": whole(5, 6), "layout": "HW"}
    rank_one = np.outer([1, -2, 3], [2, 5]).tolist()
    return {
        "dilated": {
            "input": plain,
            "operation": {"type": "conv2d", "kernel": whole(2, 3), "dilations": [2, 3]},
        },
        "separable, reflected": {
            "input": plain,
            "operation": {
                "type": "conv2d",
                "kernel": rank_one,
                "strides": [2, 1],
                "padding": [[1, 1], [1, 0]],
                "padding_mode": "reflect",
            },
        },
        "flipped, three channels": {
            "input": {"values": whole(4, 5, 3), "layout": "HWC"},
            "operation": {
                "type": "conv2d",
                "kernel": whole(3, 2),
                "flip_kernel": True,
                "padding": "VALID",
            },
        },
        "flipped, one channel": {
            "input": plain,
            "operation": {
                "type": "conv2d",
                "kernel": rank_one,
                "flip_kernel": True,
                "dilations": [1, 2],
                "padding": [[1, 2], [2, 3]],
            },
        },
        "transposed": {
            "input": {"values": whole(3, 4), "layout": "HW"},
            "operation": {"type": "conv2d_transpose", "kernel": whole(3, 2), "strides": [2, 3]},
        },
        "transposed, dilated, cropped, flipped": {
            "input": {"values": whole(3, 4), "layout": "HW"},
            "operation": {
                "type": "conv2d_transpose",
                "kernel": whole(2, 3),
                "strides": [3, 2],
                "dilations": [2, 1],
                "padding": [[1, 0], [0, 1]],
                "output_padding": [1, 0],
                "flip_kernel": True,
            },
        },
    }


def document(ask: Callable[[dict[str, Any]], Any]) -> str:
    """`ask` answers a body's `equivalences`. Without titles and sentences: the page has its own."""
    cases = []
    for name, body in requests().items():
        ways = [
            {key: value for key, value in way.items() if key not in ("title", "sentence")}
            | {
                "stages": [
                    {key: value for key, value in stage.items() if key != "sentence"}
                    for stage in way["stages"]
                ]
            }
            for way in ask(body)
        ]
        cases.append(json.dumps({"name": name, "request": body, "ways": ways}, separators=(",", ":")))
    return "[\n" + ",\n".join(cases) + "\n]\n"


def main() -> None:
    from fastapi.testclient import TestClient

    from app.main import create_app
    from app.settings import Settings

    with TestClient(create_app(Settings())) as client:
        PATH.write_text(
            document(lambda body: client.post("/api/v1/equivalences", json=body).json()["equivalences"]),
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
