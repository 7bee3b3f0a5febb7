"""One position explained: every tap, where it lies, what it reads, and how the taps make the output."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from numpy.typing import NDArray

from engine.axes import AnyAxis
from engine.geometry import Geometry
from engine.spec import Activation, MaxPool2D, Weighted
from engine.trace import Trace


class Tap(NamedTuple):
    """One kernel cell and the input cell it lies on.

    channel: of the input, not of the group.
    kernel_y, kernel_x: of the kernel as it lies on the window; a flipped kernel is flipped already.
    input_y, input_x: where the tap lies; outside of the input in the padding, and beyond the first and last
        cell that could reach an output cell of a transposed convolution. None there between two input cells.
    padding: a coordinate is outside of the input. stuffed: a coordinate is None; both may be true.
    source_y, source_x: the input cell whose value is read: the one the tap lies on, or through the padding by
        its mode another one; both None where a zero, or nothing, is read.
    value: what is read; -inf in a max pool where nothing is.
    weight, product: None in a pool; the product is rounded to float32.
    partial_sum: the float64 left fold of the products, or of an average pool's values, up to and with this
        tap, without the bias. channel_partial_sum: the same within the tap's channel. None in a max pool.
    """

    channel: int
    kernel_y: int
    kernel_x: int
    input_y: int | None
    input_x: int | None
    padding: bool
    stuffed: bool
    source_y: int | None
    source_x: int | None
    value: float
    weight: float | None
    product: float | None
    partial_sum: float | None
    channel_partial_sum: float | None


@dataclass(frozen=True)
class Explanation:
    """Output cell (y, x), its taps in tap order (channel, kernel row, kernel column), and what they make.

    rows, columns: where the kernel's rows and columns lie, as input_y and input_x of the taps.
    channel_sums: one per channel of the group, without the bias; empty for a pool.
    sum: with the bias, rounded to float32; None for a max pool.
    output: the sum after the activation, or divided by `divisor`; the largest value of a max pool.
    divisor: of an average pool. winner: of a max pool, the index in `taps`; argmax: the input cell it reads.
    """

    position: int
    y: int
    x: int
    rows: tuple[int | None, ...]
    columns: tuple[int | None, ...]
    taps: list[Tap]
    channel_sums: list[float]
    bias: float
    sum: float | None
    output: float
    activation: Activation | None
    divisor: int | None
    winner: int | None
    argmax: tuple[int, int] | None


def explain(trace: Trace, position: int) -> Explanation:
    """Everything about one position, with the numbers of the trace itself.

    Raises EngineError for a position outside of 0..positions-1.
    """
    y, x = trace.geometry.coordinates(position)
    chunk = trace.empty(position, 1)
    trace.fill(chunk)
    taps = _taps(trace, y, x, [float(value) for value in _only(chunk.window)], _only(chunk.products))
    argmax = _only(chunk.argmax)
    return Explanation(
        position=position,
        y=y,
        x=x,
        rows=trace.geometry.y.taps(y),
        columns=trace.geometry.x.taps(x),
        taps=taps,
        channel_sums=_only(chunk.channel_sums) or [],
        bias=trace.bias,
        sum=_only(chunk.sum),
        output=_only(chunk.output),
        activation=trace.spec.activation if isinstance(trace.spec, Weighted) else None,
        divisor=_only(chunk.divisor),
        winner=argmax and [[tap.source_y, tap.source_x] for tap in taps].index(argmax),
        argmax=argmax and (argmax[0], argmax[1]),
    )


def _taps(trace: Trace, y: int, x: int, values: list[float], products: list[float] | None) -> list[Tap]:
    # A trace may keep a copy of nothing but the channel that its pool reads.
    first_channel = trace.first_channel if isinstance(trace.spec, Weighted) else trace.out_channel
    window = list(_window(trace.geometry, y, x))
    channels = range(first_channel, first_channel + trace.in_channels)
    folds: Iterable[tuple[float | None, float | None]] = _folds(products or values, len(window))
    if isinstance(trace.spec, MaxPool2D):
        folds = itertools.repeat((None, None))
    terms: Iterable[tuple[float | None, float | None]] = itertools.repeat((None, None))
    if products is not None:
        terms = zip(trace.weights.tolist(), products, strict=True)
    places = itertools.product(channels, window)
    return [
        Tap._make((channel, *place, value, *term, *fold))
        for (channel, place), value, term, fold in zip(places, values, terms, folds, strict=False)
    ]


def _window(geometry: Geometry, y: int, x: int) -> Iterator[tuple[Any, ...]]:
    """What the taps of every channel have in common: kernel_y to source_x."""
    columns = list(_places(geometry.x, x))
    for kernel_y, input_y, row_source, above_or_below in _places(geometry.y, y):
        for kernel_x, input_x, column_source, beside in columns:
            padding, stuffed = above_or_below or beside, input_y is None or input_x is None
            is_read = row_source is not None and column_source is not None
            source = (row_source, column_source) if is_read else (None, None)
            yield kernel_y, kernel_x, input_y, input_x, padding, stuffed, *source


def _places(axis: AnyAxis, position: int) -> Iterator[tuple[int, int | None, int | None, bool]]:
    """Of each tap of one axis: its number, where it lies, the input index that it reads, is it padding."""
    places = zip(axis.taps(position), axis.sources(position), strict=True)
    for kernel, (place, source) in enumerate(places):
        yield kernel, place, source, place is not None and not 0 <= place < axis.input_size


def _folds(terms: list[float], window: int) -> Iterator[tuple[float, float]]:
    """The left fold after each term, over all and over those of its channel, which has `window` of them."""
    total = of_channel = 0.0
    for index, term in enumerate(terms):
        total += term
        of_channel = term + (of_channel if index % window else 0.0)
        yield total, of_channel


def _only(array: NDArray[Any] | None) -> Any:
    """The row of the only position as Python numbers; None for a column that the operation does not have."""
    return None if array is None else array[0].tolist()
