"""What can be known of the container image without building it; `make image` builds it."""

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

from app.settings import Settings
from tests.app.serving import serve

ROOT = Path(__file__).parent.parent.parent
DOCKERFILE = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text("utf-8"))
FINAL_STAGE = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]


def instruction(name: str) -> str:
    (found,) = re.findall(rf"^{name} (.*)$", FINAL_STAGE, re.MULTILINE)
    return str(found)


def test_the_linter_has_nothing_to_say() -> None:
    hadolint = Path(sys.executable).parent / "hadolint"
    found = subprocess.run([hadolint, "Dockerfile"], cwd=ROOT, capture_output=True, encoding="utf-8")
    assert found.returncode == 0, found.stdout


def test_nobody_is_root() -> None:
    # A number, so that an orchestrator can see that it is not 0 without looking into the image.
    assert int(instruction("USER").split(":")[0]) >= 10000


def test_both_stages_stand_on_one_image() -> None:
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) == ["${PYTHON_IMAGE}"] * 2


def test_every_setting_it_makes_exists() -> None:
    settings = dict(re.findall(r"CONVLOUPE_(\w+)=(\S+)", FINAL_STAGE))
    assert {name.lower() for name in settings} <= set(Settings.model_fields)
    assert settings["HOST"] == "0.0.0.0"
    assert settings["DATA_DIR"] == instruction("VOLUME")
    assert settings["PORT"] == instruction("EXPOSE")


def test_it_is_run_with_as_little_as_it_needs() -> None:
    """As the README says; all that is written is in /data and below /tmp."""
    (run,) = re.findall(
        r"^docker run ((?:.*\\\n)*.*)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE
    )
    for flag in (
        "-v convloupe:/data",
        "--read-only",
        "--tmpfs /tmp",
        "--cap-drop ALL",
        "--security-opt no-new-privileges",
        "--memory 1g",
        "--pids-limit 256",
    ):
        assert f"{flag} " in run
    written = dict(re.findall(r"(HOME|TMPDIR|NUMBA_CACHE_DIR|CONVLOUPE_DATA_DIR)=(\S+)", FINAL_STAGE))
    assert written == {
        "HOME": "/tmp",
        "TMPDIR": "/data",  # uploads would else be in memory
        "NUMBA_CACHE_DIR": "/tmp/numba",
        "CONVLOUPE_DATA_DIR": "/data",
    }


def health(port: int) -> int:
    """Exit status of the image's health check against a port of this machine."""
    command = json.loads(re.split(r"\bCMD ", instruction("HEALTHCHECK"))[1])
    assert command[0] == "python"
    environment = {"CONVLOUPE_PORT": str(port)}
    return subprocess.run([sys.executable, *command[1:]], env=environment, capture_output=True).returncode


def test_the_health_check_tells_a_server_from_none(tmp_path: Path) -> None:
    with serve(tmp_path) as served:
        assert health(served.port) == 0
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert health(port) != 0
