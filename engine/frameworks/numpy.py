"""NumPy: windows as a view, contracted with einsum. Channels last."""

import numpy as np
from numpy.typing import NDArray

from engine.frameworks import arrays, calls
from engine.frameworks.calls import Call, Part, Token, each_side, pair, rule, tokens
from engine.frameworks.framework import Framework, Shape
from engine.frameworks.pads import pads
from engine.frameworks.programs import arrays_of, program, tolerance
from engine.geometry import Geometry
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, DepthwiseConv2D, MaxPool2D, Operation, Weighted


def spell(spec: Operation, geometry: Geometry, shape: Shape) -> Call:
    match spec:
        case Conv2D():
            found = _convolution(spec, geometry)
        case DepthwiseConv2D():
            found = _depthwise(spec, geometry, shape)
        case Conv2DTranspose():
            found = _transposed(spec, geometry)
        case MaxPool2D() | AvgPool2D():
            found = _pool(spec, geometry)
    return Call(tokens(*arrays.finished(spec, found)))


def snippet(
    spec: Operation,
    geometry: Geometry,
    input: NDArray[np.generic],  # noqa: A002
    output: NDArray[np.float32],
) -> str | None:
    if isinstance(spec, AvgPool2D) and not np.isfinite(input).all():
        return None  # nanmean passes over a NaN of the input too
    batch, height, width, channels = input.shape
    named = arrays_of(spec, input, "kernel")
    body = f"output = {spell(spec, geometry, (batch, height, width, channels)).text}"
    imports = ["from numpy.lib.stride_tricks import sliding_window_view"]
    return program(imports, named, body, output, tolerance(spec, input))


def _windows(spec: Operation, geometry: Geometry, source: list[Part], grouped: bool = False) -> list[Part]:
    """[batch, output_height, output_width, channels, kernel_height, kernel_width] of `source`."""
    spans = arrays.spans(geometry)
    dilated = max(spec.dilations) > 1
    size: list[Part] = [f"({spans[0]}, {spans[1]})"]
    if not isinstance(spec, Weighted) and not dilated:
        size = ["(", *pair("kernel_size", spans), ")"]
    between = ", :, :, " if grouped else ", :, "
    return [
        "sliding_window_view(", *source, ", ", *size, ", (1, 2))[:, ",
        *arrays.strided(spec, geometry), between, *arrays.dilated(spec), "]",
    ]  # fmt: skip


def _convolution(spec: Conv2D, geometry: Geometry) -> list[Part]:
    if spec.groups == 1:
        windows = _windows(spec, geometry, arrays.filled(spec, geometry))
        return [
            "np.",
            calls.operation("einsum"),
            "('nyxcij,ijco->nyxo', ",
            *windows,
            f", {arrays.kernel(spec)})",
        ]
    groups = Token(str(spec.groups), "groups")
    sides = pads(geometry)
    around = arrays.filled(spec, geometry, ["input.reshape(*input.shape[:3], ", groups, ", -1)"])
    if any(sides) or not isinstance(spec.padding, str):
        # One axis more: groups, and the channels of each.
        around = _with_axis(around)
    windows = _windows(spec, geometry, around, grouped=True)
    kernel = f"{arrays.kernel(spec)}.reshape(*kernel.shape[:3], {spec.groups}, -1)"
    return [
        "np.", calls.operation("einsum"), "('nyxgcij,ijcgo->nyxgo', ", *windows, f", {kernel})",
        f".reshape(-1, {geometry.output_height}, {geometry.output_width}, {spec.out_channels})",
    ]  # fmt: skip


def _with_axis(around: list[Part]) -> list[Part]:
    return [
        part.replace("), (0, 0))", "), (0, 0), (0, 0))") if isinstance(part, str) else part for part in around
    ]


def _depthwise(spec: DepthwiseConv2D, geometry: Geometry, shape: Shape) -> list[Part]:
    windows = _windows(spec, geometry, arrays.filled(spec, geometry))
    sums: list[Part] = [
        "np.", calls.operation("einsum"), "('nyxcij,ijcm->nyxcm', ", *windows, f", {arrays.kernel(spec)})",
        f".reshape({shape[0]}, {geometry.output_height}, {geometry.output_width}, -1)",
    ]  # fmt: skip
    return sums


def _transposed(spec: Conv2DTranspose, geometry: Geometry) -> list[Part]:
    spans = arrays.spans(geometry)
    windows: list[Part] = [
        "sliding_window_view(", *arrays.stuffed(spec, geometry), f", ({spans[0]}, {spans[1]}), (1, 2))[..., ",
        *arrays.dilated(spec, "-"), "]",
    ]  # fmt: skip
    crop: list[Part] = ["[:", *arrays.cropped(spec, geometry), "]"]
    if spec.groups == 1:
        return [
            "np.", calls.operation("einsum"), "('nyxcij,ijoc->nyxo', ", *windows, f", {arrays.kernel(spec)})",
            *crop,
        ]  # fmt: skip
    # The channels of a group follow one another: the last two axes of the result are group and channel.
    height, width, outputs, _ = spec.kernel.shape
    each = spec.group_channels
    return [
        "np.", calls.operation("einsum"), "('nyxgcij,ijogc->nyxgo', ",
        "np.stack(np.split(", *windows, ", ", Token(str(spec.groups), "groups"), ", 3), 3), ",
        f"{arrays.kernel(spec)}.reshape({height}, {width}, {outputs}, {spec.groups}, {each}))", *crop,
        f".reshape(-1, {geometry.output_height}, {geometry.output_width}, {spec.out_channels})",
    ]  # fmt: skip


def _pool(spec: MaxPool2D | AvgPool2D, geometry: Geometry) -> list[Part]:
    sides = pads(geometry)
    beyond = arrays.overhang(geometry)
    shown = each_side(spec.padding, sides)
    counts = isinstance(spec, AvgPool2D) and spec.count_include_pad
    outside = "-np.inf" if isinstance(spec, MaxPool2D) else "np.nan"
    how = "" if counts else f", constant_values={outside}"
    source = [*arrays.padded("input", shown, sides, how), rule("")]
    if any(beyond):
        sized = (0, beyond[0], 0, beyond[1])
        source = arrays.padded(source, [str(one) for one in sized], sized, f", constant_values={outside}")
    missing = any(beyond) or (any(sides) and not counts)
    name = "max" if isinstance(spec, MaxPool2D) else "nanmean" if missing else "mean"
    return ["np.", calls.operation(name), "(", *_windows(spec, geometry, source), ", (4, 5))"]


NUMPY = Framework("numpy", "NumPy", "numpy", "2.4.6", "NHWC", spell, snippet)
