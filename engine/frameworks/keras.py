"""Layers of Keras 3, channels last, on TensorFlow; lines for what no layer does are in keras_instead."""

import numpy as np
from numpy.typing import NDArray

from engine.frameworks import calls
from engine.frameworks.calls import Call, Note, Part, Sides, Token, both_axes, pair, rule, tokens
from engine.frameworks.framework import Framework, Shape
from engine.frameworks.keras_instead import convolution, pooled, stamped, weights_set
from engine.frameworks.pads import (
    NUMPY_MODES,
    cropping,
    is_plain,
    laid_pads,
    overhangs,
    pads,
    reads_input,
    with_window,
)
from engine.frameworks.programs import program, tolerance
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

_NAMES = {"SAME": "same", "VALID": "valid"}
_FLIPPED = Note("flipped_weights", "Keras layers do not flip a kernel: its weights are set turned.", "takes")


def spell(spec: Operation, geometry: Geometry, _shape: Shape) -> Call:
    match spec:
        case Conv2D() | DepthwiseConv2D():
            return _convolution(spec, geometry)
        case Conv2DTranspose():
            return _transposed(spec, geometry)
        case MaxPool2D():
            return _pool(with_window(spec, geometry), geometry)
        case AvgPool2D():
            return _pool(with_window(spec, geometry), geometry)


def _padded(padding: Padding, sides: Sides, rest: str = "") -> list[Part]:
    """A layer that pads; `rest` is what keras.ops.pad is told, where it is not with zeros."""
    if not rest:
        return ["keras.layers.ZeroPadding2D((", *both_axes(padding, sides), "))"]
    return [
        "keras.layers.Lambda(lambda cells: keras.ops.pad(cells, ((0, 0), ",
        *both_axes(padding, sides),
        f", (0, 0)), {rest}))",
    ]


def _sequence(first: list[Part], second: list[Part]) -> list[Part]:
    return ["keras.Sequential([", *first, ", ", *second, "])"]


def _rule(padding: Padding, beforehand: bool) -> list[Part]:
    if beforehand and not isinstance(padding, str):
        return ["'valid'", rule("")]
    return [rule("'valid'" if beforehand else f"'{_NAMES[str(padding)]}'")]


def _last(spec: Weighted) -> list[Part]:
    """The arguments of every layer with weights that come last."""
    parts: list[Part] = []
    if spec.activation is not None:
        parts += [", activation='", Token(spec.activation, "activation"), "'"]
    return parts if np.any(spec.biases) else [*parts, ", use_bias=False"]


def _convolution(spec: Conv2D | DepthwiseConv2D, geometry: Geometry) -> Call:
    sides = pads(geometry)
    reads = reads_input(spec, sides)
    beforehand = reads or spec.padding not in _NAMES
    height, width = spec.kernel_size
    notes = [_FLIPPED] if spec.flip_kernel else []
    depthwise = isinstance(spec, DepthwiseConv2D)
    layer: list[Part] = ["keras.layers.", calls.operation("DepthwiseConv2D" if depthwise else "Conv2D"), "("]
    layer.append(f"({height}, {width})" if depthwise else f"{spec.out_channels}, ({height}, {width})")
    layer += [", strides=(", *pair("strides", spec.strides), "), padding=", *_rule(spec.padding, beforehand)]
    if depthwise and spec.kernel.shape[3] > 1:
        layer.append(f", depth_multiplier={spec.kernel.shape[3]}")
    layer += [", dilation_rate=(", *pair("dilations", spec.dilations), ")"]
    if not depthwise and spec.groups > 1:
        layer += [", groups=", Token(str(spec.groups), "groups")]
    layer += [*_last(spec), ")"]
    if beforehand:
        rest = f"mode='{NUMPY_MODES[spec.padding_mode]}'" if reads else ""
        layer = _sequence(_padded(spec.padding, sides, rest), layer)
        if reads and spec.padding_mode != "reflect":
            said = f"Keras has no {spec.padding_mode} padding on TensorFlow: rows and columns are taken."
            notes.append(Note("no_padding_mode", said, "refuses"))
    if not depthwise and max(spec.strides) > 1 and max(spec.dilations) > 1:
        said = "Keras takes strides or dilations in a convolution, not both."
        notes.append(Note("stride_or_dilation", said, "refuses"))
    elif depthwise and spec.strides[0] != spec.strides[1] and max(spec.dilations) == 1:
        said = "Keras on TensorFlow takes the same stride for rows and columns here."
        notes.append(Note("same_stride", said, "refuses"))
    held = all(note.kind == "takes" for note in notes)
    return Call(tokens(*layer), tuple(notes), None if held else convolution(spec, geometry))


