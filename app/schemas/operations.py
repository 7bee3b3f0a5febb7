"""An operation: one model per type, with the fields it takes and no others.

Most fields hold whatever JSON there is: what is wrong with a number is said by app.arrays or the engine, each
in one place.
"""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, WithJsonSchema, model_validator

from app.schemas.base import Request

_NPY = {
    "type": "object",
    "properties": {"npy": {"type": "string", "format": "byte"}},
    "required": ["npy"],
    "additionalProperties": False,
}
_KERNEL = {
    "anyOf": [{"type": "array", "items": {}}, _NPY, {"type": "null"}],
    "description": (
        'Nested lists of finite numbers, or {"npy": base64}, of rank 4 or 2. One of rank 2 is taken for '
        "every input channel; the channels of a group are summed, unless the operation is depthwise."
    ),
}
_BIAS = {
    "anyOf": [{"type": "array", "items": {}}, {"type": "null"}],
    "description": "One number per output channel.",
}
_PADS = {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2}


def _pair(least: int, description: str = "[y, x]") -> dict[str, Any]:
    return {
        "type": "array",
        "items": {"type": "integer", "minimum": least},
        "minItems": 2,
        "maxItems": 2,
        "description": description,
    }


def _padding(names: list[str], description: str) -> dict[str, Any]:
    return {
        "anyOf": [{"enum": names}, {"type": "array", "items": _PADS, "minItems": 2, "maxItems": 2}],
        "description": description,
    }


_NAMES = ["SAME", "SAME_LOWER", "VALID", "FULL"]
Pair = Annotated[Any, WithJsonSchema(_pair(1))]
WindowPadding = Annotated[Any, WithJsonSchema(_padding(_NAMES, "A name, or [[top, bottom], [left, right]]."))]
Crop = Annotated[
    Any,
    WithJsonSchema(
        _padding(_NAMES[:-1], "What is cropped: a name, or [[top, bottom], [left, right]] as in PyTorch.")
    ),
]
Groups = Annotated[Any, WithJsonSchema({"type": "integer", "minimum": 1})]
PaddingMode = Annotated[Any, WithJsonSchema({"enum": ["zeros", "reflect", "replicate", "circular"]})]
Activation = Annotated[Any, WithJsonSchema({"enum": ["relu", "sigmoid", "tanh", None]})]
Flag = Annotated[Any, WithJsonSchema({"type": "boolean"})]
KernelSize = Annotated[
    Any,
    WithJsonSchema(
        {
            "anyOf": [_pair(1), {"const": "global"}],
            "description": '[height, width] of the window, or "global" for the size of the input.',
        }
    ),
]

# The values with which a field says nothing. A client that always sends the whole operation object of the API
# may send them with any type.
_NEUTRAL: dict[str, tuple[Any, ...]] = {
    "filter": (None,),
    "kernel": (None,),
    "kernel_layout": (None,),
    "kernel_size": (None,),
    "bias": (None,),
    "groups": (1,),
    "padding_mode": ("zeros",),
    "output_padding": ([0, 0],),
    "output_shape": (None,),
    "ceil_mode": (False,),
    "count_include_pad": (False,),
    "flip_kernel": (False,),
    "activation": (None,),
}


class _Operation(Request):
    @model_validator(mode="before")
    @classmethod
    def _drop_neutral(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            key: one for key, one in value.items() if key in cls.model_fields or not _is_neutral(key, one)
        }


def _is_neutral(field: str, value: Any) -> bool:
    # By repr too: 0 == False, and 1.0 == 1.
    return any(value == one and repr(value) == repr(one) for one in _NEUTRAL.get(field, ()))


