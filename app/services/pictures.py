"""A computed output as a picture: one channel in grey or colours, three as RGB, any others side by side."""

from dataclasses import dataclass
from math import ceil, isqrt

import numpy as np

from app.arrays import Array
from app.errors import RefusedError
from app.images.palettes import Palette, Scale, painted, scale_of
from app.images.pixels import write_png
from engine.checks import whole_number


@dataclass(frozen=True)
class View:
    """What of an output a picture shows: one channel and one batch item, or all where it is None."""

    out_channel: int | None = None
    batch: int | None = None
    palette: Palette = "min_max"


@dataclass(frozen=True)
class Drawing:
    """A PNG, what its colours stand for, and the rows and columns of a sheet."""

    png: bytes
    scale: Scale
    tiles: tuple[int, int] | None


@dataclass(frozen=True)
class Arrangement:
    """Which part of an output is shown, and in how many rows and columns of tiles."""

    items: slice
    channels: slice
    rgb: bool
    rows: int
    columns: int

    @property
    def is_sheet(self) -> bool:
        return self.rows * self.columns > 1


def arrange(view: View, shape: tuple[int, int, int, int], most_pixels: int) -> Arrangement:
    """How an output of `shape` (NHWC) is shown.

    Batch items are rows, of a tile a channel; one item's channels fill a grid that is as square as can be,
    row by row. Three channels are one tile in colour, unless the palette is signed, which has its own.
    RefusedError or EngineError for a choice out of range, and a sheet of more than `most_pixels`.
    """
    batch, height, width, out_channels = shape
    items, count = _chosen("batch", view.batch, batch)
    channels, tiles = _chosen("out_channel", view.out_channel, out_channels)
    rgb = tiles == 3 and view.palette != "signed"
    if rgb:
        tiles = 1
    rows, columns = count, tiles
    if count == 1:
        columns = 1 + isqrt(tiles - 1)
        rows = ceil(tiles / columns)
    found = Arrangement(items, channels, rgb, rows, columns)
    pixels = (rows * (height + 1) - 1) * (columns * (width + 1) - 1)
    if found.is_sheet and pixels > most_pixels:
        raise RefusedError(
            "out_channel" if view.out_channel is None else "batch",
            f"a sheet of {rows} x {columns} tiles of {height} x {width} would have {pixels} pixels; "
            f"the limit is {most_pixels}; choose an out_channel or a batch item",
        )
    return found


def draw(output: Array, palette: Palette, arrangement: Arrangement) -> Drawing:
    """`output` (NHWC), all tiles on one scale."""
    shown = output[arrangement.items, ..., arrangement.channels]
    scale = scale_of(shown, palette)
    pixels = painted(shown, scale)
    if palette != "signed" and not arrangement.rgb:
        pixels = pixels[..., np.newaxis]
    if not arrangement.rgb:
        pixels = np.moveaxis(pixels, 3, 1)
    tiles = pixels.reshape(-1, *pixels.shape[-3:])
    if not arrangement.is_sheet:
        return Drawing(write_png(tiles[0]), scale, None)
    sheet = _sheet(tiles, arrangement.rows, arrangement.columns)
    return Drawing(write_png(sheet), scale, (arrangement.rows, arrangement.columns))


def _chosen(field: str, choice: int | None, count: int) -> tuple[slice, int]:
    if choice is None:
        return slice(None), count
    whole_number(field, choice, 0, count - 1)
    return slice(choice, choice + 1), 1


def _sheet(tiles: Array, rows: int, columns: int) -> Array:
    """Tiles [count, height, width, colours] in a grid, opaque; between them, and where none is left, nothing.

    A transparent pixel is no number, whatever the palette; any colour could be one.
    """
    count, height, width, colours = tiles.shape
    cells = np.zeros((rows, height + 1, columns, width + 1, colours + 1), np.uint8)
    whole, rest = divmod(count, columns)
    opaque = cells[:, :height, :, :width]
    grid = tiles[: whole * columns].reshape(whole, columns, height, width, colours)
    opaque[:whole, ..., :-1] = grid.swapaxes(1, 2)
    opaque[:whole, ..., -1] = 255
    if rest:
        opaque[whole, :, :rest, :, :-1] = tiles[whole * columns :].swapaxes(0, 1)
        opaque[whole, :, :rest, :, -1] = 255
    return cells.reshape(rows * (height + 1), columns * (width + 1), colours + 1)[:-1, :-1]
