"""Writes geometry.json, which the Python and the TypeScript geometry are both tested against.

Run `python -m tests.golden.make` from the root of the project. Nothing here imports the engine, and nothing
here uses its closed formulas: pads are found by adding one cell at a time and outputs by laying the window
down and looking whether it fits, so that an error in a formula cannot repeat itself in the file that is meant
to find it.

`cases` have the keys of the HTTP API's geometry of one axis. `refusals` are windows that do not fit; they
give the two numbers that the message must name. `modes` are cases whose padding reads the input, `ceilings`
cases whose last window may overhang the padded input. `stamps` are axes of transposed convolutions, whose
`readers` are, for each output cell, the input cells that reach it and with which tap.
"""

import json
import random
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("geometry.json")

Padding = str | tuple[int, int]

PADDINGS: list[Padding] = ["SAME", "SAME_LOWER", "VALID", "FULL", (0, 1), (1, 0), (2, 1), (1, 3), (0, 5)]

# Cases that a person would ask for, kept whatever the random choice below takes.
CHOSEN: list[tuple[int, int, int, int, Padding]] = [
    (4, 3, 1, 1, "SAME"),
    (4, 3, 2, 1, "SAME"),
    (4, 3, 1, 1, "VALID"),
    (64, 3, 1, 1, "SAME"),
    (64, 3, 2, 1, "VALID"),
    (57, 7, 2, 1, (3, 3)),
    (31, 5, 3, 2, "SAME"),
    (29, 4, 3, 2, "SAME_LOWER"),
    (23, 2, 5, 1, "SAME"),
    (23, 3, 1, 11, "SAME"),
    (17, 4, 1, 1, "FULL"),
    (1, 1, 1, 1, "VALID"),
    (6, 5, 1, 2, "VALID"),
    (5, 3, 1, 4, (1, 1)),
    (2, 3, 1, 1, (0, 0)),
]


def windows(cells: list[int], kernel_size: int, stride: int, dilation: int) -> Iterator[list[int]]:
    """Every window that lies wholly on `cells`, the padded axis written as input coordinates."""
    for start in range(0, len(cells), stride):
        places = [start + tap * dilation for tap in range(kernel_size)]
        if places[-1] < len(cells):
            yield [cells[place] for place in places]


def pads(input_size: int, kernel_size: int, stride: int, dilation: int, padding: Padding) -> tuple[int, int]:
    if isinstance(padding, tuple):
        return padding
    if padding == "VALID":
        return 0, 0
    if padding == "FULL":
        # As far out as a window can start and still touch the input with its last tap.
        reach = 0
        while [tap * dilation - (reach + 1) for tap in range(kernel_size)][-1] >= 0:
            reach += 1
        return reach, reach
    # SAME: one window for every stride-th input cell; pads grow a cell at a time, the end first, until those
    # windows fit.
    wanted = len(range(0, input_size, stride))
    before = after = 0
    while True:
        cells = list(range(-before, input_size + after))
        if len(list(windows(cells, kernel_size, stride, dilation))) >= wanted:
            break
        if before == after:
            after += 1
        else:
            before += 1
    return (after, before) if padding == "SAME_LOWER" else (before, after)


def case(input_size: int, kernel_size: int, stride: int, dilation: int, padding: Padding) -> dict[str, Any]:
    asked = {
        "input_size": input_size,
        "kernel_size": kernel_size,
        "stride": stride,
        "dilation": dilation,
        "padding": padding,
    }
    span = len(range((kernel_size - 1) * dilation + 1))
    before, after = pads(input_size, kernel_size, stride, dilation, padding)
    cells = list(range(-before, input_size + after))
    found = list(windows(cells, kernel_size, stride, dilation))
    if not found:
        return {**asked, "span": span, "padded_size": len(cells)}
    read = {cell for window in found for cell in window}
    # The cells after the last window: too few for another one.
    leftover = len([cell for cell in cells if cell > found[-1][-1]])
    return {
        **asked,
        "span": span,
        "pad_before": before,
        "pad_after": after,
        "output_size": len(found),
        "leftover": leftover,
        "never_read": [cell for cell in range(input_size) if cell not in read],
        "taps": {
            "first": found[0][0],
            "stride": stride,
            "offsets": [cell - found[0][0] for cell in found[0]],
        },
    }


def beyond(cells: list[int], before: int, after: int, mode: str) -> list[int] | None:
    """What the padded axis reads, by input cell; None where there are too few cells to read."""
    if mode == "replicate":
        return cells[:1] * before + cells + cells[-1:] * after
    shift = 1 if mode == "reflect" else 0
    if max(before, after) > len(cells) - shift:
        return None
    if mode == "reflect":
        return cells[1 : 1 + before][::-1] + cells + cells[::-1][1 : 1 + after]
    return cells[len(cells) - before :] + cells + cells[:after]


