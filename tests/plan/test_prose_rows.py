"""Rows of prose show every word, and grow when somebody writes more."""

from __future__ import annotations

import pytest

from taulukko.plan.metrics import line_count

PROSE_SHEETS = ("goals_council", "goals_service_area", "risks", "projects", "texts")


@pytest.mark.parametrize("key", PROSE_SHEETS)
def test_rows_of_prose_have_a_height_that_is_not_fixed(finnish, key: str) -> None:
    """Excel and LibreOffice fit a row again after an edit unless customHeight says that it is fixed."""
    sheet = finnish.sheet(key)
    (part,) = (part for part in finnish.package.sheets if part.name == sheet.name)
    rows = {int(row.get("r")) - 1: row for row in part.all("m:sheetData/m:row")}
    assert sheet.prose_heights
    for row in sheet.prose_heights:
        assert rows[row].get("ht"), row
        assert rows[row].get("customHeight") is None, row


@pytest.mark.parametrize("key", PROSE_SHEETS)
def test_rows_of_prose_are_high_enough_for_every_wrapped_cell(finnish, key: str) -> None:
    """15 points a line; Excel allows 409 at most, and no text here needs more."""
    sheet = finnish.sheet(key)
    for (row, column), cell in sheet.cells.items():
        if row in sheet.prose_heights and isinstance(cell.value, str) and column not in sheet.hidden_columns:
            lines = line_count(cell.value, sheet.widths[column]) if "prose" in cell.style.split() else 1
            assert 15 * lines <= sheet.prose_heights[row] <= 409, (row, column)
