"""For operators."""

import asyncio

from fastapi import APIRouter

from app import __version__
from app.answers import HealthOut, ReadyOut
from app.errors import UnavailableError
from app.routes.common import Use
from engine.ops import is_warm

router = APIRouter(tags=["operators"])


@router.get("/healthz", summary="Is the server up?")
async def read_health() -> HealthOut:
    """Answers at once, also while the compiled loops are still warming up and the reference serves."""
    return HealthOut(status="ok", version=__version__, engine="compiled" if is_warm() else "reference")


@router.get("/readyz", summary="Can the server take requests?")
async def read_readiness(services: Use) -> ReadyOut:
    """503 while too many requests wait, and once the store turns out to be broken: the next start begins a
    new one.
    """
    services.compute.admit()
    # In a thread that waits for nobody's computation.
    condition = await asyncio.to_thread(services.store.condition)
    if condition == "broken":
        raise UnavailableError("server", "the store is broken; it begins anew when the server does")
    return ReadyOut(status="ready", store=condition)
