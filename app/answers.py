"""What the server answers, as JSON."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, WithJsonSchema


class ImageOut(BaseModel):
    """A stored image."""

    id: str
    width: int
    height: int
    channels: int = Field(description="3, or 1 for a grey image")
    url: str
    expires_at: datetime


class TapsOut(BaseModel):
    """Where the window reads, as an arithmetic rule: position p reads first + p * stride + each offset."""

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


class PadsOut(BaseModel):
    """Rows and columns of padding."""

    top: int
    bottom: int
    left: int
    right: int


class GeometryOut(BaseModel):
    """What follows from an operation and an input's height and width."""

    y: AxisOut
    x: AxisOut
    pads: PadsOut
    positions: int
    cells_never_read: int


class ShapedGeometryOut(GeometryOut):
    """The geometry, with the shape of the output."""

    output_shape: list[int] = Field(description="[batch, height, width, out_channels]")


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
    positions: int
    taps: int
    in_channels: int
    out_channels: int
    batch: int
    input: TraceInputOut
    geometry: GeometryOut
    expires_at: datetime


class WindowOut(BaseModel):
    """The input rows and columns a window spans, inclusive; beyond the input is padding."""

    top: int
    left: int
    bottom: int
    right: int


class TapOut(BaseModel):
    """One kernel cell and the input cell it reads."""

    channel: int
    kernel_y: int
    kernel_x: int
    input_y: int
    input_x: int
    padding: bool
    value: float
    weight: float
    product: float
    partial_sum: float = Field(description="Sum of the products up to here, without bias.")
    channel_partial_sum: float = Field(description="The same within this tap's channel.")


class ExplanationOut(BaseModel):
    """One position, tap by tap."""

    position: int
    y: int
    x: int
    window: WindowOut
    taps: list[TapOut]
    channel_sums: list[float]
    bias: float
    sum: float


class ScaleOut(BaseModel):
    """The range of a whole output channel."""

    signed_scale: float = Field(description="A round number that all but the strongest sums stay within.")
    minimum: float
    maximum: float


class OutputValues(BaseModel):
    """An output, written out."""

    shape: list[int]
    layout: Literal["HWC", "NHWC", "NCHW"]
    values: Annotated[Any, WithJsonSchema({"type": "array", "items": {}})]


class OutputOut(BaseModel):
    """A computed output and the geometry it came from."""

    output: OutputValues
    geometry: GeometryOut


class ProblemError(BaseModel):
    """One field and what is wrong with it."""

    field: str = Field(examples=["operation.strides"])
    value: Annotated[Any, WithJsonSchema({"description": "What was sent, when it is short."})] = None
    reason: str


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[ProblemError]


class HealthOut(BaseModel):
    """The server is up; `engine` says which loops answer."""

    status: Literal["ok"]
    version: str
    engine: Literal["reference", "compiled"]
