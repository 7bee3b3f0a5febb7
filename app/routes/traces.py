"""Traces: what they are, what they run over, and who reads a cell of that."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response

from app import caching
from app.answers import InputCellOut, ScaleOut, TraceOut
from app.errors import RefusedError
from app.images.pixels import write_png
from app.routes.common import JSON, JsonRoute, Use, json_response, negotiate
from app.services import Services
from app.services.outputs import npy_bytes

router = APIRouter(prefix="/api/v1/traces", tags=["traces"], route_class=JsonRoute)

OutChannel = Annotated[int, Query(description="Output channel.")]
Batch = Annotated[int, Query(description="Batch item.")]

_NPY, _PNG = "application/x-npy", "image/png"
_INPUT = {_NPY: _NPY, _PNG: _PNG}
_INPUT_NAMES = {"npy": _NPY, "png": _PNG}


@router.get("/{trace_id}", response_model=TraceOut, summary="A trace")
async def read_trace(services: Use, trace_id: str) -> Response:
    """What POST answered. 404 when it is unknown or gone: POST it again."""
    return json_response(await services.compute.run(services.traces.describe, trace_id))


@router.get(
    "/{trace_id}/input",
    response_class=Response,
    responses={
        200: {"content": {media: {} for media in _INPUT}, "description": "The numbers."},
        **caching.NOT_MODIFIED,
    },
    summary="The numbers a trace runs over",
)
async def read_input(
    request: Request,
    services: Use,
    trace_id: str,
    batch: Batch = 0,
    accept: Annotated[str, Header()] = "*/*",
    format: Annotated[str | None, Query(description="npy or png; overrides Accept.")] = None,  # noqa: A002
) -> Response:
    """One batch item, [height, width, channels]: npy, or png where it is uint8 with 1 or 3 channels."""
    media_type = negotiate(accept, format, _INPUT, _INPUT_NAMES)

    def content() -> bytes:
        array = services.traces.input(trace_id, batch)
        if media_type == _NPY:
            return npy_bytes(array)
        if array.dtype.name != "uint8" or array.shape[2] not in (1, 3):
            raise RefusedError(
                "format",
                f"a PNG holds uint8 with 1 or 3 channels; this is {array.dtype} with {array.shape[2]}",
            )
        return write_png(array)

    return await _immutable(request, services, trace_id, content, media_type, negotiated=True)


@router.get(
    "/{trace_id}/scale",
    response_model=ScaleOut,
    responses=caching.NOT_MODIFIED,
    summary="The range of an output channel",
)
async def read_scale(
    request: Request, services: Use, trace_id: str, out_channel: OutChannel = 0, batch: Batch = 0
) -> Response:
    """For a colour scale that is the same however far the trace has been played."""

    def content() -> str:
        return services.traces.scale(trace_id, out_channel, batch).model_dump_json()

    return await _immutable(request, services, trace_id, content)


@router.get(
    "/{trace_id}/inputs/{y}/{x}",
    response_model=InputCellOut,
    responses=caching.NOT_MODIFIED,
    summary="Who reads an input cell",
)
async def explain_input_cell(
    request: Request,
    services: Use,
    trace_id: str,
    y: int,
    x: int,
    out_channel: OutChannel = 0,
    batch: Batch = 0,
) -> Response:
    """Every position that reads the cell, and the weight it is read with; of a transposed convolution also
    what the cell stamps, and where each product falls.
    """

    def content() -> str:
        return services.traces.input_cell(trace_id, y, x, out_channel, batch).model_dump_json()

    return await _immutable(request, services, trace_id, content)


async def _immutable(
    request: Request,
    services: Services,
    trace_id: str,
    content: Callable[[], str | bytes],
    media_type: str = JSON,
    *,
    negotiated: bool = False,
) -> Response:
    """The content, or a 304 without making it for who has it; of a trace that is gone neither."""

    def answer() -> Response:
        public = services.traces.is_public(trace_id)
        headers = caching.immutable(request, media_type, public=public, negotiated=negotiated)
        return caching.unchanged(request, headers) or Response(content(), 200, headers, media_type)

    return await services.compute.run(answer)
