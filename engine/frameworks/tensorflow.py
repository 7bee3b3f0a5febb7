"""TensorFlow's tf.nn, channels last."""

import numpy as np
from numpy.typing import NDArray

from engine.axes import AnyAxis, AxisGeometry
from engine.frameworks import calls
from engine.frameworks.calls import Call, Note, Part, Sides, Token, activated, pair, rule, side, tokens
from engine.frameworks.framework import Framework, Shape
from engine.frameworks.pads import is_plain, pads, reads_input
from engine.frameworks.programs import one_bias, program, spelled, tolerance
from engine.geometry import Geometry
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


def spell(spec: Operation, geometry: Geometry, shape: Shape) -> Call:
    match spec:
        case Conv2D() | DepthwiseConv2D():
            return _convolution(spec, geometry)
        case Conv2DTranspose():
            return _transposed(spec, geometry, shape)
        case MaxPool2D() | AvgPool2D():
            return _pool(spec, geometry)


def _padding(padding: Padding, sides: Sides) -> list[Part]:
    """The value of the argument `padding`: a name, or all sides."""
    if padding in ("SAME", "VALID"):
        return [rule(f"'{padding}'")]
    return [*_all_sides(padding, sides), rule("")]


def _all_sides(padding: Padding, sides: Sides) -> list[Part]:
    shown: list[Part] = [str(cells) for cells in sides]
    if not isinstance(padding, str):
        shown = [side(sides, at) for at in range(4)]
    top, bottom, left, right = shown
    return ["[[0, 0], [", top, ", ", bottom, "], [", left, ", ", right, "], [0, 0]]"]


def _filters(spec: Weighted) -> str:
    return "tf.reverse(filters, [0, 1])" if spec.flip_kernel else "filters"


def _bias(spec: Weighted) -> str:
    one = one_bias(spec)
    return " + bias" if one is None else f" + {spelled(one)}" if one else ""


def _convolution(spec: Conv2D | DepthwiseConv2D, geometry: Geometry) -> Call:
    sides = pads(geometry)
    depthwise = isinstance(spec, DepthwiseConv2D)
    beforehand = reads_input(spec, sides)
    source: list[Part] = ["input"]
    padding = _padding(spec.padding, sides)
    notes = []
    if beforehand:
        named = rule("'VALID'" if isinstance(spec.padding, str) else "")
        padding = [named] if isinstance(spec.padding, str) else ["'VALID'", named]
        source = _filled(spec, geometry, sides)
        if spec.padding_mode != "reflect":
            notes.append(
                Note(
                    "no_padding_mode",
                    f"TensorFlow has no {spec.padding_mode} padding: the rows and columns are gathered.",
                    "takes",
                )
            )
    if depthwise and spec.strides[0] != spec.strides[1]:
        notes.append(
            Note("same_stride", "TensorFlow takes the same stride for rows and columns here.", "refuses")
        )
    if depthwise and max(spec.strides) > 1 and max(spec.dilations) > 1:
        notes.append(
            Note("stride_or_dilation", "TensorFlow takes strides or dilations here, not both.", "refuses")
        )
    call: list[Part] = [
        "tf.nn.", calls.operation("depthwise_conv2d" if depthwise else "conv2d"), "(", *source, ", ",
        _filters(spec), ", strides=[1, " if depthwise else ", strides=[", *pair("strides", spec.strides),
        ", 1], padding=" if depthwise else "], padding=", *padding,
        ", dilations=[", *pair("dilations", spec.dilations), "])", _bias(spec),
    ]  # fmt: skip
    return Call(tokens(*activated(spec, "tf.nn.", call)), tuple(notes))


def _filled(spec: Conv2D | DepthwiseConv2D, geometry: Geometry, sides: Sides) -> list[Part]:
    """The input with its padding, which reads the input."""
    if spec.padding_mode == "reflect":
        return ["tf.pad(input, ", *_all_sides(spec.padding, sides), ", mode='REFLECT')"]
    rows = _sources(spec, geometry.y, sides[:2], (0, 1))
    columns = _sources(spec, geometry.x, sides[2:], (2, 3))
    return ["tf.gather(tf.gather(input, ", *rows, ", axis=1), ", *columns, ", axis=2)"]


def _sources(
    spec: Conv2D | DepthwiseConv2D, axis: AnyAxis, sides: tuple[int, int], at: tuple[int, int]
) -> list[Part]:
    """What each row or column of the padded input reads."""
    before, after = sides
    size = axis.input_size
    low: Part = str(-before)
    if not isinstance(spec.padding, str):
        low = ["-", Token(str(before), "padding", at[:1])] if before else Token("0", "padding", at[:1])
    high: Part = (
        str(size + after) if isinstance(spec.padding, str) else Token(str(size + after), "padding", at[1:])
    )
    if spec.padding_mode == "circular":
        return ["tf.range(", low, ", ", high, f") % {size}"]
    return ["tf.clip_by_value(tf.range(", low, ", ", high, f"), 0, {size - 1})"]


