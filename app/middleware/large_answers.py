"""Large answers, which a client may take slowly or not at all."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import BusyError, request_error_problem
from app.held import SMALL, Held

_PIECE = 256 * 1024


class LargeAnswers:
    """Sends a large body piece by piece, as it is taken, and refuses one for which there is no room.

    uvicorn would else take all of it at once, and keep it for as long as the client lets it.
    """

    def __init__(self, app: ASGIApp, held: Held) -> None:
        self._app = app
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message | None = None

        async def send_in_pieces(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            beginning, start = start, None
            body = message.get("body", b"")
            if beginning is None or message.get("more_body", False) or len(body) <= SMALL:
                if beginning is not None:
                    await send(beginning)
                await send(message)
                return
            try:
                self._held.take(len(body), scope["state"].get("held_bytes", 0))
            except BusyError as error:
                await request_error_problem(scope["state"]["request_id"], error)(scope, receive, send)
                return
            try:
                await send(beginning)
                for at in range(0, len(body), _PIECE):
                    piece = memoryview(body)[at : at + _PIECE]
                    await send({**message, "body": piece, "more_body": at + _PIECE < len(body)})
            finally:
                self._held.give_back(len(body))

        await self._app(scope, receive, send_in_pieces if scope["type"] == "http" else send)
