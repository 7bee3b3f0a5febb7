"""Traces: create, stream, explain."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from app import wire
from app.answers import ExplanationOut, InputCellOut, ScaleOut, TraceOut
from app.errors import RefusedError
from app.images.pixels import write_png
from app.routes.common import PROBLEMS, JsonRoute, Use, json_response, negotiate
from app.routes.streaming import TraceResponse
from app.schemas import TraceRequest
from app.services.outputs import npy_bytes

router = APIRouter(prefix="/api/v1/traces", tags=["traces"], route_class=JsonRoute, responses=PROBLEMS)

OutChannel = Annotated[int, Query(description="Output channel.")]
Batch = Annotated[int, Query(description="Batch item.")]

_ROWS = {
    wire.JSON_LINES: wire.JSON_LINES,
    wire.JSON_LINES_ALIAS: wire.JSON_LINES_ALIAS,
    wire.ARROW: wire.ARROW,
}
_ROW_NAMES = {"jsonl": wire.JSON_LINES, "arrow": wire.ARROW}
_INPUT = {"application/x-npy": "npy", "image/png": "png"}


@router.post("", status_code=201, response_model=TraceOut, summary="Create a trace")
async def create_trace(services: Use, request: TraceRequest) -> Response:
    """Checks everything, computes nothing. Idempotent: the same request has the same id, kept anew."""
    trace = await services.compute.run(services.traces.create, request)
    return json_response(trace, 201, {"Location": trace.url})


@router.get("/{trace_id}", response_model=TraceOut, summary="A trace")
async def read_trace(services: Use, trace_id: str) -> Response:
    """What POST answered. 404 when it is unknown or gone: POST it again."""
    return json_response(await services.compute.run(services.traces.describe, trace_id))


@router.get(
    "/{trace_id}/input",
    response_class=Response,
    responses={200: {"content": {media: {} for media in _INPUT}, "description": "The numbers."}},
    summary="The numbers a trace runs over",
)
async def read_input(
    services: Use,
    trace_id: str,
    batch: Batch = 0,
    accept: Annotated[str, Header()] = "*/*",
    format: Annotated[str | None, Query(description="npy or png; overrides Accept.")] = None,  # noqa: A002
) -> Response:
    """One batch item, [height, width, channels]: npy, or png where it is uint8 with 1 or 3 channels."""
    chosen = negotiate(accept, format, _INPUT, {"npy": "npy", "png": "png"})
    array = await services.compute.run(services.traces.input, trace_id, batch)
    if chosen == "npy":
        return Response(await services.compute.run(npy_bytes, array), media_type="application/x-npy")
    if array.dtype.name != "uint8" or array.shape[2] not in (1, 3):
        raise RefusedError(
            "format", f"a PNG holds uint8 with 1 or 3 channels; this is {array.dtype} with {array.shape[2]}"
        )
    return Response(await services.compute.run(write_png, array), media_type="image/png")


@router.get("/{trace_id}/scale", response_model=ScaleOut, summary="The range of an output channel")
async def read_scale(services: Use, trace_id: str, out_channel: OutChannel = 0, batch: Batch = 0) -> Response:
    """For a colour scale that is the same however far the trace has been played."""
    return json_response(await services.compute.run(services.traces.scale, trace_id, out_channel, batch))


@router.get(
    "/{trace_id}/positions",
    response_class=Response,
    responses={
        200: {"content": {wire.JSON_LINES: {}, wire.ARROW: {}}, "description": "Rows, as they are computed."}
    },
    summary="Stream positions",
)
async def stream_positions(
    services: Use,
    trace_id: str,
    first: Annotated[int, Query(description="First position.")] = 0,
    count: Annotated[int | None, Query(description="How many; all that are left by default.")] = None,
    out_channel: OutChannel = 0,
    batch: Batch = 0,
    columns: Annotated[
        str | None,
        Query(
            description=(
                "Some of the trace's columns, with commas between them. By default window,products,sum; "
                "of a pool all."
            )
        ),
    ] = None,
    accept: Annotated[str, Header()] = "*/*",
    format: Annotated[str | None, Query(description="jsonl or arrow; overrides Accept.")] = None,  # noqa: A002
) -> Response:
    """One row a position, row-major over the output. JSON Lines end with {"end": true, "next": N}, Arrow with
    its end-of-stream marker.

    A stream without its end was broken off: ask again from the first position that is missing.
    """
    media = negotiate(accept, format, _ROWS, _ROW_NAMES)
    encoder = await services.compute.run(
        services.traces.rows,
        trace_id,
        first=first,
        count=count,
        out_channel=out_channel,
        batch=batch,
        columns=columns,
        arrow=media == wire.ARROW,
    )
    return TraceResponse(encoder, services.compute, media)


@router.get("/{trace_id}/positions/{position}", response_model=ExplanationOut, summary="Explain one position")
async def explain_position(
    services: Use, trace_id: str, position: int, out_channel: OutChannel = 0, batch: Batch = 0
) -> Response:
    """Every tap with its coordinates, whether it is padding, value, weight, product, and the sum so far."""

    def body() -> str:
        return services.traces.explain(trace_id, position, out_channel, batch).model_dump_json()

    return Response(await services.compute.run(body), media_type="application/json")


@router.get("/{trace_id}/inputs/{y}/{x}", response_model=InputCellOut, summary="Who reads an input cell")
async def explain_input_cell(
    services: Use, trace_id: str, y: int, x: int, out_channel: OutChannel = 0, batch: Batch = 0
) -> Response:
    """Every position that reads the cell, and the weight it is read with; of a transposed convolution also
    what the cell stamps, and where each product falls.
    """

    def body() -> str:
        return services.traces.input_cell(trace_id, y, x, out_channel, batch).model_dump_json()

    return Response(await services.compute.run(body), media_type="application/json")
