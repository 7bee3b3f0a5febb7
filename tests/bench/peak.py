"""What the machine can do, which all else is measured by: multiply-adds from registers, copies of many sizes.

With Numba, so that no C compiler is asked for. Left to itself LLVM vectorises 256 bits wide on many CPUs that
can do 512; explicit vectors do not.
"""

import ctypes
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

# A chain is latency-bound: two units of latency 4 or 5 need ten at once, and sixteen registers hold twelve.
CHAINS = 12
LANES = (4, 8, 16)
# Bytes read and written per copy and thread: from what the second-level cache holds to what no cache does.
TRAFFIC = tuple(1 << exponent for exponent in (18, 20, 22, 24, 26, 28))

memcpy = ctypes.CDLL(None).memcpy
memcpy.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]
memcpy.restype = ctypes.c_void_p


@cache
def fma_loop(lanes: int) -> Callable[[int], float]:
    """Compiled f(steps): CHAINS independent multiply-adds of `lanes` float32 a step."""
    vector = ir.VectorType(ir.FloatType(), lanes)

    def constant(value: float) -> ir.Constant:
        return ir.Constant(vector, [value] * lanes)

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> Any:
        chains = [cgutils.alloca_once_value(builder, constant(float(start))) for start in range(CHAINS)]
        with cgutils.for_range(builder, arguments[0]):
            for chain in chains:
                product = builder.fmul(builder.load(chain), constant(0.5), flags=("contract",))
                builder.store(builder.fadd(product, constant(1.0), flags=("contract",)), chain)
        total = builder.load(chains[0])
        for chain in chains[1:]:
            total = builder.fadd(total, builder.load(chain))
        return builder.extract_element(total, ir.Constant(ir.IntType(32), lanes - 1))

    @intrinsic
    def multiply_add(typing_context: Any, steps: Any) -> Any:
        return types.float32(types.int64), generate

    @njit("float32(int64)", nogil=True)
    def loop(steps: int) -> float:
        return multiply_add(steps)

    return loop


@njit("void(uint8[::1], uint8[::1], int64)", nogil=True)
def copy(source: Any, target: Any, times: int) -> None:
    for _ in range(times):
        memcpy(target.ctypes.data, source.ctypes.data, source.size)


def fastest(calls: list[Callable[[], object]], rounds: int) -> float:
    """Seconds of the quickest of `rounds` runs of all calls at once, each in a thread of its own."""
    with ThreadPoolExecutor(len(calls)) as pool:

        def together() -> float:
            started = time.perf_counter()
            for future in [pool.submit(call) for call in calls]:
                future.result()
            return time.perf_counter() - started

        return min(together() for _ in range(rounds + 1))


def fma_peak(threads: int, rounds: int, steps: int = 4_000_000) -> float:
    """GFLOP/s in float32, of the best vector width."""

    def rate(lanes: int) -> float:
        loop = fma_loop(lanes)
        seconds = fastest([lambda: loop(steps)] * threads, rounds)
        return threads * steps * CHAINS * lanes * 2 / seconds / 1e9

    return max(rate(lanes) for lanes in LANES)


def copy_peak(threads: int, traffic: int, rounds: int, least: int = 1 << 27) -> float:
    """GB/s of memcpy, reads plus writes; each thread moves `traffic` bytes again and again until `least`."""
    arrays = [(np.ones(traffic // 2, np.uint8), np.ones(traffic // 2, np.uint8)) for _ in range(threads)]
    times = max(1, least // traffic)
    calls = [lambda pair=pair: copy(*pair, times) for pair in arrays]
    return threads * times * traffic / fastest(calls, rounds) / 1e9


def peaks(thread_counts: Iterable[int], rounds: int = 25) -> list[dict[str, Any]]:
    """For each number of threads its FMA peak and, by traffic over all threads, its copy peak."""
    return [
        {
            "threads": threads,
            "fma_gflops": fma_peak(threads, rounds),
            "copy_gb_per_s": [
                {"bytes": traffic * threads, "gb_per_s": copy_peak(threads, traffic, rounds)}
                for traffic in TRAFFIC
            ],
        }
        for threads in thread_counts
    ]
