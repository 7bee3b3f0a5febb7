"""ONNX: nodes and their attributes in ONNX's own text form, and the model as a file.

Channels first. One graph is what the call shows, what the program runs and what the file has in it.
"""

from dataclasses import dataclass
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from engine.checks import Pair
from engine.frameworks import arrays, calls
from engine.frameworks.calls import Call, Note, Part, Sides, Token, each_side, pair, rule, tokens
from engine.frameworks.framework import Framework, Shape
from engine.frameworks.onnx_model import Attribute, Graph, Node, model_bytes
from engine.frameworks.pads import NUMPY_MODES, cropping, laid_pads, pads, reads_input
from engine.frameworks.programs import oihw, program, tolerance
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

# The lowest that has everything, for the readers that are behind; with the version of the file's own form.
_PLAIN, _LATE = (13, 8), (19, 9)
_ACTIVATIONS = {"relu": "Relu", "sigmoid": "Sigmoid", "tanh": "Tanh"}
_NODE = {
    Conv2D: "Conv",
    DepthwiseConv2D: "Conv",
    Conv2DTranspose: "ConvTranspose",
    MaxPool2D: "MaxPool",
    AvgPool2D: "AveragePool",
}
# Sides in the order of the attribute `pads`: top, left, bottom, right.
_ORDER = (0, 2, 1, 3)


@dataclass(frozen=True)
class _Attribute:
    """value: as the model has it; shown: as the call does."""

    value: Attribute
    shown: tuple[Part, ...]


def graph(spec: Operation, geometry: Geometry, shape: Shape) -> Graph:
    """The model for an input of `shape`, [batch, height, width, channels]."""
    sides, beforehand = _split(spec, geometry)
    arrays: dict[str, NDArray[np.float32] | NDArray[np.int64]] = {}
    nodes = []
    source = "input"
    if beforehand is not None:
        top, bottom, left, right = beforehand
        around = (0, 0, top, left, 0, 0, bottom, right)
        nodes.append(Node("Constant", (), "sides", {"value_ints": around}))
        inputs = ["input", "sides"]
        if isinstance(spec, MaxPool2D):
            arrays["lowest"] = np.array(-np.inf, np.float32)
            inputs.append("lowest")
        source = "padded"
        nodes.append(Node("Pad", tuple(inputs), source, {"mode": _pad_mode(spec)}))
    activation = spec.activation if isinstance(spec, Weighted) else None
    inputs = [source]
    if isinstance(spec, Weighted):
        arrays["weight"] = weight(spec)
        inputs.append("weight")
        if spec.bias is not None:
            arrays["bias"] = spec.bias
            inputs.append("bias")
    attributes = {name: one.value for name, one in _attributes(spec, geometry, sides).items()}
    last = "output" if activation is None else "sum"
    nodes.append(Node(_NODE[type(spec)], tuple(inputs), last, attributes))
    if activation is not None:
        nodes.append(Node(_ACTIVATIONS[activation], (last,), "output", {}))
    batch, height, width, channels = shape
    planes = spec.out_channels if isinstance(spec, Weighted) else channels
    opset, ir_version = _version(spec, beforehand is not None)
    return Graph(
        tuple(nodes),
        arrays,
        (batch, channels, height, width),
        (batch, planes, geometry.output_height, geometry.output_width),
        opset,
        ir_version,
    )


def model(spec: Operation, geometry: Geometry, shape: Shape) -> bytes:
    """An .onnx file: from "input", [batch, channels, height, width] of `shape`'s sizes, to "output"."""
    return model_bytes(graph(spec, geometry, shape))


def weight(spec: Weighted) -> NDArray[np.float32]:
    """The kernel in ONNX's order, turned where the operation turns it."""
    ordered = oihw(spec)
    return np.ascontiguousarray(ordered[:, :, ::-1, ::-1] if spec.flip_kernel else ordered)


def spell(spec: Operation, geometry: Geometry, shape: Shape) -> Call:
    sides, beforehand = _split(spec, geometry)
    attributes = _attributes(spec, geometry, sides)
    lines: list[Part] = []
    for node in graph(spec, geometry, shape).nodes:
        if lines:
            lines.append("\n")
        arguments = f"({', '.join(node.inputs)})"
        if node.operator == "Constant" and beforehand is not None:
            lines += ["sides = Constant <value_ints = ", *_around(spec, geometry, beforehand), "> ()"]
        elif node.operator == "Pad":
            lines += [f'{node.output} = Pad <mode = "{node.attributes["mode"]}"> {arguments}']
        elif node.operator in _ACTIVATIONS.values():
            name = Token(node.operator, "activation")
            lines += [f"{node.output} = ", name, f" {arguments}"]
        else:
            name = calls.operation(node.operator)
            listed: list[Part] = []
            for attribute, one in attributes.items():
                listed += [", " if listed else "", f"{attribute} = ", one.shown]
            lines += [f"{node.output} = ", name, " <", *listed, f"> {arguments}"]
    return Call(tokens(*lines), _notes(spec, geometry))


