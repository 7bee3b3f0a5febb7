"""Content codings, negotiated: zstd and gzip for what becomes smaller by them and has a network to cross."""

import ipaddress
import re
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Protocol

import zstandard
from anyio import CapacityLimiter, to_thread
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import NotAcceptableError, request_error_problem

# Below this a coding saves nothing: the answer fits into a packet as it is.
_LEAST_BYTES = 1024
# From this on it takes longer to compress than to wake a thread for it.
_THREAD_BYTES = 16 * 1024
# What pictures and fonts are is compressed already.
_COMPRESSIBLE = re.compile(
    r"text/|application/(json|.+\+json|x-ndjson|jsonl|javascript|x-npy|vnd\.apache\.arrow\.stream)|image/svg"
)
# The page and its files are few and waited for; rows are many, and come as fast as they are compressed.
_PATIENT = re.compile(r"text/|image/svg")
# Of these a visit has a few, once: browsers here get what browsers elsewhere get.
_OF_THE_PAGE = re.compile(r"text/(html|css|javascript)")
_BODILESS = {204, 206, 304}
_LIKING = re.compile(r"\s*([!#$%&'*+.^_`|~\w-]+)\s*(?:;\s*q\s*=\s*(\d(?:\.\d{0,3})?)\s*)?", re.ASCII)


class Compressor(Protocol):
    """Compresses one answer, part by part."""

    def part(self, content: bytes, *, last: bool) -> bytes:
        """What has to be sent so that all of `content` can be read at once."""


class _Gzip:
    def __init__(self, patient: bool) -> None:
        self._stream = zlib.compressobj(6 if patient else 1, wbits=31)

    def part(self, content: bytes, *, last: bool) -> bytes:
        return self._stream.compress(content) + self._stream.flush(
            zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH
        )


class _Zstd:
    # A window of 128 KiB: half a megabyte for each of hundreds of slow readers, not several.
    _QUICKLY = zstandard.ZstdCompressionParameters.from_level(1, window_log=17)
    _WELL = zstandard.ZstdCompressionParameters.from_level(12, window_log=17)

    def __init__(self, patient: bool) -> None:
        parameters = self._WELL if patient else self._QUICKLY
        self._stream = zstandard.ZstdCompressor(compression_params=parameters).compressobj()

    def part(self, content: bytes, *, last: bool) -> bytes:
        how = zstandard.COMPRESSOBJ_FLUSH_FINISH if last else zstandard.COMPRESSOBJ_FLUSH_BLOCK
        return self._stream.compress(content) + self._stream.flush(how)


# The better one first.
CODINGS: Mapping[str, Callable[[bool], Compressor]] = {"zstd": _Zstd, "gzip": _Gzip}


class Compression:
    """Answers in the coding that Accept-Encoding likes best.

    A client on this machine gets everything but the page as it is, unless it refuses that: rows come through
    memory ten times as fast as they can be compressed. Behind a proxy on this machine the client is who the
    proxy says.

    An answer has another entity tag in each coding, as strong tags must: the coding is added to it here, and
    taken off where a client asks whether it still holds.
    """

    def __init__(self, app: ASGIApp, threads: int) -> None:
        self._app = app
        self._limiter = CapacityLimiter(threads)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        accepted = [value for name, value in scope["headers"] if name == b"accept-encoding"]
        coding, needed = chosen(b",".join(accepted).decode("latin-1"))
        if coding is None and needed:
            refusal = NotAcceptableError("Accept-Encoding", f"must allow identity or {' or '.join(CODINGS)}")
            await request_error_problem(scope["state"]["request_id"], refusal)(scope, receive, send)
            return
        local = not needed and _is_loopback((scope.get("client") or ("",))[0])
        answer = _Answer(scope, send, coding, needed, local, self._limiter)
        await self._app(scope, receive, answer.send)


