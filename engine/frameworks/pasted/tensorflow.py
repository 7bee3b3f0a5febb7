"""TensorFlow's tf.nn."""

from collections.abc import Callable, Mapping

from engine.errors import EngineError
from engine.frameworks.pasted.arguments import Arguments, choice, pair_of
from engine.frameworks.pasted.reading import Reading, nhwc_pads, spatial

_CONV = ("input", "filters", "strides", "padding", "data_format", "dilations", "name")
_DEPTHWISE = ("input", "filter", "strides", "padding", "data_format", "dilations", "name")
_STAMP = ("input", "filters", "output_shape", "strides", "padding", "data_format", "dilations", "name")
_POOL = ("input", "ksize", "strides", "padding", "data_format", "name")
_ANY_POOL = (
    "input",
    "window_shape",
    "pooling_type",
    "strides",
    "padding",
    "data_format",
    "dilations",
    "name",
)
_ATROUS = ("value", "filters", "rate", "padding", "name")


def _channels_first(given: Arguments) -> bool:
    given.drop("name")
    found = choice("data_format", given.value("data_format", "NHWC"), ("NHWC", "NCHW"))
    return found == "NCHW"


def _padding(given: Arguments, reading: Reading, first: bool, default: str | None = None) -> None:
    padding = given.required("padding") if default is None else given.value("padding", default)
    if isinstance(padding, str):
        reading.fields["padding"] = choice("padding", padding.upper(), ("SAME", "VALID"))
    else:
        reading.fields["padding"] = nhwc_pads("padding", padding, first)


def _convolution(operation: str, weights: str) -> Callable[[Arguments, Reading], None]:
    def read(given: Arguments, reading: Reading) -> None:
        first = _channels_first(given)
        reading.fields |= {
            "type": operation,
            "strides": spatial("strides", given.required("strides"), first),
            "dilations": spatial("dilations", given.value("dilations", 1), first),
        }
        _padding(given, reading, first)
        reading.source(given.take("input"))
        reading.weights(given.take(weights))

    return read


def _atrous(given: Arguments, reading: Reading) -> None:
    given.drop("name")
    rate = given.number("rate", given.required("rate"))
    reading.fields |= {"type": "conv2d", "strides": (1, 1), "dilations": (rate, rate)}
    _padding(given, reading, first=False)
    reading.source(given.take("value"))
    reading.weights(given.take("filters"))


def _stamp(given: Arguments, reading: Reading) -> None:
    first = _channels_first(given)
    strides = spatial("strides", given.required("strides"), first)
    shape = given.required("output_shape")
    if not isinstance(shape, tuple | list) or len(shape) not in (2, 4):
        raise EngineError("output_shape", None, "must be four numbers: batch, height, width and channels.")
    y = (2 if first else 1) if len(shape) == 4 else 0
    reading.fields |= {
        "type": "conv2d_transpose",
        "strides": strides,
        "dilations": spatial("dilations", given.value("dilations", 1), first),
        "output_shape": pair_of("output_shape", list(shape[y : y + 2])),
    }
    _padding(given, reading, first, "SAME")
    reading.plain_source(given.take("input"))
    reading.weights(given.take("filters"))


def _pool(operation: str) -> Callable[[Arguments, Reading], None]:
    def read(given: Arguments, reading: Reading) -> None:
        first = _channels_first(given)
        reading.fields |= {
            "type": operation,
            "kernel_size": spatial("ksize", given.required("ksize"), first),
            "strides": spatial("strides", given.required("strides"), first),
        }
        _padding(given, reading, first)
        _source(given, reading)

    return read


def _any_pool(given: Arguments, reading: Reading) -> None:
    first = _channels_first(given)
    kind = choice("pooling_type", given.required("pooling_type"), ("MAX", "AVG"))
    reading.fields |= {
        "type": "max_pool2d" if kind == "MAX" else "avg_pool2d",
        "kernel_size": spatial("window_shape", given.required("window_shape"), first),
        "strides": spatial("strides", given.value("strides", 1), first),
        "dilations": spatial("dilations", given.value("dilations", 1), first),
    }
    _padding(given, reading, first, "VALID")
    _source(given, reading)


def _source(given: Arguments, reading: Reading) -> None:
    if reading.fields["type"] == "max_pool2d":
        reading.source(given.take("input"), outside=float("-inf"))
        return
    if not isinstance(reading.fields["padding"], str):
        raise EngineError(
            "padding",
            None,
            "of numbers is averaged by TensorFlow as zeros of the input; pad the input first.",
        )
    reading.source(given.take("input"))


CALLS: Mapping[str, tuple[tuple[str, ...], Callable[[Arguments, Reading], None]]] = {
    "tf.nn.conv2d": (_CONV, _convolution("conv2d", "filters")),
    "tf.nn.depthwise_conv2d": (_DEPTHWISE, _convolution("depthwise_conv2d", "filter")),
    "tf.nn.conv2d_transpose": (_STAMP, _stamp),
    "tf.nn.atrous_conv2d": (_ATROUS, _atrous),
    "tf.nn.max_pool2d": (_POOL, _pool("max_pool2d")),
    "tf.nn.max_pool": (_POOL, _pool("max_pool2d")),
    "tf.nn.avg_pool2d": (_POOL, _pool("avg_pool2d")),
    "tf.nn.avg_pool": (_POOL, _pool("avg_pool2d")),
    "tf.nn.pool": (_ANY_POOL, _any_pool),
}
