"""Names, links and pasted text that would be markup, script or a style are texts, wherever they are shown."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Errors
from tests.browser.oracle import photo, png
from tests.browser.test_pasted_call import paste
from tests.browser.visit import Visit

PAYLOADS = [
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '"><script>alert(1)</script>',
    "' onfocus=alert(1) autofocus x='",
    "</script><script>alert(1)</script>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "javascript:alert(1)",
    "${alert(1)}{{7*7}}",
    "<style>*{display:none}</style>",
    "\u202egnp.exe\u2028\x1b[31m",
    "&lt;b&gt;&#60;",
]
FIELDS = (
    "image",
    "size",
    "filter",
    "kernel",
    "stride",
    "padding",
    "operation",
    "framework",
    "at",
    "lang",
    "panel",
)
MARKED = (
    "img[src=x], svg[onload], iframe, [onerror], [onload], [onfocus], body style, "
    "body script:not([type='application/json'])"
)


@pytest.fixture
def watched(visit: Visit) -> Visit:
    visit.page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    return visit


def untouched(visit: Visit) -> None:
    assert visit.page.locator(MARKED).count() == 0
    assert visit.page.locator("#stage").is_visible()


def test_a_files_name_is_a_text(watched: Visit, errors: Errors) -> None:
    errors.provoked = ["415"]
    picture = png(photo(12, 16))
    for payload in PAYLOADS:
        name = payload.replace("/", "∕")  # browsers keep what stands behind the last slash
        watched.upload(picture, f"{name}.png")
        expect(watched.page.locator("#image-button")).to_have_text(
            re.compile(re.escape(name.split("\u2028")[0]))
        )
        untouched(watched)
    watched.upload(b"none", f"{PAYLOADS[0]}.png")  # said in the ribbon
    expect(watched.ribbon).to_contain_text(PAYLOADS[0])
    untouched(watched)


def test_a_link_and_a_pasted_call_are_texts(watched: Visit, errors: Errors) -> None:
    errors.provoked = ["404", "422", "400"]
    for payload in PAYLOADS[:6]:
        watched.open("?" + urlencode(dict.fromkeys(FIELDS, payload)))
        expect(watched.ribbon).to_be_visible()
        untouched(watched)
    for payload in PAYLOADS:
        paste(watched, f"tf.nn.conv2d(x, w, strides={payload!r}, padding='{payload}')")
        expect(watched.ribbon).to_contain_text("The pasted call cannot be taken.")
        untouched(watched)
