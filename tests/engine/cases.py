"""One table of settings, at least a few of every operation, at sizes of which no two are the same."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, DepthwiseConv2D, MaxPool2D, Operation

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, eq=False)
class Case:
    """A spec but for its numbers. kernel: its shape, in the order of the operation; of a pool its size.

    size: (batch, height, width) of the input. channels: of the input, where the kernel does not tell.
    """

    name: str
    kind: type[Operation]
    kernel: Any
    size: tuple[int, int, int] = (1, 11, 13)
    channels: int = 3
    bias: bool = False
    dtype: str = "float32"
    settings: dict[str, Any] = field(default_factory=dict)

    def spec(self, integers: bool) -> Operation:
        """Small integers, whose sums float32 holds exactly, or normally distributed fractions."""
        if self.kind in (MaxPool2D, AvgPool2D):
            return self.kind(self.kernel, **self.settings)
        source = np.random.default_rng(7)

        def draw(*shape: int) -> Array:
            return source.integers(-4, 5, shape) if integers else source.standard_normal(shape)

        spec = self.kind(draw(*self.kernel), **self.settings)
        return self.kind(spec.kernel, draw(spec.out_channels), **self.settings) if self.bias else spec

    def input(self, integers: bool) -> Array:
        """[batch, height, width, channels] of the case's dtype; uint8 is 0..255 either way."""
        source = np.random.default_rng(8)
        spec = self.spec(integers)
        channels = self.channels if self.kind in (MaxPool2D, AvgPool2D) else spec.in_channels
        shape = (*self.size, channels)
        if self.dtype == "uint8" or integers:
            return source.integers(0, 256, shape).astype(self.dtype)
        return source.standard_normal(shape).astype(self.dtype)


def conv(name: str, kernel: Any, size: Any = (1, 11, 13), **settings: Any) -> Case:
    return _case(name, Conv2D, kernel, size, settings)


def depthwise(name: str, kernel: Any, size: Any, **settings: Any) -> Case:
    return _case(name, DepthwiseConv2D, kernel, size, settings)


def transpose(name: str, kernel: Any, size: Any, **settings: Any) -> Case:
    return _case(name, Conv2DTranspose, kernel, size, settings)


def max_pool(name: str, kernel: Any, size: Any, **settings: Any) -> Case:
    return _case(name, MaxPool2D, kernel, size, settings)


def avg_pool(name: str, kernel: Any, size: Any, **settings: Any) -> Case:
    return _case(name, AvgPool2D, kernel, size, settings)


def _case(name: str, kind: type[Operation], kernel: Any, size: Any, settings: dict[str, Any]) -> Case:
    own = {key: settings.pop(key) for key in ("bias", "dtype", "channels") if key in settings}
    return Case(name, kind, kernel, size, settings=settings, **own)


