"""From a request's operation and an input's shape to a plan that is within the limits."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import RefusedError
from app.schemas import Operation
from app.services.inputs import check_input_shape
from app.services.limits import check_geometry
from app.services.operations import read_operation
from app.settings import Settings
from engine import spec
from engine.geometry import Geometry, plan
from engine.ops import out_channels


@dataclass(frozen=True)
class Plan:
    """An operation that fits its input and the limits."""

    spec: spec.Operation
    geometry: Geometry
    batch: int
    in_channels: int

    @property
    def out_channels(self) -> int:
        return out_channels(self.spec, self.in_channels)

    @property
    def input_shape(self) -> list[int]:
        return [self.batch, self.geometry.y.input_size, self.geometry.x.input_size, self.in_channels]

    @property
    def output_shape(self) -> list[int]:
        return [self.batch, self.geometry.output_height, self.geometry.output_width, self.out_channels]

    @property
    def group_channels(self) -> int:
        """Input channels that one output channel reads."""
        return self.spec.group_channels if isinstance(self.spec, spec.Weighted) else 1


class Planner:
    """Turns operations into plans."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def plan(self, operation: Operation, shape: tuple[int, int, int, int]) -> Plan:
        """`shape` is the input's, NHWC. RefusedError (or EngineError) naming the field and the numbers."""
        return self._plan(read_operation(operation, shape[3], self._settings), shape)

    def plan_shape(self, operation: Operation, sides: Sequence[int], field: str) -> Plan:
        """The plan over an input of [height, width] and more, as in a request, which is named `field`.

        Without a channel count the kernel's own is taken, or the fewest.
        """
        batch = sides[0] if len(sides) == 4 else 1
        height, width = sides[-3:-1] if len(sides) > 2 else sides
        channels = sides[-1] if len(sides) > 2 else None
        check_input_shape((batch, height, width, channels or 1), field, self._settings)
        found = read_operation(operation, channels, self._settings)
        if channels is None:
            channels = found.in_channels if isinstance(found, spec.Weighted) else 1
            check_input_shape((batch, height, width, channels), field, self._settings)
        return self._plan(found, (batch, height, width, channels))

    def _plan(self, found: spec.Operation, shape: tuple[int, int, int, int]) -> Plan:
        batch, height, width, channels = shape
        if isinstance(found, spec.Weighted) and found.in_channels != channels:
            raise RefusedError(
                "operation.kernel",
                f"is for {found.in_channels} input channels, and the input has {channels}; its shape as "
                f"{found.axes} is {list(found.kernel.shape)}, in {found.groups} groups",
            )
        geometry = plan(found, height, width)
        check_geometry(found, geometry, batch, channels, self._settings)
        return Plan(found, geometry, batch, channels)
