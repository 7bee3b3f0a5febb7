"""TensorFlow's tf.nn, channels last: convolutions. What its pools take is in tensorflow_pools."""

import numpy as np
from numpy.typing import NDArray

from engine.axes import AnyAxis
from engine.frameworks import calls
from engine.frameworks.calls import Call, Note, Part, Sides, Token, activated, pair, rule, text, tokens
from engine.frameworks.framework import Framework, Shape
from engine.frameworks.pads import cropping, grown, pads, reads_input
from engine.frameworks.programs import added_bias, arrays_of, program, tolerance
from engine.frameworks.tensorflow_pools import all_sides, padding_rule, pool
from engine.geometry import Geometry
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, DepthwiseConv2D, MaxPool2D, Operation, Weighted


def spell(spec: Operation, geometry: Geometry, shape: Shape) -> Call:
    match spec:
        case Conv2D() | DepthwiseConv2D():
            return _convolution(spec, geometry)
        case Conv2DTranspose():
            return _transposed(spec, geometry, shape)
        case MaxPool2D() | AvgPool2D():
            return pool(spec, geometry)


def _filters(spec: Weighted, name: str = "filters") -> str:
    return f"tf.reverse({name}, [0, 1])" if spec.flip_kernel else name


def _convolution(spec: Conv2D | DepthwiseConv2D, geometry: Geometry) -> Call:
    sides = pads(geometry)
    beforehand = reads_input(spec, sides)
    source: list[Part] = ["input"]
    padding = padding_rule(spec.padding, sides)
    if beforehand:
        source = _filled(spec, geometry, sides)
        named = isinstance(spec.padding, str)
        padding = [rule("'VALID'")] if named else ["'VALID'", rule("")]
    notes = []
    if beforehand and spec.padding_mode != "reflect":
        said = f"TensorFlow has no {spec.padding_mode} padding: its rows and columns are gathered."
        notes.append(Note("no_padding_mode", said, "takes"))

    def call(operation: Part, filters: str, strides: list[Part]) -> list[Part]:
        convolved: list[Part] = [
            "tf.nn.", operation, "(", *source, ", ", filters, ", strides=[", *strides, "], padding=",
            *padding, ", dilations=[", *pair("dilations", spec.dilations), "])", added_bias(spec),
        ]  # fmt: skip
        return activated(spec, "tf.nn.", convolved)

    strides = pair("strides", spec.strides)
    if isinstance(spec, Conv2D):
        spoken = call(calls.operation("conv2d"), _filters(spec), strides)
        return Call(tokens(*spoken), tuple(notes), also=_atrous(spec))
    if spec.strides[0] != spec.strides[1]:
        said = "TensorFlow takes the same stride for rows and columns here."
        notes.append(Note("same_stride", said, "refuses"))
    elif max(spec.strides) > 1 and max(spec.dilations) > 1:
        said = "TensorFlow takes strides or dilations here: with both, its output has another shape."
        notes.append(Note("stride_or_dilation", said, "differs"))
    instead = None
    if any(note.kind != "takes" for note in notes):
        grouped = [*spec.kernel_size, 1, spec.out_channels]
        instead = f"output = {text(*call('conv2d', f'tf.reshape({_filters(spec)}, {grouped})', strides))}"
    spoken = call(calls.operation("depthwise_conv2d"), _filters(spec), ["1, ", *strides, ", 1"])
    return Call(tokens(*spoken), tuple(notes), instead)


def _atrous(spec: Conv2D) -> tuple[str, ...]:
    """tf.nn.atrous_conv2d, where it is the same: it has one rate, and neither strides nor groups."""
    rate = spec.dilations[0]
    simple = spec.strides == (1, 1) and spec.groups == 1 and spec.padding in ("SAME", "VALID")
    if not simple or spec.dilations != (rate, rate) or rate == 1 or spec.padding_mode != "zeros":
        return ()
    call = f"tf.nn.atrous_conv2d(input, {_filters(spec)}, rate={rate}, padding='{spec.padding}')"
    return (text(*activated(spec, "tf.nn.", [call, added_bias(spec)])),)


def _filled(spec: Conv2D | DepthwiseConv2D, geometry: Geometry, sides: Sides) -> list[Part]:
    """The input with its padding, which reads the input."""
    if spec.padding_mode == "reflect":
        return ["tf.pad(input, ", *all_sides(spec.padding, sides), ", mode='REFLECT')"]
    rows = _sources(spec, geometry.y, sides[:2], (0, 1))
    columns = _sources(spec, geometry.x, sides[2:], (2, 3))
    return ["tf.gather(tf.gather(input, ", *rows, ", axis=1), ", *columns, ", axis=2)"]


