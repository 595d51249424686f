"""What somebody has done to a workbook that no input says: nothing of it is used, and nothing of it is hidden."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from taulukko.errors import Finding
from taulukko.formula.addresses import address
from taulukko.plan.sheets.answer import NAME as ANSWER
from taulukko.program.evaluation import Evaluation, Spot, evaluate
from taulukko.program.layout import Layout
from taulukko.program.pages import LOG, RESULT
from taulukko.program.program import SHEET, Area
from taulukko.program.repair import Change, written_over
from taulukko.xlsx.copied import differences, original_of
from taulukko.xlsx.entries import shown
from taulukko.xlsx.formulas import is_ours
from taulukko.xlsx.inputs import Inputs
from taulukko.xlsx.judge import LONGEST, is_old_link, laid_out, lost, plain, reworded
from taulukko.xlsx.package import Package

MANY = 100
"""More formulas than these a program has written over, and no person."""


def aside(inputs: Inputs) -> list[Finding]:
    """What is not as it was sent out, beside the inputs, on the sheets that are recognised; and what was added.

    Raises:
        WorkbookError: the workbook carries no program that can be read.
    """
    layout = laid_out(inputs.package)
    evaluation = evaluate(layout)
    over = [one for one in written_over(evaluation) if not is_old_link(one) and not _is_unfilled(layout, one)]
    missing = {one.place for one in inputs.faults if one.code == "sheet_missing"}
    told = [one for one in lost(layout) if one.place not in missing]
    told += _rewritten(over) if len(over) > MANY else map(_told, over)
    told += [*reworded(evaluation), *_unprotected(inputs.package, layout), *_added(inputs, evaluation)]
    told += linked(inputs.package, {*inputs.places.values()})
    return [replace(one, file=inputs.file) for one in told]


def linked(package: Package, inputs: Collection[str]) -> list[Finding]:
    """The first cell beside the inputs that refers to another file; the file alone where no cell does."""
    links, cells = [one for one in package.links if not is_ours(one)], list(package.linked())
    apart = [place for place in cells if place not in inputs]
    return [Finding("link_outside", place=(apart or [""])[0], found=links[0])] if links and (apart or not cells) else []


def _told(one: Change) -> Finding:
    return Finding("formula_overwritten", "", one.place, "", plain(one.old), (one.new[:LONGEST],))


def _rewritten(over: Sequence[Change]) -> Iterator[Finding]:
    """So many formulas as no person writes over: how many they are says it, with the first of them."""
    yield Finding("formulas_rewritten", "", over[0].place, "", str(len(over)))


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
    typed = {*inputs.places.values(), *(one.place for one in inputs.faults)}
    known = _known(evaluation)
    for title, number in recognised.items() if layout.program.sent.fixed else ():
        for (row, column), cell in package.cells(title).items():
            place = f"{title}!{address(row, column)}"
            if Spot(number, row, column) not in known and shown(cell).strip() and place not in typed:
                yield Finding("cell_added", place=place, found=shown(cell))
    gone = {number for number, error in layout.lost.items() if error.finding.code == "sheet_missing"}
    ours = {SHEET} | {one for number, one in enumerate(layout.titles) if number not in gone}
    yield from _strange(package, ours, typed)


def _known(evaluation: Evaluation) -> set[Spot]:
    """The cells that the program knows, on the sheets that are recognised."""
    layout, program = evaluation.layout, evaluation.layout.program
    tables = zip(program.tables, layout.rows, strict=True)
    inputs = (one.area for one in program.inputs if one.area.sheet not in layout.lost)
    areas: list[tuple[Area, Iterable[int]]] = [(area, layout.all_rows(area)) for area in inputs]
    areas += [(one.area, range(rows.start - 1, rows.stop)) for one, rows in tables if one.area.sheet not in layout.lost]
    known = {*evaluation.formulas}
    for area, rows in areas:
        columns = [layout.column(area.sheet, column) for column in range(area.left, area.right + 1)]
        known |= {Spot(area.sheet, row, column) for row in rows for column in columns}
    places = [(sheet, row, column) for sheet, fixed in enumerate(program.sent.fixed) for row, column, _ in fixed]
    places += [(sheet, row, column) for sheet, row, column, _ in program.sent.thresholds]
    for sheet, row, column in places:
        there = None if sheet in layout.lost else layout.row(sheet, row)
        if there is not None:
            known.add(Spot(sheet, there, layout.column(sheet, column)))
    return known


def _strange(package: Package, ours: Collection[str], typed: Collection[str]) -> Iterator[Finding]:
    """The sheets that are not ours, with what stands in them, and comments that do not come from an answer of ours.

    What buttons write is ours.
    """
    answered = package.area(ANSWER)
    added = filter(None, map(package.area, (ANSWER, RESULT, LOG)))
    said = {cell.value for cell in package.cells(answered[0]).values()} if answered else set()
    known = {*ours, *(title for title, _ in added)}
    for title in package.sheets:
        original = None if title in known else original_of(package, title, ours)
        if original is not None:
            yield from differences(package, title, original, typed)
        elif title not in known:
            cells = package.cells(title)
            yield Finding("sheet_added", place=title, found=str(len(cells)))
            for (row, column), cell in cells.items():
                yield Finding("cell_added", place=f"{title}!{address(row, column)}", found=shown(cell))
        for (row, column), text in package.comments(title).items():
            if text not in said:
                yield Finding("comment", place=f"{title}!{address(row, column)}", found=text)


__all__ = ["aside", "linked"]
