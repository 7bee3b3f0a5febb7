"""OpenCV's image filters: one picture, one kernel, the output as large as the input. Channels last.

The anchor is where the kernel is held: padding before the picture. Strides are slices, dilations zeros in the
kernel, and sums over channels are sums of pictures.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.axes import AxisGeometry
from engine.frameworks import arrays, calls
from engine.frameworks.calls import Call, Note, Part, Sides, Token, each_side, pair, rule, text, tokens
from engine.frameworks.framework import Framework, Shape
from engine.frameworks.pads import pads
from engine.frameworks.programs import arrays_of, program, tolerance
from engine.geometry import Geometry
from engine.spec import (
    AvgPool2D,
    Conv2D,
    Conv2DTranspose,
    DepthwiseConv2D,
    MaxPool2D,
    Operation,
    PaddingMode,
)

_BORDERS: Mapping[PaddingMode, str] = {
    "zeros": "cv2.BORDER_CONSTANT",
    "reflect": "cv2.BORDER_REFLECT_101",
    "replicate": "cv2.BORDER_REPLICATE",
    "circular": "cv2.BORDER_WRAP",
}


def spell(spec: Operation, geometry: Geometry, shape: Shape) -> Call:
    match spec:
        case Conv2D() | DepthwiseConv2D():
            found = _convolution(spec, geometry)
        case Conv2DTranspose():
            return _transposed(spec, geometry)
        case MaxPool2D() | AvgPool2D():
            found = _pool(spec, geometry, shape[3])
    return Call(tokens(*arrays.finished(spec, found)), arrays.notes("OpenCV", spec))


def snippet(
    spec: Operation,
    geometry: Geometry,
    input: NDArray[np.generic],  # noqa: A002
    output: NDArray[np.float32],
) -> str | None:
    batch, height, width, channels = input.shape
    call = spell(spec, geometry, (batch, height, width, channels))
    if not call.holds or not np.isfinite(input).all():
        return None  # zeros between the cells of a kernel are multiplied too
    named = arrays_of(spec, input, "kernel")
    body = f"output = np.stack([\n    {call.text}\n    for image in input\n])"
    return program(["import cv2"], named, body, output, tolerance(spec, input))


def _transposed(spec: Conv2DTranspose, geometry: Geometry) -> Call:
    """No call of OpenCV's; the one that comes nearest is the filter whose transpose it is."""
    top, _, left, _ = pads(geometry)
    near = f"(image, cv2.CV_32F, {arrays.kernel(spec)}, anchor=({left}, {top}))"
    call: list[Part] = ["cv2.", calls.operation("filter2D"), near]
    note = Note("no_transposed", "OpenCV has no transposed convolution: its filters only gather.", "refuses")
    return Call(tokens(*call), (note,))


def _convolution(spec: Conv2D | DepthwiseConv2D, geometry: Geometry) -> list[Part]:
    output = "o" if spec.out_channels > 1 else "0"
    mode = spec.padding_mode
    if isinstance(spec, DepthwiseConv2D):
        multiplier = spec.kernel.shape[3]
        channel = f"{output} // {multiplier}" if multiplier > 1 else output
        chosen = f"{channel}, {output} % {multiplier}" if multiplier > 1 else f"{output}, 0"
    else:
        inner = "c" if spec.group_channels > 1 else "0"
        each = spec.out_channels // spec.groups
        group = f"{output} // {each}" if each > 1 else output
        channel = inner if spec.groups == 1 else f"{group} * {spec.group_channels} + {inner}"
        chosen = f"{inner}, {output}"
    source, anchor, border = _placed(spec, geometry, f"image[..., {channel}]", mode)
    kernel = _dilated(spec, geometry, f"{arrays.kernel(spec)}[..., {chosen}]")
    sums: list[Part] = [
        "cv2.", calls.operation("filter2D"), "(", *source, ", cv2.CV_32F, ", *kernel, ", anchor=", *anchor,
        f", borderType={border})", *_cut(spec, geometry),
    ]  # fmt: skip
    if spec.group_channels > 1:
        sums = ["sum(", *sums, f" for c in range({spec.group_channels}))"]
    return [
        "np.dstack([",
        *sums,
        f" for o in range({spec.out_channels})])" if spec.out_channels > 1 else "])",
    ]


def _placed(
    spec: Operation, geometry: Geometry, source: str, mode: PaddingMode, value: str = "0"
) -> tuple[list[Part], list[Part], str]:
    """The picture, the anchor (x, y) and the border.

    A padding by name is said by the anchor and the border, where they can: the output is as large as the
    picture, the anchor within the kernel, and filters do not wrap. Otherwise the picture is padded first.
    """
    sides = pads(geometry)
    top, bottom, left, right = sides
    if isinstance(spec.padding, str) and mode != "circular" and _anchors(spec, geometry):
        return [source], [f"({left}, {top})", rule("")], _BORDERS[mode]
    border = f", cv2.BORDER_CONSTANT, value={value}" if mode == "zeros" else f", {_BORDERS[mode]}"
    beyond = arrays.overhang(geometry)
    shown = each_side(spec.padding, sides)
    if any(beyond):
        below, beside = _more(shown[1], bottom + beyond[0]), _more(shown[3], right + beyond[1])
        shown = shown[0], below, shown[2], beside
    listed: list[Part] = [part for one in shown for part in (", ", one)]
    around: list[Part] = ["cv2.copyMakeBorder(", source, *listed, border, ")", rule("")]
    return around, ["(0, 0)"], "cv2.BORDER_CONSTANT"


