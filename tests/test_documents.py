"""What the documents say is so: commands exist, links lead somewhere.

tests/documents runs the examples.
"""

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
MAKE_TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_documents_name_what_exists(document: Path) -> None:
    text = document.read_text("utf-8")
    assert set(re.findall(r"(?:^|`)make(?:\s+[A-Z_]+=\S+)*\s+([a-z-]+)", text, re.MULTILINE)) <= MAKE_TARGETS
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", text):
        assert (document.parent / target).exists(), target


def test_the_settings_page_is_what_the_settings_say() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "app.settings"], cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    ).stdout
    assert printed.startswith("| variable ")
    assert printed in (ROOT / "docs" / "settings.md").read_text("utf-8"), "run `make docs`"


def test_the_examples_of_the_engine_page_are_so() -> None:
    tried = doctest.testfile(
        str(ROOT / "docs" / "engine.md"), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE
    )
    assert tried.failed == 0
    assert tried.attempted > 10
