"""Counts and readings, for operators."""

import asyncio

from fastapi import APIRouter, Response

from app.metrics import CONTENT_TYPE, Metrics
from app.routes.common import Use
from app.services import Services
from engine.ops import is_warm


def metrics_router(metrics: Metrics) -> APIRouter:
    """GET /metrics."""
    router = APIRouter(tags=["operators"])

    @router.get(
        "/metrics",
        response_class=Response,
        responses={200: {"content": {CONTENT_TYPE: {}}, "description": "Prometheus' text format."}},
        summary="Counts and readings",
    )
    async def read_metrics(services: Use) -> Response:
        """For Prometheus: requests by route, method and status, their durations, bytes, positions, pictures;
        the open streams, the queue, the tasks, the store, and the process.
        """

        tasks = len(asyncio.all_tasks())

        def text() -> bytes:
            return metrics.text(_readings(services, tasks))

        # Also in a crowd, which is when they are wanted most.
        return Response(await services.compute.run_admitted(text), media_type=CONTENT_TYPE)

    return router


def _readings(services: Services, tasks: int) -> dict[str, tuple[str, float]]:
    entries, used = services.store.usage()
    return {
        "convloupe_open_streams": ("Trace streams open now.", services.compute.streams),
        "convloupe_waiting_requests": ("Requests that compute or wait to.", services.compute.waiting),
        "convloupe_tasks": ("Tasks of the event loop, this answer's own among them.", tasks),
        "convloupe_store_entries": ("Images and traces in the store.", entries),
        "convloupe_store_bytes": ("Bytes of the store's quota that are used.", used),
        "convloupe_engine_compiled": ("1 once the compiled loops serve, 0 before.", is_warm()),
    }
