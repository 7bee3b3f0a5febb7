"""What the server answers, as JSON."""

from app.answers.geometry import (
    AxisOut,
    ChainOut,
    DerivationOut,
    DerivationsOut,
    GeometryOut,
    PadsOut,
    ReceptiveFieldOut,
    ReceptiveFieldsOut,
    ShapedGeometryOut,
    StepOut,
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
    "ChainOut",
    "DerivationOut",
    "DerivationsOut",
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
    "ReceptiveFieldOut",
    "ReceptiveFieldsOut",
    "ScaleOut",
    "ShapedGeometryOut",
    "StampCellOut",
    "StepOut",
    "TapOut",
    "TapsOut",
    "TraceInputOut",
    "TraceOut",
    "TransposedAxisOut",
    "WindowOut",
]
