"""What the names in a template's expressions stand for, and the expressions read with them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from taulukko.formula import ExpressionError, Node, parse
from taulukko.formula.nodes import Constant, Sentence
from taulukko.template.schema import (
    DYNAMIC_SCALES,
    INTERNAL,
    ChecksSection,
    Column,
    ControlsSection,
    Filled,
    RecordsSection,
    StatementSection,
    Template,
)

COUNTERS = ("total", "holds", "fails", "unknown", "accepted")
"""What the checks and the control figures count of themselves."""


@lru_cache(maxsize=12)
def names_of(template: Template) -> Names:
    """The names of a template, with the expressions that have been read before."""
    return Names(template)


class Names:
    """The names of one template. `read` gives the tree of an expression, each text parsed once."""

    def __init__(self, template: Template):
        self.template = template
        self._read: dict[tuple[str, str], Node] = template.trees
        self._reading: set[tuple[str, str]] = set()
        self._columns = {
            key: {column.key: column for column in section.columns}
            for key, section in template.sections.items()
            if isinstance(section, Filled)
        }
        self._lines = {
            key: [line.key for line in section.lines]
            for key, section in template.sections.items()
            if isinstance(section, StatementSection)
        }

    def read(self, text: str, section: str = "") -> Node:
        """The tree of an expression; inside a section the bare names are its columns.

        Raises:
            ExpressionError: with what would be allowed.
        """
        key = (section, text)
        if key not in self._read:
            if key in self._reading:
                raise ExpressionError(f"{text!r} refers to itself")
            self._reading.add(key)
            try:
                self._read[key] = parse(text, lambda path: self.kind_of(path, section))
            finally:
                self._reading.remove(key)
        return self._read[key]

    def sentence(self, label: str, values: dict[str, str], section: str = "") -> Node:
        """A label with expressions in the places it names in braces."""
        parts: list[Node] = []
        for piece in _pieces(self.template.label(label)):
            if piece.startswith("{"):
                name = piece[1:-1]
                if name not in values:
                    raise ExpressionError(f"{label}: unknown {piece}; known: {', '.join(values)}")
                parts.append(self.read(values[name], section))
            elif piece:
                parts.append(Constant(piece))
        return Sentence(tuple(parts))

    def kind_of(self, path: str, section: str = "") -> str:
        """What a path holds.

        Raises:
            KeyError: it names nothing; with the path and what would be known in its place.
        """
        try:
            return self._kind_of(path, section)
        except (IndexError, ValueError):
            raise KeyError(path) from None

    def _kind_of(self, path: str, section: str) -> str:
        head, *rest = path.split(".")
        if not rest:
            columns = self._columns.get(section, {})
            if head not in columns:
                raise KeyError(path, *columns)
            return _kind(columns[head])
        if head in self.template.head.scales and len(rest) == 1:
            members = [member.key for member in self.template.head.scales[head].members]
            return _known(rest[0], members, "text")
        match head:
            case "label":
                return _known(".".join(rest), self.template.labels, "text")
            case "parameters":
                return _known(rest[0], self.template.head.parameters, "number")
            case "lists":
                return self._list_kind(rest[0])
            case "assessment":
                found = self.template.statements()[self._statement(section)]
                return _known(rest[0], ("covers_lines", "text") if found.assessment else (), "text")
            case "unit" | "leaves":
                return self._statement_kind(self._statement(section), rest)
            case "areas" | "missing":
                kind = self._areas_kind(self._statement(section), rest)
                return "text" if head == "missing" else kind
        if head not in self.template.sections:
            raise KeyError(path, *self.template.sections)
        return self._section_kind(head, rest)

    def _statement(self, section: str) -> str:
        if section not in self._lines:
            raise KeyError("unit", *self.template.sections)
        return section

    def _list_kind(self, name: str) -> str:
        scales = self.template.head.scales
        scale = name.removesuffix("_from")
        if name in (*DYNAMIC_SCALES, "subgoals"):
            return "texts"
        if scale not in scales:
            raise KeyError(name, *scales, *DYNAMIC_SCALES, "subgoals")
        return "numbers" if name != scale or scales[scale].members[0].value is not None else "texts"

    def _statement_kind(self, section: str, rest: list[str]) -> str:
        columns, lines = self._columns[section], self._lines[section]
        if len(rest) == 1:
            if rest[0] == "label":
                return "texts"
            return _plural(_known(rest[0], columns, _kind(columns[rest[0]]) if rest[0] in columns else ""))
        line, column = rest
        _known(line, lines, "")
        if column == "figures":
            return "number"
        return _known(column, columns, _kind(columns[column]) if column in columns else "")

    def _areas_kind(self, section: str, rest: list[str]) -> str:
        """As of a unit, and of what the eliminations leave out."""
        found = self.template.sections[section]
        if isinstance(found, StatementSection) and found.eliminations and rest[0] == INTERNAL:
            rest = [found.eliminations[0].internal, *rest[1:]]
        return self._statement_kind(section, rest)

    def _section_kind(self, key: str, rest: list[str]) -> str:
        section = self.template.sections[key]
        if isinstance(section, ChecksSection | ControlsSection):
            return _known(rest[0], COUNTERS, "number")
        if isinstance(section, StatementSection):
            if rest[0] != "division":
                raise KeyError(rest[0], "division")
            return self._statement_kind(key, rest[1:])
        if not isinstance(section, RecordsSection):
            raise KeyError(key, *self._columns)
        columns = self._columns[key]
        if rest[0] == "totals" and len(rest) == 2:
            return _known(rest[1], [c.key for c in section.columns if c.total != "none"], "number")
        if rest[0] in section.facts:
            return self.read(section.facts[rest[0]], key).kind
        name = rest[0]
        return _plural(_known(name, [*columns, *section.facts], _kind(columns[name]) if name in columns else ""))


def _kind(column: Column) -> str:
    return "text" if column.is_text else "number"


def _plural(kind: str) -> str:
    return f"{kind}s"


def _known(name: str, allowed: object, kind: str) -> str:
    names = list(allowed)  # type: ignore[call-overload]
    if name not in names:
        raise KeyError(name, *names)
    return kind


def _pieces(text: str) -> Iterator[str]:
    while text:
        start = text.find("{")
        if start < 0:
            yield text
            return
        end = text.index("}", start) + 1
        yield text[:start]
        yield text[start:end]
        text = text[end:]


__all__ = ["COUNTERS", "Names"]
