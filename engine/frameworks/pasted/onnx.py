"""ONNX's nodes: make_node, or Conv <attributes> (inputs) of its text form."""

from collections.abc import Callable, Mapping

from engine.errors import EngineError
from engine.frameworks.pasted.arguments import Arguments, choice, pair_of, whole
from engine.frameworks.pasted.reading import NONE, Reading
from engine.spec import Padding

_NAMES: Mapping[str, Padding] = {"SAME_UPPER": "SAME", "SAME_LOWER": "SAME_LOWER", "VALID": "VALID"}


def _padding(given: Arguments) -> Padding | None:
    """None where an output_shape decides."""
    rule = choice("auto_pad", given.value("auto_pad", "NOTSET"), ("NOTSET", *_NAMES))
    sides = given.value("pads", None)
    if rule != "NOTSET":
        if sides is not None:
            raise EngineError("pads", None, f"are given together with auto_pad {rule}; give one of them.")
        return _NAMES[rule]
    if sides is None:
        return None
    if not isinstance(sides, tuple | list) or len(sides) != 4:
        raise EngineError("pads", None, f"must be four numbers, top, left, bottom, right; got {sides!r:.60}.")
    top, left, bottom, right = (whole("pads", side) for side in sides)
    return (top, bottom), (left, right)


def _flag(given: Arguments, name: str) -> bool:
    return bool(given.number(name, 0))


def _window(given: Arguments, reading: Reading, operation: str) -> None:
    given.drop("name")
    reading.fields |= {
        "type": operation,
        "strides": given.pair("strides", 1),
        "dilations": given.pair("dilations", 1),
    }


def _weights(given: Arguments, reading: Reading) -> None:
    size = given.value("kernel_shape", None)
    reading.kernel_size = None if size is None else pair_of("kernel_shape", size)
    groups = given.number("group", 1)
    if groups != 1:
        reading.fields["groups"] = groups
    reading.plain_source(given.take("X"))
    reading.weights(given.take("W"))
    reading.bias_of(given.take("B"))


def _conv(given: Arguments, reading: Reading) -> None:
    _window(given, reading, "conv2d")
    reading.fields["padding"] = _padding(given) or "VALID"
    _weights(given, reading)


def _stamp(given: Arguments, reading: Reading) -> None:
    _window(given, reading, "conv2d_transpose")
    shape = given.value("output_shape", None)
    extra = given.pair("output_padding", 0)
    padding = _padding(given)
    if shape is not None:
        if padding not in (None, "SAME", "SAME_LOWER"):
            raise EngineError("pads", None, "are not read where there is an output_shape; give one of them.")
        reading.fields["output_shape"] = pair_of("output_shape", shape)
        padding = padding or "SAME_LOWER"
    elif any(extra):
        reading.fields["output_padding"] = extra
    reading.fields["padding"] = padding or NONE
    _weights(given, reading)


def _pool(operation: str) -> Callable[[Arguments, Reading], None]:
    def read(given: Arguments, reading: Reading) -> None:
        given.refuse("storage_order", "changes the indices.", 0)
        _window(given, reading, operation)
        reading.fields["kernel_size"] = pair_of("kernel_shape", given.required("kernel_shape"))
        reading.fields["padding"] = _padding(given) or "VALID"
        if _flag(given, "ceil_mode"):
            reading.fields["ceil_mode"] = True
        if operation == "avg_pool2d":
            reading.fields["count_include_pad"] = _flag(given, "count_include_pad")
        reading.plain_source(given.take("X"))

    return read


def _global(operation: str) -> Callable[[Arguments, Reading], None]:
    def read(given: Arguments, reading: Reading) -> None:
        given.drop("name")
        reading.fields |= {"type": operation, "kernel_size": "global", "padding": "VALID"}
        reading.plain_source(given.take("X"))

    return read


CALLS: Mapping[str, tuple[tuple[str, ...], Callable[[Arguments, Reading], None]]] = {
    "Conv": (("X", "W", "B"), _conv),
    "ConvTranspose": (("X", "W", "B"), _stamp),
    "MaxPool": (("X",), _pool("max_pool2d")),
    "AveragePool": (("X",), _pool("avg_pool2d")),
    "GlobalMaxPool": (("X",), _global("max_pool2d")),
    "GlobalAveragePool": (("X",), _global("avg_pool2d")),
}
