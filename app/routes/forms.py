"""The body of a request that is read as JSON or as a form."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile

from app.errors import NO_FILE, RefusedError, TooLargeError, field_path
from app.routes.common import FORM, LARGE_TEXT, is_json, strict_json
from app.routes.parts import read_parts, texts_too_large
from app.schemas.forms import OutputForm

_JSON_PARTS = ("operation", "size")

M = TypeVar("M", bound=BaseModel)


def is_form(request: Request) -> bool:
    return _content_type(request).partition(";")[0].strip().lower() == FORM


async def read_json(request: Request, model: type[M]) -> M:
    """The body as FastAPI itself reads one."""
    body: Any = await request.body()
    if not body:
        raise RequestValidationError([{"type": "missing", "loc": ("body",), "msg": "", "input": None}])
    return _validated(model, await request.json() if is_json(_content_type(request)) else body)


@asynccontextmanager
async def read_form(
    request: Request, text_bytes: int, turn: AbstractAsyncContextManager[None]
) -> AsyncIterator[tuple[UploadFile, OutputForm]]:
    """The part `image`, which is closed when the context ends, and what the other parts say.

    Each is sent at most once, and all but the image are together not over `text_bytes`. A form with large
    texts takes its `turn`. A RequestError or RequestValidationError names the part that is wrong.
    """
    form = await read_parts(request, text_bytes)
    try:
        parts = form.multi_items()
        for name, count in Counter(name for name, _ in parts).items():
            if count > 1:
                raise RefusedError(field_path(("body", name)), f"is sent {count} times; send it once")
        others = [(name, part) for name, part in parts if name != "image"]
        size = sum(_size(name, part, text_bytes) for name, part in others)
        if size > text_bytes:
            raise texts_too_large(text_bytes)
        async with turn if size > LARGE_TEXT else nullcontext():
            texts = {name: await _text(part) for name, part in others}
            fields = {
                name: strict_json(text, name) if name in _JSON_PARTS else text.decode(errors="replace")
                for name, text in texts.items()
            }
            image = form.get("image")
            if image is None:
                raise RefusedError("image", "is required")
            if not isinstance(image, UploadFile):
                raise RefusedError("image", NO_FILE)
            yield image, _validated(OutputForm, fields)
    finally:
        await form.close()


def _size(name: str, part: UploadFile | str, most: int) -> int:
    """Bytes of the text in a part, which a client may send as a file too. TooLargeError beyond `most`."""
    size = len(part.encode()) if isinstance(part, str) else part.size or 0
    if size > most:
        raise TooLargeError(field_path(("body", name)), f"is larger than the limit of {most} bytes")
    return size


async def _text(part: UploadFile | str) -> bytes:
    return part.encode() if isinstance(part, str) else await part.read()


def _validated(model: type[M], value: Any) -> M:
    try:
        return model.model_validate(value, from_attributes=True)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_context=False)
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in errors]) from None


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "")
