"""PyTorch's torch.nn.functional, channels first; its modules are in pytorch_modules."""

import numpy as np
from numpy.typing import NDArray

from engine.frameworks import calls
from engine.frameworks import pytorch_modules as modules
from engine.frameworks.calls import (
    Call,
    Note,
    Part,
    Sides,
    Token,
    activated,
    each_crop,
    each_side,
    flag,
    pair,
    rule,
    side,
    text,
    tokens,
)
from engine.frameworks.framework import Framework, Shape
from engine.frameworks.pads import cropping, is_even, laid_pads, overhangs, pads, reads_input
from engine.frameworks.programs import oihw, one_bias, program, spelled, tolerance
from engine.geometry import Geometry
from engine.layouts import from_nhwc
from engine.spec import (
    AvgPool2D,
    Conv2D,
    Conv2DTranspose,
    DepthwiseConv2D,
    MaxPool2D,
    Operation,
    Padding,
    Weighted,
)

# A bias of more numbers than this is not spelled out.
_FEW = 4


def spell(spec: Operation, geometry: Geometry, shape: Shape) -> Call:
    match spec:
        case Conv2D() | DepthwiseConv2D():
            return _convolution(spec, geometry)
        case Conv2DTranspose():
            return _transposed(spec, geometry)
        case MaxPool2D():
            return _largest(spec, geometry)
        case AvgPool2D():
            return _average(spec, geometry, shape)


def all_sides(padding: Padding, sides: Sides) -> list[Part]:
    """The argument of F.pad: the last axis first."""
    top, bottom, left, right = each_side(padding, sides)
    return [left, ", ", right, ", ", top, ", ", bottom]


def even_sides(padding: Padding, sides: Sides) -> list[Part]:
    """The value of the argument `padding`, when both sides of an axis are the same."""
    if isinstance(padding, str):
        return [rule(f"({sides[0]}, {sides[2]})")]
    return ["(", side(sides, 0, 1), ", ", side(sides, 2, 3), ")", rule("")]


def _float(number: float) -> str:
    """A literal that is a float whatever the value: torch refuses a bias of integers."""
    return f"{int(number)}." if number == int(number) else spelled(number)


def _bias(spec: Weighted) -> str:
    value = _biases(spec)
    return f"bias={value}, " if value else ""


def _biases(spec: Weighted) -> str:
    """A number for each output channel, spelled out where they are few; nothing for none."""
    one = one_bias(spec)
    if one is None:
        return "bias"
    if not one:
        return ""
    if spec.out_channels > _FEW:
        return f"torch.full(({spec.out_channels},), {_float(one)})"
    return f"torch.tensor([{', '.join([_float(one)] * spec.out_channels)}])"


def _weight(spec: Weighted) -> str:
    return "weight.flip(2, 3), " if spec.flip_kernel else "weight, "


def _groups(spec: Weighted) -> list[Part]:
    if spec.groups == 1:
        return []
    # Of a depthwise convolution they follow from the channels.
    number = str(spec.groups) if isinstance(spec, DepthwiseConv2D) else Token(str(spec.groups), "groups")
    return [", groups=", number]


def _convolution(spec: Conv2D | DepthwiseConv2D, geometry: Geometry) -> Call:
    sides = pads(geometry)
    reads = reads_input(spec, sides)
    source: list[Part] = ["input"]
    padding = even_sides(spec.padding, sides)
    if reads or not is_even(sides):
        mode = f", mode='{spec.padding_mode}'" if reads else ""
        source = ["F.pad(input, (", *all_sides(spec.padding, sides), ")", mode, ")"]
        padding = [rule("0")]
    call: list[Part] = [
        "F.", calls.operation("conv2d"), "(", *source, ", ", _weight(spec), _bias(spec),
        "stride=(", *pair("strides", spec.strides), "), padding=", *padding,
        ", dilation=(", *pair("dilations", spec.dilations), ")", *_groups(spec), ")",
    ]  # fmt: skip
    module = modules.convolution(spec, sides, _biases(spec))
    return Call(tokens(*activated(spec, "torch.", call)), also=_if_any(module))


def _if_any(module: str | None) -> tuple[str, ...]:
    return () if module is None else (module,)


def _transposed(spec: Conv2DTranspose, geometry: Geometry) -> Call:
    """Torch crops both sides of an axis alike; a pad of less than nothing crops them apart."""
    sides, cells = cropping(spec, geometry)
    rows, columns = calls.added(spec, cells)
    added: list[Part] = [", output_padding=(", rows, ", ", columns, ")"]
    if spec.padding in ("SAME", "SAME_LOWER") and cells == (0, 0):
        added = []
    lopsided = not is_even(sides)
    padding = [rule("0")] if lopsided else even_sides(spec.padding, sides)
    call: list[Part] = [
        "F.", calls.operation("conv_transpose2d"), "(input, ", _weight(spec), _bias(spec),
        "stride=(", *pair("strides", spec.strides), "), padding=", *padding, *added, *_groups(spec),
        ", dilation=(", *pair("dilations", spec.dilations), "))",
    ]  # fmt: skip
    if lopsided:
        top, bottom, left, right = each_crop(spec.padding, sides)
        call = ["F.pad(", *call, ", (", left, ", ", right, ", ", top, ", ", bottom, "))"]
    module = modules.transposed(spec, sides, cells, _biases(spec))
    return Call(tokens(*activated(spec, "torch.", call)), also=_if_any(module))


def _window(spec: MaxPool2D | AvgPool2D, geometry: Geometry) -> list[Part]:
    size = pair("kernel_size", (geometry.y.kernel_size, geometry.x.kernel_size))
    return [", kernel_size=(", *size, "), stride=(", *pair("strides", spec.strides), "), padding="]


