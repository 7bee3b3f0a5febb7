"""Every small fault that Cosmic Ray can put into a file."""

import difflib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

ROOT = Path(__file__).parents[2]
# A decorator that caches changes nothing but the time; | is that of types, where the change is no program.
_PASSED_OVER = ("core/RemoveDecorator", "core/ReplaceBinaryOperator_BitOr_", "core/NoOp", "core/Variable")


@dataclass(frozen=True)
class Fault:
    """One change of one file: the `number`-th that `operator` can make."""

    file: str
    operator: str
    number: int

    @cached_property
    def code(self) -> str:
        """The file with it."""
        changed = mutate_code(self._source(), get_operator(self.operator)(), self.number)
        assert changed is not None
        return str(changed)

    @property
    def was(self) -> str:
        """The lines that change."""
        return "\n".join(self._lines("-"))

    @property
    def becomes(self) -> str:
        """What they change to."""
        return "\n".join(self._lines("+"))

    def __str__(self) -> str:
        return f"- {self.was}\n+ {self.becomes}"

    def _lines(self, sign: str) -> list[str]:
        lines = difflib.unified_diff(self._source().splitlines(), self.code.splitlines(), n=0, lineterm="")
        return [line[1:].strip() for line in [*lines][2:] if line.startswith(sign)]

    def _source(self) -> str:
        return (ROOT / self.file).read_text("utf-8")


def faults_of(file: str) -> list[Fault]:
    """All of them, in an order that is always the same."""
    nodes = list(ast_nodes(get_ast((ROOT / file).read_text("utf-8"))))
    found = []
    for name in sorted(operator_names()):
        operator = get_operator(name)
        if not name.startswith(_PASSED_OVER) and not operator.arguments():
            places = sum(len(list(operator().mutation_positions(node))) for node in nodes)
            found += [Fault(file, name, number) for number in range(places)]
    return found
