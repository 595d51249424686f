"""How much of what is required is filled in, as formulas that count."""

from __future__ import annotations

from taulukko.formula.nodes import Arithmetic, Choice, Comparison, Constant, Node
from taulukko.formula.parse import call
from taulukko.plan.draft import Draft

Counts = tuple[list[str], list[str]]
"""Expressions whose sums are the filled and the required fields."""


def filled_of_required(draft: Draft, counts: Counts, section: str, nothing: str = "") -> Node:
    """A text such as 12/14; `nothing`, if given, where nothing is required.

    Args:
        section: whose columns the expressions may name.
    """
    filled, required = (_sum(draft, texts, section) for texts in counts)
    said = call("join_text", call("say_count", filled), Constant("/"), call("say_count", required))
    return Choice(Comparison(">", required, Constant(0)), said, Constant(nothing)) if nothing else said


def _sum(draft: Draft, texts: list[str], section: str) -> Node:
    total, *others = (draft.names.read(text, section) for text in texts)
    for node in others:
        total = Arithmetic("+", total, call("first", node, Constant(0)))
    return total


__all__ = ["Counts", "filled_of_required"]
