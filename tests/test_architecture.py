"""The import law: who may import whom, as a test.

A layer imports only layers above it in the list; modules of one layer do not import each other, except inside
a package of one name (app/images, app/services, app/routes). A new module has to be given its place here.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "static" / "src"

ENGINE: Sequence[set[str]] = (
    {"errors"},
    {"checks"},
    {"spec"},
    {"padding", "layouts", "presets"},
    {"axes"},
    {"lines"},
    {"geometry"},
    {"inputs", "derivation", "receptive_field", "frameworks"},
    {"activations", "compiled", "reference", "threads"},
    {"backend"},
    {"trace"},
    {"explanation", "provenance", "scatter"},
    {"ops"},
    {"equivalences"},
    {"comparison"},
)
APP: Sequence[set[str]] = (
    {"paths", "memory"},
    {"settings", "errors"},
    {"held"},
    {"arrays", "arrow", "caching", "compression", "database", "middleware"},
    {"logs", "metrics", "hosting"},
    {"connections"},
    {"schemas", "answers"},
    {"wire", "store", "images"},
    {"services"},
    {"routes"},
    {"main"},
    {"cli"},
    {"__main__"},
)
HTTP = (
    "app/errors.py",
    "app/caching.py",
    "app/compression.py",
    "app/middleware/",
    "app/routes/",
    "app/main.py",
)
# Where each outside library may be imported; nowhere else.
ONLY_IN: Mapping[str, Sequence[str]] = {
    "numba": ("engine/compiled/",),
    "llvmlite": ("engine/compiled/",),
    "PIL": ("app/images/",),
    "pydantic": ("app/",),
    "pydantic_settings": ("app/settings.py",),
    "fastapi": HTTP,
    "starlette": HTTP,
    "prometheus_client": ("app/metrics.py",),
    "uvicorn": ("app/cli.py", "app/connections.py"),
    "app": ("app/",),
    "pytest": (),
    "tests": (),
    "static": (),
}


def imported(source: str) -> Iterator[str]:
    """Every absolute module name that `source` imports, at any depth; `from a import b` gives a.b."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def python_sources(package: str, root: Path = ROOT) -> dict[str, str]:
    """File name from the repository's root -> source."""
    return {
        str(path.relative_to(root)): path.read_text("utf-8")
        for path in sorted((root / package).rglob("*.py"))
    }


def layer_breaches(package: str, layers: Sequence[set[str]], sources: Mapping[str, str]) -> list[str]:
    level = {module: depth for depth, layer in enumerate(layers) for module in layer}
    breaches = []
    for file, source in sources.items():
        module = file.split("/")[1].removesuffix(".py")
        if module == "__init__":
            if any(name.split(".")[0] == package for name in imported(source)):
                breaches.append(f"{file} imports from its own package")
        elif module not in level:
            breaches.append(f"{file} has no place in the layers of {package}")
        else:
            for name in imported(source):
                parts = name.split(".")
                ours = parts[0] == package and parts[1] not in {module, "__version__"}
                if ours and level.get(parts[1], 99) >= level[module]:
                    breaches.append(f"{file} imports {package}.{parts[1]}")
    return breaches


def outside_breaches(sources: Mapping[str, str]) -> list[str]:
    return [
        f"{file} imports {name}"
        for file, source in sources.items()
        for name in imported(source)
        if (where := ONLY_IN.get(name.split(".")[0])) is not None and not file.startswith(tuple(where))
    ]


def test_engine_imports_one_way() -> None:
    assert layer_breaches("engine", ENGINE, python_sources("engine")) == []


def test_app_imports_one_way() -> None:
    assert layer_breaches("app", APP, python_sources("app")) == []


def test_outside_libraries_stay_where_they_belong() -> None:
    assert outside_breaches(python_sources("engine") | python_sources("app")) == []


