"""Draws the sample images: `python -m static.draw` writes static/samples/*.png and samples.json.

Everything is drawn by the project, from shapes: no photograph, no font, nothing of anybody else's.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image

from static.draw import pictures
from static.draw.board import SIZE, Pixels
from static.draw.harbour import harbour

SAMPLES = Path(__file__).resolve().parent.parent / "samples"

# name, title, channels, what draws it; in the order of the picker.
PICTURES: list[tuple[str, str, int, Callable[[], Pixels]]] = [
    ("harbour", "Harbour", 3, harbour),
    ("parrot", "Parrot", 3, pictures.parrot),
    ("tiles", "Tiles", 3, pictures.tiles),
    ("coins", "Coins", 1, pictures.coins),
    ("star", "Star", 1, pictures.star),
    ("steps", "Steps and points", 1, pictures.steps),
]


def draw() -> Iterator[tuple[dict[str, str | int], Pixels]]:
    """Every sample: its entry of samples.json and its pixels, height x width x 3 or height x width."""
    for name, title, channels, picture in PICTURES:
        pixels = picture()
        entry: dict[str, str | int] = {
            "name": name,
            "title": title,
            "file": f"{name}.png",
            "width": SIZE,
            "height": SIZE,
            "channels": channels,
            "origin": f"Drawn by Convloupe: {picture.__name__} in {picture.__module__.replace('.', '/')}.py",
        }
        yield entry, pixels if channels == 3 else pixels[..., 0]


def main() -> None:
    SAMPLES.mkdir(exist_ok=True)
    entries = []
    for entry, pixels in draw():
        Image.fromarray(pixels).save(SAMPLES / str(entry["file"]), optimize=True)
        entries.append(entry)
    (SAMPLES / "samples.json").write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
