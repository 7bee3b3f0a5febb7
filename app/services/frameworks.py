"""An operation in the words of the frameworks."""

from collections.abc import Iterable

from app.answers import CallOut, CodeOut, NoteOut, ProgramOut, TokenOut
from app.errors import RefusedError
from app.schemas import CodeRequest
from app.services.inputs import InputArray, Inputs
from app.services.planning import Plan, Planner
from engine.frameworks import FRAMEWORKS, Framework
from engine.geometry import Geometry
from engine.ops import run
from engine.spec import Operation


class Frameworks:
    """Spells operations."""

    def __init__(self, inputs: Inputs, planner: Planner) -> None:
        self._inputs = inputs
        self._planner = planner

    def code(self, request: CodeRequest) -> CodeOut:
        """The calls of all frameworks, and a program in the one that is named.

        RefusedError or EngineError naming the field and the numbers.
        """
        framework = None if request.framework is None else _named(request.framework)
        if (request.input is None) == (request.input_shape is None):
            raise RefusedError("input", "give either an input or an input_shape")
        if request.input is None:
            if framework is not None:
                raise RefusedError(
                    "input", "is needed for a program, which ends with the numbers of its output"
                )
            shape = request.input_shape or []
            plan = self._planner.plan_shape(request.operation, shape, "input_shape")
            return CodeOut(calls=_calls(plan), program=None)
        found = self._inputs.read(request.input)
        plan = self._planner.plan(request.operation, found.shape)
        program = None if framework is None else _program(framework, plan, found)
        return CodeOut(calls=_calls(plan), program=program)


def call_out(framework: Framework, spec: Operation, geometry: Geometry, shape: Iterable[int]) -> CallOut:
    """`spec` over an input of `shape`, NHWC, as the framework says it."""
    batch, height, width, channels = shape
    call = framework.spell(spec, geometry, (batch, height, width, channels))
    return CallOut(
        framework=framework.name,
        title=framework.title,
        version=framework.version_checked,
        layout=framework.layout,
        text=call.text,
        tokens=[TokenOut(text=one.text, field=one.field, at=list(one.at)) for one in call.tokens],
        notes=[NoteOut(name=one.name, text=one.text, kind=one.kind) for one in call.notes],
        holds=call.holds,
        instead=call.instead,
    )


def _named(name: str) -> Framework:
    if name not in FRAMEWORKS:
        raise RefusedError("framework", f"must be one of {', '.join(FRAMEWORKS)}", name)
    return FRAMEWORKS[name]


def _calls(plan: Plan) -> list[CallOut]:
    return [call_out(one, plan.spec, plan.geometry, plan.input_shape) for one in FRAMEWORKS.values()]


def _program(framework: Framework, plan: Plan, found: InputArray) -> ProgramOut:
    output = run(plan.spec, found.array)
    return ProgramOut(
        framework=framework.name, text=framework.snippet(plan.spec, plan.geometry, found.array, output)
    )
