"""The log: one JSON line an event, on standard error.

JSON escapes line breaks, terminal codes and whatever else a path may hold: no request can forge a line.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from app.middleware import Exchange
from app.settings import Settings

_LONGEST_PATH = 300
_access = logging.getLogger("convloupe.access")


class JsonFormatter(logging.Formatter):
    """`time`, `level`, `logger`, `event`, then the record's own `fields`, then `exception`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=repr)


def log_configuration(settings: Settings) -> dict[str, Any]:
    """For logging.config.dictConfig; uvicorn applies it in each of its processes."""
    level = settings.log_level.upper()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "app.logs.JsonFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": level, "handlers": ["stderr"]},
        # By a switch of its own: who asks for it wants it at any level.
        "loggers": {"convloupe.access": {"level": "INFO" if settings.access_log else "CRITICAL"}},
    }


def log_exchange(exchange: Exchange) -> None:
    """One line for a request that has ended."""
    if not _access.isEnabledFor(logging.INFO):
        return
    path = exchange.path
    fields = {
        "request_id": exchange.request_id,
        "method": exchange.method,
        "path": path if len(path) <= _LONGEST_PATH else path[: _LONGEST_PATH - 1] + "…",
        "status": exchange.status,
        "ms": round(exchange.seconds * 1000, 3),
        "bytes": exchange.sent_bytes,
        "complete": exchange.complete,
        "client": exchange.client,
    }
    if exchange.positions:
        fields["positions"] = exchange.positions
    _access.info("request", extra={"fields": fields})
