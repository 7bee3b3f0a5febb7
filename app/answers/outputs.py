"""A whole output, as JSON."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, WithJsonSchema

from app.answers.geometry import GeometryOut

_NESTED = {"type": "array", "items": {}}


class OutputValues(BaseModel):
    """An output, written out."""

    shape: list[int]
    layout: Literal["HWC", "NHWC", "NCHW"]
    values: Annotated[Any, WithJsonSchema(_NESTED)]


class OutputOut(BaseModel):
    """A computed output and the geometry it came from; of a max pool also where each value was."""

    output: OutputValues
    geometry: GeometryOut
    argmax: Annotated[
        Any,
        WithJsonSchema(
            _NESTED
            | {"description": "Max pools only: nested as the values, each the [y, x] of an input cell."}
        ),
    ] = None
