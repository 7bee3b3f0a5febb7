"""What a cell of the padding reads: the one place that knows the padding modes."""

from typing import assert_never

from engine.checks import Pair
from engine.errors import EngineError
from engine.spec import PaddingMode


def source(coordinate: int, size: int, mode: PaddingMode) -> int | None:
    """The input index that `coordinate` reads, on an axis of `size` cells; None for a zero.

    As numpy.pad's "reflect", "edge" and "wrap". The pads are trusted to suit the mode.
    """
    if 0 <= coordinate < size:
        return coordinate
    match mode:
        case "zeros":
            return None
        case "reflect":
            return -coordinate if coordinate < 0 else 2 * (size - 1) - coordinate
        case "replicate":
            return 0 if coordinate < 0 else size - 1
        case "circular":
            return coordinate % size
        case _:
            assert_never(mode)


def check_pads(size: int, pads: Pair, mode: PaddingMode, lines: str) -> None:
    """EngineError where an axis of `size` cells has not enough of them to fill the pads (before, after)."""
    longest = max(pads)
    most = {"zeros": longest, "reflect": size - 1, "replicate": longest if size else 0, "circular": size}
    if longest > most[mode]:
        raise EngineError(
            "padding",
            list(pads),
            f"{mode} can fill at most {max(most[mode], 0)} {lines} of padding from an input of {size}; "
            f"{longest} are needed.",
        )
