"""What may follow the sum."""

from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from engine.spec import Activation

# Values worked on at a time: float64 scratch of a whole photo would cost more than the arithmetic.
_BLOCK = 65_536


def activate(sums: NDArray[np.float32], activation: Activation | None, out: NDArray[np.float32]) -> None:
    """out = activation(sums), computed in float64 and rounded once; `out` may be `sums` itself.

    Both are contiguous and of one shape. NaN stays NaN.
    """
    source, destination = sums.reshape(-1), out.reshape(-1)
    if activation is None:
        if out is not sums:
            destination[:] = source
        return
    for start in range(0, source.size, _BLOCK):
        part = source[start : start + _BLOCK].astype(np.float64)
        destination[start : start + _BLOCK] = _apply(part, activation)


def _apply(values: NDArray[np.float64], activation: Activation) -> NDArray[np.float64]:
    match activation:
        case "relu":
            return np.maximum(values, 0.0)
        case "tanh":
            return np.tanh(values)
        case "sigmoid":
            # 1 / (1 + exp(-x)) would overflow for large negative x.
            shrunk = np.exp(-np.abs(values))
            return np.where(values >= 0, 1.0, shrunk) / (1.0 + shrunk)
        case _:
            assert_never(activation)
