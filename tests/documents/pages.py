"""The fenced blocks of a document: what is run, and what it is said to answer."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", ROOT / "docs" / "api.md", ROOT / "docs" / "recipes.md"]
ANSWERS = {"json", "http", "text"}
# What needs a machine of its own; tests/test_documents.py knows that the targets exist.
_ELSEWHERE = re.compile(r"(make|docker) ")
_FENCE = re.compile(r"^```(?P<language>\S*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """One fenced block and the line of its first fence."""

    page: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass(frozen=True)
class Example:
    """A block that is run. The block of an answer that follows it, if one does, is what it prints."""

    code: Block
    answer: Block | None


def blocks(page: Path) -> list[Block]:
    text = page.read_text("utf-8")
    return [
        Block(page.name, text.count("\n", 0, found.start()) + 1, found["language"], found["text"])
        for found in _FENCE.finditer(text)
    ]


def examples(page: Path) -> list[Example]:
    """Every block of the page, in order, but for the few that are for another machine."""
    found: list[Example] = []
    waiting: Block | None = None
    for block in blocks(page):
        if block.language in ANSWERS:
            assert waiting is not None, f"{block} is the answer to nothing"
            found.append(Example(waiting, block))
            waiting = None
            continue
        if waiting is not None:
            found.append(Example(waiting, None))
        waiting = None if _ELSEWHERE.match(block.text) else block
    if waiting is not None:
        found.append(Example(waiting, None))
    return found
