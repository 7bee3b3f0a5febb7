"""A server for all examples."""

from collections.abc import Iterator

import pytest

from tests.app.serving import Served, serve


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("data")) as served:
        yield served
