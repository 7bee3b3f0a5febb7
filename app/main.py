"""The application: wiring, nothing else."""

import gc
import logging
import threading
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from app import __version__
from app.compression import Compression
from app.errors import install_handlers
from app.held import Held
from app.hosting import Hosting, Stopping
from app.logs import log_exchange
from app.memory import give_back_at_once
from app.metrics import Metrics
from app.middleware import (
    Addresses,
    BodyLimit,
    Cors,
    Envelope,
    Exchange,
    Failures,
    LargeAnswers,
    Methods,
    Origins,
    install_method_errors,
)
from app.routes import calls, catalog, frameworks, geometry, health, images, outputs, stepping, traces
from app.routes.metrics import metrics_router
from app.routes.openapi import TAGS
from app.routes.pages import install_pages
from app.services import build_services
from app.settings import MIB, Settings
from engine import ops

# A page of another origin may else read an answer's body, but not where it was put or what its colours mean.
_EXPOSED_HEADERS = [
    "Content-Length",
    "ETag",
    "Location",
    "Retry-After",
    "X-Convloupe-Maximum",
    "X-Convloupe-Minimum",
    "X-Convloupe-Palette",
    "X-Convloupe-Tiles",
    "X-Request-ID",
]
# What is smaller is wanted again soon, and to take it anew costs time.
_GIVEN_BACK_BYTES = 4 * MIB
_log = logging.getLogger("convloupe")


def create_app(settings: Settings | None = None) -> FastAPI:
    """The ASGI application. Its store is opened when it starts and closed when it ends."""
    settings = settings or Settings()
    metrics = Metrics()
    held = Held(settings.held_bytes)
    logging.captureWarnings(capture=True)  # or they would be lines of their own kind in the log
    _ignore_what_headers_of_uploads_warn_of()

    def note(exchange: Exchange) -> None:
        metrics.count(exchange)
        log_exchange(exchange)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        give_back_at_once(_GIVEN_BACK_BYTES)
        services = build_services(settings, held, metrics.count_image)
        app.state.services = services
        stopping = Stopping(settings.shutdown_seconds)
        stopping.when_ending(services.compute.stop)
        threading.Thread(target=_warm, name="warm", daemon=True).start()
        try:
            yield {"hosting": Hosting(settings, stopping, note)}
        finally:
            services.close()

    app = FastAPI(
        title="Convloupe",
        version=__version__,
        summary="Step through a convolution and see every number: the window, the products, the sum.",
        description=(
            "Errors are `application/problem+json` (RFC 9457) and name the field. Every answer has an "
            "`X-Request-ID`. Every GET can be asked as HEAD, and OPTIONS says what a path allows."
        ),
        openapi_tags=TAGS,
        generate_unique_id_function=lambda route: route.name,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # to an address that a proxy may have another name for, without a word
        # What is counted is at /metrics. To look for somebody else to tell takes time with each request.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        lifespan=lifespan,
    )
    install_handlers(app)
    install_method_errors(app)

    # The last one added is the outermost.
    app.add_middleware(Failures)
    app.add_middleware(LargeAnswers, held=held)
    app.add_middleware(BodyLimit, settings=settings, held=held)
    app.add_middleware(Addresses, most=settings.address_requests)
    app.add_middleware(Origins, allowed=settings.cors_origins)
    app.add_middleware(Compression, threads=settings.threads)
    app.add_middleware(Methods, routes=app.routes)
    if settings.cors_origins:
        app.add_middleware(
            Cors,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "HEAD", "POST"],
            allow_headers=["Content-Type", "If-None-Match"],
            expose_headers=_EXPOSED_HEADERS,
        )
    app.add_middleware(Envelope, note=note, embedders=settings.embed_origins)
    # Looked through in this order: steps are asked for most, and an included router costs a search more.
    app.router.routes[:0] = stepping.router.routes
    for module in (traces, images, catalog, geometry, outputs, frameworks, calls, health):
        app.include_router(module.router)
    if settings.metrics:
        app.include_router(metrics_router(metrics))
    install_pages(app, settings)
    return app


def _ignore_what_headers_of_uploads_warn_of() -> None:
    """NumPy parses the header of a .npy file as Python: whatever strangers write there is no event."""
    warnings.filterwarnings("ignore", "Reading `.npy` or `.npz` file required additional header parsing")
    warnings.simplefilter("ignore", SyntaxWarning)


def _warm() -> None:
    """In the background; the reference serves until it is done, and on if it fails."""
    if ops.is_warm():
        return
    try:
        ops.warm()
    except Exception:  # noqa: BLE001  a compiler can fail in any way, and the server must not
        _log.exception("the compiled loops are not available; the reference serves")
    # What there is now is there for good. The collector would go through all of it while requests wait, a
    # quarter of a second each time: most of it is Numba's.
    gc.collect()
    gc.freeze()
