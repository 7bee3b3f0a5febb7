"""The committed samples are what the drawing code draws, and what the catalog says of them is true."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from static.draw.__main__ import SAMPLES, draw

ENTRIES = json.loads((SAMPLES / "samples.json").read_text(encoding="utf-8"))


def test_every_picture_is_the_one_that_is_drawn() -> None:
    drawn = list(draw())
    assert [entry for entry, _ in drawn] == ENTRIES
    for entry, pixels in drawn:
        with Image.open(SAMPLES / str(entry["file"])) as picture:
            committed = np.asarray(picture)
        assert committed.shape == pixels.shape, entry["name"]
        # One level for the last bit of a square root on another processor.
        assert np.abs(committed.astype(int) - pixels).max() <= 1, entry["name"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["name"])
def test_the_catalog_of_samples_tells_the_truth(entry: dict[str, object]) -> None:
    with Image.open(SAMPLES / str(entry["file"])) as picture:
        assert picture.size == (entry["width"], entry["height"])
        assert picture.mode == {1: "L", 3: "RGB"}[int(str(entry["channels"]))]
        assert all(side % 128 == 0 for side in picture.size), "128, 64, 32 and 16 must divide it"


def test_no_picture_without_an_entry() -> None:
    assert sorted(path.name for path in SAMPLES.iterdir()) == sorted(
        [*(entry["file"] for entry in ENTRIES), "samples.json"]
    )
    assert [entry["name"] for entry in ENTRIES][:3] == ["harbour", "parrot", "tiles"]


def test_where_it_came_from_exists() -> None:
    root = Path(__file__).parent.parent
    for entry in ENTRIES:
        function, _, file = entry["origin"].removeprefix("Drawn by Convloupe: ").partition(" in ")
        assert f"def {function}(" in (root / file).read_text(encoding="utf-8")
