"""Which rows a table of a returned workbook has now, whatever was inserted, deleted or typed below it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from taulukko.formula.references import Area
from taulukko.xlsx.cells import BLANK, is_filled
from taulukko.xlsx.package import Package


class Row(NamedTuple):
    """A row by its number, and whether it stands below the table."""

    number: int
    outside: bool


def rows_in_use(
    package: Package, sheet: str, keys: Area, inputs: Iterable[int], headings: Collection[str] = ()
) -> Iterator[Row]:
    """The rows with something in an input column: those of the table, and those typed right below it.

    Args:
        keys: where the column of keys stood when it was named; the table may have grown since.
        inputs: the columns that somebody fills in.
        headings: what may stand further below; the rows typed below the table end there.
    """
    inputs = list(inputs)
    area, columns = _area(package, sheet, keys)
    cells = package.cells(sheet)

    def filled(row: int) -> bool:
        return any(is_filled(cells.get((row, column), BLANK)) for column in inputs)

    def ours(row: int) -> bool:
        found = [cells.get((row, column), BLANK) for column in columns]
        return any(cell.formula is not None or cell.value in headings for cell in found)

    yield from (Row(row, False) for row in package.rows(sheet, area) if filled(row))
    row = area.bottom + 1
    while filled(row) and not ours(row):
        yield Row(row, True)
        row += 1


def _area(package: Package, sheet: str, keys: Area) -> tuple[Area, range]:
    """The rows of the table, and its columns; a row inserted at its top is in the table and not under its names."""
    for table in package.tables.values():
        area = table.area
        if table.sheet == sheet and area.left <= keys.left <= area.right and area.top < keys.bottom <= area.bottom + 1:
            return keys._replace(top=area.top + 1, bottom=area.bottom), range(area.left, area.right + 1)
    return keys, range(keys.left + 1)


__all__ = ["Row", "rows_in_use"]
