"""What a pasted call says, in the names of our fields."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from engine.checks import Pair
from engine.errors import EngineError
from engine.frameworks.pasted.arguments import literal, pair_of, whole, written
from engine.frameworks.pasted.weights import size_made, turned
from engine.spec import Padding, PaddingMode

# ((top, bottom), (left, right)) of no padding at all.
NONE: tuple[Pair, Pair] = ((0, 0), (0, 0))


@dataclass
class Reading:
    """fields: those of the operation that the call decides, its type among them, as a spec names them.

    kernel_size: (y, x) of the kernel, None where only the weights would tell; of a pool it is in the fields.
    in_channels, out_channels: where the call tells. depth_multiplier: kernels of each channel, if several.
    bias: the number that every output channel gets.
    input: the call whose result goes in, where that is not read. made: the expression that makes the weights.
    notes: what the call leaves open, and how it was understood, a sentence each.
    """

    framework: str
    call: str
    fields: dict[str, Any]
    kernel_size: Pair | None = None
    in_channels: int | None = None
    out_channels: int | None = None
    depth_multiplier: int | None = None
    bias: float | None = None
    input: str | None = None
    made: str | None = None
    notes: list[str] = field(default_factory=list)

    def weights(self, node: ast.expr | None) -> None:
        """The weights' argument: a name or an array that is made there, perhaps turned by 180 degrees."""
        while node is not None and (inner := turned(node)) is not None:
            self.turn()
            node = inner
        if node is None or isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
            return
        self.made = written(node)
        size = size_made(node)
        if size is not None and self.kernel_size is None:
            self.kernel_size = size

    def turn(self) -> None:
        """Turn the kernel by 180 degrees."""
        self.fields["flip_kernel"] = not self.fields.get("flip_kernel", False)

    def bias_of(self, node: ast.expr | None) -> None:
        """A bias: one number, or as many of it as there are output channels, or a name."""
        if node is None or (isinstance(node, ast.Constant) and node.value is None):
            return
        if isinstance(node, ast.Call) and written(node.func) == "torch.full" and len(node.args) == 2:
            node = node.args[1]
        elif isinstance(node, ast.Call) and written(node.func) == "torch.tensor" and len(node.args) == 1:
            numbers = literal("bias", node.args[0])
            if not isinstance(numbers, list) or not numbers or numbers != numbers[:1] * len(numbers):
                raise EngineError(
                    "bias", None, "of several numbers cannot be read; give one for all channels."
                )
            node = ast.Constant(numbers[0])
        if isinstance(node, ast.Name | ast.Attribute):
            self.notes.append("The bias is not in the call.")
            return
        number = _number(node)
        if number is None or not isfinite(number):
            raise EngineError("bias", written(node), f"is {written(node)}; one number can be read.")
        self.bias = number

    def plain_source(self, node: ast.expr | None) -> None:
        """The input's argument where no padding can come before the call."""
        if isinstance(node, ast.Call) and _pads(node):
            raise EngineError("text", written(node), f"The part {written(node)} is no input.")
        self._inner(node)

    def _inner(self, node: ast.expr | None) -> None:
        if isinstance(node, ast.Call):
            self.input = written(node)
            self.notes.append(f"{self.input} is not read: whatever the input is takes its place.")

    def source(self, node: ast.expr | None, outside: float = 0.0) -> None:
        """The input's argument: a name, perhaps padded on the way. Call it after padding and padding_mode.

        outside: what padding of zeros holds for this operation; -inf for a max pool.
        """
        if not isinstance(node, ast.Call) or not _pads(node):
            self._inner(node)
        else:
            pads, mode = _padded(node, outside)
            own = self.fields.get("padding", "VALID")
            if own not in ("VALID", NONE) and (mode != "zeros" or isinstance(own, str)):
                raise EngineError("padding", str(own), f"comes on top of {written(node)}; give one of them.")
            if own not in ("VALID", NONE):
                before = [sum(sides) for sides in zip(own[0] + own[1], pads[0] + pads[1], strict=True)]
                pads = ((before[0], before[1]), (before[2], before[3]))
            self.fields["padding"] = pads
            if mode != "zeros":
                self.fields["padding_mode"] = mode
            if self.fields["type"] == "avg_pool2d":
                self.fields["count_include_pad"] = True


