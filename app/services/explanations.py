"""One position, and one input cell, explained."""

from collections.abc import Callable

import numpy as np
import orjson

from app.answers import ExplanationOut, InputCellOut, ReadOut, ScaleOut, StampCellOut
from app.errors import RefusedError
from app.services.sentences import input_cell_sentence, position_sentence
from app.settings import Settings
from engine.axes import AnyAxis
from engine.checks import whole_number
from engine.explanation import Explanation, explain
from engine.lines import line
from engine.provenance import Read, reads, weights, wins
from engine.scatter import Scatter
from engine.spec import Conv2DTranspose, MaxPool2D, Weighted
from engine.trace import Trace


def explanation_json(
    trace: Trace, position: int, filter_name: str | None, scale: Callable[[], ScaleOut]
) -> bytes:
    """One position, tap by tap, and the sentence about it; see position_sentence for the last two.

    An ExplanationOut as JSON: to construct one, with a model for each tap, takes as long as all else.
    """
    explained = explain(trace, position)
    found = vars(explained) | {
        "window": _window(explained),
        "taps": [tap._asdict() for tap in explained.taps],
        "sentence": position_sentence(trace, explained, filter_name, scale),
    }
    return orjson.dumps({name: found[name] for name in ExplanationOut.model_fields})


def input_cell_out(trace: Trace, y: int, x: int, settings: Settings) -> InputCellOut:
    """Every position that reads input cell (y, x), and what the cell is multiplied with there.

    RefusedError where that is too much to answer or to compute; EngineError for a cell outside of the input.
    """
    whole_number("y", y, 0, trace.geometry.y.input_size - 1)
    whole_number("x", x, 0, trace.geometry.x.input_size - 1)
    found = _count(trace.geometry.y, y) * _count(trace.geometry.x, x)
    numbers, most = found * (6 + trace.in_channels), settings.json_values
    if isinstance(trace.spec, MaxPool2D):
        numbers, most = found * trace.taps, settings.output_values  # every window is searched for its winner
    if numbers > most:
        raise RefusedError(
            "position",
            f"[{y}, {x}] is read {found} times, which makes {numbers} values; the limit is {most}",
            [y, x],
        )
    first = trace.first_channel
    readers = [_read_out(trace, read) for read in reads(trace.geometry, y, x)]
    stamp = _stamp_out(trace, y, x)
    return InputCellOut(
        y=y,
        x=x,
        out_channel=trace.out_channel,
        first_channel=first if isinstance(trace.spec, Weighted) else trace.out_channel,
        values=[float(value) for value in trace.cells[y, x, first : first + trace.in_channels]],
        reads=readers,
        stamp=stamp,
        sentence=input_cell_sentence(y, x, readers, stamp),
    )


def _window(explained: Explanation) -> dict[str, int] | None:
    """A WindowOut."""
    rows = [tap for tap in explained.rows if tap is not None]
    columns = [tap for tap in explained.columns if tap is not None]
    if not rows or not columns:
        return None
    return {"top": min(rows), "left": min(columns), "bottom": max(rows), "right": max(columns)}


def _count(axis: AnyAxis, index: int) -> int:
    """How many taps of how many positions read `index`, without making a list of them."""
    laid = line(axis)
    is_it = laid.sources == index
    starts = range(laid.origin, laid.origin + laid.kernel_size * laid.tap_step, laid.tap_step)
    return sum(
        int(np.count_nonzero(is_it[start : start + (laid.output_size - 1) * laid.step + 1 : laid.step]))
        for start in starts
    )


def _read_out(trace: Trace, read: Read) -> ReadOut:
    found = weights(trace.spec, trace.geometry, read, trace.out_channel)
    return ReadOut(
        **read._asdict(),
        weights=None if found is None else list(found),
        wins=wins(trace, read) if isinstance(trace.spec, MaxPool2D) else None,
    )


def _stamp_out(trace: Trace, y: int, x: int) -> list[StampCellOut] | None:
    if not isinstance(trace.spec, Conv2DTranspose):
        return None
    stamp = Scatter(trace.spec, trace.cells, trace.out_channel).stamp(y, x)
    return [StampCellOut(**vars(cell)) for cell in stamp.cells]
