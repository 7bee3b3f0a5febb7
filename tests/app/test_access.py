"""Who has no id gets nothing: every path that takes one, with every kind of id that is not good there."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.errors import MEDIA_TYPE
from tests.app.serving import Served, serve

API = "/api/v1"
PATHS = (
    f"{API}/images/{{image}}",
    f"{API}/traces/{{trace}}",
    f"{API}/traces/{{trace}}/input",
    f"{API}/traces/{{trace}}/scale",
    f"{API}/traces/{{trace}}/positions",
    f"{API}/traces/{{trace}}/positions/0",
    f"{API}/traces/{{trace}}/inputs/0/0",
)
FILTER = {"operation": {"type": "conv2d", "filter": "identity"}}
BODIES = ("traces", "outputs", "code")
WRONG = (
    "random",
    "of the other kind",
    "in capitals",
    "of another server",
    "cut short",
    "too long",
    "pattern",
    "expired",
)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("access")) as served:
        yield served


@pytest.fixture(scope="module")
def ids(own: Served) -> dict[str, str]:
    image = own.services.store.add_image(PNG).id
    return {"image": image, "trace": own.trace(input={"image_id": image}, **FILTER)["id"]}


PNG = (Path(__file__).parents[2] / "static" / "samples" / "coins.png").read_bytes()


@pytest.fixture(scope="module")
def wrong(own: Served, ids: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """For each kind of wrong id, that of an image and that of a trace."""
    with serve(tmp_path_factory.mktemp("other")) as other:
        image = other.services.store.add_image(PNG).id
        foreign = {"image": image, "trace": other.trace(input={"image_id": image}, **FILTER)["id"]}
    gone = own.services.store.add_image(PNG).id
    expired = {"image": gone, "trace": own.trace(input={"image_id": gone}, **FILTER)["id"]}
    with own.services.store._transaction() as connection:  # type: ignore[attr-defined]
        connection.execute("UPDATE entry SET expires_at = 0 WHERE id IN (?, ?)", tuple(expired.values()))
    return {
        "random": dict.fromkeys(ids, secrets.token_hex(16)),
        "of the other kind": {"image": ids["trace"], "trace": ids["image"]},
        "in capitals": {kind: one.upper() for kind, one in ids.items()},
        "of another server": foreign,
        "cut short": {kind: one[:31] for kind, one in ids.items()},
        "too long": {kind: one + "0" for kind, one in ids.items()},
        "pattern": dict.fromkeys(ids, "%25"),
        "expired": expired,
    }


@pytest.mark.parametrize("path", PATHS)
def test_a_good_id_is_good(own: Served, ids: dict[str, str], path: str) -> None:
    assert own.client.get(path.format(**ids)).status_code == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("kind", WRONG)
def test_every_other_is_404_and_all_are_alike(
    own: Served, wrong: dict[str, Any], path: str, kind: str
) -> None:
    answer = own.client.get(path.format(**wrong[kind]))
    assert answer.status_code == 404
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.headers["cache-control"] == "private, no-store"
    said = answer.json()
    thing = "image" if "{image}" in path else "trace"
    assert said["errors"][0]["reason"].startswith(f"no such {thing}, or it has expired; ")
    assert len(answer.content) < 500


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize("kind", WRONG)
def test_an_image_that_is_asked_for_in_a_body_too(
    own: Served, wrong: dict[str, Any], path: str, kind: str
) -> None:
    framework = {"framework": "numpy"} if path == "code" else {}
    body = {"input": {"image_id": wrong[kind]["image"]}} | FILTER | framework
    answer = own.client.post(f"{API}/{path}", json=body)
    assert answer.status_code == 404, answer.text
    assert answer.json()["errors"][0]["field"] == "input.image_id"


def test_what_was_uploaded_is_private(own: Served, ids: dict[str, str]) -> None:
    for path in PATHS:
        assert "private" in own.client.get(path.format(**ids)).headers["cache-control"], path
    listing = own.client.get(f"{API}/images")
    assert listing.status_code == 405
