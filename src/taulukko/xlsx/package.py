"""A light, defensive reader of .xlsx packages: cells, defined names, tables, comments, who saved it.

Files come from anybody's mail; `container` says what is refused, `limits` how much is read, `cells` what a cell is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import IO, ClassVar

from taulukko.errors import Finding, WorkbookError
from taulukko.formula.addresses import address
from taulukko.formula.references import Area, area_of
from taulukko.xlsx.cells import BLANK, MAIN, Cell, Cells, Place, Room, place_of, read_cells, unescaped
from taulukko.xlsx.container import Container, Relation, damage
from taulukko.xlsx.formulas import asks_outside, asks_program, links_out
from taulukko.xlsx.limits import NAMES, SHEETS
from taulukko.xlsx.markup import leaves, read_markup, starts
from taulukko.xlsx.ods import CONTENT, Sheets, read_sheets
from taulukko.xlsx.properties import Properties, properties_of
from taulukko.xlsx.scan import LARGEST, Numbered, Scanned, may_lead_out, numbered, scan_cells, scan_texts, without_cells
from taulukko.xlsx.texts import read_texts, runs_of

_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main}workbook"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_THREAD, _SAID = (
    f"http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments}}{name}"
    for name in ("threadedComment", "text")
)
_SHEET, _NAME, _LINK, _WORKBOOK = (MAIN + name for name in ("sheet", "definedName", "externalReference", "workbook"))
_TABLE, _COLUMN, _COMMENT = (MAIN + name for name in ("table", "tableColumn", "comment"))
_PROTECTION = MAIN + "sheetProtection"


@dataclass(frozen=True, slots=True)
class TableFound:
    """A table of a file; the area includes its header."""

    sheet: str
    area: Area
    columns: tuple[str, ...]


@dataclass
class Package:
    """One workbook file.

    Attributes:
        sheets: part of each worksheet by its title, in their order.
        names: what each defined name of the whole workbook stands for, by its name in lower case.
        tables: by name in lower case.
        links: where its links to other files lead, by their numbers from 1 in formulas.
        sees_formulas: whether formulas are spelled so that they can be told from one another.
    """

    sees_formulas: ClassVar[bool] = True
    path: Path
    container: Container
    sheets: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    tables: dict[str, TableFound] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    _room: Room = field(default_factory=Room)
    _cells: dict[str, Cells] = field(default_factory=dict)
    _rows: dict[str, list[int]] = field(default_factory=dict)
    _areas: dict[str, tuple[str, Area] | None] = field(default_factory=dict)
    _asking: list[str] = field(default_factory=list)

    def cells(self, sheet: str) -> Cells:
        """The filled cells of a sheet, by row and column from 0; read on first use.

        Raises:
            WorkbookError: `too_large` or `unreadable`.
        """
        if sheet not in self._cells:
            with damage():
                found = self._scanned(sheet)
                if found is None:
                    self.take(sheet, self._read(sheet))
                else:
                    self._cells[sheet] = found
        return self._cells[sheet]

    def take(self, sheet: str, cells: Cells) -> None:
        """Keep the cells of a sheet, and remember which of them ask another program."""
        self._cells[sheet] = cells
        for (row, column), cell in cells.items():
            if cell.formula and asks_program(cell.formula, self._titles):
                self._asking.append(f"{sheet}!{address(row, column)}")

    def _scanned(self, sheet: str) -> Cells | None:
        part = self.sheets[sheet]
        if self.container.size(part) > LARGEST:
            return None
        return scan_cells(self.container.small(part), self._numbered, self._room)

    def _read(self, sheet: str) -> Cells:
        with self.container.stream(self.sheets[sheet]) as stream:
            return read_cells(stream, self._texts, self._room)

    def check_formulas(self, inputs: Collection[str] = ()) -> None:
        """Look at the formulas of all sheets, of which one in an input cell does no harm: nothing is taken from it.

        Args:
            inputs: `Sheet!A1` of each input cell.

        Raises:
            WorkbookError: `dangerous` when one starts another program, with its cell.
        """
        for sheet, part in self.sheets.items():
            if sheet not in self._cells:
                with damage():
                    large = self.container.size(part) > LARGEST
                    if large or may_lead_out(self.container.small(part)):
                        self.cells(sheet)
        for place in self._asking:
            if place not in inputs:
                raise WorkbookError(Finding("dangerous", place=place, found="formula"))

    def asks_outside(self, formula: str) -> bool:
        """Whether a formula gets its value from outside of the workbook."""
        return asks_outside(formula, self._titles, self.links)

    def linked(self) -> Iterator[str]:
        """`Sheet!A1` of each cell that refers to another file."""
        for sheet in self.sheets if self.links else ():
            for (row, column), cell in self.cells(sheet).items():
                if cell.formula and links_out(cell.formula, self.links):
                    yield f"{sheet}!{address(row, column)}"

    def rows(self, sheet: str, area: Area) -> list[int]:
        """The rows of an area in which the sheet has any cell, in their order."""
        if sheet not in self._rows:
            cells = self.cells(sheet)
            self._rows[sheet] = cells.rows() if isinstance(cells, Scanned) else sorted({row for row, _ in cells})
        return [row for row in self._rows[sheet] if area.top <= row <= area.bottom]

    def rename(self, spelled: Mapping[str, str]) -> None:
        """Call some names otherwise, each by what it is called now."""
        self.names = {spelled.get(name, name): target for name, target in self.names.items()}
        self._areas.clear()

    def area(self, name: str) -> tuple[str, Area] | None:
        """Sheet and area of a defined name, unless the name or its sheet is gone."""
        name = name.lower()
        if name not in self._areas:
            found = area_of(self.names.get(name, ""))
            self._areas[name] = found if found and found[0] in self.sheets else None
        return self._areas[name]

    def at(self, name: str) -> Cell:
        """The upper left cell of a defined name; blank when the name is gone."""
        found = self.area(name)
        return self.cells(found[0]).get((found[1].top, found[1].left), BLANK) if found else BLANK

    def comments(self, sheet: str) -> dict[Place, str]:
        """The comments of a sheet's cells, by row and column from 0, the replies of a thread each on its own lines.

        A thread stands in the place of the comment that older programs show for it.
        """
        with damage():
            parts = {one.kind: one.target for one in self.container.relations(self.sheets[sheet])}
            found = {}
            if "comments" in parts:
                texts, places = runs_of(BytesIO(self.container.small(parts["comments"])), _COMMENT, self._room)
                found = {place_of(place["ref"]): text for text, place in zip(texts, places, strict=True)}
            return found | self._threads(parts.get("threadedComment", ""))

    def is_protected(self, sheet: str) -> bool:
        """Whether the locked cells of a sheet cannot be written in."""
        found: list[Mapping[str, str]] = []

        def start(name: str, attributes: Mapping[str, str]) -> None:
            if name == _PROTECTION:
                found[:] = [attributes]

        with damage(), self.around_cells(sheet) as stream:
            read_markup(stream, start)
        return bool(found) and found[0].get("sheet") in ("1", "true")

    def around_cells(self, sheet: str) -> IO[bytes]:
        """A sheet, of one that is not large without its cells."""
        part = self.sheets[sheet]
        if self.container.size(part) > LARGEST:
            return self.container.stream(part)
        return BytesIO(without_cells(self.container.small(part)))

    @property
    def saved(self) -> datetime | None:
        """When the file was last saved, in UTC; None when it does not say."""
        return self._properties.saved

    @property
    def saved_by(self) -> str:
        """Who saved the file last, by the name the program knows; empty when it does not say."""
        return self._properties.saver.strip()

    @property
    def is_as_created(self) -> bool:
        """Whether the file says that it was saved when it was made."""
        created, modified, _ = self._properties
        return created is not None and created == modified

    @cached_property
    def _properties(self) -> Properties:
        with damage():
            return properties_of(self.container)

    @cached_property
    def _numbered(self) -> Numbered:
        return numbered(self._texts)

    @cached_property
    def _titles(self) -> frozenset[str]:
        return frozenset(sheet.lower() for sheet in self.sheets)

    def _threads(self, part: str) -> dict[Place, str]:
        said: dict[Place, list[str]] = {}
        if part:
            place: Place = (0, 0)
            for name, attributes, text in leaves(self.container.small(part), _THREAD, _SAID):
                if name == _THREAD:
                    place = place_of(attributes["ref"])
                else:
                    said.setdefault(place, []).append(text)
        return {place: "\n".join(texts) for place, texts in said.items()}


@dataclass
class OpenDocument(Package):
    """An OpenDocument spreadsheet (.ods): all its sheets stand in one part, and are read at once.

    Of its formulas it can only be told that they are formulas.
    """

    sees_formulas = False
    found: Sheets = field(default_factory=Sheets)

    def comments(self, sheet: str) -> dict[Place, str]:
        """The comments of a sheet's cells, by row and column from 0."""
        return self.found.comments[sheet]

    def is_protected(self, sheet: str) -> bool:
        """Whether the locked cells of a sheet cannot be written in."""
        return sheet in self.found.protected


