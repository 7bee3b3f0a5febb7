"""Settings of every operation at random, for what has to agree with something else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import strategies as st

from engine import backend
from engine.errors import EngineError
from engine.geometry import plan
from engine.spec import (
    ACTIVATIONS,
    PADDING_MODES,
    AvgPool2D,
    Conv2D,
    Conv2DTranspose,
    DepthwiseConv2D,
    MaxPool2D,
    Operation,
    Weighted,
)

Array = np.ndarray[Any, np.dtype[Any]]

KINDS = (Conv2D, DepthwiseConv2D, Conv2DTranspose, MaxPool2D, AvgPool2D)
DTYPES = ("uint8", "int32", "float16", "float32", "float64")


@contextmanager
def reference_arithmetic() -> Iterator[None]:
    """The reference answers within."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backend, "_compiled", {})
        yield


def pairs(low: int, high: int) -> Any:
    return st.tuples(st.integers(low, high), st.integers(low, high))


@st.composite
def specs(draw: Any, source: np.random.Generator) -> Operation:
    """Any operation with normally distributed numbers from `source`."""
    kind = draw(st.sampled_from(KINDS))
    sides = st.tuples(pairs(0, 5), pairs(0, 5))
    names = ["SAME", "SAME_LOWER", "VALID"] + ([] if kind is Conv2DTranspose else ["FULL"])
    window: dict[str, Any] = {
        "strides": draw(pairs(1, 5)),
        "dilations": draw(st.just((1, 1)) | pairs(1, 4)),
        "padding": draw(st.sampled_from(names) | sides),
    }
    size = draw(pairs(1, 4))
    if kind in (MaxPool2D, AvgPool2D):
        if draw(st.integers(0, 9)) == 0:
            return kind("global")
        window["ceil_mode"] = draw(st.booleans())
        if kind is AvgPool2D:
            window["count_include_pad"] = draw(st.booleans())
        return kind(size, **window)
    window["flip_kernel"] = draw(st.booleans())
    window["activation"] = draw(st.sampled_from([None, None, None, *ACTIVATIONS]))
    # Many channels take loops of their own.
    inner = draw(st.sampled_from([1, 1, 2, 3, 3, 5, 16, 19]))
    outer = draw(st.sampled_from([1, 1, 2, 3, 5, 16, 21]))
    groups = 1
    if kind is not DepthwiseConv2D:
        groups = window["groups"] = draw(st.sampled_from([1, 1, 1, 2, 3]))
    if kind is Conv2DTranspose:
        shape = (*size, outer, inner * groups)
        if window["padding"] not in ("SAME", "SAME_LOWER"):
            window["output_padding"] = draw(pairs(0, 2))
            for axis in range(2):
                assume(
                    window["output_padding"][axis] < max(window["strides"][axis], window["dilations"][axis])
                )
    else:
        window["padding_mode"] = draw(st.sampled_from(["zeros", "zeros", *PADDING_MODES]))
        shape = (*size, inner, outer if kind is DepthwiseConv2D else outer * groups)
    spec = kind(source.standard_normal(shape), **window)
    bias = source.standard_normal(spec.out_channels)
    return kind(spec.kernel, bias, **window) if draw(st.booleans()) else spec


def numbers(source: np.random.Generator, shape: tuple[int, ...], dtype: str) -> Array:
    """What an input of that dtype may well hold."""
    if dtype == "uint8":
        return source.integers(0, 256, shape, dtype=np.uint8)
    if dtype == "int32":
        return source.integers(-3000, 3000, shape, dtype=np.int32)
    return source.standard_normal(shape).astype(dtype)


@st.composite
def settings(draw: Any) -> tuple[Operation, Array]:
    """A spec and an NHWC input that it fits."""
    source = np.random.default_rng(draw(st.integers(0, 2**32)))
    spec = draw(specs(source))
    batch, height, width = draw(st.tuples(st.integers(1, 3), st.integers(1, 14), st.integers(1, 14)))
    channels = spec.in_channels if isinstance(spec, Weighted) else draw(st.sampled_from([1, 2, 3, 4, 17]))
    try:
        plan(spec, height, width)
    except EngineError:
        assume(False)
    return spec, numbers(source, (batch, height, width, channels), draw(st.sampled_from(DTYPES)))
