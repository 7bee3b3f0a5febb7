"""What happens at one position, and at an input cell, in English.

Word for word what static/src/sentence.ts says, which has no-break spaces in some places: both are held to
tests/golden/sentences.json.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from app.answers import ReadOut, ScaleOut, StampCellOut
from app.services.spelling import counted, span_of, spelled
from engine.explanation import Explanation
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, DepthwiseConv2D, MaxPool2D, PaddingMode
from engine.trace import Trace

_ACROSS = (
    "The right side is brighter than the left, so the",
    "The right side is darker than the left, so the",
    "Left and right are about equally bright, so the",
)
_DOWN = (
    "It gets brighter going down, so the",
    "It gets darker going down, so the",
    "Above and below are about equally bright, so the",
)
_CENTRE = (
    "The middle is brighter than what surrounds it, so the",
    "The middle is darker than what surrounds it, so the",
    "The middle is about as bright as what surrounds it, so the",
)
# What a filter measures, said for a sum that is clearly positive, clearly negative, or about zero.
_MEANINGS: Mapping[str, tuple[str, str, str]] = {
    "sobel_x": _ACROSS,
    "prewitt_x": _ACROSS,
    "scharr_x": _ACROSS,
    "vertical_edge": (_ACROSS[1], _ACROSS[0], _ACROSS[2]),
    "sobel_y": _DOWN,
    "prewitt_y": _DOWN,
    "scharr_y": _DOWN,
    "high_pass": _CENTRE,
}
# Sums within this share of the largest one are "about zero".
_NEAR_ZERO = 0.04

# What padding cells do, said of one and of several.
_PADDING: Mapping[PaddingMode | Literal["ignored"], tuple[str, str]] = {
    "zeros": ("counts as 0", "count as 0"),
    "reflect": ("mirrors the input", "mirror the input"),
    "replicate": ("repeats the edge of the input", "repeat the edge of the input"),
    "circular": ("wraps around to the other side", "wrap around to the other side"),
    "ignored": ("does not count", "do not count"),
}
_ACTIVATIONS = {"relu": "ReLU", "sigmoid": "The sigmoid", "tanh": "The tanh"}


def position_sentence(
    trace: Trace, explained: Explanation, filter_name: str | None, scale: Callable[[], ScaleOut]
) -> str:
    """The sentence of one position.

    filter_name: the preset that the kernel is, where it is one. scale: the range of this output channel; only
    asked for where it is known what the filter measures.
    """
    match trace.spec:
        case Conv2DTranspose():
            return f"{_stamped(explained)}{_with_activation(explained)}"
        case MaxPool2D():
            told = _pooled_largest(explained)
        case AvgPool2D():
            told = _pooled_mean(explained)
        case Conv2D() | DepthwiseConv2D():
            told = f"{_convolved(trace, explained, filter_name, scale)}{_with_activation(explained)}"
    where = f"{_span('row', explained.rows)} and {_span('column', explained.columns)}"
    return f"The window covers {where}. {told}{_padding(trace, explained)}"


def _span(word: str, taps: tuple[int | None, ...]) -> str:
    return span_of(word, [tap for tap in taps if tap is not None])


def _convolved(
    trace: Trace, explained: Explanation, filter_name: str | None, scale: Callable[[], ScaleOut]
) -> str:
    said = _meaning(trace, explained, filter_name, scale)
    return f"{said or 'The'} {_products(len(explained.taps))} {_sum(explained)}"


def _meaning(
    trace: Trace, explained: Explanation, filter_name: str | None, scale: Callable[[], ScaleOut]
) -> str | None:
    said = None if filter_name is None else _MEANINGS.get(filter_name)
    flipped = isinstance(trace.spec, Conv2D | DepthwiseConv2D) and trace.spec.flip_kernel
    if said is None or flipped or explained.bias != 0 or explained.sum is None:
        return None
    found = scale()
    near = max(abs(found.minimum), abs(found.maximum)) * _NEAR_ZERO
    positive, negative, zero = said
    return positive if explained.sum > near else negative if explained.sum < -near else zero


def _products(count: int) -> str:
    return counted(count, "one product is", "products add up to")


def _sum(explained: Explanation) -> str:
    total = 0.0 if explained.sum is None else explained.sum
    return f"{spelled(total)}{' with the bias' if explained.bias else ''}."


def _with_activation(explained: Explanation) -> str:
    if explained.activation is None:
        return ""
    name = _ACTIVATIONS[explained.activation]
    if explained.activation == "relu" and explained.output == explained.sum:
        return f" {name} keeps it."
    return f" {name} makes it {spelled(explained.output)}."


def _stamped(explained: Explanation) -> str:
    """Of a transposed convolution, whose taps are gathered from the cells that stamp the output cell."""
    reached = [tap for tap in explained.taps if tap.source_y is not None and tap.source_x is not None]
    if not reached:
        alone = f" It is the bias, {spelled(explained.bias)}." if explained.bias else " It is 0."
        return f"No stamp reaches this output cell.{alone}"
    cells = {(tap.source_y, tap.source_x) for tap in reached}
    rows = span_of("row", [tap.source_y for tap in reached if tap.source_y is not None])
    columns = span_of("column", [tap.source_x for tap in reached if tap.source_x is not None])
    stamps = "The stamp of one cell reaches" if len(cells) == 1 else f"The stamps of {len(cells)} cells reach"
    its = "Its" if len(cells) == 1 else "Their"
    return (
        f"{stamps} this output cell, from {rows} and {columns}. "
        f"{its} {_products(len(reached))} {_sum(explained)}"
    )


def _pooled_largest(explained: Explanation) -> str:
    where = ""
    if explained.argmax is not None:
        where = f", at row {explained.argmax[0]} and column {explained.argmax[1]}"
    return f"The largest value is {spelled(explained.output)}{where}."


def _pooled_mean(explained: Explanation) -> str:
    total = 0.0 if explained.sum is None else explained.sum
    values = counted(explained.divisor or 0, "one value is", "values add up to")
    mean = spelled(explained.output)
    return f"Its {values} {spelled(total)}; divided by {explained.divisor} that is {mean}."


def _padding(trace: Trace, explained: Explanation) -> str:
    """What the cells of the window that lie outside of the input do there."""
    window = explained.taps[: len(explained.taps) // trace.in_channels]
    padded = sum(tap.padding for tap in window)
    match trace.spec:
        case AvgPool2D() if trace.spec.count_include_pad:
            beyond = len(window) - (explained.divisor or 0)
            return _cells(padded - beyond, "padding", "zeros") + _cells(
                beyond, "beyond the padding", "ignored"
            )
        case MaxPool2D() | AvgPool2D():
            return _cells(padded, "padding", "ignored")
        case Conv2D() | DepthwiseConv2D():
            return _cells(padded, "padding", trace.spec.padding_mode)
        case Conv2DTranspose():
            return ""


def _cells(count: int, where: str, what: PaddingMode | Literal["ignored"]) -> str:
    one, several = _PADDING[what]
    if count == 0:
        return ""
    return f" {counted(count, f'One cell is {where} and {one}', f'cells are {where} and {several}')}."


def input_cell_sentence(
    y: int, x: int, reads: Sequence[ReadOut], stamp: Sequence[StampCellOut] | None
) -> str:
    """Who reads an input cell, or of a transposed convolution what it stamps."""
    cell = f"the cell at row {y} and column {x}"
    if stamp is not None:
        return _stamp(cell, stamp)
    if not reads:
        return f"No window reads {cell}."
    rows, columns = span_of("row", [read.y for read in reads]), span_of("column", [read.x for read in reads])
    windows = len({read.position for read in reads})
    padded = sum(read.padding for read in reads)
    told = (
        f"One window reads {cell}, that of output {rows} and {columns}."
        if windows == 1
        else f"{windows} windows read {cell}, those of output {rows} and {columns}."
    )
    if padded:
        told += f" {counted(padded, 'One read goes', 'reads go')} through the padding."
    return f"{told}{_won(reads, windows)}"


def _won(reads: Sequence[ReadOut], windows: int) -> str:
    if reads[0].wins is None:
        return ""
    won = len({read.position for read in reads if read.wins})
    if windows == 1:
        return f" It is {'' if won else 'not '}the largest value there."
    return f" It is the largest value in {['none', 'one'][won] if won < 2 else won} of them."


def _stamp(cell: str, stamp: Sequence[StampCellOut]) -> str:
    kept = [one for one in stamp if one.position is not None]
    if not kept:
        return f"The whole stamp of {cell} is cropped away."
    rows = span_of("row", [one.output_y for one in kept])
    columns = span_of("column", [one.output_x for one in kept])
    cells = counted(len(kept), "one output cell", "output cells")
    told = f"{cell.capitalize()} stamps {cells}, in {rows} and {columns}."
    cropped = len(stamp) - len(kept)
    if cropped:
        told += f" {counted(cropped, 'One cell of its stamp is', 'cells of its stamp are')} cropped away."
    return told
