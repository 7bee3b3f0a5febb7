"""Two conventions side by side, within the limits."""

from collections.abc import Sequence

import numpy as np

from app.answers import CompareOut, ConventionOut, DifferenceOut, RowOut, SideOut
from app.arrays import Array
from app.errors import RefusedError
from app.schemas import CompareRequest
from app.services.geometries import geometry_out
from app.services.inputs import Inputs
from app.services.limits import check_geometry, check_spec
from app.services.planning import Planner
from app.settings import Settings
from engine.checks import whole_pair
from engine.comparison import CONVENTIONS, Comparison, Convention, Given, Resolved, agreeing, compare
from engine.errors import EngineError
from engine.ops import work
from engine.spec import Operation

# Both outputs, and of both what their terms add up to without signs.
_RUNS = 4
_Shape = tuple[int, int, int, int]


class Comparisons:
    """Compares conventions."""

    def __init__(self, inputs: Inputs, planner: Planner, settings: Settings) -> None:
        self._inputs = inputs
        self._planner = planner
        self._settings = settings

    def compare(self, request: CompareRequest) -> CompareOut:
        """RefusedError or EngineError naming the field; what only a convention refuses is in the answer."""
        conventions = [_named(name, index) for index, name in enumerate(request.conventions)]
        padding = request.pytorch_padding
        given = Given(None if padding is None else whole_pair("pytorch_padding", padding, 0))
        found = self._inputs.read(request.input)
        spec = self._planner.plan(request.operation, found.shape).spec
        resolved = [self._resolve(one, spec, found.shape, given) for one in conventions]
        first, second = resolved
        if isinstance(first, str) or isinstance(second, str):
            return _refused(conventions, resolved)
        plane = self._plane(request, found.shape, [first, second])
        return _answer(conventions, compare(first, second, found.array), plane, request.position, found.shape)

    def _resolve(
        self, convention: Convention, spec: Operation, shape: _Shape, given: Given
    ) -> Resolved | str:
        """Or why not."""
        batch, height, width, channels = shape
        try:
            found = convention.resolve(spec, (height, width), given)
        except EngineError as error:
            return error.reason if error.field == "convention" else f"{error.field} {error.reason}"
        check_spec(found.spec, self._settings)
        check_geometry(found.spec, found.geometry, batch, channels, self._settings)
        needed = _RUNS * batch * work(found.spec, found.geometry, channels)
        if needed > (most := self._settings.work):
            raise RefusedError("operation", f"would need {needed} multiply-adds; the limit is {most}")
        return found

    def _plane(self, request: CompareRequest, shape: _Shape, sides: Sequence[Resolved]) -> tuple[int, int]:
        """(batch, out_channel) of the planes that are written out, which are small enough for that."""
        channels = getattr(sides[0].spec, "out_channels", shape[3])
        for field, value, count in (
            ("batch", request.batch, shape[0]),
            ("out_channel", request.out_channel, channels),
        ):
            if value >= count:
                raise RefusedError(field, f"must be from 0 to {count - 1}; got {value}", value)
        sizes = [(one.geometry.output_height, one.geometry.output_width) for one in sides]
        values = 3 * max(height * width for height, width in sizes)
        if values > (most := self._settings.json_values):
            raise RefusedError("input", f"would need {values} values in the answer; the limit is {most}")
        return request.batch, request.out_channel


def _named(name: str, index: int) -> Convention:
    if name not in CONVENTIONS:
        raise RefusedError(f"conventions.{index}", f"must be one of {', '.join(CONVENTIONS)}", name)
    return CONVENTIONS[name]


def _out(convention: Convention) -> ConventionOut:
    return ConventionOut(
        name=convention.name,
        title=convention.title,
        library=convention.library,
        sentence=convention.sentence,
    )


_ALL = [_out(one) for one in CONVENTIONS.values()]


def _refused(conventions: Sequence[Convention], resolved: Sequence[Resolved | str]) -> CompareOut:
    reasons = [
        f"{convention.title}: {one}."
        for convention, one in zip(conventions, resolved, strict=True)
        if isinstance(one, str)
    ]
    return CompareOut(
        verdict="refused",
        sentence="There is nothing to compare." if len(reasons) > 1 else "One of the two refuses it.",
        detail=" ".join(reasons).replace("..", "."),
        sides=[
            SideOut(
                convention=_out(convention),
                refusal=one if isinstance(one, str) else None,
                output_shape=None,
                geometry=None if isinstance(one, str) else geometry_out(one.geometry),
                values=None,
                calls=[],
            )
            for convention, one in zip(conventions, resolved, strict=True)
        ],
        difference=None,
        shift=None,
        rows=[],
        conventions=_ALL,
    )


def _answer(
    conventions: Sequence[Convention],
    found: Comparison,
    plane: tuple[int, int],
    position: Sequence[int] | None,
    shape: _Shape,
) -> CompareOut:
    batch, channel = plane
    at = None if position is None else (batch, position[0], position[1], channel)
    sentence, detail = _sentences(found)
    resolved = (found.first, found.second)
    return CompareOut(
        verdict=found.verdict,
        sentence=sentence,
        detail=detail,
        sides=[
            SideOut(
                convention=_out(convention),
                refusal=None,
                output_shape=list(output.shape),
                geometry=geometry_out(one.geometry),
                values=_plane(output, batch, channel),
                calls=[] if found.verdict == "same" else agreeing(convention, other, shape),
            )
            for convention, one, other, output in zip(
                conventions, resolved, reversed(resolved), found.outputs, strict=True
            )
        ],
        difference=_difference_out(found, batch, channel),
        shift=None if found.shift is None else list(found.shift),
        rows=[
            RowOut(name=row.name, first=row.first, second=row.second, differs=row.differs)
            for row in found.rows(at)
        ],
        conventions=_ALL,
    )


def _difference_out(found: Comparison, batch: int, channel: int) -> DifferenceOut | None:
    one = found.difference
    if one is None:
        return None
    return DifferenceOut(
        cells=one.cells,
        total=one.total,
        largest=one.largest if np.isfinite(one.largest) else None,
        at=list(one.at),
        values=_plane(one.values, batch, channel),
    )


def _plane(output: Array, batch: int, channel: int) -> list[list[float]]:
    # Adding 0 makes a plain zero of a negative one.
    plane: list[list[float]] = (output[batch, :, :, channel].astype(np.float64) + 0.0).tolist()
    return plane


def _sentences(found: Comparison) -> tuple[str, str]:
    """The verdict, and what there is to say of it, in English."""
    if found.difference is None:
        first, second = (f"{output.shape[1]} × {output.shape[2]}" for output in found.outputs)
        return f"Different shapes: {first} and {second}.", _moved(found)
    if found.verdict == "same":
        return "Same shape, same numbers.", ""
    one = found.difference
    cells = f"{one.cells:,} of {one.total:,} outputs differ, by up to {one.largest:,.6g}."
    return "Same shape, different numbers.", f"{cells} {_moved(found)}".strip()


def _moved(found: Comparison) -> str:
    if found.shift is None:
        return ""
    y, x = found.shift
    parts = [
        f"{abs(count)} {one if abs(count) == 1 else many} {after if count > 0 else before}"
        for count, one, many, before, after in (
            (y, "row", "rows", "up", "down"),
            (x, "column", "columns", "to the left", "to the right"),
        )
        if count
    ]
    return f"The second is the first, moved {' and '.join(parts)}."
