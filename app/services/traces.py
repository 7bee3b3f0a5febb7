"""Traces: created once, then read from any position by any replica."""

from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import cast

from app.answers import InputCellOut, ScaleOut, TraceInputOut, TraceOut
from app.arrays import Array
from app.errors import RefusedError
from app.schemas import NpyInput, SampleInput, TraceRequest, ValuesInput
from app.schemas.operations import Weighted as WeightedRequest
from app.services.cache import Cache
from app.services.explanations import explanation_json, input_cell_out
from app.services.inputs import Inputs, input_key
from app.services.limits import check_taps
from app.services.planned import CellDtype, Opened, Planned
from app.services.planning import Planner
from app.services.scale import scale_out
from app.settings import Settings
from app.store import Store
from app.wire import ArrowEncoder, Encoder, JsonLinesEncoder
from engine.backend import KEPT_BYTES
from engine.checks import whole_number
from engine.spec import Weighted
from engine.trace import Column, Trace

# What the rows of a convolution hold unless columns are chosen; those of a pool hold all they can.
_WINDOW_PRODUCTS_SUM: tuple[Column, ...] = ("window", "products", "sum")

# The range of a channel is a whole output's work, and three numbers to keep.
_MOST_SCALES = 4096

# Steps of an opened trace that are kept, and what one takes: the head of its stream, above all.
_MOST_STEPS = 16
_STEP_BYTES = 4096

# Of an explanation: so many taps, and multiply-adds of the scale that it speaks of, take half a millisecond.
_FEW_TAPS = 64
_QUICK_SCALE = 1 << 18


