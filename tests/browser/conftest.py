"""One server and one browser for the folder, a fresh context for each test, and no error goes unseen."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

from tests.browser.serving import Server
from tests.browser.visit import Visit
from tests.chromium import launch

# The browser reports most violations on the console by itself; this makes it all of them.
TELL_VIOLATIONS = """addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  console.error(`Content Security Policy: ${violatedDirective} ${blockedURI}`))"""
REFUSED = re.compile(r"Failed to load resource: (the server responded with a status of|net::)")
# The tests read canvases, which the page never does; Chromium says that it could have been told.
READ_BACK = "Multiple readback operations using getImageData"
INLINE = ("data", "blob", "about")

expect.set_options(timeout=10_000)  # the machine may be busy; nothing waits this long when all is well


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker("browser")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("data")) as running:
        yield running


class Errors:
    """Everything a page complained of, and every request that left its origin.

    `provoked` are requests the test has made fail on purpose.
    """

    def __init__(self) -> None:
        self.said: list[str] = []
        self.provoked: list[str] = []
        self._origin: str | None = None

    def watch(self, context: BrowserContext) -> None:
        context.add_init_script(TELL_VIOLATIONS)
        context.on("weberror", lambda error: self.said.append(str(error.error)))
        context.on("console", self._console)
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning") or READ_BACK in message.text:
            return
        allowed = REFUSED.match(message.text) and any(part in message.text for part in self.provoked)
        if not allowed:
            self.said.append(f"{message.text} ({message.location['url']})")

    def _request(self, request: Request) -> None:
        scheme, host, *_ = urlsplit(request.url)
        if scheme in INLINE:
            return
        origin = f"{scheme}://{host}"
        self._origin = self._origin or origin  # the first request is the page itself
        if origin != self._origin:
            self.said.append(f"{request.method} {request.url} leaves {self._origin}")


@pytest.fixture
def errors() -> Iterator[Errors]:
    errors = Errors()
    yield errors
    assert errors.said == []


@pytest.fixture
def context_options(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What the context is made with; a test changes it by `@pytest.mark.parametrize(..., indirect=True)`."""
    desktop = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "no-preference"}
    return {**desktop, **getattr(request, "param", {})}


@pytest.fixture
def page(browser: Browser, errors: Errors, context_options: dict[str, Any]) -> Iterator[Page]:
    with browser.new_context(**context_options) as context:
        errors.watch(context)
        yield context.new_page()


@pytest.fixture
def visit(page: Page, server: Server) -> Visit:
    """The first visit, its scripts running."""
    return Visit(page, server.url).open()
