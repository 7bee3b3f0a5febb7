"""Settings of every operation at random, with what each tap lies on found by enumeration.

Nothing here uses the engine's geometry: padding modes are numpy.pad's, windows are laid down one by one, and
stamps are stamped.
"""

from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from engine.errors import EngineError
from engine.geometry import plan
from engine.spec import (
    ACTIVATIONS,
    AvgPool2D,
    Conv2D,
    Conv2DTranspose,
    DepthwiseConv2D,
    MaxPool2D,
    Operation,
    Weighted,
)
from tests.golden import make

Array = np.ndarray[Any, np.dtype[Any]]

MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


class Place(NamedTuple):
    """What one tap lies on and reads along one axis; is_padded: within the padded input."""

    coordinate: int | None
    source: int | None
    is_padded: bool


@dataclass(frozen=True)
class Setting:
    """cells: [height, width, channels]. y, x: the places of each output cell's taps."""

    spec: Operation
    cells: Array
    out_channel: int
    y: list[list[Place]]
    x: list[list[Place]]


def sliding(
    size: int, kernel: int, stride: int, dilation: int, padding: Any, mode: str = "zeros", ceil: bool = False
) -> list[list[Place]]:
    """The windows of one axis, laid down one after the other."""
    before, after = make.pads(size, kernel, stride, dilation, padding)
    extra = {"constant_values": -1} if mode == "zeros" else {}
    sources = np.pad(np.arange(size), (before, after), MODES[mode], **extra).tolist()
    starts = []
    for start in count(0, stride):
        end = start + (kernel - 1) * dilation
        if end >= len(sources):
            # One more in ceil_mode, if the one a stride before would leave padded cells over.
            if ceil and end - stride < len(sources) - 1:
                starts.append(start)
            break
        starts.append(start)
    if ceil and starts[-1:] >= [before + size]:
        starts.pop()
    return [
        [
            Place(tap - before, None if source < 0 else source, tap < len(sources))
            for tap in range(start, start + kernel * dilation, dilation)
            for source in [sources[tap] if tap < len(sources) else -1]
        ]
        for start in starts
    ]


def stamped(
    size: int, kernel: int, stride: int, dilation: int, padding: Any, extra: int, wanted: int | None
) -> list[list[Place]]:
    """The input cells that reach each output cell of a transposed convolution, by stamping them all."""
    full = (size - 1) * stride + (kernel - 1) * dilation + 1
    if padding in ("SAME", "SAME_LOWER"):
        output = size * stride if wanted is None else wanted
        crop = max(full - output, 0)
        before = crop // 2 if padding == "SAME" else (crop + 1) // 2
    else:
        before, after = (0, 0) if padding == "VALID" else padding
        output = full - before - after + extra if wanted is None else wanted
    found = [[Place(None, None, False)] * kernel for _ in range(output)]
    # Cells before and after the input too: their stamps would lie there if there were any.
    for cell in range(-before - kernel * dilation - 1, size + before + output + kernel * dilation):
        for tap in range(kernel):
            place = cell * stride + tap * dilation - before
            if 0 <= place < output:
                found[place][tap] = Place(cell, cell if 0 <= cell < size else None, False)
    return found


