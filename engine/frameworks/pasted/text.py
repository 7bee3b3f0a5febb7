"""A call that somebody pastes, in any framework's words: parsed by `ast`, never evaluated."""

import ast
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from engine.checks import short, whole_number, whole_pair
from engine.errors import EngineError
from engine.frameworks.pasted import jax, keras, onnx, pytorch, scipy, tensorflow
from engine.frameworks.pasted.arguments import Arguments, written
from engine.frameworks.pasted.reading import Reading
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, DepthwiseConv2D, MaxPool2D

# A call with everything in it has some hundred.
LONGEST = 4000
_STATEMENTS = 8
_MOST_GROUPS = 4096

_Reader = tuple[str, tuple[str, ...], Callable[[Arguments, Reading], None]]
_READERS: Mapping[str, _Reader] = {
    name: (framework, *reader)
    for framework, calls in (
        ("pytorch", pytorch.CALLS),
        ("tensorflow", tensorflow.CALLS),
        ("keras", keras.CALLS),
        ("jax", jax.CALLS),
        ("onnx", onnx.CALLS),
        ("scipy", {name: call for name, call in scipy.CALLS.items() if not name.startswith("cv2.")}),
        ("opencv", {name: call for name, call in scipy.CALLS.items() if name.startswith("cv2.")}),
    )
    for name, reader in calls.items()
}
# As people import them.
_SHORT = (
    ("torch.nn.functional.", "F."),
    ("nn.functional.", "F."),
    ("torch.nn.", "nn."),
    ("torch.conv", "F.conv"),
    ("tensorflow.", "tf."),
    ("tf.keras.layers.", "layers."),
    ("keras.layers.", "layers."),
    ("jax.lax.", "lax."),
    ("scipy.signal.", "signal."),
    ("scipy.ndimage.", "ndimage."),
)
# Classes that no other framework has.
_CLASSES = {name.partition(".")[2]: name for name in _READERS if name.startswith(("nn.", "layers."))}
# Other names of the same layers.
_CLASSES |= {
    alias: f"layers.{name}"
    for name in ("MaxPooling2D", "AveragePooling2D", "GlobalMaxPooling2D", "GlobalAveragePooling2D")
    for alias in (name.replace("Average", "Avg").replace("Pooling", "Pool"),)
} | {name.replace("Conv", "Convolution"): f"layers.{name}" for name in ("Conv2D", "Conv2DTranspose")}
_MODULES = ("F.", "torch.", "tf.nn.", "tf.", "jax.nn.", "jnp.", "np.", "keras.activations.", "")
_ACTIVATIONS = {
    f"{module}{spelled}": name
    for module in _MODULES
    for name in ("relu", "sigmoid", "tanh")
    for spelled in (name, name.capitalize())
}
# A node of ONNX's text form: Conv <strides = [2, 2]> (input, weight).
_NODE = re.compile(r"\b([A-Z]\w*)\s*(?:<([^<>]*)>\s*)?\(([^()]*)\)")


def read_call(text: str) -> Reading:
    """What the call in `text` says. EngineError names the argument that cannot be read, else "text"."""
    if len(text) > LONGEST:
        raise EngineError("text", None, f"has {len(text)} characters; a call has at most {LONGEST}.")
    if "\\" in text:
        raise EngineError("text", None, "has a backslash, which no call needs.")  # Python warns of some
    try:
        return _read(text)
    except EngineError:
        raise
    except (RecursionError, MemoryError):
        raise EngineError("text", None, "is nested too deeply.") from None
    except (ValueError, OverflowError):
        raise EngineError("text", None, "has a number with too many digits.") from None


def _read(text: str) -> Reading:
    node, earlier = _expression(text)
    outer = Reading("", "", {})
    call = _unwrapped(node, earlier, outer)
    call = _from_make_node(call)
    name = _name(call.func)
    framework, parameters, reader = _READERS[name]
    reading = Reading(framework, name, dict(outer.fields), bias=outer.bias, notes=outer.notes)
    if call.args and isinstance(call.args[0], ast.Name) and call.args[0].id in earlier:
        call.args[0] = earlier[call.args[0].id]
    given = Arguments(call, parameters)
    reader(given, reading)
    given.finish()
    _check(reading)
    if "kernel_size" not in reading.fields:
        reading.notes.append(
            "The weights are not in the call."
            if reading.made is None
            else f"The numbers of {reading.made} are not read."
        )
    return reading


def _check(reading: Reading) -> None:
    """EngineError for numbers that no operation can have; the weights are stood in for."""
    fields = dict(reading.fields)
    groups = whole_number("groups", fields.get("groups", 1), 1, _MOST_GROUPS)
    if reading.kernel_size is not None:
        whole_pair("kernel_size", reading.kernel_size, 1)
    for name in ("in_channels", "out_channels"):
        channels = getattr(reading, name)
        if channels is not None and whole_number(name, channels, 1) % groups:
            raise EngineError(name, channels, f"must be a multiple of the {groups} groups; got {channels}.")
    match fields.pop("type"):
        case "max_pool2d":
            MaxPool2D(**fields)
        case "avg_pool2d":
            AvgPool2D(**fields)
        case "conv2d":
            Conv2D(np.zeros((1, 1, 1, groups), np.float32), **fields)
        case "depthwise_conv2d":
            DepthwiseConv2D(np.zeros((1, 1, 1, 1), np.float32), **fields)
        case "conv2d_transpose":
            _check_output_padding(fields)
            Conv2DTranspose(np.zeros((1, 1, 1, groups), np.float32), **fields)


