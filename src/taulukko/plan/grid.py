"""The grid of the summary: twelve columns with a gutter after each third one, and the head of a block on it."""

from __future__ import annotations

from taulukko.plan.book import Sheet
from taulukko.plan.draft import Draft

GRID = 12
ROW_POINTS = 18.75
COLUMN, GUTTER, MARGIN = 14.0, 2.29, 2.0
RIGHT = GRID + 3


def grid(column: int) -> int:
    """The sheet column of a grid column.

    Example:
        >>> [grid(column) for column in (0, 2, 3, 11)]
        [1, 3, 5, 15]
    """
    return 1 + column + column // 3


def put_title(
    draft: Draft, sheet: Sheet, row: int, column: int, width: int, text: str, section: str, style: str
) -> None:
    """A block's rule and its name, which links to the sheet it comes from."""
    for place in range(grid(column), grid(column + width - 1) + 1):
        sheet.put(row, place, None, style)
    draft.link(sheet, row, grid(column), section, text, f"{style} left")
