"""How the numbers of a geometry come about, a step at a time, for people to read.

The numbers themselves are engine.geometry's: nothing is computed from what is written here.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from engine.axes import AxisGeometry, with_numbers
from engine.geometry import Geometry
from engine.spec import AvgPool2D, Conv2DTranspose, MaxPool2D, Operation

_HALVES = {"SAME": ("⌊{} ÷ 2⌋", "⌈{} ÷ 2⌉"), "SAME_LOWER": ("⌈{} ÷ 2⌉", "⌊{} ÷ 2⌋")}


class Step(NamedTuple):
    """One number: symbols = numbers = value.

    symbols: in the names of an axis's fields, of earlier steps, and of the operation's own fields, indexed as
        they are given ("padding[0][1]"). × ÷ − ⌊⌋ ⌈⌉ and max mean what they do in mathematics.
    numbers: the same with the value of each name put in.
    """

    name: str
    symbols: str
    numbers: str
    value: int


def derive(spec: Operation, geometry: Geometry, index: Literal[0, 1]) -> list[Step]:
    """The steps from what was asked to the output size of axis y (0) or x (1), in order."""
    axis = geometry.y if index == 0 else geometry.x
    values = {name: value for name, value in vars(axis).items() if isinstance(value, int)} | _asked(
        spec, index
    )
    if isinstance(axis, AxisGeometry):
        pads = axis.pad_before + axis.pad_after
        values["pad_total"] = pads
        steps = _of_window(spec, axis, index)
    else:
        values["crop_total"] = max(axis.full_size - axis.output_size, 0)
        steps = _of_stamp(spec, index)
    return [Step(name, symbols, with_numbers(symbols, values), values[name]) for name, symbols in steps]


def _asked(spec: Operation, index: Literal[0, 1]) -> dict[str, int]:
    """The operation's own numbers along one axis, under the path that each was given with."""
    asked = {}
    if not isinstance(spec.padding, str):
        asked = {f"padding[{index}][{end}]": pad for end, pad in enumerate(spec.padding[index])}
    if isinstance(spec, Conv2DTranspose):
        asked[f"output_padding[{index}]"] = spec.output_padding[index]
        if spec.output_shape is not None:
            asked[f"output_shape[{index}]"] = spec.output_shape[index]
    return asked


def _of_window(spec: Operation, axis: AxisGeometry, index: Literal[0, 1]) -> Iterator[tuple[str, str]]:
    is_global = isinstance(spec, MaxPool2D | AvgPool2D) and spec.kernel_size == "global"
    if is_global:
        yield "kernel_size", "input_size"
    yield "span", "(kernel_size − 1) × dilation + 1"
    padding = "VALID" if is_global else spec.padding
    if padding in ("SAME", "SAME_LOWER"):
        yield "pad_total", "max((⌈input_size ÷ stride⌉ − 1) × stride + span − input_size, 0)"
    yield from zip(("pad_before", "pad_after"), _ends(padding, "pad_total", index), strict=True)
    yield "output_size", axis.output_symbols
    laid = "(output_size − 1) × stride"
    if axis.overhang:
        yield "overhang", f"{laid} + span − input_size − pad_before − pad_after"
    else:
        yield "leftover", f"input_size + pad_before + pad_after − span − {laid}"


def _of_stamp(spec: Operation, index: Literal[0, 1]) -> Iterator[tuple[str, str]]:
    if not isinstance(spec, Conv2DTranspose):
        raise TypeError(f"{type(spec).__name__} stamps nothing")
    wanted = None if spec.output_shape is None else f"output_shape[{index}]"
    yield "span", "(kernel_size − 1) × dilation + 1"
    yield "full_size", "(input_size − 1) × stride + span"
    before, after = _ends(spec.padding, "crop_total", index)
    if spec.padding in ("SAME", "SAME_LOWER"):
        yield "output_size", wanted or "input_size × stride"
        yield "crop_total", "max(full_size − output_size, 0)"
        yield "crop_before", before
    else:
        yield "crop_before", before
        yield "output_size", wanted or f"full_size − crop_before − {after} + output_padding[{index}]"
    yield "crop_after", "full_size − crop_before − output_size"


def _ends(padding: object, total: str, index: Literal[0, 1]) -> tuple[str, str]:
    """The cells at both ends of an axis: halves of a total, a rule, or what was given."""
    match padding:
        case "SAME" | "SAME_LOWER":
            before, after = _HALVES[str(padding)]
            return before.format(total), after.format(total)
        case "VALID":
            return "0", "0"
        case "FULL":
            return "span − 1", "span − 1"
        case _:
            return f"padding[{index}][0]", f"padding[{index}][1]"
