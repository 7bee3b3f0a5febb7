"""Numbers as colours: the palettes in which a computed output is shown, the page's own among them."""

from functools import cache
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Palette = Literal["signed", "min_max", "clip"]

_HALF = 512  # entries of the signed palette on each side of 0
_GAMMA = 0.75  # on the magnitude: small responses are most of a picture and would all look like paper without
_NEGATIVE = ("#fbf8f1", "#b9d2e8", "#5b97cc", "#1f5f9f", "#0f3560")
_POSITIVE = ("#fbf8f1", "#f6c9b3", "#e5835c", "#bd4420", "#6f1f0a")
# Infinity, which can come of sums alone, counts as a number just beyond the largest float32.
_INFINITY = 3.5e38
_AT_ONCE = 1 << 18

# OKLab: Björn Ottosson, https://bottosson.github.io/posts/oklab/
_LINEAR_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_CONES_TO_LAB = np.array(
    [
        [0.2104542553, 0.793617785, -0.0040720468],
        [1.9779984951, -2.428592205, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.808675766],
    ]
)
_LAB_TO_CONES = np.array(
    [
        [1, 0.3963377774, 0.2158037573],
        [1, -0.1055613458, -0.0638541728],
        [1, -0.0894841775, -1.291485548],
    ]
)
_CONES_TO_LINEAR = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.707614701],
    ]
)


class Scale(NamedTuple):
    """A palette, and the numbers that its ends stand for."""

    palette: Palette
    minimum: float
    maximum: float


def scale_of(values: NDArray[np.float32], palette: Palette) -> Scale:
    """The scale on which none of `values` is beyond an end; that of `clip` is always 0 to 255."""
    if palette == "clip":
        return Scale(palette, 0.0, 255.0)
    # fmin and fmax pass NaN over.
    ends = [np.fmin.reduce(values, axis=None), np.fmax.reduce(values, axis=None)]
    low, high = (float(end) + 0.0 for end in _finite(np.array(ends, np.float64)))  # + 0.0: no "-0.0"
    if palette == "min_max":
        return Scale(palette, low, high)
    most = max(-low, high) or 1.0
    return Scale(palette, -most, most)


def painted(values: NDArray[np.float32], scale: Scale) -> NDArray[np.uint8]:
    """uint8 of the shape of `values`: greys. With the signed palette three times as many: [..., RGB].

    NaN is painted as 0 is.
    """
    signed = scale.palette == "signed"
    entries = np.empty(values.shape, np.uint16 if signed else np.uint8)
    parts = np.nditer(
        [values, entries],
        flags=["external_loop", "buffered", "zerosize_ok"],
        op_flags=[["readonly"], ["writeonly"]],
        op_dtypes=[np.float64, entries.dtype],
        casting="unsafe",
        buffersize=_AT_ONCE,
    )
    with parts:
        for numbers, entry in parts:
            entry[...] = _entries(numbers, scale)
    return signed_colours()[entries] if signed else entries


def _entries(values: NDArray[np.float64], scale: Scale) -> NDArray[np.float64]:
    """Whole numbers: greys from 0 to 255, or entries of the signed palette."""
    numbers = _finite(values)
    low, high = scale.minimum, scale.maximum
    if scale.palette == "signed":
        # Halves are rounded up, as the page rounds them.
        at: NDArray[np.float64] = np.clip(numbers * (_HALF / high) + _HALF, 0, 2 * _HALF)
        return np.floor(at + 0.5)
    if scale.palette == "min_max":
        numbers = (numbers - low) * (255 / (high - low) if high > low else 0.0)
    greys: NDArray[np.float64] = np.clip(numbers, 0, 255)
    return np.rint(greys)


def _finite(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.nan_to_num(values, posinf=_INFINITY, neginf=-_INFINITY)


@cache
def signed_colours() -> NDArray[np.uint8]:
    """The page's signed palette on paper, [1025, RGB]: -1 Prussian blue, 0 the paper, 1 vermilion.

    What static/src/palette.ts makes; the golden file signed-palette.json holds both to it.
    """
    along = (np.arange(1, _HALF + 1) / _HALF) ** _GAMMA
    sides = [_along(stops, along) for stops in (_NEGATIVE, _POSITIVE)]
    return np.concatenate([sides[0][::-1], _along(_POSITIVE, np.zeros(1)), sides[1]])


def _along(stops: tuple[str, ...], parts: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Colours of that part, from 0 to 1, along the stops, in OKLab; rounded to the page's steps."""
    at = np.rint(parts * 1024) / 1024 * (len(stops) - 1)
    stop = np.minimum(len(stops) - 2, at.astype(int))
    lab = np.array([_to_lab(colour) for colour in stops])
    return _to_rgb(lab[stop] + (lab[stop + 1] - lab[stop]) * (at - stop)[:, np.newaxis])


def _to_lab(colour: str) -> NDArray[np.float64]:
    rgb = np.array(list(bytes.fromhex(colour[1:]))) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    lab: NDArray[np.float64] = _CONES_TO_LAB @ np.cbrt(_LINEAR_TO_CONES @ linear)
    return lab


def _to_rgb(lab: NDArray[np.float64]) -> NDArray[np.uint8]:
    light = np.clip((lab @ _LAB_TO_CONES.T) ** 3 @ _CONES_TO_LINEAR.T, 0, 1)
    rgb = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    rounded: NDArray[np.uint8] = np.rint(255 * rgb).astype(np.uint8)
    return rounded
