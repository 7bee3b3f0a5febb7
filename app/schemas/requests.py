"""The bodies of requests."""

from typing import Any

from pydantic import ConfigDict

from app.schemas.base import Request
from app.schemas.inputs import Input
from app.schemas.operations import Operation

_ARTICLE = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]
_HARBOUR = {"sample": "harbour", "size": [48, 64]}

TRACES: list[Any] = [
    {
        "input": {"values": _ARTICLE},
        "operation": {"type": "conv2d", "kernel": [[1, 0, -1], [1, 0, -1], [1, 0, -1]]},
    },
    {
        "input": {"sample": "harbour", "size": [64, 64]},
        "operation": {"type": "conv2d", "filter": "sobel_x", "strides": [2, 2], "padding": "VALID"},
    },
    {
        "input": _HARBOUR,
        "operation": {
            "type": "depthwise_conv2d",
            "filter": "laplacian",
            "padding_mode": "reflect",
            "activation": "relu",
        },
    },
    {
        "input": {"values": _ARTICLE},
        "operation": {
            "type": "conv2d_transpose",
            "kernel": [[1, 2, 1], [2, 4, 2], [1, 2, 1]],
            "strides": [2, 2],
            "padding": [[1, 1], [1, 1]],
            "output_padding": [1, 1],
        },
    },
    {
        "input": {"values": _ARTICLE},
        "operation": {
            "type": "max_pool2d",
            "kernel_size": [3, 3],
            "strides": [2, 2],
            "padding": "VALID",
            "ceil_mode": True,
        },
    },
    {
        "input": _HARBOUR,
        "operation": {
            "type": "avg_pool2d",
            "kernel_size": [3, 3],
            "strides": [2, 2],
            "padding": [[1, 1], [1, 1]],
            "count_include_pad": True,
        },
    },
    {"input": {"values": _ARTICLE}, "operation": {"type": "max_pool2d", "kernel_size": "global"}},
]


class TraceRequest(Request):
    """An input and what to do with it."""

    model_config = ConfigDict(json_schema_extra={"examples": TRACES})

    input: Input
    operation: Operation