class Weighted(_Operation):
    """What the operations with a kernel have in common; the first fields of each, in this order."""

    # Ids of traces are hashes of requests as they are written out: the order of these fields, and of those
    # that a type adds, cannot change.
    type: str
    filter: str | None = Field(
        default=None, max_length=64, description="A preset of the catalog; or give a kernel."
    )
    kernel: Annotated[Any, WithJsonSchema(_KERNEL)] = None
    kernel_layout: str
    bias: Annotated[Any, WithJsonSchema(_BIAS)] = None
    strides: Pair = Field(default=[1, 1])
    dilations: Pair = Field(default=[1, 1])
    padding: WindowPadding = "SAME"


class Conv2DRequest(Weighted):
    """A 2-D convolution as deep learning means it: a cross-correlation, unless the kernel is flipped."""

    type: Literal["conv2d"]
    kernel_layout: Literal["HWIO", "OIHW"] = Field(
        default="HWIO", description="Of a kernel of rank 4; I is in_channels / groups."
    )
    groups: Groups = 1
    padding_mode: PaddingMode = "zeros"
    flip_kernel: Flag = False
    activation: Activation = None


class DepthwiseConv2DRequest(Weighted):
    """Every channel by itself: output channel c * multiplier + m is channel c under its kernel m."""

    type: Literal["depthwise_conv2d"]
    kernel_layout: Literal["HWIM"] = Field(
        default="HWIM", description="Of a kernel of rank 4; M is the multiplier."
    )
    padding_mode: PaddingMode = "zeros"
    flip_kernel: Flag = False
    activation: Activation = None


class Conv2DTransposeRequest(Weighted):
    """Every input value stamps the kernel onto the output, `strides` apart; `padding` crops the result."""

    type: Literal["conv2d_transpose"]
    kernel_layout: Literal["HWOI", "IOHW"] = Field(
        default="HWOI", description="Of a kernel of rank 4; O is out_channels / groups."
    )
    padding: Crop = "SAME"
    groups: Groups = 1
    output_padding: Annotated[Any, WithJsonSchema(_pair(0, "[y, x]: cells more at the end."))] = Field(
        default=[0, 0]
    )
    output_shape: Annotated[
        Any, WithJsonSchema({"anyOf": [_pair(1, "[height, width]"), {"type": "null"}]})
    ] = None
    flip_kernel: Flag = False
    activation: Activation = None


class Pool(_Operation):
    """What both pools have in common. Every channel is pooled by itself."""

    type: str
    kernel_size: KernelSize
    strides: Pair = Field(default=[1, 1])
    dilations: Pair = Field(default=[1, 1])
    padding: WindowPadding = "SAME"
    ceil_mode: Flag = False


class MaxPool2DRequest(Pool):
    """The largest value under the window, and where it is."""

    type: Literal["max_pool2d"]


class AvgPool2DRequest(Pool):
    """The mean of the values under the window."""

    type: Literal["avg_pool2d"]
    count_include_pad: Flag = False


OPERATION_REQUESTS: dict[str, type[_Operation]] = {
    "conv2d": Conv2DRequest,
    "depthwise_conv2d": DepthwiseConv2DRequest,
    "conv2d_transpose": Conv2DTransposeRequest,
    "max_pool2d": MaxPool2DRequest,
    "avg_pool2d": AvgPool2DRequest,
}


def _operation_type(value: object) -> str | None:
    found = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return f"<{found}>" if isinstance(found, str) and found in OPERATION_REQUESTS else None


Operation = Annotated[
    Annotated[Conv2DRequest, Tag("<conv2d>")]
    | Annotated[DepthwiseConv2DRequest, Tag("<depthwise_conv2d>")]
    | Annotated[Conv2DTransposeRequest, Tag("<conv2d_transpose>")]
    | Annotated[MaxPool2DRequest, Tag("<max_pool2d>")]
    | Annotated[AvgPool2DRequest, Tag("<avg_pool2d>")],
    Discriminator(
        _operation_type,
        custom_error_type="operation_type",
        custom_error_message=f"must be one of {', '.join(OPERATION_REQUESTS)}",
    ),
    Field(json_schema_extra={"discriminator": {"propertyName": "type"}}),
]
