"""Numbers as the page writes them, for sentences. Mirrors static/src/format.ts."""

import math
from decimal import ROUND_HALF_UP, Context, Decimal

# Room for the largest float64 with its decimals.
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)


def spelled(value: float, places: int = 2) -> str:
    """−1,525.25: at most `places` decimals, halves away from zero; what rounds to 0 has no sign."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        digits = "∞"
    else:
        rounded = Decimal(repr(abs(value))).quantize(Decimal(1).scaleb(-places), context=_EXACT)
        digits = f"{rounded:,f}"
        if "." in digits:
            digits = digits.rstrip("0").rstrip(".")
    return f"−{digits}" if value < 0 and digits != "0" else digits


def spelled_index(index: int) -> str:
    """−1, 1023: no thousands separators, as in code."""
    return f"−{-index}" if index < 0 else str(index)


def span_of(word: str, indices: list[int]) -> str:
    """ "rows 49 to 51", "row 50": from the least to the largest of them."""
    low, high = spelled_index(min(indices)), spelled_index(max(indices))
    return f"{word} {low}" if low == high else f"{word}s {low} to {high}"


def counted(count: int, one: str, several: str) -> str:
    """ "One cell is", "5 cells are"; `several` follows the number."""
    return one if count == 1 else f"{count} {several}"
