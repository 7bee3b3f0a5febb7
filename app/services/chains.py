"""What follows from one operation, and from layers that follow one another, without any numbers."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.answers import ChainOut, ReceptiveFieldOut, ReceptiveFieldsOut, ShapedGeometryOut
from app.errors import RefusedError
from app.schemas import ChainRequest, GeometryRequest
from app.services.geometries import derivation_out, geometry_out
from app.services.planning import Plan, Planner
from engine.errors import EngineError
from engine.receptive_field import ONE_CELL, ReceptiveField

# Of both axes; None from where on it is too large to be told.
_Fields = tuple[ReceptiveField | None, ReceptiveField | None]
_AT_FIRST: _Fields = (ONE_CELL, ONE_CELL)


class Chains:
    """Answers questions about shapes."""

    def __init__(self, planner: Planner) -> None:
        self._planner = planner

    def geometry(self, request: GeometryRequest | ChainRequest) -> ShapedGeometryOut | ChainOut:
        """RefusedError or EngineError, naming the field and the numbers; of a layer as `layers.2.strides`."""
        if isinstance(request, ChainRequest):
            return self._chain(request)
        plan = self._planner.plan_shape(request.operation, request.input_shape, "input_shape")
        return _shaped_out(plan, request.operation.type, _through(_AT_FIRST, plan))

    def _chain(self, request: ChainRequest) -> ChainOut:
        shape, fields = request.input_shape, _AT_FIRST
        layers: list[ShapedGeometryOut] = []
        for index, operation in enumerate(request.layers):
            field = f"layers.{index}"
            with _named(field):
                plan = self._planner.plan_shape(operation, shape, field if index else "input_shape")
            fields = _through(fields, plan)
            layers.append(_shaped_out(plan, operation.type, fields))
            shape = plan.output_shape
        return ChainOut(input_shape=layers[0].input_shape, output_shape=shape, layers=layers)


@contextmanager
def _named(layer: str) -> Iterator[None]:
    """Refusals within name the layer instead of `operation`."""
    try:
        yield
    except EngineError as error:
        raise RefusedError(f"{layer}.{error.field}", error.reason, error.value) from None
    except RefusedError as error:
        head, dot, rest = error.field.partition(".")
        field = f"{layer}{dot}{rest}" if head == "operation" else error.field
        raise RefusedError(field, error.reason, error.value) from None


def _through(fields: _Fields, plan: Plan) -> _Fields:
    y, x = fields
    return (
        None if y is None else y.through(plan.geometry.y),
        None if x is None else x.through(plan.geometry.x),
    )


def _shaped_out(plan: Plan, operation: str, fields: _Fields) -> ShapedGeometryOut:
    y, x = fields
    return ShapedGeometryOut(
        **vars(geometry_out(plan.geometry)),
        operation=operation,
        input_shape=plan.input_shape,
        output_shape=plan.output_shape,
        derivation=derivation_out(plan.spec, plan.geometry),
        receptive_field=ReceptiveFieldsOut(y=_field_out(y), x=_field_out(x)),
    )


def _field_out(field: ReceptiveField | None) -> ReceptiveFieldOut | None:
    if field is None:
        return None
    jump = field.jump
    return ReceptiveFieldOut(
        size=field.size,
        jump=jump.numerator if jump.denominator == 1 else float(jump),
        start=field.start,
        period=field.period,
    )
