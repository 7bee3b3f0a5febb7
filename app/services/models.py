"""Operations as files that other programs run."""

from app.errors import RefusedError
from app.schemas import GeometryRequest
from app.services.planning import Planner
from engine.frameworks import onnx


class Models:
    """Makes .onnx files."""

    def __init__(self, planner: Planner) -> None:
        self._planner = planner

    def onnx(self, request: GeometryRequest) -> bytes:
        """RefusedError or EngineError naming the field and the numbers."""
        plan = self._planner.plan_shape(request.operation, request.input_shape, "input_shape")
        batch, height, width, channels = plan.input_shape
        shape = (batch, height, width, channels)
        for note in onnx.spell(plan.spec, plan.geometry, shape).notes:
            if note.kind == "refuses":
                raise RefusedError("operation", f"cannot be an .onnx file that runs: {note.text}")
        return onnx.model(plan.spec, plan.geometry, shape)