def _more(side: Part, cells: int) -> Part:
    """That side with another number of cells."""
    return Token(str(cells), side.field, side.at) if isinstance(side, Token) else str(cells)


def _anchors(spec: Operation, geometry: Geometry) -> bool:
    if isinstance(spec, AvgPool2D) and spec.count_include_pad and any(arrays.overhang(geometry)):
        return False  # padding counts, what overhangs it does not: two kinds of border
    return all(
        isinstance(axis, AxisGeometry)
        and axis.pad_before < axis.span
        and (axis.output_size - 1) * axis.stride < axis.input_size
        for axis in (geometry.y, geometry.x)
    )


def _dilated(spec: Operation, geometry: Geometry, kernel: Part) -> list[Part]:
    y, x = spec.dilations
    if y == x == 1:
        return [kernel]
    height, width = arrays.spans(geometry)
    shown = pair("dilations", spec.dilations)
    hole: list[Part] = [f"np.eye(1, {y * x}).reshape(", shown[0], ", ", shown[2], ")"]
    return ["np.kron(", kernel, ", ", *hole, f")[:{height}, :{width}]"]


def _cut(spec: Operation, geometry: Geometry) -> list[Part]:
    ends = [str((axis.output_size - 1) * axis.step + 1) for axis in (geometry.y, geometry.x)]
    strides = pair("strides", spec.strides)
    return [f"[:{ends[0]}:", strides[0], f", :{ends[1]}:", strides[2], "]"]


def _pool(spec: MaxPool2D | AvgPool2D, geometry: Geometry, channels: int) -> list[Part]:
    size = (geometry.y.kernel_size, geometry.x.kernel_size)
    shown = pair("kernel_size", size)
    ones: list[Part] = ["np.ones((", *shown, "), np.uint8)" if isinstance(spec, MaxPool2D) else "))"]
    kernel = _dilated(spec, geometry, ones)
    cut = _cut(spec, geometry)
    # OpenCV leaves a single channel out.
    restored = "[..., np.newaxis]" if channels == 1 else ""
    if isinstance(spec, MaxPool2D):
        source, anchor, _ = _placed(spec, geometry, "image", "zeros", "[-np.inf] * 4")
        if max(spec.dilations) > 1:
            kernel = [*kernel, ".astype(np.uint8)"]
        return [
            "cv2.", calls.operation("dilate"), "(", *source, ", ", *kernel, ", anchor=", *anchor, ")", *cut,
            restored,
        ]  # fmt: skip
    source, anchor, border = _placed(spec, geometry, "image", "zeros")
    rest: list[Part] = [
        ", cv2.CV_32F, ", *kernel, ", anchor=", *anchor, f", borderType={border})", *cut
    ]  # fmt: skip
    sums: list[Part] = ["cv2.", calls.operation("filter2D"), "(", *source, *rest]
    return [*_divided(spec, geometry, sums, source, rest), restored]


def _divided(
    spec: AvgPool2D, geometry: Geometry, sums: list[Part], source: list[Part], rest: list[Part]
) -> list[Part]:
    sides: Sides = pads(geometry)
    if not any(arrays.overhang(geometry)) and (spec.count_include_pad or not any(sides)):
        return ["(", *sums, f" / {geometry.y.kernel_size * geometry.x.kernel_size})"]
    return ["(", *sums, " / cv2.filter2D(", *_counted(spec, geometry, source), text(*rest), ")"]


def _counted(spec: AvgPool2D, geometry: Geometry, source: list[Part]) -> list[Part]:
    """The picture with a 1 in every cell that counts, padded as the picture is."""
    said = text(*source)
    if not spec.count_include_pad:
        return [said.replace("image", "np.ones_like(image)")]
    top, bottom, left, right = pads(geometry)
    below, beside = arrays.overhang(geometry)
    ones = f"np.ones_like(image), {top}, {bottom}, {left}, {right}, cv2.BORDER_CONSTANT, value=[1] * 4"
    border = f"0, {below}, 0, {beside}, cv2.BORDER_CONSTANT, value=0"
    return [f"cv2.copyMakeBorder(cv2.copyMakeBorder({ones}), {border})"]


OPENCV = Framework("opencv", "OpenCV", "opencv-python-headless", "5.0.0", "NHWC", spell, snippet)
