"""The application: wiring, nothing else."""

import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app import __version__
from app.errors import install_handlers
from app.middleware import BodyLimit, Envelope
from app.routes import catalog, geometry, health, images, outputs, traces
from app.routes.pages import install_pages
from app.services import build_services
from app.settings import Settings
from engine import ops

_log = logging.getLogger("convloupe")


def create_app(settings: Settings | None = None) -> FastAPI:
    """The ASGI application. Its store is opened when it starts and closed when it ends."""
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        services = build_services(settings)
        app.state.services = services
        threading.Thread(target=_warm, name="warm", daemon=True).start()
        try:
            yield
        finally:
            services.close()

    app = FastAPI(
        title="Convloupe",
        version=__version__,
        summary="Step through a convolution and see every number: the window, the products, the sum.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    install_handlers(app)
    app.add_middleware(BodyLimit, settings=settings)
    app.add_middleware(Envelope)
    for module in (images, catalog, geometry, outputs, traces, health):
        app.include_router(module.router)
    install_pages(app, settings)
    return app


def _warm() -> None:
    """In the background; the reference serves until it is done, and on if it fails."""
    try:
        ops.warm()
    except Exception:  # noqa: BLE001  a compiler can fail in any way, and the server must not
        _log.exception("the compiled loops are not available; the reference serves")
