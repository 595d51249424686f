"""A workbook's file judged by the program it carries, sheet by sheet: what is not recognised stops nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from taulukko.errors import Finding, WorkbookError
from taulukko.formula.addresses import address
from taulukko.formula.references import ROWS
from taulukko.program.cell_names import Names
from taulukko.program.evaluation import Evaluation, Spot
from taulukko.program.host import read_book
from taulukko.program.layout import Layout, lay_out
from taulukko.program.packed import ProgramError, find_program
from taulukko.program.program import SHEET, Table
from taulukko.program.repair import Change, Recomputed, compare_recognised
from taulukko.program.sent import altered
from taulukko.xlsx.host import FileHost
from taulukko.xlsx.limits import ADDED, FACTS
from taulukko.xlsx.names import find_names
from taulukko.xlsx.package import Area, Package

LONGEST = 200
"""Characters of a text or formula that a finding shows."""
LINK = '=HYPERLINK("#'
"""How a link inside the workbook begins; nothing follows the sheet's name in it when somebody renames the sheet."""


def judge(package: Package) -> Recomputed:
    """A workbook computed by the program it carries, on the sheets that are recognised.

    Raises:
        WorkbookError: it carries none that can be read.
    """
    return compare_recognised(laid_out(package))


def laid_out(package: Package) -> Layout:
    """Where the cells of a workbook stand now, by the program it carries.

    Raises:
        WorkbookError: it carries none that can be read.
    """
    find_names(package)
    FACTS.check(len(package.rows(SHEET, Area(1, 0, ROWS - 1, 2))))
    book = read_book(FileHost(package))
    try:
        program = find_program(book.values[SHEET])
    except ProgramError as error:
        why = error.finding
        raise WorkbookError(why if why.code == "other_version" else Finding("not_ours", found=why.code)) from error
    layout = lay_out(program, book)
    ADDED.check(sum(map(partial(_added, package), program.tables, layout.rows)))
    return layout


def _added(package: Package, table: Table, rows: range) -> int:
    """How many rows somebody has added to a table, by its names or by what the file says of it."""
    found = package.tables.get(table.name.lower())
    there = found.area.bottom - found.area.top if found else 0
    return max(len(rows) - len(table.keys), there - len(table.keys), 0)


def reworded(evaluation: Evaluation) -> Iterator[Finding]:
    """Thresholds and words that read otherwise than they were sent out."""
    now, names = altered(evaluation.layout), Names(evaluation)
    for code, some in (("threshold_changed", now.thresholds), ("word_changed", now.words)):
        for one in some:
            name = names(one.spot) if code == "threshold_changed" else ""
            expected = (plain(one.expected),) if code == "threshold_changed" else ()
            yield Finding(code, "", place_of(evaluation.layout, one.spot), name, plain(one.found), expected)


def lost(layout: Layout) -> Iterator[Finding]:
    """The sheets that are not recognised, of which nothing more is told."""
    yield from (error.finding for error in layout.lost.values())


def is_old_link(one: Change) -> bool:
    """Whether a formula is a link that leads where its sheet was called otherwise."""
    return one.code == "formula_overwritten" and str(one.old).startswith(LINK) and one.new.startswith(LINK)


def place_of(layout: Layout, spot: Spot) -> str:
    return f"{layout.titles[spot.sheet]}!{address(spot.row, spot.column)}"


def plain(value: Any) -> str:
    """A value for a message: whole numbers without decimals."""
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return "" if value is None else str(value)[:LONGEST]


__all__ = ["LONGEST", "is_old_link", "judge", "laid_out", "lost", "place_of", "plain", "reworded"]
