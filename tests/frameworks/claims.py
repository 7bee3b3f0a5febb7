"""Runs the program of a sample in the real framework, and the call itself where it is said to fail."""

from collections import Counter

from engine.frameworks import Framework
from engine.frameworks.keras_instead import weights_set
from tests.frameworks.running import run
from tests.frameworks.sampled import Sample


def check(framework: Framework, sample: Sample) -> Counter[str]:
    """The program holds; and the call itself, where it is said to be refused or to differ, does not.

    What was claimed, by name.
    """
    call = framework.spell(sample.spec, sample.geometry, sample.shape)
    code = framework.snippet(sample.spec, sample.geometry, sample.input, sample.output)
    claims = Counter(note.name for note in call.notes)
    if code is None:
        return claims + Counter(["no program"])
    try:
        run(code)
    except Exception as error:
        error.add_note(f"{sample}\n{call.text}\n{call.notes}\n{call.instead}")
        raise
    if call.holds:
        return claims
    assert call.instead is not None, "there is a program, and no line for it"
    assert call.instead in code
    # Of Keras the call is a layer.
    layer = f"layer = {call.text}\n{weights_set(sample.spec)}\noutput = layer(input)"
    itself = layer if framework.name == "keras" else f"output = {call.text}"
    literally = code.replace(call.instead, itself)
    refused = any(note.kind == "refuses" for note in call.notes)
    failure = failure_of(literally)
    expected = Exception if refused else AssertionError
    assert isinstance(failure, expected), f"{failure!r}\n{sample}\n{call.text}\n{call.notes}"
    return claims


def failure_of(code: str) -> Exception | None:
    try:
        run(code)
    except Exception as error:  # noqa: BLE001
        return error
    return None
