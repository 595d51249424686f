"""Excel on a desktop as xlwings sees it, with as much as we use of it and strict in that; LibreOffice computes.

Locked cells of a protected sheet take nothing, what Excel would read as something else than was meant is an error, and
whatever is asked for that Excel does not have raises as COM does. Nobody has compared it with an Excel.

    with office() as session, Excel(session, path) as excel:
        press(DesktopDesk(excel.book()), "recompute")
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import xlwings
from openpyxl.utils import get_column_letter
from xlwings import base_classes

from support import office
from support.hosts import FileHost
from taulukko.in_excel.desktop import ALLOWED, ERROR_CODES
from taulukko.program.pages import BRAND, LOG, RESULT

REFUSED, DENIED = -2147352567, -2147352573
"""What COM says of a call that failed, and of a name that an object does not have."""
ROOM = 1_000_000
"""Cells that may be read at once."""
MOST = 8_203
"""Characters of a text that goes into a cell together with other cells."""
ERRORS = {text: code - 2146828288 for code, text in ERROR_CODES.items()}
METHODS = ("Protect", "Unprotect", "Evaluate")
OPTIONS = {"FormattingCells": "formatCells", "FormattingColumns": "formatColumns", "FormattingRows": "formatRows"}
OPTIONS |= {"InsertingColumns": "insertColumns", "InsertingRows": "insertRows", "DeletingRows": "deleteRows"}
OPTIONS |= {"InsertingHyperlinks": "insertHyperlinks", "DeletingColumns": "deleteColumns", "Sorting": "sort"}
OPTIONS |= {"Filtering": "autoFilter", "UsingPivotTables": "pivotTables"}
_COLUMN = re.compile(r"(t_\w+)\[(\[#This Row\],)?\[?((?:'.|[^\[\]'])+)\]?\]")


class ComError(Exception):
    """As pywin32 raises it."""

    def __init__(self, hresult: int, text: str):
        self.hresult = hresult
        super().__init__(hresult, text, None, None)


def refuse(is_refused: bool, text: str) -> None:
    if is_refused:
        raise ComError(REFUSED, text)


@dataclass
class Page:
    """A sheet.

    Attributes:
        texts: formulas and constants by row and column, from 0.
        free: the cells that are not locked.
        protection: what it is protected with, by the names of Excel; None when it is not protected.
        visible: as COM tells it: -1, or 0 for a hidden one, or 2 for a very hidden one.
        coloured: the last row and column that have a colour, from 0.
    """

    title: str
    texts: dict[tuple[int, int], Any] = field(default_factory=dict)
    free: set[tuple[int, int]] = field(default_factory=set)
    protection: dict[str, bool] | None = None
    password: str = ""
    selection: int = 0
    visible: int = -1
    is_filtered: bool = False
    filtered_tables: int = 0
    formats: dict[tuple[int, int, int, int], str] = field(default_factory=dict)
    coloured: tuple[int, int] = (0, 0)


class Excel:
    """A running Excel with one open workbook.

    Attributes:
        alerts: what was shown in boxes: title and text.
        fails: asked before each change with what it is, such as `write` or `protect`, whether it fails.
        on_mac: whether objects answer as on a Mac.
    """

    def __init__(self, session: office.Session, path: Path):
        host, file = FileHost(path), openpyxl.load_workbook(path, keep_vba=True)
        self.path, self.calc = path, session.open(path, locale="en-US")
        self.pages: list[Page] = []
        self.tables: dict[str, tuple[str, int, int, int, list[str]]] = {}
        for sheet in file.worksheets:
            self._read(sheet, host)
        self.calc.recalculate()
        self.names = dict(host.targets)
        self.hidden_names: set[str] = set()
        self.active = file.active.title
        self.settings: dict[str, Any] = {"screen_updating": True, "enable_events": True, "display_alerts": True}
        self.settings["calculation"] = "automatic"
        self.read_only = self.shared = self.saved_at_once = self.closed_structure = self.on_mac = False
        self.alerts: list[tuple[str, str]] = []
        self.fails: Callable[[str], bool] = lambda _change: False

    def __enter__(self) -> Excel:
        return self

    def __exit__(self, *_: object) -> None:
        self.calc.close()

    def book(self) -> xlwings.Book:
        return xlwings.Book(impl=BookImpl(self))

    def page(self, title: str) -> Page:
        found = next((page for page in self.pages if page.title.lower() == title.lower()), None)
        if found is None:
            raise ComError(REFUSED, f"Invalid index {title}")
        return found

    def contents(self) -> dict[str, Any]:
        """All that a press could change, but for what formulas give."""
        pages = {page.title: (dict(page.texts), page.protection, page.selection, page.visible) for page in self.pages}
        names = {name: self.names[name] for name in (RESULT, LOG) if name in self.names}
        return {"pages": pages, "names": names, "settings": dict(self.settings), "active": self.active}

    def snapshot(self) -> dict[str, Any]:
        """All that a press could change."""
        values = {page.title: self.shown(page, 0, 0, 260, 40) for page in self.pages}
        return self.contents() | {"values": values}

    def shown(self, page: Page, row: int, column: int, rows: int, columns: int) -> list[list[Any]]:
        """What cells show: blanks as None, constants as they are."""
        found = self.calc.area(page.title, row, column, rows, columns)
        for down, line in enumerate(found):
            for right, value in enumerate(line):
                content = page.texts.get((row + down, column + right))
                if not is_formula(content):
                    line[right] = content
                elif isinstance(value, str) and value.startswith("Err:"):
                    line[right] = "#VALUE!"
        return found

    def type(self, title: str, row: int, column: int, content: Any) -> None:
        """What somebody types, wherever it may be."""
        self.store(self.page(title), row, column, [[content]])

    def store(self, page: Page, row: int, column: int, rows: Sequence[Sequence[Any]]) -> None:
        told = [[self._without_tables(one, page, row + down) for one in line] for down, line in enumerate(rows)]
        self.calc.put(page.title, row, column, told)
        for down, line in enumerate(rows):
            for right, content in enumerate(line):
                place = (row + down, column + right)
                page.texts.pop(place, None)
                if content != "":
                    page.texts[place] = content.removeprefix("'") if isinstance(content, str) else content

    def add(self, title: str, place: int) -> Page:
        self.calc.add_sheet(title, place)
        page = Page(title)
        self.pages.insert(place, page)
        self.active = title
        return page

    def rename(self, page: Page, title: str) -> None:
        self.calc.rename_sheet(page.title, title)
        self.active = title if self.active == page.title else self.active
        page.title = title

    def delete(self, page: Page) -> None:
        self.calc.delete_sheet(page.title)
        self.pages.remove(page)
        self.names = {
            name: "=#REF!$A$1" if target.startswith((f"={page.title}!", f"='{page.title}'!")) else target
            for name, target in self.names.items()
        }
        self.active = next(one.title for one in self.pages if one.visible == -1)

    def _read(self, sheet: Any, host: FileHost) -> None:
        page = Page(sheet.title, visible={"visible": -1, "hidden": 0, "veryHidden": 2}[sheet.sheet_state])
        for row, line in enumerate(host.texts[sheet.title]):
            page.texts |= {(row, column): content for column, content in enumerate(line) if content not in (None, "")}
        rows = sheet.iter_rows()
        page.free = {(one.row - 1, one.column - 1) for row in rows for one in row if not one.protection.locked}
        if sheet.protection.sheet:
            page.protection = {f"Allow{name}": not getattr(sheet.protection, key) for name, key in OPTIONS.items()}
            page.protection |= {"DrawingObjects": sheet.protection.objects, "Scenarios": sheet.protection.scenarios}
            page.protection["UserInterfaceOnly"] = False
            self.calc.unprotect(sheet.title)
        for table in sheet.tables.values():
            left, top, _, bottom = openpyxl.utils.range_boundaries(table.ref)
            headers = [column.name for column in table.tableColumns]
            self.tables[table.name] = (sheet.title, top, bottom, left, headers)
        self.pages.append(page)

    def _without_tables(self, content: Any, page: Page, row: int) -> Any:
        """A formula with addresses in place of columns of tables, which LibreOffice does not take from outside."""

        def address(found: re.Match[str]) -> str:
            title, top, bottom, left, headers = self.tables[found[1]]
            column = get_column_letter(left + headers.index(re.sub("'(.)", r"\1", found[3])))
            return f"${column}${row + 1}" if found[2] else f"'{title}'!${column}${top + 1}:${column}${bottom}"

        return _COLUMN.sub(address, content) if is_formula(content) else content


def is_formula(content: Any) -> bool:
    return isinstance(content, str) and content.startswith("=") and len(content) > 1


# what COM shows


class Api:
    """An object that has some names and denies all others, or as AppleScript has it, on a Mac."""

    def __init__(self, excel: Excel, **told: Any):
        object.__setattr__(self, "_excel", excel)
        object.__setattr__(self, "_told", told)

    def __getattr__(self, name: str) -> Any:
        if self._excel.on_mac:
            return Event(self._told, "".join(part.capitalize() for part in name.split("_")))
        if name not in self._told:
            raise ComError(DENIED, f"Member not found: {name}")
        found = self._told[name]
        return found() if callable(found) and name[0].isupper() and name not in METHODS else found

    def __setattr__(self, name: str, value: Any) -> None:
        self._told[f"set_{name}"](value)


class Event:
    def __init__(self, told: dict[str, Any], name: str):
        self.told, self.name = told, name

    def get(self) -> Any:
        found = self.told[self.name]
        return found() if callable(found) else found


def sheet_api(excel: Excel, page: Page) -> Api:
    def protected(name: str) -> Callable[[], bool]:
        return lambda: bool(page.protection and page.protection[name])

    def unprotect(password: str) -> None:
        refuse(excel.fails("unprotect") or password != page.password, "Unprotect method of Worksheet class failed")
        page.protection = None

    def protect(Contents: bool, **options: bool) -> None:
        refuse(excel.fails("protect"), "Protect method of Worksheet class failed")
        assert Contents
        names = {*(f"Allow{name}" for name in ALLOWED), "DrawingObjects", "Scenarios", "UserInterfaceOnly"}
        assert options.keys() <= names
        page.protection = {name: bool(options.get(name, name == "DrawingObjects")) for name in names}
        page.selection = 0

    filters = [Api(excel, ShowAutoFilter=False)] if page.filtered_tables else []
    filters += [
        Api(excel, ShowAutoFilter=True, AutoFilter=Api(excel, FilterMode=True)) for _ in range(page.filtered_tables)
    ]
    allowed = {f"Allow{name}": protected(f"Allow{name}") for name in ALLOWED}
    return Api(
        excel,
        Protect=protect,
        Unprotect=unprotect,
        ProtectContents=lambda: page.protection is not None,
        ProtectDrawingObjects=protected("DrawingObjects"),
        ProtectScenarios=protected("Scenarios"),
        ProtectionMode=protected("UserInterfaceOnly"),
        Protection=Api(excel, **allowed),
        EnableSelection=lambda: page.selection,
        set_EnableSelection=lambda value: setattr(page, "selection", value),
        FilterMode=lambda: page.is_filtered,
        ListObjects=filters,
    )


# what xlwings asks for


class EngineImpl:
    name, type = "excel", "desktop"

    @staticmethod
    def prepare_xl_data_element(value: Any, _options: Any) -> Any:
        return "" if value is None else value

    @staticmethod
    def clean_value_data(rows: Any, *_: Any) -> Any:
        return [list(row) for row in rows]


class AppImpl(base_classes.App):
    engine = EngineImpl()
    pid = 1

    def __init__(self, excel: Excel):
        self.excel = excel

    @property
    def api(self) -> Any:
        return Api(self.excel, UserName="Maija", Evaluate=self.evaluate, evaluate=self.evaluate)

    def evaluate(self, name: str) -> float:
        """What `COUNTA` gives of some cells, however many."""
        title, area = re.fullmatch(r"COUNTA\('(.+)'!([$A-Z0-9:]+)\)", name).groups()
        left, top, right, bottom = openpyxl.utils.range_boundaries(area)
        places = self.excel.page(title.replace("''", "'")).texts
        return float(sum(top <= row + 1 <= bottom and left <= column + 1 <= right for row, column in places))

    def calculate(self) -> None:
        refuse(self.excel.fails("calculate"), "Calculate method failed")
        self.excel.calc.calculate()

    def alert(self, prompt: str, title: str, *_: object) -> None:
        refuse(self.excel.fails("alert"), "no window")
        self.excel.alerts.append((title, prompt))


def _setting(name: str) -> property:
    def change(self: AppImpl, value: Any) -> None:
        refuse(self.excel.fails(name), f"Unable to set the {name} property")
        self.excel.settings[name] = value
        if name == "calculation":
            self.excel.calc.calculate_at_once(value == "automatic")

    return property(lambda self: self.excel.settings[name], change)


for _name in ("screen_updating", "enable_events", "display_alerts", "calculation"):
    setattr(AppImpl, _name, _setting(_name))


class BookImpl(base_classes.Book):
    def __init__(self, excel: Excel):
        self.excel = excel
        self.name, self.app = excel.path.name, AppImpl(excel)  # type: ignore[assignment]

    name, app = "", None

    @property
    def api(self) -> Any:
        one = self.excel
        shared = {"MultiUserEditing": one.shared, "AutoSaveOn": one.saved_at_once}
        return Api(one, ReadOnly=one.read_only, ProtectStructure=one.closed_structure, **shared)

    @property
    def sheets(self) -> SheetsImpl:
        return SheetsImpl(self.excel)

    @property
    def names(self) -> NamesImpl:
        return NamesImpl(self.excel)


class NamesImpl(base_classes.Names):
    def __init__(self, excel: Excel):
        self.excel = excel

    def __len__(self) -> int:
        return len(self.excel.names)

    def __call__(self, key: int | str) -> NameImpl:
        return NameImpl(self.excel, list(self.excel.names)[key - 1] if isinstance(key, int) else key)

    def contains(self, name: str) -> bool:
        return name in self.excel.names

    def add(self, name: str, refers_to: str) -> NameImpl:
        refuse(self.excel.fails("name"), "The syntax of this name isn't correct")
        self.excel.names[name] = refers_to
        return NameImpl(self.excel, name)

    def snapshot(self) -> list[tuple[str, NameImpl]]:
        return [(name, NameImpl(self.excel, name)) for name in self.excel.names]


class NameImpl(base_classes.Name):
    name = ""

    def __init__(self, excel: Excel, name: str):
        self.excel, self.name = excel, name

    @property
    def api(self) -> Any:
        return Api(self.excel, set_Visible=self._show)

    def _show(self, is_visible: bool) -> None:
        (self.excel.hidden_names.discard if is_visible else self.excel.hidden_names.add)(self.name)

    @property
    def refers_to(self) -> str:
        return self.excel.names[self.name]

    @refers_to.setter
    def refers_to(self, target: str) -> None:
        refuse(self.excel.fails("name"), "The syntax of this name isn't correct")
        self.excel.names[self.name] = target

    def delete(self) -> None:
        del self.excel.names[self.name]


class SheetsImpl(base_classes.Sheets):
    def __init__(self, excel: Excel):
        self.excel = excel

    def __len__(self) -> int:
        return len(self.excel.pages)

    def __iter__(self) -> Iterator[SheetImpl]:
        return (SheetImpl(self.excel, page) for page in list(self.excel.pages))

    def __call__(self, key: int | str) -> SheetImpl:
        return SheetImpl(self.excel, self.excel.pages[key - 1] if isinstance(key, int) else self.excel.page(key))

    @property
    def active(self) -> SheetImpl:
        return self(self.excel.active)

    def add(self, before: SheetImpl | None, after: SheetImpl | None, name: str | None) -> SheetImpl:  # type: ignore[override]
        excel = self.excel
        refuse(excel.fails("add") or excel.closed_structure, "Add method of Sheets class failed")
        pages = excel.pages
        if after and after.page is pages[-1]:
            refuse(after.page.visible == 2, "Move method of Worksheet class failed")
        place = pages.index(before.page) if before else pages.index(after.page) + 1 if after else 0
        assert name is None
        taken = {page.title for page in pages}
        return SheetImpl(excel, excel.add(next(f"Sheet{n}" for n in range(1, 999) if f"Sheet{n}" not in taken), place))


class SheetImpl(base_classes.Sheet):
    def __init__(self, excel: Excel, page: Page):
        self.excel, self.page = excel, page

    @property
    def api(self) -> Any:
        return sheet_api(self.excel, self.page)

    @property
    def name(self) -> str:
        return self.page.title

    @name.setter
    def name(self, title: str) -> None:
        taken = title.lower() in {page.title.lower() for page in self.excel.pages}
        refuse(self.excel.fails("rename") or taken or len(title) > 31, "That name is already taken")
        self.excel.rename(self.page, title)

    @property
    def book(self) -> BookImpl:
        return BookImpl(self.excel)

    @property
    def visible(self) -> int:
        return self.page.visible

    @visible.setter
    def visible(self, is_visible: bool) -> None:
        refuse(self.excel.closed_structure, "Unable to set the Visible property")
        self.page.visible = -1 if is_visible else 0

    def activate(self) -> None:
        refuse(self.page.visible != -1, "Activate method of Worksheet class failed")
        self.excel.active = self.page.title

    def delete(self) -> None:
        refuse(self.excel.fails("delete") or self.excel.settings["display_alerts"], "somebody was asked")
        self.excel.delete(self.page)

    @property
    def tables(self) -> TablesImpl:
        return TablesImpl([name for name, (title, *_) in self.excel.tables.items() if title == self.page.title])

    @property
    def used_range(self) -> RangeImpl:
        places = self.page.texts or {(0, 0): None}
        rows, columns = zip(*places, strict=True)
        down, right = self.page.coloured
        first, last = (min(rows), min(columns)), (max(*rows, down), max(*columns, right))
        return RangeImpl(self, *first, last[0] - first[0] + 1, last[1] - first[1] + 1)

    def range(self, first: Any, last: Any = None) -> RangeImpl:
        corners = (one.corner if isinstance(one, RangeImpl) else one for one in (first, last or first))
        (row, column), (bottom, right) = corners
        return RangeImpl(self, row - 1, column - 1, bottom - row + 1, right - column + 1)


class TablesImpl(base_classes.Tables):
    def __init__(self, names: list[str]):
        self.of = names

    def __len__(self) -> int:
        return len(self.of)

    def __iter__(self) -> Iterator[TableImpl]:
        return map(TableImpl, self.of)

    def __call__(self, key: int) -> TableImpl:
        return TableImpl(self.of[key - 1])


class TableImpl(base_classes.Table):
    name = ""

    def __init__(self, name: str):
        self.name = name


class FontImpl(base_classes.Font):
    bold = None


class RangeImpl(base_classes.Range):
    """Cells; `place` is counted from 0."""

    options: dict[str, Any] = {}

    def __init__(self, sheet: SheetImpl, row: int, column: int, rows: int, columns: int):
        self.sheet, self.place, self.shape = sheet, (row, column), (rows, columns)  # type: ignore[assignment]
        self.page, self.excel = sheet.page, sheet.excel

    sheet, shape = None, (0, 0)

    @property
    def corner(self) -> tuple[int, int]:
        return self.row, self.column

    @property
    def row(self) -> int:
        return self.place[0] + 1

    @property
    def column(self) -> int:
        return self.place[1] + 1

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int) -> RangeImpl:  # type: ignore[override]
        return RangeImpl(self.sheet, self.place[0] + row - 1, self.place[1] + column - 1, 1, 1)  # type: ignore[arg-type]

    @property
    def address(self) -> str:
        first, last = self.corner, (self.row + self.shape[0] - 1, self.column + self.shape[1] - 1)
        return ":".join(f"${get_column_letter(column)}${row}" for row, column in (first, last))

    @property
    def api(self) -> Any:
        return Api(self.excel, Value2=self._plain, StringValue=self._texts)

    @property
    def raw_value(self) -> Any:
        refuse(self.excel.fails("read"), "Call was rejected by callee")
        return [[None if is_error(value) else value for value in row] for row in self._shown()]

    @property
    def formula(self) -> Any:
        contents = [[self.page.texts.get(place, "") for place in line] for line in self._places()]
        return self._told([[_written(content) for content in line] for line in contents])

    @formula.setter
    def formula(self, rows: Any) -> None:
        if self.excel.fails("write"):
            self._store(rows[:1])
            raise ComError(REFUSED, "Exception occurred.")
        self._store(rows)

    number_format = property(lambda self: None, lambda self, text: self._format(text))
    column_width = property(lambda self: None, lambda self, width: None)
    font = property(lambda self: FontImpl())

    def _format(self, text: str) -> None:
        refuse(self.page.protection is not None, "Unable to set the NumberFormat property")
        self.page.formats[*self.place, *self.shape] = text

    def _store(self, rows: Any) -> None:
        assert [len(row) for row in rows] == [self.shape[1]] * len(rows)
        locked = any(place not in self.page.free for line in self._places() for place in line)
        refuse(self.page.protection is not None and locked, "The cell is protected")
        for content in (one for row in rows for one in row if isinstance(one, str)):
            refuse(len(content) > MOST, "Exception occurred.")
            is_plain = content in ("", *ERRORS) or content.startswith(("=", "'", BRAND))
            assert is_plain, f"Excel would guess what {content} is"
        self.excel.store(self.page, *self.place, rows)

    def _places(self) -> list[list[tuple[int, int]]]:
        (row, column), (rows, columns) = self.place, self.shape
        return [[(row + down, column + right) for right in range(columns)] for down in range(rows)]

    def _shown(self) -> list[list[Any]]:
        assert len(self) <= ROOM, "more than a computer holds"
        return self.excel.shown(self.page, *self.place, *self.shape)

    def _plain(self) -> Any:
        refuse(self.excel.fails("read"), "Call was rejected by callee")
        return self._told([[_plain(value) for value in row] for row in self._shown()])

    def _texts(self) -> Any:
        return [["" if value is None else str(value) for value in row] for row in self._shown()]

    def _told(self, rows: list[list[Any]]) -> Any:
        return rows[0][0] if self.shape == (1, 1) else tuple(map(tuple, rows))


def is_error(value: Any) -> bool:
    return isinstance(value, str) and value in ERRORS


def _plain(value: Any) -> Any:
    """As `Value2` has it: numbers with decimals, errors as whole numbers."""
    if isinstance(value, bool) or value is None:
        return value
    return float(value) if isinstance(value, int) else ERRORS.get(value, value) if isinstance(value, str) else value


def _written(content: Any) -> str:
    """As `Formula` has a constant."""
    if isinstance(content, bool):
        return str(content).upper()
    return f"{content:.15g}" if isinstance(content, int | float) else content
