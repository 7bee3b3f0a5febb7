"""An input: a picture, or numbers. Arrays are checked later, by app.arrays."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, WithJsonSchema

from app.schemas.base import Request

Layout = Literal["HW", "HWC", "NHWC", "NCHW"]

Numbers = Annotated[
    Any, WithJsonSchema({"type": "array", "items": {}, "description": "Nested lists of finite numbers."})
]


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
