"""From the input of a request to an array."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.arrays import Array, as_uint8, from_nested, from_npy
from app.errors import RefusedError
from app.images.pixels import read_png
from app.images.samples import Samples
from app.schemas import ImageInput, Input, Layout, NpyInput, SampleInput, ValuesInput
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

    def _read(self, source: Input) -> InputArray:
        most = self._settings.input_values
        match source:
            case ImageInput() | SampleInput():
                found = InputArray(self._picture(source), "HWC")
            case ValuesInput():
                array = from_nested(source.values, "input.values", most=most)
                if source.dtype == "uint8":
                    array = as_uint8(array, "input.values")
                found = _laid_out(array, source.layout, "input.values")
            case NpyInput():
                found = _laid_out(from_npy(source.npy, "input.npy", most=most), source.layout, "input.npy")
        check_input_shape(found.shape, "input", self._settings)
        found.array.setflags(write=False)
        return found

    def _picture(self, source: ImageInput | SampleInput) -> Array:
        if isinstance(source, ImageInput):
            png = self._store.get("image", source.image_id, "input.image_id").body
        else:
            png = self._samples.png(source.sample)
        size = None if source.size is None else (source.size[0], source.size[1])
        if size is not None:
            check_input_shape((1, *size, 3), "input.size", self._settings)
        pixels = read_png(png, size, source.channels)[np.newaxis]
        return pixels if source.scale == "0..255" else pixels.astype(np.float32) / np.float32(255)


def input_key(source: Input) -> InputKey:
    digest = hashlib.sha256(source.model_dump_json().encode()).hexdigest()
    return InputKey(digest, source.image_id if isinstance(source, ImageInput) else None)


def _laid_out(array: Array, layout: Layout | None, field: str) -> InputArray:
    """`array` as NHWC; its layout is HW, HWC or NHWC by rank when it is not said."""
    possible = _LAYOUTS.get(array.ndim)
    if possible is None:
        raise RefusedError(
            field, f"has {array.ndim} dimensions; an input has 2 (HW), 3 (HWC) or 4 (NHWC, NCHW)"
        )
    if layout is not None and layout not in possible:
        raise RefusedError(
            "input.layout", f"{layout} does not suit an array of {array.ndim} dimensions", layout
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
