"""Whether an answer is the one that a document shows.

Documents shorten: an object may have more fields than are shown, a header more lines, and "…" stands for what
is another each time, an id or a date.
"""

import json
from typing import Any

from tests.documents.pages import Block


def check(documented: Block, printed: str) -> None:
    """AssertionError where `printed` is not what the document says."""
    match documented.language:
        case "json":
            shown, actual = _values(documented.text), _values(printed)
            assert _same(shown, actual), f"{documented}: answered was {printed[:4000]}"
        case "http":
            actual_lines = {_line(line) for line in printed.splitlines()}
            missing = [line for line in documented.text.splitlines() if _line(line) not in actual_lines]
            assert not missing, f"{documented}: answered was {printed[:4000]}"
        case _:
            shown_text = [line.rstrip() for line in documented.text.strip().splitlines()]
            printed_text = [line.rstrip() for line in printed.strip().splitlines()]
            assert printed_text == shown_text, f"{documented}: printed was {printed[:4000]}"


def _values(text: str) -> list[Any]:
    """All JSON values of `text`: one, or one a line."""
    decoder, found, at = json.JSONDecoder(), [], 0
    text = text.strip()
    while at < len(text):
        value, end = decoder.raw_decode(text, at)
        found.append(value)
        at = end + len(text[end:]) - len(text[end:].lstrip())
    return found


def _same(shown: Any, actual: Any) -> bool:
    if shown == "…":
        return True
    if isinstance(shown, dict):
        return isinstance(actual, dict) and all(
            name in actual and _same(value, actual[name]) for name, value in shown.items()
        )
    if isinstance(shown, list):
        return (
            isinstance(actual, list)
            and len(shown) == len(actual)
            and all(_same(*pair) for pair in zip(shown, actual, strict=True))
        )
    return type(shown) is type(actual) and bool(shown == actual)


def _line(text: str) -> str:
    """A header line; the case of its name says nothing."""
    name, colon, value = text.partition(":")
    return f"{name.lower()}{colon}{value.strip()}" if colon else text.strip()
