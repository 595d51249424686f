"""Every single row and column of every sheet deleted, inserted before and moved: cells are found, or the sheet is not.

A sheet that is edited keeps its words and values, and names follow as a spreadsheet program makes them follow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest

from support.built import ROOT, Built
from support.hosts import FileHost
from support.office import Session
from taulukko.formula.addresses import address, letters
from taulukko.program.actions import press
from taulukko.program.evaluation import Spot
from taulukko.program.host import Book, Target, read_book, target_of
from taulukko.program.layout import MovedError, lay_out
from taulukko.program.packed import find_program
from taulukko.program.program import SHEET, Program
from taulukko.program.repair import compare

VERSION_01 = ROOT / "tests" / "data" / "version-0.1.xlsx"
"""Heinola's report as version 0.1 built it: fewer columns have names."""


class Edit(NamedTuple):
    """Rows or columns of a sheet in another order.

    Attributes:
        axis: 1 for rows, 2 for columns, as in `Spot`.
        order: which line stands at each place now; None for a new one.
    """

    title: str
    axis: int
    order: tuple[int | None, ...]

    def place(self, line: int) -> int | None:
        """Where a line stands now."""
        return self.order.index(line) if line in self.order else None

    def applied(self, book: Book) -> Book:
        rows = book.values[self.title]
        width = max(map(len, rows))
        grid = [[*row, *[None] * (width - len(row))] for row in rows]
        if self.axis == 1:
            now = [[None] * width if line is None else grid[line] for line in self.order]
        else:
            now = [[None if line is None else row[line] for line in self.order] for row in grid]
        names = {name: self._target(target) for name, target in book.names.items()}
        return replace(book, names=names, values={**book.values, self.title: now})

    def _target(self, target: str) -> str:
        found = target_of(target)
        if found is None or found[0] != self.title:
            return target
        _, top, left, bottom, right = found
        first, last = (top, bottom) if self.axis == 1 else (left, right)
        kept = [place for line in range(first, last + 1) if (place := self.place(line)) is not None]
        if not kept:
            return "=#REF!"
        first, last = min(kept), max(kept)
        top, left, bottom, right = (first, left, last, right) if self.axis == 1 else (top, first, bottom, last)
        return f"='{self.title}'!{address(top, left, True)}:{address(bottom, right, True)}"


def without(title: str, axis: int, count: int, line: int) -> Edit:
    return Edit(title, axis, tuple(one for one in range(count) if one != line))


def inserted(title: str, axis: int, count: int, line: int) -> Edit:
    return Edit(title, axis, (*range(line), None, *range(line, count)))


def lines(book: Book, title: str) -> Iterator[tuple[int, int, int]]:
    """Axis, number of its lines, and each line of a sheet."""
    height, width = len(book.values[title]), max(map(len, book.values[title]))
    for axis, count in ((1, height), (2, width)):
        yield from ((axis, count, line) for line in range(count))


def edits(book: Book, title: str) -> Iterator[Edit]:
    """Each line deleted, one inserted before it, and it moved to the end and to the beginning."""
    for axis, count, line in lines(book, title):
        yield (gone := without(title, axis, count, line))
        yield inserted(title, axis, count, line)
        if axis == 2:
            yield Edit(title, axis, (*gone.order, line))
            yield Edit(title, axis, (line, *gone.order))


class Cells(NamedTuple):
    """What a program has on each sheet outside the tables' rows: computed cells, and cells that are filled in."""

    computed: list[set[tuple[int, int]]]
    typed: list[set[tuple[int, int]]]


def cells_of(program: Program) -> Cells:
    """In the tables, whose rows may be put and taken, their columns alone, in the row of the header."""
    found = Cells([set(sheet.cells) for sheet in program.sheets], [set() for _ in program.sheets])
    for table in program.tables:
        found.computed[table.area.sheet] |= {(table.area.top, column) for column in table.computed}
    for one in program.inputs:
        inside = program.table_of(one.area)
        rows = range(one.area.top, one.area.bottom + 1) if inside is None else [program.tables[inside].area.top]
        found.typed[one.area.sheet] |= {(row, one.area.left) for row in rows}
    return found


