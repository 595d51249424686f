"""A workbook as Excel shows it to xlwings on a desktop: formulas are seen, protection is lifted and put back.

Everything is written or, when anything fails, everything is put back as it was. On Windows Excel is asked by COM, on a
Mac by AppleScript, where protection cannot be put back as it was: a protected sheet is refused there.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import date
from functools import cached_property
from typing import Any

from xlwings import Book, Name, Range, Sheet

from taulukko.errors import Finding
from taulukko.in_excel.words import AFTER, spoken, words_of
from taulukko.messages import reader_language
from taulukko.messages.phrases import Phrases
from taulukko.program.host import ERRORS, Block, RefusedError, Rows, typed
from taulukko.program.pages import Page, Writing, noted
from taulukko.program.program import SHEET

MAC = sys.platform == "darwin"
ALLOWED = (
    *("FormattingCells", "FormattingColumns", "FormattingRows", "InsertingColumns", "InsertingRows"),
    *("InsertingHyperlinks", "DeletingColumns", "DeletingRows", "Sorting", "Filtering", "UsingPivotTables"),
)
"""What a protected sheet may allow, by the names that Excel gives it."""
MEANWHILE = {"screen_updating": False, "enable_events": False, "display_alerts": False, "calculation": "manual"}
"""How Excel stands while a press is written."""
FIGURES = "#,##0"
MANY = 100_000
"""Of a sheet with more cells in use than these, it is asked first how far it is filled: a colour is in use too."""
ERROR_CODES = {
    2000: "#NULL!",
    2007: "#DIV/0!",
    2015: "#VALUE!",
    2023: "#REF!",
    2029: "#NAME?",
    2036: "#NUM!",
    2042: "#N/A",
    2045: "#SPILL!",
    2050: "#CALC!",
}
"""Excel's numbers for what a cell shows instead of a value."""
_FIRST_ERROR = -2146828288
"""COM tells an error as a whole number from here on, and every number of a cell as one with decimals."""
_BUSY = {-2147418111, -2147417846, -1712}
"""A call that Excel has turned away, one that it asks to repeat later, and one that it did not answer on a Mac."""
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
_LONGEST = 300
"""Characters of an error that a message shows."""


