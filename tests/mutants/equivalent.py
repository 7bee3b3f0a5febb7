"""Faults that are none: no answer changes by them. They are not counted; each has its reason."""

# File -> (a line, what a fault makes of it, why nothing can notice).
EQUIVALENT: dict[str, list[tuple[str, str, str]]] = {
    "engine/geometry.py": [
        *(
            ('axis: Axis = "y" if index == 0 else "x"', line, "there are two axes, 0 and 1")
            for line in (
                'axis: Axis = "y" if index <= 0 else "x"',
                'axis: Axis = "y" if index < 1 else "x"',
                'axis: Axis = "y" if index is 0 else "x"',
            )
        ),
    ],
    "engine/axes.py": [
        (
            "high = min(self.output_size - 1, (self.input_size - 1 - start) // self.stride)",
            "high = min(self.output_size - 1, (self.input_size ** 1 - start) // self.stride)",
            "of the cell behind the input nothing is marked: a slice ends with its array",
        ),
    ],
    "app/services/limits.py": [
        *(
            ('if axis.padding_mode != "zeros" and pads > settings.padding:', line, "zeros is the last mode")
            for line in (
                'if axis.padding_mode < "zeros" and pads > settings.padding:',
                'if axis.padding_mode is not "zeros" and pads > settings.padding:',
            )
        ),
    ],
    "app/store.py": [
        (
            "return (found[0][0], found[0][1]) if found else None",
            "return (found[ -1][0], found[0][1]) if found else None",
            "an id is a primary key: there is one row at most",
        ),
        (
            "return (found[0][0], found[0][1]) if found else None",
            "return (found[0][0], found[ -1][1]) if found else None",
            "an id is a primary key: there is one row at most",
        ),
    ],
}
