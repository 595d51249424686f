"""The node kinds of the expression language: each knows its Excel text and its value.

A value is what Excel keeps in a cell: float, str, bool, or None for missing. Missing is a blank, an empty text, or a
text where a number belongs; it spreads through arithmetic, comparison and condition, in Excel by a COUNT guard.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from taulukko.formula.values import Value, as_number, as_text, is_number, is_written, number_text, quoted

Refer = Callable[[str], str]
"""Gives the Excel text of a path: a cell, a table column or a literal."""
Fetch = Callable[[str], Value]
"""Gives the value of a path: of a cell, or the list of values of a range."""


class Node(Protocol):
    """One part of an expression."""

    @property
    def kind(self) -> str:
        """What it yields: number, text or condition; numbers or texts for a whole column."""

    @property
    def may_be_missing(self) -> bool: ...

    def excel(self, refer: Refer) -> str:
        """The complete Excel text, guarded against missing operands."""

    def bare(self, refer: Refer) -> str:
        """The Excel text without guards, for use where a surrounding guard covers it."""

    def value(self, fetch: Fetch) -> Value:
        """What Excel would show; None where it would show an empty text."""

    def operands(self) -> Iterator[Node]:
        """The operands that must be numbers for `bare` to be right."""

    def paths(self) -> Iterator[str]:
        """All paths the expression refers to."""


class Named(Protocol):
    """A named function, as a call has it: `function.Function`."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def spreads(self) -> bool: ...

    @property
    def may_be_missing(self) -> bool: ...

    @property
    def how(self) -> tuple[int, ...]: ...

    @property
    def excel(self) -> Callable[[tuple[Node, ...], Refer], str]: ...

    @property
    def value(self) -> Callable[..., Value]: ...


def guard(text: str, operands: list[Node], refer: Refer) -> str:
    """Wrap a formula so that it yields an empty text while any of its operands is missing."""
    texts = dict.fromkeys(node.excel(refer) for node in operands)
    needed = [one for one in texts if not is_written(one)]
    return f'IF(COUNT({",".join(needed)})<{len(needed)},"",{text})' if needed else text


@dataclass(frozen=True, slots=True)
class Constant:
    content: float | str | bool | None

    @property
    def kind(self) -> str:
        return "text" if isinstance(self.content, str) else "number"

    @property
    def may_be_missing(self) -> bool:
        return self.content is None

    def excel(self, refer: Refer) -> str:
        if isinstance(self.content, bool):
            return str(self.content).upper()
        if isinstance(self.content, (int, float)):
            return number_text(self.content)
        return quoted(self.content or "")

    bare = excel

    def value(self, fetch: Fetch) -> Value:
        return self.content

    def operands(self) -> Iterator[Node]:
        return iter(())

    def paths(self) -> Iterator[str]:
        return iter(())


@dataclass(frozen=True, slots=True)
class Field:
    """A cell, a range or a literal, by its path."""

    path: str
    kind: str = "number"
    may_be_missing: bool = True

    def excel(self, refer: Refer) -> str:
        return refer(self.path)

    bare = excel

    def value(self, fetch: Fetch) -> Value:
        found = fetch(self.path)
        if self.kind == "number":
            return found if type(found) is float or is_number(found) else None
        return "" if found is None and self.kind == "text" else found

    def operands(self) -> Iterator[Node]:
        if self.kind == "number":
            yield self

    def paths(self) -> Iterator[str]:
        yield self.path


