"""The `convloupe` command."""

import argparse
import os
import socket
import sys
import tempfile
import threading
import time
import urllib.request
import webbrowser
from pathlib import Path

from pydantic import ValidationError

from app.settings import Settings

try:
    import resource
except ImportError:  # Windows has no such limit
    resource = None  # type: ignore[assignment]

_OPTIONS = ("host", "port", "workers")
# The store's, and those of uploads on their way.
_OTHER_FILES = 1024


def main() -> None:
    """`convloupe serve` or `python -m app`; `serve` is the default."""
    parser = argparse.ArgumentParser(
        prog="convloupe", description="Step through a convolution and see every number."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser(
        "serve",
        help="start the server",
        description="Every setting can also be given as CONVLOUPE_*; see docs/settings.md.",
    )
    for name in _OPTIONS:
        field = Settings.model_fields[name]
        serve.add_argument(
            f"--{name}", help=f"{field.description} Default: {field.default}, or CONVLOUPE_{name.upper()}."
        )
    serve.add_argument(
        "--open", action="store_true", help="open the page in the browser once the server answers"
    )
    arguments = parser.parse_args(sys.argv[1:] or ["serve"])
    # Through the environment, because worker processes read it too.
    for name in _OPTIONS:
        if (value := getattr(arguments, name)) is not None:
            os.environ[f"CONVLOUPE_{name.upper()}"] = value
    try:
        settings = Settings()
    except ValidationError as error:
        for one in error.errors():
            print(f"convloupe: CONVLOUPE_{str(one['loc'][0]).upper()}: {one['msg']}", file=sys.stderr)
        sys.exit(2)
    _serve(settings, open_browser=arguments.open)


def _serve(settings: Settings, *, open_browser: bool) -> None:
    _check_data_dir(settings.data_dir.expanduser())
    _check_address(settings)
    # Here, so that --help and refusals are instant.
    import uvicorn

    from app.connections import protocol
    from app.logs import log_configuration
    from app.metrics import SHARED_FOLDER

    _allow_files(settings.connections + _OTHER_FILES)
    shown = "localhost" if settings.host in ("127.0.0.1", "0.0.0.0", "::", "::1") else settings.host  # noqa: S104
    url = f"http://{shown}:{settings.port}"
    threading.Thread(target=_announce, args=(url, open_browser), daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="convloupe-") as folder:
        if settings.workers > 1:
            os.environ.setdefault(SHARED_FOLDER, folder)
        uvicorn.run(
            "app.main:create_app",
            factory=True,
            host=settings.host,
            port=settings.port,
            workers=settings.workers,
            http=protocol(),
            proxy_headers=bool(settings.proxies),
            forwarded_allow_ips=list(settings.proxies),
            timeout_graceful_shutdown=settings.shutdown_seconds,
            log_config=log_configuration(settings),
            access_log=False,
            server_header=False,
            ws="none",
        )


def _allow_files(most: int) -> None:
    """A connection is an open file. As a rule a process may have 1024 of them, unless it asks for more."""
    if resource is not None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        asked = most if hard == resource.RLIM_INFINITY else min(most, hard)
        if soft != resource.RLIM_INFINITY and soft < asked:
            resource.setrlimit(resource.RLIMIT_NOFILE, (asked, hard))


def _check_data_dir(folder: Path) -> None:
    """End with one clear line where uvicorn would print a traceback, or restart its workers for ever."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        print(
            f"convloupe: cannot keep anything in {folder}: {error.strerror}. "
            "Choose another folder with CONVLOUPE_DATA_DIR.",
            file=sys.stderr,
        )
        sys.exit(1)


def _check_address(settings: Settings) -> None:
    """As with the folder: a taken port is the most common mistake of all."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            print(
                f"convloupe: cannot listen on {settings.host} port {settings.port}: {error.strerror}. "
                "Choose another with --port or CONVLOUPE_PORT.",
                file=sys.stderr,
            )
            sys.exit(1)


def _announce(url: str, open_browser: bool) -> None:
    """Say where the server is as soon as it answers."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):  # noqa: S310  our own http address
                break
        except OSError:
            time.sleep(0.05)
    else:
        return
    print(f"Convloupe is at {url}", flush=True)
    if open_browser:
        webbrowser.open(url)
