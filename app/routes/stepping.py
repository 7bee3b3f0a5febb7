"""Stepping through an operation: a trace is created, its positions are streamed, and one is explained."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app import caching, wire
from app.answers import ExplanationOut, TraceOut
from app.routes.common import JSON, json_response, negotiate
from app.routes.forms import read_json
from app.routes.plain import PlainRoute, body, parameters, read_path, read_query
from app.routes.streaming import TraceResponse
from app.schemas import TraceRequest
from app.services import Services
from app.services.planned import Opened
from app.wire import Encoder

_MEDIA_TYPES = {media: media for media in (wire.JSON_LINES, wire.JSON_LINES_ALIAS, wire.ARROW)}
_NAMES = {"jsonl": wire.JSON_LINES, "arrow": wire.ARROW}

# All of it by itself, and not included by the application: an included router costs a search more.
router = APIRouter(
    route_class=PlainRoute, tags=["traces"], generate_unique_id_function=lambda route: route.name
)


class _TracePath(BaseModel):
    trace_id: str


class _PositionPath(_TracePath):
    position: int


class _ChannelQuery(BaseModel):
    model_config = ConfigDict(frozen=True)

    out_channel: int = Field(0, description="Output channel.")
    batch: int = Field(0, description="Batch item.")


class _RowsQuery(_ChannelQuery):
    first: int = Field(0, description="First position.")
    count: int | None = Field(None, description="How many; all that are left by default.")
    columns: str | None = Field(
        None,
        description=(
            "Some of the trace's columns, with commas between them. By default window,products,sum; "
            "of a pool all."
        ),
    )
    format: str | None = Field(None, description="jsonl or arrow; overrides Accept.")


@router.post(
    "/api/v1/traces",
    status_code=201,
    response_model=TraceOut,
    openapi_extra=body(TraceRequest),
    summary="Create a trace",
)
async def create_trace(request: Request) -> Response:
    """Checks everything, computes nothing. Idempotent: the same request has the same id, kept anew."""
    services: Services = request.app.state.services
    asked = await read_json(request, TraceRequest)
    services.compute.admit()
    trace = services.traces.created_at_hand(asked)
    if trace is None:
        trace = await services.compute.run(services.traces.create, asked)
    return json_response(trace, 201, {"Location": trace.url})


@router.get(
    "/api/v1/traces/{trace_id}/positions",
    response_class=Response,
    responses={
        200: {"content": {wire.JSON_LINES: {}, wire.ARROW: {}}, "description": "Rows, as they are computed."},
        **caching.NOT_MODIFIED,
    },
    openapi_extra={"parameters": parameters(_TracePath, _RowsQuery, "accept")},
    summary="Stream positions",
)
async def stream_positions(request: Request) -> Response:
    """One row a position, row-major over the output. JSON Lines end with {"end": true, "next": N}, Arrow with
    its end-of-stream marker.

    A stream without its end was broken off: ask again from the first position that is missing.
    """
    services: Services = request.app.state.services
    query = read_query(request, _RowsQuery)
    media_type = negotiate(request.headers.get("accept", "*/*"), query.format, _MEDIA_TYPES, _NAMES)
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


@router.get(
    "/api/v1/traces/{trace_id}/positions/{position}",
    response_model=ExplanationOut,
    responses=caching.NOT_MODIFIED,
    openapi_extra={"parameters": parameters(_PositionPath, _ChannelQuery)},
    summary="Explain one position",
)
async def explain_position(request: Request) -> Response:
    """Every tap with its coordinates, whether it is padding, value, weight, product, and the sum so far."""
    services: Services = request.app.state.services
    path, query = read_path(request, _PositionPath), read_query(request, _ChannelQuery)
    traces, compute = services.traces, services.compute
    compute.admit()
    asked = path.trace_id, query.out_channel, query.batch
    opened = traces.at_hand(*asked)
    at_once = opened is not None and traces.explains_at_once(opened)
    if opened is None:
        opened = await compute.run(traces.open, *asked)
    headers = caching.immutable(request, JSON, public=opened.planned.public)
    unchanged = caching.unchanged(request, headers)
    if unchanged is not None:
        return unchanged
    explained = (
        traces.explain(opened, path.position)
        if at_once
        else await compute.run(traces.explain, opened, path.position)
    )
    return Response(explained, 200, headers, JSON)
