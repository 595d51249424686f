"""What a workbook shows beside what it should show, and the cells to write to make it so.

The truth is a build from the inputs as they now stand: an overwritten formula is a formula again, a value that is out
of date is computed anew. What somebody has typed into an input cell is never touched.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from taulukko.formula.addresses import address
from taulukko.program.evaluation import Evaluation, Spot, evaluate
from taulukko.program.host import ERRORS, Block, Book, Host, clean, read_book
from taulukko.program.layout import Layout, LostError, MovedError, lay_out, moved
from taulukko.program.packed import find_program
from taulukko.program.program import SHEET, Program

TOLERANCE = 1e-9


class Change(NamedTuple):
    """One cell that is not as it should be.

    Attributes:
        code: `formula_overwritten` it holds no formula of ours, `value_stale` its formula shows something else than it
            gives.
        sheet: title of its sheet.
        row: from 0, as `column`.
        old: what stands in it: a formula with its equals sign where the host sees formulas, else a value.
        new: the formula with its equals sign; empty where the formula has nothing left to refer to.
        shown: the value it shows.
        value: the value it should show.
    """

    code: str
    sheet: str
    row: int
    column: int
    old: object
    new: str
    shown: object
    value: object

    @property
    def place(self) -> str:
        """Such as `Riskit!E12`."""
        return f"{self.sheet}!{address(self.row, self.column)}"


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A workbook computed anew.

    Attributes:
        checked: how many computed cells it has.
        changes: those that are not as they should be, sheet by sheet.
    """

    evaluation: Evaluation
    checked: int
    changes: tuple[Change, ...]


def recompute(host: Host) -> Recomputed:
    """Read a workbook and compute its every measure; nothing is written.

    Raises:
        ProgramError: it carries no program that can be read.
        MovedError: cells of a sheet cannot be found again.
    """
    book = read_book(host)
    return compare(find_program(book.values.get(SHEET, ())), book)


def compare(program: Program, book: Book) -> Recomputed:
    """A program's values beside those of a workbook.

    Raises:
        MovedError: cells of a sheet cannot be found again.
    """
    found = compare_recognised(lay_out(program, book))
    for error in found.evaluation.layout.lost.values():
        raise error
    return found


def compare_recognised(layout: Layout) -> Recomputed:
    """A program's values beside those of a workbook, on the sheets that are recognised; the others are in `lost`."""
    while True:
        evaluation = evaluate(layout)
        found = [(spot.sheet, one) for spot in evaluation.formulas if (one := _change(evaluation, spot))]
        slid: dict[int, MovedError] = {}
        for sheet in {sheet for sheet, _ in found}:
            error = _slid(evaluation, sheet, [one for number, one in found if number == sheet])
            slid |= {sheet: error} if error else {}
        if not slid:
            return Recomputed(evaluation, len(evaluation.formulas), tuple(one for _, one in found))
        layout.lose(slid)


def written_over(evaluation: Evaluation) -> list[Change]:
    """The formulas that were written over; nothing is computed where all of them stand as they should."""
    if all(_stands(evaluation, spot) for spot in evaluation.formulas):
        return []
    return [one for one in compare_recognised(evaluation.layout).changes if one.code == "formula_overwritten"]


def _stands(evaluation: Evaluation, spot: Spot) -> bool:
    """Whether a cell holds its formula, or one that cannot be told."""
    formula = evaluation.layout.book.formula(evaluation.layout.titles[spot.sheet], spot.row, spot.column)
    try:
        return formula is None or evaluation.holds(spot, formula)
    except LostError:
        return True


def repair(changes: Iterable[Change]) -> list[Block]:
    """What makes cells as they should be."""
    return blocks({(one.sheet, one.row, one.column): one.new for one in changes})


def rewrite(found: Recomputed, spots: Iterable[Spot]) -> list[Block]:
    """The formulas of computed cells, for a host that cannot tell which of them are still formulas."""
    titles = found.evaluation.layout.titles
    texts = ((spot, found.evaluation.text(spot)) for spot in spots)
    return blocks({(titles[spot.sheet], spot.row, spot.column): text and f"={text}" for spot, text in texts})


