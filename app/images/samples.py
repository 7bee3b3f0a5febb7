"""The images that come with Convloupe: static/samples, listed in samples.json."""

import json
from dataclasses import dataclass
from pathlib import Path

from app.errors import RefusedError


@dataclass(frozen=True)
class Sample:
    """One sample; height and width in pixels, `origin` says who made it."""

    name: str
    title: str
    file: str
    height: int
    width: int
    channels: int
    origin: str


class Samples:
    """The samples of one folder, read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        listing = json.loads((folder / "samples.json").read_text("utf-8"))
        self.all = tuple(Sample(**entry) for entry in listing)
        self._by_name = {sample.name: sample for sample in self.all}

    def png(self, name: str) -> bytes:
        """The file of a sample."""
        sample = self._by_name.get(name)
        if sample is None:
            raise RefusedError("input.sample", f"is unknown; there are {', '.join(self._by_name)}", name)
        return (self._folder / sample.file).read_bytes()