class DesktopDesk:
    """A `taulukko.program.actions.Desk`.

    Attributes:
        is_written: whether all that was to be written is.
    """

    def __init__(self, book: Book):
        self.book = book
        self.is_written = False

    @cached_property
    def words(self) -> Phrases:
        """What is said, in the workbook's own language, or in the reader's where the workbook has none."""
        language = ""
        with suppress(Exception):
            language = spoken(self.values(SHEET))
        return words_of(language or reader_language(None, os.environ))

    def user(self) -> str:
        return str(_told(self.book.app.api, "UserName") or "")

    def sheets(self) -> Sequence[str]:
        return [sheet.name for sheet in self.book.sheets]

    def names(self) -> Mapping[str, str]:
        return {name.name: name.refers_to or "" for name in self.book.names}

    def tables(self) -> Iterable[str]:
        return [table.name for sheet in self.book.sheets for table in sheet.tables]

    def values(self, sheet: str) -> Rows:
        return _values(self._used(sheet))

    def formulas(self, sheet: str) -> Rows | None:
        """None for the sheet of the program, whose long texts are no formulas."""
        return None if sheet == SHEET else _rows(self._used(sheet).formula)

    def write(self, writing: Writing) -> None:
        app, there = self.book.app, self.sheets()
        blocks = [*writing.cells, *(block for _, block in writing.pages)]
        touched = [title for title in dict.fromkeys(block.sheet for block in blocks) if title in there]
        is_manual = app.calculation == "manual"
        self._ready(touched, is_adding=any(page.title not in there for page, _ in writing.pages))
        if is_manual:
            writing.pages[0] = noted(writing.pages[0], self.words.text("inside.calculated"))
            blocks = [*writing.cells, *(block for _, block in writing.pages)]
        with ExitStack() as stack:
            for name, value in MEANWHILE.items():
                stack.callback(setattr, app, name, getattr(app, name))
                setattr(app, name, value)
            for title in touched:
                _unprotect(self.book.sheets[title], stack)
            self._write([page for page, _ in writing.pages if page.title not in there], blocks, touched)
            self.is_written = True
            if is_manual:
                app.calculate()
            self._show(writing)

    def refuse(self, error: RefusedError) -> None:
        self._tell(error.finding)

    def fail(self, error: Exception) -> None:
        """Tell what nobody has foreseen, with a line for whoever helps."""
        code = "failed_after" if self.is_written else "busy" if _is_busy(error) else "failed"
        self._tell(Finding(code, found=one_line(error)))

    def _tell(self, finding: Finding) -> None:
        """Say it in a box; where Excel shows none, as the text that xlwings shows when Python ends with a fault."""
        said, title = self.words.sentences(finding), "taulukko"
        nothing = "" if finding.code in AFTER else f": {self.words.text('inside.refused')}"
        try:
            self.book.app.alert(said, f"{title}{nothing}")
        except Exception:
            sys.exit(said)

    def _ready(self, titles: Sequence[str], is_adding: bool) -> None:
        """Refuse what Excel would refuse halfway, or would do to others.

        Raises:
            RefusedError: nothing was written.
        """
        book = self.book.api
        if _told(book, "ReadOnly"):
            raise RefusedError(Finding("opened_read_only"))
        if _told(book, "MultiUserEditing") or _is_saved_at_once(book):
            raise RefusedError(Finding("shared"))
        if is_adding and _told(book, "ProtectStructure"):
            raise RefusedError(Finding("structure"))
        for title in titles:
            if _is_filtered(self.book.sheets[title]):
                raise RefusedError(Finding("filtered", place=title))

    def _write(self, pages: Sequence[Page], blocks: Sequence[Block], touched: Sequence[str]) -> None:
        """Write every block, or put back those that were written and remove the sheets that were added.

        Raises:
            RefusedError: `not_written`, or `not_restored` when Excel takes nothing any more.
        """
        before: list[Block] = []
        added: list[Sheet | Name] = []
        active = self.book.sheets.active
        try:
            for page in pages:
                self._add(page, added)
            for block in blocks:
                if block.sheet in touched:
                    before.append(self._now(block))
                self._put(block)
        except Exception as error:
            back = [self._put_back(block) for block in reversed(before)]
            gone = [_delete(one) for one in reversed(added)]
            with suppress(Exception):
                active.impl.activate()
            code = "not_written" if all(back + gone) else "not_restored"
            raise RefusedError(Finding(code, found=one_line(error))) from error

    def _add(self, page: Page, added: list[Sheet | Name]) -> None:
        """A sheet at the end, but before hidden ones, which Excel does not move; and the name that leads to it."""
        last = self.book.sheets[-1]
        is_last = last.visible in (True, -1)
        sheet = self.book.sheets.add(after=last) if is_last else self.book.sheets.add(before=last)
        added.append(sheet)
        sheet.name = page.title
        for column, width in enumerate(page.widths, 1):
            sheet.range((1, column)).column_width = width
        for row in page.bold:
            sheet.range((row, 1), (row, len(page.widths))).font.bold = True
        is_left_over = page.name in self.book.names
        self.book.names[page.name] = page.target
        if not is_left_over:
            added.append(self.book.names[page.name])
        with suppress(Exception):
            self.book.names[page.name].api.Visible = False

    def _show(self, writing: Writing) -> None:
        """Show the result; what fails here has been written all the same.

        The sheet itself is activated: xlwings would bring Excel's window to the front first, which Windows may refuse.
        """
        page, _ = writing.pages[0]
        sheet = self.book.sheets[page.title]
        if cells := writing.figure_cells():
            with suppress(Exception):
                sheet.range(*cells).number_format = FIGURES
        with suppress(Exception):
            sheet.visible = True
            sheet.impl.activate()

    def _used(self, title: str) -> Range:
        sheet = self.book.sheets[title]
        last = sheet.used_range.last_cell
        rows, columns = last.row, last.column
        if rows * columns > MANY:
            rows = _least(rows, lambda row: self._is_blank(sheet.range((row + 1, 1), (rows, columns))))
            columns = _least(columns, lambda column: self._is_blank(sheet.range((1, column + 1), (rows, columns))))
        return sheet.range((1, 1), (rows, columns))

    def _is_blank(self, cells: Range) -> bool:
        """Whether nothing stands in some cells, by Excel's own count, which sees what is hidden."""
        title, app = cells.sheet.name.replace("'", "''"), self.book.app.api
        count = f"COUNTA('{title}'!{cells.address})"
        return not (app.evaluate(name=count) if MAC else app.Evaluate(count))

    def _range(self, block: Block) -> Range:
        first, end = (block.row + 1, block.column + 1), (block.row + len(block.rows), block.column + len(block.rows[0]))
        return self.book.sheets[block.sheet].range(first, end)

    def _put(self, block: Block) -> None:
        rows: Any = [["" if content is None else content for content in row] for row in block.rows]
        self._range(block).formula = rows

    def _now(self, block: Block) -> Block:
        """What writes the cells of a block back as they are."""
        cells = self._range(block)
        lines = zip(_values(cells), _rows(cells.formula), strict=True)
        return block._replace(rows=[[_kept(*one) for one in zip(*line, strict=True)] for line in lines])

    def _put_back(self, block: Block) -> bool:
        """Whether the cells are as they were, written back or never written."""
        with suppress(Exception):
            self._put(block)
        try:
            return self._now(block) == block
        except Exception:
            return False