def _sources(
    spec: Conv2D | DepthwiseConv2D, axis: AnyAxis, sides: tuple[int, int], at: tuple[int, int]
) -> list[Part]:
    """What each row or column of the padded input reads."""
    before, size = sides[0], axis.input_size
    end = size + sides[1]
    bounds: list[Part] = [str(-before), ", ", str(end)]
    if not isinstance(spec.padding, str):
        low, high = Token(str(before), "padding", at[:1]), Token(str(end), "padding", at[1:])
        bounds = ["-" if before else "", low, ", ", high]
    if spec.padding_mode == "circular":
        return ["tf.range(", *bounds, f") % {size}"]
    return ["tf.clip_by_value(tf.range(", *bounds, f"), 0, {size - 1})"]


def _transposed(spec: Conv2DTranspose, geometry: Geometry, shape: Shape) -> Call:
    height, width = calls.added(spec, (geometry.output_height, geometry.output_width))
    sides, added = cropping(spec, geometry)
    notes = []
    if spec.groups > 1:
        said = "TensorFlow has no groups in a transposed convolution."
        notes.append(Note("no_transposed_groups", said, "refuses"))
    if max(spec.dilations) > 1:
        notes.append(Note("no_transposed_dilation", "TensorFlow refuses a dilation here on CPUs.", "refuses"))
    if any(cells >= stride for cells, stride in zip(added, spec.strides, strict=True)):
        notes.append(Note("fewer_added", "TensorFlow adds fewer cells than a stride is long.", "refuses"))
    call: list[Part] = [
        "tf.nn.", calls.operation("conv2d_transpose"), "(input, ", _filters(spec),
        f", output_shape=[{shape[0]}, ", height, ", ", width, f", {spec.out_channels}], strides=[",
        *pair("strides", spec.strides), "], padding=", *padding_rule(spec.padding, sides),
        ", dilations=[", *pair("dilations", spec.dilations), "])", added_bias(spec),
    ]  # fmt: skip
    instead = _stamped(spec, geometry, shape) if notes else None
    return Call(tokens(*activated(spec, "tf.nn.", call)), tuple(notes), instead)


def _stamped(spec: Conv2DTranspose, geometry: Geometry, shape: Shape) -> str:
    """All stamps, group by group and with the dilation in the kernel, and then the crop."""
    lines = []
    filters = "filters"
    spans = [
        (size - 1) * dilation + 1 for size, dilation in zip(spec.kernel_size, spec.dilations, strict=True)
    ]
    if max(spec.dilations) > 1:
        lines += [
            f"stuffed = np.zeros({[*spans, *spec.kernel.shape[2:]]}, np.float32)",
            f"stuffed[::{spec.dilations[0]}, ::{spec.dilations[1]}] = filters",
        ]
        filters = "stuffed"
    full = [
        (cells - 1) * stride + span
        for cells, stride, span in zip(shape[1:3], spec.strides, spans, strict=True)
    ]
    arguments = (
        f"output_shape={[shape[0], *full, spec.out_channels // spec.groups]}, strides={list(spec.strides)}, "
        "padding='VALID'"
    )
    filters = _filters(spec, filters)
    if spec.groups == 1:
        lines.append(f"full = tf.nn.conv2d_transpose(input, {filters}, {arguments})")
    else:
        lines += [
            f"groups = tf.split(input, {spec.groups}, axis=3), tf.split({filters}, {spec.groups}, axis=3)",
            f"stamped = [tf.nn.conv2d_transpose(*group, {arguments}) for group in zip(*groups)]",
            "full = tf.concat(stamped, axis=3)",
        ]
    (top, _, left, _), (below, right) = pads(geometry), grown(geometry)
    cropped = f"full[:, {top}:{top + geometry.output_height}, {left}:{left + geometry.output_width}]"
    if below or right:
        cropped = f"tf.pad({cropped}, [[0, 0], [0, {below}], [0, {right}], [0, 0]])"
    lines.append(f"output = {text(*activated(spec, 'tf.nn.', [cropped, added_bias(spec)]))}")
    return "\n".join(lines)


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
    arrays = arrays_of(spec, input, "filters")
    answers = ["output", *call.also]
    return program(["import tensorflow as tf"], arrays, body, output, tolerance(spec, input), answers)


TENSORFLOW = Framework("tensorflow", "TensorFlow", "tensorflow", "2.21.0", "NHWC", spell, snippet)
