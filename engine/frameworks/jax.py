"""JAX's lax, channels last."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.frameworks import calls
from engine.frameworks.calls import Call, Note, Part, Sides, Token, activated, pair, rule, side, text, tokens
from engine.frameworks.framework import Framework, Shape
from engine.frameworks.pads import is_plain, laid_pads, overhangs, pads, reads_input, with_window
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

_MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
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


def _sides(padding: Padding, sides: Sides) -> list[Part]:
    """Those of rows and columns, as they stand in a tuple."""
    top, bottom, left, right = (
        str(cells) if isinstance(padding, str) else side(sides, at) for at, cells in enumerate(sides)
    )
    return ["(", top, ", ", bottom, "), (", left, ", ", right, ")"]


def _filters(spec: Weighted) -> str:
    return "filters[::-1, ::-1]" if spec.flip_kernel else "filters"


def _bias(spec: Weighted) -> str:
    one = one_bias(spec)
    return " + bias" if one is None else f" + {spelled(one)}" if one else ""


def _convolution(spec: Conv2D | DepthwiseConv2D, geometry: Geometry) -> Call:
    sides = pads(geometry)
    source: list[Part] = ["input"]
    padding: list[Part] = [rule(f"'{spec.padding}'")]
    if not isinstance(spec.padding, str) or spec.padding == "FULL":
        padding = ["(", *_sides(spec.padding, sides), ")", rule("")]
    if reads_input(spec, sides):
        mode = _MODES[spec.padding_mode]
        source = ["jnp.pad(input, ((0, 0), ", *_sides(spec.padding, sides), f", (0, 0)), mode='{mode}')"]
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
        ", rhs_dilation=(", *pair("dilations", spec.dilations), f"), {_NUMBERS}", *groups, ")", _bias(spec),
    ]  # fmt: skip
    return Call(tokens(*activated(spec, "jax.nn.", call)))


def _transposed(spec: Conv2DTranspose, geometry: Geometry) -> Call:
    y, x = geometry.y, geometry.x
    spans = y.span, x.span
    edges: list[Part] = [rule(f"'{spec.padding}'")]
    wider = any(stride > span for stride, span in zip(spec.strides, spans, strict=True))
    named = spec.padding == "SAME" or (spec.padding == "VALID" and not wider)
    if not named or spec.output_shape is not None or spec.output_padding != (0, 0):
        edges = ["(", *_edges(spec, geometry), ")", rule("")]
    cut = _cut(geometry)
    call: list[Part] = [
        "lax.", calls.operation("conv_transpose"), f"(input, {_filters(spec)}, strides=(",
        *pair("strides", spec.strides), "), padding=", *edges,
        ", rhs_dilation=(", *pair("dilations", spec.dilations), f"), {_NUMBERS}, transpose_kernel=True)",
        cut, _bias(spec),
    ]  # fmt: skip
    said = "On CPUs, JAX 0.10 reads beyond its memory where such a pad is less than 0: the rest is cut off."
    notes = (Note("negative_pads", said, "takes"),) if cut else ()
    if spec.groups == 1:
        return Call(tokens(*activated(spec, "jax.nn.", call)), notes)
    # What conv_transpose does itself: a convolution of the input with zeros between its cells.
    height, width, outputs, _ = spec.kernel.shape
    filters = "filters" if spec.flip_kernel else "filters[::-1, ::-1]"
    grouped = (
        f"{filters}.reshape({height}, {width}, {outputs}, {spec.groups}, {spec.group_channels})"
        f".transpose(0, 1, 4, 3, 2).reshape({height}, {width}, {spec.group_channels}, {spec.out_channels})"
    )
    call = [
        "lax.", calls.operation("conv_general_dilated"), f"(input, {grouped}, window_strides=(1, 1), ",
        "padding=(", *_edges(spec, geometry), ")", rule(""),
        ", lhs_dilation=(", *pair("strides", spec.strides),
        "), rhs_dilation=(", *pair("dilations", spec.dilations), f"), {_NUMBERS}, feature_group_count=",
        Token(str(spec.groups), "groups"), ")", cut, _bias(spec),
    ]  # fmt: skip
    said = "JAX's conv_transpose has no groups: this is the convolution that it makes."
    return Call(
        tokens(*activated(spec, "jax.nn.", call)), (*notes, Note("no_transposed_groups", said, "takes"))
    )


def _edges(spec: Conv2DTranspose, geometry: Geometry) -> list[Part]:
    """Pads of the input with zeros between its cells: what a stamp overlaps, less the crop."""
    shown: list[Part] = []
    numbers = _edge_numbers(geometry)
    for index, axis in enumerate((geometry.y, geometry.x)):
        overlap = axis.span - 1
        start: Part = str(max(numbers[2 * index], 0))
        end: Part = str(max(numbers[2 * index + 1], 0))
        if not isinstance(spec.padding, str) and spec.output_shape is None and min(numbers) >= 0:
            given = (*spec.padding[0], *spec.padding[1])
            start = [f"{overlap} - ", side(given, 2 * index)]
            more = Token(str(overlap + spec.output_padding[index]), "output_padding", (index,))
            end = [more, " - ", side(given, 2 * index + 1)]
        shown += ["(" if index == 0 else ", (", start, ", ", end, ")"]
    return shown


def _edge_numbers(geometry: Geometry) -> Sides:
    top, _, left, _ = pads(geometry)
    (y, x) = geometry.y, geometry.x
    return (
        y.span - 1 - top,
        y.output_size - 1 - (y.input_size - 1) * y.stride + top,
        x.span - 1 - left,
        x.output_size - 1 - (x.input_size - 1) * x.stride + left,
    )


def _cut(geometry: Geometry) -> str:
    """What is left of the output of pads that are none where they would be less than 0."""
    top, bottom, left, right = _edge_numbers(geometry)
    if min(top, bottom, left, right) >= 0:
        return ""
    rows, columns = max(-top, 0), max(-left, 0)
    return f"[:, {rows}:{rows + geometry.output_height}, {columns}:{columns + geometry.output_width}]"


def _reduced(
    spec: MaxPool2D | AvgPool2D, geometry: Geometry, source: str, start: str, sides: Sides
) -> list[Part]:
    """reduce_window over `source`, up to what comes after its window."""
    padding: list[Part] = [rule(f"'{spec.padding}'")]
    if sides != pads(geometry) or spec.padding not in ("SAME", "VALID"):
        padding = ["((0, 0), ", *_sides(spec.padding, sides), ", (0, 0))", rule("")]
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
    arrays: dict[str, NDArray[np.generic]] = {"input": input}
    if isinstance(spec, Weighted):
        arrays["filters"] = spec.kernel
        if one_bias(spec) is None:
            arrays["bias"] = spec.biases
    body = f"output = {spell(spec, geometry, (batch, height, width, channels)).text}"
    imports = ["import jax", "import jax.numpy as jnp", "from jax import lax"]
    return program(imports, arrays, body, output, tolerance(spec, input))


JAX = Framework("jax", "JAX", "jax", "0.10.2", "NHWC", spell, snippet)
