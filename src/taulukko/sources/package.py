"""A light, defensive reader of .xlsx packages: each cell's value and formula text, defined names, tables.

Files come from anybody's mail: sizes are limited before anything is unpacked, and XML entities are refused.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from taulukko.errors import TaulukkoError
from taulukko.sources.references import Area, area_of, moved, position

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
THREADED = "{http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments}"
CORE = "docProps/core.xml"
LARGEST = 200 * 1024 * 1024
LAST_ROW, LAST_COLUMN = 1_048_575, 16_383
RATIO = 200
"""Bytes unpacked for each byte packed; a workbook of ours has about 8, LibreOffice's copy of it about 10."""

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_DAMAGE: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    DefusedXmlException,
    OSError,
    EOFError,
    ValueError,
    LookupError,
    RuntimeError,
)


class WorkbookError(TaulukkoError):
    """A file that cannot be read as a workbook of ours.

    Attributes:
        code: `unreadable`, `not_ours` or `other_version`.
    """

    def __init__(self, code: str, found: str = "", expected: str = ""):
        self.code, self.found, self.expected = code, found, expected
        super().__init__(f"{code}: {found}")


class Cell(NamedTuple):
    """What a file holds in one cell; a blank one is None, as is an error, whose name is then in `error`."""

    value: float | str | bool | None
    formula: str | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class TableFound:
    """A table of a file; the area includes its header."""

    sheet: str
    area: Area
    columns: tuple[str, ...]


Cells = dict[tuple[int, int], Cell]
BLANK = Cell(None)


@dataclass(slots=True)
class Package:
    """One workbook file.

    Attributes:
        sheets: part of each worksheet by its title, in their order.
        names: where each defined name of the whole workbook leads, by its name in lower case.
        tables: by name in lower case.
    """

    path: Path
    sheets: dict[str, str] = field(default_factory=dict)
    names: dict[str, tuple[str, Area]] = field(default_factory=dict)
    tables: dict[str, TableFound] = field(default_factory=dict)
    _texts: list[str] = field(default_factory=list)
    _cells: dict[str, Cells] = field(default_factory=dict)
    _core: dict[str, str] | None = None

    @property
    def saved(self) -> datetime | None:
        """When the file was last saved, in UTC; None when it does not say."""
        try:
            when = datetime.fromisoformat(self._property("modified"))
            return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            return None

    @property
    def saved_by(self) -> str:
        """Who saved the file last, by the name the program knows; empty when it does not say."""
        return self._property("lastModifiedBy").strip()

    def _property(self, name: str) -> str:
        if self._core is None:
            with _opened(self.path) as book:
                self._core = dict(_read_core(book))
        return self._core.get(name, "")

    def comments(self, sheet: str) -> dict[tuple[int, int], str]:
        """The comments of a sheet's cells, by row and column from 0, the replies of a thread each on its own lines."""
        with _opened(self.path) as book:
            return dict(_read_comments(book, self.sheets[sheet]))

    def is_protected(self, sheet: str) -> bool:
        """Whether the locked cells of a sheet cannot be written in."""
        with _opened(self.path) as book:
            found = next(_elements(book, self.sheets[sheet], "sheetProtection"), None)
            return found is not None and found.get("sheet") in ("1", "true")

    def cells(self, sheet: str) -> Cells:
        """The filled cells of a sheet, by row and column from 0; read on first use."""
        if sheet not in self._cells:
            with _opened(self.path) as book:
                self._cells[sheet] = dict(_read_cells(book, self.sheets[sheet], self._texts))
        return self._cells[sheet]

    def rows(self, sheet: str, area: Area) -> range:
        """The rows of an area, as far as the sheet has any cell."""
        return range(area.top, min(area.bottom, max((row for row, _ in self.cells(sheet)), default=-1)) + 1)

    def area(self, name: str) -> tuple[str, Area] | None:
        """Sheet and area of a defined name, unless the name or its sheet is gone."""
        found = self.names.get(name.lower())
        return found if found and found[0] in self.sheets else None

    def at(self, name: str) -> Cell:
        """The upper left cell of a defined name; blank when the name is gone."""
        found = self.area(name)
        return self.cells(found[0]).get((found[1].top, found[1].left), BLANK) if found else BLANK


