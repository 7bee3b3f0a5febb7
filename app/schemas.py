"""What travels as JSON: requests in, answers out. Arrays inside requests are checked later, by app.arrays."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

Layout = Literal["HW", "HWC", "NHWC", "NCHW"]


def _any(schema: dict[str, Any]) -> Any:
    """Any JSON, described as `schema`: what is wrong with it is said by app.arrays or the engine, in one place each."""
    return Annotated[Any, WithJsonSchema(schema)]


_NUMBERS: dict[str, Any] = {"type": "array", "items": {}, "description": "Nested lists of finite numbers."}
_NPY = {
    "type": "object",
    "properties": {"npy": {"type": "string", "format": "byte"}},
    "required": ["npy"],
    "additionalProperties": False,
}
_PAIR = {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 2, "maxItems": 2}
_PADS = {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2}
_PADDING = {
    "anyOf": [
        {"enum": ["SAME", "SAME_LOWER", "VALID", "FULL"]},
        {
            "type": "array",
            "items": _PADS,
            "minItems": 2,
            "maxItems": 2,
            "description": "[[top, bottom], [left, right]]",
        },
    ]
}


class Request(BaseModel):
    """Fields nobody knows are refused; a boolean is no number, a fraction no count."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Picture(Request):
    """What both kinds of picture share: an upload and a sample."""

    size: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=2, max_length=2)] | None = Field(
        default=None,
        description="[height, width] to resize to: cells are averaged when it shrinks, repeated when it grows.",
    )
    channels: Literal["rgb", "gray"] | None = Field(
        default=None, description="The image's own when left out."
    )
    scale: Literal["0..255", "0..1"] = Field(default="0..255", description="The numbers a pixel becomes.")


class ImageInput(Picture):
    """An uploaded image."""

    image_id: str = Field(max_length=64)


class SampleInput(Picture):
    """One of the images that come with Convloupe."""

    sample: str = Field(max_length=64)


class ValuesInput(Request):
    """Numbers, written out."""

    values: _any(_NUMBERS)
    layout: Layout | None = Field(
        default=None, description="HW, HWC or NHWC by the number of dimensions when left out."
    )
    dtype: Literal["uint8", "float32"] = "float32"


class NpyInput(Request):
    """A NumPy .npy file, in base64."""

    npy: str
    layout: Layout | None = Field(
        default=None, description="HW, HWC or NHWC by the number of dimensions when left out."
    )


INPUT_KINDS = {"image_id": ImageInput, "sample": SampleInput, "values": ValuesInput, "npy": NpyInput}


def _input_kind(value: object) -> str | None:
    for key, kind in INPUT_KINDS.items():
        if isinstance(value, kind) or (isinstance(value, dict) and key in value):
            return f"<{key}>"
    return None


Input = Annotated[
    Annotated[ImageInput, Tag("<image_id>")]
    | Annotated[SampleInput, Tag("<sample>")]
    | Annotated[ValuesInput, Tag("<values>")]
    | Annotated[NpyInput, Tag("<npy>")],
    Discriminator(
        _input_kind,
        custom_error_type="input_kind",
        custom_error_message="must have one of image_id, sample, values, npy",
    ),
]


class Operation(Request):
    """A 2-D convolution as deep learning means it: a cross-correlation, the kernel is not flipped."""

    type: Literal["conv2d"]
    filter: str | None = Field(
        default=None, max_length=64, description="A preset of the catalog; or give a kernel."
    )
    kernel: _any(
        {"anyOf": [_NUMBERS, _NPY], "description": "Rank 2 is applied to every input channel and summed."}
    ) = None
    kernel_layout: Literal["HWIO", "OIHW"] = Field(default="HWIO", description="Of a kernel of rank 4.")
    bias: _any({"anyOf": [_NUMBERS, {"type": "null"}], "description": "One number per output channel."}) = (
        None
    )
    strides: _any({**_PAIR, "description": "[y, x]"}) = [1, 1]
    dilations: _any({**_PAIR, "description": "[y, x]"}) = [1, 1]
    padding: _any(_PADDING) = "SAME"
    groups: _any({"const": 1}) = 1
    padding_mode: _any({"const": "zeros"}) = "zeros"
    flip_kernel: _any({"const": False}) = False
    activation: _any({"type": "null"}) = None

    @field_validator("groups", "padding_mode", "flip_kernel", "activation")
    @classmethod
    def _only_neutral(cls, value: object, info: Any) -> object:
        neutral = cls.model_fields[info.field_name].default
        if type(value) is not type(neutral) or value != neutral:
            shown = {None: "null", False: "false"}.get(neutral, neutral) if neutral != 1 else "1"
            raise PydanticCustomError("not_offered", "this version has only {neutral}", {"neutral": shown})
        return value


class TraceRequest(Request):
    """An input and what to do with it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "input": {"values": [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]},
                    "operation": {"type": "conv2d", "kernel": [[1, 0, -1], [1, 0, -1], [1, 0, -1]]},
                },
                {
                    "input": {"sample": "harbour", "size": [64, 64]},
                    "operation": {
                        "type": "conv2d",
                        "filter": "sobel_x",
                        "strides": [2, 2],
                        "padding": "VALID",
                    },
                },
            ]
        }
    )

    input: Input
    operation: Operation


class GeometryRequest(Request):
    """The shape of an input and an operation; no numbers are needed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"input_shape": [64, 64], "operation": {"type": "conv2d", "filter": "sobel_x"}}]
        }
    )

    input_shape: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=2, max_length=4)] = Field(
        description="[height, width], [height, width, channels] or [batch, height, width, channels]"
    )
    operation: Operation


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
    values: _any(_NUMBERS)


class OutputOut(BaseModel):
    """A computed output and the geometry it came from."""

    output: OutputValues
    geometry: GeometryOut


class ProblemError(BaseModel):
    """One field and what is wrong with it."""

    field: str = Field(examples=["operation.strides"])
    value: _any({"description": "What was sent, when it is short."}) = None
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
