"""Where an input stands in a workbook, told by its defined names and hidden keys, and not by the code that reads it."""

from __future__ import annotations

from pathlib import Path

from taulukko.formula.addresses import address as a1
from taulukko.xlsx.package import BLANK, Package, open_package

Place = tuple[str, str]
"""Sheet and cell, as `("Riskit", "E12")`; an editor takes it as its first two arguments."""


def place(book: Path | Package, section: str, record: str, column: str) -> Place:
    """Where the column of a record stands.

    Args:
        section: `risks`; of a statement with its unit, counted from 1: `income_statement.unit4`.
        record: the hidden key, in a statement `fees`, `given.fees` or `notes.fees`.
        column: `likelihood`.
    """
    package = opened(book)
    sheet, keys = _area(package, section, key_column(package, section))
    rows = package.rows(sheet, keys._replace(bottom=_bottom(package, sheet, keys.top, keys.bottom)))
    cells = package.cells(sheet)
    row = next((row for row in rows if cells.get((row, keys.left), BLANK).value == record), None)
    if row is None:
        raise LookupError(f"{section} has no row {record}")
    return sheet, a1(row, _area(package, section, column)[1].left)


def named(book: Path | Package, name: str) -> Place:
    """Where a defined name of one cell leads, as `income_statement.unit4.assessment.text` or `parameters.months`."""
    found = opened(book).area(name)
    if found is None:
        raise LookupError(f"no name {name}")
    return found[0], a1(found[1].top, found[1].left)


def records_area(book: Path | Package, section: str) -> Place:
    """The rows of a section, all columns of its table and without its headers, as `("Riskit", "B6:N12")`."""
    package = opened(book)
    sheet, keys = _area(package, section, key_column(package, section))
    table = next(t.area for t in package.tables.values() if t.sheet == sheet and t.area.top == keys.top - 1)
    return sheet, f"{a1(table.top + 1, table.left)}:{a1(table.bottom, table.right)}"


def keys(book: Path | Package, section: str) -> list[str]:
    """The keys of a section's rows in the order they stand, those of spare rows too."""
    package = opened(book)
    sheet, area = _area(package, section, key_column(package, section))
    rows = package.rows(sheet, area._replace(bottom=_bottom(package, sheet, area.top, area.bottom)))
    found = (package.cells(sheet).get((row, area.left), BLANK).value for row in rows)
    return [str(key) for key in found if key is not None]


def column_letter(cell: str) -> str:
    """The column of a cell or area.

    Example:
        >>> column_letter("AB12"), column_letter("B6:N12")
        ('AB', 'B')
    """
    return cell.partition(":")[0].rstrip("0123456789")


def row_number(cell: str) -> int:
    """The row of a cell or area, counted from 1."""
    first = cell.partition(":")[0]
    return int(first[len(column_letter(cell)) :])


def opened(book: Path | Package) -> Package:
    return book if isinstance(book, Package) else open_package(book)


def key_column(package: Package, section: str) -> str:
    """`line` in a statement, `key` in the checks, `id` in records."""
    return next(key for key in ("line", "key", "id") if f"{section}.column.{key}" in package.names)


def _area(package: Package, section: str, column: str):
    found = package.area(f"{section}.column.{column}")
    if found is None:
        raise LookupError(f"no name {section}.column.{column}")
    return found


def _bottom(package: Package, sheet: str, top: int, bottom: int) -> int:
    """The last row of the table that begins there, since a table grows and its names do not."""
    tables = (t.area for t in package.tables.values() if t.sheet == sheet and t.area.top == top - 1)
    return next((table.bottom for table in tables), bottom)
