"""On a sheet that is not protected, formulas outside the tables refuse typing, too."""

from __future__ import annotations

from taulukko.plan.book import Range, Sheet
from taulukko.plan.draft import Draft
from taulukko.plan.validations import locked_validation


def guard_formulas(draft: Draft, sheet: Sheet) -> None:
    """One validation for each run of formula cells of a row; the tables have theirs by column.

    On a sheet that would be protected the tables have none, and theirs are made here.
    """
    places = sorted(place for place, cell in sheet.cells.items() if cell.node or cell.formula)
    others = [one.area for one in (sheet.validations if sheet.protected else sheet.tables)]
    runs: list[Range] = []
    for row, column in places:
        if any(_within(row, column, area) for area in others):
            continue
        if runs and runs[-1].bottom == row and runs[-1].right == column - 1:
            runs[-1].right = column
        else:
            runs.append(Range(row, column, row, column))
    sheet.validations += [locked_validation(draft, run) for run in runs]


def _within(row: int, column: int, area: Range) -> bool:
    return area.top <= row <= area.bottom and area.left <= column <= area.right
