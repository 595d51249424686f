"""Reads the sheets of an OpenDocument spreadsheet (.ods) as those of an Excel workbook are, within the same limits.

LibreOffice keeps all that a workbook is read by: hidden sheets and columns, names, tables. It spells formulas otherwise
and writes ranges in the place of columns of tables, so that nobody can tell whether one is ours: they are told by
their values alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import product
from typing import IO

from taulukko.errors import Finding, WorkbookError
from taulukko.formula.references import Area, area_of
from taulukko.xlsx.cells import BLANK, LAST_COLUMN, LAST_ROW, Cell, Place, Room, number_of
from taulukko.xlsx.limits import LONGEST, NAMES, SHEETS
from taulukko.xlsx.markup import read_markup

_SPACE = "urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _OFFICE, _TEXT, _SCRIPT = (_SPACE % name for name in ("table", "office", "text", "script"))
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_HREF = "http://www.w3.org/1999/xlink}href"
_SHEET, _ROW, _CELL, _COVERED = (_TABLE + name for name in ("table", "table-row", "table-cell", "covered-table-cell"))
_ROWS, _COLUMNS = _TABLE + "number-rows-repeated", _TABLE + "number-columns-repeated"
_NAME, _FORMULA, _PROTECTED = (_TABLE + name for name in ("name", "formula", "protected"))
_NAMED, _RANGE = _TABLE + "named-range", _TABLE + "database-range"
_ADDRESS, _TARGET = _TABLE + "cell-range-address", _TABLE + "target-range-address"
_PARAGRAPH, _SPACES, _TAB, _BREAK, _LINK = (_TEXT + name for name in ("p", "s", "tab", "line-break", "a"))
_NOTE = _OFFICE + "annotation"
_KIND, _VALUE, _DATE, _BOOLEAN, _STRING = (
    f"{_OFFICE}{name}" for name in ("value-type", "value", "date-value", "boolean-value", "string-value")
)
_SOURCE = _TABLE + "table-source"
_LISTENER, _DDE = _SCRIPT + "event-listener", (_OFFICE + "dde-source", _TABLE + "dde-link")

CONTENT = "content.xml"
"""The part that has all sheets."""

_EPOCH = datetime(1899, 12, 30)
_TITLE = r"(?:\$?('(?:[^']|'')*'|[^'.$\[\]: ]+))?"
_POINT = rf"{_TITLE}\.(\$?[A-Z]{{1,3}}\$?[0-9]+)"
_REFERENCE = re.compile(rf"{_POINT}(?::{_POINT})?")
_SPELLED = re.compile(rf'"[^"]*"|\[((?:\'[^\']*\'#)?){_POINT}(?::{_POINT})?\]|;')


@dataclass(slots=True)
class Sheets:
    """What an .ods holds.

    Attributes:
        names: where each name of the whole workbook leads, spelled as in Excel, by the name in lower case.
        tables: sheet and area of each range with a name of a table, likewise.
        links: where it leads to out of the file.
    """

    cells: dict[str, dict[Place, Cell]] = field(default_factory=dict)
    comments: dict[str, dict[Place, str]] = field(default_factory=dict)
    protected: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    tables: dict[str, tuple[str, Area]] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)


def read_sheets(stream: IO[bytes], room: Room) -> Sheets:
    """The sheets of an .ods.

    Args:
        stream: the part `content.xml`.
        room: is taken up by the cells.

    Raises:
        WorkbookError: `too_large`, or `dangerous` for macros, and for what is asked of other programs.
        ValueError, LookupError, xml.parsers.expat.ExpatError: it is damaged.
    """
    reading = _Reading(room)
    read_markup(stream, reading.start, reading.end, reading.said)
    return reading.sheets


class _Reading:
    def __init__(self, room: Room):
        self.room, self.sheets = room, Sheets()
        self.title, self.nested, self.row, self.column = "", 0, 0, 0
        self.cell: Mapping[str, str] | None = None
        self.found: list[tuple[int, int, Cell]] = []
        self.rows = 1
        self.paragraphs: list[list[str]] = []
        self.note: list[list[str]] | None = None
        self.writing: list[str] | None = None
        self.length = self.count = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._look(name, attributes)
        if name == _SHEET:
            self._begin_sheet(attributes)
        elif name in (_NAMED, _RANGE):
            self._named(name, attributes)
        elif self.nested != 1:
            return
        elif name == _SOURCE:
            self.sheets.links.append(attributes.get(_HREF, ""))
            self.sheets.cells.pop(self.title, None)
            self.title = ""
        elif name == _ROW:
            self.rows, self.column, self.found = _times(attributes, _ROWS), 0, []
        elif name in (_CELL, _COVERED):
            self.cell, self.paragraphs, self.length = attributes, [], 0
        elif name == _NOTE:
            self.note = []
        elif name == _PARAGRAPH:
            self.writing = []
            (self.paragraphs if self.note is None else self.note).append(self.writing)
        elif name == _SPACES:
            count = _times(attributes, _TEXT + "c")
            self._write(" " * min(count, LONGEST.most + 1))
        elif name in (_TAB, _BREAK):
            self._write("\t" if name == _TAB else "\n")

    def end(self, name: str, _text: str) -> None:
        if name == _SHEET:
            self.nested -= 1
        elif self.nested != 1:
            return
        elif name == _PARAGRAPH:
            self.writing = None
        elif name == _NOTE and self.note is not None:
            text = _joined(self.note)
            self.room.take(0, len(text))
            if self.title:
                self.sheets.comments[self.title][self.row, self.column] = text
            self.note = None
        elif name in (_CELL, _COVERED) and self.cell is not None:
            self._end_cell(self.cell)
            self.cell = None
        elif name == _ROW:
            self._end_row()

    def said(self, text: str) -> None:
        """Spaces stand for one another, as in every text of an XML that people write."""
        if self.writing is not None:
            self._write(re.sub(r"[ \t\r\n]+", " ", text))

    def _write(self, text: str) -> None:
        if self.writing is not None:
            self.length += len(text)
            if self.length > LONGEST.most:
                LONGEST.check(self.length)
            self.writing.append(text)

    def _look(self, name: str, attributes: Mapping[str, str]) -> None:
        """Refuse what starts something, and what is kept elsewhere and is no link that somebody has to click."""
        href = attributes.get(_HREF, "")
        outside = ":" in href and name not in (_LINK, _SOURCE)
        if name == _LISTENER or name in _DDE or outside:
            raise WorkbookError(Finding("dangerous", found="macro" if name == _LISTENER else "link"))

    def _begin_sheet(self, attributes: Mapping[str, str]) -> None:
        self.nested += 1
        if self.nested != 1:
            return
        self.count += 1
        SHEETS.check(self.count)
        self.title, self.row = attributes[_NAME], 0
        if self.title in self.sheets.cells:
            raise ValueError(self.title)
        if attributes.get(_PROTECTED) == "true":
            self.sheets.protected.add(self.title)
        self.sheets.cells[self.title], self.sheets.comments[self.title] = {}, {}

    def _named(self, kind: str, attributes: Mapping[str, str]) -> None:
        target = _target(attributes.get(_ADDRESS if kind == _NAMED else _TARGET, ""))
        name = attributes.get(_NAME, "").lower()
        if kind == _NAMED and not self.nested:
            self.sheets.names[name] = target
        elif kind == _RANGE and (area := area_of(target)):
            self.sheets.tables[name] = area
        NAMES.check(len(self.sheets.names) + len(self.sheets.tables))

    def _end_cell(self, attributes: Mapping[str, str]) -> None:
        times = _times(attributes, _COLUMNS)
        cell = _cell(attributes, _joined(self.paragraphs))
        if cell != BLANK:
            self.room.take(times * self.rows, len(str(cell.value)) + len(cell.formula or ""))
            self.found.append((self.column, times, cell))
        self.column += times

    def _end_row(self) -> None:
        """Put as many cells as there are said to be; they have been counted before there are any."""
        if self.found:
            last, (column, times, _) = self.row + self.rows - 1, self.found[-1]
            if last > LAST_ROW or column + times - 1 > LAST_COLUMN:
                raise ValueError(f"no such cell: {last} {column}")
        if self.title:
            cells = self.sheets.cells[self.title]
            for column, times, cell in self.found:
                places = product(range(self.row, self.row + self.rows), range(column, column + times))
                cells.update(dict.fromkeys(places, cell))
        self.row += self.rows


def _times(attributes: Mapping[str, str], name: str) -> int:
    times = int(attributes.get(name, "1"))
    if times < 1:
        raise ValueError(name)
    return times


def _joined(paragraphs: list[list[str]]) -> str:
    return "\n".join("".join(pieces) for pieces in paragraphs)


def _cell(attributes: Mapping[str, str], text: str) -> Cell:
    formula = _formula(attributes[_FORMULA]) if _FORMULA in attributes else None
    kind = attributes.get(_KIND, "")
    if attributes.get(_CALC + "value-type") == "error":
        return Cell(None, formula, text)
    if kind in ("float", "percentage", "currency"):
        return Cell(number_of(attributes[_VALUE]), formula)
    if kind == "date":
        return Cell(_serial(attributes[_DATE]), formula)
    if kind == "boolean":
        return Cell(attributes[_BOOLEAN] == "true", formula)
    return Cell(attributes.get(_STRING, text) or None, formula)


def _serial(day: str) -> float | str:
    """The number of a day as Excel counts it.

    Example:
        >>> _serial("2024-10-15"), _serial("2024-10-15T12:00:00"), _serial("soon")
        (45580.0, 45580.5, 'soon')
    """
    try:
        return (datetime.fromisoformat(day).replace(tzinfo=None) - _EPOCH) / timedelta(days=1)
    except ValueError:
        return day


def _target(text: str) -> str:
    """Where a name leads, as Excel spells it; an empty text where it leads to no cells.

    Example:
        >>> _target("$'Tulot ja menot'.$B$6:.$C$9"), _target("Riskit.B5:Riskit.N14"), _target("$A.$5:.$5")
        ("'Tulot ja menot'!$B$6:$C$9", 'Riskit!$B$5:$N$14', '')
    """
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return ""
    title, first, _, last = match.groups()
    return f"{title}!{_fixed(first)}:{_fixed(last)}" if last else f"{title}!{_fixed(first)}"


def _fixed(cell: str) -> str:
    return re.sub(r"\$?([A-Z]+)\$?([0-9]+)", r"$\1$\2", cell)


def _formula(text: str) -> str:
    """A formula as Excel spells it; one of a program that spells them its own way stays as it is.

    Example:
        >>> _formula("of:=IF([.A1]=0;\\"a;b\\";SUM([$'Tulot ja menot'.B1:.B9]))")
        'IF(A1=0,"a;b",SUM(\\'Tulot ja menot\\'!B1:B9))'
    """
    return _SPELLED.sub(_respelled, re.sub("^(?:[a-z]+:)?=", "", text))


def _respelled(match: re.Match[str]) -> str:
    file, title, first, _, last = match.groups()
    if first is None:
        return "," if match[0] == ";" else match[0]
    elsewhere = f"[{file[1:-2]}]" if file else ""
    return f"{elsewhere}{f'{title}!' if title else ''}{first}{f':{last}' if last else ''}"


__all__ = ["CONTENT", "Sheets", "read_sheets"]
