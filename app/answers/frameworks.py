"""What is answered about frameworks, as JSON."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, WithJsonSchema

from app.answers.geometry import GeometryOut

Plane = Annotated[
    Any,
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "array", "items": {"anyOf": [{"type": "number"}, {"type": "null"}]}},
            "description": "Rows of numbers; null for what is none.",
        }
    ),
]


class TokenOut(BaseModel):
    """A part of a call."""

    text: str
    field: str | None = Field(description="The field of the operation that it stands for.")
    at: list[int] = Field(
        description="Of a field with several numbers those it stands for: 0 for y, 1 for x; of padding the "
        "sides 0 top, 1 bottom, 2 left, 3 right, none for the rule as a whole."
    )


class NoteOut(BaseModel):
    """What is to be said of a call."""

    name: str
    text: str
    kind: Literal["takes", "refuses", "differs"] = Field(
        description="It takes more than the one call; the framework refuses it; it gives other numbers."
    )


class CallOut(BaseModel):
    """The operation in the words of a framework."""

    framework: str
    title: str
    version: str = Field(description="What it was checked with.")
    layout: Literal["NHWC", "NCHW"]
    text: str
    tokens: list[TokenOut]
    notes: list[NoteOut]
    holds: bool = Field(description="Whether the call runs and gives the output.")
    instead: str | None = Field(description="Statements that do, where the call does not.")
    also: list[str] = Field(description="Other expressions of the framework for the same output.")


class ProgramOut(BaseModel):
    """A Python program that ends by asserting the output."""

    framework: str
    text: str | None = Field(description="null where the framework has no way to the operation.")


class CodeOut(BaseModel):
    """The operation in every framework."""

    calls: list[CallOut]
    program: ProgramOut | None = Field(description="Where a framework was named.")


class ConventionOut(BaseModel):
    """A way to pad."""

    name: str
    title: str
    library: str = Field(description="What it was checked with; empty for the call as it stands.")
    sentence: str


class SideOut(BaseModel):
    """One of the two conventions."""

    convention: ConventionOut
    refusal: str | None = Field(description="Why the library, or the size of the input, does not allow it.")
    output_shape: list[int] | None = Field(description="[batch, height, width, out_channels]")
    geometry: GeometryOut | None
    values: Plane | None = Field(description="The output channel and batch item that were asked for.")
    calls: list[str] = Field(
        description="The lines with which this side's framework computes what the other side does."
    )


class DifferenceOut(BaseModel):
    """The second output minus the first, over all channels and batch items."""

    cells: int = Field(description="How many differ by more than rounding can do.")
    total: int
    largest: float | None = Field(description="The largest magnitude; null if that is no finite number.")
    at: list[int] = Field(description="[batch, y, x, channel] of the first cell with it.")
    values: Plane = Field(description="Of the output channel and batch item that were asked for.")


class RowOut(BaseModel):
    """A line of the table; null on a side without."""

    name: str
    first: Any
    second: Any
    differs: bool


class CompareOut(BaseModel):
    """Where two conventions part."""

    verdict: Literal["same", "numbers", "shapes", "refused"]
    sentence: str
    detail: str
    sides: list[SideOut]
    difference: DifferenceOut | None = Field(description="null where the shapes differ.")
    shift: list[int] | None = Field(
        description="[y, x]: the second output at y + shift is the first at y, wherever both are."
    )
    rows: list[RowOut]
    conventions: list[ConventionOut] = Field(description="All there are.")
