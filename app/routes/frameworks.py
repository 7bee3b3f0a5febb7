"""The same operation in the words of frameworks, and where they part."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response

from app.answers import CodeOut, CompareOut, EquivalencesOut
from app.routes.common import JSON, JsonRoute, Use, json_response, negotiate
from app.schemas import CodeRequest, CompareRequest, EquivalencesRequest

router = APIRouter(prefix="/api/v1", tags=["frameworks"], route_class=JsonRoute)


_MEDIA = {"json": JSON, "onnx": "application/x-onnx"}
_NAMES = {name: name for name in _MEDIA}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The calls, or an ONNX model.", "content": {_MEDIA["onnx"]: {}}}
}


@router.post("/code", response_model=CodeOut, responses=_ANSWERS, summary="An operation in every framework")
async def spell_code(
    services: Use,
    request: CodeRequest,
    accept: Annotated[str, Header()] = "*/*",
    format: Annotated[  # noqa: A002
        str | None, Query(description="json or onnx; overrides Accept.")
    ] = None,
) -> Response:
    """The call in each framework as text and as tokens, with what the framework refuses or takes instead.

    With a `framework` and an `input` also a Python program that has all numbers, runs by itself and ends by
    asserting the output. As `onnx` the answer is a model with the weights in it, for inputs of that shape.
    """
    chosen = negotiate(accept, format, {media: name for name, media in _MEDIA.items()}, _NAMES)
    if chosen == "onnx":
        model = await services.compute.run(services.frameworks.onnx_model, request)
        return Response(model, media_type=_MEDIA[chosen])
    return json_response(await services.compute.run(services.frameworks.code, request))


@router.post("/compare", response_model=CompareOut, summary="Two ways to pad, side by side")
async def compare_conventions(services: Use, request: CompareRequest) -> Response:
    """The verdict, both outputs and their signed difference, a table of what leads to it, and the lines with
    which each framework computes what the other one does.

    What a library refuses is an answer here, with its reason. Outputs and difference are written out for one
    output channel and batch item; the verdict is about all.
    """
    return json_response(await services.compute.run(services.comparisons.compare, request))


@router.post("/equivalences", response_model=EquivalencesOut, summary="Other ways to the same output")
async def find_equivalences(services: Use, request: EquivalencesRequest) -> Response:
    """A dilated convolution as one with zeros in its kernel and as space to batch, any as matrices, as two
    passes, as a depthwise and a pointwise one, a transposed one as a plain one; each with the arrays on the
    way and a check of what comes out.

    Arrays are those of one output channel and batch item, and of one input `channel`.
    """
    return json_response(await services.compute.run(services.equivalences.find, request))
