"""One address cannot take the whole server, and says for itself which one it is only to a listed proxy."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.middleware.addresses import _network
from tests.app.serving import Served, serve

LARGE = {
    "input": {"sample": "harbour", "size": [1000, 1000]},
    "operation": {"type": "conv2d", "filter": "sobel_x"},
}


@contextlib.contextmanager
def occupied(served: Served, count: int, **headers: str) -> Iterator[str]:
    """So many streams are open; what they are of."""
    url = served.trace(**LARGE)["url"]
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            client = stack.enter_context(httpx.Client(base_url=served.client.base_url, headers=headers))
            answer = stack.enter_context(client.stream("GET", f"{url}/positions"))
            assert answer.status_code == 200
        yield url


def test_an_address_has_its_share(tmp_path: Path) -> None:
    with serve(tmp_path, address_requests=2, proxies=["127.0.0.1"]) as served:
        with occupied(served, 2) as url:
            refused = served.client.get(url)
            assert refused.status_code == 429
            assert refused.headers["content-type"] == "application/problem+json"
            assert refused.headers["retry-after"] == "1"
            for free in ("/healthz", "/readyz"):
                assert served.client.get(free).status_code == 200
            # The proxy says who it is.
            assert served.client.get(url, headers={"x-forwarded-for": "192.0.2.7"}).status_code == 200
        for _ in range(2000):  # each turn lets the server notice that they have gone
            if served.client.get(url).status_code == 200:
                break
        else:
            pytest.fail("the share has not come free")


def test_nobody_else_is_believed(tmp_path: Path) -> None:
    with (
        serve(tmp_path, address_requests=2, proxies=["192.0.2.1"]) as served,
        occupied(served, 2, **{"x-forwarded-for": "192.0.2.8"}) as url,
    ):
        for forged in ("192.0.2.7", "192.0.2.1", "127.0.0.1, 192.0.2.1", "::1"):
            headers = {"x-forwarded-for": forged, "x-real-ip": forged, "forwarded": f"for={forged}"}
            assert served.client.get(url, headers=headers).status_code == 429


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix:", "unix:"),
        ("", ""),
    ],
)
def test_what_counts_as_one_address(address: str, counted: str) -> None:
    assert _network(address) == counted
