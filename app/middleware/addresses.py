"""How much of the server one address may have at once."""

from collections import Counter
from ipaddress import ip_address, ip_network

from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import TooManyError, request_error_problem

# What tells how the server is costs nothing, and is wanted most when somebody takes all of it.
_FREE = {"/healthz", "/readyz"}


class Addresses:
    """Refuses an address that has very many requests open: a classroom behind one address has a few hundred.

    Whoever has an IPv6 address has a network of them, which counts as one.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _FREE:
            await self._app(scope, receive, send)
            return
        address = _network((scope.get("client") or ("",))[0])
        if self._open[address] >= self._most:
            refusal = TooManyError("address", f"has {self._most} requests open; try again in a moment")
            await request_error_problem(scope["state"]["request_id"], refusal)(scope, receive, send)
            return
        self._open[address] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]


def _network(address: str) -> str:
    if ":" not in address:
        return address
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped) if mapped else str(ip_network((found, 64), strict=False))
