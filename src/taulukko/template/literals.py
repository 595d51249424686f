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


def literal_faults(template: Template) -> Iterator[Finding]:
    """Each number that should be a parameter, with where it stands."""
    levels = frozenset(one.level.key for one in template.statements().values() if one.level)
    for one in expressions(template):
        if isinstance(one, Read):
            mention = one.mention
            for number in dict.fromkeys(literals(one.node, levels)):
                yield Finding("literal", mention.file, mention.place, mention.field, number_text(number))


def literals(node: Node, levels: frozenset[str] = frozenset()) -> Iterator[float]:
    """The numbers of an expression that are not structure.

    Args:
        levels: the columns whose numbers name what a row is.

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
                    yield from literals(part, levels)
        case Comparison(_, left, right) if levels.intersection((*left.paths(), *right.paths())):
            return
        case Call(function, arguments):
            for place, part in enumerate(arguments):
                if not (place in function.how and isinstance(part, Constant)):
                    yield from literals(part, levels)
        case Choice(test, then, other):
            for part in (test, then, other):
                yield from literals(part, levels)
        case _:
            for part in getattr(node, "parts", ()):
                yield from literals(part, levels)


__all__ = ["literal_faults", "literals"]
