"""The names by which cells are found, where the program that has saved a workbook spells them anew or has lost them."""

from __future__ import annotations

from collections import Counter

from taulukko.errors import Finding, WorkbookError
from taulukko.plan.shape import PLACES
from taulukko.program.host import read_book
from taulukko.program.packed import ProgramError, find_program
from taulukko.program.program import SHEET
from taulukko.xlsx.host import FileHost
from taulukko.xlsx.package import Package


def find_names(package: Package) -> None:
    """Spell names as they were sent out; a file that has been an .xls has underscores in the place of points.

    Raises:
        WorkbookError: `names_lost` where the workbook has none of the names that lead to its sheets.
    """
    if SHEET not in package.sheets or any(name.startswith(PLACES) for name in package.names):
        return
    try:
        sent = [name.lower() for name in find_program(read_book(FileHost(package)).values[SHEET]).names]
    except ProgramError:
        sent = []
    count = Counter(map(_underscored, sent))
    spelled = {_underscored(name): name for name in sent if count[_underscored(name)] == 1}
    package.rename(spelled)
    if not any(name.startswith(PLACES) for name in package.names):
        raise WorkbookError(Finding("names_lost"))


def _underscored(name: str) -> str:
    return name.replace(".", "_")


__all__ = ["find_names"]
