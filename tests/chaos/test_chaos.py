"""A short form of each row; `make chaos` has the long one."""

from pathlib import Path

import pytest

from tests.chaos.chaos import ROWS, NotHere, prove


@pytest.mark.parametrize("name", ROWS)
def test_the_row_holds(name: str, tmp_path: Path) -> None:
    try:
        proved = prove(name, tmp_path, 1, long=False)
    except NotHere as reason:
        pytest.skip(str(reason))
    assert proved.promise.endswith(".")
    print(proved.figures)
