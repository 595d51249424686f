"""Numbers in a template's expressions that somebody may want to change: they belong on the parameters sheet.

What is structure may stand in an expression: none, one, minus one and two; what says how something is done (digits, a
rank, a month); a hundred that multiplies or divides, which is percent and cents; and the kinds of a statement's rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from taulukko.errors import Finding
from taulukko.formula.nodes import Arithmetic, Call, Choice, Comparison, Constant, Node
from taulukko.formula.values import number_text
from taulukko.template.references import Read, expressions
from taulukko.template.schema import Template

STRUCTURE = (0, 1, -1, 2)
UNIT = 100
KIND_OF_ROW = "watch"
"""The column of a statement whose numbers name what a row is."""


def literal_faults(template: Template) -> Iterator[Finding]:
    """Each number that should be a parameter, with where it stands."""
    for one in expressions(template):
        if isinstance(one, Read):
            mention = one.mention
            for number in dict.fromkeys(literals(one.node)):
                yield Finding("literal", mention.file, mention.place, mention.field, number_text(number))


def literals(node: Node) -> Iterator[float]:
    """The numbers of an expression that are not structure.

    Example:
        >>> list(literals(Arithmetic("/", Arithmetic("*", Constant(5), Constant(1.1)), Constant(100))))
        [5, 1.1]
    """
    match node:
        case Constant(content) if isinstance(content, int | float) and content not in STRUCTURE:
            yield content
        case Arithmetic(sign, left, right):
            for part in (left, right):
                if not (sign in "*/" and part == Constant(UNIT)):
                    yield from literals(part)
        case Comparison(_, left, right) if KIND_OF_ROW in (*left.paths(), *right.paths()):
            return
        case Call(function, arguments):
            for place, part in enumerate(arguments):
                if not (place in function.how and isinstance(part, Constant)):
                    yield from literals(part)
        case Choice(test, then, other):
            for part in (test, then, other):
                yield from literals(part)
        case _:
            for part in getattr(node, "parts", ()):
                yield from literals(part)


__all__ = ["literal_faults", "literals"]
