"""What a workbook is sent out as besides its formulas: the words nobody fills in, the thresholds, and what guards it.

By this it is told what somebody has changed without touching a formula.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from taulukko.plan.book import Sheet, Spots
from taulukko.program.program import mark_of
from taulukko.program.sent import hides_figures


def sent(sheets: Sequence[Sheet], inputs: dict[str, Spots], formats: Sequence[str]) -> dict[str, Any]:
    """The part of a program's data that says so, places by the number of the sheet.

    Args:
        inputs: of each sheet by its key.
        formats: the number formats of the theme.
    """
    titles = {sheet.name: number for number, sheet in enumerate(sheets)}
    return {
        "fixed": [list(_fixed(sheet, inputs.get(sheet.key, {}))) for sheet in sheets],
        "thresholds": [
            [number, row, column, cell.value]
            for number, sheet in enumerate(sheets)
            for (row, column), cell in sheet.cells.items()
            if _is_threshold(sheet, row, column, inputs.get(sheet.key, {}))
        ],
        "sheets": [
            [int(sheet.hidden), int(sheet.protected), int(bool(sheet.validations)), int(bool(sheet.rules))]
            for sheet in sheets
        ],
        "charts": sorted(
            [titles[series.sheet], area.top, area.left, area.bottom, area.right]
            for sheet in sheets
            for chart in sheet.charts
            for series in chart.series
            for area in (series.values,)
        ),
        "formats": sorted(set(filter(hides_figures, formats))),
    }


def _fixed(sheet: Sheet, inputs: Spots) -> Iterator[list[int]]:
    """Row, column and mark of each word and figure that nobody fills in, and of the tables' headers."""
    typed = {(spot.row, spot.column) for spot in inputs.values()}
    within = {row for table in sheet.tables for row in range(table.area.top, table.area.bottom + 1)}
    for (row, column), cell in sorted(sheet.cells.items()):
        is_word = isinstance(cell.value, str) and cell.value.strip()
        if is_word and cell.node is None and not cell.formula and row not in within and (row, column) not in typed:
            yield [row, column, mark_of([cell.value])]
    for table in sheet.tables:
        for column, header in enumerate(table.headers, table.area.left):
            yield [table.area.top, column, mark_of([header])]


def _is_threshold(sheet: Sheet, row: int, column: int, inputs: Spots) -> bool:
    cell = sheet.cells[row, column]
    is_figure = isinstance(cell.value, float | int) and cell.node is None and not cell.formula
    places = {(spot.row, spot.column) for spot in inputs.values()} if is_figure else set()
    return is_figure and "input" in cell.style.split() and (row, column) not in places


__all__ = ["sent"]
