"""What is timed: one table, for the benchmark at full size and for the tests at a small one.

Needs NumPy alone, because the peers' processes read it too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Operation = Literal["conv", "transposed conv", "max pool", "average pool"]


@dataclass(frozen=True)
class Workload:
    """One operation on one HWC input. Padding is symmetric, and such that stride 1 keeps the size; pools have
    none.

    Symmetric and not TensorFlow's SAME, which differs at stride 2: only so can every library do it without
    padding by hand.
    """

    name: str
    height: int
    width: int
    in_channels: int
    out_channels: int
    kernel: int
    stride: int = 1
    dilation: int = 1
    groups: int = 1
    dtype: str = "float32"
    operation: Operation = "conv"
    counted: bool = True

    @property
    def pools(self) -> bool:
        return self.operation.endswith("pool")

    @property
    def pad(self) -> int:
        return 0 if self.pools else (self.kernel - 1) * self.dilation // 2

    @property
    def kernel_shape(self) -> tuple[int, int, int, int]:
        """HWIO, I being the channels of one group; HWOI where transposed."""
        if self.operation == "transposed conv":
            return self.kernel, self.kernel, self.out_channels, self.in_channels
        return self.kernel, self.kernel, self.in_channels // self.groups, self.out_channels

    @property
    def output_shape(self) -> tuple[int, int, int]:
        span = (self.kernel - 1) * self.dilation + 1
        if self.operation == "transposed conv":
            height, width = ((n - 1) * self.stride + span - 2 * self.pad for n in (self.height, self.width))
        else:
            height, width = ((n + 2 * self.pad - span) // self.stride + 1 for n in (self.height, self.width))
        return height, width, self.out_channels

    @property
    def flops(self) -> int | None:
        """A multiplication and an addition per tap, padding included; none where nothing is multiplied."""
        if self.pools:
            return None
        height, width, _ = self.output_shape
        cells = self.height * self.width if self.operation == "transposed conv" else height * width
        return 2 * cells * int(np.prod(self.kernel_shape))

    @property
    def output_bytes(self) -> int:
        return 4 * int(np.prod(self.output_shape))

    @property
    def bytes(self) -> int:
        """The least that has to move: the input read, the kernel read, the output written, each once."""
        cells = self.height * self.width * self.in_channels * np.dtype(self.dtype).itemsize
        weights = 0 if self.pools else 4 * int(np.prod(self.kernel_shape))
        return cells + weights + self.output_bytes

    def __str__(self) -> str:
        what = "" if self.operation == "conv" else f"{self.operation} "
        size = f"{self.height}²" if self.height == self.width else f"{self.height}x{self.width}"
        return (
            f"{what}{size} {self.in_channels}→{self.out_channels} {self.kernel}x{self.kernel}"
            + (f" /{self.stride}" if self.stride > 1 else "")
            + (f" dilated {self.dilation}" if self.dilation > 1 else "")
            + (f" groups {self.groups}" if self.groups > 1 else "")
            + (" uint8" if self.dtype == "uint8" else "")
        )

    def input(self) -> Array:
        """HWC; the same in every process."""
        source = np.random.default_rng(7)
        shape = self.height, self.width, self.in_channels
        if self.dtype == "uint8":
            return source.integers(0, 256, shape, np.uint8)
        return source.standard_normal(shape, np.float32)

    def weights(self) -> Array:
        """float32, of kernel_shape."""
        return np.random.default_rng(8).standard_normal(self.kernel_shape, np.float32)

    def answer(self) -> tuple[Array, Array]:
        """The output in float64, HWC, and the sum of its terms' magnitudes, which errors are measured by."""
        cells = self.input().astype(np.float64)
        if self.operation == "max pool":
            return np.max(list(self._taps(cells)), axis=0), np.zeros(self.output_shape)
        if self.operation == "average pool":
            return np.mean(list(self._taps(cells)), axis=0), np.mean(list(self._taps(abs(cells))), axis=0)
        weights = self.weights().astype(np.float64)
        correlate = self._transposed if self.operation == "transposed conv" else self._correlated
        return correlate(cells, weights), correlate(abs(cells), abs(weights))

    def _taps(self, cells: Array) -> Iterator[Array]:
        """For each tap, row by row, the cells it reads for all positions."""
        height, width, _ = self.output_shape
        padded = np.pad(cells, ((self.pad, self.pad), (self.pad, self.pad), (0, 0)))
        for y, x in np.ndindex(self.kernel, self.kernel):
            top, left = y * self.dilation, x * self.dilation
            yield padded[top :: self.stride, left :: self.stride][:height, :width]

    def _correlated(self, cells: Array, weights: Array) -> Array:
        output = np.zeros((*self.output_shape[:2], self.groups, self.out_channels // self.groups))
        for tap, read in zip(weights.reshape(-1, *weights.shape[2:]), self._taps(cells), strict=True):
            inputs = read.reshape(*read.shape[:2], self.groups, -1)
            for group, kernel in enumerate(np.split(tap, self.groups, axis=1)):
                output[:, :, group] += inputs[:, :, group] @ kernel
        return output.reshape(self.output_shape)

    def _transposed(self, cells: Array, weights: Array) -> Array:
        height, width, _ = self.output_shape
        full = np.zeros((height + 2 * self.pad, width + 2 * self.pad, self.out_channels))
        for y, x in np.ndindex(self.kernel, self.kernel):
            top, left = y * self.dilation, x * self.dilation
            stamped = full[top :: self.stride, left :: self.stride][: self.height, : self.width]
            stamped += cells @ weights[y, x].T
        return full[self.pad : self.pad + height, self.pad : self.pad + width]


WORKLOADS = (
    Workload("a", 1024, 1024, 1, 1, 3),
    Workload("g", 1024, 1024, 1, 1, 3, dtype="uint8"),
    Workload("b1", 1024, 1024, 3, 1, 3),
    Workload("b8", 1024, 1024, 3, 8, 3),
    Workload("c7", 1024, 1024, 1, 1, 7),
    Workload("c15", 1024, 1024, 1, 1, 15),
    Workload("d1", 224, 224, 64, 64, 3),
    Workload("d2", 56, 56, 256, 256, 3),
    Workload("d3", 224, 224, 3, 64, 7, stride=2),
    Workload("e1s", 1024, 1024, 3, 1, 3, stride=2),
    Workload("e8s", 1024, 1024, 3, 8, 3, stride=2),
    Workload("e1d", 1024, 1024, 3, 1, 3, dilation=2),
    Workload("e8d", 1024, 1024, 3, 8, 3, dilation=2),
    Workload("f", 1024, 1024, 3, 3, 2, stride=2, operation="max pool"),
    Workload("s", 64, 64, 3, 1, 3),
    # Beyond the fifteen that the goal is counted over.
    Workload("xg", 112, 112, 64, 64, 3, groups=4, counted=False),
    Workload("xd", 112, 112, 64, 64, 3, groups=64, counted=False),
    Workload("xt", 112, 112, 32, 16, 4, stride=2, operation="transposed conv", counted=False),
    Workload("xa", 1024, 1024, 3, 3, 2, stride=2, operation="average pool", counted=False),
)
