"""A call as parts: what each says, and what of the operation it changes.

A framework's spelling is made of these, so that one source is shown, edited and run.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from engine.checks import Pair
from engine.spec import Conv2DTranspose, Padding, Weighted

Field = Literal[
    "operation",
    "padding",
    "activation",
    "strides",
    "dilations",
    "kernel_size",
    "groups",
    "output_padding",
    "ceil_mode",
    "count_include_pad",
]
# How the call stands to the operation, where it is not simply it: it takes more than the one call; the
# framework refuses it; it runs, and gives other numbers. For these two `Call.instead` has the right ones.
NoteKind = Literal["takes", "refuses", "differs"]

# Top, bottom, left, right.
Sides = tuple[int, int, int, int]


@dataclass(frozen=True)
class Token:
    """A part of a call.

    text: what is shown, which may be nothing.
    field: what of the operation a change of it changes; None for what is only said.
    at: of a field with several numbers those that this one stands for, which are equal: 0 for y and 1 for x;
        of padding the sides, 0 top, 1 bottom, 2 left, 3 right, and none for the rule as a whole.

    A number may be shown on top of another: of output_padding as part of the output's height, say.
    """

    text: str
    field: Field | None = None
    at: tuple[int, ...] = ()


@dataclass(frozen=True)
class Note:
    """What is to be said of a call. `name` stands for it in other languages."""

    name: str
    text: str
    kind: NoteKind


@dataclass(frozen=True)
class Call:
    """An operation in the words of a framework.

    instead: statements that assign `output`, where the call itself is refused or differs; None where it is
        right, and where nothing short would do.
    also: other expressions of the framework for the same output.
    """

    tokens: tuple[Token, ...]
    notes: tuple[Note, ...] = ()
    instead: str | None = None
    also: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "".join(token.text for token in self.tokens)

    @property
    def holds(self) -> bool:
        """Whether the call runs and gives the output."""
        return all(note.kind == "takes" for note in self.notes)


Part = str | Token | Iterable["Part"]


def tokens(*parts: Part) -> tuple[Token, ...]:
    """The parts in one row; neighbours that are only said become one."""
    row: list[Token] = []
    for token in _flat(parts):
        if row and token.field is None and row[-1].field is None:
            row[-1] = Token(row[-1].text + token.text)
        elif token.field is not None or token.text:
            row.append(token)
    return tuple(row)


def _flat(parts: Iterable[Part]) -> Iterable[Token]:
    for part in parts:
        if isinstance(part, str):
            yield Token(part)
        elif isinstance(part, Token):
            yield part
        else:
            yield from _flat(part)


def pair(field: Field, values: Pair) -> list[Part]:
    """Both numbers of a field, as they stand in a list or tuple."""
    return [Token(str(values[0]), field, (0,)), ", ", Token(str(values[1]), field, (1,))]


def side(sides: Sides, *at: int) -> Token:
    """The number of one side, or of several that have the same."""
    return Token(str(sides[at[0]]), "padding", at)


def each_side(padding: Padding, sides: Sides) -> tuple[Part, Part, Part, Part]:
    """The four numbers; what can be changed where sides were asked for, and not a rule."""
    if isinstance(padding, str):
        top, bottom, left, right = map(str, sides)
        return top, bottom, left, right
    return side(sides, 0), side(sides, 1), side(sides, 2), side(sides, 3)


def both_axes(padding: Padding, sides: Sides) -> list[Part]:
    """Those of rows and those of columns, as they stand in a tuple."""
    top, bottom, left, right = each_side(padding, sides)
    return ["(", top, ", ", bottom, "), (", left, ", ", right, ")"]


def each_crop(padding: Padding, sides: Sides) -> tuple[Part, Part, Part, Part]:
    """The same as pads of less than nothing."""
    if isinstance(padding, str):
        top, bottom, left, right = (str(-cells) for cells in sides)
        return top, bottom, left, right
    top_side, bottom_side, left_side, right_side = each_side(padding, sides)
    return ("-", top_side), ("-", bottom_side), ("-", left_side), ("-", right_side)


def added(spec: Conv2DTranspose, numbers: Pair) -> tuple[Part, Part]:
    """Numbers (y, x) that grow with output_padding; what can be changed where that can be given."""
    if spec.padding in ("SAME", "SAME_LOWER") or spec.output_shape is not None:
        return str(numbers[0]), str(numbers[1])
    return Token(str(numbers[0]), "output_padding", (0,)), Token(str(numbers[1]), "output_padding", (1,))


def flag(field: Field, value: bool) -> Token:
    return Token(str(value), field)


def rule(text: str) -> Token:
    """What stands for the rule of the padding, nothing where the sides say it themselves."""
    return Token(text, "padding")


def operation(text: str) -> Token:
    return Token(text, "operation")


def text(*parts: Part) -> str:
    """The parts as code."""
    return "".join(token.text for token in _flat(parts))


def activated(spec: Weighted, module: str, call: Iterable[Part]) -> list[Part]:
    """`call` inside of its activation, where it has one: module + "relu(" call ")"."""
    if spec.activation is None:
        return [*call]
    return [module, Token(spec.activation, "activation"), "(", *call, ")"]