def _fits(geometry: Geometry, sides: Sides) -> bool:
    """Torch pads a pool by half of its window at most, and both sides of an axis alike."""
    height, width = geometry.y.kernel_size, geometry.x.kernel_size
    return is_even(sides) and 2 * sides[0] <= height and 2 * sides[2] <= width


def _largest(spec: MaxPool2D, geometry: Geometry) -> Call:
    sides = pads(geometry)
    source: list[Part] = ["input"]
    padding = even_sides(spec.padding, sides)
    if not _fits(geometry, sides):
        # To ceil_mode these cells are the input's own, so that what it overhangs is among them.
        source = [
            "F.pad(input, (",
            *all_sides(spec.padding, laid_pads(geometry, spec.ceil_mode)),
            "), value=-torch.inf)",
        ]
        padding = [rule("0")]
    call: list[Part] = [
        "F.", calls.operation("max_pool2d"), "(", *source, *_window(spec, geometry), *padding,
        ", dilation=(", *pair("dilations", spec.dilations), "), ceil_mode=",
        flag("ceil_mode", spec.ceil_mode), ")",
    ]  # fmt: skip
    fits = _fits(geometry, sides)
    return Call(tokens(*call), also=(modules.pool(spec, geometry, sides),) if fits else ())


def _average(spec: AvgPool2D, geometry: Geometry, shape: Shape) -> Call:
    sides, laid = pads(geometry), laid_pads(geometry, spec.ceil_mode)
    source: list[Part] = ["input"]
    padding = even_sides(spec.padding, sides)
    dilations: list[Part] = []
    notes = []
    if max(spec.dilations) > 1:
        dilations = [", dilation=(", *pair("dilations", spec.dilations), ")"]
        said = "PyTorch has no dilation in an average pool."
        notes.append(Note("no_average_dilation", said, "refuses"))
    if not _fits(geometry, sides):
        source = ["F.pad(input, (", *all_sides(spec.padding, laid), "))"]
        padding = [rule("0")]
        if not spec.count_include_pad:
            said = "PyTorch averages over these sides as if they were zeros of the input."
            notes.append(Note("average_of_sides", said, "differs"))
        elif overhangs(geometry):
            said = "PyTorch averages over what the last window overhangs, where it was padded beforehand."
            notes.append(Note("average_of_overhang", said, "differs"))
    call: list[Part] = [
        "F.", calls.operation("avg_pool2d"), "(", *source, *_window(spec, geometry), *padding, *dilations,
        ", ceil_mode=", flag("ceil_mode", spec.ceil_mode),
        ", count_include_pad=", flag("count_include_pad", spec.count_include_pad), ")",
    ]  # fmt: skip
    if notes:
        return Call(tokens(*call), tuple(notes), _divided(spec, geometry, shape[3]))
    fits = _fits(geometry, sides)
    return Call(tokens(*call), also=(modules.pool(spec, geometry, sides),) if fits else ())


def _divided(spec: AvgPool2D, geometry: Geometry, channels: int) -> str:
    """The sum of the padded input over the number of cells that count, both as convolutions with ones."""
    sides, laid = pads(geometry), laid_pads(geometry)
    counted = "torch.ones_like(input)"
    beyond = laid
    if spec.count_include_pad:
        top, bottom, left, right = (min(given, needed) for given, needed in zip(sides, laid, strict=True))
        counted = f"F.pad({counted}, ({left}, {right}, {top}, {bottom}), value=1.)"
        beyond = laid[0] - top, laid[1] - bottom, laid[2] - left, laid[3] - right
    window = f"stride={spec.strides}, dilation={spec.dilations}, groups={channels}"
    return "\n".join(
        [
            f"ones = torch.ones({channels}, 1, {geometry.y.kernel_size}, {geometry.x.kernel_size})",
            f"cells = F.pad(input, ({text(*all_sides('VALID', laid))}))",
            f"counted = F.pad({counted}, ({text(*all_sides('VALID', beyond))}))",
            f"output = F.conv2d(cells, ones, {window}) / F.conv2d(counted, ones, {window})",
        ]
    )


def snippet(
    spec: Operation,
    geometry: Geometry,
    input: NDArray[np.generic],  # noqa: A002
    output: NDArray[np.float32],
) -> str | None:
    batch, height, width, channels = input.shape
    call = spell(spec, geometry, (batch, height, width, channels))
    lines = [f"output = {call.text}" if call.instead is None else call.instead]
    arrays: dict[str, NDArray[np.generic]] = {"input": from_nhwc(input, "NCHW")}
    if isinstance(spec, Weighted):
        arrays["weight"] = oihw(spec)
        if one_bias(spec) is None:
            arrays["bias"] = spec.biases
    tensors = ", ".join(arrays)
    lines.insert(
        0,
        f"{tensors} = map(torch.from_numpy, ({tensors}))"
        if len(arrays) > 1
        else "input = torch.from_numpy(input)",
    )
    imports = ["import torch", "import torch.nn.functional as F"]
    if call.also:
        imports.append("from torch import nn")
    # A module's parameters are to be learnt, and what follows from them is detached before it is numbers.
    answers = ["output", *(f"{module}.detach()" for module in call.also)]
    expected = from_nhwc(output, "NCHW")
    return program(imports, arrays, "\n".join(lines), expected, tolerance(spec, input), answers)


PYTORCH = Framework("pytorch", "PyTorch", "torch", "2.13.0", "NCHW", spell, snippet)
