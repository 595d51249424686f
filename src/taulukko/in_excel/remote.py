"""A workbook as xlwings shows it where Excel itself is out of reach: in xlwings Lite, and on a server.

Values are seen, formulas only in Lite, and protection not at all: so a workbook that was built with protected sheets is
told apart, and nothing is written to it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xlwings import Book, Sheet

from taulukko.errors import Finding
from taulukko.messages.phrases import Phrases
from taulukko.program.host import Block, RefusedError, Rows, ours, read_book
from taulukko.program.pages import Page, Writing, refusal_page
from taulukko.program.program import SHEET

UNPROTECTED = ["workbook", "protection", "none"]
"""The row of the hidden sheet that says so."""
FIGURES = "#,##0"


class RemoteDesk:
    """A `taulukko.program.actions.Desk`.

    Attributes:
        words: how findings are said, in the user's language.
        seen: the formulas of each sheet, where they were asked for.
    """

    def __init__(self, book: Book, words: Phrases, user: str = "", seen: Mapping[str, Rows] | None = None):
        self.book, self.words, self.seen = book, words, seen or {}
        self._user = user

    def user(self) -> str:
        return self._user

    def sheets(self) -> Sequence[str]:
        return [sheet.name for sheet in self.book.sheets]

    def names(self) -> Mapping[str, str]:
        return {name.name: name.refers_to or "" for name in self.book.names}

    def tables(self) -> Iterable[str]:
        return [table.name for sheet in self.book.sheets for table in sheet.tables]

    def values(self, sheet: str) -> Rows:
        return _rows(self.book.sheets[sheet])

    def formulas(self, sheet: str) -> Rows | None:
        return self.seen.get(sheet)

    def write(self, writing: Writing) -> None:
        if writing.cells and UNPROTECTED not in [list(row[:3]) for row in self.values(SHEET)]:
            raise RefusedError(Finding("protected_there"))
        self._leave_button()
        for block in writing.cells:
            self._put(block)
        for page, block in writing.pages:
            self._put_page(page, block)
        self._show(writing)

    def refuse(self, error: RefusedError) -> None:
        self._leave_button()
        head = (self.words.text("inside.refused"), self.words.sentences(error.finding))
        writing = Writing([], [refusal_page(read_book(self), self.words.text("inside.result"), head)])
        self._put_page(*writing.pages[0])
        self._show(writing)

    def _put(self, block: Block) -> None:
        first, end = (block.row + 1, block.column + 1), (block.row + len(block.rows), block.column + len(block.rows[0]))
        self.book.sheets[block.sheet].range(first, end).value = block.rows

    def _put_page(self, page: Page, block: Block) -> None:
        if page.title not in self.sheets():
            sheet = self.book.sheets.add(page.title, after=self.book.sheets[-1])
            for column, width in enumerate(page.widths, 1):
                sheet.range((1, column)).column_width = _points(width)
            for row in page.bold:
                sheet.range((row, 1), (row, len(page.widths))).font.bold = True
            self.book.names[page.name] = page.target
        self._put(block)

    def _show(self, writing: Writing) -> None:
        page, _ = writing.pages[0]
        sheet = self.book.sheets[page.title]
        if cells := writing.figure_cells():
            sheet.range(*cells).number_format = FIGURES
        sheet.activate()

    def _leave_button(self) -> None:
        """Select the cell below a button: one that is still selected does not notice being pressed again."""
        selection = self.book.selection
        if selection is None:
            return
        cell = selection.get_address(False, False)
        if any(shape.name.endswith(f".{cell}") for shape in selection.sheet.shapes):
            selection.offset(1, 0).select()


async def formulas_seen(book: Book) -> dict[str, Rows]:
    """The formulas of each sheet of ours, in xlwings Lite; nothing on a server, which cannot ask for them."""
    if sys.platform != "emscripten":
        return {}
    seen, titles = {}, ours({name.name: name.refers_to or "" for name in book.names})
    for sheet in (sheet for sheet in book.sheets if sheet.name in titles):
        last = sheet.used_range.last_cell
        seen[sheet.name] = await sheet.range((1, 1), (last.row, last.column)).options(ndim=2).get_formula()
    return seen


def _points(characters: int) -> float:
    """The width of a column as the engine takes it; a character of Calibri 11 has seven pixels.

    Example:
        >>> _points(10)
        56.25
    """
    return (7 * characters + 5) * 0.75


def _rows(sheet: Sheet) -> list[list[Any]]:
    """The used part of a sheet from A1 on, read at once; none for an empty one."""
    last = sheet.used_range.last_cell
    rows: list[list[Any]] = sheet.range((1, 1), (last.row, last.column)).options(ndim=2, err_to_str=True).value
    return [] if rows == [[None]] else rows


__all__ = ["RemoteDesk", "formulas_seen"]
