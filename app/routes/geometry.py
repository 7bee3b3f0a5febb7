"""What follows from a choice of operations."""

from fastapi import APIRouter, Response

from app.answers import ChainOut, ShapedGeometryOut
from app.routes.common import JsonRoute, Use, json_response
from app.schemas import AnyGeometryRequest

router = APIRouter(prefix="/api/v1", tags=["catalog"], route_class=JsonRoute)


@router.post("/geometry", response_model=ShapedGeometryOut | ChainOut, summary="Shapes without numbers")
async def plan_geometry(services: Use, request: AnyGeometryRequest) -> Response:
    """Output shape, pads, span, taps per axis, leftover, cells never read, the receptive field, and how they
    come about, in formulas and in English.

    With `layers` instead of `operation` the same for each of up to 64 layers that follow one another.
    """
    return json_response(await services.compute.run(services.chains.geometry, request))
