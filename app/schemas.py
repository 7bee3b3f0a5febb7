"""What clients ask, as JSON. Arrays inside of requests are checked later, by app.arrays."""

import json
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic_core import PydanticCustomError

Layout = Literal["HW", "HWC", "NHWC", "NCHW"]


# Whatever JSON there is passes these: what is wrong with it is said by app.arrays or the engine, each in one
# place.
_NUMBERS: dict[str, Any] = {"type": "array", "items": {}, "description": "Nested lists of finite numbers."}
_NPY = {
    "type": "object",
    "properties": {"npy": {"type": "string", "format": "byte"}},
    "required": ["npy"],
    "additionalProperties": False,
}
_KERNEL = {
    "anyOf": [_NUMBERS, _NPY, {"type": "null"}],
    "description": "A kernel of rank 2 is applied to every input channel and summed.",
}
_BIAS = {"anyOf": [_NUMBERS, {"type": "null"}], "description": "One number per output channel."}
_PAIR = {
    "type": "array",
    "items": {"type": "integer", "minimum": 1},
    "minItems": 2,
    "maxItems": 2,
    "description": "[y, x]",
}
_PADS = {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2}
_PADDING = {
    "anyOf": [
        {"enum": ["SAME", "SAME_LOWER", "VALID", "FULL"]},
        {"type": "array", "items": _PADS, "minItems": 2, "maxItems": 2},
    ],
    "description": "A name, or [[top, bottom], [left, right]].",
}

Numbers = Annotated[Any, WithJsonSchema(_NUMBERS)]
Pair = Annotated[Any, WithJsonSchema(_PAIR)]


class Request(BaseModel):
    """Fields nobody knows are refused; a boolean is no number, a fraction no count."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Picture(Request):
    """What both kinds of picture share: an upload and a sample."""

    size: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=2, max_length=2)] | None = Field(
        default=None,
        description="[height, width] to resize to: pixels are averaged to shrink, repeated to grow.",
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

    values: Numbers
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


_INPUT_KINDS: dict[str, type[Request]] = {
    "image_id": ImageInput,
    "sample": SampleInput,
    "values": ValuesInput,
    "npy": NpyInput,
}


def _input_kind(value: object) -> str | None:
    for key, kind in _INPUT_KINDS.items():
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
    kernel: Annotated[Any, WithJsonSchema(_KERNEL)] = None
    kernel_layout: Literal["HWIO", "OIHW"] = Field(default="HWIO", description="Of a kernel of rank 4.")
    bias: Annotated[Any, WithJsonSchema(_BIAS)] = None
    strides: Pair = [1, 1]
    dilations: Pair = [1, 1]
    padding: Annotated[Any, WithJsonSchema(_PADDING)] = "SAME"
    groups: Annotated[Any, WithJsonSchema({"const": 1})] = 1
    padding_mode: Annotated[Any, WithJsonSchema({"const": "zeros"})] = "zeros"
    flip_kernel: Annotated[Any, WithJsonSchema({"const": False})] = False
    activation: Annotated[Any, WithJsonSchema({"type": "null"})] = None

    @field_validator("groups", "padding_mode", "flip_kernel", "activation")
    @classmethod
    def _only_neutral(cls, value: object, validated: ValidationInfo) -> object:
        neutral = cls.model_fields[str(validated.field_name)].default
        if type(value) is not type(neutral) or value != neutral:
            raise PydanticCustomError(
                "not_offered", "this version has only {neutral}", {"neutral": json.dumps(neutral)}
            )
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
