"""Lines of Keras for what none of its layers does."""

from dataclasses import replace

import numpy as np

from engine.frameworks.calls import Sides
from engine.frameworks.pads import grown, laid_pads, pads
from engine.geometry import Geometry
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, DepthwiseConv2D, MaxPool2D, Operation, Weighted


def weights_set(spec: Operation, filters: str = "filters") -> str:
    """Builds `layer` and gives it its weights, where it has any."""
    if not isinstance(spec, Weighted):
        return "layer.build(input.shape)"
    if spec.flip_kernel:
        filters += "[::-1, ::-1]"
    bias = ", bias" if np.any(spec.biases) else ""
    return f"layer.build(input.shape)\nlayer.set_weights([{filters}{bias}])"


def _padding(sides: Sides) -> str:
    top, bottom, left, right = sides
    return f"((0, 0), ({top}, {bottom}), ({left}, {right}), (0, 0))"


def _activated(spec: Weighted, value: str) -> str:
    return f"keras.activations.{spec.activation}({value})" if spec.activation else value


def convolution(spec: Conv2D | DepthwiseConv2D, geometry: Geometry) -> str:
    """Over the padded input at every position, of which each stride-th is kept."""
    sides = pads(geometry)
    lines = [f"input = np.pad(input, {_padding(sides)}{_MODES[spec.padding_mode]})"]
    shape = f"{spec.kernel_size}, dilation_rate={spec.dilations}"
    name = "DepthwiseConv2D"
    if isinstance(spec, Conv2D):
        name, shape = "Conv2D", f"{spec.out_channels}, {shape}"
        shape += f", groups={spec.groups}" if spec.groups > 1 else ""
    elif spec.kernel.shape[3] > 1:
        shape += f", depth_multiplier={spec.kernel.shape[3]}"
    bias = "" if np.any(spec.biases) else ", use_bias=False"
    activation = "" if spec.activation is None else f", activation='{spec.activation}'"
    lines += [
        f"layer = keras.layers.{name}({shape}{activation}{bias})",
        weights_set(spec),
        f"output = layer(input)[:, ::{spec.strides[0]}, ::{spec.strides[1]}]",
    ]
    return "\n".join(lines)


_MODES = {"zeros": "", "reflect": ", 'reflect'", "replicate": ", 'edge'", "circular": ", 'wrap'"}


def stamped(spec: Conv2DTranspose, geometry: Geometry) -> str:
    """All stamps, group by group and with the dilation in the kernel, and then the crop."""
    spans = geometry.y.span, geometry.x.span
    outputs = spec.out_channels // spec.groups
    lines = ["stuffed = filters"]
    if max(spec.dilations) > 1:
        lines = [
            f"stuffed = np.zeros({[*spans, *spec.kernel.shape[2:]]}, np.float32)",
            f"stuffed[::{spec.dilations[0]}, ::{spec.dilations[1]}] = filters",
        ]
    plain = replace(spec, bias=None)
    build = weights_set(plain, "weights").replace("input", "cells").replace("\n", "\n    ")
    (top, _, left, _), (below, right) = pads(geometry), grown(geometry)
    crop = f"[:, {top}:{top + geometry.output_height}, {left}:{left + geometry.output_width}]"
    bias = " + bias" if np.any(spec.biases) else ""
    value = f"keras.ops.pad(full{crop}, {_padding((0, below, 0, right))})"
    return "\n".join(
        [
            *lines,
            "stamps = []",
            f"groups = np.split(input, {spec.groups}, axis=3), np.split(stuffed, {spec.groups}, axis=3)",
            "for cells, weights in zip(*groups):",
            f"    shape = dict(filters={outputs}, kernel_size={spans}, strides={spec.strides})",
            "    layer = keras.layers.Conv2DTranspose(**shape, output_padding=(0, 0), use_bias=False)",
            f"    {build}",
            "    stamps.append(layer(cells))",
            "full = keras.ops.concatenate(stamps, axis=3)",
            f"output = {_activated(spec, value + bias)}",
        ]
    )


def pooled(spec: MaxPool2D | AvgPool2D, geometry: Geometry) -> str:
    """One array for each place of the window, and the largest or the mean of those."""
    sides, laid = pads(geometry), laid_pads(geometry)
    y, x = geometry.y, geometry.x
    height, width = (y.output_size - 1) * y.step + 1, (x.output_size - 1) * x.step + 1

    def windows(cells: str) -> str:
        return (
            f"[{cells}[:, y : y + {height} : {spec.strides[0]}, x : x + {width} : {spec.strides[1]}] "
            f"for y in range(0, {y.span}, {y.tap_step}) for x in range(0, {x.span}, {x.tap_step})]"
        )

    if isinstance(spec, MaxPool2D):
        return "\n".join(
            [
                f"cells = keras.ops.pad(input, {_padding(laid)}, constant_values=-np.inf)",
                f"windows = {windows('cells')}",
                "output = keras.ops.max(keras.ops.stack(windows), axis=0)",
            ]
        )
    counted, beyond = "np.ones_like(input)", laid
    if spec.count_include_pad:
        top, bottom, left, right = (min(given, needed) for given, needed in zip(sides, laid, strict=True))
        counted = f"np.pad({counted}, {_padding((top, bottom, left, right))}, constant_values=1)"
        beyond = laid[0] - top, laid[1] - bottom, laid[2] - left, laid[3] - right
    return "\n".join(
        [
            f"cells = keras.ops.pad(input, {_padding(laid)})",
            f"counted = np.pad({counted}, {_padding(beyond)})",
            f"output = sum({windows('cells')}) / sum({windows('counted')})",
        ]
    )
