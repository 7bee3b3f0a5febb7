"""The repository keeps its own promises: pinned locks, a licence, one version."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
PACKAGE_LOCK = ROOT / "static" / "package-lock.json"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_package_is_pinned_by_hash_and_by_nothing_else(lock: Path) -> None:
    text = re.sub(r"#.*", "", lock.read_text("utf-8"))
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host| @ ", text)
    requirements = text.replace("\\\n", " ").strip().splitlines()
    packages = [line for line in requirements if line.strip()]
    assert len(packages) > 5
    for package in packages:
        pinned = r"[a-z0-9-]+==\S+( ; [A-Za-z0-9_'.<>=! ]+)?(\s+--hash=sha256:[0-9a-f]{64})+\s*"
        assert re.fullmatch(pinned, package), package


def test_the_locks_agree() -> None:
    def pins(name: str) -> set[str]:
        return set(
            re.findall(
                r"^\S+==\S+(?: ; [^\\\n]+)?", (ROOT / "requirements" / name).read_text("utf-8"), re.MULTILINE
            )
        )

    assert pins("runtime.lock") | pins("build.lock") <= pins("dev.lock")


def test_what_is_asked_for_is_locked() -> None:
    def asked(requirements: list[str]) -> set[str]:
        return {re.split(r"[\[<>=~; ]", requirement)[0] for requirement in requirements}

    def locked(name: str) -> set[str]:
        return set(
            re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements" / name).read_text("utf-8"), re.MULTILINE)
        )

    project = PROJECT["project"]
    assert asked(project["dependencies"]) <= locked("runtime.lock")
    assert asked(project["optional-dependencies"]["dev"]) <= locked("dev.lock")
    assert asked(PROJECT["build-system"]["requires"]) <= locked("build.lock")
    assert PROJECT["build-system"]["requires"] == PROJECT["dependency-groups"]["build"]


def test_the_package_lock_names_no_registry() -> None:
    lock = json.loads(PACKAGE_LOCK.read_text("utf-8"))
    wanted = json.loads((ROOT / "static" / "package.json").read_text("utf-8"))
    assert lock["packages"][""]["dependencies"] == wanted["dependencies"]
    assert lock["packages"][""]["devDependencies"] == wanted["devDependencies"]
    for name, package in lock["packages"].items():
        package.pop("funding", None)  # whom to thank is not where to fetch
        assert "://" not in json.dumps(package), name
        assert not name or package["integrity"].startswith("sha512-"), name


def test_the_licence_is_there() -> None:
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert licence.startswith("MIT License")
    assert "Convloupe contributors" in licence
    assert PROJECT["project"]["license"] == "MIT"


def test_the_version_is_written_in_one_place() -> None:
    version = PROJECT["project"]["version"]
    for directory in ("app", "engine", "static/src", "templates"):
        for path in (ROOT / directory).rglob("*.*"):
            if path.suffix in {".py", ".ts", ".html"}:
                assert f'"{version}"' not in path.read_text("utf-8"), path


def test_scripts_are_sound_shell() -> None:
    for script in [*ROOT.glob("requirements/*.sh"), *ROOT.glob("tests/image/*.sh")]:
        assert subprocess.run(["sh", "-n", script]).returncode == 0, script
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "run"]).returncode == 0
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100
