"""What a workbook is sent out as besides its formulas: the words nobody fills in, the thresholds, and what guards it.

By this it is told what somebody has changed without touching a formula.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from taulukko.plan.book import Cell, Sheet, Spots
from taulukko.program.program import mark_of
from taulukko.program.sent import hides_figures, text_of


def sent(sheets: Sequence[Sheet], inputs: dict[str, Spots], formats: Sequence[str]) -> dict[str, object]:
    """The part of a program's data that says so, places by the number of the sheet.

    Args:
        inputs: of each sheet by its key.
        formats: the number formats of the theme.
    """
    titles = {sheet.name: number for number, sheet in enumerate(sheets)}
    typed = [{(spot.row, spot.column) for spot in inputs.get(sheet.key, {}).values()} for sheet in sheets]
    return {
        "fixed": [list(_fixed(sheet, places)) for sheet, places in zip(sheets, typed, strict=True)],
        "thresholds": [
            [number, row, column, cell.value]
            for number, (sheet, places) in enumerate(zip(sheets, typed, strict=True))
            for (row, column), cell in sheet.cells.items()
            if (row, column) not in places and _is_figure(cell) and "input" in cell.style.split()
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


def _fixed(sheet: Sheet, typed: set[tuple[int, int]]) -> Iterator[list[int]]:
    """Row, column and mark of each word and figure that nobody fills in, and of the tables' headers."""
    within = {row for table in sheet.tables for row in range(table.area.top, table.area.bottom + 1)}
    for (row, column), cell in sorted(sheet.cells.items()):
        if row in within or (row, column) in typed or cell.node is not None or cell.formula:
            continue
        is_word = isinstance(cell.value, str) and cell.value.strip()
        if is_word or (_is_figure(cell) and "input" not in cell.style.split()):
            yield [row, column, mark_of([text_of(cell.value)])]
    for table in sheet.tables:
        for column, header in enumerate(table.headers, table.area.left):
            yield [table.area.top, column, mark_of([header])]


def _is_figure(cell: Cell) -> bool:
    return isinstance(cell.value, float | int) and cell.node is None and not cell.formula


__all__ = ["sent"]
