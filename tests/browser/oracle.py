"""What the page ought to say, computed with NumPy from the very pixels. Shares nothing with the engine."""

import io
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray
from PIL import Image

Array = NDArray[Any]
Pair = tuple[int, int]

SOBEL_X = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
ARTICLE = np.arange(1, 17).reshape(4, 4, 1)
VERTICAL_EDGE = [[1, 0, -1]] * 3


@dataclass(frozen=True)
class Tap:
    """One row of the loupe's table."""

    channel: int
    row: int
    column: int
    padding: bool
    value: float
    weight: float
    product: float


class Convolution:
    """A cross-correlation of an HWC image with one kernel for every channel.

    `padding` is "SAME" (the odd cell at the end), "VALID", or ((top, bottom), (left, right)).
    """

    def __init__(
        self,
        image: ArrayLike,
        kernel: ArrayLike,
        strides: Pair = (1, 1),
        padding: str | tuple[Pair, Pair] = "SAME",
        dilations: Pair = (1, 1),
        bias: float = 0,
    ) -> None:
        self.image = np.asarray(image)
        self.kernel = np.asarray(kernel, np.float32)
        self.strides = strides
        self.dilations = dilations
        self.bias = bias
        self.spans = [(size - 1) * gap + 1 for size, gap in zip(self.kernel.shape, dilations, strict=True)]
        self.pads = self._pads(padding)
        padded = np.pad(self.image, (*self.pads, (0, 0)))
        every = sliding_window_view(padded, self.spans, axis=(0, 1))  # type: ignore[call-overload]
        #: [output row, output column, channel, kernel row, kernel column]; a view, whatever the image's size
        self.windows: Array = every[:: strides[0], :: strides[1], :, :: dilations[0], :: dilations[1]]
        self.output_size: Pair = self.windows.shape[:2]  # type: ignore[assignment]

    def _pads(self, padding: str | tuple[Pair, Pair]) -> tuple[Pair, Pair]:
        if padding == "VALID":
            return (0, 0), (0, 0)
        if not isinstance(padding, str):
            return padding
        totals = [
            max((-(-size // stride) - 1) * stride + span - size, 0)
            for size, stride, span in zip(self.image.shape[:2], self.strides, self.spans, strict=True)
        ]
        (top, bottom), (left, right) = [(total // 2, total - total // 2) for total in totals]
        return (top, bottom), (left, right)

    def products(self, row: int, column: int) -> Array:
        """[channel, kernel row, kernel column], float32 as they are shown."""
        products: Array = self.windows[row, column].astype(np.float32) * self.kernel
        return products

    def channel_sums(self, row: int, column: int) -> list[float]:
        return [float(channel.astype(np.float64).sum()) for channel in self.products(row, column)]

    def sum(self, row: int, column: int) -> float:
        return sum(self.channel_sums(row, column)) + self.bias

    def output(self) -> Array:
        """Every sum at once, float64."""
        sums: Array = np.einsum("yxcij,ij->yx", self.windows.astype(np.float64), self.kernel)
        return sums + self.bias

    def origin(self, row: int, column: int) -> Pair:
        """The input cell under the window's first tap; negative inside the padding."""
        return (
            row * self.strides[0] - self.pads[0][0],
            column * self.strides[1] - self.pads[1][0],
        )

    def taps(self, row: int, column: int, channel: int) -> list[Tap]:
        top, left = self.origin(row, column)
        height, width = self.image.shape[:2]
        products = self.products(row, column)[channel]
        taps = []
        for (i, j), weight in np.ndenumerate(self.kernel):
            y, x = top + i * self.dilations[0], left + j * self.dilations[1]
            value = float(self.windows[row, column, channel, i, j])
            outside = not (0 <= y < height and 0 <= x < width)
            taps.append(Tap(channel, y, x, outside, value, float(weight), float(products[i, j])))
        return taps


def shown(value: float, places: int = 2) -> str:
    """A number as the page prints it: U+2212, thousands separators, at most `places` decimals."""
    rounded = Decimal(float(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    digits = f"{abs(rounded):,f}"
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return f"−{digits}" if rounded < 0 else digits


def index(at: int) -> str:
    """A row or a column as the page prints it: without separators."""
    return f"−{-at}" if at < 0 else str(at)


def number(text: str) -> float:
    """The number that `shown` printed."""
    return float(text.replace("−", "-").replace(",", ""))


def reduced(pixels: Array, factor: int) -> Array:
    """uint8 HWC made `factor` times smaller: means along rows, then along columns, each rounded to 8 bits."""
    height, width, channels = pixels.shape
    rows = pixels.reshape(height, width // factor, factor, channels).mean(axis=2)
    rows = np.floor(rows + 0.5).reshape(height // factor, factor, width // factor, channels)
    return np.floor(rows.mean(axis=1) + 0.5).astype(np.uint8)


def png(pixels: Array) -> bytes:
    """uint8 HWC with 1 or 3 channels, lossless."""
    stream = io.BytesIO()
    Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels).save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def photo(height: int, width: int, channels: int = 3) -> Array:
    """uint8 HWC: shading, shapes and grain, different in every channel and every row and column."""
    y, x = np.mgrid[0:height, 0:width]
    grain = np.random.default_rng(1024).integers(-12, 13, (height, width, channels))
    shading = np.stack([96 + 80 * np.sin(x / 97 + c) * np.cos(y / (61 + 7 * c)) for c in range(channels)], -1)
    disc = ((y - height * 0.4) ** 2 + (x - width * 0.6) ** 2 < (height / 5) ** 2)[..., None] * 60
    return np.clip(shading + disc + grain, 0, 255).astype(np.uint8)
