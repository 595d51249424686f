"""Where the cells of a program stand now: sheets may be renamed or moved, columns inserted, tables grown or sorted.

A sheet is found by its defined name, a column by the names that lead to it, a row by the words that stand in it: the
marks. A table begins below its header and ends where the name of its keys does. A name that leads nowhere, columns in
another order, and a sheet most of whose words are not where they should be mean that the sheet is not recognised.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from taulukko.errors import Finding
from taulukko.formula.addresses import address
from taulukko.program.host import Book, RefusedError, Target, target_of
from taulukko.program.program import OWN, Area, Program, Table, mark_of

MOST = 2_000
"""Rows that a table may have grown or shrunk by."""


class LostError(LookupError):
    """Cells are asked for of a sheet that is not recognised."""


class GoneError(LookupError):
    """A row is asked for that has been deleted."""


class MovedError(RefusedError):
    """A sheet whose cells cannot be found again, so that nothing can be computed: `sheet_missing` or `layout_changed`,
    with the first row that is not where it should be.
    """


def moved(title: str, row: int = 0) -> MovedError:
    """What is told of a sheet that is not recognised from a row on, from 0."""
    return MovedError(Finding("layout_changed", place=f"{title}!{address(row, 0)}"))


@dataclass(slots=True)
class _Steps:
    """By how much rows, or columns, are further down than they were: from some row on, up to the next step."""

    starts: list[int] = field(default_factory=lambda: [0])
    shifts: list[int] = field(default_factory=lambda: [0])

    def add(self, start: int, shift: int) -> None:
        if shift != self.shifts[-1]:
            self.starts.append(start)
            self.shifts.append(shift)

    def __call__(self, place: int) -> int:
        return place + self.shifts[bisect_right(self.starts, place) - 1]


@dataclass(slots=True, repr=False)
class Layout:
    """A program's places in a workbook as it stands.

    Attributes:
        titles: of each sheet of the program.
        rows: of each table, the rows it has now; none on a sheet that is not recognised.
        lost: why a sheet is not recognised, by its number.
    """

    program: Program
    book: Book
    titles: list[str] = field(default_factory=list)
    rows: list[range] = field(default_factory=list)
    lost: dict[int, MovedError] = field(default_factory=dict)
    _down: list[_Steps] = field(default_factory=list)
    _right: list[_Steps] = field(default_factory=list)
    _kept: list[list[int]] = field(default_factory=list)

    def row(self, sheet: int, row: int) -> int | None:
        """Where a row stands now; None for a row of a table that has fewer now.

        Raises:
            LostError: the sheet is not recognised.
        """
        if sheet in self.lost:
            raise LostError(sheet)
        for number, table in self.program.content[sheet].tables.items():
            area = table.area
            if area.top < row <= area.bottom:
                kept, place = self._kept[number], row - area.top - 1
                return kept[place] if place < len(kept) else None
        return self._down[sheet](row)

    def standing(self, sheet: int, row: int) -> int:
        """Where a row stands now.

        Raises:
            GoneError: it has been deleted.
            LostError: the sheet is not recognised.
        """
        found = self.row(sheet, row)
        if found is None:
            raise GoneError(row)
        return found

    def lose(self, why: Mapping[int, MovedError]) -> None:
        """Give up sheets that show something else than they were taken for."""
        self.lost |= why
        for number, table in enumerate(self.program.tables):
            if table.area.sheet in why:
                self.rows[number] = range(0)

    def all_rows(self, area: Area) -> list[int]:
        """The rows of an area now; of one in a table all rows that the table has."""
        number = self.program.table_of(area)
        if number is not None:
            return list(self.rows[number])
        found = (self.row(area.sheet, row) for row in range(area.top, area.bottom + 1))
        return [row for row in found if row is not None]

    def column(self, sheet: int, column: int) -> int:
        """Where a column stands now.

        Raises:
            LostError: the sheet is not recognised.
        """
        if sheet in self.lost:
            raise LostError(sheet)
        return self._right[sheet](column)


def lay_out(program: Program, book: Book) -> Layout:
    """Find the cells of a program in a workbook, sheet by sheet; what is not recognised is in `lost`."""
    layout = Layout(program, book)
    places = {name: target_of(text) for name, text in book.names.items()}
    for number, sheet in enumerate(program.sheets):
        found = places.get(f"taulukko.sheet{number + 1}")
        layout.titles.append(found[0] if found else sheet.title)
        layout._right.append(_Steps())
        layout._down.append(_Steps())
        if found is None or found[0] not in book.values:
            layout.lost[number] = MovedError(Finding("sheet_missing", place=sheet.title))
            continue
        try:
            layout._right[number] = _columns(program, number, places, found[0])
            layout._down[number] = _rows(layout, number, places)
        except MovedError as error:
            layout.lost[number] = error
    for table in program.tables:
        try:
            rows = range(0) if table.area.sheet in layout.lost else _body(layout, table, places)
        except MovedError as error:
            rows, layout.lost[table.area.sheet] = range(0), error
        layout.rows.append(rows)
        layout._kept.append(_kept(layout, table, rows) if rows else [])
    return layout


def _columns(program: Program, sheet: int, places: Mapping[str, Target | None], title: str) -> _Steps:
    """Columns, by the names that lead to them now.

    Raises:
        MovedError: a name leads nowhere, columns stand in another order, or a column that has no name may have moved.
    """
    now: dict[int, int] = {}
    for name, area in program.content[sheet].names.items():
        found = places.get(name.lower())
        if found is None or found[0] != title or now.setdefault(area.left, found[2]) != found[2]:
            raise moved(title, area.top)
    steps, last = _Steps(), (-1, -1)
    used = {column for _, column in program.sheets[sheet].cells}
    for column in sorted(now):
        unnamed = (one for one in used if last[0] < one < column)
        if now[column] <= last[1] or (now[column] - column != last[1] - last[0] and any(unnamed)):
            raise moved(title)
        steps.add(column, now[column] - column)
        last = (column, now[column])
    return steps


def _rows(layout: Layout, sheet: int, places: Mapping[str, Target | None]) -> _Steps:
    """Rows, by their marks: a step where a mark, and the next one with it, stands further up or down than before.

    Raises:
        MovedError: rows were put or taken where it cannot be told which, or most of the words are elsewhere.
    """
    marks = layout.program.sheets[sheet].marks
    title = layout.titles[sheet]
    rows = layout.book.values[title]
    bodies = [table.area for table in layout.program.content[sheet].tables.values()]

    def stands(place: int, shift: int) -> bool:
        row, mark, columns = marks[place]
        if not 0 <= row + shift < len(rows):
            return False
        found = [layout.book.value(title, row + shift, layout.column(sheet, column)) for column in columns]
        return all(isinstance(word, str) for word in found) and mark_of(map(str, found)) == mark

    figures = _figures(layout.program, sheet)
    steps, shift, above, standing = _Steps(), 0, 0, 0
    for place, (row, _, _) in enumerate(marks):
        if stands(place, shift):
            above, standing = row, standing + 1
            continue
        later = range(place, min(place + 3, len(marks)))
        found = next((new for new in _around(shift) if all(stands(one, new) for one in later)), None)
        if found is None:
            continue
        table = next((one for one in bodies if one.top == above), None)
        start, above = (table.bottom + 1, table.bottom) if table else (row, above)
        if any(above < one < row for one in figures):
            raise moved(title, row + found)
        shift, above, standing = found, row, standing + 1
        steps.add(start, shift)
    if 2 * standing < len(marks):
        raise moved(title)
    _check_tail(layout, sheet, steps, places)
    return steps


def _check_tail(layout: Layout, sheet: int, steps: _Steps, places: Mapping[str, Target | None]) -> None:
    """Below the last words, names tell whether rows have been put or taken.

    Raises:
        MovedError: they have.
    """
    last = max((one.row for one in layout.program.sheets[sheet].marks), default=-1)
    for name, area in layout.program.content[sheet].names.items():
        if area.bottom > last and layout.program.table_of(area) is None:
            found = places[name.lower()]
            if found and found[3] != steps(area.bottom):
                raise moved(layout.titles[sheet], found[3])


def _figures(program: Program, sheet: int) -> set[int]:
    """The rows that hold a formula, what somebody fills in, or what has a name."""
    rows, content = {row for row, _ in program.sheets[sheet].cells}, program.content[sheet]
    named = (area for name, area in content.names.items() if not name.startswith(OWN))
    areas = (*(one.area for one in content.inputs), *named)
    return rows.union(*(range(area.top, area.bottom + 1) for area in areas))


def _around(shift: int) -> list[int]:
    """Other shifts, the nearest first."""
    return [shift + sign * step for step in range(1, MOST) for sign in (1, -1)]


def _body(layout: Layout, table: Table, places: Mapping[str, Target | None]) -> range:
    """The rows of a table: from its header as far down as the name of its keys leads.

    Raises:
        MovedError: the header is gone.
    """
    area, down = table.area, layout._down[table.area.sheet]
    body = Area(area.sheet, area.top + 1, table.key, area.bottom, table.key)
    name = next((name for name, one in layout.program.content[area.sheet].names.items() if one == body), "")
    found, first = places.get(name.lower()), down(area.top) + 1
    if found and found[1] < first:
        raise moved(layout.titles[area.sheet], found[1])
    return range(first, found[3] + 1 if found else down(area.bottom + 1))


def _kept(layout: Layout, table: Table, rows: range) -> list[int]:
    """The rows that stand for those the table was built with, in their order: what there is more is new."""
    surplus = len(rows) - len(table.keys)
    if surplus <= 0:
        return list(rows)
    column, known, kept = layout.column(table.area.sheet, table.key), set(table.keys), []
    for row in rows:
        key = layout.book.value(layout.titles[table.area.sheet], row, column)
        if surplus and key not in known:
            surplus -= 1
            continue
        known.discard(str(key))
        kept.append(row)
    return kept[: len(table.keys)]


__all__ = ["GoneError", "Layout", "LostError", "MovedError", "lay_out", "moved"]
