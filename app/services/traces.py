"""Traces: created once, then read from any position by any replica."""

from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil, floor, log10
from typing import cast

import numpy as np

from app.answers import ExplanationOut, ScaleOut, TapOut, TraceInputOut, TraceOut, WindowOut
from app.arrays import Array
from app.errors import RefusedError
from app.schemas import TraceRequest
from app.services.cache import Cache
from app.services.inputs import InputKey, Inputs, input_key
from app.services.planning import Plan, Planner, geometry_out, window_axes
from app.settings import Settings
from app.store import Store
from app.wire import ArrowEncoder, Encoder, JsonLinesEncoder
from engine.checks import whole_number
from engine.explanation import explain
from engine.geometry import AxisGeometry
from engine.ops import run
from engine.spec import Conv2D
from engine.trace import Column, Trace

DEFAULT_COLUMNS = "window,products,sum"
_FEW_POSITIONS = (
    64  # below this the scale is the exact maximum: there are too few sums for a percentile to mean anything
)


@dataclass(frozen=True)
class Planned:
    """A trace known to be possible, without its input: the cache of inputs has that, or the store."""

    id: str
    plan: Plan
    operation: str
    input_key: InputKey
    dtype: str


class Traces:
    """Creates traces, and answers questions about them by id."""

    def __init__(self, store: Store, inputs: Inputs, planner: Planner, settings: Settings) -> None:
        self._store = store
        self._inputs = inputs
        self._planner = planner
        self._settings = settings
        self._planned = Cache[Planned](settings.cache_bytes, _weight)

    def create(self, request: TraceRequest) -> TraceOut:
        """Check everything, then remember the request. The same request has the same id."""
        planned = self._plan(request, "")
        entry = self._store.add_trace(request.model_dump_json().encode())
        return _described(replace(planned, id=entry.id), entry.expires_at)

    def describe(self, trace_id: str) -> TraceOut:
        planned = self._find(trace_id)
        self._inputs.require(planned.input_key)
        return _described(planned, self._store.require("trace", trace_id, "id"))

    def input(self, trace_id: str, batch: int) -> Array:
        """uint8 or float32 [height, width, channels]."""
        return self._input(self._find(trace_id), batch)

    def open(self, trace_id: str, out_channel: int = 0, batch: int = 0) -> Trace:
        """The engine's trace of one output channel over one batch item."""
        planned = self._find(trace_id)
        return Trace(planned.plan.spec, self._input(planned, batch), out_channel)

    def rows(
        self,
        trace_id: str,
        *,
        first: int,
        count: int | None,
        out_channel: int,
        batch: int,
        columns: str,
        arrow: bool,
    ) -> Encoder:
        """An encoder of `count` positions from `first` on, or of all that are left. Checks everything."""
        trace = self.open(trace_id, out_channel, batch)
        names = _columns(trace, columns)
        whole_number("first", first, 0, trace.positions - 1)
        left = trace.positions - first
        count = left if count is None else whole_number("count", count, 1, left)
        if not arrow:
            return JsonLinesEncoder(trace, first, count, names, self._settings.chunk_bytes)
        geometry = trace.geometry
        metadata = {
            "operation": self._find(trace_id).operation,
            "geometry": geometry_out(geometry).model_dump_json(
                exclude={"y": {"never_read"}, "x": {"never_read"}}
            ),
            "tap_order": '["channel", "kernel_y", "kernel_x"]',
            "first_position": str(first),
            "count": str(count),
            "output_width": str(geometry.output_width),
            "out_channel": str(out_channel),
            "batch": str(batch),
        }
        return ArrowEncoder(trace, first, count, names, self._settings.chunk_bytes, metadata)

    def explain(self, trace_id: str, position: int, out_channel: int = 0, batch: int = 0) -> ExplanationOut:
        """One position, tap by tap."""
        trace = self.open(trace_id, out_channel, batch)
        explained = explain(trace, position)
        y, x = window_axes(trace.geometry)
        rows, columns = y.taps(explained.y), x.taps(explained.x)
        return ExplanationOut(
            position=explained.position,
            y=explained.y,
            x=explained.x,
            window=WindowOut(top=rows[0], left=columns[0], bottom=rows[-1], right=columns[-1]),
            taps=[TapOut.model_construct(**vars(tap)) for tap in explained.taps],
            channel_sums=explained.channel_sums,
            bias=explained.bias,
            sum=explained.output if explained.sum is None else explained.sum,
        )

    def scale(self, trace_id: str, out_channel: int = 0, batch: int = 0) -> ScaleOut:
        """The range of one output channel, and a round number that nearly all of it stays within.

        That is the 98.5th percentile of the magnitudes of the sums whose window touches no padding, rounded
        up; the largest magnitude where there are fewer than 64 positions.
        """
        planned = self._find(trace_id)
        spec = planned.plan.spec
        channel = whole_number("out_channel", out_channel, 0, spec.out_channels - 1)
        one = Conv2D(
            spec.kernel[..., channel : channel + 1],
            None if spec.bias is None else spec.bias[channel : channel + 1],
            spec.strides,
            spec.dilations,
            spec.padding,
        )
        sums = run(one, self._input(planned, batch)[np.newaxis])[0, :, :, 0]
        return ScaleOut(
            signed_scale=_signed_scale(sums, planned.plan),
            minimum=float(sums.min()),
            maximum=float(sums.max()),
        )

    def _find(self, trace_id: str) -> Planned:
        # The store is asked each time: what another replica evicted is gone here too, what is used stays.
        self._store.require("trace", trace_id, "id")
        return self._planned.get(trace_id, lambda: self._plan(self._request(trace_id), trace_id))

    def _request(self, trace_id: str) -> TraceRequest:
        return TraceRequest.model_validate_json(self._store.get("trace", trace_id, "id").body)

    def _input(self, planned: Planned, batch: int) -> Array:
        item = whole_number("batch", batch, 0, planned.plan.batch - 1)
        source = self._inputs.read_known(planned.input_key, lambda: self._request(planned.id).input)
        return cast("Array", source.array[item])

    def _plan(self, request: TraceRequest, trace_id: str) -> Planned:
        key = input_key(request.input)
        source = self._inputs.read_known(key, lambda: request.input)
        return Planned(
            id=trace_id,
            plan=self._planner.plan(request.operation, source.shape),
            # Without its numbers, which can be millions: who made the trace has them.
            operation=request.operation.model_dump_json(exclude={"kernel", "bias"}),
            input_key=key,
            dtype=source.array.dtype.name,
        )


