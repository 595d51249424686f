"""The measures as worksheet functions: the expressions of a catalogue, over cells and ranges alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, islice, repeat, zip_longest
from typing import Any

from taulukko.formula.data import from_data
from taulukko.formula.nodes import Node
from taulukko.program.host import clean


@dataclass(frozen=True, slots=True)
class Argument:
    """What a function takes.

    Attributes:
        key: the name of the column or threshold.
        help: what it is, in a few words.
        default: what it is when it is left out; None for a blank.
    """

    key: str
    help: str
    required: bool
    default: float | None


@dataclass(frozen=True, slots=True)
class Function:
    """A measure as a function.

    Attributes:
        name: as it is written in a cell.
        help: what it gives, in a sentence.
        constants: what names that are no arguments stand for.
        paths: what the expression calls each argument.
    """

    name: str
    help: str
    arguments: tuple[Argument, ...]
    node: Node
    constants: dict[str, Any]
    paths: tuple[tuple[str, ...], ...]

    def __call__(self, *given: Any) -> Any:
        """The measure of cells, or of ranges cell by cell; a blank text where it is missing.

        Args:
            given: values, or lists of values, or lists of rows, in the order of the arguments. Single values stand
                beside each cell of the ranges, which are all of one shape.

        Returns:
            A value, or values in the shape of the ranges.

        Raises:
            TypeError: too few or too many arguments.
            ValueError: ranges of different shapes.
        """
        least = sum(one.required for one in self.arguments)
        if not least <= len(given) <= len(self.arguments):
            raise TypeError(f"{self.name}: {least}–{len(self.arguments)}, {len(given)}")
        return self._spread(given)

    def _spread(self, given: tuple[Any, ...]) -> Any:
        ranges = [one for one in given if isinstance(one, list | tuple)]
        if not ranges:
            return self._column(given, 1)[0]
        if len(lengths := {len(one) for one in ranges}) > 1:
            raise ValueError(f"{self.name}: {' ≠ '.join(map(str, sorted(lengths)))}")
        if not any({list, tuple} & set(map(type, one)) for one in ranges):
            return self._column(given, lengths.pop())
        shapes = [[*map(len, one)] for one in ranges if set(map(type, one)) <= {list, tuple}]
        if len(shapes) == len(ranges) and all(shape == shapes[0] for shape in shapes):
            flat = ([*chain.from_iterable(one)] if isinstance(one, list | tuple) else one for one in given)
            found = iter(self._spread(tuple(flat)))
            return [[*islice(found, length)] for length in shapes[0]]
        rows = (one if isinstance(one, list | tuple) else repeat(one) for one in given)
        return [self._spread(row) for row in zip(*rows, strict=False)]

    def _column(self, given: tuple[Any, ...], count: int) -> list[Any]:
        """The measure of as many cells, which stand in lists; what is no list stands beside each."""
        values = dict(self.constants)
        columns: dict[str, list[Any]] = {}
        for argument, paths, one in zip_longest(self.arguments, self.paths, given):
            cells = one if isinstance(one, list | tuple) else [one]
            cleaned = [cell if type(cell) is float and cell == cell else clean(cell) for cell in cells]
            if argument.default is not None:
                cleaned = [argument.default if cell is None else cell for cell in cleaned]
            if isinstance(one, list | tuple):
                columns |= dict.fromkeys(paths, cleaned)
            else:
                values |= dict.fromkeys(paths, cleaned[0])
        found = []
        for row in zip(*columns.values(), strict=True) if columns else repeat((), count):
            values.update(zip(columns, row, strict=True))
            value = self.node.value(values.__getitem__)
            found.append("" if value is None else value)
        return found


def spread(measure: Callable[..., Any], *given: Any) -> Any:
    """A measure of what a function of a cell is given: rows of cells, of which a single one stands beside each other.

    Example:
        >>> spread(lambda one, other: (one, other), [[3.0]], [[1.0], [None]])
        (3.0, [[1.0], [None]])
    """
    return measure(*(one[0][0] if isinstance(one, list) and [len(row) for row in one] == [1] else one for one in given))


def functions(catalogue: dict[str, Any], language: str) -> dict[str, Function]:
    """The functions of a catalogue by their names, told in a language.

    Example:
        >>> budget = {"key": "budget", "help": {"en": "the budget"}, "required": True, "default": None}
        >>> tree = ["*", ["field", "budget", "number"], ["constant", 2]]
        >>> one = {"name": "TWICE", "tree": tree, "help": {"en": "two"}, "arguments": [budget], "constants": {}}
        >>> twice = functions({"functions": [one]}, "en")["TWICE"]
        >>> twice(10), twice([[10], [None]])
        (20.0, [[20.0], ['']])
    """
    return {one["name"]: _function(one, language) for one in catalogue["functions"]}


def _function(data: dict[str, Any], language: str) -> Function:
    arguments = tuple(
        Argument(one["key"], one["help"][language], one["required"], one["default"]) for one in data["arguments"]
    )
    constants = {path: words[language] for path, words in data["constants"].items()}
    node = from_data(data["tree"])
    used = set(node.paths())
    paths = tuple(tuple({one.key, f"parameters.{one.key}"} & used) for one in arguments)
    return Function(data["name"], data["help"][language], arguments, node, constants, paths)


__all__ = ["Argument", "Function", "functions", "spread"]