def first_channel(setting: Setting) -> int:
    spec, group = setting.spec, 0
    if not isinstance(spec, Weighted):
        return setting.out_channel
    while setting.out_channel >= (group + 1) * (spec.out_channels // spec.groups):
        group += 1
    return group * spec.group_channels


def weight(setting: Setting, channel: int, kernel_y: int, kernel_x: int) -> np.float32:
    """Of the kernel as it lies; `channel` is that of the group."""
    spec, out_channel = setting.spec, setting.out_channel
    if isinstance(spec, MaxPool2D | AvgPool2D):
        return np.float32(1)
    if spec.flip_kernel:
        kernel_y, kernel_x = spec.kernel.shape[0] - 1 - kernel_y, spec.kernel.shape[1] - 1 - kernel_x
    match spec:
        case Conv2D():
            return spec.kernel[kernel_y, kernel_x, channel, out_channel]
        case DepthwiseConv2D():
            multiplier = spec.kernel.shape[3]
            return spec.kernel[kernel_y, kernel_x, out_channel // multiplier, out_channel % multiplier]
        case Conv2DTranspose():
            of_group = out_channel % spec.kernel.shape[2]
            return spec.kernel[kernel_y, kernel_x, of_group, first_channel(setting) + channel]


def random_cells(draw: Any, source: np.random.Generator, shape: tuple[int, ...]) -> Array:
    match draw(st.sampled_from(["uint8", "float32", "small"])):
        case "uint8":
            return source.integers(0, 256, shape, dtype=np.uint8)
        case "float32":
            return source.standard_normal(shape, dtype=np.float32)
        case _:
            return source.integers(-2, 2, shape).astype(np.float32)


@st.composite
def settings(
    draw: Any, operations: tuple[str, ...] = ("conv", "depthwise", "transpose", "max", "avg")
) -> Setting:
    operation = draw(st.sampled_from(operations))
    number = st.integers(1, 3)
    pair = st.tuples(number, number)
    height, width = draw(st.tuples(st.integers(1, 6), st.integers(1, 7)))
    kernel_size, strides, dilations = draw(pair), draw(pair), draw(pair)
    pads = st.tuples(st.integers(0, 3), st.integers(0, 3))
    named = ["SAME", "SAME_LOWER", "VALID"] + ([] if operation == "transpose" else ["FULL"])
    padding = draw(st.sampled_from(named) | st.tuples(pads, pads))
    source = np.random.default_rng(draw(st.integers(0, 2**32)))
    axes: list[Any] = [
        (
            size,
            kernel_size[axis],
            strides[axis],
            dilations[axis],
            padding if isinstance(padding, str) else padding[axis],
        )
        for axis, size in enumerate((height, width))
    ]
    common: dict[str, Any] = {"strides": strides, "dilations": dilations, "padding": padding}
    if operation in ("max", "avg"):
        common["ceil_mode"] = draw(st.booleans())
        channels = draw(number)
        out_channels = channels
        y, x = (sliding(*axis, ceil=common["ceil_mode"]) for axis in axes)
        if operation == "max":
            spec: Operation = MaxPool2D(kernel_size, **common)
        else:
            spec = AvgPool2D(kernel_size, **common, count_include_pad=draw(st.booleans()))
    else:
        common |= {
            "flip_kernel": draw(st.booleans()),
            "activation": draw(st.sampled_from([None, *ACTIVATIONS])),
        }
        groups, ins, outs = draw(st.integers(1, 2)), draw(number), draw(number)
        channels, out_channels = groups * ins, groups * outs
        if operation == "depthwise":
            channels, out_channels = ins, ins * outs
        bias = draw(st.sampled_from([None, source.standard_normal(out_channels)]))
        if operation == "transpose":
            kernel = source.standard_normal((*kernel_size, outs, channels))
            extra = (0, 0)
            if padding not in ("SAME", "SAME_LOWER"):
                extra = tuple(
                    draw(st.integers(0, max(strides[axis], dilations[axis]) - 1)) for axis in (0, 1)
                )
            spec = Conv2DTranspose(kernel, bias, groups=groups, output_padding=extra, **common)
            y, x = (stamped(*axis, extra[index], None) for index, axis in enumerate(axes))
        else:
            room = min(size - max(make.pads(size, *rest)) for size, *rest in axes)
            mode = draw(
                st.sampled_from(
                    ["zeros", "replicate", *["circular"] * (room >= 0), *["reflect"] * (room > 0)]
                )
            )
            y, x = (sliding(*axis, mode) for axis in axes)
            if operation == "conv":
                kernel = source.standard_normal((*kernel_size, ins, out_channels))
                spec = Conv2D(kernel, bias, groups=groups, padding_mode=mode, **common)
            else:
                kernel = source.standard_normal((*kernel_size, ins, outs))
                spec = DepthwiseConv2D(kernel, bias, padding_mode=mode, **common)
    cells = random_cells(draw, source, (height, width, channels))
    try:
        plan(spec, height, width)
    except EngineError:
        # Which settings are refused is tested elsewhere; none that has an answer may be.
        assert operation in ("max", "avg", "transpose") or not y or not x
        assume(False)
    return Setting(spec, cells, draw(st.integers(0, out_channels - 1)), y, x)