def _weight(planned: Planned) -> int:
    return planned.plan.spec.kernel.nbytes + 4096


def _described(planned: Planned, expires_at: datetime) -> TraceOut:
    spec, geometry = planned.plan.spec, planned.plan.geometry
    url = f"/api/v1/traces/{planned.id}"
    return TraceOut(
        id=planned.id,
        url=url,
        positions=geometry.positions,
        taps=spec.taps,
        in_channels=spec.in_channels,
        out_channels=spec.out_channels,
        batch=planned.plan.batch,
        input=TraceInputOut(
            height=geometry.y.input_size,
            width=geometry.x.input_size,
            channels=spec.in_channels,
            dtype="uint8" if planned.dtype == "uint8" else "float32",
            url=f"{url}/input",
        ),
        geometry=geometry_out(geometry),
        expires_at=expires_at,
    )


def _columns(trace: Trace, text: str) -> tuple[Column, ...]:
    names = text.split(",")
    unknown = [name for name in names if name not in trace.columns]
    if unknown or len(set(names)) < len(names):
        raise RefusedError(
            "columns", f"must be one or more of {','.join(trace.columns)}, each at most once", text
        )
    return tuple(column for column in trace.columns if column in names)


def _signed_scale(sums: Array, plan: Plan) -> float:
    magnitudes = np.abs(sums.astype(np.float64))
    if plan.geometry.positions < _FEW_POSITIONS:
        return float(magnitudes.max()) or 1.0
    y, x = window_axes(plan.geometry)
    inner = magnitudes[_inside(y), _inside(x)]
    percentile = float(np.percentile(inner if inner.size else magnitudes, 98.5)) or float(magnitudes.max())
    if percentile == 0 or not np.isfinite(percentile):
        return 1.0
    step = 5 * 10.0 ** floor(log10(percentile) - 1)
    return float(f"{ceil(percentile / step) * step:.12g}")


def _inside(axis: AxisGeometry) -> slice:
    """The output cells of an axis whose window touches no padding."""
    low = -(-axis.pad_before // axis.stride)
    high = (axis.pad_before + axis.input_size - axis.span) // axis.stride
    return slice(low, max(low, high + 1))
