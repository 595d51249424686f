"""What a workbook shows beside what it should show, and the cells to write to make it so.

The truth is a build from the inputs as they now stand: an overwritten formula is a formula again, a value that is out
of date is computed anew. What somebody has typed into an input cell is never touched.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from taulukko.formula.addresses import address
from taulukko.program.evaluation import Spot, Workings, work
from taulukko.program.host import ERRORS, Block, Book, Host, clean, read_book
from taulukko.program.layout import MovedError, lay_out
from taulukko.program.program import SHEET, Program, find_program
from taulukko.program.spelling import is_alike

TOLERANCE = 1e-9


class Change(NamedTuple):
    """One cell that is not as it should be.

    Attributes:
        code: `overwritten` it holds no formula of ours, `stale` its formula shows something else than it gives.
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
    old: Any
    new: str
    shown: Any
    value: Any

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

    workings: Workings
    checked: int
    changes: tuple[Change, ...]


def recompute(host: Host) -> Recomputed:
    """Read a workbook and compute its every measure; nothing is written.

    Raises:
        ProgramError: it carries no program that can be read.
        MovedError: its cells cannot be found again.
    """
    book = read_book(host)
    return compare(find_program(book.values.get(SHEET, ())), book)


def compare(program: Program, book: Book) -> Recomputed:
    """A program's values beside those of a workbook.

    Raises:
        MovedError: its cells cannot be found again.
    """
    workings = work(lay_out(program, book))
    found = (_change(workings, spot) for spot in workings.formulas)
    changes = tuple(one for one in found if one)
    for number in range(len(program.sheets)):
        _refuse_slid(workings, number, changes)
    return Recomputed(workings, len(workings.formulas), changes)


def repair(changes: Iterable[Change]) -> list[Block]:
    """What makes cells as they should be."""
    return blocks({(one.sheet, one.row, one.column): one.new for one in changes})


def rewrite(found: Recomputed, spots: Iterable[Spot]) -> list[Block]:
    """The formulas of computed cells, for a host that cannot tell which of them are still formulas."""
    titles = found.workings.layout.titles
    texts = ((spot, found.workings.text(spot)) for spot in spots)
    return blocks({(titles[spot.sheet], spot.row, spot.column): text and f"={text}" for spot, text in texts})


def blocks(cells: dict[tuple[str, int, int], Any]) -> list[Block]:
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


def _change(workings: Workings, spot: Spot) -> Change | None:
    book, title = workings.layout.book, workings.layout.titles[spot.sheet]
    formula, shown = book.formula(title, spot.row, spot.column), book.raw(title, spot.row, spot.column)
    stale = shown in ERRORS or not is_same(workings.value(spot), clean(shown))
    if not stale and formula is None:
        return None
    text = workings.text(spot)
    if not text and not formula and is_same(shown, ""):
        return None
    overwritten = formula is not None and not is_alike(text, formula)
    if not stale and not overwritten:
        return None
    code, old = ("overwritten" if overwritten else "stale"), (f"={formula}" if formula else shown)
    new, value = (f"={text}", workings.value(spot)) if text else ("", "")
    return Change(code, title, spot.row, spot.column, old, new, shown, value)


def _refuse_slid(workings: Workings, sheet: int, changes: tuple[Change, ...]) -> None:
    """Refuse a sheet whose last rows, which have no words, show all they should, but further up or down.

    Raises:
        MovedError: `layout_changed`.
    """
    layout, title = workings.layout, workings.layout.titles[sheet]
    tables = [rows for one, rows in zip(layout.program.tables, layout.rows, strict=True) if one.area.sheet == sheet]
    marks = (layout.row(sheet, one.row) or 0 for one in layout.program.sheets[sheet].marks)
    last = max([*marks, *(rows.stop - 1 for rows in tables)], default=-1)
    first = min((one.row for one in changes if one.sheet == title and one.row > last), default=None)
    if first is None:
        return
    tail = [spot for spot in workings.formulas if spot.sheet == sheet and spot.row >= first]
    end = max(spot.row for spot in tail)

    def shows(spot: Spot, shift: int = 0) -> Any:
        return layout.book.value(title, spot.row + shift, spot.column)

    for shift in (1, 2, 3, -1, -2, -3):
        left = range(first, first + shift) if shift > 0 else range(end + shift + 1, end + 1)
        rest = [spot for spot in tail if spot.row >= first - min(shift, 0)]
        is_empty = all(is_same(shows(spot), "") for spot in tail if spot.row in left)
        says_something = any(workings.value(spot) != "" for spot in rest)
        if is_empty and says_something and all(is_same(workings.value(spot), shows(spot, shift)) for spot in rest):
            raise MovedError("layout_changed", title, first)


def is_same(one: Any, other: Any) -> bool:
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


__all__ = ["Change", "Recomputed", "blocks", "compare", "is_same", "recompute", "repair", "rewrite"]
