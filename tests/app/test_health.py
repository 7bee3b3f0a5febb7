"""What operators ask: whether the server can take requests, and what its store can do."""

from pathlib import Path

from tests.app.serving import Served, serve


def readiness(served: Served) -> tuple[int, str]:
    """The status, and what the store can do or why nothing can be done."""
    answer = served.client.get("/readyz")
    if answer.status_code == 200:
        assert answer.json()["status"] == "ready"
        return 200, answer.json()["store"]
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["detail"]


def test_a_store_that_turns_out_to_be_broken(tmp_path: Path) -> None:
    with serve(tmp_path) as served:
        assert readiness(served) == (200, "ok")
        with served.services.store._database._connection() as connection:  # type: ignore[attr-defined]
            connection.execute("DROP TABLE entry")
        assert served.client.get("/api/v1/images/0").status_code == 503
        broken = "server: the store is broken; it begins anew when the server does"
        assert readiness(served) == (503, broken)
        assert served.client.get("/healthz").status_code == 200
    with serve(tmp_path) as served:
        assert readiness(served) == (200, "new")
    with serve(tmp_path) as served:
        assert readiness(served) == (200, "ok")


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    with serve(tmp_path, store_free_bytes=1 << 60) as served:
        assert readiness(served) == (200, "full")


def test_a_line_that_is_full(tmp_path: Path) -> None:
    with serve(tmp_path) as served:
        served.services.compute.waiting += served.services.compute._most_waiting
        assert readiness(served)[0] == 503
        assert served.client.get("/healthz").status_code == 200
        served.services.compute.waiting -= served.services.compute._most_waiting
        assert readiness(served)[0] == 200
