"""What is answered about other ways to the same output, as JSON."""

from typing import Literal

from pydantic import BaseModel, Field

from app.answers.frameworks import Plane


class PlaneOut(BaseModel):
    """One of the arrays of a stage, in rows."""

    label: str = Field(description="Which of several it is; empty where it is the only one.")
    values: Plane


class StageOut(BaseModel):
    """A step on the way."""

    name: str
    sentence: str
    kind: Literal["cells", "weights", "sums"] = Field(
        description="Numbers of the input, of the kernel, or made of both."
    )
    planes: list[PlaneOut]


class CountsOut(BaseModel):
    """What it costs, for all output channels, beside the operation as it stands. Biases do not count."""

    parameters: int
    parameters_direct: int
    multiplications: int
    multiplications_direct: int


class EquivalenceOut(BaseModel):
    """Another way to the same output."""

    name: str
    title: str
    sentence: str
    refusal: str | None = Field(description="Why it is none here; then there are no stages.")
    holds: bool | None = Field(description="Its output is the operation's, to within rounding.")
    stages: list[StageOut]
    counts: CountsOut | None
    singular_values: list[float] | None = Field(
        description="Of the kernel over `channel`, largest first, where the way asks for its rank."
    )


class EquivalencesOut(BaseModel):
    """Other ways to one output channel of one batch item."""

    equivalences: list[EquivalenceOut] = Field(description="Of a pool there are none.")
