"""The geometry of random settings, tens of thousands in a run, against enumeration; refusals included."""

import os
import random
import re
from typing import Any

import numpy as np
import pytest

from engine.axes import AnyAxis, AxisGeometry, TransposedAxisGeometry
from engine.errors import EngineError
from engine.geometry import plan
from engine.lines import line, phases
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, DepthwiseConv2D, MaxPool2D, Operation
from tests.engine import enumeration

# A fresh seed each run; CONVLOUPE_SWEEP=seed runs the same settings again. It is part of every failure.
SEED = int(os.environ.get("CONVLOUPE_SWEEP", random.SystemRandom().randrange(2**32)))
SETTINGS = 3_400

KERNELS = {(y, x): np.ones((y, x, 1, 1), np.float32) for y in range(1, 6) for x in range(1, 6)}


def pair(draw: random.Random, low: int, high: int) -> tuple[int, int]:
    return draw.randint(low, high), draw.randint(low, high)


def any_padding(draw: random.Random, names: list[str], longest: int) -> Any:
    sides = pair(draw, 0, longest), pair(draw, 0, longest)
    return draw.choice([*names, sides, sides, sides])


def window(draw: random.Random) -> dict[str, Any]:
    return {
        "strides": pair(draw, 1, 5),
        "dilations": draw.choice([(1, 1), pair(draw, 1, 4)]),
        "padding": any_padding(draw, ["SAME", "SAME_LOWER", "VALID", "FULL"], 6),
    }


def sliding(draw: random.Random) -> Operation:
    kind = draw.choice([Conv2D, DepthwiseConv2D])
    return kind(KERNELS[pair(draw, 1, 5)], **window(draw))


def through_padding(draw: random.Random) -> Operation:
    mode = draw.choice(["reflect", "replicate", "circular"])
    return Conv2D(KERNELS[pair(draw, 1, 5)], padding_mode=mode, **window(draw))


def max_pool(draw: random.Random) -> Operation:
    if draw.random() < 0.05:
        return MaxPool2D("global")
    return MaxPool2D(pair(draw, 1, 5), ceil_mode=draw.random() < 0.6, **window(draw))


def average_pool(draw: random.Random) -> Operation:
    if draw.random() < 0.05:
        return AvgPool2D("global", count_include_pad=draw.random() < 0.5)
    return AvgPool2D(
        pair(draw, 1, 5),
        ceil_mode=draw.random() < 0.6,
        count_include_pad=draw.random() < 0.6,
        **window(draw),
    )


def transposed(draw: random.Random) -> Conv2DTranspose:
    return Conv2DTranspose(
        KERNELS[pair(draw, 1, 5)],
        strides=pair(draw, 1, 5),
        dilations=draw.choice([(1, 1), pair(draw, 1, 4)]),
        padding=any_padding(draw, ["VALID", "SAME", "SAME_LOWER"], 6),
        output_padding=draw.choice([(0, 0), pair(draw, 0, 3)]),
    )


def to_a_shape(draw: random.Random) -> Conv2DTranspose:
    """The same with an output_shape; size_of draws an input that suits it: few drawn blindly would."""
    return Conv2DTranspose(
        KERNELS[pair(draw, 1, 5)],
        strides=draw.choice([(2, 3), pair(draw, 1, 5)]),
        dilations=draw.choice([(1, 1), pair(draw, 1, 4)]),
        padding=any_padding(draw, ["VALID", "SAME", "SAME", "SAME_LOWER", "SAME_LOWER"], 3),
        output_padding=draw.choice([*[(0, 0)] * 9, pair(draw, 0, 2)]),
        output_shape=pair(draw, 1, 40),
    )


