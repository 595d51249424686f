"""What stands where a workbook is about to be written: ours and untouched, ours and saved since, or something else."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

from taulukko.errors import WorkbookError
from taulukko.plan.shape import NAME
from taulukko.xlsx.package import open_package

BUILT = (1980, 1, 31, 0, 0, 0)
"""The time XlsxWriter gives each part of a file; whatever program saves the file gives others."""

State = Literal["untouched", "filled", "foreign"]


def state_of(path: Path) -> State:
    """What an existing file is to us.

    Returns:
        `untouched`, as a build left it; `filled`, built by us and saved by another program since; `foreign`, not ours.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb"):
        pass
    return _state(path) if _is_ours(path) else "foreign"


def _is_ours(path: Path) -> bool:
    """Whether the sheet that says what a workbook of ours is has the row of its schema."""
    try:
        package = open_package(path)
        cells = package.cells(NAME) if NAME in package.sheets else {}
    except WorkbookError:
        return False
    return any(
        cell.value == "workbook" and (row, 1) in cells and cells[row, 1].value == "schema"
        for (row, column), cell in cells.items()
        if column == 0
    )


def _state(path: Path) -> State:
    with zipfile.ZipFile(path) as book:
        built = all(part.date_time == BUILT for part in book.infolist())
    return "untouched" if built and open_package(path).is_as_created else "filled"


__all__ = ["State", "state_of"]
