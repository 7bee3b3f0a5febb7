"""A geometry, as JSON."""

from typing import Literal

from pydantic import BaseModel, Field


class TapsOut(BaseModel):
    """Where the taps lie, as an arithmetic rule: number i lies on first + i * stride + each offset.

    Of a window, i is an output cell and the taps are the input cells it reads. Of a transposed convolution, i
    is an input cell and the taps are the output cells it stamps.
    """

    first: int
    stride: int
    offsets: list[int]


class AxisOut(BaseModel):
    """The geometry of one axis, in cells."""

    input_size: int
    kernel_size: int
    stride: int
    dilation: int
    span: int = Field(description="Cells from the first to the last tap of a window.")
    pad_before: int
    pad_after: int
    output_size: int
    leftover: int = Field(description="Padded cells after the last window, too few for another one.")
    never_read: list[int] = Field(description="Input indices that no window reads.")
    taps: TapsOut
    formula: str
    overhang: int = Field(
        description="Cells by which the last window of ceil_mode reaches beyond the padded input."
    )
    padding_mode: Literal["zeros", "reflect", "replicate", "circular"]


class TransposedAxisOut(BaseModel):
    """The geometry of one axis of a transposed convolution, in cells."""

    input_size: int
    kernel_size: int
    stride: int
    dilation: int
    span: int = Field(description="Cells from the first to the last tap of a stamp.")
    full_size: int = Field(description="Cells that all stamps together cover.")
    crop_before: int
    crop_after: int = Field(
        description="Negative where the output is larger, and ends in cells no stamp reaches."
    )
    output_size: int
    never_read: list[int] = Field(description="Input indices whose whole stamp is cropped away.")
    taps: TapsOut
    formula: str


class PadsOut(BaseModel):
    """Rows and columns of padding; of a transposed convolution those that are cropped, as PyTorch's pads."""

    top: int
    bottom: int
    left: int
    right: int


class GeometryOut(BaseModel):
    """What follows from an operation and an input's height and width."""

    y: AxisOut | TransposedAxisOut
    x: AxisOut | TransposedAxisOut
    pads: PadsOut
    positions: int
    cells_never_read: int


class ShapedGeometryOut(GeometryOut):
    """The geometry, with the shape of the output."""

    output_shape: list[int] = Field(description="[batch, height, width, out_channels]")