def blocks(cells: dict[tuple[str, int, int], object]) -> list[Block]:
    """Cells in as few rectangles as there are runs of rows with the same columns.

    Example:
        >>> blocks({("A", 0, 1): 1, ("A", 0, 2): 2, ("A", 1, 1): 3, ("A", 1, 2): 4, ("A", 5, 0): 5})[0]
        Block(sheet='A', row=0, column=1, rows=[[1, 2], [3, 4]])
    """
    runs: list[tuple[str, int, int, int]] = []
    for sheet, row, column in sorted(cells):
        if runs and runs[-1][:2] == (sheet, row) and runs[-1][3] == column - 1:
            runs[-1] = (sheet, row, runs[-1][2], column)
        else:
            runs.append((sheet, row, column, column))
    rectangles: dict[tuple[str, int, int], list[range]] = {}
    for sheet, row, left, right in runs:
        found = rectangles.setdefault((sheet, left, right), [])
        if found and found[-1].stop == row:
            found[-1] = range(found[-1].start, row + 1)
        else:
            found.append(range(row, row + 1))
    return [
        Block(
            sheet, rows.start, left, [[cells[sheet, row, column] for column in range(left, right + 1)] for row in rows]
        )
        for (sheet, left, right), some in rectangles.items()
        for rows in some
    ]


def _change(evaluation: Evaluation, spot: Spot) -> Change | None:
    book, title = evaluation.layout.book, evaluation.layout.titles[spot.sheet]
    formula, shown = book.formula(title, spot.row, spot.column), book.raw(title, spot.row, spot.column)
    value = evaluation.value(spot)
    if spot in evaluation.unknown:
        return None
    stale = shown in ERRORS or not is_same(value, clean(shown))
    if not stale and formula is None:
        return None
    try:
        text = evaluation.text(spot)
    except LostError:
        return None
    if not text and not formula and is_same(shown, ""):
        return None
    overwritten = formula is not None and not evaluation.holds(spot, formula)
    if not stale and not overwritten:
        return None
    code, old = ("formula_overwritten" if overwritten else "value_stale"), (f"={formula}" if formula else shown)
    new, value = (f"={text}", value) if text else ("", "")
    return Change(code, title, spot.row, spot.column, old, new, shown, value)


def _slid(evaluation: Evaluation, sheet: int, changes: list[Change]) -> MovedError | None:
    """Whether a sheet's last rows, which have no words, or its last columns, which have no names, show all that they
    should, but further up, down, left or right.
    """
    layout, program = evaluation.layout, evaluation.layout.program
    tables = [rows for one, rows in zip(program.tables, layout.rows, strict=True) if one.area.sheet == sheet]
    rows = (layout.row(sheet, one.row) or 0 for one in program.sheets[sheet].marks)
    columns = (layout.column(sheet, one.right) for one in program.names.values() if one.sheet == sheet)
    spots = [spot for spot in evaluation.formulas if spot.sheet == sheet]
    last_row, last_column = max([*rows, *(rows.stop - 1 for rows in tables)], default=-1), max(columns, default=-1)
    for last, axis in ((last_row, 1), (last_column, 2)):
        tail = [spot for spot in spots if spot[axis] > last]
        places = [(one.row, one.column)[axis - 1] for one in changes]
        first = min((place for place in places if place > last), default=None)
        if first is not None and _has_slid(evaluation, [spot for spot in tail if spot[axis] >= first], first, axis):
            return moved(layout.titles[sheet], first if axis == 1 else 0)
    return None


def _has_slid(evaluation: Evaluation, tail: list[Spot], first: int, axis: int) -> bool:
    """Whether cells from a row or column on show what they should one to three places further."""

    def shows(spot: Spot, shift: int = 0) -> object:
        row, column = (spot.row + shift, spot.column) if axis == 1 else (spot.row, spot.column + shift)
        return evaluation.layout.book.value(evaluation.layout.titles[spot.sheet], row, column)

    end = max(spot[axis] for spot in tail)
    for shift in (1, 2, 3, -1, -2, -3):
        left = range(first, first + shift) if shift > 0 else range(end + shift + 1, end + 1)
        rest = [spot for spot in tail if spot[axis] >= first - min(shift, 0)]
        is_empty = all(is_same(shows(spot), "") for spot in tail if spot[axis] in left)
        says_something = any(evaluation.value(spot) != "" for spot in rest)
        if is_empty and says_something and all(is_same(evaluation.value(spot), shows(spot, shift)) for spot in rest):
            return True
    return False


def is_same(one: object, other: object) -> bool:
    """Numbers nearly, texts exactly but for the spaces around them, an empty text as a blank.

    Example:
        >>> is_same(0.1 + 0.2, 0.3), is_same("", None), is_same("1", 1.0)
        (True, True, False)
    """
    if type(one) is type(other) and one == other:
        return True
    one, other = ("" if value is None else value for value in (one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return type(one) is type(other) and str(one).strip() == str(other).strip()


__all__ = [
    "Change",
    "Recomputed",
    "blocks",
    "compare",
    "compare_recognised",
    "is_same",
    "recompute",
    "repair",
    "rewrite",
    "written_over",
]
