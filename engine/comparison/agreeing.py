"""What makes one framework agree with another way to pad."""

from dataclasses import replace

from engine.comparison.conventions import Convention, Resolved
from engine.errors import EngineError
from engine.frameworks import FRAMEWORKS
from engine.frameworks.framework import Shape
from engine.geometry import Geometry, plan
from engine.spec import Conv2D, DepthwiseConv2D, Operation


def agreeing(convention: Convention, other: Resolved, shape: Shape) -> list[str]:
    """What `convention`'s framework takes for the other one's numbers; nothing where it cannot."""
    framework = FRAMEWORKS.get(convention.framework or "")
    said = spoken(other, shape)
    if framework is None or said is None:
        return []
    call = framework.spell(*said, shape)
    if call.holds:
        return [call.text]
    return [] if call.instead is None else call.instead.splitlines()


def spoken(found: Resolved, shape: Shape) -> tuple[Operation, Geometry] | None:
    """As an operation; None for a border that no operation has."""
    if not found.beforehand:
        return found.spec, found.geometry
    if found.fill != "reflect" or not isinstance(found.spec, Conv2D | DepthwiseConv2D):
        return None
    spec = replace(found.spec, padding_mode=found.fill)
    try:
        return spec, plan(spec, shape[1], shape[2])
    except EngineError:
        return None
