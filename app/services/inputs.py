"""From the input of a request to an array."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.arrays import NPY_MAGIC, Array, as_uint8, from_nested, from_npy, from_npy_file
from app.errors import RefusedError
from app.images.pixels import png_channels, read_png
from app.images.samples import Samples
from app.schemas import ImageInput, Input, Layout, NpyInput, SampleInput, ValuesInput
from app.schemas.inputs import Picture
from app.services.cache import Cache
from app.settings import Settings
from app.store import Store

_LAYOUTS: dict[int, tuple[Layout, ...]] = {2: ("HW",), 3: ("HWC",), 4: ("NHWC", "NCHW")}


@dataclass(frozen=True)
class InputArray:
    """An input as the engine takes it, and the layout in which an output is to be answered."""

    array: Array
    layout: Literal["HWC", "NHWC", "NCHW"]

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """[batch, height, width, channels]"""
        batch, height, width, channels = self.array.shape
        return batch, height, width, channels


@dataclass(frozen=True)
class InputKey:
    """Stands for an input: the same for the same, another for another."""

    digest: str
    image_id: str | None


class Inputs:
    """Reads inputs; keeps the decoded ones that were used last."""

    def __init__(self, store: Store, samples: Samples, settings: Settings) -> None:
        self._store = store
        self._samples = samples
        self._settings = settings
        self._cache = Cache[InputArray](settings.cache_bytes, lambda found: found.array.nbytes)

    def read(self, source: Input) -> InputArray:
        """uint8 or float32 [batch, height, width, channels], read-only.

        RefusedError or NotFoundError, naming the field below `input`, for what cannot be read and what is
        beyond a limit.
        """
        return self.read_known(input_key(source), lambda: source)

    def read_known(self, key: InputKey, find: Callable[[], Input]) -> InputArray:
        """The same for an input whose key is known; `find` is only called when it is not in the cache."""
        self.require(key)
        return self._cache.get(key.digest, lambda: self._read(find()))

    def require(self, key: InputKey) -> None:
        """NotFoundError for an image that the store has no more, be it in the cache or not."""
        if key.image_id is not None:
            self._store.require("image", key.image_id, "input.image_id")

    def read_picture(self, png: bytes, reading: Picture) -> InputArray:
        """The same for a picture that came with its request, of which nothing is kept.

        RefusedError naming `size` or `image`.
        """
        return self._within_limits(InputArray(self._pixels(png, reading, "size"), "HWC"), "image")

    def read_npy(self, raw: bytes, layout: Layout | None) -> InputArray:
        """The same for a .npy file that came with its request. RefusedError naming `layout` or `image`."""
        array = from_npy_file(raw, "image", most=self._settings.input_values)
        return self._within_limits(_laid_out(array, layout, "image", "layout"), "image")

    def read_array(self, raw: bytes, field: str) -> InputArray:
        """The same for a .npy file that is to be kept: one item, HW, HWC or NHWC."""
        array = from_npy_file(raw, field, most=self._settings.input_values)
        found = self._within_limits(_laid_out(array, None, field, field), field)
        if found.shape[0] > 1:
            raise RefusedError(field, f"has a batch of {found.shape[0]}; one item is kept, as HWC or NHWC")
        return found

    def _read(self, source: Input) -> InputArray:
        most = self._settings.input_values
        match source:
            case ImageInput():
                body = self._store.get("image", source.image_id, "input.image_id").body
                if body.startswith(NPY_MAGIC):
                    found = _kept_array(body, source)
                else:
                    found = InputArray(self._pixels(body, source, "input.size"), "HWC")
            case SampleInput():
                png = self._samples.png(source.sample)
                found = InputArray(self._pixels(png, source, "input.size"), "HWC")
            case ValuesInput():
                array = from_nested(source.values, "input.values", most=most)
                if source.dtype == "uint8":
                    array = as_uint8(array, "input.values")
                found = _laid_out(array, source.layout, "input.values", "input.layout")
            case NpyInput():
                array = from_npy(source.npy, "input.npy", most=most)
                found = _laid_out(array, source.layout, "input.npy", "input.layout")
        return self._within_limits(found, "input")

    def _within_limits(self, found: InputArray, field: str) -> InputArray:
        check_input_shape(found.shape, field, self._settings)
        found.array.setflags(write=False)
        return found

    def _pixels(self, png: bytes, reading: Picture, size_field: str) -> Array:
        size = None if reading.size is None else (reading.size[0], reading.size[1])
        if size is not None:
            channels = {"rgb": 3, "gray": 1, None: png_channels(png)}[reading.channels]
            check_input_shape((1, *size, channels), size_field, self._settings)
        pixels = read_png(png, size, reading.channels)[np.newaxis]
        return pixels if reading.scale == "0..255" else pixels.astype(np.float32) / np.float32(255)


def _kept_array(npy: bytes, source: ImageInput) -> InputArray:
    """A .npy file of ours, [height, width, channels]; what is said of pictures is refused."""
    for part in source.model_fields_set & Picture.model_fields.keys():
        raise RefusedError(f"input.{part}", "says nothing about an array, which the image is; leave it out")
    array: Array = np.load(io.BytesIO(npy), allow_pickle=False)
    return InputArray(array[np.newaxis], "HWC")


def input_key(source: Input) -> InputKey:
    digest = hashlib.sha256(source.model_dump_json().encode()).hexdigest()
    return InputKey(digest, source.image_id if isinstance(source, ImageInput) else None)


def _laid_out(array: Array, layout: Layout | None, field: str, layout_field: str) -> InputArray:
    """`array` as NHWC; its layout is HW, HWC or NHWC by rank when it is not said."""
    possible = _LAYOUTS.get(array.ndim)
    if possible is None:
        raise RefusedError(
            field, f"has {array.ndim} dimensions; an input has 2 (HW), 3 (HWC) or 4 (NHWC, NCHW)"
        )
    if layout is not None and layout not in possible:
        raise RefusedError(
            layout_field, f"{layout} does not suit an array of {array.ndim} dimensions", layout
        )
    if array.ndim == 2:
        return InputArray(array[np.newaxis, :, :, np.newaxis], "HWC")
    if array.ndim == 3:
        return InputArray(array[np.newaxis], "HWC")
    if layout == "NCHW":
        return InputArray(np.ascontiguousarray(array.transpose(0, 2, 3, 1)), "NCHW")
    return InputArray(array, "NHWC")


def check_input_shape(shape: tuple[int, int, int, int], field: str, settings: Settings) -> None:
    """Refuse an input beyond the limits; `shape` is NHWC."""
    batch, height, width, channels = shape
    if max(height, width) > settings.input_side:
        raise RefusedError(
            field, f"is {height} x {width}; the longest side may be {settings.input_side}", [height, width]
        )
    if batch * height * width * channels > settings.input_values:
        raise RefusedError(
            field,
            f"has {batch} x {height} x {width} x {channels} = {batch * height * width * channels} values; "
            f"the limit is {settings.input_values}; ask for a smaller size",
        )
