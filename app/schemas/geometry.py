"""Questions about shapes: of one operation, or of a chain of layers."""

from typing import Annotated, Any

from pydantic import ConfigDict, Discriminator, Field, Tag

from app.schemas.base import Request
from app.schemas.operations import Operation

GEOMETRIES: list[Any] = [
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


_CHAINS: list[Any] = [
    {
        "input_shape": [64, 64, 3],
        "layers": [
            {"type": "conv2d", "filter": "sobel_x"},
            {"type": "max_pool2d", "kernel_size": [2, 2], "strides": [2, 2]},
            {"type": "conv2d", "filter": "box_blur", "dilations": [2, 2], "padding": "VALID"},
        ],
    },
]

MOST_LAYERS = 64

InputShape = Annotated[
    list[Annotated[int, Field(ge=1)]],
    Field(
        min_length=2,
        max_length=4,
        description="[height, width], [height, width, channels] or [batch, height, width, channels]",
    ),
]


class GeometryRequest(Request):
    """The shape of an input and an operation; no numbers are needed."""

    model_config = ConfigDict(json_schema_extra={"examples": GEOMETRIES})

    input_shape: InputShape
    operation: Operation


class ChainRequest(Request):
    """The shape of an input and layers that follow one another: each reads what the one before makes."""

    model_config = ConfigDict(json_schema_extra={"examples": _CHAINS})

    input_shape: InputShape
    layers: Annotated[list[Operation], Field(min_length=1, max_length=MOST_LAYERS)]


def _one_or_many(value: object) -> str:
    many = isinstance(value, ChainRequest) or (isinstance(value, dict) and "layers" in value)
    return "<a request with layers>" if many else "<a request with an operation>"


AnyGeometryRequest = Annotated[
    Annotated[GeometryRequest, Tag("<a request with an operation>")]
    | Annotated[ChainRequest, Tag("<a request with layers>")],
    Discriminator(_one_or_many),
]
