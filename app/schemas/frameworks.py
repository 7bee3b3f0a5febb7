"""Questions about frameworks: how they spell an operation, and where two of them part."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field, WithJsonSchema

from app.schemas.base import Request
from app.schemas.geometry import GEOMETRIES, InputShape
from app.schemas.inputs import Input
from app.schemas.operations import Operation
from app.schemas.requests import TRACES, TraceRequest

_CODES: list[Any] = [*GEOMETRIES, TRACES[0] | {"framework": "tensorflow"}]
_NAMES = ["tensorflow_same", "pytorch_padding"]

Index = Annotated[int, Field(ge=0)]
Name = Annotated[str, Field(max_length=64)]


class CodeRequest(Request):
    """An operation to be spelled, over the shape of an input or over an input."""

    model_config = ConfigDict(json_schema_extra={"examples": _CODES})

    input_shape: InputShape | None = None
    input: Input | None = Field(
        default=None, description="Instead of its shape; a program needs its numbers."
    )
    operation: Operation
    framework: Name | None = Field(
        default=None, description="Also answer a program in this framework, with all numbers."
    )


class CompareRequest(TraceRequest):
    """An operation over an input, in two conventions."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [one | {"conventions": _NAMES} for one in TRACES]}
    )

    conventions: Annotated[
        list[Name],
        Field(
            min_length=2,
            max_length=2,
            description="Two ways to pad, by names that the answer lists; `call` is the operation as it is.",
        ),
    ]
    pytorch_padding: Annotated[
        Any,
        WithJsonSchema(
            {
                "anyOf": [
                    {
                        "type": "array",
                        "items": {"type": "integer", "minimum": 0},
                        "minItems": 2,
                        "maxItems": 2,
                    },
                    {"type": "null"},
                ],
                "description": "[y, x] for `pytorch_padding`; half of the kernel when left out.",
            }
        ),
    ] = None
    position: Annotated[list[Index], Field(min_length=2, max_length=2)] | None = Field(
        default=None, description="The output cell [y, x] that the last rows of the table are about."
    )
    out_channel: Index = 0
    batch: Index = 0


class EquivalencesRequest(TraceRequest):
    """An operation over an input, of which one output channel and batch item are computed in other ways."""

    model_config = ConfigDict(json_schema_extra={"examples": TRACES})

    out_channel: Index = 0
    batch: Index = 0
    channel: Index = Field(
        default=0, description="The input channel whose planes are shown, of those of the output channel."
    )
