"""What somebody has done to a workbook that no input says: nothing of it is used, and nothing of it is hidden."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from taulukko.errors import Finding
from taulukko.formula.addresses import address
from taulukko.plan.sheets.answer import NAME as ANSWER
from taulukko.program.evaluation import Evaluation, evaluate
from taulukko.program.layout import Layout
from taulukko.program.program import SHEET
from taulukko.program.repair import Change, written_over
from taulukko.xlsx.entries import shown
from taulukko.xlsx.inputs import Inputs
from taulukko.xlsx.judge import LONGEST, is_old_link, laid_out, lost, plain, reworded
from taulukko.xlsx.package import Package

Cells = set[tuple[int, int]]


def aside(inputs: Inputs) -> list[Finding]:
    """What is not as it was sent out, beside the inputs, on the sheets that are recognised; and what was added.

    Raises:
        WorkbookError: the workbook carries no program that can be read, or formulas that do harm.
    """
    inputs.package.check_formulas()
    layout = laid_out(inputs.package)
    evaluation = evaluate(layout)
    over = [one for one in written_over(evaluation) if not is_old_link(one) and not _is_unfilled(layout, one)]
    missing = {one.place for one in inputs.faults if one.code == "sheet_missing"}
    told = [one for one in lost(layout) if one.place not in missing]
    told += [_told(one) for one in over]
    told += [*reworded(evaluation), *_unprotected(inputs.package, layout), *_added(inputs, evaluation)]
    return [replace(one, file=inputs.file) for one in told]


def _told(one: Change) -> Finding:
    return Finding("formula_overwritten", "", one.place, "", plain(one.old), (one.new[:LONGEST],))


def _is_unfilled(layout: Layout, one: Change) -> bool:
    """Whether it is a blank cell of a table that has grown: not every program copies formulas to rows it adds."""
    tables = zip(layout.program.tables, layout.rows, strict=True)
    grown = (
        rows for table, rows in tables if len(rows) > len(table.keys) and layout.titles[table.area.sheet] == one.sheet
    )
    return one.old in (None, "") and any(one.row in rows for rows in grown)


def _unprotected(package: Package, layout: Layout) -> Iterator[Finding]:
    """The sheets whose protection somebody has removed."""
    for title, guard in zip(layout.titles, layout.program.sent.guards, strict=bool(layout.program.sent.guards)):
        if guard.protected and title in package.sheets and not package.is_protected(title):
            yield Finding("sheet_unprotected", place=title)


def _added(inputs: Inputs, evaluation: Evaluation) -> Iterator[Finding]:
    """Cells, sheets and comments that the workbook was sent out without; cells of version 0.1 are not known."""
    package, layout = inputs.package, evaluation.layout
    recognised = {title: number for number, title in enumerate(layout.titles) if number not in layout.lost}
    typed = {*inputs.places.values()}
    for title, number in recognised.items() if layout.program.sent.fixed else ():
        known = _known(evaluation, number)
        for (row, column), cell in package.cells(title).items():
            place = f"{title}!{address(row, column)}"
            if (row, column) not in known and shown(cell).strip() and place not in typed:
                yield Finding("cell_added", place=place, found=shown(cell))
    gone = {number for number, error in layout.lost.items() if error.finding.code == "sheet_missing"}
    yield from _strange(package, {SHEET} | {one for number, one in enumerate(layout.titles) if number not in gone})


def _known(evaluation: Evaluation, sheet: int) -> Cells:
    """The cells of a sheet that the program knows."""
    layout, program = evaluation.layout, evaluation.layout.program
    known = {(spot.row, spot.column) for spot in evaluation.formulas if spot.sheet == sheet}
    for table, rows in zip(program.tables, layout.rows, strict=True):
        if table.area.sheet == sheet:
            columns = [layout.column(sheet, column) for column in range(table.area.left, table.area.right + 1)]
            known |= {(row, column) for row in range(rows.start - 1, rows.stop) for column in columns}
    for one in program.inputs:
        if one.area.sheet == sheet:
            columns = [layout.column(sheet, column) for column in range(one.area.left, one.area.right + 1)]
            known |= {(row, column) for row in layout.all_rows(one.area) for column in columns}
    places = [(row, column) for row, column, _ in program.sent.fixed[sheet]]
    places += [(row, column) for number, row, column, _ in program.sent.thresholds if number == sheet]
    for row, column in places:
        there = layout.row(sheet, row)
        if there is not None:
            known.add((there, layout.column(sheet, column)))
    return known


def _strange(package: Package, ours: Collection[str]) -> Iterator[Finding]:
    """The sheets that are not ours, with what stands in them, and comments that do not come from an answer of ours."""
    answered = package.area(ANSWER)
    said = {cell.value for cell in package.cells(answered[0]).values()} if answered else set()
    ours = {*ours, *(answered[:1] if answered else ())}
    for title in package.sheets:
        if title not in ours:
            cells = package.cells(title)
            yield Finding("sheet_added", place=title, found=str(len(cells)))
            for (row, column), cell in cells.items():
                yield Finding("cell_added", place=f"{title}!{address(row, column)}", found=shown(cell))
        for (row, column), text in package.comments(title).items():
            if text not in said:
                yield Finding("comment", place=f"{title}!{address(row, column)}", found=text)


__all__ = ["aside"]
