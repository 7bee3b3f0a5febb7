"""Traces known to be possible, and what a stream of their rows says of itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from app import __version__
from app.answers import GeometryOut
from app.services.geometries import geometry_out
from app.services.inputs import InputKey
from app.services.planning import Plan
from app.wire import Encoder, Pages
from engine.spec import Weighted
from engine.trace import Column, Trace

CellDtype = Literal["uint8", "float32"]


@dataclass(frozen=True)
class Planned:
    """A trace without its input: the cache of inputs has that, or the store.

    public: of a sample and a preset, so that nobody's own numbers are in it.
    """

    id: str
    plan: Plan
    type: str
    operation: str
    input_key: InputKey
    dtype: CellDtype
    window_dtype: CellDtype
    filter_name: str | None
    columns: tuple[Column, ...]
    public: bool

    @cached_property
    def geometry(self) -> GeometryOut:
        return geometry_out(self.plan.geometry)

    @cached_property
    def metadata(self) -> Mapping[str, str]:
        """Of the schema of an Arrow stream; JSON, but for single words and numbers."""
        plan, y, x = self.plan, self.plan.geometry.y, self.plan.geometry.x
        said = {
            "version": __version__,
            "operation": self.operation,
            "input_shape": json.dumps([plan.batch, y.input_size, x.input_size, plan.in_channels]),
            "input_dtype": self.dtype,
            "kernel_size": json.dumps([y.kernel_size, x.kernel_size]),
            "output_shape": json.dumps([plan.batch, y.output_size, x.output_size, plan.out_channels]),
            "output_width": str(x.output_size),
            "tap_order": '["channel", "kernel_y", "kernel_x"]',
            "geometry": self.geometry.model_dump_json(exclude={"y": {"never_read"}, "x": {"never_read"}}),
        }
        if isinstance(plan.spec, Weighted):
            said["kernel_shape"] = json.dumps(list(plan.spec.kernel.shape))
            said["kernel_axes"] = json.dumps(plan.spec.axes.strip("[]").split(", "))
        return said


@dataclass(frozen=True)
class Opened:
    """One output channel over one batch item: what streams and explanations are made of."""

    planned: Planned
    trace: Trace
    batch: int
    pages: Pages = field(default_factory=Pages, compare=False)
    steps: dict[tuple[object, ...], Encoder] = field(default_factory=dict, compare=False)
    """Encoders of a chunk that are asked for again and again, by what was asked."""
