"""The parts of a form, of which no more is in memory than is counted as held."""

from contextlib import aclosing

from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from app.errors import MalformedError, TooLargeError
from app.middleware import MOST_PARTS, SPOOLED_BYTES


async def read_parts(request: Request, text_bytes: int) -> FormData:
    """All of them: files, and texts of at most so many bytes together. Whoever asks closes it."""
    async with aclosing(request.stream()) as stream:
        parser = _Parser(request.headers, stream, max_part_size=text_bytes)
        try:
            return await parser.parse()
        except MultiPartException as error:
            raise MalformedError("body", f"is no form that can be read: {error.message}") from None


class _Parser(MultiPartParser):
    """Starlette's own limits are of each file and of each text, and it counts files and texts apart."""

    spool_max_size = SPOOLED_BYTES
    _text_bytes = 0

    def on_headers_finished(self) -> None:
        super().on_headers_finished()
        if self._current_files + self._current_fields > MOST_PARTS:
            raise MalformedError("body", f"is no form that can be read: it has more than {MOST_PARTS} parts")

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._current_part.file is None:
            self._text_bytes += end - start
            if self._text_bytes > self.max_part_size:
                raise texts_too_large(self.max_part_size)
        super().on_part_data(data, start, end)


def texts_too_large(most: int) -> TooLargeError:
    return TooLargeError("body", f"has texts that are together larger than the limit of {most} bytes")
