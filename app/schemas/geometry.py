"""The body of a question about shapes."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from app.schemas.base import Request
from app.schemas.operations import Operation

_EXAMPLES: list[Any] = [
    {"input_shape": [64, 64], "operation": {"type": "conv2d", "filter": "sobel_x"}},
    {
        "input_shape": [2, 9, 12, 3],
        "operation": {
            "type": "depthwise_conv2d",
            "filter": "laplacian",
            "padding_mode": "reflect",
            "activation": "relu",
        },
    },
    {
        "input_shape": [2, 9, 12, 3],
        "operation": {
            "type": "conv2d_transpose",
            "kernel": [[1, 2, 1], [2, 4, 2], [1, 2, 1]],
            "strides": [2, 2],
            "padding": [[1, 1], [1, 1]],
            "output_padding": [1, 1],
        },
    },
    {
        "input_shape": [2, 9, 12, 3],
        "operation": {
            "type": "max_pool2d",
            "kernel_size": [3, 3],
            "strides": [2, 2],
            "padding": "VALID",
            "ceil_mode": True,
        },
    },
    {
        "input_shape": [2, 9, 12, 3],
        "operation": {
            "type": "avg_pool2d",
            "kernel_size": [3, 3],
            "strides": [2, 2],
            "padding": [[1, 1], [1, 1]],
            "count_include_pad": True,
        },
    },
    {"input_shape": [2, 9, 12, 3], "operation": {"type": "max_pool2d", "kernel_size": "global"}},
]


class GeometryRequest(Request):
    """The shape of an input and an operation; no numbers are needed."""

    model_config = ConfigDict(json_schema_extra={"examples": _EXAMPLES})

    input_shape: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=2, max_length=4)] = Field(
        description="[height, width], [height, width, channels] or [batch, height, width, channels]"
    )
    operation: Operation
