"""Between PNG and arrays, for pictures that are known to be ours."""

import io
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_COLOUR_TYPE = 25  # where a PNG says it; 0 is grey


def read_png(
    png: bytes, size: tuple[int, int] | None = None, channels: Literal["rgb", "gray"] | None = None
) -> NDArray[np.uint8]:
    """An 8-bit PNG of ours as uint8 [height, width, channels], with 1 or 3 channels.

    `size` is (height, width). Pillow's BOX filter is the mean of the cells it covers, and repeats cells when
    it enlarges: no value is invented. Colour becomes grey by ITU-R 601 (0.299 R + 0.587 G + 0.114 B).
    """
    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        mode = {"rgb": "RGB", "gray": "L", None: image.mode}[channels]
        picture = image.convert(mode)
    if size is not None:
        picture = picture.resize((size[1], size[0]), Image.Resampling.BOX)
    pixels: NDArray[np.uint8] = np.asarray(picture)
    return np.ascontiguousarray(pixels.reshape(picture.height, picture.width, -1))


def png_channels(png: bytes) -> int:
    """1 or 3, of a PNG of ours, by its header alone."""
    return 1 if png[_COLOUR_TYPE] == 0 else 3


def write_png(pixels: NDArray[np.uint8]) -> bytes:
    """uint8 [height, width, channels] as PNG: grey, grey and alpha, RGB, or RGB and alpha."""
    stream = io.BytesIO()
    Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels).save(stream, "PNG", compress_level=3)
    return stream.getvalue()
