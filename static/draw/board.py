"""The board that the sample images are painted on.

NumPy alone decides every pixel, so that no release of an imaging library can change one: a sample centre is
inside a shape or it is not, and 5 x 5 of them make a pixel.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Pixels = NDArray[np.uint8]
Point = tuple[float, float]
Colour = str | float
"""'#rrggbb', or a grey from 0 to 255."""

UNITS = 640  # shapes are given on a 640 x 640 board
SIZE = 256  # pixels; 128, 64, 32 and 16 divide it, so that shrinking averages whole blocks
DENSITY = 5  # samples along one side of a pixel
BLOCK = 4  # pixels that one pixel of the 64 x 64 first view is the mean of


def random_fractions(seed: int, count: int) -> FloatArray:
    """`count` numbers in [0, 1) from Mulberry32: counter based, so the same on every machine and release."""
    state = np.uint32(seed) + np.uint32(0x6D2B79F5) * np.arange(1, count + 1, dtype=np.uint32)
    t = (state ^ (state >> np.uint32(15))) * (np.uint32(1) | state)
    t = (t + (t ^ (t >> np.uint32(7))) * (np.uint32(61) | t)) ^ t
    return np.asarray((t ^ (t >> np.uint32(14))) / 2.0**32, dtype=np.float64)


def rgb(colour: Colour) -> FloatArray:
    if isinstance(colour, str):
        return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float64)
    return np.full(3, float(colour))


@dataclass
class Board:
    """A 640 x 640 board that shapes are painted on, one over the other."""

    samples: FloatArray = field(default_factory=lambda: np.zeros((SIZE * DENSITY, SIZE * DENSITY, 3)))

    def _fill(
        self,
        box: tuple[float, float, float, float],
        colour: Colour,
        alpha: float,
        inside: Callable[[FloatArray, FloatArray], NDArray[np.bool_]] | None = None,
    ) -> None:
        left, top, right, bottom = (
            min(max(round(edge * SIZE * DENSITY / UNITS), 0), SIZE * DENSITY) for edge in box
        )
        part = self.samples[top:bottom, left:right]
        x = (np.arange(left, right)[None, :] + 0.5) * UNITS / (SIZE * DENSITY)
        y = (np.arange(top, bottom)[:, None] + 0.5) * UNITS / (SIZE * DENSITY)
        cover = alpha * (np.ones(part.shape[:2]) if inside is None else inside(x, y))
        part += cover[..., None] * (rgb(colour) - part)

    def rectangle(
        self, colour: Colour, x: float, y: float, width: float, height: float, alpha: float = 1
    ) -> None:
        self._fill((x, y, x + width, y + height), colour, alpha)

    def ellipse(self, colour: Colour, x: float, y: float, rx: float, ry: float, alpha: float = 1) -> None:
        self._fill(
            (x - rx - 1, y - ry - 1, x + rx + 1, y + ry + 1),
            colour,
            alpha,
            lambda px, py: ((px - x) / rx) ** 2 + ((py - y) / ry) ** 2 <= 1,
        )

    def polygon(self, colour: Colour, *points: Point, alpha: float = 1) -> None:
        xs, ys = zip(*points, strict=True)

        def inside(px: FloatArray, py: FloatArray) -> NDArray[np.bool_]:
            odd = np.zeros((py.shape[0], px.shape[1]), dtype=bool)
            for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True):
                if y0 != y1:
                    crosses = (py < y0) != (py < y1)
                    odd ^= crosses & (px < x0 + (py - y0) * (x1 - x0) / (y1 - y0))
            return odd

        self._fill((min(xs) - 1, min(ys) - 1, max(xs) + 1, max(ys) + 1), colour, alpha, inside)

    def gradient(self, y0: int, y1: int, *stops: Colour) -> None:
        """Top to bottom, the stops evenly apart, from row y0 to row y1 of the board."""
        first, last = (round(y * SIZE * DENSITY / UNITS) for y in (y0, y1))
        at = (np.arange(last - first) + 0.5) / (last - first) * (len(stops) - 1)
        colours = np.array([rgb(stop) for stop in stops])
        rows = [np.interp(at, np.arange(len(stops)), colours[:, channel]) for channel in range(3)]
        self.samples[first:last] = np.stack(rows, axis=-1)[:, None, :]

    def glow(self, x: float, y: float, radius: float, stops: Sequence[tuple[float, str, float]]) -> None:
        """Light around a point: (distance from 0 to 1, colour, alpha) from the middle outwards."""
        centres = (np.arange(SIZE * DENSITY) + 0.5) * UNITS / (SIZE * DENSITY)
        distance = np.sqrt((centres[None, :] - x) ** 2 + (centres[:, None] - y) ** 2) / radius
        at, colours, alphas = zip(*stops, strict=True)
        alpha = np.where(distance <= 1, np.interp(distance, at, alphas), 0)
        for channel in range(3):
            colour = np.interp(distance, at, [rgb(c)[channel] for c in colours])
            self.samples[..., channel] += alpha * (colour - self.samples[..., channel])

    def pixels(self, grain: float, seed: int) -> Pixels:
        """The board as SIZE x SIZE x 3, with grain like that of film: `grain` levels from dark to bright.

        Half of it is per pixel; the other half spans a block, and is what is left of it in the 64 x 64 view.
        """
        shape = (SIZE, DENSITY, SIZE, DENSITY, 3)
        mean = self.samples.reshape(shape).mean(axis=(1, 3))
        blocks = SIZE // BLOCK
        coarse = random_fractions(seed, blocks * blocks).reshape(blocks, blocks) - 0.5
        fine = random_fractions(seed + 1, SIZE * SIZE).reshape(SIZE, SIZE) - 0.5
        noise = grain * (np.kron(coarse, np.ones((BLOCK, BLOCK))) + fine)
        return np.clip(np.rint(mean + noise[..., None]), 0, 255).astype(np.uint8)