def test_numba_is_never_parallel() -> None:
    # Two threads in a parallel region abort the whole server; engine/threads.py splits rows instead.
    for file, source in python_sources("engine").items():
        keywords = {node.arg for node in ast.walk(ast.parse(source)) if isinstance(node, ast.keyword)}
        assert "parallel" not in keywords, file


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("engine/geometry.py", "from engine import trace"),
        ("engine/compiled/pools.py", "from engine.reference import max_pool"),
        ("engine/reference.py", "def f():\n    import engine.compiled"),
        ("engine/novelty.py", ""),
        ("engine/__init__.py", "from engine import ops"),
    ],
)
def test_a_breach_of_the_layers_is_found(file: str, source: str) -> None:
    assert len(layer_breaches("engine", ENGINE, {file: source})) == 1


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("engine/trace.py", "import numba"),
        ("engine/ops.py", "from app.settings import Settings"),
        ("engine/spec.py", "from pydantic import BaseModel"),
        ("app/services/outputs.py", "from PIL import Image"),
        ("app/services/traces.py", "from fastapi import Request"),
    ],
)
def test_a_library_out_of_place_is_found(file: str, source: str) -> None:
    assert len(outside_breaches({file: source})) == 1


STATEMENT = re.compile(
    r"""^\s*(?:import|export)\s+(?P<type>type\s)?(?:[^;"']*?\sfrom\s+)?"(?P<name>[^"]+)"|import\("(?P<lazy>[^"]+)"\)""",
    re.MULTILINE,
)


def page_imports(file: Path, *, types: bool, lazy: bool = True) -> set[Path]:
    """Our own modules that a TypeScript file imports; with `types`, those it only takes types from too, with
    `lazy`, those it imports when they are wanted.
    """
    found = STATEMENT.finditer(file.read_text(encoding="utf-8"))
    return {
        (file.parent / name).resolve()
        for match in found
        if (name := match["name"] or match["lazy"]).startswith(".")
        and (types or not match["type"])
        and (lazy or not match["lazy"])
    }


def reached(file: Path, *, lazy: bool = True) -> set[Path]:
    """What runs because `file` is imported; with `lazy`, what may run later too."""
    seen: set[Path] = set()
    todo = {file}
    while todo:
        new = page_imports(todo.pop(), types=False, lazy=lazy) - seen
        seen |= new
        todo |= {path for path in new if path.suffix == ".ts"}
    return seen


def names(paths: set[Path], root: Path = PAGE) -> set[str]:
    """First part of each path below static/src: "state", "painters", ..."""
    return {path.relative_to(root).parts[0].removesuffix(".ts") for path in paths}


@pytest.mark.parametrize("name", ["state.ts", "geometry.ts"])
def test_state_and_geometry_import_nothing_of_ours(name: str) -> None:
    assert page_imports(PAGE / name, types=True) == set()


@pytest.mark.parametrize("file", sorted((PAGE / "painters").glob("**/*.ts")), ids=lambda file: file.name)
def test_painters_only_paint(file: Path) -> None:
    forbidden = {"api", "actions", "state", "session", "player", "widgets", "main"}
    assert not names(page_imports(file, types=True) | reached(file)) & forbidden


@pytest.mark.parametrize("file", sorted((PAGE / "widgets").glob("**/*.ts")), ids=lambda file: file.name)
def test_widgets_never_paint(file: Path) -> None:
    # Not what an action opens later: a panel of the drawer draws the figure that is saved.
    assert not names(page_imports(file, types=True) | reached(file, lazy=False)) & {"painters"}


@pytest.mark.parametrize("file", sorted(PAGE.glob("**/*.ts")), ids=lambda file: file.name)
def test_no_module_runs_before_itself(file: Path) -> None:
    assert file not in reached(file, lazy=False), "imports itself in a circle"


def test_every_kind_of_typescript_import_is_seen(tmp_path: Path) -> None:
    source = """
import { signal } from "@preact/signals-core";
import {
  a,
  b,
} from "./a.ts";
import * as c from "../c.ts";
import type { D } from "./d.ts";
import "./e.ts";
export { f } from "./f.ts";
const g = await import("./g.ts");
"""
    file = tmp_path / "x" / "main.ts"
    file.parent.mkdir()
    file.write_text(source)
    assert {path.name for path in page_imports(file, types=True)} == {f"{letter}.ts" for letter in "acdefg"}
    assert {path.name for path in page_imports(file, types=False)} == {f"{letter}.ts" for letter in "acefg"}
    assert {path.name for path in page_imports(file, types=False, lazy=False)} == {
        f"{letter}.ts" for letter in "acef"
    }
