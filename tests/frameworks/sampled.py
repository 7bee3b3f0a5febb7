"""Operations drawn by a seed, each with an input that suits it."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from engine import ops
from engine.errors import EngineError
from engine.geometry import Geometry, plan
from engine.spec import (
    ACTIVATIONS,
    NAMED_PADDINGS,
    PADDING_MODES,
    AvgPool2D,
    Conv2D,
    Conv2DTranspose,
    DepthwiseConv2D,
    MaxPool2D,
    Operation,
)

KINDS = (Conv2D, DepthwiseConv2D, Conv2DTranspose, MaxPool2D, AvgPool2D)


@dataclass(frozen=True, eq=False)
class Sample:
    """input: NHWC; small whole numbers, or uint8, or fractions. output: what the engine answers."""

    number: int
    spec: Operation
    geometry: Geometry
    input: NDArray[Any]
    output: NDArray[np.float32]

    @property
    def shape(self) -> tuple[int, int, int, int]:
        batch, height, width, channels = self.input.shape
        return batch, height, width, channels

    def __str__(self) -> str:
        said = []
        for field in fields(self.spec):
            value = getattr(self.spec, field.name)
            said.append(f"{field.name}={list(value.shape) if isinstance(value, np.ndarray) else value!r}")
        return f"{self.number}: {type(self.spec).__name__}({', '.join(said)}) over {list(self.shape)}"


def sampled(count: int, seed: int = 20) -> Iterator[Sample]:
    """`count` operations, of each kind as many; what does not fit is drawn again."""
    source = np.random.default_rng(seed)
    for number in range(count):
        yield _sample(number, KINDS[number % len(KINDS)], source)


def _sample(number: int, kind: type[Operation], source: np.random.Generator) -> Sample:
    while True:
        # Never square: a height in the place of a width would go unseen.
        height, width = (int(side) for side in source.choice(np.arange(3, 13), 2, replace=False))
        batch, channels = int(source.integers(1, 3)), int(source.integers(1, 4))
        try:
            spec, channels = _spec(kind, channels, source)
            geometry = plan(spec, height, width)
        except EngineError:
            continue
        if geometry.positions > 600:
            continue
        cells = _numbers((batch, height, width, channels), source)
        return Sample(number, spec, geometry, cells, ops.run(spec, cells))


def _numbers(shape: tuple[int, ...], source: np.random.Generator) -> NDArray[Any]:
    match source.integers(3):
        case 0:
            return source.integers(0, 256, shape, dtype=np.uint8)
        case 1:
            return source.integers(-9, 10, shape).astype(np.float32)
        case _:
            return source.standard_normal(shape).astype(np.float32)


def _pair(source: np.random.Generator, most: int, least: int = 1) -> tuple[int, int]:
    """Mostly two different numbers."""
    if source.random() < 0.3:
        return least, least
    y, x = source.integers(least, most + 1, 2)
    return int(y), int(x)


def _spec(kind: type[Operation], channels: int, source: np.random.Generator) -> tuple[Operation, int]:
    """An operation, and the channels of the input that it is for."""
    height, width = (int(side) for side in source.choice(np.arange(1, 6), 2, replace=source.random() < 0.3))
    settings: dict[str, Any] = {
        "strides": _pair(source, 3),
        "dilations": _pair(source, 3),
        "padding": _padding(kind, source),
    }
    if kind in (MaxPool2D, AvgPool2D):
        return _pool(kind, (height, width), settings, source), channels
    settings["flip_kernel"] = bool(source.random() < 0.3)
    settings["activation"] = str(source.choice(ACTIVATIONS)) if source.random() < 0.4 else None
    outputs, groups = int(source.integers(1, 4)), 1
    if kind is not DepthwiseConv2D:
        groups = settings["groups"] = int(source.integers(2, 4)) if source.random() < 0.35 else 1
    if kind is Conv2DTranspose:
        shape = (height, width, outputs, channels * groups)
        if source.random() < 0.4:
            settings["output_padding"] = _pair(source, 2, 0)
        elif source.random() < 0.3:
            settings["output_shape"] = _pair(source, 30, 3)
    else:
        shape = (height, width, channels, outputs * groups)
        if source.random() < 0.4:
            settings["padding_mode"] = str(source.choice(PADDING_MODES))
    return _biased(kind, _numbers(shape, source), settings, source), channels * groups


def _pool(
    kind: Any, size: tuple[int, int], settings: dict[str, Any], source: np.random.Generator
) -> Operation:
    if source.random() < 0.05:
        return cast("Operation", kind("global", padding=str(source.choice(("SAME", "VALID")))))
    if kind is AvgPool2D:
        settings["count_include_pad"] = bool(source.integers(2))
    return cast("Operation", kind(size, ceil_mode=bool(source.integers(2)), **settings))


def _biased(kind: Any, kernel: Any, settings: dict[str, Any], source: np.random.Generator) -> Operation:
    """With a bias for every output channel, with one for all, or without."""
    spec: Any = kind(kernel, **settings)
    biases = (_numbers((spec.out_channels,), source), np.full(spec.out_channels, -0.5), None)
    return cast("Operation", replace(spec, bias=biases[source.integers(3)]))


def _padding(kind: type[Operation], source: np.random.Generator) -> Any:
    if source.random() < 0.5:
        return str(
            source.choice([name for name in NAMED_PADDINGS if (name, kind) != ("FULL", Conv2DTranspose)])
        )
    if source.random() < 0.4:
        y, x = (int(side) for side in source.integers(0, 3, 2))
        return (y, y), (x, x)
    top, bottom, left, right = (int(side) for side in source.integers(0, 5, 4))
    return (top, bottom), (left, right)
