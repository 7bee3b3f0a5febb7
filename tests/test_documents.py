"""What the documents say is so: commands exist, links lead somewhere, examples give the answers shown."""

import doctest
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.serving import Served, serve

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
API = ROOT / "docs" / "api.md"
DOCUMENTS = [README, *sorted((ROOT / "docs").glob("*.md"))]
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


def blocks(document: Path, language: str) -> list[str]:
    """The fenced blocks of one language, in order."""
    return re.findall(rf"```{language}\n(.*?)```", document.read_text("utf-8"), re.DOTALL)


def posted(document: Path, path: str) -> dict[str, Any]:
    """The JSON that the document's curl command posts to `path`."""
    (command,) = (block for block in blocks(document, "sh") if f"/api/v1/{path} --json" in block)
    body: dict[str, Any] = json.loads(command.split("'")[1])
    return body


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("data")) as served:
        yield served


def test_the_example_of_the_readme_gives_its_answer(server: Served) -> None:
    (documented,) = blocks(README, "json")
    assert server.output(**posted(README, "outputs")) == json.loads(documented)["output"]


def test_the_trace_of_the_api_page_is_streamed_so(server: Served) -> None:
    created = server.trace(**posted(API, "traces"))
    assert (created["positions"], created["taps"]) == (4096, 27)
    (path,) = re.findall(r'localhost:8000(/api/v1/traces/\$id/positions\?[^"]+)"', API.read_text("utf-8"))
    rows = server.client.get(path.replace("$id", created["id"])).text.splitlines()
    documented = blocks(API, "json")[0].splitlines()
    assert [json.loads(row) for row in rows] == [json.loads(row) for row in documented]


def test_the_error_of_the_api_page_is_the_one_that_is_sent(server: Served) -> None:
    body = posted(API, "traces")
    body["operation"]["strides"] = [0, 1]
    answer = server.client.post("/api/v1/traces", json=body).json()
    documented = json.loads(blocks(API, "json")[1])
    for differs in ("request_id", "title"):  # Python 3.13 renamed 422 from Entity to Content
        del answer[differs], documented[differs]
    assert answer == documented
