"""JAX's lax, channels last."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.frameworks import calls
from engine.frameworks.calls import (
    Call,
    Note,
    Part,
    Sides,
    Token,
    activated,
    both_axes,
    each_crop,
    pair,
    rule,
    side,
    text,
    tokens,
)
from engine.frameworks.framework import Framework, Shape
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
from engine.frameworks.programs import added_bias, arrays_of, program, tolerance
from engine.geometry import Geometry
from engine.spec import (
    AvgPool2D,
    Conv2D,
    Conv2DTranspose,
    DepthwiseConv2D,
    MaxPool2D,
    Operation,
    Weighted,
)

_NUMBERS = "dimension_numbers=('NHWC', 'HWIO', 'NHWC')"


def spell(spec: Operation, geometry: Geometry, _shape: Shape) -> Call:
    match spec:
        case Conv2D() | DepthwiseConv2D():
            return _convolution(spec, geometry)
        case Conv2DTranspose():
            return _transposed(spec, geometry)
        case MaxPool2D():
            return _largest(with_window(spec, geometry), geometry)
        case AvgPool2D():
            return _average(with_window(spec, geometry), geometry)


def _filters(spec: Weighted) -> str:
    return "filters[::-1, ::-1]" if spec.flip_kernel else "filters"


def _convolution(spec: Conv2D | DepthwiseConv2D, geometry: Geometry) -> Call:
    sides = pads(geometry)
    source: list[Part] = ["input"]
    padding: list[Part] = [rule(f"'{spec.padding}'")]
    if not isinstance(spec.padding, str) or spec.padding == "FULL":
        padding = ["(", *both_axes(spec.padding, sides), ")", rule("")]
    if reads_input(spec, sides):
        mode = NUMPY_MODES[spec.padding_mode]
        source = ["jnp.pad(input, ((0, 0), ", *both_axes(spec.padding, sides), f", (0, 0)), mode='{mode}')"]
        padding = [rule("'VALID'")] if isinstance(spec.padding, str) else ["'VALID'", rule("")]
    filters = _filters(spec)
    groups: list[Part] = []
    if isinstance(spec, DepthwiseConv2D):
        filters += f".reshape({spec.kernel_height}, {spec.kernel_width}, 1, {spec.out_channels})"
        groups = [f", feature_group_count={spec.groups}"]
    elif spec.groups > 1:
        groups = [", feature_group_count=", Token(str(spec.groups), "groups")]
    call: list[Part] = [
        "lax.", calls.operation("conv_general_dilated"), "(", *source, f", {filters}, window_strides=(",
        *pair("strides", spec.strides), "), padding=", *padding,
        ", rhs_dilation=(", *pair("dilations", spec.dilations), f"), {_NUMBERS}", *groups, ")",
        added_bias(spec),
    ]  # fmt: skip
    return Call(tokens(*activated(spec, "jax.nn.", call)))


def _transposed(spec: Conv2DTranspose, geometry: Geometry) -> Call:
    grouped = spec.groups > 1
    edges = _edges(spec, geometry)
    called: list[Part] = _grouped(spec, edges) if grouped else [
        "lax.", calls.operation("conv_transpose"), f"(input, {_filters(spec)}, strides=(",
        *pair("strides", spec.strides), "), padding=", *edges,
        ", rhs_dilation=(", *pair("dilations", spec.dilations), f"), {_NUMBERS}, transpose_kernel=True)",
    ]  # fmt: skip
    notes = []
    if _beyond(spec, geometry):
        top, bottom, left, right = each_crop(spec.padding, cropping(spec, geometry)[0])
        crop: list[Part] = ["(", top, ", ", bottom, ", 0), (", left, ", ", right, ", 0)"]
        called = ["lax.pad(", *called, ", 0., ((0, 0, 0), ", *crop, ", (0, 0, 0)))"]
        said = (
            "On CPUs, JAX 0.10 reads beyond its memory where such a pad is less than 0: the rest is cut off."
        )
        notes.append(Note("negative_pads", said, "takes"))
    if grouped:
        said = "JAX's conv_transpose has no groups: this is the convolution that it makes."
        notes.append(Note("no_transposed_groups", said, "takes"))
    return Call(tokens(*activated(spec, "jax.nn.", [*called, added_bias(spec)])), tuple(notes))


def _grouped(spec: Conv2DTranspose, edges: list[Part]) -> list[Part]:
    """What conv_transpose does itself: a convolution of the input with zeros between its cells."""
    height, width, outputs, _ = spec.kernel.shape
    filters = "filters" if spec.flip_kernel else "filters[::-1, ::-1]"
    ordered = (
        f"{filters}.reshape({height}, {width}, {outputs}, {spec.groups}, {spec.group_channels})"
        f".transpose(0, 1, 4, 3, 2).reshape({height}, {width}, {spec.group_channels}, {spec.out_channels})"
    )
    return [
        "lax.", calls.operation("conv_general_dilated"), f"(input, {ordered}, window_strides=(1, 1), ",
        "padding=", *edges, ", lhs_dilation=(", *pair("strides", spec.strides),
        "), rhs_dilation=(", *pair("dilations", spec.dilations), f"), {_NUMBERS}, feature_group_count=",
        Token(str(spec.groups), "groups"), ")",
    ]  # fmt: skip


def _beyond(spec: Conv2DTranspose, geometry: Geometry) -> bool:
    """Whether more is cropped of a side than a stamp overlaps there, so that its pad would be less than 0."""
    (top, bottom, left, right), (rows, columns) = cropping(spec, geometry)
    y, x = geometry.y.span, geometry.x.span
    return top >= y or bottom >= y + rows or left >= x or right >= x + columns


def _edges(spec: Conv2DTranspose, geometry: Geometry) -> list[Part]:
    """Pads of the input with zeros between its cells: what a stamp overlaps and what is added, less the crop.

    Without the crop where one of them would be less than 0.
    """
    axes = geometry.y, geometry.x
    wider = any(stride > axis.span for stride, axis in zip(spec.strides, axes, strict=True))
    named = spec.padding == "SAME" or (spec.padding == "VALID" and not wider)
    if named and spec.groups == 1 and spec.output_shape is None and spec.output_padding == (0, 0):
        return [rule(f"'{spec.padding}'")]
    sides, added = cropping(spec, geometry)
    beyond, given = _beyond(spec, geometry), not isinstance(spec.padding, str)
    starts = [axis.span - 1 for axis in axes]
    ends = [start + more for start, more in zip(starts, added, strict=True)]
    if not (beyond or given):
        starts = [start - crop for start, crop in zip(starts, sides[::2], strict=True)]
        ends = [end - crop for end, crop in zip(ends, sides[1::2], strict=True)]
    last = calls.added(spec, (ends[0], ends[1]))
    shown: list[Part] = []
    for index in (0, 1):
        start: Part = str(starts[index])
        end = last[index]
        if given and not beyond:
            start, end = (start, " - ", side(sides, 2 * index)), (end, " - ", side(sides, 2 * index + 1))
        shown += [", (" if index else "(", start, ", ", end, ")"]
    return ["(", *shown, ")", rule("")]


def _reduced(
    spec: MaxPool2D | AvgPool2D, geometry: Geometry, source: str, start: str, sides: Sides
) -> list[Part]:
    """reduce_window over `source`, up to what comes after its window."""
    padding: list[Part] = [rule(f"'{spec.padding}'")]
    if sides != pads(geometry) or spec.padding not in ("SAME", "VALID"):
        padding = ["((0, 0), ", *both_axes(spec.padding, sides), ", (0, 0))", rule("")]
    size = pair("kernel_size", (geometry.y.kernel_size, geometry.x.kernel_size))
    return [
        "lax.", calls.operation("reduce_window"), f"({source}, {start}, window_dimensions=(1, ", *size,
        ", 1), window_strides=(1, ", *pair("strides", spec.strides), ", 1), padding=", *padding,
        ", window_dilation=(1, ", *pair("dilations", spec.dilations), ", 1))",
    ]  # fmt: skip


def _ceil(geometry: Geometry) -> tuple[Note, ...]:
    said = "JAX has no ceil mode: what the last window overhangs is padded."
    return (Note("no_ceil", said, "takes"),) if overhangs(geometry) else ()


def _largest(spec: MaxPool2D, geometry: Geometry) -> Call:
    reduced = _reduced(spec, geometry, "input", "-jnp.inf, lax.max", laid_pads(geometry))
    return Call(tokens(*reduced), _ceil(geometry))


def _average(spec: AvgPool2D, geometry: Geometry) -> Call:
    sides, laid = pads(geometry), laid_pads(geometry)
    total = _reduced(spec, geometry, "input", "0., lax.add", laid)
    notes = (Note("no_average", "JAX has no average pool: the sum of each window, divided.", "takes"),)
    cells = geometry.y.kernel_size * geometry.x.kernel_size
    if is_plain(laid) or (spec.count_include_pad and not overhangs(geometry)):
        return Call(tokens(*total, f" / {cells}"), (*notes, *_ceil(geometry)))
    counted, beyond = "jnp.ones_like(input)", laid
    if spec.count_include_pad:
        top, bottom, left, right = (min(given, needed) for given, needed in zip(sides, laid, strict=True))
        within = f"((0, 0), ({top}, {bottom}), ({left}, {right}), (0, 0))"
        counted = f"jnp.pad({counted}, {within}, constant_values=1)"
        beyond = laid[0] - top, laid[1] - bottom, laid[2] - left, laid[3] - right
    plain = replace(spec, padding="VALID" if spec.count_include_pad else spec.padding)
    count = _reduced(plain, geometry, counted, "0., lax.add", beyond)
    return Call(tokens(*total, f" / {text(*count)}"), (*notes, *_ceil(geometry)))


def snippet(
    spec: Operation,
    geometry: Geometry,
    input: NDArray[np.generic],  # noqa: A002
    output: NDArray[np.float32],
) -> str:
    batch, height, width, channels = input.shape
    arrays = arrays_of(spec, input, "filters")
    body = f"output = {spell(spec, geometry, (batch, height, width, channels)).text}"
    imports = ["import jax", "import jax.numpy as jnp", "from jax import lax"]
    return program(imports, arrays, body, output, tolerance(spec, input))


JAX = Framework("jax", "JAX", "jax", "0.10.2", "NHWC", spell, snippet)
