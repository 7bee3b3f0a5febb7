"""What the server answers, as JSON."""

from app.answers.geometry import (
    AxisOut,
    GeometryOut,
    PadsOut,
    ShapedGeometryOut,
    TapsOut,
    TransposedAxisOut,
)
from app.answers.outputs import OutputOut, OutputValues
from app.answers.service import HealthOut, ImageOut, Problem, ProblemError
from app.answers.traces import (
    ExplanationOut,
    InputCellOut,
    ReadOut,
    ScaleOut,
    StampCellOut,
    TapOut,
    TraceInputOut,
    TraceOut,
    WindowOut,
)

__all__ = [
    "AxisOut",
    "ExplanationOut",
    "GeometryOut",
    "HealthOut",
    "ImageOut",
    "InputCellOut",
    "OutputOut",
    "OutputValues",
    "PadsOut",
    "Problem",
    "ProblemError",
    "ReadOut",
    "ScaleOut",
    "ShapedGeometryOut",
    "StampCellOut",
    "TapOut",
    "TapsOut",
    "TraceInputOut",
    "TraceOut",
    "TransposedAxisOut",
    "WindowOut",
]
