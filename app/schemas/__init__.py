"""What clients ask, as JSON."""

from app.schemas.frameworks import CodeRequest, CompareRequest, EquivalencesRequest
from app.schemas.geometry import AnyGeometryRequest, ChainRequest, GeometryRequest
from app.schemas.inputs import ImageInput, Input, Layout, NpyInput, SampleInput, ValuesInput
from app.schemas.operations import OPERATION_REQUESTS, Operation
from app.schemas.requests import TraceRequest

__all__ = [
    "OPERATION_REQUESTS",
    "AnyGeometryRequest",
    "ChainRequest",
    "CodeRequest",
    "CompareRequest",
    "EquivalencesRequest",
    "GeometryRequest",
    "ImageInput",
    "Input",
    "Layout",
    "NpyInput",
    "Operation",
    "SampleInput",
    "TraceRequest",
    "ValuesInput",
]
