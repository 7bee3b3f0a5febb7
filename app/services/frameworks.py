"""An operation in the words of the frameworks."""

from collections.abc import Iterable

from app.answers import CallOut, CodeOut, NoteOut, ProgramOut, TokenOut
from app.errors import RefusedError
from app.schemas import CodeRequest
from app.services.inputs import InputArray, Inputs
from app.services.planning import Plan, Planner
from engine.frameworks import FRAMEWORKS, Framework
from engine.frameworks.onnx import graph, spell
from engine.frameworks.onnx_model import model_bytes
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
        plan, found = self._plan(request)
        if framework is None:
            return CodeOut(calls=_calls(plan), program=None)
        if found is None:
            raise RefusedError("input", "is needed for a program, which ends with the numbers of its output")
        return CodeOut(calls=_calls(plan), program=_program(framework, plan, found))

    def onnx_model(self, request: CodeRequest) -> bytes:
        """The operation as an .onnx file, with its weights; refusals as above."""
        if request.framework not in (None, "onnx"):
            raise RefusedError("framework", "has no files of this format; leave it out", request.framework)
        plan, _ = self._plan(request)
        batch, height, width, channels = plan.input_shape
        shape = (batch, height, width, channels)
        for note in spell(plan.spec, plan.geometry, shape).notes:
            if note.kind == "refuses":
                raise RefusedError("operation", f"cannot be a file that runs: {note.text}")
        return model_bytes(graph(plan.spec, plan.geometry, shape))

    def _plan(self, request: CodeRequest) -> tuple[Plan, InputArray | None]:
        if request.input is not None and request.input_shape is None:
            found = self._inputs.read(request.input)
            return self._planner.plan(request.operation, found.shape), found
        if request.input is None and request.input_shape is not None:
            return self._planner.plan_shape(request.operation, request.input_shape, "input_shape"), None
        raise RefusedError("input", "give either an input or an input_shape")


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
        also=list(call.also),
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
