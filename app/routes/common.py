"""What the routes share: the services, strict JSON bodies, the choice of an answer's format."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, TypeVar, cast

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic_core import from_json

from app.errors import MEDIA_TYPE, MalformedError, NotAcceptableError, RefusedError
from app.services import Services

T = TypeVar("T")


def _services(request: Request) -> Services:
    return cast("Services", request.app.state.services)


Use = Annotated[Services, Depends(_services)]

PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "What is wrong, and with which field.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}


class _StrictJsonRequest(Request):
    """Reads JSON with pydantic's parser: bounded depth and digits, no lone surrogates, and every failure is
    one ValueError.

    NaN and Infinity pass here; whoever owns the field refuses them by name.
    """

    async def json(self) -> Any:
        try:
            return from_json(await self.body())
        except ValueError as error:
            raise MalformedError("body", f"is not JSON: {error}") from None


class JsonRoute(APIRoute):
    """A route whose body is parsed by _StrictJsonRequest."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            return await cast("Callable[[Request], Awaitable[Response]]", handler)(
                _StrictJsonRequest(request.scope, request.receive)
            )

        return handle


def json_response(
    model: BaseModel, status_code: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A model as it is: FastAPI's own way would validate it a second time, on the event loop."""
    return Response(model.model_dump_json(), status_code, headers, "application/json")


def negotiate(accept: str, asked: str | None, offered: Mapping[str, T], names: Mapping[str, T]) -> T:
    """The format to answer in: `?format=` by name, or the best match for Accept; the first one for */*."""
    if asked is not None:
        if asked not in names:
            raise RefusedError("format", f"must be one of {', '.join(names)}", asked)
        return names[asked]
    best: tuple[float, T] | None = None
    for media_range in accept.split(","):
        media, *parameters = (part.strip().lower() for part in media_range.split(";"))
        quality = _quality(parameters)
        match = next((value for offer, value in offered.items() if _matches(media, offer)), None)
        if match is not None and quality > 0 and (best is None or quality > best[0]):
            best = quality, match
    if best is None:
        raise NotAcceptableError("Accept", f"must allow one of {', '.join(offered)}")
    return best[1]


def _matches(media: str, offer: str) -> bool:
    return media in (offer, "*/*", "", f"{offer.partition('/')[0]}/*")


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0
