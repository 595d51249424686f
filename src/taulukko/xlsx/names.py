"""The names by which cells are found, where the program that has saved a workbook spells them anew or has lost them."""

from __future__ import annotations

import re
from collections import Counter

from taulukko.errors import Finding, WorkbookError
from taulukko.plan.shape import PLACES
from taulukko.program.host import read_book
from taulukko.program.packed import ProgramError, find_program
from taulukko.program.program import SHEET
from taulukko.xlsx.host import FileHost
from taulukko.xlsx.package import Package


def find_names(package: Package) -> None:
    """See that the hidden sheet is there, and spell names as they were sent out; an .xls has underscores for points.

    Raises:
        WorkbookError: `identity_missing` or `not_ours` where there is no such sheet; `names_lost` where none of the
            names that lead to the sheets is left.
    """
    if SHEET not in package.sheets:
        ours = any(name.startswith("taulukko") or "column" in re.split(r"[._]", name) for name in package.names)
        raise WorkbookError(Finding("identity_missing" if ours else "not_ours"))
    if any(name.startswith(PLACES) for name in package.names):
        return
    try:
        sent = [name.lower() for name in find_program(read_book(FileHost(package)).values[SHEET]).names]
    except ProgramError:
        return  # what reads the sheet tells what is wrong with it
    count = Counter(map(_underscored, sent))
    spelled = {_underscored(name): name for name in sent if count[_underscored(name)] == 1}
    package.rename(spelled)
    if not any(name.startswith(PLACES) for name in package.names):
        raise WorkbookError(Finding("names_lost"))


def _underscored(name: str) -> str:
    return name.replace(".", "_")


__all__ = ["find_names"]
