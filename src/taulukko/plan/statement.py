"""One unit's income statement: which lines it shows, where they stand, and by which names formulas know them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import cast

from taulukko.formula.addresses import GIVEN_KEY, NOTES_KEY
from taulukko.formula.addresses import letters as column_letters
from taulukko.formula.sums import Sum
from taulukko.formula.values import Value
from taulukko.plan.book import ROW, Beside, Finder, Found, Place, Range, Sheet, address, area_text, on_sheet
from taulukko.plan.chart_size import chart_rows
from taulukko.plan.draft import HEADER, Draft
from taulukko.plan.metrics import wrap
from taulukko.plan.scope import RowScope, cell_place, value_at
from taulukko.report.inputs import Key
from taulukko.report.model import Record, Report, Unit
from taulukko.template.schema import Column, Line, StatementSection

LABEL, LABEL_WIDTH = 1, 31
LINE, SPARE_LINES = 140, 8
"""Characters of a line of the explanations, and lines beyond those that the texts need now."""


@dataclass(slots=True)
class Layout:
    """Which row each line has in each block of a unit's sheet; a block that is not there has no rows."""

    table: dict[str, int] = field(default_factory=dict)
    given: dict[str, int] = field(default_factory=dict)
    difference: dict[str, int] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)
    explanations: int | None = None
    chart: int = 0
    end: int = 0
    """Last row that is printed: the notes below it are the form that fills the explanations."""


@dataclass(slots=True)
class Statement:
    """One unit's statement while it is being placed."""

    draft: Draft
    key: str
    section: StatementSection
    unit: Unit
    sheet: Sheet
    lines: list[Line]
    layout: Layout
    places: dict[str, int]
    notes: frozenset[str]
    letters: dict[str, str] = field(default_factory=dict)
    """How the cells of each column are referred to in their own row."""
    beside: tuple[dict[str, Beside], dict[str, Beside]] = ({}, {})
    """The columns of the notes as seen from the table, and of the table as seen from the notes."""

    @property
    def path(self) -> str:
        return statement_path(self.draft.report, self.key, self.unit)

    @property
    def right(self) -> int:
        return LABEL + len(self.columns("table"))

    @property
    def help_place(self) -> int:
        """First of the two hidden columns that hold line keys and the text of the explanations."""
        return self.right + len(self.columns("help")) + 1

    def columns(self, place: str) -> list[Column]:
        return [column for column in self.section.columns if column.place == place]

    def record(self, line: str) -> Record:
        return self.draft.report.row(self.key, self.unit.code, line)

    def spot(self, line: str, column: Column) -> Key:
        """By what a cell of a line is known."""
        return self.key, f"{self.unit.code}.{line}", column.key

    def has_figures(self, line: str) -> bool:
        """Whether the data gives a figure of the line, or of the total."""
        record = self.record(line)
        return any(record.get(c.key) is not None for c in self.columns("table") if c.role == "input")

    @property
    def is_without_figures(self) -> bool:
        """Whether this is a service area of which the data gives no figure at all."""
        return self.unit in areas_without_figures(self.draft, self.key)

    def is_consolidated(self, line: Line) -> bool:
        """Whether the figures of a line are the sum of the areas', as the data gives the whole none of its own."""
        report = self.draft.report
        is_whole = self.unit is report.whole and bool(report.areas)
        return is_whole and line.kind == "line" and not self.has_figures(line.key)

    def leaves(self, key: str) -> list[str]:
        """The lines a total is built from, through the totals between."""
        line = next(line for line in self.section.lines if line.key == key)
        parts = shown_parts(line, self.lines)
        return [leaf for part in parts for leaf in self.leaves(part)] if parts else [key]

    def level(self, line: Line) -> float:
        """0 a memo or a line of the division, 1 a line of an area, 2 its total, 3 the division's, 4 a binding total."""
        if line.kind == "memo":
            return 0.0
        if line.kind == "line":
            return 0.0 if self.unit.is_division else 1.0
        return 4.0 if line.binding else 3.0 if self.unit.is_division else 2.0


def statements_of(draft: Draft) -> dict[str, Statement]:
    """The statements that are placed, by their paths."""
    return cast("dict[str, Statement]", draft.statements)


def statement_path(report: Report, key: str, unit: Unit) -> str:
    return f"{key}.division" if unit is report.whole else f"{key}.{unit.code}"


def sheet_key(report: Report, key: str, unit: Unit) -> str:
    return key if unit is report.whole else f"{key}.{unit.code}"


