"""What the server counts, for Prometheus.

With several worker processes the counters are kept in files that they share, and any worker answers for all.
What is looked at only when it is asked for (open streams, the queue) is then that of the worker that answers.
"""

import os
from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from app.middleware import Exchange

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
# The library reads it as it is imported: it has to be set before a worker starts.
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

# From what an explanation takes to what a whole large output takes.
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


class Metrics:
    """The metrics of one application, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        route = ("route", "method")
        self._requests = Counter(
            "convloupe_requests", "Requests answered.", (*route, "status"), registry=registry
        )
        self._seconds = Histogram(
            "convloupe_request_seconds",
            "From a request to the last byte of its answer.",
            route,
            buckets=_SECONDS,
            registry=registry,
        )
        self._bytes = Counter("convloupe_sent_bytes", "Bytes of answers.", route, registry=registry)
        self._broken_off = Counter(
            "convloupe_broken_off", "Answers whose end was not sent.", route, registry=registry
        )
        self._positions = Counter(
            "convloupe_positions", "Positions sent by trace streams.", registry=registry
        )
        self._images = Counter(
            "convloupe_images", "Pictures to decode, by result.", ("result",), registry=registry
        )
        for result in ("decoded", "refused"):
            self._images.labels(result)
        # Looking a child up by its labels takes longer than counting.
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram, Counter, Counter]] = {}

    def count(self, exchange: Exchange) -> None:
        """A request that has ended."""
        key = exchange.route, exchange.method, exchange.status
        requests, seconds, sent, broken_off = self._children.get(key) or self._labelled(key)
        requests.inc()
        seconds.observe(exchange.seconds)
        sent.inc(exchange.sent_bytes)
        if not exchange.complete:
            broken_off.inc()
        if exchange.positions:
            self._positions.inc(exchange.positions)

    def count_image(self, decoded: bool) -> None:
        """A picture that was to be decoded."""
        self._images.labels("decoded" if decoded else "refused").inc()

    def text(self, gauges: Mapping[str, tuple[str, float]]) -> bytes:
        """All of it, and `name: (help, value)` read just now, in Prometheus' text format."""
        return generate_latest(_Now(self._registry, gauges))

    def _labelled(self, key: tuple[str, str, int]) -> tuple[Counter, Histogram, Counter, Counter]:
        route, asked, status = key
        method = asked if asked in _METHODS else "other"
        children = (
            self._requests.labels(route, method, str(status)),
            self._seconds.labels(route, method),
            self._bytes.labels(route, method),
            self._broken_off.labels(route, method),
        )
        if method == asked:  # whatever else a client calls a method is not kept
            self._children[key] = children
        return children


class _Now(Collector):
    """What is counted together with what is read just now."""

    def __init__(self, counted: CollectorRegistry, gauges: Mapping[str, tuple[str, float]]) -> None:
        self._counted = counted
        self._gauges = gauges

    def collect(self) -> Iterator[Metric]:
        for name, (text, value) in self._gauges.items():
            yield GaugeMetricFamily(name, text, value)
        if SHARED_FOLDER in os.environ:
            yield from MultiProcessCollector(None).collect()  # type: ignore[no-untyped-call]
        else:
            yield from self._counted.collect()
            yield from ProcessCollector(registry=None).collect()