class Traces:
    """Creates traces, and answers questions about them by id."""

    def __init__(self, store: Store, inputs: Inputs, planner: Planner, settings: Settings) -> None:
        self._store = store
        self._inputs = inputs
        self._planner = planner
        self._settings = settings
        self._planned = Cache[Planned](settings.cache_bytes, _weight)
        # The input is another cache's too, but here it is held when that one has let it go.
        beside = 4096 + 2 * settings.chunk_bytes + _MOST_STEPS * _STEP_BYTES + KEPT_BYTES
        self._opened = Cache[Opened](settings.cache_bytes, lambda found: beside + found.trace.cells.nbytes)
        self._scales = Cache[ScaleOut](_MOST_SCALES, lambda _: 1)

    def create(self, request: TraceRequest) -> TraceOut:
        """Check everything, then remember the request. The same request has the same id."""
        body = request.model_dump_json().encode()
        kept = self._kept(body)
        if kept is not None:
            self._inputs.require(kept[0].input_key)
            return _described(*kept)
        planned = self._plan(request, "")
        entry = self._store.add_trace(body)
        planned = replace(planned, id=entry.id)
        self._planned.get(entry.id, lambda: planned)
        return _described(planned, entry.expires_at)

    def created_at_hand(self, request: TraceRequest) -> TraceOut | None:
        """What `create` answers if it can at once, so that the event loop may ask; None says nothing.

        A class makes the same trace at the same moment.
        """
        if isinstance(request.input, ValuesInput | NpyInput):
            return None
        kept = self._kept(request.model_dump_json().encode())
        return _described(*kept) if kept is not None and self._input_at_hand(kept[0]) else None

    def _kept(self, request: bytes) -> tuple[Planned, datetime] | None:
        entry = self._store.kept_trace(request)
        planned = None if entry is None else self._planned.find(entry.id)
        return None if entry is None or planned is None else (planned, entry.expires_at)

    def _input_at_hand(self, planned: Planned) -> bool:
        image_id = planned.input_key.image_id
        return image_id is None or self._store.at_hand("image", image_id)

    def describe(self, trace_id: str) -> TraceOut:
        planned = self._find(trace_id)
        self._inputs.require(planned.input_key)
        return _described(planned, self._store.require("trace", trace_id, "id"))

    def is_public(self, trace_id: str) -> bool:
        """Whether nobody's own numbers are in it. NotFoundError as of everything else."""
        planned = self._find(trace_id)
        self._inputs.require(planned.input_key)
        return planned.public

    def input(self, trace_id: str, batch: int) -> Array:
        """uint8 or float32 [height, width, channels]."""
        return self._input(self._find(trace_id), batch)

    def open(self, trace_id: str, out_channel: int = 0, batch: int = 0) -> Opened:
        """One output channel over one batch item."""
        planned = self._find(trace_id)
        self._inputs.require(planned.input_key)
        return self._opened.get(
            f"{trace_id}/{out_channel}/{batch}",
            lambda: Opened(
                planned, Trace(planned.plan.spec, self._input(planned, batch), out_channel), batch
            ),
        )

    def at_hand(self, trace_id: str, out_channel: int = 0, batch: int = 0) -> Opened | None:
        """What `open` answers if it can at once, so that the event loop may ask; None says nothing."""
        found = self._opened.find(f"{trace_id}/{out_channel}/{batch}")
        if found is None or not self._store.at_hand("trace", trace_id):
            return None
        return found if self._input_at_hand(found.planned) else None

    def rows(
        self, opened: Opened, *, first: int, count: int | None, columns: str | None, arrow: bool
    ) -> Encoder:
        """An encoder of `count` positions from `first` on, or of all that are left. Checks everything.

        A class asks for the same steps: these are planned once.
        """
        asked = first, count, columns, arrow
        known = opened.steps.get(asked)
        if known is not None:
            return known
        encoder = self._encoder(opened, first, count, columns, arrow)
        if encoder.light and len(list(islice(encoder.chunks, 2))) == 1:
            if len(opened.steps) >= _MOST_STEPS:
                opened.steps.clear()
            opened.steps[asked] = encoder
        return encoder

    def _encoder(
        self, opened: Opened, first: int, count: int | None, columns: str | None, arrow: bool
    ) -> Encoder:
        trace = opened.trace
        names = _columns(trace, columns)
        whole_number("first", first, 0, trace.positions - 1)
        left = trace.positions - first
        count = left if count is None else whole_number("count", count, 1, left)
        if not arrow:
            return JsonLinesEncoder(trace, first, count, names, self._settings.chunk_bytes)
        metadata = {
            **opened.planned.metadata,
            "out_channel": str(trace.out_channel),
            "batch": str(opened.batch),
        }
        return ArrowEncoder(trace, first, count, names, self._settings.chunk_bytes, metadata, opened.pages)

    def explain(self, opened: Opened, position: int) -> bytes:
        """One position, tap by tap: an ExplanationOut as JSON."""
        planned, channel, batch = opened.planned, opened.trace.out_channel, opened.batch
        return explanation_json(
            opened.trace, position, planned.filter_name, lambda: self._scale(planned, channel, batch)
        )

    def explains_at_once(self, opened: Opened) -> bool:
        """Whether it takes hardly longer than to wake a thread for it."""
        trace = opened.trace
        if trace.taps > _FEW_TAPS:
            return False
        key = _scale_key(opened.planned, trace.out_channel, opened.batch)
        return trace.positions * trace.taps <= _QUICK_SCALE or self._scales.find(key) is not None

    def input_cell(self, trace_id: str, y: int, x: int, out_channel: int = 0, batch: int = 0) -> InputCellOut:
        """Every position that reads an input cell."""
        return input_cell_out(self.open(trace_id, out_channel, batch).trace, y, x, self._settings)

    def scale(self, trace_id: str, out_channel: int = 0, batch: int = 0) -> ScaleOut:
        """The range of one output channel, and a round number that nearly all of it stays within."""
        return self._scale(self._find(trace_id), out_channel, batch)

    def _scale(self, planned: Planned, out_channel: int, batch: int) -> ScaleOut:
        plan, image = planned.plan, self._input(planned, batch)
        return self._scales.get(
            _scale_key(planned, out_channel, batch),
            lambda: scale_out(plan.spec, plan.geometry, image, out_channel),
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
        plan = self._planner.plan(request.operation, source.shape)
        if not isinstance(plan.spec, Weighted):
            # A whole output may come from windows larger than can be shown: those of a global pool.
            kernel = plan.geometry.y.kernel_size, plan.geometry.x.kernel_size
            check_taps(*kernel, 1, "kernel_size", self._settings)
        trace = Trace(plan.spec, source.array[0])
        return Planned(
            id=trace_id,
            plan=plan,
            type=request.operation.type,
            # Without its numbers, which can be millions: who made the trace has them.
            operation=request.operation.model_dump_json(exclude={"kernel", "bias"}),
            input_key=key,
            dtype=_cell_dtype(source.array),
            window_dtype="uint8" if trace.window_dtype == "uint8" else "float32",
            filter_name=request.operation.filter if isinstance(request.operation, WeightedRequest) else None,
            columns=trace.columns,
            public=isinstance(request.input, SampleInput) and not _has_numbers(request),
        )


def _scale_key(planned: Planned, out_channel: int, batch: int) -> str:
    return f"{planned.id} {out_channel} {batch}"


def _has_numbers(request: TraceRequest) -> bool:
    """Whether numbers of the client's own are in its operation."""
    return any(getattr(request.operation, name, None) is not None for name in ("kernel", "bias"))


def _cell_dtype(array: Array) -> CellDtype:
    return "uint8" if array.dtype == "uint8" else "float32"


def _weight(planned: Planned) -> int:
    spec = planned.plan.spec
    # The kernel, and its weights in tap order.
    return 4096 + (2 * spec.kernel.nbytes if isinstance(spec, Weighted) else 0)


def _described(planned: Planned, expires_at: datetime) -> TraceOut:
    plan, geometry = planned.plan, planned.plan.geometry
    url = f"/api/v1/traces/{planned.id}"
    return TraceOut(
        id=planned.id,
        url=url,
        operation=planned.type,
        positions=geometry.positions,
        taps=plan.group_channels * geometry.y.kernel_size * geometry.x.kernel_size,
        in_channels=plan.in_channels,
        group_channels=plan.group_channels,
        out_channels=plan.out_channels,
        batch=plan.batch,
        columns=list(planned.columns),
        window_dtype=planned.window_dtype,
        input=TraceInputOut(
            height=geometry.y.input_size,
            width=geometry.x.input_size,
            channels=plan.in_channels,
            dtype=planned.dtype,
            url=f"{url}/input",
        ),
        geometry=planned.geometry,
        expires_at=expires_at,
    )


def _columns(trace: Trace, text: str | None) -> tuple[Column, ...]:
    if text is None:
        return _WINDOW_PRODUCTS_SUM if isinstance(trace.spec, Weighted) else trace.columns
    names = text.split(",")
    unknown = [name for name in names if name not in trace.columns]
    if unknown or len(set(names)) < len(names):
        offered = ",".join(trace.columns)
        raise RefusedError("columns", f"must be one or more of {offered}, each at most once", text)
    return tuple(column for column in trace.columns if column in names)
