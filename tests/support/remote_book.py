"""A workbook that only xlwings' client has open: what it sends, and strictly what its answers may do to it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from support.hosts import FileHost
from support.spoilt import Case
from taulukko.builder import save_all
from taulukko.plan.book import Workbook, address
from taulukko.program.host import Block, target_of
from taulukko.program.program import SHEET
from taulukko.program.repair import is_same

LOOKS = {"setColumnWidth", "setNumberFormat", "setFontProperty"}
"""What changes no cell."""
GUESSED = re.compile(r"[-+=@.,]|\d")
"""What a text begins with that Excel may take for something else."""


Grids = dict[str, list[list[Any]]]


class RemoteBook(FileHost):
    """A workbook with what answers have done to it.

    Attributes:
        shown: title of the sheet that is active.
        looks: each change of a look: what, title, row and column.
    """

    shown: str
    looks: list[tuple[str, str, int, int]]

    def sent(self) -> dict[str, Any]:
        """The values of all sheets from A1 on, and the names."""
        titles = self.sheets()
        return {
            "client": "Office.js",
            "version": "0.37.8",
            "book": {"name": "report.xlsx", "active_sheet_index": 0, "selection": "A1", "calculation": "Automatic"},
            "sheets": [_sheet(title, self.cells[title], self._tables_on(title)) for title in titles],
            "names": [_name(name, target, titles) for name, target in self.targets.items()],
        }

    def _tables_on(self, title: str) -> list[dict[str, Any]]:
        return [{"name": name} for name, (sheet, _) in self.areas.items() if sheet == title]

    def answered(self, answer: dict[str, Any]) -> None:
        """Do what an answer asks for, in its order; what is not known here fails."""
        self.looks = []
        for action in answer["actions"]:
            title = self.sheets()[position] if (position := action.get("sheet_position")) is not None else ""
            row, column = action.get("start_row"), action.get("start_column")
            match action["func"]:
                case "addSheet":
                    position, name = action["args"]
                    assert position == len(self.cells) and name not in self.cells
                    self.cells[name], self.texts[name] = [[None]], [[None]]
                case "setValues":
                    self._set(title, row, column, action["values"])
                case "namesAdd":
                    name, target = action["args"]
                    assert name not in self.targets and target_of(target)[0] in self.cells
                    self.targets[name] = target
                case "setNameRefersTo":
                    name, is_of_book, _, target = action["args"]
                    assert name in self.targets and is_of_book
                    self.targets[name] = target
                case "activateSheet":
                    self.shown = title
                case look if look in LOOKS:
                    self.looks.append((look, title, row, column))
                case other:
                    raise AssertionError(f"{other} is not known")

    def _set(self, title: str, row: int, column: int, rows: list[list[Any]]) -> None:
        assert rows and {len(line) for line in rows} == {len(rows[0])}, "a matrix"
        self.written.append(Block(title, row, column, rows))
        for down, line in enumerate(rows):
            for right, value in enumerate(line):
                assert value is not None, "the client would leave the cell as it is"
                is_text = isinstance(value, str) and value[:1] not in ("=", "'", "#")
                assert not (is_text and GUESSED.match(value)), f"Excel may take {value} for something else"
                self.put(title, row + down, column + right, value)


def built(truth: Workbook, case: Case, path: Path) -> FileHost:
    """The file that a plan makes, but for the sheet that carries the program."""
    save_all({path: lambda: truth}, case.template)
    host = FileHost(path)
    for sheets in (host.cells, host.texts):
        del sheets[SHEET]
    return host


def different(found: Grids, expected: Grids) -> list[tuple[str, int, int, Any, Any]]:
    """The cells of some sheets that are not as expected; a file keeps 16 digits of a number, a blank may be ""."""
    lines = []
    for title, rows in expected.items():
        assert (len(found[title]), len(found[title][0])) == (len(rows), len(rows[0])), title
        for row, line in enumerate(rows):
            for column, value in enumerate(line):
                now = found[title][row][column]
                now = float(now) if type(now) is int else now
                blank = now in (None, "") and value in (None, "")
                same = is_same(now, value) if isinstance(value, float) else now == value or blank
                if not same:
                    lines.append((title, row, column, now, value))
    return lines


def compute(book: FileHost, truth: FileHost) -> None:
    """Show in every formula what Excel would compute, as another file does."""
    for title, rows in truth.texts.items():
        for row, line in enumerate(rows):
            for column, text in enumerate(line):
                if isinstance(text, str) and text.startswith("=") and book.texts[title][row][column] == text:
                    book.cells[title][row][column] = truth.cells[title][row][column]


def _sheet(title: str, rows: list[list[Any]], tables: list[dict[str, Any]]) -> dict[str, Any]:
    height, width = len(rows), len(rows[0])
    lists = ("notes", "pictures", "shapes", "charts", "pivot_tables")
    return {
        "name": title,
        "visibility": "Visible",
        "show_gridlines": True,
        "print_area": None,
        "notes_supported": True,
        "used_range_address": f"A1:{address(height - 1, width - 1)}",
        "used_range_row_count": height,
        "used_range_column_count": width,
        "values": [["" if value is None else value for value in row] for row in rows],
        "tables": tables,
    } | {name: [] for name in lists}


def _name(name: str, target: str, titles: list[str]) -> dict[str, Any]:
    found = target_of(target)
    place: dict[str, object] = {"sheet_index": None, "address": None}
    if found is not None:
        title, top, left, bottom, right = found
        place = {"sheet_index": titles.index(title), "address": f"{address(top, left)}:{address(bottom, right)}"}
    scope = {"scope_sheet_name": None, "scope_sheet_index": None, "book_scope": True}
    return {"name": name, "refers_to": target, "type": "Range"} | place | scope
