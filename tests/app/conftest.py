"""A server that all tests of this folder share; a test with limits of its own starts one with `serve`."""

from collections.abc import Iterator

import pytest

from tests.app.serving import Served, serve


def pytest_configure(config: pytest.Config) -> None:
    # FastAPI silences this warning while it builds routes, at the first request. Numba, which compiles in
    # another thread, can end that silence at any time, and warnings are errors here.
    config.addinivalue_line("filterwarnings", "ignore::pydantic.warnings.UnsupportedFieldAttributeWarning")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("data")) as served:
        yield served
