"""What there is to choose from."""

from typing import Any

import orjson
from fastapi import APIRouter, Response

from app.routes.common import PROBLEMS, JsonRoute, Use

router = APIRouter(prefix="/api/v1", tags=["catalog"], route_class=JsonRoute, responses=PROBLEMS)


@router.get(
    "/catalog", response_model=dict[str, Any], summary="Operations, filters, samples, lessons, limits"
)
async def read_catalog(services: Use) -> Response:
    """Everything the page can offer, and the limits of this server."""
    return Response(orjson.dumps(services.catalog), media_type="application/json")
