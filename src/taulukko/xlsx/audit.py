"""Audits a finished workbook, whoever saved it last: does it hold what its template says, and is it up to date?

The workbook tells what it was laid out from. The same layout is planned again, whatever stands in the file's other
cells is put into the plan, and the plan is computed: what a formula cell of ours then says is what it should say.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from taulukko.errors import Fault
from taulukko.plan.book import Sheet, address
from taulukko.plan.scope import Scope, value_at
from taulukko.template.schema import ChecksSection
from taulukko.xlsx.beside import LONGEST, Beside, Finding, beside
from taulukko.xlsx.package import BLANK, Cell, WorkbookError
from taulukko.xlsx.workbook import Inputs, read_inputs, shown

TOLERANCE = 1e-9
MACROS = ".xlsm"
"""By this ending whoever opens a workbook knows that it has macros; by another it is a danger."""
TEXTS = frozenset({"number", "number_ambiguous", "number_two_values", "integer", "date", "number_as_text"})
"""What the reader says of a text where a number or a day belongs."""


def audit(path: str | Path, *, template: str | Path | None = None) -> list[Finding]:
    """Everything that is wrong with a workbook; an empty list for one that is right and whose checks hold.

    Args:
        path: a workbook built by this package, and perhaps filled in and saved by another program since.
        template: folder of a template to use instead of the one that the workbook names.

    Raises:
        OSError: there is no such file.

    Example:
        >>> sorted({finding.code for finding in audit("returned/osavuosikatsaus-VAKA.xlsx")})
        ['check_fails', 'value_stale']
    """
    path = Path(path)
    try:
        inputs = read_inputs(path, Path(template) if template else None, macros=path.suffix.lower() == MACROS)
        inputs.package.check_formulas()
        return [*_changed(inputs), *map(_of_fault, inputs.faults), *_texts(inputs), *_failing_checks(inputs)]
    except WorkbookError as error:
        return [_of_error(error, path)]


def _changed(inputs: Inputs) -> list[Finding]:
    """What was moved, overwritten or not recomputed."""
    try:
        found = beside(inputs)
    except WorkbookError as error:
        if error.code != "other_version":
            raise
        return [_of_error(error, inputs.package.path)]
    return [*found.unlike.values(), *found.overwritten, *([] if found.unlike else _stale(found))]


def _of_error(error: WorkbookError, path: Path) -> Finding:
    return Finding(error.code, path.name, "", error.expected, error.found)


def _stale(found: Beside) -> Iterator[Finding]:
    """Compute the plan with what stands in the file, and compare what the file shows."""
    for scope in {id(c.scope): c.scope for s in found.book.sheets for c in s.cells.values()}.values():
        if isinstance(scope, Scope):
            scope.forget()
    for sheet, row, column, cell in found.ours:
        wanted = _computed(sheet, row, column, cell)
        if not _same(wanted, cell):
            place = f"{found.inputs.sheets[sheet.key]}!{address(row, column)}"
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


def _texts(inputs: Inputs) -> Iterator[Finding]:
    """Texts in number cells that could be read as numbers, which formulas do not do."""
    return (_of_fault(note) for note in inputs.notes if note.code == "number_as_text")


def _of_fault(fault: Fault) -> Finding:
    code = "text_in_number" if fault.code in TEXTS else fault.code
    return Finding(code, fault.place, fault.field, ", ".join(fault.allowed), fault.found)


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