def open_package(path: Path) -> Package:
    """Read what a workbook consists of.

    Raises:
        WorkbookError: `unreadable`: not a zip, damaged, too large, or no workbook.
    """
    package = Package(path)
    with _opened(path) as book:
        parts = {kind: part for _, kind, part in _relations(book, "xl/workbook.xml")}
        targets = {key: part for key, _, part in _relations(book, "xl/workbook.xml")}
        for element in _elements(book, "xl/workbook.xml", "sheet", "definedName"):
            if element.tag == MAIN + "sheet":
                part = targets[element.attrib[RELATION]]
                if "/worksheets/" in part:
                    package.sheets[element.attrib["name"]] = part
            elif "localSheetId" not in element.attrib and (target := area_of(element.text or "")):
                package.names[element.attrib["name"].lower()] = target
        if "sharedStrings" in parts:
            package._texts = [_text(item) for item in _elements(book, parts["sharedStrings"], "si")]
        for sheet, part in package.sheets.items():
            for _, kind, table in _relations(book, part):
                if kind == "table":
                    package.tables |= _read_table(book, table, sheet)
    return package


class _opened:
    """A zip file within the limits; whatever damage is met while it is open becomes a WorkbookError."""

    def __init__(self, path: Path):
        self.path = path
        self.book: zipfile.ZipFile | None = None

    def __enter__(self) -> zipfile.ZipFile:
        try:
            self.book = zipfile.ZipFile(self.path)
        except _DAMAGE as error:
            raise WorkbookError("unreadable", _said(error)) from error
        parts = self.book.infolist()
        size, packed = sum(p.file_size for p in parts), sum(p.compress_size for p in parts)
        if size > LARGEST or size > RATIO * max(packed, 1):
            self.book.close()
            raise WorkbookError("unreadable", f"{size} bytes", f"{LARGEST} bytes, {RATIO}:1")
        return self.book

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if self.book:
            self.book.close()
        if isinstance(error, _DAMAGE):
            raise WorkbookError("unreadable", _said(error)) from error


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:200]


def _elements(book: zipfile.ZipFile, part: str, *tags: str) -> Iterator[Element]:
    """The elements with one of the tags, one at a time, each forgotten when the next is asked for."""
    wanted = {MAIN + tag for tag in tags}
    with book.open(part) as stream:
        yield from _stream(stream, wanted)


def _stream(stream: IO[bytes], wanted: set[str]) -> Iterator[Element]:
    path: list[Element] = []
    for event, element in iterparse(stream, events=("start", "end")):
        if event == "start":
            path.append(element)
            continue
        path.pop()
        if element.tag in wanted:
            yield element
            element.clear()
            if path:
                path[-1].remove(element)


def _relations(book: zipfile.ZipFile, part: str) -> list[tuple[str, str, str]]:
    """Id, kind and target part of each relation of a part."""
    place = PurePosixPath(part)
    name = str(place.parent / "_rels" / f"{place.name}.rels")
    if name not in book.namelist():
        if part == "xl/workbook.xml":
            raise WorkbookError("unreadable", name)
        return []
    found = []
    with book.open(name) as stream:
        for _, element in iterparse(stream):
            if element.tag.endswith("}Relationship") and element.get("TargetMode") != "External":
                target = _joined(place.parent, element.attrib["Target"])
                found.append((element.attrib["Id"], element.attrib["Type"].rpartition("/")[2], target))
    return found


def _joined(folder: PurePosixPath, target: str) -> str:
    """A relation's target as a part name: relative to the folder, or from the root when it starts with a slash."""
    parts: list[str] = []
    for piece in PurePosixPath("/", folder, target).parts[1:]:
        parts = parts[:-1] if piece == ".." else [*parts, piece]
    return "/".join(parts)


