"""A returned workbook beside the workbook as it was laid out: what has been moved, overwritten or added in it.

The workbook tells what it was laid out from. The same layout is planned again, with as many more or fewer rows as its
tables have now.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import Any

from taulukko.errors import Finding, WorkbookError
from taulukko.formula.references import area_of, normal, position, without_places
from taulukko.plan.book import Cell as Planned
from taulukko.plan.book import Sheet, Spots, Workbook, address, by_sheet
from taulukko.plan.build import plan
from taulukko.plan.shape import NAME, PLACES, PROTECTION
from taulukko.plan.sheets.answer import NAME as ANSWER
from taulukko.plan.sheets.records import table_name
from taulukko.report.model import Input, Report
from taulukko.template import Template
from taulukko.xlsx.limits import ADDED
from taulukko.xlsx.package import BLANK, Cell, Package
from taulukko.xlsx.workbook import Inputs, shown

UNPLANNED: tuple[type[Exception], ...] = (LookupError, ValueError, TypeError, AttributeError, AssertionError)
UNPLANNED += (ArithmeticError, RuntimeError, StopIteration)
"""What planning from garbled facts may run into."""
TABLE = table_name("")
LONGEST = 200
"""Characters of a text or formula that a finding shows."""


def beside(inputs: Inputs) -> Beside:
    """A workbook beside its plan.

    Raises:
        WorkbookError: `other_version`: it was laid out by another version of the program or of its template.
    """
    report, template = inputs.built, inputs.built_template
    book = _plan(report, template)
    wanted, found = _fingerprint(book), inputs.facts.get("plan", "")
    if wanted != found:
        raise WorkbookError(Finding("other_version", found=found[:16], expected=(wanted[:16],)))
    resized = _resize(report, book, inputs.package)
    return Beside(inputs, _plan(report, template) if resized else book, resized).compare()


def _plan(report: Report, template: Template) -> Workbook:
    """Plan what a file says it was laid out from, and do not trust that it can be planned."""
    try:
        return plan(report, template, to_send=False)
    except UNPLANNED as error:
        found = f"{type(error).__name__}: {error}"[:LONGEST]
        raise WorkbookError(Finding("other_version", found=found)) from error


def _fingerprint(book: Workbook) -> str:
    """What the identity sheet of a plan says of the plan itself."""
    cells = book.sheets[-1].cells
    return next(
        str(cells[row, 2].value) for (row, column), cell in cells.items() if column == 1 and cell.value == "plan"
    )


def _resize(report: Report, book: Workbook, package: Package) -> set[str]:
    """Add or take away records until each table has the rows it has in the file; the sheets where it had to be done."""
    changed: set[str] = set()
    added = 0
    for sheet in book.sheets:
        for table in sheet.tables:
            found = package.tables.get(table.name.lower())
            more = (found.area.bottom - found.area.top) - (table.area.bottom - table.area.top) if found else 0
            added += max(more, 0)
            ADDED.check(added)
            records = report.inputs[table.name.removeprefix(TABLE)]
            records |= {f"?{number}": _Blank() for number in range(more)}
            for record in list(records)[more:] if more < 0 else ():
                del records[record]
            if more:
                changed.add(sheet.key)
    return changed


class _Blank(dict[str, Input]):
    """A record somebody has added since; nothing is known of it."""

    def __missing__(self, key: str) -> None:
        return None


@dataclass(slots=True)
class Beside:
    """One workbook beside its plan.

    Attributes:
        resized: keys of the sheets with a table that has more or fewer rows than it was laid out with.
        ours: cells that hold the formula they should hold, with what the file shows in them.
        unlike: keys of the sheets whose rows or columns are not where they were, with the name that says so.
        overwritten: cells that do not hold their formula.
        strays: cells that hold what the plan knows nothing of, and words of the plan that read otherwise.
    """

    inputs: Inputs
    book: Workbook
    resized: set[str] = field(default_factory=set)
    ours: list[tuple[Sheet, int, int, Cell]] = field(default_factory=list)
    unlike: dict[str, Finding] = field(default_factory=dict)
    overwritten: list[Finding] = field(default_factory=list)
    strays: list[Finding] = field(default_factory=list)
    _normal: dict[str, dict[str, Any]] = field(default_factory=dict)

    def compare(self) -> Beside:
        """Look at every sheet that is where it was; whatever else stands in the file is put into the plan."""
        self._compare_layout()
        inputs, places = by_sheet(self.book.inputs), {*self.inputs.places.values()}
        for key, title in self.inputs.sheets.items():
            sheet = next((sheet for sheet in self.book.sheets if sheet.key == key), None)
            if sheet and key not in self.unlike:
                self._compare_cells(sheet, title, _movable(sheet, inputs.get(key, {})), places)
            elif sheet:
                self._compare_words(sheet, title, places)
        return self

    def _finding(self, code: str, place: str, found: str, expected: str = "", name: str = "") -> Finding:
        return Finding(code, self.inputs.file, place, name, found, (expected,) if expected else ())

    def _compare_layout(self) -> None:
        """Every name of ours should lead where it led; a column of a table may have become longer."""
        keys = {sheet.name.lower(): sheet.key for sheet in self.book.sheets}
        for sheet in self.book.sheets:
            if sheet.key not in self.inputs.sheets and not sheet.very_hidden:
                self.unlike[sheet.key] = self._finding("layout_changed", sheet.name, "", sheet.name)
        for name, target in self.book.names.items():
            if name.startswith(PLACES):
                continue  # of use to the program alone; version 0.1 had but the sheets' own
            wanted = area_of(target)
            assert wanted is not None
            key = keys[wanted[0].lower()]
            found = self.inputs.package.area(name)
            size = 2 if ".column." in name else 4
            alike = found and self.inputs.sheets.get(key) == found[0] and found[1][:size] == wanted[1][:size]
            if not alike and key not in self.unlike:
                title = self.inputs.sheets.get(key, wanted[0])
                where = f"{found[0]}!{address(*found[1][:2])}" if found else ""
                self.unlike[key] = self._finding("layout_changed", title, where, target, name)
        keys = {title: key for key, title in self.inputs.sheets.items()}
        rows = {sheet.key: max((row for row, _ in sheet.cells), default=0) for sheet in self.book.sheets}
        for note in self.inputs.notes:
            title, _, cell = note.place.rpartition("!")
            if note.code == "row_outside" and rows[keys[title]] > position(cell)[0]:
                self.unlike.setdefault(keys[title], self._finding("layout_changed", title, note.place))

    def _is_moved(self, sheet: Sheet, planned: str, cell: Cell) -> bool:
        """Whether a formula is the planned one, but for where the cells stand since rows or columns were put between.

        A table that has grown is planned anew with all that follows from its new rows, which nobody has in a file.
        """
        if cell == BLANK:
            return sheet.key in self.resized
        return bool(self.resized or self.unlike) and self._is_alike(planned, cell.formula, anywhere=True)

    def _compare_cells(
        self, sheet: Sheet, title: str, movable: Container[tuple[int, int]], places: Container[str]
    ) -> None:
        cells = self.inputs.package.cells(title)
        for (row, column), header in _headers(sheet):
            sheet.cells[row, column] = Planned(header)
        for (row, column), cell in cells.items():
            if (row, column) not in sheet.cells:
                sheet.cells[row, column] = Planned(cell.value)
                place = f"{title}!{address(row, column)}"
                if shown(cell).strip() and place not in places:
                    self.strays.append(self._finding("cell_added", place, shown(cell)))
        for (row, column), planned in sheet.cells.items():
            cell = cells.get((row, column), BLANK)
            if planned.formula and self._is_alike(planned.formula, cell.formula):
                self.ours.append((sheet, row, column, cell))
                planned.known = None
                continue
            place = f"{title}!{address(row, column)}"
            if planned.formula and not self._is_moved(sheet, planned.formula, cell):
                found = f"={cell.formula}" if cell.formula is not None else shown(cell)
                wanted = f"={planned.formula}"
                self.overwritten.append(self._finding("formula_overwritten", place, found[:LONGEST], wanted[:LONGEST]))
            elif not planned.formula and (row, column) not in movable and not _same_text(planned.value, cell):
                self.strays.append(self._finding("text_changed", place, shown(cell), shown(Cell(planned.value))))
            planned.node, planned.formula, planned.value = None, "", cell.value

    def _compare_words(self, sheet: Sheet, title: str, places: Container[str]) -> None:
        """On a sheet whose rows or columns have moved: what stands there and is no input and no word of the plan."""
        words = {" ".join(shown(Cell(planned.value)).split()) for planned in sheet.cells.values()}
        words |= {header for _, header in _headers(sheet)}
        for (row, column), cell in self.inputs.package.cells(title).items():
            place, text = f"{title}!{address(row, column)}", " ".join(shown(cell).split())
            if text and cell.formula is None and text not in words and place not in places:
                self.strays.append(self._finding("cell_added", place, shown(cell)))

    def _is_alike(self, planned: str, found: str | None, anywhere: bool = False) -> bool:
        """Whether a formula is the planned one; or if `anywhere`, the planned one for some other cells."""
        if found is None:
            return False
        if planned == found:
            return True
        if not self._normal:
            self._normal = self._spellings()
        ours, theirs = normal(planned, **self._normal["planned"]), normal(found, **self._normal["found"])
        return without_places(ours) == without_places(theirs) if anywhere else ours == theirs

    def _spellings(self) -> dict[str, dict[str, Any]]:
        """What sheets and table columns are called in the plan and in the file."""
        planned = {sheet.name.lower(): sheet.key for sheet in self.book.sheets}
        found = {title.lower(): key for key, title in self.inputs.sheets.items()}
        headers: dict[str, dict[str, str]] = {}
        for sheet in self.book.sheets:
            for table in sheet.tables:
                there = self.inputs.package.tables.get(table.name.lower())
                if there and len(there.columns) == len(table.headers):
                    headers[table.name.lower()] = dict(zip(there.columns, table.headers, strict=True))
        return {"planned": {"sheets": planned, "headers": {}}, "found": {"sheets": found, "headers": headers}}


def _headers(sheet: Sheet) -> Iterator[tuple[tuple[int, int], str]]:
    """The header cells of the tables, which the plan keeps apart."""
    for table in sheet.tables:
        for column, header in enumerate(table.headers, table.area.left):
            yield (table.area.top, column), header


def _movable(sheet: Sheet, inputs: Spots) -> set[tuple[int, int]]:
    """The cells that somebody may fill in, and those of tables, which move when a table is sorted."""
    found = {(spot.row, spot.column) for spot in inputs.values()}
    for table in sheet.tables:
        area = table.area
        rows, columns = range(area.top + 1, area.bottom + 1), range(area.left, area.right + 1)
        found |= {(row, column) for row in rows for column in columns}
    return found


def _same_text(planned: Any, cell: Cell) -> bool:
    """Whether a word or figure of the plan still reads as it was; LibreOffice strips the spaces around a text."""
    ours, found = shown(Cell(planned)).split(), shown(cell).split()
    return cell.formula is None and len(ours) == len(found) and all(map(_same_word, ours, found))


def _same_word(planned: str, found: str) -> bool:
    """Whether a word is the planned one, or the planned one stands in for a word of its length."""
    return planned == found or (len(planned) == len(found) and set(planned.strip(",.:")) == {"x"})


def strays(inputs: Inputs) -> Iterator[Finding]:
    """What somebody has done to a workbook that no input says: nothing of it is used, and nothing of it is hidden."""
    package = inputs.package
    package.check_formulas()
    try:
        found = beside(inputs)
    except WorkbookError:
        yield Finding("not_compared", inputs.file)
        found = None
    if found:
        yield from (*found.unlike.values(), *found.overwritten, *found.strays)
        if inputs.facts.get(PROTECTION) != "none":
            yield from _unprotected(inputs, found)
    answered = package.area(ANSWER)
    ours = {*inputs.sheets.values(), NAME, *(answered[:1] if answered else ())}
    said = {cell.value for cell in package.cells(answered[0]).values()} if answered else set()
    for title in package.sheets:
        if title not in ours:
            cells = package.cells(title)
            yield Finding("sheet_added", inputs.file, title, found=str(len(cells)))
            for (row, column), cell in cells.items():
                place = f"{title}!{address(row, column)}"
                yield Finding("cell_added", inputs.file, place, found=shown(cell))
        for (row, column), text in package.comments(title).items():
            if text not in said:
                place = f"{title}!{address(row, column)}"
                yield Finding("comment", inputs.file, place, found=text)


def _unprotected(inputs: Inputs, found: Beside) -> Iterator[Finding]:
    """The sheets whose protection somebody has removed."""
    protected = {sheet.key for sheet in found.book.sheets if sheet.protected}
    for key, title in inputs.sheets.items():
        if key in protected and not inputs.package.is_protected(title):
            yield Finding("protection_removed", inputs.file, title)


__all__ = ["Beside", "LONGEST", "UNPLANNED", "beside", "strays"]
