"""The page and its files."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, FastAPI, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import MutableHeaders
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

from app import __version__
from app.middleware import EMBED
from app.routes.common import Use
from app.routes.documentation import install_documentation
from app.schemas import CodeRequest, TraceRequest
from app.services import Services
from app.settings import Settings

# In static/src/trace.ts, of windows as small as those of the first visit.
_CHUNK_POSITIONS = 256
# What the page's script reads of the catalog and of each call.
_OF_CATALOG = ("filters", "samples", "lessons")
_OF_CALLS = ("framework", "title", "tokens", "notes", "holds", "instead")
FIRST_VISIT = {
    "input": {"sample": "harbour", "size": [64, 64]},
    "operation": {
        "type": "conv2d",
        "filter": "sobel_x",
        "strides": [1, 1],
        "dilations": [1, 1],
        "padding": "SAME",
    },
}


def install_pages(app: FastAPI, settings: Settings) -> None:
    """The page at /, and without uploads at /embed; its files under /static, the documentation at /docs."""
    dist = settings.static_dir / "dist"

    def asset(name: str) -> str:
        return f"/static/dist/{name}{_version_query(dist / name)}"

    templates = Environment(
        loader=FileSystemLoader(settings.templates_dir),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    @router.get(EMBED, name="embed")
    async def page(request: Request, services: Use) -> Response:
        embedded = request.url.path == EMBED

        def render() -> str:
            context = _context(services)
            # A link asks for something else.
            beginnings = [] if request.url.query else _beginnings(context["first"]["trace"])
            return templates.get_template("page.html").render(
                context,
                asset=asset,
                preloads=_preloads(dist),
                beginnings=beginnings,
                version=__version__,
                embedded=embedded,
            )

        html = await services.compute.run(render)
        return Response(html, media_type="text/html", headers={"Cache-Control": "no-cache"})

    app.include_router(router)
    install_documentation(app, asset)
    for folder in ("dist", "samples"):
        app.mount(f"/static/{folder}", _Files(settings.static_dir / folder))


class _Files:
    """Static files: those asked for with a content hash are kept for good, the others checked each time."""

    def __init__(self, folder: Path) -> None:
        self._files = StaticFiles(directory=folder, check_dir=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # No file here is large enough to be asked for in parts, and a wrong part is refused in plain text.
        headers = [header for header in scope["headers"] if header[0] not in (b"range", b"if-range")]
        scope = {**scope, "headers": headers}
        # The bundler has put a hash into the name of every chunk.
        versioned = scope["query_string"].startswith(b"v=") or "/chunks/" in scope["path"]

        async def send_cacheable(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                kept = "public, max-age=31536000, immutable" if versioned else "no-cache"
                headers = MutableHeaders(scope=message)
                headers["Cache-Control"] = kept
                del headers["Accept-Ranges"]
            await send(message)

        await self._files(scope, receive, send_cacheable)


def _context(services: Services) -> dict[str, Any]:
    request = TraceRequest.model_validate(FIRST_VISIT)
    trace = services.traces.create(request).model_dump(mode="json")
    explanation = orjson.loads(services.traces.explain(services.traces.open(trace["id"]), 0))
    shape = [trace["input"][side] for side in ("height", "width", "channels")]
    asked = CodeRequest.model_validate({"input_shape": shape, "operation": FIRST_VISIT["operation"]})
    answer = services.frameworks.code(asked).model_dump(mode="json")
    calls = [{field: call[field] for field in _OF_CALLS} for call in answer["calls"]]
    first = {**FIRST_VISIT, "trace": trace, "explanation": explanation, "calls": calls}
    return {
        "catalog": services.catalog,
        "catalog_json": _script_json({name: services.catalog[name] for name in _OF_CATALOG}),
        "first": first,
        "first_json": _script_json(first),
    }


def _beginnings(trace: Mapping[str, Any]) -> list[str]:
    """What the page asks for first, spelled as static/src/api.ts does: fetched beside its script."""
    positions = f"{trace['url']}/positions?"
    window = {"first": 0, "columns": ",".join(trace["columns"]), "count": _CHUNK_POSITIONS}
    return [
        f"{trace['input']['url']}?format=npy",
        f"{trace['url']}/scale?out_channel=0",
        positions + urlencode({"format": "arrow", **window}),
        positions + urlencode({"format": "arrow", "first": 0, "columns": "output"}),
    ]


def _preloads(dist: Path) -> list[str]:
    """The chunks that the page's script begins with."""
    try:
        names = orjson.loads((dist / "preload.json").read_bytes())
    except FileNotFoundError:
        return []
    return [f"/static/dist/{name}" for name in names]


def _script_json(value: object) -> str:
    """JSON that nothing inside of a <script> element can end."""
    text = orjson.dumps(value).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _version_query(path: Path) -> str:
    try:
        return f"?v={_digest(path, path.stat().st_mtime_ns)}"
    except FileNotFoundError:
        return ""


@lru_cache(maxsize=64)
def _digest(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
