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


class StepOut(BaseModel):
    """How one number of an axis comes about: symbols = numbers = value."""

    name: str
    symbols: str = Field(
        description=(
            "In the names of the axis's fields, of the steps before and of the operation's own fields: "
            "padding[0][1] is what was given as such."
        )
    )
    numbers: str = Field(description="The same with every number put in.")
    value: int


class DerivationOut(BaseModel):
    """One axis, explained."""

    sentence: str = Field(description="In English: the padding, the windows, what is left over and not read.")
    formula_symbols: str = Field(description="The output size in the names of the axis's fields.")
    formula_numbers: str = Field(description="The same with every number put in.")
    steps: list[StepOut]


class DerivationsOut(BaseModel):
    """Both axes, explained."""

    y: DerivationOut
    x: DerivationOut


class ReceptiveFieldOut(BaseModel):
    """Which input cells an output cell depends on, along one axis; counted as if inputs had no edges.

    Output cell i depends on `size` cells at most, from start + i * jump on.
    """

    size: int = Field(
        description=(
            "Cells from the first to the last, gaps included. After a transposed convolution, where cells "
            "differ, of the one with the most."
        )
    )
    jump: int | float = Field(
        description=(
            "Input cells from one output cell's field to the next one's: the product of the strides. After a "
            "transposed convolution it can be a fraction, and holds between cells that are `period` apart."
        )
    )
    start: int | None = Field(
        description="First cell of output cell 0, negative in the padding; null where no stamp reaches it."
    )
    period: int = Field(description="1, but after transposed convolutions.")


class ReceptiveFieldsOut(BaseModel):
    """Receptive fields of both axes; null where one, or its period, is too large to be told."""

    y: ReceptiveFieldOut | None
    x: ReceptiveFieldOut | None


class ShapedGeometryOut(GeometryOut):
    """The geometry, with shapes, and explained."""

    operation: str = Field(description="Its type.")
    input_shape: list[int] = Field(description="[batch, height, width, in_channels]")
    output_shape: list[int] = Field(description="[batch, height, width, out_channels]")
    derivation: DerivationsOut
    receptive_field: ReceptiveFieldsOut = Field(
        description="In cells of the input; of a layer, in cells of the first layer's input."
    )


class ChainOut(BaseModel):
    """The geometries of layers that follow one another."""

    input_shape: list[int] = Field(description="[batch, height, width, in_channels] of the first layer")
    output_shape: list[int] = Field(description="[batch, height, width, out_channels] of the last layer")
    layers: list[ShapedGeometryOut]
