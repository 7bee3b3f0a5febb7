"""A geometry as it travels."""

from app.answers import AxisOut, GeometryOut, PadsOut, TapsOut, TransposedAxisOut
from engine.axes import AnyAxis, AxisGeometry, TransposedAxisGeometry
from engine.geometry import Geometry


def geometry_out(geometry: Geometry) -> GeometryOut:
    """The JSON of a geometry."""
    (top, bottom), (left, right) = _pads(geometry.y), _pads(geometry.x)
    return GeometryOut(
        y=_axis_out(geometry.y),
        x=_axis_out(geometry.x),
        pads=PadsOut(top=top, bottom=bottom, left=left, right=right),
        positions=geometry.positions,
        cells_never_read=geometry.cells_never_read,
    )


def _axis_out(axis: AnyAxis) -> AxisOut | TransposedAxisOut:
    match axis:
        case AxisGeometry():
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
                overhang=axis.overhang,
                padding_mode=axis.padding_mode,
            )
        case TransposedAxisGeometry():
            return TransposedAxisOut(
                input_size=axis.input_size,
                kernel_size=axis.kernel_size,
                stride=axis.stride,
                dilation=axis.dilation,
                span=axis.span,
                full_size=axis.full_size,
                crop_before=axis.crop_before,
                crop_after=axis.crop_after,
                output_size=axis.output_size,
                never_read=list(axis.never_read),
                taps=TapsOut(
                    first=-axis.crop_before,
                    stride=axis.stride,
                    offsets=list(range(0, axis.span, axis.dilation)),
                ),
                formula=axis.formula(),
            )


def _pads(axis: AnyAxis) -> tuple[int, int]:
    if isinstance(axis, AxisGeometry):
        return axis.pad_before, axis.pad_after
    return axis.crop_before, axis.crop_after
