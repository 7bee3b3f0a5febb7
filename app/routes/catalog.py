"""What there is to choose from."""

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from app import caching
from app.routes.common import JSON, JsonRoute, Use

router = APIRouter(prefix="/api/v1", tags=["catalog"], route_class=JsonRoute)


@router.get(
    "/catalog",
    response_model=dict[str, Any],
    responses=caching.NOT_MODIFIED,
    summary="Operations, filters, samples, lessons, limits",
)
async def read_catalog(request: Request, services: Use) -> Response:
    """Everything the page can offer, and the limits of this server."""
    content = orjson.dumps(services.catalog)
    headers = caching.checked(content, seconds=60)
    return caching.unchanged(request, headers) or Response(content, 200, headers, JSON)
