"""JAX's lax."""

from collections.abc import Callable, Mapping

from engine.errors import EngineError
from engine.frameworks.pasted.arguments import Arguments, choice, pair_of, written
from engine.frameworks.pasted.reading import Reading, nhwc_pads, pairs, spatial

_BESIDE = ("precision", "preferred_element_type", "out_sharding")
_CONV = (
    "lhs",
    "rhs",
    "window_strides",
    "padding",
    "lhs_dilation",
    "rhs_dilation",
    "dimension_numbers",
    "feature_group_count",
    "batch_group_count",
    *_BESIDE,
)
_STAMP = (
    "lhs",
    "rhs",
    "strides",
    "padding",
    "rhs_dilation",
    "dimension_numbers",
    "transpose_kernel",
    *_BESIDE,
)
_WINDOW = (
    "operand",
    "init_value",
    "computation",
    "window_dimensions",
    "window_strides",
    "padding",
    "base_dilation",
    "window_dilation",
)


def _named(given: Arguments) -> str | None:
    """The padding, if it is a name; otherwise it is left."""
    node = given.take("padding")
    if node is None:
        raise EngineError("padding", None, "is not in the call, and there is no default for it.")
    given.give("padding", node)
    value = given.value("padding", None)
    if isinstance(value, str):
        return choice("padding", value.upper(), ("SAME", "SAME_LOWER", "VALID"))
    given.give("padding", node)
    return None


def _conv(given: Arguments, reading: Reading) -> None:
    given.drop(*_BESIDE, "dimension_numbers")
    given.refuse("lhs_dilation", "puts zeros between the cells of the input.", (1, 1))
    given.refuse("batch_group_count", "must be 1.", 1)
    reading.fields |= {
        "type": "conv2d",
        "strides": pair_of("window_strides", given.required("window_strides")),
        "dilations": pair_of("rhs_dilation", given.value("rhs_dilation", 1)),
        "padding": _named(given) or pairs("padding", given.required("padding")),
    }
    groups = given.number("feature_group_count", 1)
    if groups != 1:
        reading.fields["groups"] = groups
    reading.source(given.take("lhs"))
    reading.weights(given.take("rhs"))


def _stamp(given: Arguments, reading: Reading) -> None:
    given.drop(*_BESIDE, "dimension_numbers")
    padding = _named(given)
    if padding != "SAME":
        raise EngineError("padding", padding, "of a lax.conv_transpose can be read as 'SAME' only.")
    reading.fields |= {
        "type": "conv2d_transpose",
        "strides": pair_of("strides", given.required("strides")),
        "dilations": pair_of("rhs_dilation", given.value("rhs_dilation", 1)),
        "padding": "SAME",
        # Without transpose_kernel JAX stamps the kernel turned.
        "flip_kernel": not given.flag("transpose_kernel", False),
    }
    reading.plain_source(given.take("lhs"))
    reading.weights(given.take("rhs"))


def _window(given: Arguments, reading: Reading) -> None:
    computation = given.take("computation")
    name = "" if computation is None else written(computation)
    if name not in ("lax.max", "jax.lax.max", "jnp.maximum"):
        raise EngineError("computation", name, f"is {name}; only lax.max, a max pool, can be read.")
    given.drop("init_value")
    given.refuse("base_dilation", "puts zeros between the cells of the input.", (1, 1, 1, 1))
    reading.fields |= {
        "type": "max_pool2d",
        "kernel_size": spatial("window_dimensions", given.required("window_dimensions")),
        "strides": spatial("window_strides", given.value("window_strides", 1)),
        "dilations": spatial("window_dilation", given.value("window_dilation", 1)),
        "padding": _named(given) or nhwc_pads("padding", given.required("padding")),
    }
    reading.source(given.take("operand"), outside=float("-inf"))


CALLS: Mapping[str, tuple[tuple[str, ...], Callable[[Arguments, Reading], None]]] = {
    "lax.conv_general_dilated": (_CONV, _conv),
    "lax.conv": (("lhs", "rhs", "window_strides", "padding", *_BESIDE), _conv),
    "lax.conv_transpose": (_STAMP, _stamp),
    "lax.reduce_window": (_WINDOW, _window),
}
