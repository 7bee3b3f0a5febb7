"""Who may make a browser send something here: our own page, and those that CORS lets in."""

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import ForbiddenError, problem, request_error_problem

_SAFE = {"GET", "HEAD", "OPTIONS"}
_OURS = {"same-origin", "none"}


class Origins:
    """Refuses what the page of another site has a browser send, before its body is read.

    A browser says by Sec-Fetch-Site whose page it is, but over plain http on a network only by Origin. What
    sends neither is no browser, and no page is behind it.
    """

    def __init__(self, app: ASGIApp, allowed: Collection[str]) -> None:
        self._app = app
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _SAFE or self._may(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        refusal = ForbiddenError("Origin", "is another site; the setting CORS_ORIGINS can let it in")
        await request_error_problem(scope["state"]["request_id"], refusal)(scope, receive, send)

    def _may(self, headers: Headers) -> bool:
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if "*" in self._allowed or origin in self._allowed or site in _OURS:
            return True
        if site is not None or origin is None:
            return site is None
        return _host(origin.partition("://")[2]) == _host(headers.get("host", ""))


def _host(host: str) -> str:
    """As browsers write it: without the port that the scheme has anyway."""
    return host.lower().removesuffix(":80").removesuffix(":443")


class Cors(CORSMiddleware):
    """Starlette's, but for the shape of its refusals."""

    def preflight_response(self, request_headers: Headers) -> Response:
        answer = super().preflight_response(request_headers)
        return answer if answer.status_code == 200 else _Refusal(answer.body)


class _Refusal(Response):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        detail, headers = bytes(self.body).decode(), {"Vary": "Origin"}
        await problem(scope["state"]["request_id"], 403, detail, headers=headers)(scope, receive, send)
