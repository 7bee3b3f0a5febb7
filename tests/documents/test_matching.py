"""An answer that is not the documented one is seen."""

import pytest

from tests.documents.matching import check
from tests.documents.pages import Block

HEADERS = "HTTP/1.1 200 OK\nContent-Type: image/png\nX-Request-ID: 52\n\n"


@pytest.mark.parametrize(
    ("language", "shown", "printed"),
    [
        ("json", '{"a": [1.0, {"b": "…"}]}', '{"c": null, "a": [1.0, {"b": 7, "d": 8}]}\n'),
        ("json", '{"a": 1}\n{"end": true}', '{"a":1}\n{"end":true}\n'),
        ("http", "HTTP/1.1 200 OK\ncontent-type: image/png", HEADERS),
        ("text", "one\ntwo\n", "one \ntwo\n\n"),
    ],
)
def test_what_is_shown_is_found(language: str, shown: str, printed: str) -> None:
    check(Block("page.md", 1, language, shown), printed)


@pytest.mark.parametrize(
    ("language", "shown", "printed"),
    [
        ("json", '{"a": 1.0}', '{"a": 1.5}'),
        ("json", '{"a": 1.0}', '{"a": 1}'),
        ("json", '{"a": 1}', '{"a": true}'),
        ("json", '{"a": "…"}', "{}"),
        ("json", "[1, 2]", "[1, 2, 3]"),
        ("json", '{"a": 1}\n{"end": true}', '{"a": 1}\n'),
        ("http", "content-type: image/jpeg", HEADERS),
        ("http", "content-length: 5", HEADERS),
        ("text", "one\n", "two\n"),
    ],
)
def test_what_differs_is_refused(language: str, shown: str, printed: str) -> None:
    with pytest.raises(AssertionError, match=r"page\.md:1"):
        check(Block("page.md", 1, language, shown), printed)
