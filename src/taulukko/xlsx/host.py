"""A workbook's file as a host: what its sheets show, without anybody having it open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from taulukko.program.host import UNTOLD
from taulukko.xlsx.package import BLANK, Cell, Cells, Package


class FileHost:
    """What a file shows; nothing is written to it.

    Attributes:
        package: the file.
    """

    def __init__(self, package: Package):
        self.package = package

    def sheets(self) -> Sequence[str]:
        return list(self.package.sheets)

    def names(self) -> Mapping[str, str]:
        return self.package.names

    def tables(self) -> Iterable[str]:
        return self.package.tables

    def values(self, sheet: str) -> _Rows:
        return _Rows(self.package.cells(sheet), _value)

    def formulas(self, sheet: str) -> _Rows:
        return _Rows(self.package.cells(sheet), _formula if self.package.sees_formulas else _whether_formula)


class _Rows(Sequence[Any]):
    """The rows of a sheet from A1 on, none of which is made before it is asked for: a cell may stand in the last."""

    def __init__(self, cells: Cells, shown: Callable[[Cell], Any]):
        self.cells, self.shown = cells, shown
        self.height, self.width = (max((place[one] for place in cells), default=-1) + 1 for one in (0, 1))

    def __len__(self) -> int:
        return self.height

    def at(self, row: int, column: int) -> Any:
        """What stands in a cell, without its row."""
        cell = self.cells.get((row, column))
        return None if cell is None else self.shown(cell)

    def __getitem__(self, row: Any) -> Any:
        if not 0 <= row < self.height:
            raise IndexError(row)
        return _Row(self, row)


class _Row(Sequence[Any]):
    __slots__ = ("row", "rows")

    def __init__(self, rows: _Rows, row: int):
        self.rows, self.row = rows, row

    def __len__(self) -> int:
        return self.rows.width

    def __getitem__(self, column: Any) -> Any:
        if not 0 <= column < self.rows.width:
            raise IndexError(column)
        return self.rows.shown(self.rows.cells.get((self.row, column), BLANK))


def _value(cell: Cell) -> Any:
    return cell.error or cell.value


def _formula(cell: Cell) -> Any:
    return cell.value if cell.formula is None else f"={cell.formula}"


def _whether_formula(cell: Cell) -> Any:
    return cell.value if cell.formula is None else UNTOLD


__all__ = ["FileHost"]
