"""A workbook as a host shows it: titles, defined names, and the values of our own sheets, each read at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from taulukko.errors import Finding, TaulukkoError
from taulukko.formula.addresses import column_of
from taulukko.formula.days import as_serial
from taulukko.formula.values import Scalar as Value
from taulukko.program.program import OWN, SHEET

Target = tuple[str, int, int, int, int]
"""Title of a sheet; top, left, bottom and right, from 0."""
Rows = Sequence[Sequence[object]]
"""What stands in the rows of a sheet, from A1 on."""

ERRORS = frozenset(["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!"])
_CELL = r"\$?([A-Za-z]{1,3})\$?([0-9]+)"
_TARGET = re.compile(rf"=?(?:'((?:[^']|'')+)'|([^'!]+))!{_CELL}(?::{_CELL})?")


class RefusedError(TaulukkoError):
    """Nothing is done, and the workbook is left as it is; its one finding says why."""

    @property
    def finding(self) -> Finding:
        return self.args[0]


class Block(NamedTuple):
    """Cells to write at once.

    Attributes:
        row: of its first cell, from 0, as `column`.
        rows: formulas with their equals sign, numbers, truth values, texts with an apostrophe before them, and None or
            an empty text for a blank.
    """

    sheet: str
    row: int
    column: int
    rows: Rows


UNTOLD = object()
"""In the place of a formula that is spelled so that nobody can tell whether it is ours."""


class Host(Protocol):
    """What shows the workbook: Excel, an add-in, a server, or a file.

    `values` gives the whole used part of a sheet at once, blank cells as None or as an empty text. `formulas` gives
    their formulas likewise, values where there is no formula, or None where the host cannot see formulas.
    """

    def sheets(self) -> Sequence[str]: ...

    def names(self) -> Mapping[str, str]:
        """Where each defined name leads, such as `=Riskit!$A$6:$A$12`."""

    def tables(self) -> Iterable[str]:
        """The names of its tables; one that was turned into a range is none."""

    def values(self, sheet: str) -> Rows: ...

    def formulas(self, sheet: str) -> Rows | None: ...


@dataclass(frozen=True, slots=True, repr=False)
class Book:
    """A workbook as it stands.

    Attributes:
        titles: of all its sheets.
        names: where each defined name leads, by its name in lower case.
        tables: their names in lower case.
        values: the rows of each sheet of ours by its title.
        formulas: likewise, of the sheets whose formulas the host can see.
    """

    titles: Sequence[str]
    names: Mapping[str, str]
    tables: frozenset[str]
    values: Mapping[str, Rows]
    formulas: Mapping[str, Rows]

    def raw(self, title: str, row: int, column: int) -> object:
        """What the host shows in a cell."""
        return _at(self.values[title], row, column)

    def value(self, title: str, row: int, column: int) -> Value:
        return clean(self.raw(title, row, column))

    def formula(self, title: str, row: int, column: int) -> str | None:
        """The formula of a cell without its equals sign, empty if it holds none; None where it cannot be told.

        What shows itself, equals sign and all, is a text.
        """
        if title not in self.formulas:
            return None
        found = _at(self.formulas[title], row, column)
        if found is UNTOLD:
            return None
        if not isinstance(found, str) or not found.startswith("=") or found == self.raw(title, row, column):
            return ""
        return found[1:]


def read_book(host: Host) -> Book:
    """Read our sheets of a workbook, one at a time; what others have added is of any size and not looked at."""
    titles, names = host.sheets(), {name.lower(): target for name, target in host.names().items()}
    some = ours(names)
    values = {title: host.values(title) for title in titles if title in some}
    formulas = {title: host.formulas(title) for title in values}
    tables = frozenset(name.lower() for name in host.tables())
    return Book(titles, names, tables, values, {title: rows for title, rows in formulas.items() if rows is not None})


def ours(names: Mapping[str, str]) -> set[str]:
    """The titles of our sheets: the hidden one, and those to which names of ours lead.

    Example:
        >>> sorted(ours({"taulukko.sheet1": "=Riskit!$A$1", "own": "=Oma!$A$1"}))
        ['Riskit', '_taulukko']
    """
    places = (target_of(target) for name, target in names.items() if name.lower().startswith(OWN))
    return {SHEET, *(place[0] for place in places if place)}


def typed(value: object) -> object:
    """A value as it is written so that it stays what it is: a text does not become a number, a day or a formula.

    Example:
        >>> typed("1.2"), typed("#N/A"), typed(3.0), typed(None)
        ("'1.2", '#N/A', 3.0, None)
    """
    return f"'{value}" if isinstance(value, str) and value and value not in ERRORS else value


def clean(value: object) -> Value:
    """A cell's value as formulas see it: days as their numbers, errors and empty texts as nothing.

    Example:
        >>> clean(3), clean(datetime(2024, 9, 30)), clean("#N/A"), clean("")
        (3.0, 45565.0, None, None)
    """
    if value is None or isinstance(value, bool | float):
        return None if value != value else value  # NaN is what data frames make of a blank
    if isinstance(value, datetime):
        return as_serial(value.date()) + (value.hour * 3600 + value.minute * 60 + value.second) / 86400
    if isinstance(value, date):
        return as_serial(value)
    if isinstance(value, str):
        return None if not value or value in ERRORS else value
    return float(value)  # type: ignore[arg-type]


def target_of(text: str) -> Target | None:
    """Title, top, left, bottom and right of where a name leads; None when it leads to no cells.

    Example:
        >>> target_of("='Tulot ja menot'!$B$6:$C$9"), target_of("=#REF!$A$1")
        (('Tulot ja menot', 5, 1, 8, 2), None)
    """
    match = _TARGET.fullmatch(text.strip())
    if match is None or "#REF" in text:
        return None
    quoted, plain, left, top, right, bottom = match.groups()
    title = quoted.replace("''", "'") if quoted else plain
    return title, int(top) - 1, column_of(left), int(bottom or top) - 1, column_of(right or left)


def _at(rows: Rows, row: int, column: int) -> object:
    """What stands in a cell; rows that know their cells one by one need not make a whole row."""
    if at := getattr(rows, "at", None):
        return at(row, column)
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else None


__all__ = [
    "ERRORS",
    "Block",
    "Book",
    "Host",
    "UNTOLD",
    "RefusedError",
    "Rows",
    "Target",
    "Value",
    "clean",
    "ours",
    "read_book",
    "target_of",
    "typed",
]
