"""What is read of a pasted call."""

from app.answers.calls import ReadCallOut
from app.errors import RefusedError
from app.schemas.calls import ReadCallRequest
from engine.errors import EngineError
from engine.frameworks.pasted.text import read_call


def read_pasted(request: ReadCallRequest) -> ReadCallOut:
    """RefusedError on "text", whose reason names the argument that cannot be read."""
    try:
        found = read_call(request.text)
    except EngineError as error:
        reason = error.reason if error.field == "text" else f"The argument {error.field} {error.reason}"
        raise RefusedError("text", reason) from None
    return ReadCallOut(
        framework=found.framework,
        call=found.call,
        operation=found.fields,
        kernel_size=found.kernel_size,
        in_channels=found.in_channels,
        out_channels=found.out_channels,
        depth_multiplier=found.depth_multiplier,
        bias=found.bias,
        input=found.input,
        notes=found.notes,
    )
