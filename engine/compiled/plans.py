"""From two lines to the numbers that the loops take."""

from functools import lru_cache

from engine.compiled.build import Plan
from engine.lines import Line


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