def _check_output_padding(fields: Mapping[str, Any]) -> None:
    """As the geometry will, whatever the input is."""
    steps = zip(fields.get("strides", (1, 1)), fields.get("dilations", (1, 1)), strict=True)
    for cells, (stride, dilation) in zip(fields.get("output_padding", (0, 0)), steps, strict=True):
        if cells >= max(stride, dilation):
            raise EngineError(
                "output_padding",
                cells,
                f"must be less than the larger of stride {stride} and dilation {dilation}; got {cells}.",
            )


def _expression(text: str) -> tuple[ast.expr, dict[str, ast.expr]]:
    """The last expression, and those that are assigned to names before it."""
    python = _NODE.sub(_as_python, text.strip().rstrip(",;"))
    try:
        statements = ast.parse(python).body
    except (SyntaxError, ValueError):
        raise EngineError(
            "text", None, "is no call: it cannot be read as Python, nor as a node of ONNX."
        ) from None
    if not statements:
        raise EngineError("text", None, "is empty; paste a call, such as nn.Conv2d(3, 16, 3).")
    if len(statements) > _STATEMENTS:
        raise EngineError("text", None, f"has {len(statements)} statements; paste one call.")
    earlier: dict[str, ast.expr] = {}
    for statement in statements[:-1]:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            raise EngineError(
                "text", None, f"The line {short(ast.unparse(statement))} cannot be read; paste one call."
            )
        earlier[statement.targets[0].id] = statement.value
    last = statements[-1]
    if isinstance(last, ast.Assign | ast.AnnAssign | ast.Return | ast.Expr) and last.value is not None:
        return last.value, earlier
    raise EngineError("text", None, f"The line {short(ast.unparse(last))} is no call.")


def _as_python(node: re.Match[str]) -> str:
    """An ONNX node as a call of Python; what is one already stays as it is."""
    operator, attributes, inputs = node.groups()
    if attributes is None:
        return node[0]
    # The type that may stand with an attribute goes: strides: ints = [2, 2].
    named = re.sub(r"(\w+)\s*:\s*\w+\s*=", r"\1=", attributes)
    return f"{operator}({', '.join(part for part in (inputs.strip(), named.strip()) if part)})"


def _unwrapped(node: ast.expr, earlier: Mapping[str, ast.expr], outer: Reading) -> ast.Call:
    """The call that can be read inside of an activation, a bias that is added, and the input of a layer."""
    added = False
    for _ in range(_STATEMENTS):
        if isinstance(node, ast.Name) and node.id in earlier:
            node = earlier[node.id]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            outer.bias_of(node.right)
            node, added = node.left, True
        elif not isinstance(node, ast.Call):
            break
        elif isinstance(node.func, ast.Call):
            node = node.func
        elif (name := _name(node.func)) in _READERS or name.endswith("make_node"):
            return node
        elif name in _ACTIVATIONS and len(node.args) == 1 and not node.keywords:
            if "activation" in outer.fields or added:
                raise EngineError(
                    "text", name, f"The part {name} cannot be read around what is inside of it."
                )
            outer.fields["activation"] = _ACTIVATIONS[name]
            node = node.args[0]
        else:
            raise EngineError("text", name, _unknown(name))
    raise EngineError("text", None, f"The part {written(node)} is no call that can be read.")


def _name(function: ast.expr) -> str:
    name = written(function)
    for long, abbreviated in _SHORT:
        if name.startswith(long):
            name = abbreviated + name.removeprefix(long)
            break
    return _CLASSES.get(name.removeprefix("layers."), name)


def _unknown(name: str) -> str:
    module, _, last = name.rpartition(".")
    if last == "Sequential":
        return f"The name {name} has several layers; paste one of them."
    # The operators of ONNX have no module, and what NumPy calls so is another thing.
    others = [one for one in _READERS if one.rpartition(".")[2] == last and (not module or "." in one)]
    if module in ("np", "numpy"):
        others = []
    if others:
        return f"The name {name} can be {' or '.join(others)}; write it so."
    return (
        f"The name {name} is no call that can be read; those of PyTorch, TensorFlow, Keras, JAX, ONNX, SciPy "
        "and OpenCV can, as nn.Conv2d(3, 16, 3)."
    )


def _from_make_node(call: ast.Call) -> ast.Call:
    """helper.make_node("Conv", inputs, outputs, strides=...) as Conv(*inputs, strides=...)."""
    if not written(call.func).endswith("make_node"):
        return call
    operator = call.args[0] if call.args else None
    if not isinstance(operator, ast.Constant) or operator.value not in onnx.CALLS:
        raise EngineError("op_type", None, f"must be one of {', '.join(onnx.CALLS)}.")
    keywords = [one for one in call.keywords if one.arg not in ("inputs", "outputs")]
    return ast.Call(ast.Name(str(operator.value)), [], keywords)