def _notes(spec: Operation, geometry: Geometry) -> tuple[Note, ...]:
    sides, beforehand = _split(spec, geometry)
    notes = []
    if isinstance(spec, Conv2DTranspose) and beforehand is not None:
        said = "ONNX Runtime adds fewer cells than a stride is long: the rest comes of zeros after the input."
        notes.append(Note("onnx_output_padding", said, "takes"))
    elif beforehand is not None:
        notes.append(Note("onnx_pads_first", "The padding is a node of its own.", "takes"))
    if _pads_too_large(spec, sides):
        notes.append(
            Note(
                "onnx_large_pads",
                "ONNX Runtime refuses pads of a pool that are as large as its kernel.",
                "refuses",
            )
        )
    if isinstance(spec, Weighted) and spec.flip_kernel:
        notes.append(Note("onnx_turned", "The weights are stored turned by 180 degrees.", "takes"))
    return tuple(notes)


def snippet(
    spec: Operation,
    geometry: Geometry,
    input: NDArray[np.generic],  # noqa: A002
    output: NDArray[np.float32],
) -> str | None:
    batch, height, width, channels = input.shape
    shape = (batch, height, width, channels)
    call = spell(spec, geometry, shape)
    if not call.holds:
        return None
    found = graph(spec, geometry, shape)
    arrays: dict[str, NDArray[np.generic]] = {"input": from_nhwc(input, "NCHW")}
    stored = []
    for name, array in found.initialisers.items():
        if array.dtype == np.float32 and array.ndim:
            arrays[name] = array
            stored.append(f'numpy_helper.from_array({name}, "{name}")')
        elif array.ndim:
            stored.append(f'numpy_helper.from_array(np.array({array.tolist()}), "{name}")')
        else:
            stored.append(f'numpy_helper.from_array(np.array(-np.inf, np.float32), "{name}")')
    body = [
        'model = onnx.parser.parse_model("""',
        f'<ir_version: {found.ir_version}, opset_import: ["": {found.opset}]>',
        f"convloupe (float{list(found.input_shape)} input) => (float{list(found.output_shape)} output) {{",
        *call.text.splitlines(),
        '}""")',
        *(f"model.graph.initializer.append({one})" for one in stored),
        "onnx.checker.check_model(model)",
        "session = onnxruntime.InferenceSession(",
        '    model.SerializeToString(), providers=["CPUExecutionProvider"]',
        ")",
        '(output,) = session.run(None, {"input": input})',
    ]
    return program(
        ["import onnx", "import onnx.parser", "import onnxruntime", "from onnx import numpy_helper"],
        arrays,
        "\n".join(body),
        from_nhwc(output, "NCHW"),
        tolerance(spec, input),
    )


def _split(spec: Operation, geometry: Geometry) -> tuple[Sides, Sides | None]:
    """The attribute `pads`, and the sides of a Pad node before it, where that attribute cannot say them."""
    sides = pads(geometry)
    if isinstance(spec, Conv2DTranspose):
        rows, columns = _beyond_strides(spec, geometry)[0]
        return cropping(spec, geometry)[0], (0, rows, 0, columns) if rows or columns else None
    if reads_input(spec, sides):
        return (0, 0, 0, 0), sides
    if _pads_too_large(spec, sides) and (isinstance(spec, MaxPool2D) or _counts_all(spec, geometry)):
        return (0, 0, 0, 0), laid_pads(geometry)
    return sides, None


def _counts_all(spec: AvgPool2D, geometry: Geometry) -> bool:
    """Whether every window is divided by the size of the kernel."""
    return spec.count_include_pad and not any(arrays.overhang(geometry))


def _pads_too_large(spec: Operation, sides: Sides) -> TypeGuard[MaxPool2D | AvgPool2D]:
    """Whether ONNX Runtime refuses them."""
    if not isinstance(spec, MaxPool2D | AvgPool2D) or spec.kernel_size == "global":
        return False
    height, width = spec.kernel_size
    return max(sides[:2]) >= height or max(sides[2:]) >= width


