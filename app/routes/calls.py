"""Calls that are pasted."""

from fastapi import APIRouter, Response

from app.answers.calls import ReadCallOut
from app.routes.common import JsonRoute, Use, json_response
from app.schemas.calls import ReadCallRequest
from app.services.calls import read_pasted

router = APIRouter(prefix="/api/v1", tags=["frameworks"], route_class=JsonRoute)


@router.post("/calls", response_model=ReadCallOut, summary="A pasted call, read")
async def read_pasted_call(services: Use, request: ReadCallRequest) -> Response:
    """The operation of a call in the words of PyTorch, TensorFlow, Keras, JAX, ONNX, SciPy or OpenCV.

    It is parsed, never run. An argument that cannot be read is refused by its name; nothing is guessed.
    """
    return json_response(await services.compute.run(read_pasted, request))
