"""The stream of a trace's positions."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from app import caching, wire
from app.routes.rows import rows_media_type, rows_parameters, rows_query
from app.routes.streaming import TraceResponse
from app.services import Services
from app.services.planned import Opened
from app.wire import Encoder


class _PlainRoute(APIRoute):
    """A route whose function takes the request and nothing else.

    To look for dependencies and a body there are not takes FastAPI longer than 512 positions take.
    """

    def get_route_handler(self) -> Callable[[Request], Any]:
        return self.endpoint


router = APIRouter(route_class=_PlainRoute, generate_unique_id_function=lambda route: route.name)


@router.get(
    "/api/v1/traces/{trace_id}/positions",
    response_class=Response,
    tags=["traces"],
    responses={
        200: {"content": {wire.JSON_LINES: {}, wire.ARROW: {}}, "description": "Rows, as they are computed."},
        **caching.NOT_MODIFIED,
    },
    openapi_extra={"parameters": rows_parameters()},
    summary="Stream positions",
)
async def stream_positions(request: Request) -> Response:
    """One row a position, row-major over the output. JSON Lines end with {"end": true, "next": N}, Arrow with
    its end-of-stream marker.

    A stream without its end was broken off: ask again from the first position that is missing.
    """
    services: Services = request.app.state.services
    query = rows_query(request)
    media_type = rows_media_type(request, query)
    traces, asked = services.traces, (request.path_params["trace_id"], query.out_channel, query.batch)

    def encoder(opened: Opened) -> Encoder:
        return traces.rows(
            opened,
            first=query.first,
            count=query.count,
            columns=query.columns,
            arrow=media_type == wire.ARROW,
        )

    services.compute.admit()
    opened = traces.at_hand(*asked)
    if opened is not None:
        rows = encoder(opened)
    else:
        opened = await services.compute.run(traces.open, *asked)
        rows = await services.compute.run(encoder, opened)
    headers = caching.immutable(request, media_type, public=opened.planned.public, negotiated=True)
    return caching.unchanged(request, headers) or TraceResponse(rows, services.compute, media_type, headers)