def one_line(error: BaseException) -> str:
    """An error for whoever helps.

    Example:
        >>> one_line(KeyError("a"))
        "KeyError: 'a'"
    """
    return " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST]


def _least(most: int, is_enough: Callable[[int], bool]) -> int:
    """The least number from 1 on that is enough, and so is every greater one; at most the given one, which is.

    Example:
        >>> _least(1_000_000, lambda number: number >= 260), _least(5, lambda number: False)
        (260, 5)
    """
    low, high = 1, most
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle + 1, high)
    return low


def _told(api: Any, name: str) -> Any:
    """What Excel tells of itself, by the name that it has on Windows; AppleScript has the same words."""
    return getattr(api, _CAPITAL.sub("_", name).lower()).get() if MAC else getattr(api, name)


def _is_saved_at_once(book: Any) -> bool:
    """Whether each change goes at once to the cloud, where others may have the workbook open.

    Versions of Excel that do not know of it say so with an error. AppleScript does not tell it.
    """
    with suppress(Exception):
        return not MAC and bool(book.AutoSaveOn)
    return False


def _is_filtered(sheet: Sheet) -> bool:
    """Whether a filter hides rows; a sheet does not tell of those of its tables."""
    if _told(sheet.api, "FilterMode"):
        return True
    return not MAC and any(table.ShowAutoFilter and table.AutoFilter.FilterMode for table in sheet.api.ListObjects)


def _unprotect(sheet: Sheet, stack: ExitStack) -> None:
    """Take the protection off a sheet, and put it back with the very same options when the stack unwinds.

    Raises:
        RefusedError: it has a password, or this is a Mac; when the stack unwinds, `unprotected`.
    """
    api: Any = sheet.api
    if not _told(api, "ProtectContents"):
        return
    if MAC:
        raise RefusedError(Finding("protected_on_mac", place=sheet.name))
    options = {f"Allow{name}": getattr(api.Protection, f"Allow{name}") for name in ALLOWED}
    options |= {"DrawingObjects": api.ProtectDrawingObjects, "Scenarios": api.ProtectScenarios}
    options |= {"UserInterfaceOnly": api.ProtectionMode}
    selection = api.EnableSelection
    try:
        api.Unprotect("")
    except Exception as error:
        raise RefusedError(Finding("password", place=sheet.name)) from error

    def protect() -> None:
        try:
            api.Protect(Contents=True, **options)
            api.EnableSelection = selection
        except Exception as error:
            raise RefusedError(Finding("unprotected", place=sheet.name)) from error

    stack.callback(protect)


def _delete(added: Sheet | Name) -> bool:
    try:
        added.delete()
    except Exception:
        return False
    return True


def _values(cells: Range) -> list[list[Any]]:
    """What cells show, without their formats: a day as its number, and an amount of money with all its decimals."""
    if not MAC:
        return [[_plain(value) for value in row] for row in _rows(cells.api.Value2)]
    values: Any = cells.options(ndim=2).value
    shown = _rows(cells.api.string_value.get())
    lines = (zip(*pair, strict=True) for pair in zip(values, shown, strict=True))
    return [[text if text in ERRORS else value for value, text in line] for line in lines]


def _rows(found: Any) -> list[list[Any]]:
    """Rows of cells, of which Excel tells a single one, or a single row on a Mac, without what is around it."""
    if not isinstance(found, list | tuple):
        return [[found]]
    return [list(row) for row in found] if isinstance(found[0], list | tuple) else [list(found)]


def _plain(value: Any) -> Any:
    return ERROR_CODES.get(value - _FIRST_ERROR, "#VALUE!") if type(value) is int else value


def _kept(value: Any, formula: Any) -> Any:
    """What writes a cell back: its formula, a text that stays a text, or a number as it is."""
    if isinstance(formula, str) and formula.startswith("=") and formula != value:
        return formula
    return formula if isinstance(value, date) else typed(value)


def _is_busy(error: Exception) -> bool:
    """Whether Excel was doing something else, such as waiting for the end of somebody's typing."""
    codes = {getattr(error, name, None) for name in ("hresult", "errornumber")}
    return bool(codes & _BUSY) or type(error).__name__ == "ExcelBusyError"


__all__ = ["DesktopDesk", "one_line"]
