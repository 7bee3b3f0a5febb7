"""Our side of the benchmark: the engine as a library, in this process."""

from collections.abc import Callable

import numpy as np

from engine import ops
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, DepthwiseConv2D, MaxPool2D, Operation
from tests.bench.clock import Burst, burst
from tests.bench.workloads import Array, Workload

# From here on malloc maps an output anew for every call (glibc's largest threshold), and its page faults cost
# more than the arithmetic.
LARGE = 32 << 20


def spec_of(workload: Workload) -> Operation:
    size = workload.kernel, workload.kernel
    strides, dilations = (workload.stride,) * 2, (workload.dilation,) * 2
    padding = ((workload.pad,) * 2,) * 2
    match workload.operation:
        case "max pool":
            return MaxPool2D(size, strides, dilations, padding)
        case "average pool":
            return AvgPool2D(size, strides, dilations, padding)
        case "transposed conv":
            return Conv2DTranspose(workload.weights(), None, strides, dilations, padding)
    if workload.groups == workload.in_channels > 1:
        kernel = workload.weights().reshape(*size, workload.in_channels, -1)
        return DepthwiseConv2D(kernel, None, strides, dilations, padding)
    return Conv2D(workload.weights(), None, strides, dilations, padding, workload.groups)


class Ours:
    """The whole output by ops.run, in fresh memory or, with `reuse`, always in the same."""

    library = "ours"

    def __init__(self, reuse: bool) -> None:
        self.name = "ours out=" if reuse else "ours"
        self._reuse = reuse
        self._call: Callable[[], Array] = lambda: np.empty(0)

    def answer(self, workload: Workload) -> Array | None:
        """None with `reuse` where it makes no difference."""
        if self._reuse and workload.output_bytes < LARGE:
            return None
        spec, cells = spec_of(workload), workload.input()[np.newaxis]
        if self._reuse:
            out = ops.empty(spec, cells.shape)
            self._call = lambda: ops.run(spec, cells, out=out)
        else:
            self._call = lambda: ops.run(spec, cells)
        return self._call()[0]

    def burst(self, budget: float) -> Burst:
        """Of the workload last answered."""
        return burst(self._call, budget)