def _beyond_strides(spec: Conv2DTranspose, geometry: Geometry) -> tuple[Pair, Pair]:
    """Zeros (y, x) after the input, each of which adds as many cells as its stride is long, and cells added.

    ONNX Runtime takes an output_padding of less than a stride; ONNX, as PyTorch, of less than a dilation too.
    """
    (y, rows), (x, columns) = (
        divmod(cells, stride) for cells, stride in zip(cropping(spec, geometry)[1], spec.strides, strict=True)
    )
    return (y, x), (rows, columns)


def _added(spec: Conv2DTranspose, geometry: Geometry) -> tuple[tuple[Part, Part], tuple[Part, Part]]:
    """Both as they are shown: of each axis that which grows with output_padding can be changed."""
    zeros, rest = _beyond_strides(spec, geometry)
    by_zeros = [any(zeros) and stride == 1 for stride in spec.strides]
    y, x = calls.added(spec, (zeros[0] if by_zeros[0] else rest[0], zeros[1] if by_zeros[1] else rest[1]))
    return (
        (y if by_zeros[0] else str(zeros[0]), x if by_zeros[1] else str(zeros[1])),
        ("0" if by_zeros[0] else y, "0" if by_zeros[1] else x),
    )


def _pad_mode(spec: Operation) -> str:
    return NUMPY_MODES[spec.padding_mode] if isinstance(spec, Conv2D | DepthwiseConv2D) else "constant"


def _version(spec: Operation, padded: bool) -> tuple[int, int]:
    wraps = padded and _pad_mode(spec) == "wrap"
    late = wraps or (isinstance(spec, AvgPool2D) and max(spec.dilations) > 1)
    return _LATE if late else _PLAIN


def _attributes(spec: Operation, geometry: Geometry, sides: Sides) -> dict[str, _Attribute]:
    """Those of the node that does the work, in the order in which they are shown."""
    size = (geometry.y.kernel_size, geometry.x.kernel_size)
    shown_size: list[Part] = (
        [f"{size[0]}, {size[1]}"] if isinstance(spec, Weighted) else pair("kernel_size", size)
    )
    found = {"kernel_shape": _Attribute(size, ("[", *shown_size, "]"))}
    found["strides"] = _Attribute(spec.strides, ("[", *pair("strides", spec.strides), "]"))
    found["pads"] = _Attribute(tuple(sides[at] for at in _ORDER), _pads(spec, sides))
    if not isinstance(spec, AvgPool2D) or max(spec.dilations) > 1:
        found["dilations"] = _Attribute(spec.dilations, ("[", *pair("dilations", spec.dilations), "]"))
    if isinstance(spec, Conv2DTranspose):
        rest = _beyond_strides(spec, geometry)[1]
        _, shown_rest = _added(spec, geometry)
        found["output_padding"] = _Attribute(rest, ("[", shown_rest[0], ", ", shown_rest[1], "]"))
    if isinstance(spec, DepthwiseConv2D):
        found["group"] = _Attribute(spec.groups, (str(spec.groups),))
    elif isinstance(spec, Weighted):
        found["group"] = _Attribute(spec.groups, (Token(str(spec.groups), "groups"),))
    else:
        # What would overhang is padded beforehand where anything is.
        ceil = int(spec.ceil_mode and sides == pads(geometry))
        said = Token(str(ceil), "ceil_mode") if sides == pads(geometry) else str(ceil)
        found["ceil_mode"] = _Attribute(ceil, (said,))
    if isinstance(spec, AvgPool2D):
        counts = int(spec.count_include_pad)
        found["count_include_pad"] = _Attribute(counts, (Token(str(counts), "count_include_pad"),))
    return found


def _given(padding: Padding) -> Sides | None:
    return None if isinstance(padding, str) else (*padding[0], *padding[1])


def _pads(spec: Operation, shown: Sides) -> tuple[Part, ...]:
    editable = shown == _given(spec.padding)
    listed: list[Part] = []
    for at in _ORDER:
        number = str(shown[at])
        listed += [", " if listed else "", Token(number, "padding", (at,)) if editable else number]
    return "[", *listed, "]", rule("")


def _around(spec: Operation, geometry: Geometry, sides: Sides) -> list[Part]:
    """The pads of all four axes: what comes before each, then what comes after."""
    top, bottom, left, right = each_side(spec.padding, sides)
    if isinstance(spec, Conv2DTranspose):
        (bottom, right), _ = _added(spec, geometry)
        top = left = "0"
    return ["[0, 0, ", top, ", ", left, ", 0, 0, ", bottom, ", ", right, "]"]


ONNX = Framework("onnx", "ONNX", "onnxruntime", "1.32.0", "NCHW", spell, snippet)
