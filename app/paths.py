"""Where the templates and the static files are."""

from pathlib import Path


def bundled(name: str) -> Path:
    """The folder `name` ("templates" or "static"): beside this file in a wheel, else in the repository."""
    installed = Path(__file__).parent / name
    return installed if installed.is_dir() else Path(__file__).parent.parent / name
