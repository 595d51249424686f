"""A program: what a workbook computes, as plain JSON that travels in the workbook itself.

It needs no template, no file library and nothing but the standard library to be read. Rows, columns and sheets are
numbered from 0 as the workbook was built; `layout` tells where they stand now.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from taulukko.formula.nodes import Node

SHEET = "_taulukko"
"""Title of the very hidden sheet that carries the program."""
OWN = "taulukko."
"""What the names begin with that lead to nothing but a place."""
KIND = "program"
"""What the rows of a program begin with on that sheet."""

Reference = tuple[Any, ...]
"""What a name in a formula stands for; its first item says how a formula writes it:

- `("=", value)` a constant
- `("node", formula)` another expression, by its number
- `("name", name)` the cell of a defined name, `("names", name)` its cells
- `("link", sheet, row, column)` where a link leads, as a text
- `("column", table, place)` a column of a table, `("this", table, place)` its cell in the formula's own row
- `("row", fixed, column)` a cell of the formula's own row, `E12`
- `("beside", column, keys, top, bottom, into)` the cell of a column in one of some rows, of the line whose key
  stands in the formula's own row
- `("own", fixed, row, column)` a cell of the formula's own sheet; with `bottom, right` after it, cells
- `("far", sheet, row, column)` a cell of another sheet; with `bottom, right` after it, cells

`fixed` is how many of column and row a dollar sign fixes: 0, 1 or 2.
"""


class Area(NamedTuple):
    """Cells of a sheet, from 0, both ends included."""

    sheet: int
    top: int
    left: int
    bottom: int
    right: int


class Formula(NamedTuple):
    """An expression whose names are the numbers of its references."""

    node: Node
    references: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a row for each record.

    Attributes:
        area: with the header.
        keys: of the rows, as the table was built.
        key: the column of the keys.
        computed: the formula of each computed column.
        columns: the column of each computed figure, by its key; none in workbooks of version 0.1.
    """

    name: str
    area: Area
    keys: tuple[str, ...]
    key: int
    computed: dict[int, int]
    columns: dict[str, int] = field(default_factory=dict)


class Mark(NamedTuple):
    """The mark of the words that stand in some columns of a row."""

    row: int
    mark: int
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet.

    Attributes:
        cells: the formula of each computed cell outside the tables, by row and column.
        marks: of the words by which rows are found again, in the order of the rows.
    """

    key: str
    title: str
    cells: dict[tuple[int, int], int]
    marks: tuple[Mark, ...]


class Rule(NamedTuple):
    """What may be typed into a cell.

    Attributes:
        kind: list, decimal, whole, date or length.
        words: name of the list.
        warn: whether it is a question and no fault.
    """

    kind: str
    words: str
    minimum: float | None
    maximum: float | None
    warn: bool


class Input(NamedTuple):
    """Cells that somebody fills in.

    Attributes:
        name: what they are called.
    """

    rule: Rule
    name: str
    required: bool
    area: Area


class Status(NamedTuple):
    """Cells that say a word of a scale by formula."""

    name: str
    area: Area


class Proposal(NamedTuple):
    """Cells that somebody fills in, with the formula of what may be proposed instead."""

    name: str
    formula: int
    area: Area


class Line(NamedTuple):
    """A line of a statement: its row, and that of its notes."""

    key: str
    row: int
    notes: int


class Statement(NamedTuple):
    """One unit's statement, with the place of each column; those of notes stand in the lines' rows of notes."""

    section: str
    unit: str
    sheet: int
    columns: dict[str, int]
    lines: tuple[Line, ...]


class Guard(NamedTuple):
    """What a sheet had when it was sent out: whether it was hidden, protected, and had validations and rules."""

    hidden: bool
    protected: bool
    validations: bool
    rules: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """What a workbook was sent out as besides its formulas; nothing in workbooks of version 0.1.

    Attributes:
        fixed: of each sheet row, column and mark of each word that nobody fills in.
        thresholds: sheet, row, column and value of each figure that may be changed but is no input of the report.
        guards: of each sheet.
        charts: the areas that charts show.
        formats: its own number formats that show other figures than cells hold.
    """

    fixed: tuple[tuple[tuple[int, int, int], ...], ...] = ()
    thresholds: tuple[tuple[int, int, int, float], ...] = ()
    guards: tuple[Guard, ...] = ()
    charts: tuple[Area, ...] = ()
    formats: tuple[str, ...] = ()


@dataclass(slots=True)
class Content:
    """What of a program stands on one sheet: names, tables by their number, and inputs."""

    names: dict[str, Area] = field(default_factory=dict)
    tables: dict[int, Table] = field(default_factory=dict)
    inputs: list[Input] = field(default_factory=list)


@dataclass(frozen=True, repr=False)
class Program:
    """What a workbook computes.

    Attributes:
        names: the cells of each defined name.
        references: what formulas refer to.
        checks: the section of the checks.
        words: what buttons say.
    """

    language: str
    sheets: tuple[Sheet, ...]
    names: dict[str, Area]
    tables: tuple[Table, ...]
    formulas: tuple[Formula, ...]
    references: tuple[Reference, ...]
    inputs: tuple[Input, ...]
    statuses: tuple[Status, ...]
    proposals: tuple[Proposal, ...]
    statements: tuple[Statement, ...]
    checks: str
    words: dict[str, str]
    sent: Sent

    @cached_property
    def content(self) -> list[Content]:
        """What stands on each sheet."""
        found = [Content() for _ in self.sheets]
        for name, area in self.names.items():
            found[area.sheet].names[name] = area
        for number, table in enumerate(self.tables):
            found[table.area.sheet].tables[number] = table
        for one in self.inputs:
            found[one.area.sheet].inputs.append(one)
        return found

    def area_of(self, reference: Reference, on: int) -> Area:
        """The cells of a reference on a sheet, as they stood.

        Raises:
            LookupError: it is to no such cells.
        """
        kind, *parts = reference
        match kind:
            case "name" | "names":
                return self.names[parts[0]]
            case "column":
                area = self.tables[parts[0]].area
                return Area(area.sheet, area.top + 1, parts[1], area.bottom, parts[1])
            case "own":
                return Area(on, *_corners(parts[1:]))
            case "far":
                return Area(parts[0], *_corners(parts[1:]))
        raise LookupError(kind)

    def table_of(self, area: Area) -> int | None:
        """The number of the table in whose rows an area is."""
        tables = self.content[area.sheet].tables.items()
        return next((n for n, one in tables if one.area.top < area.top <= one.area.bottom), None)


def _corners(parts: list[int]) -> tuple[int, int, int, int]:
    return (parts[0], parts[1], parts[0], parts[1]) if len(parts) == 2 else (parts[0], parts[1], parts[2], parts[3])


def mark_of(words: Iterable[str]) -> int:
    """The mark of some words, by which they are known again.

    Example:
        >>> mark_of(["Riskit"]) == mark_of([" Riskit "])
        True
    """
    text = "\0".join(word.strip() for word in words)
    return zlib.crc32(text.encode("utf-8", "surrogatepass")) & 0xFFFF


__all__ = [
    "KIND",
    "OWN",
    "SHEET",
    "Area",
    "Content",
    "Formula",
    "Guard",
    "Input",
    "Line",
    "Mark",
    "Program",
    "Proposal",
    "Reference",
    "Rule",
    "Sent",
    "Sheet",
    "Statement",
    "Status",
    "Table",
    "mark_of",
]
