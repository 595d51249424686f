"""Makes rows high enough for all of their prose, once every value is known."""

from __future__ import annotations

from taulukko.plan.book import Sheet
from taulukko.plan.metrics import line_count, row_height


def set_row_heights(sheet: Sheet) -> None:
    """Give each prose row its height; it may still grow when somebody writes more."""
    for row, columns in sheet.prose_rows.items():
        lines = 1
        for column in columns:
            cell = sheet.cells.get((row, column))
            if cell is not None and isinstance(cell.value, str) and cell.value:
                lines = max(lines, line_count(cell.value, sheet.widths[column]))
        sheet.prose_heights[row] = row_height(lines)
