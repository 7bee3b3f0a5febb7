"""Whole outputs."""

from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Header, Query, Request, Response

from app import arrow
from app.answers import OutputOut
from app.images.palettes import Palette
from app.routes.common import FORM, JSON, JsonRoute, Use, negotiate
from app.routes.forms import is_form, read_form, read_json
from app.routes.streaming import TraceResponse
from app.schemas import TraceRequest
from app.schemas.forms import OutputForm
from app.services.outputs import OutputFormat
from app.services.pictures import Drawing, View

_MEDIA: dict[OutputFormat, str] = {
    "json": JSON,
    "png": "image/png",
    "npy": "application/x-npy",
    "arrow": arrow.MEDIA_TYPE,
}


class _OutputsRoute(JsonRoute):
    takes: ClassVar[tuple[str, ...]] = (JSON, FORM)


router = APIRouter(prefix="/api/v1", tags=["outputs"], route_class=_OutputsRoute)


def _form_schema() -> dict[str, Any]:
    """The parts of the form, for the OpenAPI document; the operation's own schema is there already."""
    schema = OutputForm.model_json_schema(ref_template="#/components/schemas/{model}")
    image = {
        "type": "string",
        "contentMediaType": "application/octet-stream",
        "description": "A file: PNG, JPEG, WEBP, GIF or BMP, or a .npy file.",
    }
    parts = {name: _without_null(part) for name, part in schema["properties"].items()}
    return {
        "type": "object",
        "properties": {"image": image} | parts,
        "required": ["image", *schema["required"]],
        "additionalProperties": False,
    }


def _without_null(part: dict[str, Any]) -> dict[str, Any]:
    """The schema of a part that is left out where a field of JSON may be null."""
    given: dict[str, Any] = next((one for one in part.get("anyOf", []) if one["type"] != "null"), {})
    return {name: value for name, value in part.items() if name != "anyOf" and value is not None} | given


_BODIES = {
    "required": True,
    "content": {
        JSON: {"schema": {"$ref": f"#/components/schemas/{TraceRequest.__name__}"}},
        FORM: {
            "schema": _form_schema(),
            "encoding": {
                "operation": {"contentType": JSON},
                "size": {"contentType": JSON},
            },
        },
    },
}


_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The output, in one of these formats.",
        "content": {_MEDIA[name]: {} for name in ("png", "npy", "arrow")},
        "headers": {
            f"X-Convloupe-{name}": {"description": f"png: {text}", "schema": {"type": kind}}
            for name, kind, text in (
                ("Palette", "string", "the palette."),
                ("Minimum", "number", "what its first colour stands for."),
                ("Maximum", "number", "what its last colour stands for."),
                ("Tiles", "string", "rows x columns, of a sheet."),
            )
        },
    }
}


@router.post(
    "/outputs",
    response_model=OutputOut,
    responses=_ANSWERS,
    summary="Compute a whole output",
    openapi_extra={"requestBody": _BODIES},
)
async def compute_outputs(
    services: Use,
    request: Request,
    accept: Annotated[str, Header()] = "*/*",
    format: Annotated[  # noqa: A002
        str | None, Query(description="json, png, npy or arrow; overrides Accept.")
    ] = None,
    out_channel: Annotated[int | None, Query(description="png: show this channel alone.")] = None,
    batch: Annotated[int | None, Query(description="png: show this batch item alone.")] = None,
    palette: Annotated[
        Palette,
        Query(
            description=(
                "png: the range stretched to 0..255, or what is outside of that clipped, or blue for "
                "negative, red for positive and paper for 0, as on the page."
            )
        ),
    ] = "min_max",
) -> Response:
    """An input as in a trace, or an image in a form: a picture or a .npy file, which is not kept.

    JSON and npy hold all numbers, in the layout of the input (HW and HWC are answered as HWC). Arrow holds
    one row an output cell, batch item by batch item, row by row: `batch`, `y`, `x`, `output` with a number an
    output channel, and of max pools `argmax` with the y and x of the input cell for each.

    A PNG holds one channel, or three as RGB. Any other number of channels, more than one batch item, and more
    than one channel in the signed palette become a sheet of tiles, with a transparent line of one pixel
    between them: a row for each batch item and in it a tile for each channel, or the channels of a single
    item in a grid as square as can be, row by row; `X-Convloupe-Tiles` says rows and columns. The numbers
    that the ends of the palette stand for, the same for all tiles, are `X-Convloupe-Minimum` and
    `X-Convloupe-Maximum`.
    """
    chosen = negotiate(accept, format, {media: name for name, media in _MEDIA.items()}, _NAMES)
    view = View(out_channel, batch, palette)
    compute = services.outputs.compute
    if is_form(request):
        async with read_form(request, services.uploads.text_bytes, services.compute.large) as (image, form):
            source = await services.uploads.read(image, form)
            found = await services.compute.run(compute, form.operation, source, chosen, view)
    else:
        asked = await read_json(request, TraceRequest)
        found = await services.compute.run(compute, asked.operation, asked.input, chosen, view)
    match found:
        case bytes():
            return Response(found, media_type=_MEDIA[chosen])
        case Drawing():
            return Response(found.png, headers=_legend(found), media_type=_MEDIA[chosen])
        case _:
            return TraceResponse(found, services.compute, _MEDIA[chosen], of_trace=False)


_NAMES: dict[str, OutputFormat] = {name: name for name in _MEDIA}


def _legend(drawing: Drawing) -> dict[str, str]:
    scale = drawing.scale
    headers = {
        "X-Convloupe-Palette": scale.palette,
        "X-Convloupe-Minimum": repr(scale.minimum),
        "X-Convloupe-Maximum": repr(scale.maximum),
    }
    if drawing.tiles is not None:
        headers["X-Convloupe-Tiles"] = f"{drawing.tiles[0]} x {drawing.tiles[1]}"
    return headers
