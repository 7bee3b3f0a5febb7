"""The limits of an operation. Each is checked on numbers alone, before anything of that size exists."""

from app.errors import RefusedError
from app.settings import Settings
from engine.axes import AxisGeometry, TransposedAxisGeometry
from engine.checks import Pair
from engine.geometry import Geometry
from engine.ops import out_channels, work
from engine.spec import Operation, Weighted


def check_spec(spec: Operation, settings: Settings) -> None:
    """Refuse what is beyond a limit for an input of any size."""
    if isinstance(spec, Weighted):
        check_window(*spec.kernel_size, spec.group_channels, "kernel", settings)
    elif spec.kernel_size != "global":
        check_window(*spec.kernel_size, 1, "kernel_size", settings)
    limits: list[tuple[str, Pair, int]] = [
        ("strides", spec.strides, settings.stride),
        ("dilations", spec.dilations, settings.dilation),
    ]
    if not isinstance(spec.padding, str):
        limits += [("padding", pads, settings.padding) for pads in spec.padding]
    for field, values, most in limits:
        if max(values) > most:
            raise RefusedError(f"operation.{field}", f"is {max(values)}; the limit is {most}", list(values))


def check_window(height: int, width: int, channels: int, field: str, settings: Settings) -> None:
    """Refuse a kernel that is too tall or wide, and a window of too many taps."""
    if max(height, width) > settings.kernel_side:
        raise RefusedError(
            f"operation.{field}",
            f"is {height} x {width}; the longest side may be {settings.kernel_side}",
        )
    check_taps(height, width, channels, field, settings)


def check_taps(height: int, width: int, channels: int, field: str, settings: Settings) -> None:
    """Refuse a window of too many taps: one position explained lists them all."""
    if (taps := height * width * channels) > settings.taps:
        raise RefusedError(
            f"operation.{field}",
            f"has {height} x {width} x {channels} = {taps} taps; the limit is {settings.taps}",
        )


def check_geometry(
    spec: Operation, geometry: Geometry, batch: int, in_channels: int, settings: Settings
) -> None:
    """Refuse what would take too much memory or time."""
    _check_axis(geometry.y, settings)
    _check_axis(geometry.x, settings)
    channels = out_channels(spec, in_channels)
    if isinstance(geometry.y, TransposedAxisGeometry):
        # The reference stamps everything before it crops.
        laid = batch * channels * _uncropped(geometry.y) * _uncropped(geometry.x)
        field, what = "operation.strides", "values in the output before it is cropped"
    else:
        laid = geometry.line_cells * in_channels
        field, what = "operation.padding", "values in the padded input"
    budgets = [
        (field, what, laid, settings.padded_values),
        ("operation", "values in the output", batch * geometry.positions * channels, settings.output_values),
        ("operation", "multiply-adds", batch * work(spec, geometry, in_channels), settings.work),
    ]
    for field, what, amount, most in budgets:
        if amount > most:
            raise RefusedError(field, f"would need {amount} {what}; the limit is {most}")


def _check_axis(axis: object, settings: Settings) -> None:
    match axis:
        case AxisGeometry():
            # A zero costs nothing to find; what a cell of another padding reads is looked up one by one.
            pads = max(axis.pad_before, axis.pad_after)
            if axis.padding_mode != "zeros" and pads > settings.padding:
                raise RefusedError(
                    "operation.padding",
                    f"comes to {pads} on one side; the limit is {settings.padding}",
                    pads,
                )
        case TransposedAxisGeometry():
            # As long as the padded input of another operation can be: along each axis there are arrays, and
            # an output one cell wide could otherwise be millions high.
            most = settings.input_side + 2 * settings.padding
            if axis.output_size > most:
                raise RefusedError(
                    "operation.strides",
                    f"would make an output with a side of {axis.output_size} cells; the limit is {most}",
                )


def _uncropped(axis: object) -> int:
    if not isinstance(axis, TransposedAxisGeometry):
        raise TypeError("both axes of a transposed convolution are transposed")
    return axis.full_size + max(0, -axis.crop_after)
