"""What a pasted call says, as JSON."""

from typing import Any

from pydantic import BaseModel, Field


class ReadCallOut(BaseModel):
    """An operation as far as a call tells it."""

    framework: str = Field(examples=["pytorch"])
    call: str = Field(examples=["nn.Conv2d"])
    operation: dict[str, Any] = Field(
        description="The fields of an operation that the call decides, its `type` among them. No kernel."
    )
    kernel_size: list[int] | None = Field(
        description="[height, width] of a kernel, where the call tells.", min_length=2, max_length=2
    )
    in_channels: int | None
    out_channels: int | None
    depth_multiplier: int | None = Field(
        default=None, description="Kernels of each channel, if more than one."
    )
    bias: float | None = Field(description="The number that every output channel gets, if it is written out.")
    input: str | None = Field(
        default=None,
        description="The call whose result goes in, where that is not read: the input takes its place.",
    )
    notes: list[str] = Field(description="What the call leaves open.")