class _Answer:
    """One answer on its way out."""

    def __init__(
        self,
        scope: Scope,
        send: Send,
        coding: str | None,
        needed: bool,
        local: bool,
        limiter: CapacityLimiter,
    ) -> None:
        self._send = send
        self._coding = coding
        self._needed = needed
        self._local = local
        self._limiter = limiter
        self._head = bool(scope["state"].get("head"))
        self._known_tags = _without_coding(scope, coding)
        self._compressor: Compressor | None = None
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if self._begin(message):
                self._start = message
                return
        elif self._compressor is not None:
            await self._send_compressed(self._compressor, message)
            return
        await self._send(message)

    def _begin(self, message: Message) -> bool:
        """Put the headers right. True when the body is compressed, and the start held back until it comes."""
        status, headers, said = message["status"], MutableHeaders(scope=message), dict(message["headers"])
        media_type, tag = (said.get(name, b"").decode("latin-1") for name in (b"content-type", b"etag"))
        if status == 304:
            headers.add_vary_header("Accept-Encoding")
            if tag in self._known_tags:
                headers["ETag"] = _with_coding(tag, self._coding)
            return False
        if not (_COMPRESSIBLE.match(media_type) or self._needed) or b"content-encoding" in said:
            return False
        headers.add_vary_header("Accept-Encoding")
        size = said.get(b"content-length")
        large = size is None or int(size) >= _LEAST_BYTES
        if self._coding is None or status in _BODILESS or not (large or self._needed):
            return False
        if self._local and not _OF_THE_PAGE.match(media_type):
            return False
        headers["Content-Encoding"] = self._coding
        del headers["content-length"]
        if tag:
            headers["ETag"] = _with_coding(tag, self._coding)
        if not self._head:
            self._compressor = CODINGS[self._coding](_PATIENT.match(media_type) is not None)
        return not self._head

    async def _send_compressed(self, compressor: Compressor, message: Message) -> None:
        content, last = message.get("body", b""), not message.get("more_body", False)
        if len(content) < _THREAD_BYTES:
            part = compressor.part(content, last=last)
        else:
            part = await to_thread.run_sync(
                lambda: compressor.part(content, last=last), limiter=self._limiter
            )
        if self._start is not None:
            if last:
                MutableHeaders(scope=self._start)["Content-Length"] = str(len(part))
            await self._send(self._start)
            self._start = None
        await self._send({**message, "body": part})


@lru_cache(maxsize=64)
def chosen(accepted: str) -> tuple[str | None, bool]:
    """The coding that an Accept-Encoding likes best, None for none; and whether identity will not do.

    Of those liked equally the first of CODINGS. RFC 9110, section 12.5.3.
    """
    qualities: dict[str, float] = {}
    for text in accepted.lower().split(","):
        if match := _LIKING.fullmatch(text):
            qualities[match[1].replace("x-gzip", "gzip")] = float(match[2] or 1)
    everything_else = qualities.get("*", 0)
    best = max(CODINGS, key=lambda coding: qualities.get(coding, everything_else))
    quality = qualities.get(best, everything_else)
    identity = qualities.get("identity", qualities.get("*", 1))
    preferred = "identity" in qualities and identity > quality
    return None if quality == 0 or preferred else best, identity == 0


@lru_cache(maxsize=512)
def _is_loopback(client: str) -> bool:
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _with_coding(tag: str, coding: str | None) -> str:
    return f'{tag.removesuffix(chr(34))}-{coding}"'


def _without_coding(scope: Scope, coding: str | None) -> set[str]:
    """Take the coding off the tags in If-None-Match; they are answered, as the routes know them."""
    ending, found = f'-{coding}"', set[str]()
    headers = []
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            tags = [tag.strip() for tag in value.decode("latin-1").split(",")]
            plain = [tag[: -len(ending)] + '"' if tag.endswith(ending) else tag for tag in tags]
            found |= {tag.removeprefix("W/") for tag, old in zip(plain, tags, strict=True) if tag != old}
            value = ", ".join(plain).encode("latin-1")
        headers.append((name, value))
    if found:
        scope["headers"] = headers
    return found