def _read_core(book: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The properties of the file, such as `modified`, by name."""
    if CORE in book.namelist():
        with book.open(CORE) as stream:
            for _, element in iterparse(stream):
                yield element.tag.rpartition("}")[2], element.text or ""


def _read_comments(book: zipfile.ZipFile, part: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Comments, then threads of comments, which stand in the place of the comment that older programs show for them."""
    parts = {kind: target for _, kind, target in _relations(book, part)}
    if "comments" in parts:
        for element in _elements(book, parts["comments"], "comment"):
            yield position(element.attrib["ref"]), _text(element)
    threads: dict[tuple[int, int], list[str]] = {}
    if "threadedComment" in parts:
        with book.open(parts["threadedComment"]) as stream:
            for element in _stream(stream, {THREADED + "threadedComment"}):
                said = element.findtext(THREADED + "text") or ""
                threads.setdefault(position(element.attrib["ref"]), []).append(said)
    yield from ((place, "\n".join(said)) for place, said in threads.items())


def _read_table(book: zipfile.ZipFile, part: str, sheet: str) -> dict[str, TableFound]:
    columns: list[str] = []
    for element in _elements(book, part, "tableColumn", "table"):
        if element.tag == MAIN + "tableColumn":
            columns.append(_unescaped(element.attrib["name"]))
        else:
            area = area_of(f"x!{element.attrib['ref']}")
            name = element.get("displayName") or element.attrib["name"]
            return {name.lower(): TableFound(sheet, area[1], tuple(columns))} if area else {}
    return {}


def _read_cells(book: zipfile.ZipFile, part: str, texts: list[str]) -> Iterator[tuple[tuple[int, int], Cell]]:
    shared: dict[str, tuple[tuple[int, int], str]] = {}
    for row in _elements(book, part, "row"):
        for cell in row.iter(MAIN + "c"):
            place = position(cell.attrib["r"])
            if not (0 <= place[0] <= LAST_ROW and 0 <= place[1] <= LAST_COLUMN):
                raise ValueError(cell.attrib["r"])
            formula = _formula(cell.find(MAIN + "f"), place, shared)
            value, error = _value(cell, texts)
            if value is not None or error or formula is not None:
                yield place, Cell(value, formula, error)


def _formula(
    element: Element | None, place: tuple[int, int], shared: dict[str, tuple[tuple[int, int], str]]
) -> str | None:
    """The text of a cell's formula; one shared with the cells around it is moved here from where it is written."""
    if element is None:
        return None
    text, index = _unescaped(element.text or ""), element.get("si", "")
    if element.get("t") != "shared":
        return text
    if text:
        shared[index] = (place, text)
        return text
    first, text = shared[index]
    return moved(text, place[0] - first[0], place[1] - first[1])


def _value(cell: Element, texts: list[str]) -> tuple[float | str | bool | None, str]:
    kind, text = cell.get("t", "n"), cell.findtext(MAIN + "v")
    if kind == "inlineStr":
        return _text(cell) or None, ""
    if text is None or text == "":
        return None, ""
    match kind:
        case "s":
            return texts[int(text)] or None, ""
        case "str":
            return _unescaped(text), ""
        case "b":
            return text in ("1", "true"), ""
        case "e":
            return None, text
    return float(text), ""


def _text(item: Element) -> str:
    """The text of all runs, without phonetic hints."""
    hints = {id(t) for hint in item.iter(MAIN + "rPh") for t in hint.iter(MAIN + "t")}
    return _unescaped("".join(t.text or "" for t in item.iter(MAIN + "t") if id(t) not in hints))


def _unescaped(text: str) -> str:
    """A character that XML cannot hold is written _x000D_."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


__all__ = ["BLANK", "Area", "Cell", "Cells", "Package", "TableFound", "WorkbookError", "open_package"]
