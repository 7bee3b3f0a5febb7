"""What the engine's tests share."""

import pytest

from engine import backend


@pytest.fixture(params=["reference", "compiled"])
def arithmetic(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Runs the test twice: before the compiled loops are warm, and after."""
    if request.param == "reference":
        monkeypatch.setattr(backend, "_compiled", {})
    else:
        backend.warm()
    assert backend.is_warm() == (request.param == "compiled")
    return str(request.param)
