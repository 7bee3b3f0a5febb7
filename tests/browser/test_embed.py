"""The page in another site's page: only /embed can be there, and nothing can be sent from it."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.serving import Server

FRAMES = {"whole": "/", "embedded": "/embed"}


@pytest.fixture
def elsewhere(server: Server) -> Iterator[str]:
    """The address of a page of another origin, with the page and its embedded form in frames."""
    frames = "".join(
        f'<iframe name="{name}" src="{server.url}{path}"></iframe>' for name, path in FRAMES.items()
    )

    class Lesson(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"<!doctype html><title>Lesson</title>{frames}".encode())

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Lesson) as lesson:
        thread = threading.Thread(target=lesson.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{lesson.server_port}/"
        lesson.shutdown()
        thread.join()


def test_only_the_embedded_page_is_shown_elsewhere_and_takes_no_files(
    browser: Browser, elsewhere: str
) -> None:
    with browser.new_context() as context:
        said: list[str] = []
        context.on("console", lambda message: said.append(message.text))
        page = context.new_page()
        page.goto(elsewhere)
        embedded = page.frame("embedded")
        assert embedded is not None
        expect(embedded.locator("#input-shape span")).to_be_attached()
        refused = page.frame("whole")
        assert refused is None or refused.locator("#stage").count() == 0
        assert [text for text in said if "frame-ancestors" in text]
        embedded.locator("#stage").press("ArrowRight")
        expect(embedded.locator("#readout b")).to_have_text("row 0, column 1")
        embedded.locator("#image-button").click()
        picker = embedded.locator("#image-picker")
        expect(picker.locator("[data-source=harbour]")).to_be_visible()
        assert picker.locator("[data-key=choose], [data-key=camera]").count() == 0
        assert embedded.locator("input[type=file]").count() == 0
