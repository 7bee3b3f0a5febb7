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
from app.services.inputs import Inputs
from app.services.planning import Planner, geometry_out
from app.settings import Settings
from engine.checks import whole_number
from engine.ops import run

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
        values = batch * plan.geometry.positions * plan.spec.out_channels
        if output_format == "png":
            _check_view(view, batch, plan.spec.out_channels)
            return write_png(stretch(_seen(run(plan.spec, source.array), view), view.palette))
        if output_format == "json" and values > self._settings.json_values:
            raise RefusedError(
                "format",
                f"json would hold {values} values; the limit is {self._settings.json_values}; ask for npy",
            )
        output = _laid_out_as(source.layout, run(plan.spec, source.array))
        if output_format == "npy":
            return npy_bytes(output)
        return _json_bytes(source.layout, output, geometry_out(plan.geometry))


def npy_bytes(array: Array) -> bytes:
    """`array` as a .npy file."""
    stream = io.BytesIO()
    np.save(stream, np.ascontiguousarray(array), allow_pickle=False)
    return stream.getvalue()


def _json_bytes(layout: str, output: Array, geometry: GeometryOut) -> bytes:
    """An OutputOut. The numbers are the exact float32 values, therefore written as float64."""
    written = {
        "shape": output.shape,
        "layout": layout,
        "values": np.ascontiguousarray(output, dtype=np.float64),
    }
    fragment = orjson.Fragment(geometry.model_dump_json().encode())
    return orjson.dumps({"output": written, "geometry": fragment}, option=orjson.OPT_SERIALIZE_NUMPY)


def _laid_out_as(layout: str, output: Array) -> Array:
    if layout == "NCHW":
        return output.transpose(0, 3, 1, 2)
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