def misplaced(program: Program, before: Book, edit: Edit, sheet: int, cells: set[tuple[int, int]]) -> list[Spot]:
    """The cells that are looked for where they are not, unless the sheet is refused; as they stood before."""
    layout = lay_out(program, edit.applied(before))
    if sheet in layout.lost:
        return []
    wrong = []
    for row, column in cells:
        there = (edit.place(row), column) if edit.axis == 1 else (row, edit.place(column))
        if (layout.row(sheet, row), layout.column(sheet, column)) != there:
            wrong.append(Spot(sheet, row, column))
    if wrong:
        try:
            compare(program, edit.applied(before))
        except MovedError:
            return []
    return wrong


@pytest.mark.exhaustive
def test_wherever_a_line_is_put_taken_or_moved_cells_are_found_or_the_sheet_is_refused(finnish: Built) -> None:
    book = read_book(FileHost(finnish.path))
    program = find_program(book.values[SHEET])
    cells = cells_of(program)
    found = [
        (edit.title, edit.axis, edit.order, wrong[:3])
        for sheet, title in enumerate(lay_out(program, book).titles)
        for edit in edits(book, title)
        if (wrong := misplaced(program, book, edit, sheet, cells.computed[sheet] | cells.typed[sheet]))
    ]
    assert found == []


@pytest.mark.exhaustive
def test_names_follow_an_edit_as_a_spreadsheet_program_makes_them_follow(finnish: Built, office: Session) -> None:
    """LibreOffice beside the edits here: every third column and twelfth row of each sheet, deleted and inserted."""
    book = read_book(FileHost(finnish.path))
    wrong = []
    with office.open(finnish.path) as opened:
        opened.calculate_at_once(False)
        for title in filter(opened.is_protected, opened.sheets()):
            opened.unprotect(title)
        names = {name for name, area in opened.names().items() if area and target_of(book.names[name])}
        for title in book.values.keys() - {SHEET}:
            for axis, count, line in lines(book, title):
                if line % (12 if axis == 1 else 3):
                    continue
                for edit, done in ((without, "delete"), (inserted, "insert")):
                    if axis == 1:
                        getattr(opened, f"{done}_rows")(title, line + 1)
                    else:
                        getattr(opened, f"{done}_columns")(title, letters(line))
                    now, ours = opened.names(), edit(title, axis, count, line).applied(book).names
                    opened.undo()
                    wrong += [
                        (title, done, axis, line, name) for name in names if led(now[name]) != target_of(ours[name])
                    ]
    assert len(names) > 200
    assert wrong == []


def led(area: tuple[str, str] | None) -> Target | None:
    return area and target_of(f"='{area[0].replace(chr(39), 2 * chr(39))}'!{area[1]}")


@pytest.mark.exhaustive
def test_nothing_that_is_typed_is_taken_for_a_formula_in_workbooks_of_version_01() -> None:
    """Where they have no names, a last row or column that was deleted is written anew where it stood."""
    book = read_book(FileHost(VERSION_01))
    program = find_program(book.values[SHEET])
    cells = cells_of(program)
    found = [
        (edit.title, edit.axis, edit.order)
        for sheet, title in enumerate(lay_out(program, book).titles)
        for edit in edits(book, title)
        if edit.axis == 2 and misplaced(program, book, edit, sheet, cells.typed[sheet])
    ]
    assert found == []


@pytest.mark.parametrize(("key", "column"), [("risks", 8), ("income_statement", 5), ("income_statement", 6)])
def test_a_deleted_column_is_named_and_nothing_is_written(finnish: Built, key: str, column: int) -> None:
    host = FileHost(finnish.path)
    title = finnish.sheet(key).name
    book = read_book(host)
    order = tuple(one for one in range(max(map(len, book.values[title]))) if one != column)
    edited = Edit(title, 2, order).applied(book)
    host.targets = dict(edited.names)
    host.cells[title] = [list(row) for row in edited.values[title]]
    host.texts[title] = [[line[one] for one in order] for line in host.texts[title]]
    press(host, "recompute")
    assert host.written == []
    assert [(one.finding.code, one.finding.place.rpartition("!")[0]) for one in host.refused] == [
        ("layout_changed", title)
    ]
