"""Measures of long ranges by numpy, where it is at hand: sums, differences and products of numbers.

What it gives is what the expression gives cell by cell, in a fraction of the time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from taulukko.formula.nodes import Arithmetic, Constant, Field, Negation, Node
from taulukko.in_excel.functions.measures import Function

LEAST = 1_000
"""Cells from which on it is worth the while."""
NUMBERS = {float, int, type(None)}


def vector(measure: Function, *given: Any) -> list[list[Any]] | None:
    """A measure of ranges of one shape that hold numbers and blanks; None for anything else.

    Example:
        >>> from taulukko.in_excel.functions.cells import measures
        >>> vector(measures("en")["REMAINING"], [[3.0]] * 2_000, [[1.0]] * 1_999 + [[None]])[-2:]
        [[2.0], ['']]
    """
    if not all(_is_long(one) for one in given) or len({(len(one), len(one[0])) for one in given}) > 1:
        return None
    try:
        import numpy
    except ImportError:
        return None
    if not all(set(map(type, row)) <= NUMBERS and len(row) == len(one[0]) for one in given for row in one):
        return None
    arrays = {path: numpy.array(one, float) for paths, one in zip(measure.paths, given, strict=False) for path in paths}
    with numpy.errstate(all="ignore"):
        found = _value(measure.node, arrays.get)
    if found is None:
        return None
    rows: list[list[Any]] = numpy.where(numpy.isnan(found), "", found.astype(object)).tolist()
    return rows


def _is_long(one: Any) -> bool:
    return isinstance(one, list) and bool(one) and isinstance(one[0], list) and len(one) * len(one[0]) >= LEAST


def _value(node: Node, array: Callable[[str], Any]) -> Any:
    """What an expression gives over arrays; None where it is more than arithmetic without division."""
    match node:
        case Field(path=path, kind="number"):
            return array(path)
        case Constant(content=float() | int() as number):
            return number
        case Negation(part=part):
            found = _value(part, array)
            return None if found is None else -found
        case Arithmetic(sign="+" | "-" | "*" as sign, left=one, right=other):
            left, right = _value(one, array), _value(other, array)
            if left is None or right is None:
                return None
            return left + right if sign == "+" else left - right if sign == "-" else left * right
    return None


__all__ = ["vector"]
