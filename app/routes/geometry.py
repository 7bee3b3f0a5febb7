"""What follows from a choice of operations."""

from fastapi import APIRouter, Response

from app.answers import ShapedGeometryOut
from app.routes.common import PROBLEMS, JsonRoute, Use, json_response
from app.schemas import GeometryRequest

router = APIRouter(prefix="/api/v1", tags=["catalog"], route_class=JsonRoute, responses=PROBLEMS)


@router.post("/geometry", response_model=ShapedGeometryOut, summary="Shapes without numbers")
async def geometry(services: Use, request: GeometryRequest) -> Response:
    """Output shape, pads, span, taps per axis, leftover, cells never read, formulas with their numbers."""
    return json_response(await services.compute.run(services.planner.geometry, request))
