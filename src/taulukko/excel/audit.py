"""Audits a finished workbook, whoever saved it last: does it hold what its template says, and is it up to date?

The workbook tells what it was laid out from. The same layout is planned again, whatever stands in the file's other
cells is put into the plan, and the plan is computed: what a formula cell of ours then says is what it should say.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from taulukko.errors import Fault
from taulukko.model import Input, Report
from taulukko.plan.book import Cell as Planned
from taulukko.plan.book import Sheet, Workbook, address
from taulukko.plan.build import plan
from taulukko.plan.records import table_name
from taulukko.plan.scope import Scope, value_at
from taulukko.sources.limits import ADDED
from taulukko.sources.package import BLANK, Cell, Package, WorkbookError
from taulukko.sources.references import area_of, normal
from taulukko.sources.workbook import Inputs, read_inputs, shown
from taulukko.template import Template
from taulukko.template.schema import ChecksSection

TOLERANCE = 1e-9
UNPLANNED: tuple[type[Exception], ...] = (LookupError, ValueError, TypeError, AttributeError, AssertionError)
UNPLANNED += (ArithmeticError, RuntimeError, StopIteration)
"""What planning from garbled facts may run into."""
TABLE = table_name("")
LONGEST = 200
"""Characters of a text or formula that a finding shows."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be in a workbook.

    Attributes:
        code: `check_fails`, `formula_overwritten`, `value_stale`, `text_in_number`, `value_outside`, `cell_error`,
            `key_twice`, `required`, `name_missing`, `layout_changed`, or what a `WorkbookError` says of the whole file.
        place: `Sheet!A1`, the title of a sheet, or the name of the file.
        field: column, name or check it concerns.
        expected: what should stand there.
        found: what stands there.
    """

    code: str
    place: str
    field: str = ""
    expected: str = ""
    found: str = ""


def audit(path: Path, template_folder: Path | None = None) -> list[Finding]:
    """Everything that is wrong with a workbook; an empty list for one that is right and whose checks hold.

    Args:
        path: a workbook built by this package, and perhaps filled in and saved by another program since.
        template_folder: instead of the template that the workbook names.
    """
    try:
        inputs = read_inputs(path, template_folder)
        return [*_compare(inputs), *map(_of_fault, inputs.faults), *_failing_checks(inputs)]
    except WorkbookError as error:
        return [Finding(error.code, path.name, "", error.expected, error.found)]


def _compare(inputs: Inputs) -> list[Finding]:
    """The file beside the workbook as it was laid out, with as many more or fewer rows as its tables have now."""
    report, template = inputs.built, inputs.built_template
    book = _plan(report, template)
    wanted, found = _fingerprint(book), inputs.facts.get("plan", "")
    if wanted != found:
        return [Finding("other_version", inputs.package.path.name, "", wanted[:16], found[:16])]
    if _resize(report, book, inputs.package):
        book = _plan(report, template)
    return _Audit(inputs, book).findings()


def _plan(report: Report, template: Template) -> Workbook:
    """Plan what a file says it was laid out from, and do not trust that it can be planned."""
    try:
        return plan(report, template)
    except UNPLANNED as error:
        raise WorkbookError("other_version", f"{type(error).__name__}: {error}"[:LONGEST]) from error


def _fingerprint(book: Workbook) -> str:
    """What the identity sheet of a plan says of the plan itself."""
    cells = book.sheets[-1].cells
    return next(
        str(cells[row, 2].value) for (row, column), cell in cells.items() if column == 1 and cell.value == "plan"
    )


def _resize(report: Report, book: Workbook, package: Package) -> bool:
    """Add or take away records until each table has the rows it has in the file; whether anything had to be done."""
    changed, added = False, 0
    for sheet in book.sheets:
        for table in sheet.tables:
            found = package.tables.get(table.name.lower())
            more = (found.area.bottom - found.area.top) - (table.area.bottom - table.area.top) if found else 0
            added += max(more, 0)
            ADDED.check(added)
            records = report.records[table.name.removeprefix(TABLE)]
            records += [_Blank() for _ in range(more)]
            if more < 0:
                del records[more:]
            changed = changed or more != 0
    return changed


class _Blank(dict[str, Input]):
    """A record somebody has added since; nothing is known of it."""

    def __missing__(self, key: str) -> None:
        return None


@dataclass(slots=True)
class _Audit:
    """One workbook beside its plan.

    Attributes:
        ours: cells that hold the formula they should hold, with what the file shows in them.
        unlike: keys of the sheets whose rows or columns are not where they were, with the name that says so.
    """

    inputs: Inputs
    book: Workbook
    ours: list[tuple[Sheet, int, int, Cell]] = field(default_factory=list)
    unlike: dict[str, Finding] = field(default_factory=dict)
    _normal: dict[str, dict[str, Any]] = field(default_factory=dict)

    def findings(self) -> list[Finding]:
        self._compare_layout()
        found: list[Finding] = []
        for key in self.inputs.sheets:
            sheet = next((sheet for sheet in self.book.sheets if sheet.key == key), None)
            if sheet and key not in self.unlike:
                found += self._compare_formulas(sheet, self.inputs.sheets[key])
        if not self.unlike:
            found += self._compare_values()
        return [*self.unlike.values(), *found]

    def _compare_layout(self) -> None:
        """Every name of ours should lead where it led; a column of a table may have become longer."""
        keys = {sheet.name.lower(): sheet.key for sheet in self.book.sheets}
        for sheet in self.book.sheets:
            if sheet.key not in self.inputs.sheets and not sheet.very_hidden:
                self.unlike[sheet.key] = Finding("layout_changed", sheet.name, "", sheet.name)
        for name, target in self.book.names.items():
            wanted = area_of(target)
            assert wanted is not None
            key = keys[wanted[0].lower()]
            found = self.inputs.package.area(name)
            size = 2 if ".column." in name else 4
            alike = found and self.inputs.sheets.get(key) == found[0] and found[1][:size] == wanted[1][:size]
            if not alike and key not in self.unlike:
                title = self.inputs.sheets.get(key, wanted[0])
                where = f"{found[0]}!{address(*found[1][:2])}" if found else ""
                self.unlike[key] = Finding("layout_changed", title, name, target, where)

    def _compare_formulas(self, sheet: Sheet, title: str) -> Iterator[Finding]:
        """Tell which cells do not hold their formula; put what stands in all other cells into the plan."""
        cells = self.inputs.package.cells(title)
        for (row, column), cell in cells.items():
            if (row, column) not in sheet.cells:
                sheet.cells[row, column] = Planned(cell.value)
        for (row, column), planned in sheet.cells.items():
            cell = cells.get((row, column), BLANK)
            if planned.formula and self._is_alike(planned.formula, cell.formula):
                self.ours.append((sheet, row, column, cell))
                planned.known = None
                continue
            if planned.formula:
                found = f"={cell.formula}" if cell.formula is not None else shown(cell)
                place, wanted = f"{title}!{address(row, column)}", f"={planned.formula}"
                yield Finding("formula_overwritten", place, "", wanted[:LONGEST], found[:LONGEST])
            planned.node, planned.formula, planned.value = None, "", cell.value

    def _is_alike(self, planned: str, found: str | None) -> bool:
        if found is None:
            return False
        if not self._normal:
            self._normal = self._spellings()
        return planned == found or normal(planned, **self._normal["planned"]) == normal(found, **self._normal["found"])

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

    def _compare_values(self) -> Iterator[Finding]:
        """Compute the plan with what stands in the file, and compare what the file shows."""
        for scope in {id(c.scope): c.scope for s in self.book.sheets for c in s.cells.values()}.values():
            if isinstance(scope, Scope):
                scope.forget()
        for sheet, row, column, cell in self.ours:
            wanted = _computed(sheet, row, column, cell)
            if not _same(wanted, cell):
                place = f"{self.inputs.sheets[sheet.key]}!{address(row, column)}"
                yield Finding("value_stale", place, "", shown(Cell(wanted))[:LONGEST], shown(cell)[:LONGEST])


def _failing_checks(inputs: Inputs) -> Iterator[Finding]:
    """The rows of the checks sheet that say they fail."""
    package, template = inputs.package, inputs.built_template
    word = package.at("check_state.fails").value or template.label("scales.check_state.fails")
    for key in (key for key, section in template.sections.items() if isinstance(section, ChecksSection)):
        areas = [package.area(f"{key}.column.{name}") for name in ("what", "expected", "found", "state")]
        places = [area for area in areas if area]
        if len(places) < len(areas):
            continue
        title, first = places[-1]
        cells = package.cells(title)
        for row in package.rows(title, first):
            what, expected, found, state = (cells.get((row, area.left), BLANK) for _, area in places)
            if state.value == word:
                place = f"{title}!{address(row, first.left)}"
                yield Finding("check_fails", place, shown(what), shown(expected), shown(found))


def _of_fault(fault: Fault) -> Finding:
    return Finding(fault.code, fault.place, fault.field, ", ".join(fault.allowed), fault.found)


def _computed(sheet: Sheet, row: int, column: int, cell: Cell) -> Any:
    """What a formula of ours gives; what the file shows, where somebody's input is of a kind we cannot compute with."""
    planned = sheet.cells[row, column]
    if planned.node is not None and not planned.known:
        try:
            value_at(sheet, row, column)
        except (TypeError, ValueError, AttributeError, ArithmeticError, RecursionError):
            planned.value, planned.known = cell.value, True
    return planned.value


def _same(wanted: Any, cell: Cell) -> bool:
    """Numbers nearly, texts exactly, an empty text as a blank; LibreOffice strips the cached texts it loads."""
    found, wanted = "" if cell.value is None else cell.value, "" if wanted is None else wanted
    if cell.error:
        return False
    if isinstance(found, float | bool) and isinstance(wanted, float | bool):
        return math.isclose(found, wanted, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return str(found).strip() == str(wanted).strip() if type(found) is type(wanted) else False


__all__ = ["Finding", "audit"]