def _transposed(spec: Conv2DTranspose, geometry: Geometry) -> Call:
    sides, more = cropping(spec, geometry)
    named = spec.padding == "SAME" and spec.output_shape is None
    notes = [_FLIPPED] if spec.flip_kernel else []
    if max(spec.dilations) > 1:
        said = "Keras on TensorFlow refuses a dilation here on CPUs, and everywhere one with strides."
        notes.append(Note("no_transposed_dilation", said, "refuses"))
    if spec.groups > 1:
        said = "Keras has no groups in a transposed convolution."
        notes.append(Note("no_transposed_groups", said, "refuses"))
    if not named and any(cells >= stride for cells, stride in zip(more, spec.strides, strict=True)):
        notes.append(Note("fewer_added", "Keras adds fewer cells than a stride is long.", "refuses"))
    rows, columns = calls.added(spec, more)
    groups: list[Part] = []
    if spec.groups > 1:
        groups = [", groups=", Token(str(spec.groups), "groups")]
    height, width = spec.kernel_size
    layer: list[Part] = [
        "keras.layers.", calls.operation("Conv2DTranspose"), f"({spec.out_channels}, ({height}, {width})",
        ", strides=(",
        *pair("strides", spec.strides), "), padding=", rule("'same'" if named else "'valid'"),
        *([] if named else [", output_padding=(", rows, ", ", columns, ")"]),
        ", dilation_rate=(", *pair("dilations", spec.dilations), ")",
        *groups, *_last(spec), ")",
    ]  # fmt: skip
    if not named and not (isinstance(spec.padding, str) and is_plain(sides)):
        layer = _sequence(layer, ["keras.layers.Cropping2D((", *both_axes(spec.padding, sides), "))"])
    held = all(note.kind == "takes" for note in notes)
    return Call(tokens(*layer), tuple(notes), None if held else stamped(spec, geometry))


def _pool(spec: MaxPool2D | AvgPool2D, geometry: Geometry) -> Call:
    average = isinstance(spec, AvgPool2D)
    counts = isinstance(spec, AvgPool2D) and spec.count_include_pad
    sides = laid_pads(geometry)
    named = spec.padding in _NAMES and sides == pads(geometry) and not (counts and not is_plain(sides))
    dilations: list[Part] = []
    notes = []
    if max(spec.dilations) > 1:
        dilations = [", dilation_rate=(", *pair("dilations", spec.dilations), ")"]
        notes.append(Note("no_pool_dilation", "Keras has no dilations in a pool.", "refuses"))
    layer: list[Part] = [
        "keras.layers.", calls.operation("AveragePooling2D" if average else "MaxPooling2D"), "((",
        *pair("kernel_size", (geometry.y.kernel_size, geometry.x.kernel_size)), "), strides=(",
        *pair("strides", spec.strides), "), padding=", *_rule(spec.padding, not named), *dilations, ")",
    ]  # fmt: skip
    if not named:
        rest = "" if average else "constant_values=-np.inf"
        layer = _sequence(_padded(spec.padding, sides, rest), layer)
    if overhangs(geometry):
        said = "Keras has no ceil mode: what the last window overhangs is padded."
        notes.append(Note("no_ceil", said, "differs" if average else "takes"))
    elif average and not counts and not named and not is_plain(sides):
        said = "Keras averages over these sides as if they were zeros of the input."
        notes.append(Note("average_of_sides", said, "differs"))
    held = all(note.kind == "takes" for note in notes)
    return Call(tokens(*layer), tuple(notes), None if held else pooled(spec, geometry))


def snippet(
    spec: Operation,
    geometry: Geometry,
    input: NDArray[np.generic],  # noqa: A002
    output: NDArray[np.float32],
) -> str:
    batch, height, width, channels = input.shape
    call = spell(spec, geometry, (batch, height, width, channels))
    arrays: dict[str, NDArray[np.generic]] = {"input": input}
    if isinstance(spec, Weighted):
        arrays["filters"] = spec.kernel
        if np.any(spec.biases):
            arrays["bias"] = spec.biases
    body = call.instead or f"layer = {call.text}\n{weights_set(spec)}\noutput = layer(input)"
    return program(["import keras"], arrays, body, output, tolerance(spec, input))


KERAS = Framework("keras", "Keras", "keras", "3.15.1", "NHWC", spell, snippet)
