"""What of our answers may be kept, by whom and for how long; and the answer to who has one already."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app import __version__

# What follows from an unguessable id never changes, but who keeps it need not keep it longer than we do.
_DAY = 86_400
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "What If-None-Match names is still the answer."}
}
_ENTITY_TAG = re.compile(r'"[^"]*"')


def immutable(request: Request, media_type: str, *, public: bool, negotiated: bool = False) -> dict[str, str]:
    """Headers of an answer that follows from the URL, the format and this version alone.

    public: any cache on the way may keep it; else only the client's own.
    negotiated: the same URL is answered in other formats too.
    """
    headers = {
        "ETag": request_etag(request, media_type),
        "Cache-Control": f"{'public' if public else 'private'}, max-age={_DAY}, immutable",
    }
    if negotiated:
        headers["Vary"] = "Accept"
    return headers


def checked(content: bytes, *, seconds: int) -> dict[str, str]:
    """Headers of a public answer that may change: after so many seconds it has to be asked for again."""
    return {"ETag": etag(content), "Cache-Control": f"public, max-age={seconds}"}


def request_etag(request: Request, media_type: str) -> str:
    """The tag of an answer that follows from the URL, the format and this version alone."""
    return etag(request.scope["path"].encode(), request.scope["query_string"], media_type.encode())


def etag(*parts: bytes) -> str:
    """A strong entity tag for what those parts and this version determine."""
    said = b"".join(b"%d:%b" % (len(part), part) for part in parts)
    return f'"{hashlib.sha256(__version__.encode() + said).hexdigest()[:32]}"'


def unchanged(request: Request, headers: Mapping[str, str]) -> Response | None:
    """The 304 for a client that has the answer with these headers, by If-None-Match."""
    asked = request.headers.get("if-none-match")
    if asked is None or (asked.strip() != "*" and headers["ETag"] not in _ENTITY_TAG.findall(asked)):
        return None
    return Response(status_code=304, headers=headers)
