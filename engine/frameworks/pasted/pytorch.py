"""PyTorch's functions and layers."""

from collections.abc import Callable, Mapping

from engine.errors import EngineError
from engine.frameworks.pasted.arguments import Arguments, choice, pair_of
from engine.frameworks.pasted.reading import NONE, Reading, symmetric
from engine.spec import PADDING_MODES

_CONV = ("input", "weight", "bias", "stride", "padding", "dilation", "groups")
_CONV_LAYER = (
    "in_channels",
    "out_channels",
    "kernel_size",
    "stride",
    "padding",
    "dilation",
    "groups",
    "bias",
    "padding_mode",
    "device",
    "dtype",
)
_STAMP = ("input", "weight", "bias", "stride", "padding", "output_padding", "groups", "dilation")
_STAMP_LAYER = (
    "in_channels",
    "out_channels",
    "kernel_size",
    "stride",
    "padding",
    "output_padding",
    "groups",
    "bias",
    "dilation",
    "padding_mode",
    "device",
    "dtype",
)
_MAX = ("kernel_size", "stride", "padding", "dilation", "ceil_mode", "return_indices")
_MAX_LAYER = ("kernel_size", "stride", "padding", "dilation", "return_indices", "ceil_mode")
_AVERAGE = ("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad", "divisor_override")


def _window(given: Arguments, reading: Reading) -> None:
    """stride, padding and dilation of a convolution."""
    strides = given.pair("stride", 1)
    padding = given.value("padding", 0)
    if isinstance(padding, str):
        name = choice("padding", padding, ("same", "valid"))
        if name == "same" and max(strides) > 1:
            raise EngineError(
                "padding", padding, "is 'same', which PyTorch refuses with a stride; give the numbers."
            )
        found: object = name.upper()
    else:
        sides = pair_of("padding", padding)
        found = symmetric(sides) if any(sides) else "VALID"
    reading.fields |= {"strides": strides, "dilations": given.pair("dilation", 1), "padding": found}


def _grouped(given: Arguments, reading: Reading) -> None:
    groups = given.number("groups", 1)
    if groups != 1:
        reading.fields["groups"] = groups


def _mode(given: Arguments, reading: Reading, *modes: str) -> None:
    mode = choice("padding_mode", given.value("padding_mode", "zeros"), modes)
    if mode != "zeros":
        reading.fields["padding_mode"] = mode


def _layer(given: Arguments, reading: Reading) -> None:
    reading.in_channels = given.number("in_channels", given.required("in_channels"))
    reading.out_channels = given.number("out_channels", given.required("out_channels"))
    reading.kernel_size = given.pair("kernel_size", given.required("kernel_size"))
    if given.flag("bias", True):
        reading.notes.append("The layer's bias is learned, and not in the call.")
    given.drop("device", "dtype")


def _conv(given: Arguments, reading: Reading) -> None:
    reading.fields["type"] = "conv2d"
    _window(given, reading)
    _grouped(given, reading)
    reading.source(given.take("input"))
    reading.weights(given.take("weight"))
    reading.bias_of(given.take("bias"))


def _conv_layer(given: Arguments, reading: Reading) -> None:
    reading.fields["type"] = "conv2d"
    _layer(given, reading)
    _window(given, reading)
    _grouped(given, reading)
    _mode(given, reading, *PADDING_MODES)


def _stamp_window(given: Arguments, reading: Reading) -> None:
    reading.fields["type"] = "conv2d_transpose"
    sides = given.pair("padding", 0)
    extra = given.pair("output_padding", 0)
    reading.fields |= {
        "strides": given.pair("stride", 1),
        "dilations": given.pair("dilation", 1),
        "padding": symmetric(sides) if any(sides) else NONE,
    }
    if any(extra):
        reading.fields["output_padding"] = extra
    _grouped(given, reading)


def _stamp(given: Arguments, reading: Reading) -> None:
    _stamp_window(given, reading)
    reading.plain_source(given.take("input"))
    reading.weights(given.take("weight"))
    reading.bias_of(given.take("bias"))


def _stamp_layer(given: Arguments, reading: Reading) -> None:
    _layer(given, reading)
    _stamp_window(given, reading)
    _mode(given, reading, "zeros")


def _pool(given: Arguments, reading: Reading) -> None:
    size = given.pair("kernel_size", given.required("kernel_size"))
    sides = given.pair("padding", 0)
    reading.fields |= {
        "kernel_size": size,
        "strides": given.pair("stride", size),
        "padding": symmetric(sides) if any(sides) else "VALID",
    }
    if given.flag("ceil_mode", False):
        reading.fields["ceil_mode"] = True


def _max(given: Arguments, reading: Reading) -> None:
    reading.fields["type"] = "max_pool2d"
    given.drop("return_indices")
    _pool(given, reading)
    reading.fields["dilations"] = given.pair("dilation", 1)
    reading.source(given.take("input"), outside=float("-inf"))


def _average(given: Arguments, reading: Reading) -> None:
    reading.fields["type"] = "avg_pool2d"
    given.refuse("divisor_override", "divides by another number than the cells of the window.")
    _pool(given, reading)
    counts = given.flag("count_include_pad", True)
    reading.fields["count_include_pad"] = counts
    reading.source(given.take("input"))


def _adaptive(operation: str) -> Callable[[Arguments, Reading], None]:
    def read(given: Arguments, reading: Reading) -> None:
        size = given.pair("output_size", given.required("output_size"))
        if size != (1, 1):
            raise EngineError("output_size", size, "must be 1: only the pool of everything can be read.")
        reading.fields |= {"type": operation, "kernel_size": "global", "padding": "VALID"}
        reading.plain_source(given.take("input"))

    return read


CALLS: Mapping[str, tuple[tuple[str, ...], Callable[[Arguments, Reading], None]]] = {
    "F.conv2d": (_CONV, _conv),
    "F.conv_transpose2d": (_STAMP, _stamp),
    "F.max_pool2d": (("input", *_MAX), _max),
    "F.avg_pool2d": (("input", *_AVERAGE), _average),
    "F.adaptive_max_pool2d": (("input", "output_size"), _adaptive("max_pool2d")),
    "F.adaptive_avg_pool2d": (("input", "output_size"), _adaptive("avg_pool2d")),
    "nn.Conv2d": (_CONV_LAYER, _conv_layer),
    "nn.ConvTranspose2d": (_STAMP_LAYER, _stamp_layer),
    "nn.MaxPool2d": (_MAX_LAYER, _max),
    "nn.AvgPool2d": (_AVERAGE, _average),
    "nn.AdaptiveMaxPool2d": (("output_size",), _adaptive("max_pool2d")),
    "nn.AdaptiveAvgPool2d": (("output_size",), _adaptive("avg_pool2d")),
}
