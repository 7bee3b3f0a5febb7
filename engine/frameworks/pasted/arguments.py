"""The arguments of a call as it is written, read by name: numbers, pairs, texts; never evaluated."""

import ast
from collections.abc import Sequence
from typing import Any, TypeVar

from engine.checks import Pair, short
from engine.errors import EngineError

Value = TypeVar("Value")


class Arguments:
    """What a call gives, by the names of the function's parameters.

    Each is taken once; `finish` refuses what nobody took, so that nothing that is written is passed over.
    Raises EngineError whose field is the name of the argument.
    """

    def __init__(self, node: ast.Call, parameters: Sequence[str]) -> None:
        self._given: dict[str, ast.expr] = {}
        for place, value in enumerate(node.args):
            if isinstance(value, ast.Starred):
                raise EngineError(
                    "text", None, f"The part *{written(value.value)} hides arguments; write them."
                )
            if place >= len(parameters):
                raise EngineError(
                    "text",
                    written(value),
                    f"The call {written(node.func)} takes at most {len(parameters)} arguments by place; "
                    f"{written(value)} is one more.",
                )
            self._given[parameters[place]] = value
        for keyword in node.keywords:
            if keyword.arg is None:
                raise EngineError(
                    "text", None, f"The part **{written(keyword.value)} hides arguments; write them."
                )
            if keyword.arg in self._given:
                raise EngineError(keyword.arg, written(keyword.value), "is given twice.")
            self._given[keyword.arg] = keyword.value

    def take(self, name: str) -> ast.expr | None:
        """The argument as it is written, None where it is not given."""
        return self._given.pop(name, None)

    def give(self, name: str, node: ast.expr) -> None:
        """Put an argument back."""
        self._given[name] = node

    def drop(self, *names: str) -> None:
        """Take arguments that change no number of the output, as `name` and `device`."""
        for name in names:
            self._given.pop(name, None)

    def refuse(self, name: str, reason: str, neutral: object = None) -> None:
        """Refuse an argument that we have no word for, unless it says nothing: None, or `neutral`."""
        node = self.take(name)
        if node is None:
            return
        value = literal(name, node)
        if value is not None and value != neutral:
            raise EngineError(name, written(node), reason)

    def value(self, name: str, default: Value) -> Any | Value:
        """A literal, `default` where it is not given or None."""
        node = self.take(name)
        found = None if node is None else literal(name, node)
        return default if found is None else found

    def required(self, name: str) -> Any:
        found = self.value(name, None)
        if found is None:
            raise EngineError(name, None, "is not in the call, and there is no default for it.")
        return found

    def number(self, name: str, default: int) -> int:
        return whole(name, self.value(name, default))

    def flag(self, name: str, default: bool) -> bool:
        found = self.value(name, default)
        if not isinstance(found, bool):
            raise EngineError(name, short(found), f"must be True or False; got {short(found)}.")
        return found

    def pair(self, name: str, default: int | Pair) -> Pair:
        """One number for both axes, or (y, x)."""
        return pair_of(name, self.value(name, default))

    def finish(self) -> None:
        for name, node in self._given.items():
            raise EngineError(name, written(node), "is no argument of this call that can be read.")


def literal(name: str, node: ast.expr) -> Any:
    """The value of a number, text, True, False, None, or tuple or list of them."""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        raise EngineError(
            name,
            written(node),
            f"is {written(node)}; only what is written out as numbers or texts can be read.",
        ) from None


def whole(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise EngineError(name, short(value), f"must be a whole number; got {short(value)}.")
    return value


def pair_of(name: str, value: object) -> Pair:
    """(y, x) of one number, or of one or two in a row."""
    if isinstance(value, tuple | list) and len(value) in (1, 2):
        return whole(name, value[0]), whole(name, value[-1])
    if isinstance(value, tuple | list):
        raise EngineError(name, short(value), f"must be one number or two, (y, x); got {short(value)}.")
    number = whole(name, value)
    return number, number


def choice(name: str, value: object, choices: Sequence[str]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise EngineError(name, short(value), f"must be one of {', '.join(choices)}; got {short(value)}.")
    return value


def written(node: ast.expr) -> str:
    """A part of the call as it is written, shortened."""
    text = ast.unparse(node)
    return text if len(text) <= 40 else text[:39] + "…"
