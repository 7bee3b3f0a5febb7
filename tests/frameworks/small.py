"""Operations drawn by seed, small, of all kinds, over inputs of which no two dimensions are the same."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import ops
from engine.errors import EngineError
from engine.geometry import Geometry, plan
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


@dataclass(frozen=True, eq=False)
class Sample:
    """input: NHWC; output: the engine's."""

    spec: Operation
    geometry: Geometry
    input: Array
    output: Array

    @property
    def shape(self) -> tuple[int, int, int, int]:
        batch, height, width, channels = self.input.shape
        return batch, height, width, channels

    def __str__(self) -> str:
        fields = {
            name: list(value.shape) if isinstance(value, np.ndarray) else value
            for name, value in vars(self.spec).items()
            if name in type(self.spec).__dataclass_fields__
        }
        return f"{type(self.spec).__name__}{fields} over {list(self.input.shape)}"


def samples(count: int, seed: int) -> Iterator[Sample]:
    """`count` of them, as many of each kind; those that the engine refuses are drawn again."""
    source = np.random.default_rng(seed)
    for index in range(count):
        yield _possible(KINDS[index % len(KINDS)], source)


def traits(found: list[Sample]) -> Counter[str]:
    """How many of them have what is easily left out."""
    counted: Counter[str] = Counter()
    for sample in found:
        spec = sample.spec
        counted[type(spec).__name__] += 1
        counted["strided"] += max(spec.strides) > 1
        counted["dilated"] += max(spec.dilations) > 1
        counted["both"] += max(spec.strides) > 1 and max(spec.dilations) > 1
        counted[spec.padding if isinstance(spec.padding, str) else "sides"] += 1
        counted["global"] += spec.kernel_size == "global"
        counted["ceil_mode"] += getattr(spec, "ceil_mode", False)
        counted["count_include_pad"] += getattr(spec, "count_include_pad", False)
        counted[str(getattr(spec, "padding_mode", "zeros"))] += 1
        counted["output_shape"] += getattr(spec, "output_shape", None) is not None
        counted["output_padding"] += max(getattr(spec, "output_padding", (0, 0))) > 0
        if isinstance(spec, Weighted):
            counted["groups"] += not isinstance(spec, DepthwiseConv2D) and spec.groups > 1
            counted["bias"] += spec.bias is not None
            counted["flipped"] += spec.flip_kernel
            counted[str(spec.activation)] += 1
    return counted


def _possible(kind: type[Operation], source: np.random.Generator) -> Sample:
    while True:
        channels = int(source.choice([1, 2, 3, 4, 6]))
        height, width = (int(size) for size in source.choice(np.arange(5, 14), 2, replace=False))
        batch = int(source.choice([1, 1, 2]))
        try:
            spec = _drawn(kind, source, channels, (height, width))
            geometry = plan(spec, height, width)
        except EngineError:
            continue
        cells = source.integers(0, 256, (batch, height, width, channels)).astype(np.uint8)
        if source.random() < 0.5:
            cells = source.standard_normal(cells.shape).astype(np.float32)
        return Sample(spec, geometry, cells, ops.run(spec, cells))


def _drawn(
    kind: type[Operation], source: np.random.Generator, channels: int, over: tuple[int, int]
) -> Operation:
    window = _window(kind, source)
    size = _pair(source, 1, 6)
    if kind in (MaxPool2D, AvgPool2D):
        if source.random() < 0.06:
            return kind("global")
        if kind is AvgPool2D:
            window["count_include_pad"] = bool(source.random() < 0.5)
        return kind(size, ceil_mode=bool(source.random() < 0.4), **window)
    groups, each = 1, int(source.integers(1, 4))
    if kind is not DepthwiseConv2D:
        if source.random() < 0.4:
            groups = int(source.choice([one for one in (2, 3) if channels % one == 0] or [1]))
        window["groups"] = groups
    if kind is Conv2DTranspose:
        window |= _grown(window, source, over)
    elif source.random() < 0.5:
        window["padding_mode"] = str(source.choice(PADDING_MODES))
    inner_and_outer, out = {
        Conv2D: ((channels // groups, each * groups), each * groups),
        DepthwiseConv2D: ((channels, each), channels * each),
        Conv2DTranspose: ((each, channels), each * groups),
    }[kind]
    kernel = source.standard_normal((*size, *inner_and_outer)).astype(np.float32)
    bias = source.standard_normal(out) if source.random() < 0.7 else np.full(out, 1.5)
    return kind(
        kernel,
        bias if source.random() < 0.5 else None,
        flip_kernel=bool(source.random() < 0.3),
        activation=str(source.choice(ACTIVATIONS)) if source.random() < 0.35 else None,
        **window,
    )


def _pair(source: np.random.Generator, low: int, high: int) -> tuple[int, int]:
    return int(source.integers(low, high)), int(source.integers(low, high))


def _window(kind: type[Operation], source: np.random.Generator) -> dict[str, Any]:
    names = ["SAME", "SAME_LOWER", "VALID", "FULL"][: 3 if kind is Conv2DTranspose else 4]
    sides = _pair(source, 0, 4), _pair(source, 0, 4)
    return {
        "strides": _pair(source, 1, 4) if source.random() < 0.6 else (1, 1),
        "dilations": _pair(source, 1, 4) if source.random() < 0.4 else (1, 1),
        "padding": str(source.choice(names)) if source.random() < 0.55 else sides,
    }


def _grown(
    window: dict[str, Any], source: np.random.Generator, over: tuple[int, int]
) -> dict[str, tuple[int, ...]]:
    """What makes the output of a transposed convolution larger or smaller."""
    if source.random() < 0.5:
        return {}
    both = list(zip(over, window["strides"], window["dilations"], strict=True))
    if window["padding"] in ("SAME", "SAME_LOWER"):
        return {
            "output_shape": tuple(size * stride - int(source.integers(0, stride)) for size, stride, _ in both)
        }
    return {
        "output_padding": tuple(
            int(source.integers(0, max(stride, dilation))) for _, stride, dilation in both
        )
    }
