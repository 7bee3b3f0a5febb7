"""What is said of calls: the golden file has every sentence, and the page has each in its languages.

`python -m tests.frameworks.test_notes` writes it anew.
"""

import json
from dataclasses import replace
from pathlib import Path

from engine.frameworks import FRAMEWORKS
from engine.spec import Weighted
from tests.frameworks.test_tokens import operations, spelled

PATH = Path(__file__).parent.parent / "golden" / "notes.json"


def everything() -> list[dict[str, str]]:
    """Each sentence once, with what it depends on: the framework, its kind and the padding mode."""
    found: dict[str, dict[str, str]] = {}
    for spec in operations(3):
        turned = replace(spec, flip_kernel=True) if isinstance(spec, Weighted) else spec
        for framework in FRAMEWORKS.values():
            call = spelled(framework, turned)
            for note in () if call is None else call.notes:
                mode = getattr(spec, "padding_mode", "zeros")
                said = {"title": framework.title, "name": note.name, "kind": note.kind, "text": note.text}
                found.setdefault(note.text, said | {"mode": mode})
    return sorted(found.values(), key=lambda one: (one["name"], one["title"], one["text"]))


def test_the_golden_file_has_every_sentence() -> None:
    assert json.loads(PATH.read_text("utf-8")) == everything()


if __name__ == "__main__":
    PATH.write_text(json.dumps(everything(), indent=1) + "\n", encoding="utf-8")