def open_package(path: Path) -> Package:
    """Read what a workbook consists of.

    Raises:
        WorkbookError: `encrypted`, `old_format`, `other_format`, `too_large`, `dangerous` or `unreadable`.
    """
    container = Container(path)
    with damage():
        if container.is_ods:
            return _opened_ods(path, container)
        container.check_relations()
        package = Package(path, container)
        workbook = container.workbook
        relations = container.relations(workbook)
        _read_workbook(package, workbook, {one.key: one for one in relations})
        for one in relations:
            if one.kind == "sharedStrings":
                package._texts = _texts(container, one.target, package._room)
        for sheet, part in package.sheets.items():
            for one in container.relations(part):
                if one.kind == "table":
                    package.tables |= _read_table(container, one.target, sheet)
    return package


def _opened_ods(path: Path, container: Container) -> OpenDocument:
    package = OpenDocument(path, container)
    with container.stream(CONTENT) as stream:
        found = package.found = read_sheets(stream, package._room)
    package.sheets = dict.fromkeys(found.cells, CONTENT)
    package.names, package.links = found.names, found.links
    package.tables = {name: TableFound(sheet, area, ()) for name, (sheet, area) in found.tables.items()}
    if not package.sheets:
        raise WorkbookError(Finding("unreadable", found="no sheets"))
    for sheet, cells in found.cells.items():
        package.take(sheet, cells)
    return package


