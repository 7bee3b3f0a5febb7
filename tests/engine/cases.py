"""One table of convolutions, for the tests at a small size and for the benchmark at a large one."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.spec import Conv2D, Padding


@dataclass(frozen=True)
class Case:
    """Sizes are (batch, height, width): `small` for tests, all different on purpose; `large` for timing.

    Without a `large` a case is not timed: it would add nothing.
    """

    name: str
    kernel_shape: tuple[int, int, int, int]
    strides: tuple[int, int] = (1, 1)
    dilations: tuple[int, int] = (1, 1)
    padding: Padding = "SAME"
    bias: bool = False
    dtype: str = "float32"
    small: tuple[int, int, int] = (1, 11, 13)
    large: tuple[int, int, int] | None = None

    def spec(self, integers: bool) -> Conv2D:
        """Small integers, whose sums float32 holds exactly, or normally distributed fractions."""
        source = np.random.default_rng(7)

        def draw(*shape: int) -> np.ndarray[Any, np.dtype[Any]]:
            return source.integers(-4, 5, shape) if integers else source.standard_normal(shape)

        return Conv2D(
            draw(*self.kernel_shape),
            draw(self.kernel_shape[3]) if self.bias else None,
            self.strides,
            self.dilations,
            self.padding,
        )

    def input(self, size: tuple[int, int, int], integers: bool) -> np.ndarray[Any, np.dtype[Any]]:
        source = np.random.default_rng(8)
        shape = (*size, self.kernel_shape[2])
        if self.dtype == "uint8" or integers:
            return source.integers(0, 256, shape).astype(self.dtype)
        return source.standard_normal(shape, dtype=np.float32)


PHOTO = (1, 1024, 1024)

CASES = (
    Case("grey 3x3", (3, 3, 1, 1), large=PHOTO),
    Case("grey 3x3 uint8", (3, 3, 1, 1), dtype="uint8", large=PHOTO),
    Case("photo 3x3", (3, 3, 3, 1), large=PHOTO),
    Case("photo 3x3 uint8", (3, 3, 3, 1), dtype="uint8", large=PHOTO),
    Case("photo 3x3, 8 out", (3, 3, 3, 8), bias=True, large=PHOTO),
    Case("grey 7x7", (7, 7, 1, 1), large=PHOTO),
    Case("grey 15x15", (15, 15, 1, 1), large=PHOTO),
    Case("photo 3x3 stride 2", (3, 3, 3, 1), strides=(2, 2), large=PHOTO),
    Case("photo 3x3 dilation 2", (3, 3, 3, 1), dilations=(2, 2), large=PHOTO),
    Case("64 to 64 channels", (3, 3, 64, 64), small=(1, 4, 5), large=(1, 56, 56)),
    Case("tiny", (3, 3, 3, 1), small=(1, 3, 2), large=(1, 64, 64)),
    Case("one by one", (1, 1, 5, 7), bias=True, small=(2, 3, 4)),
    Case("even, SAME", (2, 4, 2, 3), strides=(2, 3), small=(3, 9, 10)),
    Case("even, SAME_LOWER", (4, 2, 2, 3), strides=(3, 2), padding="SAME_LOWER", small=(3, 9, 10)),
    Case("dilated and strided", (2, 3, 2, 5), (3, 2), (2, 4), bias=True, small=(2, 12, 15)),
    Case("dilated and strided uint8", (3, 2, 3, 6), (2, 3), (3, 2), dtype="uint8", small=(2, 14, 11)),
    Case("VALID with leftover", (3, 2, 4, 2), (4, 5), padding="VALID", small=(1, 13, 14)),
    Case("stride beyond the span", (1, 2, 3, 4), (5, 6), padding="VALID", small=(1, 12, 14)),
    Case("stride beyond the input", (2, 3, 2, 1), (30, 40), small=(2, 5, 7)),
    Case("FULL", (4, 3, 2, 5), dilations=(1, 2), padding="FULL", small=(2, 5, 6)),
    Case("pads of four sizes", (3, 5, 2, 2), (2, 1), padding=((0, 3), (4, 1)), small=(2, 7, 8)),
    Case("pads larger than the input", (2, 2, 3, 1), (1, 3), padding=((9, 0), (2, 11)), small=(1, 2, 3)),
    Case("wider than a block", (1, 3, 1, 5), dilations=(1, 7), bias=True, small=(1, 2, 1203)),
    Case("kernel as large as the input", (5, 6, 3, 2), padding="VALID", small=(2, 5, 6)),
)
