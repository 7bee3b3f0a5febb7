"""Operations as files that other programs run."""

from fastapi import APIRouter, Response

from app.routes.common import JsonRoute, Use
from app.schemas import GeometryRequest

router = APIRouter(prefix="/api/v1", tags=["frameworks"], route_class=JsonRoute)

_MEDIA = "application/octet-stream"


@router.post(
    "/models",
    response_class=Response,
    responses={200: {"description": "An .onnx file.", "content": {_MEDIA: {}}}},
    summary="An operation as an .onnx file",
)
async def make_model(services: Use, request: GeometryRequest) -> Response:
    """A model with the weights in it, from `input`, float32 [batch, channels, height, width], to `output`.

    For ONNX Runtime, TensorRT and others: of the operators' version 13, or 19 where that is needed, for
    circular padding and the dilation of an average pool.
    """
    content = await services.compute.run(services.models.onnx, request)
    headers = {"Content-Disposition": 'attachment; filename="convloupe.onnx"'}
    return Response(content, headers=headers, media_type=_MEDIA)
