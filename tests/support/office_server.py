"""Serves one LibreOffice over standard input and output: a JSON request a line, a JSON answer a line.

The system's Python runs this file, as `uno` belongs to it; `office.py` is the other end. Where a user has a menu
command or a key, that very command is dispatched; the rest goes through the document's interface. Either does nothing
where a user would get a message box, so each edit is checked to have happened, and is refused when it has not.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.document.MacroExecMode import ALWAYS_EXECUTE_NO_WARN as ALWAYS
from com.sun.star.document.MacroExecMode import NEVER_EXECUTE as NEVER
from com.sun.star.sheet import TableFilterField2
from com.sun.star.sheet.AddressConvention import XL_OOX
from com.sun.star.sheet.FillDirection import TO_BOTTOM
from com.sun.star.sheet.FilterOperator2 import EQUAL
from com.sun.star.table import TableSortField
from com.sun.star.table.CellContentType import EMPTY, FORMULA, TEXT

XLSX = "Calc MS Excel 2007 XML"
START_TIMEOUT = 60
CONTENTS = 1 | 2 | 4 | 16  # numbers, dates, texts and formulas: what the Delete key clears
ALL_ANEW, AS_SAVED = 0, 1  # what is computed of an .xlsx as it opens; the second is how LibreOffice is installed
FAULTY = 4  # formulas that give an error
MANY = 20_000
"""More cells than this on a protected sheet are never all free."""


class Refused(Exception):
    """The program would not do it, as on a protected sheet."""


def properties(**values: Any) -> tuple[PropertyValue, ...]:
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


def place(content: str) -> list[str] | None:
    """Sheet and address of what is written as `$'Oma taulu'.$A$1:$B$2`; none where a name leads nowhere any more."""
    sheet, _, area = content.removeprefix("$").rpartition(".$")
    if not sheet or "#REF!" in content:
        return None
    quoted = sheet.startswith("'")
    return [sheet[1:-1].replace("''", "'") if quoted else sheet, area.replace("$", "").rpartition(".")[2]]


class Program:
    """LibreOffice itself and the documents open in it."""

    def __init__(self, profile: str, pipe: str):
        options = [f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nologo", "--nodefault"]
        self.process = subprocess.Popen(
            ["soffice", *options, f"--accept=pipe,name={pipe};urp;"], stdin=subprocess.DEVNULL, stdout=sys.stderr
        )
        self.context = self._connect(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        self.desktop = self._service("com.sun.star.frame.Desktop")
        self.dispatcher = self._service("com.sun.star.frame.DispatchHelper")
        self.books: dict[int, Book] = {}
        self._configure("Office.Calc/Formula/Syntax", "SeparatorArg", ";")  # else it is that of the first locale
        self._configure("Office.Calc/Input", "ReplaceCellsWarning", False)
        self._configure("Office.Common/Misc", "UseLocking", False)  # a killed program's lock would outlive it

    def _connect(self, address: str) -> Any:
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        until = time.monotonic() + START_TIMEOUT
        while True:
            try:
                return resolver.resolve(address)
            except NoConnectException:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def _service(self, name: str) -> Any:
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def _configure(self, path: str, name: str, value: Any) -> None:
        provider = self._service("com.sun.star.configuration.ConfigurationProvider")
        update = "com.sun.star.configuration.ConfigurationUpdateAccess"
        settings = provider.createInstanceWithArguments(update, properties(nodepath=f"/org.openoffice.{path}"))
        settings.setPropertyValue(name, value)
        settings.commitChanges()

    def open(self, url: str, locale: str, macros: bool) -> int:
        self._configure("Setup/L10N", "ooSetupSystemLocale", locale)
        options = properties(Hidden=True, MacroExecutionMode=ALWAYS if macros else NEVER)
        document = self.desktop.loadComponentFromURL(url, "_blank", 0, options)
        if document is None:
            raise Refused(f"{url} does not open")
        number = max(self.books, default=0) + 1
        self.books[number] = Book(self, document)
        return number

    def convert(self, url: str, target: str, kind: str, locale: str, anew: bool) -> None:
        number = -1
        try:
            self._configure("Office.Calc/Formula/Load", "OOXMLRecalcMode", ALL_ANEW if anew else AS_SAVED)
            number = self.open(url, locale, False)
            self.books[number].document.storeToURL(target, properties(FilterName=kind))
        finally:
            self._configure("Office.Calc/Formula/Load", "OOXMLRecalcMode", AS_SAVED)
            if number in self.books:
                self.books.pop(number).close()

    def documents(self) -> list[Any]:
        found, components = [], self.desktop.Components.createEnumeration()
        while components.hasMoreElements():
            found.append(components.nextElement())
        return found

    def check_alive(self) -> None:
        """Fail when the program has crashed; the other end then starts a new one."""
        self.desktop.Components.createEnumeration()

    def quit(self) -> None:
        try:
            for book in self.books.values():
                book.close()
            self.desktop.terminate()
            self.process.wait(15)
        except Exception:
            self.process.kill()


class Book:
    """One open workbook. Every public method is a request; rows count from 1, columns are letters."""

    def __init__(self, program: Program, document: Any):
        self.program, self.document, self.controller = program, document, document.CurrentController

    # cells

    def type(self, sheet: str, cell: str, text: str) -> dict[str, Any]:
        self._select(self._free(sheet, cell))
        self._dispatch("EnterString", StringName=text)
        return self.read(sheet, cell)

    def type_text(self, sheet: str, cell: str, text: str) -> dict[str, Any]:
        self._free(sheet, cell).String = text
        return self.read(sheet, cell)

    def type_number(self, sheet: str, cell: str, number: float) -> dict[str, Any]:
        self._free(sheet, cell).Value = number
        return self.read(sheet, cell)

    def type_formula(self, sheet: str, cell: str, formula: str) -> dict[str, Any]:
        self._free(sheet, cell).Formula = formula
        return self.read(sheet, cell)

    def paste_text(self, sheet: str, cell: str, rows: list[list[str]]) -> list[list[dict[str, Any]]]:
        area = self._free_from(sheet, cell, rows)
        for number, row in enumerate(rows):
            for offset, text in enumerate(row):
                target = area.getCellByPosition(offset, number)
                if text.startswith("="):
                    target.String = text
                else:
                    target.FormulaLocal = text
        return [
            [self._read(area.getCellByPosition(offset, number)) for offset in range(len(row))]
            for number, row in enumerate(rows)
        ]

    def fill(self, sheet: str, cell: str, rows: list[list[float | str | None]]) -> None:
        area = self._free_from(sheet, cell, rows)
        area.setDataArray(tuple(tuple("" if value is None else value for value in row) for row in rows))
        found = [["" if value is None else value for value in row] for row in rows]
        self._happened([list(row) for row in area.DataArray] == found, "fill")

    def clear(self, sheet: str, area: str) -> None:
        self._free(sheet, area).clearContents(CONTENTS)

    def read(self, sheet: str, cell: str) -> dict[str, Any]:
        return self._read(self._cells(sheet, cell))

    def read_range(self, sheet: str, area: str) -> list[list[dict[str, Any]]]:
        cells = self._cells(sheet, area)
        rows, columns = cells.Rows.Count, cells.Columns.Count
        return [[self._read(cells.getCellByPosition(column, row)) for column in range(columns)] for row in range(rows)]

    def area(self, sheet: str, row: int, column: int, rows: int, columns: int) -> list[list[Any]]:
        """What cells show, counted from 0, all at once: blanks as empty texts, errors by their words."""
        cells = self._sheet(sheet).getCellRangeByPosition(column, row, column + columns - 1, row + rows - 1)
        found = [list(line) for line in cells.getDataArray()]
        wrong = cells.queryFormulaCells(FAULTY).RangeAddresses
        for one in wrong:
            for down in range(one.StartRow - row, one.EndRow - row + 1):
                for right in range(one.StartColumn - column, one.EndColumn - column + 1):
                    found[down][right] = cells.getCellByPosition(right, down).String
        return found

    def put(self, sheet: str, row: int, column: int, rows: list[list[Any]]) -> None:
        """Cells from a cell on: formulas as Excel writes them, texts after an apostrophe, numbers, blanks as none."""
        parser = self.document.createInstance("com.sun.star.sheet.FormulaParser")
        parser.CompileEnglish, parser.FormulaConvention = True, XL_OOX
        for down, line in enumerate(rows):
            for right, content in enumerate(line):
                cell = self._sheet(sheet).getCellByPosition(column + right, row + down)
                if content == "":
                    cell.clearContents(CONTENTS)
                elif isinstance(content, str) and content.startswith("="):
                    cell.setTokens(parser.parseFormula(content[1:], cell.CellAddress))
                elif isinstance(content, str):
                    cell.String = content.removeprefix("'")
                else:
                    cell.Value = content

    def calculate_at_once(self, is_on: bool) -> None:
        self.document.enableAutomaticCalculation(is_on)

    def calculate(self) -> None:
        self.document.calculate()

    def comment(self, sheet: str, cell: str, text: str) -> None:
        found = self._cells(sheet, cell)
        self._sheet(sheet).Annotations.insertNew(found.CellAddress, text)
        self._happened(found.Annotation.String == text, "comment")

    def colour(self, sheet: str, area: str, colour: str) -> None:
        number = int(colour.removeprefix("#"), 16)
        cells = self._free(sheet, area)
        cells.CellBackColor = number
        self._happened(cells.CellBackColor == number, "colour")

    # copying; the clipboard is shared by all open workbooks

    def copy(self, sheet: str, area: str) -> None:
        self._select(self._cells(sheet, area))
        self._dispatch("Copy")

    def paste(self, sheet: str, cell: str) -> None:
        self._select(self._free(sheet, cell))
        self._dispatch("Paste")

    def paste_values(self, sheet: str, cell: str) -> None:
        self._select(self._free(sheet, cell))
        plain = {"SkipEmptyCells": False, "Transpose": False, "AsLink": False}
        self._dispatch("InsertContents", Flags="SVD", FormulaCommand=0, MoveMode=4, **plain)

    def drag_down(self, sheet: str, area: str, count: int) -> None:
        cells = self._cells(sheet, area)
        at, height = cells.RangeAddress, cells.Rows.Count
        whole = self._sheet(sheet).getCellRangeByPosition(at.StartColumn, at.StartRow, at.EndColumn, at.EndRow + count)
        self._check_free(whole)
        whole.fillAuto(TO_BOTTOM, height)

    # rows and columns

    def sort(self, sheet: str, area: str, by: str, ascending: bool, headers: bool) -> list[list[dict[str, Any]]]:
        cells = self._free(sheet, area)
        column = self._sheet(sheet).Columns.getByName(by).RangeAddress.StartColumn - cells.RangeAddress.StartColumn
        field = TableSortField()
        field.Field, field.IsAscending = column, ascending
        before = self._column(cells, column, headers)
        cells.sort(
            properties(
                SortFields=uno.Any("[]com.sun.star.table.TableSortField", (field,)),
                ContainsHeader=headers,
                IsSortColumns=False,
            )
        )
        return [before, self._column(cells, column, headers)]

    def filter(self, sheet: str, area: str, by: str, value: str | float) -> list[int]:
        cells = self._cells(sheet, area)
        field = TableFilterField2()
        field.Field = self._sheet(sheet).Columns.getByName(by).RangeAddress.StartColumn - cells.RangeAddress.StartColumn
        field.Operator, field.IsNumeric = EQUAL, not isinstance(value, str)
        if isinstance(value, str):
            field.StringValue = value
        else:
            field.NumericValue = value
        tables = self.document.DatabaseRanges
        known = [tables.getByName(name) for name in tables.ElementNames]
        own = place(cells.AbsoluteName)
        table = next((one for one in known if place(one.ReferredCells.AbsoluteName) == own), None)
        descriptor = table.getFilterDescriptor() if table else cells.createFilterDescriptor(True)
        descriptor.ContainsHeader = True
        descriptor.setFilterFields2((field,))
        if table:
            table.refresh()
        else:
            cells.filter(descriptor)
        rows = range(cells.RangeAddress.StartRow, cells.RangeAddress.EndRow + 1)
        return [row + 1 for row in rows if not self._sheet(sheet).Rows.getByIndex(row).IsVisible]

    def insert_rows(self, sheet: str, row: int, count: int) -> int:
        return self._shift("InsertRowsBefore", sheet, f"{row}:{row + count - 1}", f"A{row}")[1]

    def delete_rows(self, sheet: str, row: int, count: int) -> int:
        return -self._shift("DeleteRows", sheet, f"{row}:{row + count - 1}", f"A{row + count}")[1]

    def insert_columns(self, sheet: str, column: str, count: int) -> int:
        columns = self._columns(sheet, column, count)
        return self._shift("InsertColumnsBefore", sheet, columns, f"{column}1")[0]

    def delete_columns(self, sheet: str, column: str, count: int) -> int:
        columns, (*_, after) = self._columns(sheet, column, count), self._columns(sheet, column, count + 1).split(":")
        return -self._shift("DeleteColumns", sheet, columns, f"{after}1")[0]

    def move_column(self, sheet: str, column: str, before: str) -> str:
        page = self._sheet(sheet)
        source = self._cells(sheet, f"{column}1")
        target = self._cells(sheet, f"{before}1").CellAddress
        self.insert_columns(sheet, before, 1)
        old = source.CellAddress.Column
        page.moveRange(target, page.Columns.getByIndex(old).RangeAddress)
        page.Columns.removeByIndex(old, 1)
        return page.Columns.getByIndex(target.Column - (old < target.Column)).Name

    def show_column(self, sheet: str, column: str, visible: bool) -> None:
        found = self._sheet(sheet).Columns.getByName(column)
        found.IsVisible = visible
        self._happened(found.IsVisible == visible, "hide or show a column")

    def set_width(self, sheet: str, column: str, millimetres: float) -> None:
        found = self._sheet(sheet).Columns.getByName(column)
        found.Width = round(millimetres * 100)
        self._happened(abs(found.Width - millimetres * 100) < 20, "set a width")

    # sheets

    def sheets(self) -> list[str]:
        return list(self.document.Sheets.ElementNames)

    def is_visible(self, sheet: str) -> bool:
        return bool(self._sheet(sheet).IsVisible)

    def rename_sheet(self, sheet: str, name: str) -> None:
        self._sheet(sheet).Name = name
        self._happened(name in self.sheets(), "rename")

    def move_sheet(self, sheet: str, position: int) -> None:
        here = self.sheets().index(sheet)
        self.document.Sheets.moveByName(sheet, position if position <= here else position + 1)
        self._happened(self.sheets().index(sheet) == position, "move")

    def copy_sheet(self, sheet: str, name: str, position: int) -> None:
        self.document.Sheets.copyByName(sheet, name, position)
        self._happened(name in self.sheets(), "copy")

    def copy_sheet_to_new_file(self, sheet: str, url: str) -> None:
        before = self.program.documents()
        self.controller.setActiveSheet(self._sheet(sheet))
        self._dispatch("Move", DocName="", Index=1, Copy=True)
        new = [document for document in self.program.documents() if document not in before]
        self._happened(len(new) == 1, "copy to a new file")
        new[0].storeToURL(url, properties(FilterName=XLSX))
        new[0].close(True)

    def delete_sheet(self, sheet: str) -> None:
        self.document.Sheets.removeByName(sheet)
        self._happened(sheet not in self.sheets(), "delete")

    def add_sheet(self, name: str, position: int) -> None:
        self.document.Sheets.insertNewByName(name, position)
        self._happened(name in self.sheets(), "add")

    def is_protected(self, sheet: str) -> bool:
        return bool(self._sheet(sheet).isProtected())

    def unprotect(self, sheet: str) -> None:
        self._sheet(sheet).unprotect("")
        self._happened(not self.is_protected(sheet), "unprotect")

    # the workbook

    def names(self) -> dict[str, list[str] | None]:
        found = self.document.NamedRanges
        return {name: place(found.getByName(name).Content) for name in found.ElementNames}

    def tables(self) -> dict[str, list[str] | None]:
        found = self.document.DatabaseRanges
        return {name: place(found.getByName(name).ReferredCells.AbsoluteName) for name in found.ElementNames}

    def undo(self) -> None:
        self._dispatch("Undo")

    def recalculate(self) -> None:
        self.document.calculateAll()

    # macros

    def modules(self) -> dict[str, str]:
        """The source of each module of the workbook's project, as the program has read it."""
        library = self._library()
        return {name: library.getByName(name) for name in library.ElementNames}

    def run(self, macro: str, arguments: list[str]) -> None:
        path = f"{self._library_name()}.{macro}"
        script = f"vnd.sun.star.script:{path}?language=Basic&location=document"
        self.document.getScriptProvider().getScript(script).invoke(tuple(arguments), (), ())

    def buttons(self, sheet: str) -> dict[str, str]:
        """The macro of each button of a sheet, by what the button says."""
        found = {}
        forms = self._sheet(sheet).DrawPage.Forms
        for form in (forms.getByIndex(number) for number in range(forms.Count)):
            for number in range(form.Count):
                events = form.getScriptEvents(number)
                found[form.getByIndex(number).Label] = events[0].ScriptCode if events else ""
        return found

    def _library_name(self) -> str:
        return next(name for name in self.document.BasicLibraries.ElementNames if name != "Standard")

    def _library(self) -> Any:
        libraries = self.document.BasicLibraries
        libraries.loadLibrary(self._library_name())
        return libraries.getByName(self._library_name())

    def close(self) -> None:
        self.document.close(True)

    def save_as(self, url: str) -> None:
        self.document.storeToURL(url, properties(FilterName=XLSX))

    def _sheet(self, sheet: str) -> Any:
        return self.document.Sheets.getByName(sheet)

    def _cells(self, sheet: str, area: str) -> Any:
        """A cell, or a range such as B6:N12, whole columns C:E or whole rows 6:8."""
        return self._sheet(sheet).getCellRangeByName(area)

    def _free(self, sheet: str, area: str) -> Any:
        """The cells, if a user may write to them all."""
        cells = self._cells(sheet, area)
        self._check_free(cells)
        return cells

    def _free_from(self, sheet: str, cell: str, rows: list[Any]) -> Any:
        """As many rows and columns of cells as there are values, from a cell on."""
        start = self._cells(sheet, cell).RangeAddress
        last = start.StartColumn + max(map(len, rows)) - 1, start.StartRow + len(rows) - 1
        area = self._sheet(sheet).getCellRangeByPosition(start.StartColumn, start.StartRow, *last)
        self._check_free(area)
        return area

    def _check_free(self, cells: Any) -> None:
        if not cells.Spreadsheet.isProtected():
            return
        rows, columns = cells.Rows.Count, cells.Columns.Count
        if rows * columns > MANY or any(
            cells.getCellByPosition(column, row).CellProtection.IsLocked
            for row in range(rows)
            for column in range(columns)
        ):
            raise Refused(f"locked on a protected sheet: {cells.AbsoluteName}")

    def _select(self, cells: Any) -> None:
        self.controller.select(cells)

    def _dispatch(self, command: str, **arguments: Any) -> None:
        dispatch = self.program.dispatcher.executeDispatch
        dispatch(self.controller.Frame, f".uno:{command}", "", 0, properties(**arguments))

    def _shift(self, command: str, sheet: str, area: str, probe: str) -> tuple[int, int]:
        """Insert or delete whole columns or rows; by how many columns and rows the cell beyond them moved."""
        cell = self._cells(sheet, probe)
        before = cell.CellAddress
        self._select(self._cells(sheet, area))
        self._dispatch(command)
        after = cell.CellAddress
        self._happened(after != before, f"{command} on {sheet}")
        return after.Column - before.Column, after.Row - before.Row

    def _columns(self, sheet: str, first: str, count: int) -> str:
        """Whole columns, such as C:E."""
        columns = self._sheet(sheet).Columns
        last = columns.getByName(first).RangeAddress.StartColumn + count - 1
        return f"{first}:{columns.getByIndex(last).Name}"

    def _column(self, cells: Any, column: int, headers: bool) -> list[dict[str, Any]]:
        return [self._read(cells.getCellByPosition(column, row)) for row in range(int(headers), cells.Rows.Count)]

    def _read(self, cell: Any) -> dict[str, Any]:
        kind = cell.Type
        if kind == FORMULA:
            kind = EMPTY if cell.getError() else cell.FormulaResultType2
            value = {1: cell.Value, 2: cell.String}.get(kind) if isinstance(kind, int) else None
        else:
            value = None if kind == EMPTY else cell.String if kind == TEXT else cell.Value
        formula = cell.Formula if cell.Type == FORMULA else ""
        return {"value": value, "text": cell.String, "formula": formula, "error": cell.getError()}

    def _happened(self, is_done: bool, what: str) -> None:
        if not is_done:
            raise Refused(f"{what}: nothing happened")


def answers(program: Program) -> Iterator[dict[str, Any]]:
    for line in sys.stdin:
        request = json.loads(line)
        book, task, arguments = request["book"], request["task"], request["arguments"]
        if task == "quit":
            return
        try:
            target = program.books.pop(book) if task == "close" else program.books[book] if book else program
            yield {"answer": getattr(target, task)(**arguments)}
        except Refused as error:
            yield {"refused": str(error)}
        except Exception as error:
            program.check_alive()
            yield {"failed": f"{task}: {type(error).__name__}: {str(error).strip()}"}


def main() -> None:
    program = Program(*sys.argv[1:])
    try:
        print(json.dumps({"answer": "ready"}), flush=True)
        for answer in answers(program):
            print(json.dumps(answer), flush=True)
    finally:
        program.quit()


if __name__ == "__main__":
    main()
