"""What can go wrong, and its one shape on the wire: RFC 9457 problem+json."""

import errno
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from engine.errors import EngineError

MEDIA_TYPE = "application/problem+json"
_LONGEST_REASON = 400
_LONGEST_VALUE = 64
_OPERATION_FIELDS = {
    "kernel",
    "filter",
    "kernel_size",
    "bias",
    "strides",
    "dilations",
    "groups",
    "padding",
    "padding_mode",
    "output_padding",
    "output_shape",
    "ceil_mode",
    "count_include_pad",
    "flip_kernel",
    "activation",
}
NO_FILE = "must be a file: its part needs a filename"
_UNSET = object()


class RequestError(HTTPException):
    """A request that cannot be served. `field` is the dotted path from the body's root, or the parameter's
    name.

    An HTTPException only because FastAPI turns any other exception, raised while it reads a body, into a bare
    400.
    """

    status: ClassVar[int]

    def __init__(self, field: str, reason: str, value: object = _UNSET) -> None:
        super().__init__(self.status, f"{field}: {reason}")
        self.field = field
        self.reason = reason
        self.value = value


class MalformedError(RequestError):
    """Not even readable."""

    status = 400


class ForbiddenError(RequestError):
    """Sent by a page that may not."""

    status = 403


class NotFoundError(RequestError):
    """An unknown, expired or evicted id."""

    status = 404


class NotAcceptableError(RequestError):
    """None of the formats the client accepts is one we answer with."""

    status = 406


class TooSlowError(RequestError):
    """A body that takes too long to arrive."""

    status = 408


class TooLargeError(RequestError):
    """More bytes than the limit."""

    status = 413


class UnknownFileTypeError(RequestError):
    """An upload that is none of the formats we read."""

    status = 415


class UnsupportedMediaTypeError(RequestError):
    """A body of a kind that the route does not read."""

    status = 415


class RefusedError(RequestError):
    """Understood, and impossible or beyond a limit."""

    status = 422


class TooManyError(RequestError):
    """Too many requests of one address are open already."""

    status = 429


class BusyError(RequestError):
    """Too many requests are waiting already."""

    status = 503


class UnavailableError(RequestError):
    """What is needed is not there, and waiting does not help."""

    status = 503


class FullStorageError(RequestError):
    """No room is left to keep it."""

    status = 507


STOPPING = BusyError("server", "is stopping; try again in a moment")


def problem(
    request_id: str,
    status: int,
    detail: str,
    errors: Sequence[dict[str, object]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The only constructor of an error answer."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": _shortened(detail),
        "request_id": request_id,
        "errors": list(errors),
    }
    return Response(json.dumps(body), status_code=status, headers=headers, media_type=MEDIA_TYPE)


def request_error_problem(request_id: str, error: RequestError) -> Response:
    again = {"Retry-After": "1"}
    headers = {BusyError: again, TooManyError: again, TooSlowError: {"Connection": "close"}}.get(type(error))
    return problem(
        request_id, error.status, error.detail, [_entry(error.field, error.reason, error.value)], headers
    )


def install_handlers(app: FastAPI) -> None:
    """Give every exception a route can raise the one shape."""

    @app.exception_handler(RequestError)
    async def refused(request: Request, error: RequestError) -> Response:
        return request_error_problem(request.state.request_id, error)

    @app.exception_handler(EngineError)
    async def engine_refused(request: Request, error: EngineError) -> Response:
        field = f"operation.{error.field}" if error.field in _OPERATION_FIELDS else error.field
        entry = _entry(field, error.reason, error.value)
        return problem(request.state.request_id, 422, f"{field}: {error.reason}", [entry])

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        entries = [_validation_entry(one) for one in error.errors()[:10]]
        detail = f"{entries[0]['field']}: {entries[0]['reason']}"
        return problem(request.state.request_id, 422, detail, entries)

    @app.exception_handler(OSError)
    async def no_room(request: Request, error: OSError) -> Response:
        if (full := _full_disk(error)) is None:
            raise error
        return request_error_problem(request.state.request_id, full)

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        # FastAPI's bare 400 for whatever went wrong while it read a form, which is put on the disk.
        if (full := _full_disk(error.__cause__)) is not None:
            return request_error_problem(request.state.request_id, full)
        nothing = error.status_code == 404
        detail = "nothing is at this path; /docs lists what there is" if nothing else str(error.detail)
        return problem(request.state.request_id, error.status_code, detail, headers=error.headers)


def _full_disk(error: BaseException | None) -> FullStorageError | None:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return FullStorageError("server", "has no room left for what is sent; try again later")
    return None


def _validation_entry(error: Mapping[str, Any]) -> dict[str, object]:
    field = field_path(error["loc"])
    if error["type"] == "missing":
        return _entry(field, "is required")
    if error["type"] == "extra_forbidden":
        kind = _kind(error["loc"])
        return _entry(field, f"is not a field of {kind or 'this request'}")
    if error["type"] == "operation_type" and isinstance(error["input"], dict):
        return _entry(f"{field}.type", error["msg"], error["input"].get("type"))
    if error["type"] == "value_error" and "UploadFile" in error["msg"]:  # FastAPI's own words
        return _entry(field, NO_FILE, error["input"])
    if error["type"] == "model_attributes_type":
        return _entry(field, "must be a JSON object, sent with Content-Type: application/json")
    return _entry(field, error["msg"], error["input"])


def field_path(loc: Iterable[str | int]) -> str:
    """A pydantic location as a dotted path, without union tags (`<tag>`) and the body's own name."""
    source, *inner = loc
    parts = [str(part) for part in inner if not (isinstance(part, str) and part.startswith("<"))]
    return _shortened(".".join(parts) or str(source), _LONGEST_VALUE)


def _kind(loc: Iterable[str | int]) -> str | None:
    """The innermost union tag of a location, as it is named to a client."""
    tags = [part.strip("<>") for part in loc if isinstance(part, str) and part.startswith("<")]
    return tags[-1] if tags else None


def _entry(field: str, reason: str, value: object = _UNSET) -> dict[str, object]:
    entry: dict[str, object] = {"field": field, "reason": _shortened(reason)}
    if value is not _UNSET and _worth_showing(value):
        entry["value"] = value
    return entry


def _worth_showing(value: object) -> bool:
    """Short numbers, texts and pairs of them. Never a whole array, never what JSON cannot carry."""
    if isinstance(value, list | tuple):
        return len(value) <= 4 and all(
            not isinstance(v, list | tuple | dict) and _worth_showing(v) for v in value
        )
    if isinstance(value, str):
        return len(value) <= _LONGEST_VALUE and value.isprintable()
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return abs(value) < 2**53
    return value is None


def _shortened(text: str, longest: int = _LONGEST_REASON) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