def through_padding(one: dict[str, Any], mode: str) -> dict[str, Any] | None:
    """The case with padding that reads the input, as `mode` says."""
    size, before = one["input_size"], one["pad_before"]
    line = beyond(list(range(size)), before, one["pad_after"], mode)
    if line is None:
        return None
    taps = one["taps"]
    read = {
        line[before + taps["first"] + position * taps["stride"] + offset]
        for position in range(one["output_size"])
        for offset in taps["offsets"]
    }
    return {**one, "padding_mode": mode, "never_read": [cell for cell in range(size) if cell not in read]}


def overhanging(one: dict[str, Any]) -> dict[str, Any]:
    """The case in ceil mode: one more window where cells are left over, unless it starts behind the input."""
    size, taps = one["input_size"], one["taps"]
    starts = [taps["first"] + position * taps["stride"] for position in range(one["output_size"])]
    if one["leftover"] > 0:
        starts.append(starts[-1] + taps["stride"])
    if starts[-1] >= size:
        starts.pop()
    cells = list(range(-one["pad_before"], size + one["pad_after"]))
    last = starts[-1] + taps["offsets"][-1]
    read = {start + offset for start in starts for offset in taps["offsets"]}
    return {
        **one,
        "ceil": True,
        "output_size": len(starts),
        "leftover": len([cell for cell in cells if cell > last]),
        "overhang": len([cell for cell in range(last + 1) if cell > cells[-1]]),
        "never_read": [cell for cell in range(size) if cell not in read],
    }


def stamping(
    input_size: int, kernel_size: int, stride: int, dilation: int, padding: Padding, more: int
) -> dict[str, Any] | None:
    """One axis of a transposed convolution: stamps are laid down, then cells cut off or added one at a time.

    None where nothing would be left.
    """
    stamps = [[index * stride + tap * dilation for tap in range(kernel_size)] for index in range(input_size)]
    cells = list(range(stamps[-1][-1] + 1))
    if padding == "SAME":
        wanted = len([step for _ in range(input_size) for step in range(stride)])
        ends = True
        while len(cells) > wanted:
            cells.pop(-1 if ends else 0)
            ends = not ends
        while len(cells) < wanted:
            cells.append(cells[-1] + 1)
    else:
        before, after = (0, 0) if isinstance(padding, str) else padding
        cells = [*cells, *range(len(cells), len(cells) + more)][before:]
        cells = cells[: len(cells) - after]
    if not cells:
        return None
    return {
        "input_size": input_size,
        "kernel_size": kernel_size,
        "stride": stride,
        "dilation": dilation,
        "padding": padding,
        "output_padding": more,
        "output_size": len(cells),
        "crop_before": cells[0],
        "crop_after": stamps[-1][-1] - cells[-1],
        "never_read": [index for index, stamp in enumerate(stamps) if not set(stamp) & set(cells)],
        "readers": [
            [[index, tap] for index, stamp in enumerate(stamps) for tap, at in enumerate(stamp) if at == cell]
            for cell in cells
        ],
    }


def stampings() -> list[dict[str, Any]]:
    grid = product(
        (1, 2, 3, 5, 6),
        (1, 2, 3, 4),
        (1, 2, 3),
        (1, 2, 3),
        ("SAME", "VALID", (0, 1), (1, 0), (2, 1)),
        (0, 1, 2),
    )
    asked = [one for one in grid if one[5] < max(one[2], one[3]) and not (one[4] == "SAME" and one[5] > 0)]
    made = [stamping(*question) for question in random.Random(20260411).sample(asked, 90)]
    return [one for one in made if one is not None]


def everything() -> dict[str, Any]:
    grid = list(product((1, 2, 3, 4, 5, 7, 8, 10, 13), (1, 2, 3, 4, 5), (1, 2, 3, 5), (1, 2, 3), PADDINGS))
    asked = CHOSEN + random.Random(20240601).sample(grid, 420)
    made = [case(*question) for question in dict.fromkeys(asked)]
    fitting = [one for one in made if "taps" in one]
    padded = [one for one in fitting if one["pad_before"] + one["pad_after"] > 0]
    modes = [
        through_padding(one, ("reflect", "replicate", "circular")[index % 3])
        for index, one in enumerate(padded)
    ]
    return {
        "schema": 1,
        "source": "python -m tests.golden.make",
        "cases": fitting,
        "refusals": [one for one in made if "padded_size" in one],
        "modes": [one for one in modes if one is not None][:120],
        "ceilings": [overhanging(one) for one in fitting if one["leftover"] > 0],
        "stamps": stampings(),
    }


def text(golden: dict[str, Any]) -> str:
    """JSON with one case a line, so that a change is a readable diff."""
    lines = [f'"schema": {golden["schema"]}', f'"source": {json.dumps(golden["source"])}']
    lines += [
        f'"{part}": [\n' + ",\n".join(json.dumps(one) for one in golden[part]) + "\n]"
        for part in ("cases", "refusals", "modes", "ceilings", "stamps")
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    PATH.write_text(text(everything()), encoding="utf-8")
