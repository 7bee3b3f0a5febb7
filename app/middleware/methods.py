"""The methods that HTTP has for every resource: HEAD, OPTIONS, and a 405 that says what is allowed."""

from collections.abc import Sequence

from fastapi import FastAPI, Request, Response
from starlette.routing import BaseRoute, Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import problem


class Methods:
    """Answers OPTIONS by the routes there are, and HEAD by their GET: its headers without its body.

    A route that would compute its body while it is sent looks at `scope["state"]["head"]` first.
    """

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self._app = app
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"] if scope["type"] == "http" else None
        if method == "HEAD":
            await self._head(scope, receive, send)
        elif method == "OPTIONS" and (allow := _allow(self._routes, scope["path"])):
            await Response(status_code=204, headers={"Allow": allow})(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _head(self, scope: Scope, receive: Receive, send: Send) -> None:
        ended = False

        async def send_head(message: Message) -> None:
            nonlocal ended
            if message["type"] == "http.response.start":
                await send(message)
            elif not ended:
                ended = True
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        # A scope of its own, because the server looks into the other one to know that no body follows.
        get = {**scope, "method": "GET"}
        scope["state"]["head"] = True
        try:
            await self._app(get, receive, send_head)
        finally:
            scope.update(get | {"method": "HEAD"})


def install_method_errors(app: FastAPI) -> None:
    """A 405 names all methods of the path: the router knows those of the first route it finds."""

    @app.exception_handler(405)
    async def not_allowed(request: Request, error: Exception) -> Response:  # noqa: ARG001
        exchange = request.scope["state"]["exchange"]
        allow = _allow(app.routes, exchange.path)
        return problem(
            exchange.request_id,
            405,
            f"{exchange.method} is not allowed here; {allow} are",
            headers={"Allow": allow},
        )


def _allow(routes: Sequence[BaseRoute], path: str) -> str:
    if path == "*":  # the server itself
        return "GET, HEAD, OPTIONS, POST"
    methods = {method for method in ("GET", "POST") if any(_takes(route, path, method) for route in routes)}
    if "GET" in methods:
        methods.add("HEAD")
    return ", ".join(sorted(methods | {"OPTIONS"})) if methods else ""


def _takes(route: BaseRoute, path: str, method: str) -> bool:
    scope = {"type": "http", "path": path, "root_path": "", "method": method, "headers": []}
    match, _ = route.matches(scope)
    return match is Match.FULL and not (isinstance(route, Mount) and method != "GET")
