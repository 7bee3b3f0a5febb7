"""What the documents say is so: commands exist, links lead somewhere, examples give the answers shown."""

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.main import create_app
from app.settings import Settings

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


def blocks(document: Path, language: str) -> list[str]:
    """The fenced blocks of one language, in order."""
    return re.findall(rf"```{language}\n(.*?)```", document.read_text("utf-8"), re.DOTALL)


def posted(document: Path, path: str) -> dict[str, Any]:
    """The JSON that the document's curl command posts to `path`."""
    (command,) = (block for block in blocks(document, "sh") if f"/api/v1/{path} --json" in block)
    body: dict[str, Any] = json.loads(command.split("'")[1])
    return body


def ask(tmp_path: Path, *requests: tuple[str, str, dict[str, Any] | None]) -> list[httpx.Response]:
    """Answers to (method, path, JSON body), in order, by a new server; `{id}` is that of the first answer."""

    async def run() -> list[httpx.Response]:
        app = create_app(Settings(data_dir=tmp_path))
        answers: list[httpx.Response] = []
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
        ):
            for method, path, body in requests:
                filled = path.format(id=answers[0].json()["id"]) if answers else path
                answers.append(await client.request(method, f"/api/v1/{filled}", json=body))
        return answers

    return asyncio.run(run())


def test_the_example_of_the_readme_gives_its_answer(tmp_path: Path) -> None:
    (answer,) = ask(tmp_path, ("POST", "outputs", posted(README, "outputs")))
    (documented,) = blocks(README, "json")
    assert answer.json()["output"] == json.loads(documented)["output"]


def test_the_trace_of_the_api_page_is_streamed_so(tmp_path: Path) -> None:
    (path,) = re.findall(r'/api/v1/(traces/\$id/positions\?[^"]+)"', API.read_text("utf-8"))
    created, rows = ask(
        tmp_path,
        ("POST", "traces", posted(API, "traces")),
        ("GET", path.replace("$id", "{id}"), None),
    )
    assert (created.json()["positions"], created.json()["taps"]) == (4096, 27)
    documented = blocks(API, "json")[0].splitlines()
    assert [json.loads(row) for row in rows.text.splitlines()] == [json.loads(row) for row in documented]


def test_the_error_of_the_api_page_is_the_one_that_is_sent(tmp_path: Path) -> None:
    body = posted(API, "traces")
    body["operation"]["strides"] = [0, 1]
    (answer,) = ask(tmp_path, ("POST", "traces", body))
    documented = json.loads(blocks(API, "json")[1])
    assert answer.json() | {"request_id": ""} == documented | {"request_id": ""}
