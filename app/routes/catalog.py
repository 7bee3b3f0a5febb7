"""What there is to choose from, and what follows from a choice."""

from typing import Any

import orjson
from fastapi import APIRouter, Response

from app.answers import ShapedGeometryOut
from app.routes.common import PROBLEMS, JsonRoute, Use, json_response
from app.schemas import GeometryRequest

router = APIRouter(prefix="/api/v1", tags=["catalog"], route_class=JsonRoute, responses=PROBLEMS)


@router.get(
    "/catalog", response_model=dict[str, Any], summary="Operations, filters, samples, lessons, limits"
)
async def catalog(services: Use) -> Response:
    """Everything the page can offer, and the limits of this server."""
    return Response(orjson.dumps(services.catalog), media_type="application/json")


@router.post("/geometry", response_model=ShapedGeometryOut, summary="Shapes without numbers")
async def geometry(services: Use, request: GeometryRequest) -> Response:
    """Output shape, pads, span, taps per axis, leftover, cells never read, formulas with their numbers."""
    return json_response(await services.compute.run(services.planner.geometry, request))
