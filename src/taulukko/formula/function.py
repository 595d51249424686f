"""What a named function of the expression language is: its Excel text and its value, side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict

from taulukko.formula.nodes import Node, Refer
from taulukko.formula.values import Value

Arguments = tuple[Node, ...]
Excel = Callable[[Arguments, Refer], str]


@dataclass(frozen=True, slots=True)
class Function:
    """A named function.

    A spreading function takes numbers and is missing while one of them is; its `value` gets plain values. Any other
    one gets its argument nodes and decides itself.

    Attributes:
        how: the arguments, from 0, that say how it is done and not how much: digits, a rank, a month.
    """

    name: str
    kind: str
    excel: Excel
    value: Callable[..., Value]
    least: int
    most: int
    spreads: bool = True
    may_be_missing: bool = True
    how: tuple[int, ...] = ()


def define(
    name: str,
    kind: str,
    count: tuple[int, int],
    excel: Excel,
    value: Callable[..., Value],
    spreads: bool = True,
    may_be_missing: bool = True,
    how: tuple[int, ...] = (),
) -> Function:
    """A function with the least and the most arguments it takes."""
    return Function(name, kind, excel, value, *count, spreads, may_be_missing, how)


def bare(template: str) -> Excel:
    def excel(arguments: Arguments, refer: Refer) -> str:
        return template.format(*(node.bare(refer) for node in arguments))

    return excel


class _Own(TypedDict):
    spreads: bool
    may_be_missing: bool


OWN: _Own = {"spreads": False, "may_be_missing": False}
"""It decides itself what missing arguments mean, and is never missing."""
