"""Whole outputs, in the formats they can be asked for."""

import io
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
import orjson

from app.answers import GeometryOut
from app.arrays import Array
from app.errors import RefusedError
from app.images.pixels import stretch, write_png
from app.schemas import TraceRequest
from app.services.geometries import geometry_out
from app.services.inputs import Inputs
from app.services.planning import Plan, Planner
from app.settings import Settings
from engine.checks import whole_number
from engine.ops import max_pool_argmax, run, work
from engine.spec import MaxPool2D

# A window is searched for the place of its largest value cell by cell, where the value itself is found for
# many windows at once: so many times slower.
_SEARCH = 32

OutputFormat = Literal["json", "png", "npy"]
Palette = Literal["min_max", "clip"]


@dataclass(frozen=True)
class View:
    """What of an output a picture shows."""

    out_channel: int | None = None
    batch: int = 0
    palette: Palette = "min_max"


class Outputs:
    """Computes outputs."""

    def __init__(self, inputs: Inputs, planner: Planner, settings: Settings) -> None:
        self._inputs = inputs
        self._planner = planner
        self._settings = settings

    def compute(self, request: TraceRequest, output_format: OutputFormat, view: View) -> bytes:
        """The output of `request`, encoded. Everything is checked before anything is computed."""
        source = self._inputs.read(request.input)
        batch = source.shape[0]
        plan = self._planner.plan(request.operation, source.shape)
        values = batch * plan.geometry.positions * plan.out_channels
        if output_format == "png":
            _check_view(view, batch, plan.out_channels)
            return write_png(stretch(_seen(run(plan.spec, source.array), view), view.palette))
        if output_format == "json":
            self._check_json(plan, values)
        output = _laid_out_as(source.layout, run(plan.spec, source.array))
        if output_format == "npy":
            return npy_bytes(output)
        argmax = None
        if isinstance(plan.spec, MaxPool2D):
            argmax = _laid_out_as(source.layout, max_pool_argmax(plan.spec, source.array))
        return _json_bytes(source.layout, output, geometry_out(plan.geometry), argmax)

    def _check_json(self, plan: Plan, values: int) -> None:
        budgets = [("hold", values, "values", self._settings.json_values)]
        if isinstance(plan.spec, MaxPool2D):
            # Beside each largest value there is an [y, x].
            cells = plan.batch * work(plan.spec, plan.geometry, plan.in_channels)
            budgets = [
                ("hold", 3 * values, "values", self._settings.json_values),
                ("need a search for its argmax through", cells, "cells", self._settings.work // _SEARCH),
            ]
        for verb, amount, what, most in budgets:
            if amount > most:
                raise RefusedError(
                    "format", f"json would {verb} {amount} {what}; the limit is {most}; ask for npy"
                )


def npy_bytes(array: Array) -> bytes:
    """`array` as a .npy file."""
    stream = io.BytesIO()
    np.save(stream, np.ascontiguousarray(array), allow_pickle=False)
    return stream.getvalue()


def _json_bytes(layout: str, output: Array, geometry: GeometryOut, argmax: Array | None) -> bytes:
    """An OutputOut. The numbers are the exact float32 values, therefore written as float64."""
    written = {
        "shape": output.shape,
        "layout": layout,
        "values": np.ascontiguousarray(output, dtype=np.float64),
    }
    answer = {"output": written, "geometry": orjson.Fragment(geometry.model_dump_json().encode())}
    if argmax is not None:
        answer["argmax"] = np.ascontiguousarray(argmax)
    return orjson.dumps(answer, option=orjson.OPT_SERIALIZE_NUMPY)


def _laid_out_as(layout: str, output: Array) -> Array:
    """`output`, whose first axes are NHWC."""
    if layout == "NCHW":
        return np.moveaxis(output, 3, 1)
    return output if layout == "NHWC" else cast("Array", output[0])


def _check_view(view: View, batch: int, out_channels: int) -> None:
    whole_number("batch", view.batch, 0, batch - 1)
    if view.out_channel is not None:
        whole_number("out_channel", view.out_channel, 0, out_channels - 1)
    elif out_channels not in (1, 3):
        raise RefusedError(
            "out_channel",
            f"the output has {out_channels} channels, and a PNG shows 1 or 3: choose one of them",
        )


def _seen(output: Array, view: View) -> Array:
    item = output[view.batch]
    return cast(
        "Array", item if view.out_channel is None else item[..., view.out_channel : view.out_channel + 1]
    )
