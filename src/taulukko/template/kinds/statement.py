"""A statement: lines of figures for each unit, which sum up to totals and to the division's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from taulukko.errors import Finding
from taulukko.template.inputs import ASSESSMENT, STATEMENT_KEYS, InputFile
from taulukko.template.kinds.chart import Chart
from taulukko.template.kinds.section import Filled
from taulukko.template.parts import Column, ColumnKey, Declared, Key, NoteKey, Refers


class Line(Declared):
    key: Key
    kind: Literal["line", "memo", "total", "heading"] = "line"
    sign: Literal["revenue", "cost", "either"] = "either"
    shown: Literal["always", "used"] = "always"
    parts: tuple[Annotated[Key, Refers("summed")], ...] = ()
    binding: bool = False
    of: Annotated[Key, Refers("line")] | None = None
    """The line that a memo is told of: how much of it is internal. A memo is part of no total."""

    @property
    def is_input(self) -> bool:
        """Whether somebody gives its figures."""
        return self.kind in ("line", "memo")


class Elimination(Declared):
    """What is left out of a line when the areas are summed: their memo of its internal part."""

    line: Annotated[Key, Refers("line")]
    internal: Annotated[Key, Refers("memo", "line")]


class Explanations(Declared):
    """The columns that say of a line whether it has to be explained, and how it is."""

    needed: ColumnKey
    lacking: ColumnKey
    state: NoteKey
    explanation: NoteKey
    measure: NoteKey
    responsible: NoteKey
    due: NoteKey


class Forecasts(Declared):
    """The columns that hold the forecasts of a line, for the button that tells them."""

    budget: ColumnKey
    by_profile: ColumnKey
    linear: ColumnKey
    forecast_manual: NoteKey
    forecast_reason: NoteKey
    forecast: ColumnKey
    basis: ColumnKey


class StatementSection(Filled):
    kind: Literal["statement"]
    by_unit: ClassVar[bool] = True
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    eliminations: tuple[Elimination, ...] = ()
    assessment: Key | None = None
    explanations: Explanations | None = None
    forecasts: Forecasts | None = None
    chart: Chart | None = None

    @property
    def level(self) -> Column | None:
        """The column that says how much a line weighs."""
        return next((column for column in self.columns if column.given == "level"), None)

    @property
    def costs(self) -> set[str]:
        """The lines that are costs, and the totals of nothing but costs."""
        costs = {line.key for line in self.lines if line.sign == "cost"}
        for line in self.lines:
            if line.parts and set(line.parts) <= costs:
                costs.add(line.key)
        return costs

    def files(self, key: str) -> Iterator[tuple[str, InputFile]]:
        lines = tuple(line.key for line in self.lines if line.kind != "heading")
        yield key, InputFile(STATEMENT_KEYS, self.inputs(), None, lines, frozenset(self.costs))
        if self.assessment:
            yield self.assessment, ASSESSMENT

    def labels(self, key: str) -> Iterator[str]:
        yield from (f"columns.{key}.{c.key}" for c in self.columns if c.place != "help")
        yield from (f"lines.{line.key}" for line in self.lines)

    def faults(self, file: str) -> Iterator[Finding]:
        yield from super().faults(file)
        for line in self.lines:
            place = f"lines[{line.key}]"
            if line.kind == "total" and not line.parts:
                yield Finding("key_missing", file, place, "parts")
            elif line.parts and line.kind != "total":
                yield Finding("template_value", file, place, "kind", line.kind, ("total",))
            if line.kind == "memo" and not line.of:
                yield Finding("key_missing", file, place, "of")
            elif line.of and line.kind != "memo":
                yield Finding("template_value", file, place, "kind", line.kind, ("memo",))
            if line.key == "internal":
                yield Finding("key_twice", file, "lines", "key", line.key)

    def stands_for(self, key: str) -> tuple[str, dict[str, str]]:
        return key, {line.key: line.key for line in self.lines if line.kind != "heading"}

    def carried(self) -> StatementSection:
        return StatementSection(kind="statement", columns=self.seen(), lines=self.lines, assessment=self.assessment)

    def asks_for(self, record: str) -> bool:
        line = record.partition(".")[2]
        return any(one.key == line and one.is_input for one in self.lines)
