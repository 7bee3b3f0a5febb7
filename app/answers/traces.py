"""A trace and what can be asked about it, as JSON."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.answers.geometry import GeometryOut

CellOut = Annotated[list[int], Field(min_length=2, max_length=2, description="[y, x]")]


class TraceInputOut(BaseModel):
    """The numbers a trace runs over."""

    height: int
    width: int
    channels: int
    dtype: Literal["uint8", "float32"]
    url: str


class TraceOut(BaseModel):
    """A trace, ready to be streamed."""

    id: str
    url: str
    operation: str = Field(description="Its type.")
    positions: int
    taps: int = Field(description="Cells of one window: group_channels x kernel height x kernel width.")
    in_channels: int
    group_channels: int = Field(
        description="Input channels that one output channel reads: all, those of its group, or one."
    )
    out_channels: int
    batch: int
    columns: list[str] = Field(description="What its rows can hold.")
    window_dtype: Literal["uint8", "float32"] = Field(
        description="The input's; float32 where the window of a max pool reaches beyond the input, for -inf."
    )
    input: TraceInputOut
    geometry: GeometryOut
    expires_at: datetime


class WindowOut(BaseModel):
    """The input rows and columns a window spans, inclusive; beyond the input is padding.

    Of a transposed convolution those of the taps that lie on a row or column of the input.
    """

    top: int
    left: int
    bottom: int
    right: int


class TapOut(BaseModel):
    """One kernel cell and the input cell it lies on. A flipped kernel is flipped already."""

    channel: int = Field(description="Of the input, not of the group.")
    kernel_y: int
    kernel_x: int
    input_y: int | None = Field(
        description="null between two input rows, where a transposed convolution has a stuffed zero."
    )
    input_x: int | None
    padding: bool
    stuffed: bool = Field(description="Lies between two input cells.")
    source_y: int | None = Field(
        description="The input cell whose value is read, through the padding too; null for a zero."
    )
    source_x: int | None
    value: float | None = Field(description="null for the -inf that a max pool reads beyond the input.")
    weight: float | None = Field(description="null in a pool, as the product.")
    product: float | None
    partial_sum: float | None = Field(
        description="Sum of the products up to here, without bias; of the values in an average pool."
    )
    channel_partial_sum: float | None = Field(description="The same within this tap's channel.")


class ExplanationOut(BaseModel):
    """One position, tap by tap."""

    position: int
    y: int
    x: int
    window: WindowOut | None = Field(
        description="null where no tap of a transposed convolution lies on a row and a column of the input."
    )
    taps: list[TapOut]
    channel_sums: list[float | None] = Field(
        description=(
            "The products of each input channel that the output channel reads, added up, in the order of the "
            "taps; without the bias. None for a pool."
        )
    )
    bias: float = Field(description="Of the output channel; 0 where there is none.")
    sum: float | None = Field(description="null for a max pool.")
    output: float | None = Field(
        description="After the activation or the division; the largest value of a max pool."
    )
    activation: Literal["relu", "sigmoid", "tanh"] | None
    divisor: int | None = Field(description="Of an average pool.")
    winner: int | None = Field(description="Of a max pool: the index of the largest tap.")
    argmax: CellOut | None = Field(description="Of a max pool: the input cell it reads.")
    sentence: str = Field(
        description="What happens here, in English: word for word what the page says.",
        examples=["The window covers rows 0 to 2 and columns 0 to 2. The 9 products add up to −6."],
    )


class ScaleOut(BaseModel):
    """The range of a whole output channel: of its sums, or of its outputs where the operation is a pool.

    Infinity and NaN count as 0.
    """

    signed_scale: float = Field(description="A round number that all but the strongest sums stay within.")
    minimum: float
    maximum: float


class ReadOut(BaseModel):
    """One tap of one position that reads the cell."""

    position: int
    y: int
    x: int
    kernel_y: int
    kernel_x: int
    padding: bool = Field(description="The tap lies on the padding, which reads the cell by its mode.")
    weights: list[float] | None = Field(
        description=(
            "What the cell is multiplied with, one per channel of the group; 1 / divisor for an average "
            "pool; null for a max pool."
        )
    )
    wins: bool | None = Field(description="Of a max pool: the cell is the largest of this position.")


class StampCellOut(BaseModel):
    """One kernel cell of a stamp, and where it falls."""

    kernel_y: int
    kernel_x: int
    output_y: int
    output_x: int
    position: int | None = Field(description="null where it is cropped away.")
    weights: list[float]
    products: list[float | None]


class InputCellOut(BaseModel):
    """An input cell, and every position that reads it."""

    y: int
    x: int
    out_channel: int
    first_channel: int = Field(description="Of the input channels that the output channel reads.")
    values: list[float] = Field(description="The cell's, in those channels.")
    reads: list[ReadOut] = Field(description="By position, kernel row, kernel column.")
    stamp: list[StampCellOut] | None = Field(
        description="Of a transposed convolution: what the cell adds to the output, the cropped cells too."
    )
    sentence: str = Field(
        description="Who reads the cell, or what it stamps, in English.",
        examples=[
            "9 windows read the cell at row 3 and column 4, those of output rows 2 to 4 and columns 3 to 5."
        ],
    )