def shown_parts(line: Line, lines: list[Line]) -> list[str]:
    keys = {line.key for line in lines}
    return [part for part in line.parts if part in keys]


def units_with_figures(draft: Draft, key: str) -> set[str]:
    """The codes of the units of whose statement the data gives some figure."""
    columns = draft.template.statements()[key].columns
    keys = [column.key for column in columns if column.place == "table" and column.role == "input"]
    return {str(row["unit"]) for row in draft.report.rows(key) if any(row.get(column) is not None for column in keys)}


def areas_without_figures(draft: Draft, key: str) -> tuple[Unit, ...]:
    """The service areas of which the data gives no figure in a statement, looked for once."""
    if key not in draft.silent:
        given = units_with_figures(draft, key)
        draft.silent[key] = tuple(unit for unit in draft.report.areas if unit.code not in given)
    return draft.silent[key]


def shown_lines(draft: Draft, key: str, unit: Unit) -> list[Line]:
    """The lines always shown, those the unit has figures for, and totals of more than one line that is shown.

    The whole shows the lines of its areas too, but not their memos.
    """
    report, section = draft.report, draft.template.statements()[key]
    used = _used(draft, key, section, [unit])
    if unit is report.whole:
        lines = {line.key for line in section.lines if line.kind == "line"}
        used |= lines & _used(draft, key, section, report.areas)
    shown: list[Line] = []
    for line in section.lines:
        if line.shown == "always" or line.key in used or len(shown_parts(line, shown)) > 1:
            shown.append(line)
    return shown


def _used(draft: Draft, key: str, section: StatementSection, units: Iterable[Unit]) -> set[str]:
    """The lines that the data tells of for some units, and the lines that their memos are of."""
    if key not in draft.told:
        told = draft.told[key] = {}
        for row in draft.report.rows(key):
            told.setdefault(str(row["unit"]), set()).add(str(row["line"]))
    used = {line for unit in units for line in draft.told[key].get(unit.code, ())}
    return used | {line.of for line in section.lines if line.of and line.key in used}


def lay_out(statement: Statement) -> None:
    layout, lines = statement.layout, statement.lines
    row = HEADER
    for line in lines:
        row += 1
        layout.table[line.key] = row
    given = _given_totals(statement)
    if given:
        row += 2
        for key in given:
            row += 1
            layout.given[key] = row
    report = statement.draft.report
    if statement.is_without_figures and report.whole.code in units_with_figures(statement.draft, statement.key):
        row += 2
        for line in lines:
            if line.kind == "total":
                row += 1
                layout.difference[line.key] = row
    if statement.section.assessment or statement.section.explanations:
        layout.explanations = row + 2
        row = layout.explanations + 1 + explanation_lines(statement)
    if statement.section.chart:
        layout.chart = row + 2
        row = layout.chart + chart_rows(statement.section.chart, len(drawn_lines(statement)))
    layout.end = row
    row += 3
    for line in lines if statement.notes else ():
        if line.kind != "heading":
            row += 1
            layout.notes[line.key] = row
    statement.letters |= {key: column_letters(place) + ROW for key, place in statement.places.items()}
    statement.beside = (_beside(statement, False), _beside(statement, True))


def drawn_lines(statement: Statement) -> list[str]:
    """The lines that the chart shows, of those that the sheet does."""
    chart = statement.section.chart
    wanted = chart.lines if chart else ()
    return [one.key for one in statement.lines if (one.key in wanted if wanted else one.kind == "line")]


def explanation_lines(statement: Statement) -> int:
    """How many lines the explanations have: as the texts need, and some to spare; few while there are no figures."""
    record = statement.draft.report.row(str(statement.section.assessment), statement.unit.code)
    paragraphs = str(record.get("text") or "").split("\n")
    lines = sum(max(1, len(wrap(paragraph, LINE))) for paragraph in paragraphs)
    if explanations := statement.section.explanations:
        parts = (explanations.explanation, explanations.measure, explanations.responsible)
        for line in statement.lines:
            own = statement.record(line.key)
            said = " ".join(str(own.get(part) or "") for part in parts)
            lines += len(wrap(said, LINE - 60)) if said.strip() else 0
    return lines + (1 if statement.is_without_figures else SPARE_LINES)