_MODES: dict[str, PaddingMode] = {
    "constant": "zeros",
    "reflect": "reflect",
    "replicate": "replicate",
    "edge": "replicate",
    "circular": "circular",
    "wrap": "circular",
}


def _pads(node: ast.Call) -> bool:
    return written(node.func).rpartition(".")[2] == "pad"


def _padded(node: ast.Call, outside: float) -> tuple[tuple[Pair, Pair], PaddingMode]:
    """What F.pad, tf.pad, np.pad or jnp.pad puts around its input."""
    keywords = {one.arg: one.value for one in node.keywords if one.arg is not None}
    if not node.args[1:2]:
        raise EngineError("text", written(node), f"The part {written(node)} is no input.")
    sides = literal("pad", node.args[1])
    mode = str(literal("mode", keywords.pop("mode"))) if "mode" in keywords else "constant"
    for name in ("value", "constant_values"):
        if name in keywords and _number(keywords.pop(name)) != outside:
            raise EngineError(name, None, "is not what this operation's own padding holds.")
    if keywords or len(node.args) > 2 or mode.lower() not in _MODES:
        raise EngineError("mode", mode, f"of {written(node)} cannot be read.")
    flat = isinstance(sides, tuple | list) and all(isinstance(one, int) for one in sides)
    if flat and len(sides) == 4:
        left, right, top, bottom = (whole("pad", one) for one in sides)
        return ((top, bottom), (left, right)), _MODES[mode.lower()]
    return nhwc_pads("pad", sides), _MODES[mode.lower()]


def _number(node: ast.expr) -> float | None:
    """A number, or an infinity by its usual name."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _number(node.operand)
        return None if inner is None else -inner
    if written(node) in ("torch.inf", "np.inf", "math.inf", "jnp.inf", "float('inf')"):
        return float("inf")
    return (
        float(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, int | float) else None
    )


def nhwc_pads(name: str, value: object, channels_first: bool = False) -> tuple[Pair, Pair]:
    """[[0, 0], [top, bottom], [left, right], [0, 0]], or with channels first; batch and channels unpadded."""
    if not isinstance(value, tuple | list) or len(value) != 4:
        raise EngineError(name, None, f"must be two numbers for each of four axes; got {value!r:.60}.")
    sides = [pair_of(name, one) for one in value]
    y = 2 if channels_first else 1
    others = [side for axis, side in enumerate(sides) if axis not in (y, y + 1)]
    if others != [(0, 0), (0, 0)]:
        raise EngineError(name, None, "pads the batch or the channels; only rows and columns can be padded.")
    return sides[y], sides[y + 1]


def spatial(name: str, value: object, channels_first: bool = False) -> Pair:
    """(y, x) of one number, of two, or of four, of which those of batch and channels are 1."""
    if isinstance(value, tuple | list) and len(value) == 4:
        numbers = [whole(name, one) for one in value]
        y = 2 if channels_first else 1
        if any(number != 1 for axis, number in enumerate(numbers) if axis not in (y, y + 1)):
            raise EngineError(name, None, f"must be 1 for the batch and the channels; got {value!r:.60}.")
        return numbers[y], numbers[y + 1]
    return pair_of(name, value)


def pairs(name: str, value: object) -> tuple[Pair, Pair]:
    """((top, bottom), (left, right)), two numbers for each of two axes."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise EngineError(name, None, f"must be two numbers for each of two axes; got {value!r:.60}.")
    return _two(name, value[0]), _two(name, value[1])


def _two(name: str, value: object) -> Pair:
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise EngineError(name, None, f"must be two numbers for each of two axes; got {value!r:.60}.")
    return whole(name, value[0]), whole(name, value[1])


def span(kernel: int, dilation: int) -> int:
    return (kernel - 1) * dilation + 1


def symmetric(pads: Sequence[int]) -> Padding:
    """The same before and after, for each axis."""
    return (pads[0], pads[0]), (pads[1], pads[1])
