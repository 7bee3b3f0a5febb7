"""Faults that are none: no answer changes by them. They are not counted; each has its reason."""

# File -> (a line, what a fault makes of it, why nothing can notice).
EQUIVALENT: dict[str, list[tuple[str, str, str]]] = {}
