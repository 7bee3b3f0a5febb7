"""Every number of a call that can be changed stands for the field that it says it does, in all frameworks."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from engine.errors import EngineError
from engine.frameworks import FRAMEWORKS, Framework
from engine.frameworks.calls import Call, Token
from engine.frameworks.pads import laid_pads, pads
from engine.geometry import plan
from engine.spec import (
    ACTIVATIONS,
    PADDING_MODES,
    AvgPool2D,
    Conv2D,
    Conv2DTranspose,
    DepthwiseConv2D,
    MaxPool2D,
    Operation,
    Weighted,
)

HEIGHT, WIDTH, CHANNELS = 11, 9, 4
PADDINGS = ("SAME", "VALID", ((0, 0), (0, 0)), ((1, 1), (1, 1)), ((1, 2), (0, 1)), ((3, 3), (2, 2)))
STEPS = ((1, 1), (2, 2), (2, 1))


def operations(every: int = 1) -> Iterator[Operation]:
    """What the page can ask for, or every so many of it."""
    yield from list(_all())[::every]


def _all() -> Iterator[Operation]:
    for padding, strides, dilations in product(PADDINGS, STEPS, STEPS):
        common: dict[str, Any] = {"padding": padding, "strides": strides, "dilations": dilations}
        for groups, mode in product((1, 2), PADDING_MODES):
            kernel = np.ones((3, 2, CHANNELS // groups, 4), np.float32)
            yield Conv2D(kernel, groups=groups, padding_mode=mode, **common)
        for activation in (None, *ACTIVATIONS):
            yield DepthwiseConv2D(np.ones((3, 2, CHANNELS, 1), np.float32), activation=activation, **common)
        for groups, added in product((1, 2), ((0, 0), (1, 0))):
            if added == (0, 0) or padding != "SAME":
                kernel = np.ones((3, 2, 4 // groups, CHANNELS), np.float32)
                yield Conv2DTranspose(kernel, groups=groups, output_padding=added, **common)
        for ceil in (False, True):
            yield MaxPool2D((3, 2), ceil_mode=ceil, **common)
            for counted in (False, True):
                yield AvgPool2D((3, 2), ceil_mode=ceil, count_include_pad=counted, **common)


def spelled(framework: Framework, spec: Operation) -> Call | None:
    """None where the operation does not fit."""
    try:
        geometry = plan(spec, HEIGHT, WIDTH)
    except EngineError:
        return None
    return framework.spell(spec, geometry, (1, HEIGHT, WIDTH, CHANNELS))


def fields(call: Call) -> dict[tuple[Any, tuple[int, ...]], Token]:
    """Its parts that can be changed, each of which is there once."""
    found = [token for token in call.tokens if token.field is not None]
    named = {(token.field, token.at): token for token in found}
    assert len(named) == len(found), call.text
    return named


@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_every_call_has_its_operation_and_how_it_pads(framework: Framework) -> None:
    for spec in operations():
        call = spelled(framework, spec)
        if call is None:
            continue
        found = fields(call)
        assert ("operation", ()) in found, call.text
        if framework.name == "opencv" and isinstance(spec, Conv2DTranspose):
            continue  # it has none, and says so
        for field in ("strides", "dilations") if isinstance(spec, Weighted) else ("strides", "kernel_size"):
            if framework.name == "opencv" and field == "dilations" and max(spec.dilations) == 1:
                continue
            if framework.name == "scipy" and field == "dilations" and max(spec.dilations) == 1:
                continue
            if framework.name == "numpy" and field == "kernel_size" and max(spec.dilations) > 1:
                continue
            assert {(field, (0,)), (field, (1,))} <= found.keys(), (field, call.text)
        assert ("padding", ()) in found, call.text
        if isinstance(spec, Weighted) and spec.activation is not None:
            assert ("activation", ()) in found, call.text


@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_every_side_that_was_asked_for_can_be_changed(framework: Framework) -> None:
    for spec in operations():
        call = spelled(framework, spec)
        if call is None or (framework.name == "opencv" and isinstance(spec, Conv2DTranspose)):
            continue
        found = fields(call)
        if not isinstance(spec.padding, str):
            assert {at for field, places in found if field == "padding" for at in places} == {0, 1, 2, 3}, (
                call.text
            )
        if isinstance(spec, Conv2DTranspose) and spec.padding != "SAME":
            ends = {("output_padding", (0,)), ("output_padding", (1,))}
            assert ends <= found.keys() or spec.output_padding == (0, 0), call.text


@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_a_number_grows_with_its_field(framework: Framework) -> None:
    """The page shows what somebody has changed at once: on top of what the last call shows."""
    held = 0
    for spec in operations(5):
        call = spelled(framework, spec)
        if call is None or _pads_more(spec):
            continue
        for (field, at), token in fields(call).items():
            changed = _more(spec, field, at)
            after = None if changed is None else spelled(framework, changed)
            if changed is None or after is None or (field, at) not in (then := fields(after)):
                continue
            # Another way to say it, as TensorFlow's to fill sides from the input, has numbers of its own.
            if _pads_more(changed) or after.notes != call.notes:
                continue
            assert int(then[field, at].text) == int(token.text) + 1, (field, at, call.text, after.text)
            held += 1
    assert held > 400


def _pads_more(spec: Operation) -> bool:
    """Whether what the last window of a pool overhangs, or would, is padded too: one side says both then."""
    geometry = plan(spec, HEIGHT, WIDTH)
    return not isinstance(spec, Weighted) and laid_pads(geometry, ceil=True) != pads(geometry)


def _more(spec: Operation, field: str, at: tuple[int, ...]) -> Operation | None:
    """`spec` with one more of a number; None for what is no number, and for groups, which others follow."""
    value = getattr(spec, field, None)
    if field == "padding" and at and not isinstance(value, str) and value is not None:
        sides = [*value[0], *value[1]]
        for side in at:
            sides[side] += 1
        return replace(spec, padding=((sides[0], sides[1]), (sides[2], sides[3])))
    if field not in ("strides", "dilations", "kernel_size", "output_padding"):
        return None
    numbers = list(value)
    numbers[at[0]] += 1
    try:
        return replace(spec, **{field: tuple(numbers)})
    except EngineError:
        return None