def size_of(draw: random.Random, spec: Operation) -> tuple[int, int]:
    """An input size; for an output_shape one that it may well come from."""
    if isinstance(spec, Conv2DTranspose) and spec.output_shape is not None and draw.random() < 0.9:
        shape, strides = spec.output_shape, spec.strides
        if isinstance(spec.padding, str) and spec.padding != "VALID":
            height, width = -(-shape[0] // strides[0]), -(-shape[1] // strides[1])
        else:
            sides = ((0, 0), (0, 0)) if isinstance(spec.padding, str) else spec.padding
            height, width = (
                (shape[axis] + sum(sides[axis]) - (spec.kernel_size[axis] - 1) * spec.dilations[axis] - 1)
                // strides[axis]
                + 1
                for axis in range(2)
            )
        return max(1, height), max(1, width)
    # An input without a cell is legal where padding alone holds a window.
    smallest = 0 if not isinstance(spec.padding, str) and draw.random() < 0.05 else 1
    return pair(draw, smallest, 12)


KINDS = [sliding, through_padding, max_pool, average_pool, transposed, to_a_shape]


def check_sliding(axis: AxisGeometry, expected: enumeration.Axis) -> None:
    assert axis.first == expected.taps[0][0]
    assert axis.offsets == tuple(tap - axis.first for tap in expected.taps[0])  # type: ignore[operator]
    for position in range(expected.output_size):
        assert axis.cells_inside(position) == expected.inside[position]
        assert axis.cells_padded(position) == expected.padded[position]
    found = line(axis)
    run = range(found.run_start, found.run_start + found.run_length)
    assert found.sources[run.start : run.stop].tolist() == list(
        range(found.run_source, found.run_source + len(run))
    )


def check_transposed(axis: TransposedAxisGeometry, expected: enumeration.Axis) -> None:
    for index, stamp in enumerate(expected.stamps):
        assert axis.stamp(index) == tuple(stamp)
    reached = [[-1] * axis.kernel_size for _ in range(axis.output_size)]
    for phase in phases(axis):
        found, run = phase.line, range(phase.line.run_start, phase.line.run_start + phase.line.run_length)
        assert found.sources[run.start : run.stop].tolist() == list(
            range(found.run_source, found.run_source + len(run))
        )
        for place, taps in enumerate(found.taps(np.arange(found.output_size)).tolist()):
            for tap, source in zip(phase.taps, taps, strict=True):
                reached[phase.first + place * phase.stride][tap] = source
    assert reached == expected.sources


def check(axis: AnyAxis, expected: enumeration.Axis) -> None:
    assert {name: getattr(axis, name) for name in expected.numbers} == expected.numbers
    for position in range(expected.output_size):
        assert axis.taps(position) == tuple(expected.taps[position])
        assert axis.sources(position) == tuple(
            None if source < 0 else source for source in expected.sources[position]
        )
    assert axis.never_read == tuple(expected.never_read)
    found = line(axis)
    assert found.taps(np.arange(found.output_size)).tolist() == expected.sources
    assert found.sources.tolist() == [
        -1 if source is None else source for source in map(axis.line_source, range(axis.line_size))
    ]
    if isinstance(axis, AxisGeometry):
        check_sliding(axis, expected)
    else:
        check_transposed(axis, expected)


def names(refusal: EngineError, field: str, numbers: list[int]) -> bool:
    said = [int(number) for number in re.findall(r"-?\d+", refusal.reason)]
    return refusal.field == field and all(number in said for number in numbers)


def check_setting(spec: Operation, height: int, width: int) -> str:
    """ "legal" or the field of the refusal."""
    expected = enumeration.axis(spec, height, 0), enumeration.axis(spec, width, 1)
    reasons = [reason for one in expected if isinstance(one, enumeration.Refused) for reason in one.reasons]
    if reasons:
        with pytest.raises(EngineError) as refusal:
            plan(spec, height, width)
        assert any(names(refusal.value, *reason) for reason in reasons), (str(refusal.value), reasons)
        return refusal.value.field
    geometry = plan(spec, height, width)
    for axis, one in zip((geometry.y, geometry.x), expected, strict=True):
        assert isinstance(one, enumeration.Axis)
        check(axis, one)
    return "legal"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_random_settings_are_what_enumeration_finds(kind: Any, record_property: Any) -> None:
    record_property("seed", SEED)
    draw = random.Random(f"{SEED} {kind.__name__}")
    outcomes: dict[str, int] = {}
    for _ in range(SETTINGS):
        spec = kind(draw)
        height, width = size_of(draw, spec)
        try:
            outcome = check_setting(spec, height, width)
        except BaseException as error:
            error.add_note(f"CONVLOUPE_SWEEP={SEED}: {spec} over {height} x {width}")
            raise
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    # A sweep that is refused throughout, or never, would prove nothing of the other half.
    assert outcomes["legal"] > SETTINGS / 4
    assert SETTINGS - outcomes["legal"] > SETTINGS / 20


def test_there_are_enough() -> None:
    assert len(KINDS) * SETTINGS >= 20_000
