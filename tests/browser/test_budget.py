"""What the first visit costs on the wire, and that the watch over every test sees what it is there to see."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, Route

from tests.browser.conftest import Errors
from tests.browser.serving import Server
from tests.browser.visit import Visit

MOST_BYTES = 150 * 1024
# The server compresses no numbers for its own machine: this visit comes through a proxy, from another one.
FROM_AFAR = {"X-Forwarded-For": "192.0.2.7", "Accept-Encoding": "gzip"}


class Wire:
    """What a page was sent, by path and query: bytes as they crossed, headers too, and their coding."""

    def __init__(self, session: CDPSession) -> None:
        self.bytes: dict[str, int] = {}
        self.codings: dict[str, str] = {}
        self._targets: dict[str, str] = {}
        session.on("Network.responseReceived", self._begun)
        session.on("Network.loadingFinished", self._ended)
        session.send("Network.enable")

    def _begun(self, event: dict[str, Any]) -> None:
        scheme, _, rest = event["response"]["url"].partition("://")
        if scheme != "http":
            return
        target = "/" + rest.partition("/")[2]
        headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
        self._targets[event["requestId"]] = target
        self.codings[target] = headers.get("content-encoding", "identity")

    def _ended(self, event: dict[str, Any]) -> None:
        if target := self._targets.get(event["requestId"]):
            self.bytes[target] = self.bytes.get(target, 0) + int(event["encodedDataLength"])


@pytest.mark.parametrize("context_options", [{"extra_http_headers": FROM_AFAR}], indirect=True)
def test_the_first_visit_is_light(page: Page, server: Server) -> None:
    """Until nothing more comes: page, scripts, styles, input, the first windows and every output."""
    wire = Wire(page.context.new_cdp_session(page))
    Visit(page, server.url).open()
    page.wait_for_load_state("networkidle")
    paths = [re.sub(r"/traces/[0-9a-f]+|\?v=.*", "", target) for target in wire.bytes]
    assert {"/", "/static/dist/main.js", "/static/dist/page.css", "/static/dist/boot.js"} <= set(paths)
    assert "/api/v1/input?format=npy" in paths
    assert "/api/v1/positions?format=arrow&first=0&columns=output" in paths
    large = {target: size for target, size in wire.bytes.items() if size > 2000}
    assert {wire.codings[target] for target in large} == {"gzip"}
    assert sum(wire.bytes.values()) <= MOST_BYTES, wire.bytes


PAGE_OF_SINS = """<!doctype html><title>Sins</title><script>
  console.warn("a warning");
  console.error("an error");
  fetch("http://elsewhere.invalid/spy").catch(() => undefined);
  setTimeout(() => { throw new Error("thrown") });
</script>"""


def test_nothing_that_a_page_does_wrong_goes_unseen(browser: Browser, server: Server) -> None:
    watched = Errors()

    def answer(route: Route) -> None:
        if route.request.url.startswith(server.url):
            route.fulfill(body=PAGE_OF_SINS, content_type="text/html")
        else:
            route.abort()

    with browser.new_context() as context:
        watched.watch(context)
        context.route("**/*", answer)
        page = context.new_page()
        with page.expect_event("requestfailed"), context.expect_event("weberror"):
            page.goto(server.url)
    said = "\n".join(watched.said)
    assert "a warning" in said
    assert "an error" in said
    assert f"GET http://elsewhere.invalid/spy leaves {server.url}" in said
    assert "thrown" in said