def _given_totals(statement: Statement) -> list[str]:
    """Totals with a part that is not known from the data."""
    known: set[str] = set()
    wanting: list[str] = []
    for line in statement.lines:
        complete = _is_complete(statement, line)
        if line.kind == "total":
            if set(shown_parts(line, statement.lines)) <= known:
                complete = True
            else:
                wanting.append(line.key)
        if complete:
            known.add(line.key)
    return wanting


def _is_complete(statement: Statement, line: Line) -> bool:
    """Whether every figure of a line is known from the data: of the unit, or of each area that has the line."""
    report = statement.draft.report
    inputs = [c.key for c in statement.columns("table") if c.role == "input"]
    units: tuple[Unit, ...] = (statement.unit,)
    if statement.is_consolidated(line):
        if areas_without_figures(statement.draft, statement.key):
            return False
        units = tuple(area for area in report.areas if line in shown_lines(statement.draft, statement.key, area))
    records = [report.row(statement.key, unit.code, line.key) for unit in units]
    return all(record.get(key) is not None for record in records for key in inputs)


def register(statement: Statement) -> None:
    """Make the statement's cells, columns and sums known by their paths."""
    draft, layout, path = statement.draft, statement.layout, statement.path
    first, last = min(layout.table.values()), max(layout.table.values())

    def cell(rest: str) -> Place:
        line, _, column = rest.rpartition(".")
        if not line:
            place = LABEL if column == "label" else statement.places[column]
            area = Range(first, place, last, place)
            return Place(statement.sheet, area, on_sheet(statement.sheet.name, area_text(area)), True)
        if line.startswith("difference."):
            return cell_place(statement.sheet, layout.difference[line[11:]], statement.places[column])
        row = layout.notes[line] if column in statement.notes else layout.table[line]
        return cell_place(statement.sheet, row, statement.places[column])

    def leaves(rest: str) -> Sum:
        line, column = rest.split(".")
        return Sum(tuple(f"{path}.{leaf}.{column}" for leaf in statement.leaves(line)))

    draft.scope.resolvers[path] = cell
    draft.scope.resolvers[f"leaves:{path}"] = leaves
    draft.statements[path] = statement


def row_scope(statement: Statement, line: str, in_notes: bool = False) -> RowScope:
    """The names of a line's row in the table, or in the notes; what stands in its other row is found by its key."""
    layout, places = statement.layout, statement.places
    row, other = layout.table[line], layout.notes.get(line, 0)
    return RowScope(
        _Sheetwise(statement),
        statement.sheet,
        other if in_notes else row,
        places,
        statement.letters.__getitem__,
        (statement.path, in_notes),
        row if in_notes else other,
        statement.beside[in_notes],
    )


def _beside(statement: Statement, in_notes: bool) -> dict[str, Beside]:
    """The columns that stand in the other block."""
    rows = (statement.layout.table if in_notes else statement.layout.notes).values()
    return {
        key: Beside(place, statement.help_place, min(rows), max(rows), "" if in_notes else NOTES_KEY)
        for key, place in statement.places.items()
        if (key in statement.notes) != in_notes
    }


@dataclass(slots=True)
class _Sheetwise(Finder):
    """Names of other rows of the same sheet: `@line.column`, `given.line.column` of the own line, `assessment.text`."""

    statement: Statement
    key: Hashable = None

    def _cell(self, path: str) -> tuple[int, int] | None:
        layout, places = self.statement.layout, self.statement.places
        if path[0] == "@":
            line, column = path[1:].split(".")
            return layout.table[line], places[column]
        head, _, rest = path.partition(".")
        if head == "given":
            line, column = rest.split(".")
            return layout.given[line], places[column]
        if head == "assessment" and layout.explanations is not None:
            return layout.explanations + 1, 2 if rest == "text" else 5
        return None

    def find(self, path: str) -> Found:
        cell = self._cell(path)
        if cell is None:
            return self.statement.draft.scope.find(path)
        if path.startswith(GIVEN_KEY):
            rows = self.statement.layout.given.values()
            return Beside(cell[1], self.statement.help_place, min(rows), max(rows), GIVEN_KEY)
        return cell_place(self.statement.sheet, *cell, address(*cell, fixed=path[0] == "a"))

    def refer(self, path: str) -> str:
        found = self.find(path) if self._cell(path) else None
        return found.text if isinstance(found, Place | Beside) else self.statement.draft.scope.refer(path)

    def fetch(self, path: str) -> Value:
        cell = self._cell(path)
        return value_at(self.statement.sheet, *cell) if cell else self.statement.draft.scope.fetch(path)
