"""Keras's layers."""

from collections.abc import Callable, Mapping

from engine.errors import EngineError
from engine.frameworks.pasted.arguments import Arguments, choice
from engine.frameworks.pasted.reading import Reading, span
from engine.spec import ACTIVATIONS

# What is left after these changes no number once the weights are there.
_LEARNED = ("initializer", "regularizer", "constraint")
_CONV = (
    "filters",
    "kernel_size",
    "strides",
    "padding",
    "data_format",
    "dilation_rate",
    "groups",
    "activation",
    "use_bias",
)
_DEPTHWISE = (
    "kernel_size",
    "strides",
    "padding",
    "depth_multiplier",
    "data_format",
    "dilation_rate",
    "activation",
    "use_bias",
)
_STAMP = (
    "filters",
    "kernel_size",
    "strides",
    "padding",
    "output_padding",
    "data_format",
    "dilation_rate",
    "activation",
    "use_bias",
)
_POOL = ("pool_size", "strides", "padding", "data_format", "name")


def _beside(given: Arguments) -> None:
    kinds = ("kernel", "bias", "depthwise", "activity")
    given.drop("name", "input_shape", "dtype", "trainable", "data_format", "autocast")
    given.drop(*(f"{kind}_{what}" for kind in kinds for what in _LEARNED))


def _padding(given: Arguments) -> str:
    return choice("padding", str(given.value("padding", "valid")).lower(), ("valid", "same")).upper()


def _layer(given: Arguments, reading: Reading) -> None:
    _beside(given)
    reading.kernel_size = given.pair("kernel_size", given.required("kernel_size"))
    strides, dilations = given.pair("strides", 1), given.pair("dilation_rate", 1)
    if max(strides) > 1 and max(dilations) > 1 and reading.fields["type"] != "conv2d_transpose":
        raise EngineError("dilation_rate", dilations, "Keras refuses it together with strides.")
    reading.fields |= {"strides": strides, "dilations": dilations, "padding": _padding(given)}
    activation = given.value("activation", "linear")
    if activation != "linear":
        reading.fields["activation"] = choice("activation", activation, ACTIVATIONS)
    if given.flag("use_bias", True):
        reading.notes.append("The layer's bias is learned, and not in the call.")


def _conv(given: Arguments, reading: Reading) -> None:
    reading.fields["type"] = "conv2d"
    reading.out_channels = given.number("filters", given.required("filters"))
    _layer(given, reading)
    groups = given.number("groups", 1)
    if groups != 1:
        reading.fields["groups"] = groups


def _depthwise(given: Arguments, reading: Reading) -> None:
    reading.fields["type"] = "depthwise_conv2d"
    multiplier = given.number("depth_multiplier", 1)
    if multiplier != 1:
        reading.depth_multiplier = multiplier
        reading.notes.append(f"Each channel has {multiplier} kernels, whose numbers are not in the call.")
    _layer(given, reading)


def _stamp(given: Arguments, reading: Reading) -> None:
    reading.fields["type"] = "conv2d_transpose"
    reading.out_channels = given.number("filters", given.required("filters"))
    given.refuse("output_padding", "cannot be read; PyTorch's and TensorFlow's ways of it can.")
    _layer(given, reading)
    fields, size = reading.fields, reading.kernel_size
    if fields["padding"] == "VALID" and size is not None:
        # Keras's output is never smaller than input x stride.
        spans = [span(cells, dilation) for cells, dilation in zip(size, fields["dilations"], strict=True)]
        more = tuple(max(stride - one, 0) for stride, one in zip(fields["strides"], spans, strict=True))
        if any(more):
            fields["output_padding"] = more


def _pool(operation: str) -> Callable[[Arguments, Reading], None]:
    def read(given: Arguments, reading: Reading) -> None:
        _beside(given)
        size = given.pair("pool_size", 2)
        reading.fields |= {
            "type": operation,
            "kernel_size": size,
            "strides": given.pair("strides", size),
            "padding": _padding(given),
        }

    return read


def _global(operation: str) -> Callable[[Arguments, Reading], None]:
    def read(given: Arguments, reading: Reading) -> None:
        _beside(given)
        given.drop("keepdims")
        reading.fields |= {"type": operation, "kernel_size": "global", "padding": "VALID"}

    return read


CALLS: Mapping[str, tuple[tuple[str, ...], Callable[[Arguments, Reading], None]]] = {
    "layers.Conv2D": (_CONV, _conv),
    "layers.DepthwiseConv2D": (_DEPTHWISE, _depthwise),
    "layers.Conv2DTranspose": (_STAMP, _stamp),
    "layers.MaxPooling2D": (_POOL, _pool("max_pool2d")),
    "layers.AveragePooling2D": (_POOL, _pool("avg_pool2d")),
    "layers.GlobalMaxPooling2D": ((), _global("max_pool2d")),
    "layers.GlobalAveragePooling2D": ((), _global("avg_pool2d")),
}
