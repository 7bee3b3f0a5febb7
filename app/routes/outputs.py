"""Whole outputs."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from app.answers import OutputOut
from app.routes.common import PROBLEMS, JsonRoute, Use, negotiate
from app.schemas import TraceRequest
from app.services.outputs import OutputFormat, Palette, View

router = APIRouter(prefix="/api/v1", tags=["outputs"], route_class=JsonRoute, responses=PROBLEMS)

_MEDIA: dict[OutputFormat, str] = {"json": "application/json", "png": "image/png", "npy": "application/x-npy"}


@router.post("/outputs", response_model=OutputOut, summary="Compute a whole output")
async def outputs(
    services: Use,
    request: TraceRequest,
    accept: Annotated[str, Header()] = "*/*",
    format: Annotated[str | None, Query(description="json, png or npy; overrides Accept.")] = None,  # noqa: A002
    out_channel: Annotated[int | None, Query(description="png: show this channel alone, in grey.")] = None,
    batch: Annotated[int, Query(description="png: the batch item to show.")] = 0,
    palette: Annotated[
        Palette, Query(description="png: stretch the range to 0..255, or clip what is outside of it.")
    ] = "min_max",
) -> Response:
    """JSON and npy hold all numbers, in the layout of the input (HW and HWC are answered as HWC).

    A PNG holds one channel in grey or three as RGB; of an output with another number of channels, choose one
    with `out_channel`.
    """
    names: dict[str, OutputFormat] = {name: name for name in _MEDIA}
    offered = {media: name for name, media in _MEDIA.items()}
    chosen = negotiate(accept, format, offered, names)
    body = await services.compute.run(
        services.outputs.compute, request, chosen, View(out_channel, batch, palette)
    )
    return Response(body, media_type=_MEDIA[chosen])
