"""The REST documentation at /docs, from our own files: a classroom may have no internet."""

from collections.abc import Callable

from fastapi import APIRouter, FastAPI, Response

from app.routes.openapi import openapi_document

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Convloupe REST API</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="{css}"></head>
<body><div id="swagger-ui"></div><script src="{bundle}"></script><script src="/docs/init.js"></script></body>
</html>
"""
# A file of its own: the Content-Security-Policy forbids inline scripts.
_INIT = 'SwaggerUIBundle({url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true});\n'


def install_documentation(app: FastAPI, asset: Callable[[str], str]) -> None:
    """/docs, and an OpenAPI document that knows our errors. `asset` gives the URL of a built file."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def docs() -> Response:
        html = _PAGE.format(
            css=asset("swagger-ui/swagger-ui.css"), bundle=asset("swagger-ui/swagger-ui-bundle.js")
        )
        return Response(html, media_type="text/html")

    @router.get("/docs/init.js")
    async def init() -> Response:
        return Response(_INIT, media_type="text/javascript")

    app.include_router(router)
    app.openapi = lambda: openapi_document(app)  # type: ignore[method-assign]
