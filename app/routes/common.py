"""What the routes share: the services, strict JSON bodies, the choice of an answer's format."""

import gc
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, ClassVar, TypeVar, cast

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic_core import from_json
from starlette.datastructures import FormData
from starlette.types import Receive, Scope

from app.errors import (
    MalformedError,
    NotAcceptableError,
    RefusedError,
    UnsupportedMediaTypeError,
)
from app.middleware import AROUND_BYTES
from app.routes.parts import read_parts
from app.services import Services

T = TypeVar("T")

# A text in JSON, and the colon if it is the name of a field.
_TEXT = re.compile(rb'"([^"\\]*+(?:\\.[^"\\]*+)*+)"(\s*+:)?', re.DOTALL)
_MOST_QUOTES = 10_000  # several times as many as the longest chain of layers has
JSON = "application/json"
FORM = "multipart/form-data"
LARGE_TEXT = 256 * 1024
"""Bytes of JSON from which on a request waits for its turn: lists can take 25 times as much as their text."""
_CHARSET = re.compile(r'\bcharset\s*=\s*"?([^\s";]*)', re.IGNORECASE)


async def _services(request: Request) -> Services:
    return cast("Services", request.app.state.services)


Use = Annotated[Services, Depends(_services)]


def strict_json(text: bytes, field: str) -> Any:
    """JSON by pydantic's parser: bounded depth and digits, no lone surrogates. MalformedError names `field`.

    NaN and Infinity pass here; whoever owns the part that they are in refuses them by name.
    """
    gc.disable()  # a list for each cell would be walked through again and again, for a second
    try:
        value = from_json(text)
    except ValueError as error:
        raise MalformedError(field, f"is not JSON: {error}") from None
    finally:
        gc.enable()
    if text.count(b'"') > _MOST_QUOTES:
        # Each name that is unknown would be an error of its own, and a hundred thousand of them take seconds.
        raise MalformedError(field, f"has more than {_MOST_QUOTES // 2} texts in it")
    names = [match[1] for match in _TEXT.finditer(text) if match[2]]
    if len(set(names)) < len(names) or any(b"\\" in name for name in names):

        def check(pairs: list[tuple[str, Any]]) -> None:
            twice = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
            if twice:
                raise MalformedError(field, f"has the name {twice[0]!r} twice in one object")

        json.loads(text, object_pairs_hook=check)
    return value


class _StrictJsonRequest(Request):
    async def json(self) -> Any:
        return strict_json(await self.body(), "body")

    async def form(self, **_: object) -> FormData:  # type: ignore[override]
        """As FastAPI asks for it, of which it needs one file."""
        return await read_parts(self, AROUND_BYTES) if "content-type" in self.headers else FormData()


async def in_turn(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    """What `answer` makes of a request; of one with a large text when its turn has come."""
    if (
        request.method == "POST"
        and is_json(request.headers.get("content-type", ""))
        and len(await request.body()) > LARGE_TEXT
    ):
        async with (await _services(request)).compute.large:
            return await answer(request)
    return await answer(request)


def is_json(content_type: str) -> bool:
    """Whether a Content-Type says JSON: application/json, or a type that is written in it."""
    media = content_type.partition(";")[0].strip().lower()
    return media == JSON or (media.startswith("application/") and media.endswith("+json"))


class JsonRoute(APIRoute):
    """A route whose body is parsed by _StrictJsonRequest; one that says that it is something else is refused
    unread.
    """

    takes: ClassVar[tuple[str, ...]] = (JSON,)
    """The media types of bodies."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            answer = cast("Callable[[Request], Awaitable[Response]]", handler)
            return await in_turn(self.strict(request.scope, request.receive), answer)

        return handle

    def strict(self, scope: Scope, receive: Receive) -> Request:
        """The request, if it is not one to be refused unread."""
        request = _StrictJsonRequest(scope, receive)
        if request.method == "POST":
            _check_coding(request.headers.get("content-encoding", ""))
            if content_type := request.headers.get("content-type", ""):
                self._check(content_type)
        return request

    def _check(self, content_type: str) -> None:
        media, _, parameters = content_type.partition(";")
        kind = JSON if is_json(content_type) else media.strip().lower()
        if kind not in self.takes:
            raise UnsupportedMediaTypeError(
                "Content-Type", f"must be {' or '.join(self.takes)}", media.strip()
            )
        # Of other codecs that Python has, some are not meant for text, and Starlette trips over them.
        others = [name for name in _CHARSET.findall(parameters) if name.lower() not in ("utf-8", "utf8")]
        if kind == FORM and others:
            raise UnsupportedMediaTypeError("Content-Type", "must be in UTF-8", others[0])


def _check_coding(coding: str) -> None:
    """Bodies are read as they are: an eighth of a megabyte of gzip can be a hundred megabytes of JSON."""
    if coding.strip().lower() not in ("", "identity"):
        raise UnsupportedMediaTypeError(
            "Content-Encoding", "must be left out: send the body as it is", coding
        )


class FormRoute(JsonRoute):
    """A route whose body is a form."""

    takes = (FORM,)


def json_response(
    model: BaseModel, status_code: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A model as it is: FastAPI's own way would validate it a second time, on the event loop."""
    return Response(model.model_dump_json(), status_code, headers, JSON)


def negotiate(accept: str, asked: str | None, offered: Mapping[str, T], names: Mapping[str, T]) -> T:
    """The format to answer in: `?format=` by name, or the best match for Accept; the first one for */*.

    As RFC 9110 has it: the most specific range that fits an offer says its quality. Of those with the best
    one, the offer whose range comes first is taken. Parameters besides q make no difference.
    """
    if asked is not None:
        if asked not in names:
            raise RefusedError("format", f"must be one of {', '.join(names)}", asked)
        return names[asked]
    if accept == "*/*":
        return next(iter(offered.values()))
    ranges = _ranges(accept) or [("*/*", 1.0)]
    ranked = []
    for preference, offer in enumerate(offered):
        wildcards = ("*/*", f"{offer.partition('/')[0]}/*", offer)
        fitting = [
            (wildcards.index(media), -place, quality)
            for place, (media, quality) in enumerate(ranges)
            if media in wildcards
        ]
        if fitting:
            _, place, quality = max(fitting)
            ranked.append((quality, place, -preference, offer))
    best = max(ranked, default=None)
    if best is None or best[0] == 0:
        raise NotAcceptableError("Accept", f"must allow one of {', '.join(offered)}")
    return offered[best[3]]


# A quoted text without its end lasts to the end: else each of its marks would be tried for a beginning.
_SEPARATED = {mark: re.compile(rf'(?:[^{mark}"]++|"(?:\\.|[^"\\])*+"?+)++') for mark in ",;"}
_QUALITY = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")


def _ranges(accept: str) -> list[tuple[str, float]]:
    """Media ranges with their qualities; 0 for one that is no number from 0 to 1."""
    ranges = []
    for text in _SEPARATED[","].findall(accept):
        media, _, rest = text.partition(";")  # no type has a mark of quotation before its parameters
        parameters = (part.strip().lower() for part in _SEPARATED[";"].findall(rest))
        quality = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                match = _QUALITY.fullmatch(parameter)
                quality = float(match[1]) if match else 0.0
        if media := media.strip().lower():
            ranges.append((media, quality))
    return ranges
