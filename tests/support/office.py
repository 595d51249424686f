"""A user of LibreOffice: opens a workbook, edits it as with keys and menus, saves it. Excel stands in no test.

    with office() as session, session.open(path) as book:
        book.type("Riskit", "F6", "3")
        book.sort("Riskit", "B6:N12", by="F")
        book.save_as(target)

Sheets go by title, cells and columns as on the screen (`E12`, `H`), rows count from 1. An edit that LibreOffice does
not do, as on a protected sheet, raises `RefusedError`: no test goes on with an edit that never was.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from support.needs import require_engine, uno_python

SERVER = Path(__file__).with_name("office_server.py")
START_TIMEOUT = 90
TIMEOUT = 60
LONG = 600
XLSX, ODS, XLS = "Calc MS Excel 2007 XML", "calc8", "MS Excel 97"
FODS, PDF = "OpenDocument Spreadsheet Flat XML", "calc_pdf_Export"

Area = tuple[str, str]
"""Sheet and address, as `("Riskit", "B6:N12")`."""


class OfficeError(Exception):
    """LibreOffice did not answer, or the request made no sense to it."""


class RefusedError(OfficeError):
    """LibreOffice would not do the edit."""


class Cell(NamedTuple):
    """A cell as it shows: no value when blank or an error, no formula when a constant, an error other than 0 if any."""

    value: float | str | None
    text: str
    formula: str
    error: int


@dataclass(frozen=True)
class Sorted:
    """The cells of the column sorted by, without its header."""

    before: list[Cell]
    after: list[Cell]

    @property
    def happened(self) -> bool:
        return self.before != self.after


class Session:
    """One LibreOffice, started when first needed and started again should it die.

    Attributes:
        home: folder of its profiles and its log.
        process: the server, first of a group of processes with LibreOffice in it; None while there is none.
    """

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="taulukko-office-"))
        self.process: subprocess.Popen[bytes] | None = None

    def open(self, path: Path, locale: str = "fi-FI", macros: bool = False) -> Book:
        """Open a workbook. What is typed from now on, in any open workbook, is read in the locale, or in "en-US".

        Args:
            macros: let its macros run.
        """
        return Book(self, self.ask("open", url=path.resolve().as_uri(), locale=locale, macros=macros))

    def convert(self, source: Path, target: Path, kind: str, locale: str = "en-US", *, anew: bool = False) -> Path:
        """Open and save as another kind of file; `anew` computes every formula first."""
        url, to = source.resolve().as_uri(), target.resolve().as_uri()
        self.ask("convert", timeout=LONG, url=url, target=to, kind=kind, locale=locale, anew=anew)
        return target

    def ask(self, task: str, book: int = 0, timeout: float | None = None, **arguments: object) -> Any:
        """Have the server do one task."""
        if self.process is None:
            self._start()
        self._send({"task": task, "book": book, "arguments": arguments})
        return self._receive(task, timeout or TIMEOUT)

    def quit(self) -> None:
        if self.process:
            with suppress(OfficeError, subprocess.TimeoutExpired):
                self._send({"task": "quit", "book": 0, "arguments": {}})
                self.process.wait(30)
            self._kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def _start(self) -> None:
        python = uno_python()
        if python is None:
            raise OfficeError("no Python here has uno")
        name = f"taulukko{uuid.uuid4().hex}"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [python, str(SERVER), (self.home / name).as_uri(), name],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        self._receive("start", START_TIMEOUT)

    @property
    def _log(self) -> Path:
        return self.home / "log"

    def _send(self, request: dict[str, object]) -> None:
        assert self.process
        assert self.process.stdin
        try:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
        except OSError as error:
            self._fail(f"{request['task']}: LibreOffice is gone", error)

    def _receive(self, task: str, timeout: float) -> Any:
        assert self.process
        assert self.process.stdout
        ready, _, _ = select.select([self.process.stdout], [], [], timeout)
        line = self.process.stdout.readline() if ready else b""
        if not line:
            self._fail(f"{task}: LibreOffice {'is gone' if ready else f'did not answer in {timeout} s'}")
        answer = json.loads(line)
        if "refused" in answer:
            raise RefusedError(answer["refused"])
        if "failed" in answer:
            raise OfficeError(answer["failed"])
        return answer["answer"]

    def _fail(self, reason: str, cause: BaseException | None = None) -> None:
        self._kill()
        raise OfficeError(f"{reason}\n{self._log.read_text(errors='replace')[-2000:]}") from cause

    def _kill(self) -> None:
        """End the server and its LibreOffice; they are a process group of their own."""
        process, self.process = self.process, None
        if process:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


@cache
def _one() -> Session:
    return Session()


def shared() -> Session:
    """The one LibreOffice of a test run, started when first asked."""
    require_engine("libreoffice")
    require_engine("uno")
    return _one()


def quit_shared() -> None:
    if _one.cache_info().currsize:
        _one().quit()


@contextmanager
def office() -> Iterator[Session]:
    """One LibreOffice for as long as the block lasts."""
    session = Session()
    try:
        yield session
    finally:
        session.quit()


class Book:
    """An open workbook; closes without saving at the end of its `with` block."""

    def __init__(self, session: Session, number: int):
        self._session, self._number = session, number

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _do(self, task: str, **arguments: Any) -> Any:
        return self._session.ask(task, self._number, **arguments)

    def _cell(self, task: str, **arguments: object) -> Cell:
        return Cell(**self._do(task, **arguments))

    # cells

    def type(self, sheet: str, cell: str, text: str) -> Cell:
        """Select the cell, type and press Enter: "5" becomes a number, "abc" a text, "'5" a text, "=1+1" a formula."""
        return self._cell("type", sheet=sheet, cell=cell, text=text)

    def type_text(self, sheet: str, cell: str, text: str) -> Cell:
        """A text, whatever it looks like: as into a cell that is formatted as text."""
        return self._cell("type_text", sheet=sheet, cell=cell, text=text)

    def type_number(self, sheet: str, cell: str, number: float) -> Cell:
        """A number, whatever the locale."""
        return self._cell("type_number", sheet=sheet, cell=cell, number=number)

    def type_formula(self, sheet: str, cell: str, formula: str) -> Cell:
        """A formula in English with semicolons, whatever the locale."""
        return self._cell("type_formula", sheet=sheet, cell=cell, formula=formula)

    def paste_text(self, sheet: str, cell: str, rows: Sequence[Sequence[str]]) -> list[list[Cell]]:
        """Plain text from another program, from this cell on: numbers are recognised, formulas are not."""
        found = self._do("paste_text", sheet=sheet, cell=cell, rows=[list(row) for row in rows])
        return [[Cell(**one) for one in row] for row in found]

    def fill(self, sheet: str, cell: str, rows: Sequence[Sequence[float | str | None]]) -> None:
        """Constants into many cells at once, from this one on, whatever the locale; None empties a cell."""
        self._do("fill", sheet=sheet, cell=cell, rows=[list(row) for row in rows])

    def clear(self, sheet: str, area: str) -> None:
        """The Delete key: contents go, comments and formats stay."""
        self._do("clear", sheet=sheet, area=area)

    def read(self, sheet: str, cell: str) -> Cell:
        return self._cell("read", sheet=sheet, cell=cell)

    def read_range(self, sheet: str, area: str) -> list[list[Cell]]:
        return [[Cell(**one) for one in row] for row in self._do("read_range", sheet=sheet, area=area)]

    def area(self, sheet: str, row: int, column: int, rows: int, columns: int) -> list[list[Any]]:
        """What cells show, counted from 0, all at once: blanks as empty texts, errors by their words."""
        found = self._do("area", sheet=sheet, row=row, column=column, rows=rows, columns=columns)
        return [list(line) for line in found]

    def put(self, sheet: str, row: int, column: int, rows: Sequence[Sequence[Any]]) -> None:
        """Cells from a cell on, as a macro would write them, in free cells or not.

        Args:
            rows: formulas as Excel writes them but without names of tables, texts after an apostrophe, numbers, and
                empty texts for blanks.
        """
        self._do("put", sheet=sheet, row=row, column=column, rows=[list(row) for row in rows])

    def add_comment(self, sheet: str, cell: str, text: str) -> None:
        self._do("comment", sheet=sheet, cell=cell, text=text)

    def set_colour(self, sheet: str, area: str, colour: str) -> None:
        """The ground of cells, as `#FFCC00`."""
        self._do("colour", sheet=sheet, area=area, colour=colour)

    # copying: one clipboard for all open workbooks

    def copy(self, sheet: str, area: str) -> None:
        """Ctrl+C on cells (`B6:N6`) or on whole rows (`6:8`)."""
        self._do("copy", sheet=sheet, area=area)

    def paste(self, sheet: str, cell: str) -> None:
        """Ctrl+V at a cell; what stands there is overwritten."""
        self._do("paste", sheet=sheet, cell=cell)

    def paste_values(self, sheet: str, cell: str) -> None:
        """Paste special, values only: formulas turn into what they showed."""
        self._do("paste_values", sheet=sheet, cell=cell)

    def copy_row(self, sheet: str, row: int, onto: int) -> None:
        """Ctrl+C on a whole row, hidden columns too, and Ctrl+V on another row."""
        self.copy(sheet, f"{row}:{row}")
        self.paste(sheet, f"A{onto}")

    def insert_copy_of_row(self, sheet: str, row: int) -> int:
        """A new row below a row, and the row copied onto it; returns the new row's number."""
        self.insert_rows(sheet, row + 1)
        self.copy_row(sheet, row, row + 1)
        return row + 1

    def drag_down(self, sheet: str, area: str, count: int) -> None:
        """Drag the corner of the selected cells down so many rows: series go on, so `R7` is followed by `R8`."""
        self._do("drag_down", sheet=sheet, area=area, count=count)

    # rows and columns

    def sort(self, sheet: str, area: str, by: str, ascending: bool = True, headers: bool = False) -> Sorted:
        """Sort the rows of the area by a column, given by its letter."""
        found = self._do("sort", sheet=sheet, area=area, by=by, ascending=ascending, headers=headers)
        return Sorted(*([Cell(**one) for one in column] for column in found))

    def filter(self, sheet: str, area: str, by: str, value: str | float) -> list[int]:
        """Show only the rows where the column has the value; the area begins with the headers. Returns rows hidden."""
        return list(self._do("filter", sheet=sheet, area=area, by=by, value=value))

    def insert_rows(self, sheet: str, row: int, count: int = 1) -> int:
        """Insert rows above the row; returns how many."""
        return int(self._do("insert_rows", sheet=sheet, row=row, count=count))

    def delete_rows(self, sheet: str, row: int, count: int = 1) -> int:
        """Delete rows, of those only the ones that a filter shows; returns how many."""
        return int(self._do("delete_rows", sheet=sheet, row=row, count=count))

    def insert_columns(self, sheet: str, column: str, count: int = 1) -> int:
        """Insert columns to the left of the column; returns how many."""
        return int(self._do("insert_columns", sheet=sheet, column=column, count=count))

    def delete_columns(self, sheet: str, column: str, count: int = 1) -> int:
        return int(self._do("delete_columns", sheet=sheet, column=column, count=count))

    def move_column(self, sheet: str, column: str, before: str) -> str:
        """Cut a column and insert it to the left of another; returns the letter it has now."""
        return str(self._do("move_column", sheet=sheet, column=column, before=before))

    def hide_column(self, sheet: str, column: str) -> None:
        self._do("show_column", sheet=sheet, column=column, visible=False)

    def show_column(self, sheet: str, column: str) -> None:
        self._do("show_column", sheet=sheet, column=column, visible=True)

    def set_width(self, sheet: str, column: str, millimetres: float) -> None:
        self._do("set_width", sheet=sheet, column=column, millimetres=millimetres)

    # sheets

    def sheets(self) -> list[str]:
        """Titles in their order, hidden sheets too."""
        return list(self._do("sheets"))

    def is_visible(self, sheet: str) -> bool:
        return bool(self._do("is_visible", sheet=sheet))

    def rename_sheet(self, sheet: str, name: str) -> None:
        self._do("rename_sheet", sheet=sheet, name=name)

    def move_sheet(self, sheet: str, position: int) -> None:
        """Drag the sheet's tab so that it is the position'th from 0."""
        self._do("move_sheet", sheet=sheet, position=position)

    def copy_sheet(self, sheet: str, name: str, position: int = 0) -> None:
        self._do("copy_sheet", sheet=sheet, name=name, position=position)

    def copy_sheet_to_new_file(self, sheet: str, path: Path) -> Path:
        """Move or copy the sheet to a new document, and save that."""
        self._do("copy_sheet_to_new_file", sheet=sheet, url=path.resolve().as_uri())
        return path

    def delete_sheet(self, sheet: str) -> None:
        self._do("delete_sheet", sheet=sheet)

    def add_sheet(self, name: str, position: int = 0) -> None:
        self._do("add_sheet", name=name, position=position)

    def is_protected(self, sheet: str) -> bool:
        return bool(self._do("is_protected", sheet=sheet))

    def unprotect(self, sheet: str) -> None:
        """Take the protection off; it has no password."""
        self._do("unprotect", sheet=sheet)

    # the workbook

    def names(self) -> dict[str, Area | None]:
        """Where each defined name of the workbook leads; None: nowhere any more."""
        return {name: tuple(area) if area else None for name, area in self._do("names").items()}

    def tables(self) -> dict[str, Area | None]:
        """Where each table stands, its header included."""
        return {name: tuple(area) if area else None for name, area in self._do("tables").items()}

    def undo(self) -> None:
        """Ctrl+Z."""
        self._do("undo")

    def recalculate(self) -> None:
        """Ctrl+Shift+F9: every formula anew. Otherwise only what an edit touches is computed."""
        self._do("recalculate")

    def calculate_at_once(self, is_on: bool) -> None:
        """Whether what depends on a cell is computed when the cell changes."""
        self._do("calculate_at_once", is_on=is_on)

    def calculate(self) -> None:
        """F9: what has waited to be computed."""
        self._do("calculate")

    def modules(self) -> dict[str, str]:
        """The source of each module of the VBA project, as LibreOffice has read it."""
        return dict(self._do("modules"))

    def buttons(self, sheet: str) -> dict[str, str]:
        """The macro of each button of a sheet, by what the button says."""
        return dict(self._do("buttons", sheet=sheet))

    def run(self, macro: str, *arguments: str) -> None:
        """Run a macro, such as `Module.Procedure`; whether it did anything is for the caller to see."""
        self._do("run", macro=macro, arguments=list(arguments))

    def save_as(self, path: Path) -> Path:
        """Save a copy as .xlsx; the workbook stays open."""
        self._do("save_as", url=path.resolve().as_uri())
        return path

    def close(self) -> None:
        self._session.ask("close", book=self._number)
