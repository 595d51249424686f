"""Reads the cells of a filled workbook column by column: spelled as in a data folder, by the rules of a data folder."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from taulukko.folder.facts import text_fault
from taulukko.folder.field_text import SHARES, Reader, field_reader
from taulukko.formula.addresses import letters
from taulukko.formula.days import as_date, is_day
from taulukko.formula.references import Area
from taulukko.numbers import NumberError, canonical, parse_amount, parse_integer, parse_share
from taulukko.report.inputs import written
from taulukko.report.model import Input, Report
from taulukko.template import Template
from taulukko.template.schema import Column
from taulukko.xlsx.cells import BLANK, Cell, Cells, is_filled, is_unknown
from taulukko.xlsx.package import Package

_DAY = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4}|[0-9]{2})")
"""As Finns write it; a year of two digits is of this century."""


CENTURY = 2000


class Entry(NamedTuple):
    """What stands in a cell, and what is read from it: a value, or the code of a fault and what would be allowed."""

    cell: Cell
    value: Input
    code: str | None = None
    allowed: tuple[str, ...] = ()


NOTHING = Entry(BLANK, None)
FORMULAS = frozenset({"formula_outside", "formula_unknown"})
"""The faults of cells of which nothing but the formula is known."""
CellReader = Callable[[Cell], Entry]


class Words(NamedTuple):
    """The words of a list as they stand on the lists sheet, and the key of each by the word in lower case."""

    shown: tuple[str, ...]
    keys: dict[str, str]


@dataclass(slots=True)
class Entries:
    """What stands in a column of a workbook; rows are counted from 0."""

    column: Column
    sheet: str
    area: Area
    cells: Cells
    read: CellReader
    _beginning: str = field(init=False)

    def __post_init__(self) -> None:
        self._beginning = f"{self.sheet}!{letters(self.area.left)}"

    def cell(self, row: int) -> Cell:
        return self.cells.get((row, self.area.left), BLANK)

    def entry(self, row: int) -> Entry:
        cell = self.cell(row)
        return self.read(cell) if cell is not BLANK and is_filled(cell) else NOTHING

    def place(self, row: int) -> str:
        return f"{self._beginning}{row + 1}"


@dataclass(slots=True)
class EntryReader:
    """Knows how the cells of a workbook are read that was laid out from a report."""

    package: Package
    report: Report
    template: Template
    _words: dict[str, Words] = field(default_factory=dict)

    def entries(self, column: Column, place: tuple[str, Area]) -> Entries:
        """Those of a column that stands in a place."""
        sheet, area = place
        rule = field_reader(column, self.report, self.template)
        read = self._text_reader(column, rule) if column.is_text else _number_reader(column, rule)
        return Entries(column, sheet, area, self.package.cells(sheet), self._known(read))

    def _known(self, read: CellReader) -> CellReader:
        """Reads what a formula gives only where the file says what that is, and it comes from the workbook."""

        def known(cell: Cell) -> Entry:
            if cell.formula is None:
                return read(cell)
            if self.package.asks_outside(cell.formula):
                return Entry(cell, None, "formula_outside")
            return Entry(cell, None, "formula_unknown") if is_unknown(cell) else read(cell)

        return known

    def _text_reader(self, column: Column, rule: Reader) -> CellReader:
        words = self._words_of(column.scale) if column.scale else None

        def read(cell: Cell) -> Entry:
            if cell.error:
                return Entry(cell, None, "cell_error")
            text = spelled(cell.value)
            if words and words.keys:
                said = self._without_symbol(text)
                if said not in words.keys:
                    return Entry(cell, None, "value_outside", words.shown)
                text = words.keys[said]
            value, code, allowed = rule(text)
            code = code or (text_fault(value) if isinstance(value, str) else None)
            return Entry(cell, value, code and ("value_outside" if column.scale else code), allowed)

        return read

    def _without_symbol(self, text: str) -> str:
        """A word as it may be typed by somebody who copies what the cell shows: ✓ Toteutuu."""
        symbols = "".join(tone.symbol for tone in self.template.theme.tones.values())
        return text.strip().lstrip(symbols).strip().lower()

    def _words_of(self, scale: str) -> Words:
        if scale not in self._words:
            words = self._listed(scale)
            keys = {word.strip().lower(): key for word, key in reversed(words)}
            self._words[scale] = Words(tuple(word for word, _ in words), keys)
        return self._words[scale]

    def _listed(self, scale: str) -> list[tuple[str, str]]:
        if scale == "units":
            return [(unit.code, unit.code) for unit in self.report.owners]
        if scale == "strategic_goals":
            return [(goal.name, goal.key) for goal in self.report.strategic_goals]
        return [(self._word(scale, member.key), member.key) for member in self.template.head.scales[scale].members]

    def _word(self, scale: str, key: str) -> str:
        found = self.package.at(f"{scale}.{key}").value
        return found if isinstance(found, str) else self.template.label(f"scales.{scale}.{key}")


def _number_reader(column: Column, rule: Reader) -> CellReader:
    def read(cell: Cell) -> Entry:
        value = cell.value
        if cell.error:
            return Entry(cell, None, "cell_error")
        if not isinstance(value, float):
            try:
                text = _number_said(str(value), column)
            except NumberError as error:
                return Entry(cell, None, error.code)
        elif column.type == "date":
            if not is_day(value):
                return Entry(cell, None, "date_outside", ("1900 – 9999",))
            text = as_date(value).isoformat()
        else:
            text = spelled(value)
        found, code, allowed = rule(text)
        if code and "%" not in str(value) and (share := _as_percent(text, column)):
            found, code, allowed = rule(share)
        return Entry(
            cell, found, code and (code if isinstance(value, str) or not column.scale else "value_outside"), allowed
        )

    return read


def _number_said(text: str, column: Column) -> str:
    """A number or day that stands in a cell as a text, spelled as in a data folder.

    Raises:
        NumberError: it is none, or could be more than one.
    """
    if column.type == "date":
        day = _DAY.fullmatch(text.strip())
        return f"{int(day[3]) + CENTURY * (len(day[3]) == 2)}-{day[2]:0>2}-{day[1]:0>2}" if day else text
    if column.type in ("integer", "year"):
        return written(parse_integer(text))
    return written(parse_share(text) if column.type in SHARES else parse_amount(text))


def _as_percent(text: str, column: Column) -> str:
    """A number that is no share of the column's range and is one as percent; else empty."""
    if column.type not in SHARES or column.maximum is None:
        return ""
    number = Decimal(text) / 100
    return canonical(number) if 0 <= number <= column.maximum else ""


def read_as(column: Column, cell: Cell, value: Input) -> str:
    """The code of the note on a cell that was read as something else than it holds; empty when it was not."""
    if value is None:
        return ""
    if column.type in SHARES and "%" not in str(cell.value) and _said(cell) == value * 100 and value:  # type: ignore[operator]
        return "percent_read"
    if column.is_text is isinstance(cell.value, str):
        return ""
    return "number_in_text" if column.is_text else "number_as_text"


def _said(cell: Cell) -> Decimal | None:
    """The number that stands in a cell that was read as one."""
    return parse_share(str(cell.value)) if isinstance(cell.value, str) else Decimal(repr(cell.value))


def spelled(value: float | str | bool | None) -> str:
    if isinstance(value, float):
        return canonical(Decimal(repr(value)))
    return str(value).upper() if isinstance(value, bool) else value or ""


def shown(cell: Cell) -> str:
    """What a cell holds, for a message; its formula where the file does not say what that gives."""
    return f"={cell.formula}" if is_unknown(cell) else cell.error or spelled(cell.value)


__all__ = ["FORMULAS", "Entries", "Entry", "EntryReader", "read_as", "shown"]
