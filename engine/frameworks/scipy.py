"""SciPy: scipy.signal for convolutions, scipy.ndimage for pools. Channels last.

Neither knows strides, dilations or output channels: outputs are sliced, kernels have zeros put in, and each
output channel is a call of its own.
"""

import numpy as np
from numpy.typing import NDArray

from engine.frameworks import arrays, calls
from engine.frameworks.calls import Call, Part, each_side, pair, rule, text, tokens
from engine.frameworks.framework import Framework, Shape
from engine.frameworks.pads import pads
from engine.frameworks.programs import arrays_of, program, tolerance
from engine.geometry import Geometry
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, DepthwiseConv2D, MaxPool2D, Operation


def spell(spec: Operation, geometry: Geometry, shape: Shape) -> Call:
    del shape
    match spec:
        case Conv2D() | DepthwiseConv2D():
            found = _convolution(spec, geometry)
        case Conv2DTranspose():
            found = _transposed(spec, geometry)
        case MaxPool2D() | AvgPool2D():
            found = _pool(spec, geometry)
    return Call(tokens(*arrays.finished(spec, found)), arrays.notes("SciPy", spec))


def snippet(
    spec: Operation,
    geometry: Geometry,
    input: NDArray[np.generic],  # noqa: A002
    output: NDArray[np.float32],
) -> str | None:
    if not np.isfinite(input).all():
        return None  # zeros between the cells of a kernel are multiplied too
    batch, height, width, channels = input.shape
    named = arrays_of(spec, input, "kernel")
    body = f"output = {spell(spec, geometry, (batch, height, width, channels)).text}"
    imports = ["import scipy.ndimage" if isinstance(spec, MaxPool2D | AvgPool2D) else "import scipy.signal"]
    return program(imports, named, body, output, tolerance(spec, input))


def _stacked(parts: list[Part], out_channels: int) -> list[Part]:
    """`parts` once for each output channel o."""
    if out_channels == 1:
        return parts
    return ["np.concatenate([", *parts, f" for o in range({out_channels})], axis=3)"]


def _convolution(spec: Conv2D | DepthwiseConv2D, geometry: Geometry) -> list[Part]:
    output = "o" if spec.out_channels > 1 else "0"
    source = arrays.filled(spec, geometry)
    kernel: Part
    if isinstance(spec, DepthwiseConv2D):
        multiplier = spec.kernel.shape[3]
        own = f"{output} // {multiplier}" if multiplier > 1 else output
        which = f"{output} % {multiplier}" if multiplier > 1 else "0"
        source = [*source, f"[..., [{own}]]"]
        kernel = f"{arrays.kernel(spec)}[np.newaxis, :, :, [{own}], {which}]"
    else:
        kernel = f"{arrays.kernel(spec)}[np.newaxis, ..., {output}]"
        if spec.groups > 1:
            each = spec.out_channels // spec.groups
            group = f"{output} // {each}" if each > 1 else output
            start = f"{group} * {spec.group_channels}"
            source = [*source, f"[..., {start}:][..., :{spec.group_channels}]"]
    sums: list[Part] = [
        "scipy.signal.", calls.operation("correlate"), "(", *source, ", ", *_dilated(spec, geometry, kernel),
        ", mode='valid', method='direct')[:, ", *arrays.strided(spec, geometry), "]",
    ]  # fmt: skip
    return _stacked(sums, spec.out_channels)


def _dilated(spec: Operation, geometry: Geometry, kernel: Part) -> list[Part]:
    """A kernel, [1, height, width, channels], with zeros between its cells where there is a dilation."""
    y, x = spec.dilations
    if y == x == 1:
        return [kernel]
    height, width = arrays.spans(geometry)
    shown = pair("dilations", spec.dilations)
    return ["np.kron(", kernel, ", ", *arrays.hole(shown[0], shown[2], y * x), f")[:, :{height}, :{width}]"]


def _transposed(spec: Conv2DTranspose, geometry: Geometry) -> list[Part]:
    output = "o" if spec.out_channels > 1 else "0"
    each = spec.kernel.shape[2]
    stuffed = arrays.stuffed(spec, geometry)
    place, first = output, "i"
    if spec.groups > 1:
        place = f"{output} % {each}" if each > 1 else "0"
        group = f"{output} // {each}" if each > 1 else output
        first = f"{group} * {spec.group_channels} + i"
    kernel = f"{arrays.kernel(spec)}[np.newaxis, :, :, [{place}], {first}]"
    # A window of 'valid' is turned by convolve: as each stamp lies.
    stamps: list[Part] = [
        "scipy.signal.", calls.operation("convolve"), "(", *stuffed, f"[..., [{first}]], ",
        *_dilated(spec, geometry, kernel), ", mode='valid', method='direct')[:",
        *arrays.cropped(spec, geometry), "]",
    ]  # fmt: skip
    return _stacked(["sum(", *stamps, f" for i in range({spec.group_channels}))"], spec.out_channels)


def _pool(spec: MaxPool2D | AvgPool2D, geometry: Geometry) -> list[Part]:
    """Windows that begin at their own place: the origin of each is at its start."""
    size = (geometry.y.kernel_size, geometry.x.kernel_size)
    spans = arrays.spans(geometry)
    origin = f"(0, {-(spans[0] // 2)}, {-(spans[1] // 2)}, 0)"
    shown_size = pair("kernel_size", size)
    footprint = _dilated(spec, geometry, ["np.ones((1, ", *shown_size, ", 1))"])
    ends = [str((axis.output_size - 1) * axis.step + 1) for axis in (geometry.y, geometry.x)]
    strides = pair("strides", spec.strides)
    cut: list[Part] = [f"[:, :{ends[0]}:", strides[0], f", :{ends[1]}:", strides[2], "]"]
    sides = pads(geometry)
    shown = each_side(spec.padding, sides)
    beyond = arrays.overhang(geometry)
    more = (0, beyond[0], 0, beyond[1])
    if isinstance(spec, MaxPool2D):
        source = [*arrays.padded("input", shown, sides, ", constant_values=-np.inf"), rule("")]
        source = arrays.padded(source, [str(one) for one in more], more, ", constant_values=-np.inf")
        return [
            "scipy.ndimage.", calls.operation("maximum_filter"), "(", *source, ", footprint=", *footprint,
            f", origin={origin})", *cut,
        ]  # fmt: skip
    called: list[Part] = ["scipy.ndimage.", calls.operation("correlate"), "("]
    rest: list[Part] = [", ", *footprint, f", origin={origin})", *cut]
    source = [*arrays.padded("input", shown, sides), rule("")]
    source = arrays.padded(source, [str(one) for one in more], more)
    if not any(beyond) and (spec.count_include_pad or not any(sides)):
        return [*called, *source, *rest, f" / {size[0] * size[1]}"]
    inside = ", constant_values=1" if spec.count_include_pad else ""
    ones = arrays.padded("np.ones_like(input)", [str(one) for one in sides], sides, inside)
    ones = arrays.padded(ones, [str(one) for one in more], more)
    return [*called, *source, *rest, " / scipy.ndimage.correlate(", *ones, text(*rest)]


SCIPY = Framework("scipy", "SciPy", "scipy", "1.17.1", "NHWC", spell, snippet)