CASES = (
    conv("grey 3x3", (3, 3, 1, 1)),
    conv("grey 3x3 uint8", (3, 3, 1, 1), dtype="uint8"),
    conv("photo 3x3", (3, 3, 3, 1)),
    conv("photo 3x3 uint8", (3, 3, 3, 1), dtype="uint8"),
    conv("photo 3x3, 8 out", (3, 3, 3, 8), bias=True),
    conv("grey 7x7", (7, 7, 1, 1)),
    conv("grey 15x15", (15, 15, 1, 1)),
    conv("photo 3x3 stride 2", (3, 3, 3, 1), strides=(2, 2)),
    conv("photo 3x3 dilation 2", (3, 3, 3, 1), dilations=(2, 2)),
    conv("64 to 64 channels", (3, 3, 64, 64), (1, 4, 5)),
    conv("tiny", (3, 3, 3, 1), (1, 3, 2)),
    conv("one by one", (1, 1, 5, 7), (2, 3, 4), bias=True),
    conv("even, SAME", (2, 4, 2, 3), (3, 9, 10), strides=(2, 3)),
    conv("even, SAME_LOWER", (4, 2, 2, 3), (3, 9, 10), strides=(3, 2), padding="SAME_LOWER"),
    conv("dilated and strided", (2, 3, 2, 5), (2, 12, 15), strides=(3, 2), dilations=(2, 4), bias=True),
    conv(
        "dilated and strided uint8",
        (3, 2, 3, 6),
        (2, 14, 11),
        strides=(2, 3),
        dilations=(3, 2),
        dtype="uint8",
    ),
    conv("VALID with leftover", (3, 2, 4, 2), (1, 13, 14), strides=(4, 5), padding="VALID"),
    conv("stride beyond the span", (1, 2, 3, 4), (1, 12, 14), strides=(5, 6), padding="VALID"),
    conv("stride beyond the input", (2, 3, 2, 1), (2, 5, 7), strides=(30, 40)),
    conv("FULL", (4, 3, 2, 5), (2, 5, 6), dilations=(1, 2), padding="FULL"),
    conv("pads of four sizes", (3, 5, 2, 2), (2, 7, 8), strides=(2, 1), padding=((0, 3), (4, 1))),
    conv("pads larger than the input", (2, 2, 3, 1), (1, 2, 3), strides=(1, 3), padding=((9, 0), (2, 11))),
    conv("wider than a block", (1, 3, 1, 5), (1, 2, 1203), dilations=(1, 7), bias=True),
    conv("kernel as large as the input", (5, 6, 3, 2), (2, 5, 6), padding="VALID"),
    # What default builds of TensorFlow get wrong: several items, one channel, one output column, strided.
    conv("one column of a batch", (3, 2, 1, 5), (4, 7, 3), strides=(2, 3), padding="VALID"),
    conv("groups", (2, 3, 2, 6), (2, 5, 7), groups=3, bias=True),
    conv("groups, strided and dilated", (3, 2, 3, 4), (1, 9, 8), groups=2, strides=(2, 1), dilations=(1, 3)),
    conv("as many groups as channels", (3, 3, 1, 4), (2, 6, 5), groups=4, dtype="uint8"),
    conv("reflect", (4, 5, 2, 3), (2, 6, 7), padding="SAME", padding_mode="reflect"),
    conv("reflect, wide pads", (2, 3, 1, 2), (1, 5, 7), padding=((4, 3), (5, 6)), padding_mode="reflect"),
    conv("replicate", (3, 2, 2, 3), (2, 4, 5), padding=((7, 1), (2, 9)), padding_mode="replicate", bias=True),
    conv("circular", (5, 4, 3, 2), (1, 5, 6), padding=((5, 4), (3, 6)), padding_mode="circular"),
    conv(
        "circular, strided and dilated",
        (2, 3, 2, 3),
        (2, 7, 8),
        strides=(2, 3),
        dilations=(3, 2),
        padding="FULL",
        padding_mode="circular",
        dtype="uint8",
    ),
    conv("flipped", (2, 3, 2, 4), (2, 5, 6), flip_kernel=True, bias=True),
    conv("flipped groups", (3, 2, 2, 4), (1, 6, 5), flip_kernel=True, groups=2, strides=(1, 2)),
    conv("relu", (3, 2, 2, 3), (2, 5, 4), activation="relu", bias=True),
    conv("sigmoid", (2, 3, 2, 3), (1, 5, 4), activation="sigmoid", bias=True),
    conv("tanh", (2, 2, 1, 3), (1, 4, 5), activation="tanh", groups=1),
    depthwise("depthwise", (3, 2, 4, 1), (2, 6, 7)),
    depthwise("depthwise, multiplied", (2, 3, 3, 5), (2, 5, 6), bias=True, strides=(1, 2)),
    depthwise("depthwise uint8", (3, 3, 5, 2), (1, 7, 8), dtype="uint8", dilations=(2, 1), padding="FULL"),
    depthwise(
        "depthwise, strided and dilated",
        (2, 3, 2, 3),
        (2, 9, 11),
        strides=(2, 3),
        dilations=(3, 2),
        padding=((1, 4), (3, 0)),
    ),
    depthwise(
        "depthwise, flipped and reflected",
        (4, 3, 3, 2),
        (1, 6, 5),
        flip_kernel=True,
        padding_mode="reflect",
        activation="relu",
    ),
    transpose("transposed SAME", (3, 4, 2, 3), (2, 4, 5), strides=(2, 3)),
    transpose(
        "transposed SAME_LOWER", (4, 3, 2, 3), (2, 4, 5), strides=(3, 2), padding="SAME_LOWER", bias=True
    ),
    transpose("transposed VALID", (2, 3, 4, 2), (1, 4, 3), padding="VALID", strides=(2, 1), dtype="uint8"),
    transpose(
        "gaps that no stamp reaches", (2, 1, 3, 2), (1, 3, 4), strides=(5, 4), padding="VALID", bias=True
    ),
    transpose("gaps in SAME", (1, 2, 2, 2), (2, 3, 4), strides=(3, 4)),
    transpose(
        "cropped and grown",
        (4, 3, 3, 2),
        (2, 4, 5),
        strides=(3, 2),
        dilations=(1, 3),
        padding=((2, 1), (0, 3)),
        output_padding=(2, 1),
        bias=True,
    ),
    transpose("cropped beyond its stamps", (2, 2, 1, 3), (1, 5, 6), strides=(1, 2), padding=((3, 1), (4, 2))),
    transpose("transposed groups", (3, 2, 2, 6), (2, 4, 3), groups=3, strides=(2, 3), bias=True),
    transpose(
        "transposed groups, dilated", (2, 3, 3, 4), (1, 3, 5), groups=2, dilations=(2, 4), strides=(3, 6)
    ),
    transpose("to a shape, SAME", (3, 5, 2, 1), (1, 4, 3), strides=(3, 4), output_shape=(10, 9)),
    transpose(
        "to a shape, odd at the start",
        (4, 3, 1, 2),
        (1, 3, 4),
        strides=(3, 2),
        padding="SAME_LOWER",
        output_shape=(7, 6),
    ),
    transpose(
        "to a shape, VALID", (2, 3, 2, 2), (1, 3, 4), strides=(4, 3), padding="VALID", output_shape=(13, 14)
    ),
    transpose("flipped stamps", (2, 3, 2, 3), (2, 3, 4), strides=(2, 1), flip_kernel=True, activation="tanh"),
    max_pool("max pool", (2, 3), (2, 7, 8), strides=(2, 3), padding="VALID"),
    max_pool("max pool SAME", (3, 2), (2, 6, 7), channels=2, dtype="uint8"),
    max_pool("max pool SAME_LOWER, strided", (4, 3), (1, 9, 8), padding="SAME_LOWER", strides=(3, 2)),
    max_pool("max pool, dilated", (3, 2), (2, 9, 8), dilations=(2, 3), strides=(1, 2), padding="VALID"),
    max_pool(
        "max pool, ceil", (3, 2), (1, 8, 7), channels=4, strides=(2, 3), padding="VALID", ceil_mode=True
    ),
    max_pool(
        "max pool, ceil and pads", (4, 3), (1, 6, 7), strides=(3, 4), padding=((2, 1), (0, 2)), ceil_mode=True
    ),
    max_pool("max pool of one row", (1, 5), (1, 3, 9), channels=1, dtype="uint8", padding=((0, 0), (2, 1))),
    max_pool("global max pool", "global", (2, 5, 4)),
    avg_pool("avg pool", (2, 3), (2, 7, 8), strides=(2, 3), padding="VALID"),
    avg_pool("avg pool SAME", (3, 2), (2, 6, 7), channels=2, dtype="uint8"),
    avg_pool("avg pool SAME, padding counts", (3, 4), (2, 6, 7), channels=2, count_include_pad=True),
    avg_pool("avg pool, dilated", (2, 3), (1, 9, 8), dilations=(3, 2), strides=(2, 1), padding="SAME_LOWER"),
    avg_pool(
        "avg pool, ceil", (3, 2), (1, 8, 7), channels=4, strides=(2, 3), padding="VALID", ceil_mode=True
    ),
    avg_pool(
        "avg pool, ceil, padding counts",
        (4, 3),
        (1, 6, 7),
        strides=(3, 4),
        padding=((2, 1), (0, 2)),
        ceil_mode=True,
        count_include_pad=True,
    ),
    avg_pool(
        "avg pool on padding alone",
        (2, 2),
        (1, 2, 3),
        padding=((3, 2), (2, 4)),
        count_include_pad=True,
        dtype="uint8",
    ),
    avg_pool("global avg pool", "global", (2, 5, 4)),
)
