"""Compiled loops: arrays in, arrays out; no policy, no validation.

Importing this package compiles them, or loads them from the cache.
"""

from functools import lru_cache

from engine.compiled.build import Plan
from engine.compiled.channels_last import conv2d_rows_channels_last, pack, prefers_channels_last
from engine.compiled.convolution import conv2d_rows
from engine.compiled.pools import avg_pool_rows, max_pool_rows
from engine.compiled.trace import fill_trace
from engine.lines import Line

__all__ = [
    "avg_pool_rows",
    "conv2d_rows",
    "conv2d_rows_channels_last",
    "fill_trace",
    "max_pool_rows",
    "pack",
    "plan_of",
    "prefers_channels_last",
]


@lru_cache(maxsize=64)
def plan_of(y: Line, x: Line) -> Plan:
    """The numbers of both axes, as the loops take them beside y.sources and x.sources."""
    return Plan(
        kernel_height=y.kernel_size,
        kernel_width=x.kernel_size,
        step_y=y.step,
        step_x=x.step,
        origin_y=y.origin,
        origin_x=x.origin,
        dilation_y=y.tap_step,
        dilation_x=x.tap_step,
        span_y=y.span,
        span_x=x.span,
        run_start=x.run_start,
        run_length=x.run_length,
        run_column=x.run_source,
        output_width=x.output_size,
    )