def _read_workbook(package: Package, part: str, relations: Mapping[str, Relation]) -> None:
    """Titles and parts of the worksheets; names of the whole workbook."""
    elements = leaves(package.container.small(part), _SHEET, _NAME, _LINK, _WORKBOOK, _STRICT)
    if elements[0][0] == _STRICT:
        raise WorkbookError(Finding("other_format", found="strict"))
    sheets = [attributes for name, attributes, _ in elements if name == _SHEET]
    SHEETS.check(len(sheets))
    NAMES.check(len(elements))
    for attributes in sheets:
        relation = relations[attributes[_RELATION]]
        if relation.kind == "worksheet":
            package.container.size(relation.target)
            package.sheets[attributes["name"]] = relation.target
    if not package.sheets:
        raise WorkbookError(Finding("unreadable", found="no sheets"))
    for name, attributes, text in elements:
        if name == _NAME and "localSheetId" not in attributes:
            if asks_program(text, package._titles):
                raise WorkbookError(Finding("dangerous", field=attributes["name"], found="formula"))
            package.names[attributes["name"].lower()] = text
        elif name == _LINK:
            ends = package.container.relations(relations[attributes[_RELATION]].target)
            package.links.append(next((one.outside for one in ends if one.outside), ""))


def _texts(container: Container, part: str, room: Room) -> list[str]:
    if container.size(part) <= LARGEST:
        texts = scan_texts(container.small(part), room)
        if texts is not None:
            return texts
    with container.stream(part) as stream:
        return read_texts(stream, room)


def _read_table(container: Container, part: str, sheet: str) -> dict[str, TableFound]:
    (_, table), *columns_found = starts(container.small(part), _TABLE, _COLUMN)
    columns = tuple(unescaped(attributes["name"]) for _, attributes in columns_found)
    area = area_of(f"x!{table['ref']}")
    return {(table.get("displayName") or table["name"]).lower(): TableFound(sheet, area[1], columns)} if area else {}


__all__ = ["BLANK", "Area", "Cell", "Cells", "OpenDocument", "Package", "TableFound", "open_package"]
