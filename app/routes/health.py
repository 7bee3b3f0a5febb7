"""For operators."""

from fastapi import APIRouter

from app import __version__
from app.answers import HealthOut
from engine.ops import is_warm

router = APIRouter(tags=["operators"])


@router.get("/healthz", summary="Is the server up?")
async def read_health() -> HealthOut:
    """Answers at once, also while the compiled loops are still warming up and the reference serves."""
    return HealthOut(status="ok", version=__version__, engine="compiled" if is_warm() else "reference")
