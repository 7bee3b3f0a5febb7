"""From a request's operation to a spec and its geometry; limits are checked before anything is allocated."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from app.answers import AxisOut, GeometryOut, PadsOut, ShapedGeometryOut, TapsOut
from app.arrays import Array, from_nested, from_npy
from app.errors import RefusedError
from app.schemas import GeometryRequest, Operation
from app.services.inputs import check_input_shape
from app.settings import Settings
from engine.geometry import AxisGeometry, Geometry, plan
from engine.ops import work
from engine.presets import expand, filter_kernel
from engine.spec import Conv2D


@dataclass(frozen=True)
class Plan:
    """An operation that fits its input and the limits."""

    spec: Conv2D
    geometry: Geometry
    batch: int


class Planner:
    """Turns operations into plans."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def plan(self, operation: Operation, shape: tuple[int, int, int, int]) -> Plan:
        """`shape` is the input's, NHWC. RefusedError (or EngineError) naming the field and the numbers."""
        batch, height, width, channels = shape
        spec = self._spec(operation, channels)
        if spec.in_channels != channels:
            raise RefusedError(
                "operation.kernel",
                f"is for {spec.in_channels} input channels, and the input has {channels}; its shape as "
                f"[height, width, in_channels, out_channels] is {list(spec.kernel.shape)}",
            )
        self._check_spec(spec)
        geometry = plan(spec, height, width)
        self._check_geometry(spec, geometry, batch)
        return Plan(spec, geometry, batch)

    def geometry(self, request: GeometryRequest) -> ShapedGeometryOut:
        """The geometry over a shape; without a channel count the kernel's own is taken, or 1."""
        operation, sides = request.operation, request.input_shape
        match sides:
            case [height, width]:
                batch, channels = 1, self._spec(operation, 1).in_channels
            case [height, width, channels]:
                batch = 1
            case _:
                batch, height, width, channels = sides
        check_input_shape((batch, height, width, channels), "input_shape", self._settings)
        planned = self.plan(operation, (batch, height, width, channels))
        geometry = planned.geometry
        return ShapedGeometryOut(
            **geometry_out(geometry).model_dump(),
            output_shape=[batch, geometry.output_height, geometry.output_width, planned.spec.out_channels],
        )

    def _spec(self, operation: Operation, channels: int) -> Conv2D:
        kernel = self._kernel(operation)
        if kernel.ndim == 2:
            self._check_taps(kernel.shape[0], kernel.shape[1], channels)
            kernel = expand(kernel, channels)
        elif kernel.ndim == 4:
            kernel = kernel.transpose(2, 3, 1, 0) if operation.kernel_layout == "OIHW" else kernel
        else:
            raise RefusedError(
                "operation.kernel",
                f"has {kernel.ndim} dimensions; a kernel has 2 (height, width) "
                f"or 4 ({operation.kernel_layout})",
            )
        bias = operation.bias
        if bias is not None:
            bias = from_nested(bias, "operation.bias", most=self._settings.input_values)
        return Conv2D(kernel, bias, operation.strides, operation.dilations, operation.padding)

    def _kernel(self, operation: Operation) -> Array:
        given = operation.kernel
        if (operation.filter is None) == (given is None):
            both = (
                "filter and kernel are both given"
                if given is not None
                else "neither filter nor kernel is given"
            )
            raise RefusedError("operation.kernel", f"{both}; one of the two is needed")
        if operation.filter is not None:
            return filter_kernel(operation.filter)
        most = self._settings.input_values
        if isinstance(given, dict):
            if set(given) != {"npy"} or not isinstance(given["npy"], str):
                raise RefusedError("operation.kernel", 'must be a nested list of numbers, or {"npy": base64}')
            return from_npy(given["npy"], "operation.kernel.npy", most=most).astype(np.float32)
        return from_nested(given, "operation.kernel", most=most)

    def _check_spec(self, spec: Conv2D) -> None:
        self._check_taps(spec.kernel_height, spec.kernel_width, spec.in_channels)
        limits: list[tuple[str, Any, int]] = [
            ("strides", spec.strides, self._settings.stride),
            ("dilations", spec.dilations, self._settings.dilation),
        ]
        if not isinstance(spec.padding, str):
            limits += [("padding", pads, self._settings.padding) for pads in spec.padding]
        for field, values, most in limits:
            if max(values) > most:
                raise RefusedError(
                    f"operation.{field}", f"is {max(values)}; the limit is {most}", list(values)
                )

    def _check_taps(self, height: int, width: int, channels: int) -> None:
        if max(height, width) > self._settings.kernel_side:
            raise RefusedError(
                "operation.kernel",
                f"is {height} x {width}; the longest side may be {self._settings.kernel_side}",
            )
        if height * width * channels > self._settings.taps:
            raise RefusedError(
                "operation.kernel",
                f"has {height} x {width} x {channels} = {height * width * channels} taps; "
                f"the limit is {self._settings.taps}",
            )

    def _check_geometry(self, spec: Conv2D, geometry: Geometry, batch: int) -> None:
        settings = self._settings
        outputs = batch * geometry.positions * spec.out_channels
        budgets = [
            (
                "operation.padding",
                "values in the padded input",
                geometry.line_cells * spec.in_channels,
                settings.padded_values,
            ),
            ("operation", "values in the output", outputs, settings.output_values),
            ("operation", "multiply-adds", batch * work(spec, geometry, spec.in_channels), settings.work),
        ]
        for field, what, amount, most in budgets:
            if amount > most:
                raise RefusedError(field, f"would need {amount} {what}; the limit is {most}")


def geometry_out(geometry: Geometry) -> GeometryOut:
    """A geometry as it travels."""
    y, x = window_axes(geometry)
    return GeometryOut(
        y=_axis_out(y),
        x=_axis_out(x),
        pads=PadsOut(top=y.pad_before, bottom=y.pad_after, left=x.pad_before, right=x.pad_after),
        positions=geometry.positions,
        cells_never_read=geometry.cells_never_read,
    )


def window_axes(geometry: Geometry) -> tuple[AxisGeometry, AxisGeometry]:
    """Both axes of the geometry of a window."""
    y, x = geometry.y, geometry.x
    if not isinstance(y, AxisGeometry) or not isinstance(x, AxisGeometry):
        raise TypeError("the geometry is that of a transposed convolution")
    return y, x


def _axis_out(axis: AxisGeometry) -> AxisOut:
    return AxisOut(
        input_size=axis.input_size,
        kernel_size=axis.kernel_size,
        stride=axis.stride,
        dilation=axis.dilation,
        span=axis.span,
        pad_before=axis.pad_before,
        pad_after=axis.pad_after,
        output_size=axis.output_size,
        leftover=axis.leftover,
        never_read=list(axis.never_read),
        taps=TapsOut(first=axis.first, stride=axis.stride, offsets=list(axis.offsets)),
        formula=axis.formula(),
    )