_ARITHMETIC: dict[str, Callable[..., float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_COMPARISON: dict[str, Callable[..., bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}


def divisors(node: Node) -> Iterator[Node]:
    if isinstance(node, Arithmetic):
        yield from divisors(node.left)
        yield from divisors(node.right)
        if node.sign == "/":
            yield node.right
    elif isinstance(node, (Negation, Comparison, Logic, Sentence)):
        for part in node.parts:
            yield from divisors(part)
    elif isinstance(node, Call) and node.function.spreads:
        for part in node.arguments:
            yield from divisors(part)


def guarded(node: Node, text: str, refer: Refer) -> str:
    """Guard against missing operands, and within that against zero divisors."""
    for part in reversed([part for part in divisors(node) if not (isinstance(part, Constant) and part.content)]):
        text = f'IF({part.bare(refer)}=0,"",{text})'
    return guard(text, list(node.operands()), refer)


class _Compound:
    """What the nodes with parts share."""

    __slots__ = ()
    parts: tuple[Node, ...]
    may_be_missing = True

    def excel(self, refer: Refer) -> str:
        return guarded(self, self.bare(refer), refer)  # type: ignore[arg-type, attr-defined]

    def operands(self) -> Iterator[Node]:
        for part in self.parts:
            yield from part.operands()

    def paths(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.paths()


@dataclass(frozen=True, slots=True)
class Arithmetic(_Compound):
    sign: str
    left: Node
    right: Node
    kind: str = field(default="number", init=False)

    @property
    def parts(self) -> tuple[Node, ...]:  # type: ignore[override]
        return (self.left, self.right)

    def bare(self, refer: Refer) -> str:
        return f"({self.left.bare(refer)}{self.sign}{self.right.bare(refer)})"

    def value(self, fetch: Fetch) -> Value:
        left, right = self.left.value(fetch), self.right.value(fetch)
        if left is None or right is None or (self.sign == "/" and right == 0):
            return None
        return _ARITHMETIC[self.sign](left, right)


@dataclass(frozen=True, slots=True)
class Negation(_Compound):
    part: Node
    kind: str = field(default="number", init=False)

    @property
    def parts(self) -> tuple[Node, ...]:  # type: ignore[override]
        return (self.part,)

    def bare(self, refer: Refer) -> str:
        return f"(-{self.part.bare(refer)})"

    def value(self, fetch: Fetch) -> Value:
        found = self.part.value(fetch)
        return None if found is None else -as_number(found)


@dataclass(frozen=True, slots=True)
class Comparison(_Compound):
    sign: str
    left: Node
    right: Node
    kind: str = field(default="condition", init=False)

    @property
    def parts(self) -> tuple[Node, ...]:  # type: ignore[override]
        return (self.left, self.right)

    def bare(self, refer: Refer) -> str:
        return f"{self.left.bare(refer)}{self.sign}{self.right.bare(refer)}"

    def value(self, fetch: Fetch) -> Value:
        return self.compare(self.left.value(fetch), self.right.value(fetch))

    def compare(self, left: Value, right: Value) -> bool | None:
        """Compare as Excel does: texts without case, a number never equal to a text."""
        if left is None or right is None:
            return None
        if isinstance(left, str) and isinstance(right, str):
            left, right = left.lower(), right.lower()
        elif isinstance(left, str) or isinstance(right, str):
            return self.sign == "<>"
        return _COMPARISON[self.sign](left, right)


@dataclass(frozen=True, slots=True)
class Logic(_Compound):
    name: str
    parts: tuple[Node, ...]
    kind: str = field(default="condition", init=False)

    def bare(self, refer: Refer) -> str:
        return f"{self.name}({','.join(part.bare(refer) for part in self.parts)})"

    def value(self, fetch: Fetch) -> Value:
        found = [part.value(fetch) for part in self.parts]
        if any(value is None for value in found):
            return None
        if self.name == "NOT":
            return not found[0]
        return all(found) if self.name == "AND" else any(found)


@dataclass(frozen=True, slots=True)
class Choice:
    """`a if condition else b`."""

    test: Node
    then: Node
    other: Node
    may_be_missing: bool = field(default=True, init=False)

    @property
    def kind(self) -> str:
        return (
            self.then.kind if not isinstance(self.then, Constant) or self.then.content is not None else self.other.kind
        )

    def excel(self, refer: Refer) -> str:
        text = f"IF({self.test.bare(refer)},{self.then.excel(refer)},{self.other.excel(refer)})"
        return guarded(self.test, text, refer)

    bare = excel

    def value(self, fetch: Fetch) -> Value:
        test = self.test.value(fetch)
        return None if test is None else (self.then if test else self.other).value(fetch)

    def operands(self) -> Iterator[Node]:
        if self.kind == "number":
            yield self
        else:
            for part in (self.test, self.then, self.other):
                yield from part.operands()

    def paths(self) -> Iterator[str]:
        for part in (self.test, self.then, self.other):
            yield from part.paths()


@dataclass(frozen=True, slots=True)
class Call:
    """A named function; functions.py keeps its Excel text and its value side by side."""

    function: Named
    arguments: tuple[Node, ...]

    @property
    def kind(self) -> str:
        return self.function.kind

    @property
    def may_be_missing(self) -> bool:
        return self.function.may_be_missing

    def excel(self, refer: Refer) -> str:
        return guarded(self, self.bare(refer), refer) if self.function.spreads else self.bare(refer)

    def bare(self, refer: Refer) -> str:
        return self.function.excel(self.arguments, refer)

    def value(self, fetch: Fetch) -> Value:
        if self.function.spreads:
            found = [part.value(fetch) for part in self.arguments]
            return None if any(value is None for value in found) else self.function.value(*found)
        return self.function.value(self.arguments, fetch)

    def operands(self) -> Iterator[Node]:
        if self.function.spreads:
            for part in self.arguments:
                yield from part.operands()
        elif self.may_be_missing and self.kind == "number":
            yield self

    def paths(self) -> Iterator[str]:
        for part in self.arguments:
            yield from part.paths()


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words of a label file with expressions in their places; missing while one of them is missing."""

    parts: tuple[Node, ...]
    kind: str = field(default="text", init=False)
    may_be_missing: bool = field(default=True, init=False)

    def excel(self, refer: Refer) -> str:
        return guarded(self, self.bare(refer), refer)

    def bare(self, refer: Refer) -> str:
        return "&".join(part.bare(refer) for part in self.parts)

    def value(self, fetch: Fetch) -> Value:
        found = [part.value(fetch) for part in self.parts]
        said = [value for part, value in zip(self.parts, found, strict=True) if isinstance(part, Call)]
        if None in said or any(node.value(fetch) is None for node in self.operands()):
            return None
        return "".join(map(as_text, found))

    def operands(self) -> Iterator[Node]:
        for part in self.parts:
            yield from part.operands()

    def paths(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.paths()
