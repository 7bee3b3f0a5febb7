"""Whole outputs, in the formats they can be asked for."""

import io
from typing import Literal, cast

import numpy as np
import orjson

from app import __version__
from app.answers import GeometryOut
from app.arrays import Array
from app.errors import RefusedError
from app.schemas import Input, Operation
from app.services.geometries import geometry_out
from app.services.inputs import InputArray, Inputs
from app.services.pictures import Drawing, View, arrange, draw
from app.services.planning import Plan, Planner
from app.services.tables import OutputTable
from app.settings import Settings
from engine.ops import max_pool_argmax, run, work
from engine.spec import MaxPool2D

# A window is searched for the place of its largest value cell by cell, where the value itself is found for
# many windows at once: so many times slower.
_SEARCH = 32

OutputFormat = Literal["json", "png", "npy", "arrow"]


class Outputs:
    """Computes outputs."""

    def __init__(self, inputs: Inputs, planner: Planner, settings: Settings) -> None:
        self._inputs = inputs
        self._planner = planner
        self._settings = settings

    def compute(
        self, operation: Operation, source: Input | InputArray, output_format: OutputFormat, view: View
    ) -> bytes | Drawing | OutputTable:
        """The output of `operation` over `source`, encoded; an OutputTable is encoded as it is read.

        Everything is checked before anything is computed.
        """
        found = source if isinstance(source, InputArray) else self._inputs.read(source)
        plan = self._planner.plan(operation, found.shape)
        match output_format:
            case "png":
                arrangement = arrange(view, _shape(plan), self._settings.image_pixels)
                return draw(run(plan.spec, found.array), view.palette, arrangement)
            case "npy":
                return npy_bytes(_laid_out_as(found.layout, run(plan.spec, found.array)))
            case "json":
                self._check_json(plan)
                output, argmax = self._run(plan, found.array, output_format)
                laid_out = None if argmax is None else _laid_out_as(found.layout, argmax)
                geometry = geometry_out(plan.geometry)
                return _json_bytes(found.layout, _laid_out_as(found.layout, output), geometry, laid_out)
            case "arrow":
                output, argmax = self._run(plan, found.array, output_format)
                metadata = _metadata(operation, found, output, argmax is not None)
                return OutputTable(output, argmax, self._settings.chunk_bytes, metadata)

    def _run(self, plan: Plan, array: Array, output_format: str) -> tuple[Array, Array | None]:
        """The output, and of a max pool where its values come from."""
        if not isinstance(plan.spec, MaxPool2D):
            return run(plan.spec, array), None
        cells = plan.batch * work(plan.spec, plan.geometry, plan.in_channels)
        if cells > (most := self._settings.work // _SEARCH):
            raise RefusedError(
                "format",
                f"{output_format} would need a search for its argmax through {cells} cells; the limit is "
                f"{most}; ask for npy",
            )
        return run(plan.spec, array), max_pool_argmax(plan.spec, array)

    def _check_json(self, plan: Plan) -> None:
        values = plan.batch * plan.geometry.positions * plan.out_channels
        if isinstance(plan.spec, MaxPool2D):
            values *= 3  # beside each largest value there is an [y, x]
        if values > (most := self._settings.json_values):
            raise RefusedError(
                "format", f"json would hold {values} values; the limit is {most}; ask for npy or arrow"
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


def _metadata(operation: Operation, source: InputArray, output: Array, has_argmax: bool) -> dict[str, str]:
    """What the schema of an Arrow stream says; every value is JSON, and shapes are NHWC."""
    # The operation without its numbers, which can be millions: who asked has them.
    metadata = {
        "operation": operation.model_dump_json(exclude={"kernel", "bias"}),
        "input_shape": _json(source.shape),
        "output_shape": _json(output.shape),
        "row_order": _json(["batch", "y", "x"]),
        "version": _json(__version__),
    }
    return metadata | ({"argmax_order": _json(["out_channel", ["y", "x"]])} if has_argmax else {})


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _shape(plan: Plan) -> tuple[int, int, int, int]:
    return plan.batch, plan.geometry.output_height, plan.geometry.output_width, plan.out_channels


def _laid_out_as(layout: str, output: Array) -> Array:
    """`output`, whose first axes are NHWC."""
    if layout == "NCHW":
        return np.moveaxis(output, 3, 1)
    return output if layout == "NHWC" else cast("Array", output[0])
