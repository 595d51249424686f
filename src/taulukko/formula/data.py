"""Expression trees as plain data, and back: what JSON can hold, for whoever computes without the templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from taulukko.formula.functions import FUNCTIONS
from taulukko.formula.nodes import (
    Arithmetic,
    Call,
    Choice,
    Comparison,
    Constant,
    Field,
    Logic,
    Negation,
    Node,
    Sentence,
)
from taulukko.formula.sums import Sum

Data = list[Any]
"""Kind of the node, then its parts."""
Rename = Callable[[str], str]


def to_data(node: Node, rename: Rename = str) -> Data:
    """A tree as lists, texts and numbers.

    Args:
        rename: what to call a path instead.

    Raises:
        TypeError: a node of a kind that is not known here.

    Example:
        >>> to_data(Arithmetic("-", Field("budget"), Constant(1)))
        ['-', ['field', 'budget', 'number'], ['constant', 1]]
    """

    def many(nodes: tuple[Node, ...]) -> list[Data]:
        return [to_data(one, rename) for one in nodes]

    match node:
        case Constant():
            return ["constant", node.content]
        case Field():
            return ["field", rename(node.path), node.kind]
        case Arithmetic() | Comparison():
            return [node.sign, *many(node.parts)]
        case Negation():
            return ["negation", *many(node.parts)]
        case Logic():
            return [node.name, *many(node.parts)]
        case Choice():
            return ["choice", *many((node.test, node.then, node.other))]
        case Call():
            return ["call", node.function.name, *many(node.arguments)]
        case Sentence():
            return ["sentence", *many(node.parts)]
        case Sum():
            return ["sum", *([rename(path) for path in some] for some in (node.added, node.taken, node.needed))]
    raise TypeError(type(node).__name__)


def from_data(data: Data) -> Node:
    """The tree that `to_data` was given.

    Raises:
        LookupError, TypeError, ValueError: it is no tree.

    Example:
        >>> from_data(["-", ["field", "budget", "number"], ["constant", 1]]).value({"budget": 3.0}.get)
        2.0
    """
    kind, *parts = data
    match kind:
        case "constant":
            return Constant(*parts)
        case "field":
            return Field(*parts)
        case "call":
            name, *arguments = parts
            return Call(FUNCTIONS[name], tuple(map(from_data, arguments)))
        case "sum":
            return Sum(*(tuple(some) for some in parts))
    nodes = tuple(map(from_data, parts))
    match kind:
        case "+" | "-" | "*" | "/":
            return Arithmetic(kind, *nodes)
        case "<" | "<=" | ">" | ">=" | "=" | "<>":
            return Comparison(kind, *nodes)
        case "negation":
            return Negation(*nodes)
        case "AND" | "OR" | "NOT":
            return Logic(kind, nodes)
        case "choice":
            return Choice(*nodes)
        case "sentence":
            return Sentence(nodes)
    raise ValueError(kind)


__all__ = ["Data", "from_data", "to_data"]
