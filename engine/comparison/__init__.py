"""The same operation as several libraries pad it: which windows each lays, and where their outputs part."""

from engine.comparison.agreeing import agreeing, spoken
from engine.comparison.compare import Comparison, Difference, Row, compare
from engine.comparison.conventions import CONVENTIONS, Convention, Given, Resolved

__all__ = [
    "CONVENTIONS",
    "Comparison",
    "Convention",
    "Difference",
    "Given",
    "Resolved",
    "Row",
    "agreeing",
    "compare",
    "spoken",
]
