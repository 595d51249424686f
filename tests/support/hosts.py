"""A host for the core that recomputes: a workbook's file held in memory, with everything that is written to it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any

from taulukko.formula.references import Area, area_of
from taulukko.in_excel.words import spoken, words_of
from taulukko.messages.phrases import Phrases
from taulukko.program.host import Block, RefusedError, Rows, typed
from taulukko.program.pages import Writing
from taulukko.program.program import SHEET
from taulukko.xlsx.package import open_package

Grid = list[list[Any]]
_COLUMN = re.compile(r"(t_\w+)\[(\[#This Row\],)?\[?((?:'.|[^\[\]'])+)\]?\]")


class FileHost:
    """What a host shows of a file that nobody has open.

    Attributes:
        sees_formulas: whether it tells formulas.
        cells: values by title, row and column.
        texts: formulas with their equals sign likewise, values where there is none.
        written: each block that was written.
        refused: why nothing was done.
    """

    def __init__(self, path: Path):
        package = open_package(path)
        self.sees_formulas = True
        self.written: list[Block] = []
        self.refused: list[RefusedError] = []
        self.targets = {name: f"={target}" for name, target in package.names.items()}
        self.areas = {name: (table.sheet, table.area) for name, table in package.tables.items()}
        self.cells: dict[str, Grid] = {}
        self.texts: dict[str, Grid] = {}
        for title in package.sheets:
            cells = package.cells(title)
            height, width = (max((place[one] for place in cells), default=0) + 1 for one in (0, 1))
            values: Grid = [[None] * width for _ in range(height)]
            texts: Grid = [[None] * width for _ in range(height)]
            for (row, column), cell in cells.items():
                values[row][column] = cell.error or cell.value
                texts[row][column] = cell.value if cell.formula is None else f"={cell.formula}"
            self.cells[title], self.texts[title] = values, texts

    def copy(self, sees_formulas: bool = True) -> FileHost:
        other = deepcopy(self)
        other.sees_formulas = sees_formulas
        return other

    # what a host does

    def sheets(self) -> list[str]:
        return list(self.cells)

    def names(self) -> dict[str, str]:
        return self.targets

    def tables(self) -> Iterable[str]:
        return self.areas

    def values(self, sheet: str) -> Rows:
        return self.cells[sheet]

    def formulas(self, sheet: str) -> Rows | None:
        return self.texts[sheet] if self.sees_formulas else None

    def user(self) -> str:
        return "Maija"

    @property
    def words(self) -> Phrases:
        return words_of(spoken(self.cells.get(SHEET, ())))

    def write(self, writing: Writing) -> None:
        self.put_blocks(writing.cells)
        for page, block in writing.pages:
            if page.title not in self.cells:
                self.add(page.title)
                self.targets[page.name] = page.target
            self.put_blocks([block])

    def refuse(self, error: RefusedError) -> None:
        self.refused.append(error)

    def put_blocks(self, blocks: Iterable[Block]) -> None:
        self.written += blocks
        for sheet, row, column, rows in blocks:
            for down, line in enumerate(rows):
                for right, text in enumerate(line):
                    self.put(sheet, row + down, column + right, text)

    # what somebody does in it

    def put(self, sheet: str, row: int, column: int, content: Any) -> None:
        """Type a value or a formula; what a formula gives is not computed. An apostrophe keeps a text a text."""
        is_formula = isinstance(content, str) and content.startswith("=")
        content = content[1:] if isinstance(content, str) and content.startswith("'") else content
        for sheets in (self.texts,) if is_formula else (self.texts, self.cells):
            _grow(sheets[sheet], row, column)
            sheets[sheet][row][column] = None if content == "" else content

    def put_text(self, sheet: str, row: int, column: int, content: Any) -> None:
        """Type a value as it is: a text stays a text."""
        self.put(sheet, row, column, typed(content))

    def add(self, title: str) -> None:
        self.cells[title], self.texts[title] = [[None]], [[None]]

    def rename(self, old: str, new: str) -> None:
        for sheets in (self.cells, self.texts):
            for title in list(sheets):
                sheets[new if title == old else title] = sheets.pop(title)
        for name, (title, area) in self._areas().items():
            self._name(name, new if title == old else title, area)

    def turn_into_ranges(self) -> None:
        """Turn all tables into ranges, as Excel does: formulas lead to cells of the sheet, by its name."""
        for rows in self.texts.values():
            for number, row in enumerate(rows):
                for column, text in enumerate(row):
                    if isinstance(text, str) and text.startswith("="):
                        rows[number][column] = _COLUMN.sub(partial(self._by_address, number), text)
        self.areas = {}

    def _by_address(self, row: int, found: re.Match[str]) -> str:
        title, area = self.areas[found[1].lower()]
        headers = self.cells[title][area.top]
        column = _letters(headers.index(re.sub("'(.)", r"\1", found[3])))
        quoted = f"'{title}'" if " " in title else title
        return (
            f"{quoted}!${column}{row + 1}"
            if found[2]
            else f"{quoted}!${column}${area.top + 2}:${column}${area.bottom + 1}"
        )

    def insert_row(self, sheet: str, row: int) -> None:
        self._insert(sheet, row, 1)

    def delete_row(self, sheet: str, row: int) -> None:
        self._insert(sheet, row, -1)

    def insert_column(self, sheet: str, column: int) -> None:
        for grid in (self.cells[sheet], self.texts[sheet]):
            for line in grid:
                line.insert(column, None)
        for name, (title, area) in self._areas().items():
            if title == sheet:
                left, right = (place + (place >= column) for place in (area.left, area.right))
                self._name(name, title, area._replace(left=left, right=right))

    def _insert(self, sheet: str, row: int, count: int) -> None:
        for grid in (self.cells[sheet], self.texts[sheet]):
            if count > 0:
                grid.insert(row, [None] * len(grid[0]))
            else:
                del grid[row]
        for name, (title, area) in self._areas().items():
            if title == sheet:
                top = area.top + (count if area.top >= row + (count < 0) else 0)
                bottom = area.bottom + (count if area.bottom >= row else 0)
                self._name(name, title, area._replace(top=top, bottom=bottom))

    def _areas(self) -> dict[str, tuple[str, Area]]:
        found = {name: area_of(target[1:]) for name, target in self.targets.items()}
        return {name: area for name, area in found.items() if area}

    def _name(self, name: str, title: str, area: Area) -> None:
        first, last = (f"${_letters(c)}${r + 1}" for r, c in ((area.top, area.left), (area.bottom, area.right)))
        quoted = title.replace("'", "''")
        self.targets[name] = f"='{quoted}'!{first}:{last}"


def _grow(grid: Grid, row: int, column: int) -> None:
    width = max(len(grid[0]), column + 1)
    grid += [[] for _ in range(row + 1 - len(grid))]
    for line in grid:
        line += [None] * (width - len(line))


def _letters(column: int) -> str:
    return ("" if column < 26 else chr(64 + column // 26)) + chr(65 + column % 26)
