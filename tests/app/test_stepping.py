"""What the routes that are asked for most do by themselves, where the event loop is."""

import threading
from typing import Any

import pytest

from app.routes import plain
from app.services import traces
from app.services.traces import Traces
from app.wire import ArrowEncoder, JsonLinesEncoder
from tests.app.serving import Served

SAMPLE = {"sample": "harbour", "size": [300, 400]}


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the threads that have explained or encoded, one after the other."""
    names: list[str] = []

    def noting(function: Any) -> Any:
        def noted(*arguments: Any) -> Any:
            names.append(threading.current_thread().name)
            return function(*arguments)

        return noted

    for owner, name in ((Traces, "explain"), (ArrowEncoder, "encode"), (JsonLinesEncoder, "encode")):
        monkeypatch.setattr(owner, name, noting(getattr(owner, name)))
    return names


def explained_in(served: Served, threads: list[str], source: Any, operation: Any) -> list[str]:
    url = served.trace(input=source, operation=operation)["url"]
    assert served.client.get(f"{url}/positions?count=1").status_code == 200  # which opens it
    threads.clear()
    for position in (0, 1, 2):
        assert served.client.get(f"{url}/positions/{position}").status_code == 200
    found, threads[:] = [name.partition("_")[0] for name in threads], []
    return found


def test_what_takes_long_to_explain_is_explained_in_a_thread(server: Served, threads: list[str]) -> None:
    small = {"values": [[1, 2, 3], [4, 5, 6]]}
    sobel, box = {"type": "conv2d", "filter": "sobel_x"}, {"type": "conv2d", "kernel": [[1] * 9] * 9}
    assert "compute" not in explained_in(server, threads, small, sobel)
    # Many taps; or few, and a scale that all of the output has to be computed for, until it is known.
    assert explained_in(server, threads, small, box) == ["compute"] * 3
    first, *others = explained_in(server, threads, SAMPLE, sobel)
    assert first == "compute"
    assert "compute" not in others


@pytest.mark.parametrize("kind", ["arrow", "jsonl"])
def test_of_rows_the_head_is_answered_without_them(server: Served, threads: list[str], kind: str) -> None:
    url = server.trace(input=SAMPLE, operation={"type": "conv2d", "filter": "sobel_x"})["url"]
    head = server.client.head(f"{url}/positions?format={kind}")
    assert (head.status_code, head.content, threads) == (200, b"", [])
    assert server.client.get(f"{url}/positions?format={kind}&count=1").status_code == 200
    assert len(threads) == 1


def test_only_short_queries_are_kept(server: Served) -> None:
    url = server.trace(input=SAMPLE, operation={"type": "conv2d", "filter": "sobel_x"})["url"]
    plain._known.cache_clear()
    for first in range(5):
        assert server.client.get(f"{url}/positions?count=1&first={first}").status_code == 200
        long = f"{url}/positions?count=1&first={first}&nothing={'a' * 500}"
        assert server.client.get(long).status_code == 200
        assert server.client.get(f"{url}/positions?first={first}x").status_code == 422
    assert plain._known.cache_info().currsize == 5


def test_few_steps_are_kept_and_no_long_stream(server: Served) -> None:
    trace = server.trace(input=SAMPLE, operation={"type": "conv2d", "filter": "sobel_x"})
    kept = server.services.traces.open(trace["id"]).steps
    kept.clear()

    def ask(query: str) -> bytes:
        answer = server.client.get(f"{trace['url']}/positions?{query}")
        assert answer.status_code == 200
        return answer.content

    asked = [
        f"format={kind}&first={first}&count={count}{columns}"
        for kind in ("arrow", "jsonl")
        for first, count in ((7, 3), (7, 4), (8, 3))
        for columns in ("", "&columns=sum")
    ]
    answers = [ask(query) for query in asked]
    assert len(set(answers)) == len(kept) == len(asked)
    known = dict(kept)
    assert [ask(query) for query in reversed(asked)] == answers[::-1]
    assert all(kept[step] is encoder for step, encoder in known.items())
    kept.clear()
    ask("format=arrow")
    assert not kept
    for first in range(40):
        ask(f"format=arrow&first={first}&count=1")
    assert 1 < len(kept) <= traces._MOST_STEPS
