"""What the planners share: the report, the template, the workbook so far and the common parts of a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from taulukko.formula.days import as_serial
from taulukko.formula.nodes import Constant, Field, Node
from taulukko.formula.parse import call
from taulukko.formula.values import Scalar
from taulukko.plan.book import Finder, Range, Sheet, Sparkline, Spot, Target, Workbook, address, on_sheet
from taulukko.plan.scope import Alias, LinkScope, RowScope, Scope
from taulukko.report.inputs import Key
from taulukko.report.model import Input, Report, Unit
from taulukko.template.names import Names
from taulukko.template.schema import Column, Member, Template

TITLE, SUBTITLE, SENTENCE, HEADER = 0, 1, 2, 4
"""Rows of every sheet but cover and summary."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Cells that somebody fills in, with what may be proposed instead.

    Attributes:
        node: for the first of the cells, in its scope.
    """

    name: str
    area: Range
    node: Node
    scope: RowScope


@dataclass(slots=True)
class Draft:
    report: Report
    template: Template
    names: Names
    book: Workbook
    scope: Scope
    sheet_names: dict[str, str]
    """Name of each sheet by its key; a statement's key is `income_statement.VAKA`."""
    sheets: dict[str, Sheet] = field(default_factory=dict)
    statements: dict[str, object] = field(default_factory=dict)
    """Known in `statement.statements_of`, as statements are built on a draft."""
    room_beside: dict[str, int] = field(default_factory=dict)
    """For a sheet: the row at which there is room for a chart beside the wide first column."""
    required: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)
    """For each sheet: Excel-ready paths that count the filled and the required fields."""
    proposals: list[Proposal] = field(default_factory=list)
    silent: dict[str, tuple[Unit, ...]] = field(default_factory=dict)
    """For each statement: the service areas of which the data gives no figure."""
    told: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    """For each statement: the lines of which the data gives figures, by unit."""

    def label(self, key: str) -> str:
        return self.template.labels[key]

    def sheet(self, key: str, title: str, protected: bool, landscape: bool = True, one_page: bool = False) -> Sheet:
        """A new sheet, in the order of the workbook."""
        sheet = Sheet(
            key,
            self.sheet_names[key],
            title,
            footer=title,
            landscape=landscape,
            protected=protected,
            one_page=one_page,
        )
        self.book.sheets.append(sheet)
        self.sheets[key] = sheet
        return sheet

    def put_input(self, sheet: Sheet, row: int, column: int, key: Key, value: Scalar, style: str) -> None:
        """A cell that somebody fills in, remembered by what it holds."""
        sheet.put(row, column, value, style)
        self.book.inputs[key] = Spot(sheet.key, row, column)

    def put_unit_input(
        self, sheet: Sheet, row: int, column: int, key: Key, value: float | str | bool | None, style: str
    ) -> None:
        """A cell that says something of a unit, found again by a name of its own."""
        section, unit, field_ = key
        number = next(number for number, one in enumerate(self.report.units, 1) if one.code == unit)
        self.put_input(sheet, row, column, key, value, style)
        self.book.names[f"{section}.unit{number}.{field_}"] = on_sheet(sheet.name, address(row, column, fixed=True))

    def name_cell(self, path: str, sheet: Sheet, row: int, column: int) -> None:
        """Give a cell a defined name, by which expressions know it, too."""
        self.book.names[path] = on_sheet(sheet.name, address(row, column, fixed=True))
        self.scope.add_cell(path, sheet, row, column, path)

    def compute_result(
        self, sheet: Sheet, row: int, column: int, key: Key, node: Node, scope: Finder, style: str = ""
    ) -> None:
        """A formula that says something of a record or a line, remembered by what it says."""
        sheet.compute(row, column, node, scope, style)
        self.book.results[key] = Spot(sheet.key, row, column)

    def link(
        self,
        sheet: Sheet,
        row: int,
        column: int,
        key: str,
        text: str | Node,
        style: str = "link",
        to: tuple[int, int] = (0, 0),
    ) -> None:
        """A link to a cell of a sheet, known by the sheet's key."""
        shown = Constant(text) if isinstance(text, str) else text
        scope = LinkScope(self.scope, Target(key, self.sheet_names[key], *to))
        sheet.compute(row, column, call("link", Field("target", "text"), shown), scope, style)

    def head(self, sheet: Sheet, subtitle: str, last_column: int, section: str, replaced: dict[str, str]) -> None:
        """Title, subtitle, the sheet's key sentence and the way back to the contents."""
        sheet.heights[TITLE] = 30
        sheet.put(TITLE, 1, sheet.title, "title")
        sheet.put(SUBTITLE, 1, subtitle, "mute")
        self.link(sheet, TITLE, last_column, "cover", self.label("words.to_contents"), "link right note_size")
        values = self.template.sections[section].key_sentence
        if values:
            sentence = self.names.sentence(f"sections.{section}.sentence", values, section)
            node = either(sentence, Constant(self.label(f"sections.{section}.no_sentence")))
            sheet.compute(SENTENCE, 1, node, Alias(self.scope, replaced), "sentence")

    def subtitle(self, section: str, name: str | None = None) -> str:
        parts = [name or self.report.division, self.report.period, self.label(f"sections.{section}.subtitle")]
        return " · ".join(part for part in parts if part)

    def members(self, scale: str) -> tuple[Member, ...]:
        return self.template.head.scales[scale].members

    def member(self, scale: str, key: str) -> str:
        return self.label(f"scales.{scale}.{key}")

    def shown(self, column: Column, value: Input) -> Scalar:
        """An input as it stands in a cell: labels for keys, serials for dates, floats for amounts."""
        if value is None:
            return None
        if column.scale == "strategic_goals":
            return next(goal.name for goal in self.report.strategic_goals if goal.key == value)
        if column.scale and column.scale != "units" and column.is_text:
            return self.member(column.scale, str(value))
        if isinstance(value, Decimal | int):
            return float(value)
        return as_serial(value) if isinstance(value, date) else value


def put_sparkline(sheet: Sheet, row: int, column: Column, places: Mapping[str, int]) -> None:
    """The small line of a column that shows others of its row."""
    if column.sparkline:
        left, right = places[column.sparkline[0]], places[column.sparkline[-1]]
        sheet.sparklines.append(Sparkline(row, places[column.key], left, right))


def either(one: Node, other: Node) -> Node:
    return call("either", one, other)


def base_style(column: Column) -> str:
    """Format and alignment of a column."""
    if column.type == "prose":
        return "prose"
    align: str = header_align(column)
    if column.type == "choice" and not column.align and column.role == "computed":
        align = "center"
    if column.type == "choice" and column.role == "input":
        align += " wrap"
    kind = column.type if column.decimals is None else f"decimals{column.decimals}"
    words: list[str] = [] if column.is_text else [kind]
    if column.quiet:
        words.append("mute")
    return " ".join([*words, align])


def header_align(column: Column) -> str:
    """Figures and days on the right, texts on the left, unless the column says otherwise."""
    return column.align or ("left" if column.is_text else "right")


__all__ = ["HEADER", "SENTENCE", "Draft", "Range", "base_style", "either", "header_align"]
