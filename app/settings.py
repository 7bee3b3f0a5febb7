"""Every limit and knob, read from CONVLOUPE_* variables. `python -m app.settings` prints them as a table."""

import os
import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.paths import bundled

MIB = 1024 * 1024
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s?#@A-Z]+")


def _setting(
    default: Any, unit: str, text: str, *, least: float | None = None, most: float | None = None
) -> Any:
    return Field(default=default, description=text, ge=least, le=most, json_schema_extra={"unit": unit})


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Settings(BaseSettings):
    """The server's configuration; immutable once read."""

    model_config = SettingsConfigDict(env_prefix="CONVLOUPE_", frozen=True, extra="ignore")

    host: str = _setting("127.0.0.1", "address", "Address to listen on; 0.0.0.0 for every interface.")
    port: int = _setting(8000, "port", "Port to listen on.", least=1, most=65535)
    workers: int = _setting(1, "processes", "Server processes; they share the store.", least=1, most=64)
    data_dir: Path = _setting(
        Path("~/.local/share/convloupe"), "path", "Folder of the store (uploaded images and traces)."
    )
    templates_dir: Path = _setting(bundled("templates"), "path", "Folder of the page template.")
    static_dir: Path = _setting(bundled("static"), "path", "Folder of the built page (dist) and the samples.")

    cors_origins: Annotated[tuple[str, ...], NoDecode] = _setting(
        (),
        "origins",
        "Whose pages may use the API from a browser, with commas between them, such as "
        "https://a.example,http://localhost:5173; * for every page there is. Cookies are never involved.",
    )
    embed_origins: Annotated[tuple[str, ...], NoDecode] = _setting(
        ("*",),
        "origins",
        "Whose pages may show /embed in a frame, with commas between them; * for every page there is. "
        "It takes no files, and nothing else is ever shown in a frame.",
    )
    proxies: Annotated[tuple[str, ...], NoDecode] = _setting(
        ("127.0.0.1", "::1"),
        "addresses",
        "Proxies that are believed who a request comes from (X-Forwarded-For, X-Forwarded-Proto): addresses "
        "or networks, with commas between them.",
    )
    metrics: bool = _setting(
        True,
        "true or false",
        "Answer /metrics, to anybody who can reach the port. A proxy in front can keep it to itself.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = _setting(
        "warning", "level", "Least level of what is logged: debug, info, warning or error."
    )
    access_log: bool = _setting(False, "true or false", "Log a line for each request, at any level.")

    upload_bytes: int = _setting(16 * MIB, "bytes", "Largest upload.", least=1)
    json_bytes: int = _setting(4 * MIB, "bytes", "Largest JSON body.", least=1)
    image_pixels: int = _setting(16_000_000, "pixels", "Largest uploaded image, width times height.", least=1)
    decode_seconds: float = _setting(3.5, "seconds", "Deadline for decoding one upload.", least=0.1)
    decode_cpu_seconds: int = _setting(4, "seconds", "CPU time for decoding one upload.", least=1)
    decode_memory_bytes: int = _setting(
        512 * MIB, "bytes", "Address space of a decoding process (Linux).", least=64 * MIB
    )
    decode_workers: int = _setting(2, "processes", "Processes that decode uploads.", least=1, most=64)

    input_side: int = _setting(8192, "cells", "Longest side of an input.", least=1)
    input_values: int = _setting(
        16_000_000, "values", "Largest input: batch x height x width x channels.", least=1
    )
    padded_values: int = _setting(
        32_000_000, "values", "Largest input with its padding: height x width x channels.", least=1
    )
    kernel_side: int = _setting(255, "cells", "Tallest or widest kernel.", least=1)
    taps: int = _setting(
        16_384, "taps", "Largest window: kernel height x kernel width x input channels.", least=1
    )
    stride: int = _setting(8192, "cells", "Largest stride.", least=1)
    dilation: int = _setting(1024, "cells", "Largest dilation.", least=1)
    padding: int = _setting(8192, "cells", "Most padding on one side.", least=0)
    output_values: int = _setting(
        16_000_000, "values", "Largest output: batch x height x width x channels.", least=1
    )
    work: int = _setting(4_000_000_000, "multiply-adds", "Largest whole computation.", least=1)
    json_values: int = _setting(1_000_000, "values", "Largest output answered as JSON.", least=1)

    chunk_bytes: int = _setting(
        256 * 1024, "bytes", "Size of one chunk of a trace stream.", least=1024, most=MIB
    )
    streams: int = _setting(512, "streams", "Trace streams open at once, per process.", least=1)
    threads: int = _setting(_cores(), "threads", "Threads that compute, per process.", least=1, most=256)
    queue: int = _setting(1024, "requests", "Requests waiting for a thread before 503, per process.", least=1)
    decode_queue: int = _setting(
        512, "uploads", "Uploads waiting to be decoded before 503, per process.", least=1
    )

    held_bytes: int = _setting(
        128 * MIB,
        "bytes",
        "What requests may hold of what is large while they arrive, wait and are taken: bodies, answers, the "
        "inputs of open streams. Beyond that 503, per process.",
        least=MIB,
    )

    store_bytes: int = _setting(
        2048 * MIB, "bytes", "Store quota; the least recently used entries go first.", least=MIB
    )
    store_free_bytes: int = _setting(
        64 * MIB,
        "bytes",
        "What is left free on the store's disk: beyond that, uploads are answered with 507.",
        least=0,
    )
    ttl_seconds: float = _setting(86_400.0, "seconds", "How long an image or a trace is kept.", least=1)
    cache_bytes: int = _setting(
        96 * MIB,
        "bytes",
        "Decoded inputs kept in memory, per process; as much again for kernels, and for traces.",
        least=0,
    )
    head_seconds: float = _setting(
        10.0, "seconds", "How long the head of a request may take to arrive before 408.", least=0.1
    )
    head_bytes: int = _setting(64 * 1024, "bytes", "Longest head of a request before 431.", least=8192)
    body_seconds: float = _setting(
        10.0,
        "seconds",
        "How long a body may keep us waiting before 408, besides its time at body_rate.",
        least=0.1,
    )
    body_rate: int = _setting(
        16 * 1024,
        "bytes a second",
        "Slowest upload: a body has a second more for each so many bytes.",
        least=1,
    )
    take_seconds: float = _setting(
        30.0,
        "seconds",
        "How long a client may take nothing of its answer before it is broken off.",
        least=0.1,
    )
    connections: int = _setting(4096, "connections", "Open connections before 503, per process.", least=1)

    address_requests: int = _setting(
        1024, "requests", "Requests of one address open at once before 429, per process.", least=1
    )

    shutdown_seconds: int = _setting(8, "seconds", "How long open streams may finish after SIGTERM.", least=0)

    @field_validator("cors_origins", "embed_origins", "proxies", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return (
            [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
        )

    @field_validator("cors_origins", "embed_origins")
    @classmethod
    def _check_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            # What a browser sends is compared letter by letter: a slash at the end would match nothing.
            if origin != "*" and not _ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin} is no origin: * or scheme://host or scheme://host:port")
        return value

    @field_validator("proxies")
    @classmethod
    def _check_proxies(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for proxy in value:
            ip_network(proxy)
        return value


def settings_table() -> str:
    """The settings as a Markdown table: variable, default, unit, meaning."""
    rows = ["| variable | default | unit | meaning |", "|---|---|---|---|"]
    for name, field in Settings.model_fields.items():
        rows.append(
            f"| `CONVLOUPE_{name.upper()}` | {_shown_default(name, field.default)} "
            f"| {_unit(field)} | {field.description} |"
        )
    return "\n".join(rows) + "\n"


def _unit(field: FieldInfo) -> str:
    extra = field.json_schema_extra
    return str(extra["unit"]) if isinstance(extra, dict) else ""


def _shown_default(name: str, default: object) -> str:
    """Defaults that depend on the machine are described, so that the table is the same everywhere."""
    described = {
        "templates_dir": "the installed one",
        "static_dir": "the installed one",
        "threads": "one a core",
        "cors_origins": "none",
        "embed_origins": "`*`",
        "proxies": "this machine",
    }
    return described.get(name, f"`{default}`")


if __name__ == "__main__":
    print(settings_table(), end="")
