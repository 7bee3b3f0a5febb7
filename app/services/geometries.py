"""A geometry as it travels, and how it came about."""

from typing import Literal

from app.answers import (
    AxisOut,
    DerivationOut,
    DerivationsOut,
    GeometryOut,
    PadsOut,
    StepOut,
    TapsOut,
    TransposedAxisOut,
)
from app.services.axis_sentences import axis_sentence
from engine.axes import AnyAxis, AxisGeometry, TransposedAxisGeometry, with_numbers
from engine.derivation import derive
from engine.geometry import Geometry
from engine.spec import Operation


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


def derivation_out(spec: Operation, geometry: Geometry) -> DerivationsOut:
    """How the numbers of a geometry come about: in formulas, and in English."""
    return DerivationsOut(y=_derivation_out(spec, geometry, 0), x=_derivation_out(spec, geometry, 1))


def _derivation_out(spec: Operation, geometry: Geometry, index: Literal[0, 1]) -> DerivationOut:
    axis = geometry.y if index == 0 else geometry.x
    return DerivationOut(
        sentence=axis_sentence(spec, axis, index),
        formula_symbols=axis.output_symbols,
        formula_numbers=with_numbers(axis.output_symbols, vars(axis)),
        steps=[StepOut(**step._asdict()) for step in derive(spec, geometry, index)],
    )