def _transposed(spec: Conv2DTranspose, geometry: Geometry, shape: Shape) -> Call:
    stuck = spec.padding in ("SAME", "SAME_LOWER") or spec.output_shape is not None
    sizes: list[Part] = [
        str(size) if stuck else Token(str(size), "output_padding", (at,))
        for at, size in enumerate((geometry.output_height, geometry.output_width))
    ]
    notes = []
    if spec.groups > 1:
        notes.append(
            Note("no_transposed_groups", "TensorFlow has no groups in a transposed convolution.", "refuses")
        )
    if max(spec.dilations) > 1:
        notes.append(Note("no_transposed_dilation", "TensorFlow refuses a dilation here on CPUs.", "refuses"))
    if any(cells >= stride for cells, stride in zip(spec.output_padding, spec.strides, strict=True)):
        notes.append(Note("fewer_added", "TensorFlow adds fewer cells than a stride is long.", "refuses"))
    call: list[Part] = [
        "tf.nn.", calls.operation("conv2d_transpose"), "(input, ", _filters(spec),
        f", output_shape=[{shape[0]}, ", sizes[0], ", ", sizes[1], f", {spec.out_channels}], strides=[",
        *pair("strides", spec.strides), "], padding=", *_padding(spec.padding, pads(geometry)),
        ", dilations=[", *pair("dilations", spec.dilations), "])", _bias(spec),
    ]  # fmt: skip
    return Call(tokens(*activated(spec, "tf.nn.", call)), tuple(notes))


def _pool(spec: MaxPool2D | AvgPool2D, geometry: Geometry) -> Call:
    sides = pads(geometry)
    size = (geometry.y.kernel_size, geometry.x.kernel_size)
    dilated = max(spec.dilations) > 1
    average = isinstance(spec, AvgPool2D)
    counts = isinstance(spec, AvgPool2D) and spec.count_include_pad and not is_plain(sides)
    notes = []
    if any(isinstance(axis, AxisGeometry) and axis.overhang for axis in (geometry.y, geometry.x)):
        notes.append(Note("no_ceil", "TensorFlow has no ceil mode.", "refuses"))
    if dilated and max(spec.strides) > 1:
        notes.append(
            Note(
                "pool_stride_or_dilation",
                "TensorFlow takes strides or dilations in a pool, not both.",
                "refuses",
            )
        )
    if average and not counts and not isinstance(spec.padding, str) and not is_plain(sides):
        notes.append(
            Note(
                "average_of_sides",
                "TensorFlow averages over custom sides as if they were zeros of the input.",
                "differs",
            )
        )
    source: list[Part] = ["tf.pad(input, ", *_all_sides(spec.padding, sides), ")"] if counts else ["input"]
    padding = _padding(spec.padding, sides)
    if counts:
        padding = [rule("'VALID'")] if isinstance(spec.padding, str) else ["'VALID'", rule("")]
    name = "avg_pool2d" if average else "max_pool2d"
    window: list[Part] = ["window_shape=[" if dilated else "ksize=[", *pair("kernel_size", size), "], "]
    if dilated:
        window.append(f"pooling_type='{'AVG' if average else 'MAX'}', ")
    call: list[Part] = [
        "tf.nn.", calls.operation("pool" if dilated else name), "(", *source, ", ", *window,
        "strides=[", *pair("strides", spec.strides), "], padding=", *padding,
        *([", dilations=[", *pair("dilations", spec.dilations), "]"] if dilated else []), ")",
    ]  # fmt: skip
    return Call(tokens(*call), tuple(notes))


def snippet(
    spec: Operation,
    geometry: Geometry,
    input: NDArray[np.generic],  # noqa: A002
    output: NDArray[np.float32],
) -> str | None:
    batch, height, width, channels = input.shape
    call = spell(spec, geometry, (batch, height, width, channels))
    body = f"output = {call.text}" if call.holds else call.instead
    if body is None:
        return None
    arrays: dict[str, NDArray[np.generic]] = {"input": input}
    if isinstance(spec, Weighted):
        arrays["filters"] = spec.kernel
        if one_bias(spec) is None:
            arrays["bias"] = spec.biases
    return program(["import tensorflow as tf"], arrays, body, output, tolerance(spec, input))


TENSORFLOW = Framework("tensorflow", "TensorFlow", "tensorflow", "2.21.0", "NHWC", spell, snippet)
