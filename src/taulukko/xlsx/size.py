"""How large a planned workbook is: what Excel would not open, or we would not read again, is refused unwritten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import ceil

from taulukko.errors import FaultsError, Finding
from taulukko.plan.book import Sheet, Workbook, address
from taulukko.xlsx import limits
from taulukko.xlsx.limits import Limit

GROWS, STAYS = 0.8, 0.95
"""How much of a limit a new workbook may have: of what is filled in, and written at greater length by other programs;
of what only sheets are added to."""
CELL, NUMBER, NAME, NOTE = 45, 18, 60, 900
"""Bytes at most of a cell's element without what it holds, of a number, and of a name's and a note's element."""

_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def check_size(book: Workbook) -> None:
    """See that a workbook can be opened by Excel and read by us once it is written.

    Raises:
        FaultsError: `book_large` for each limit that it is over, with the sheet or the cell.
    """
    faults = [*_in_cells(book), *_in_all(book)]
    if faults:
        raise FaultsError(*faults)


def _in_cells(book: Workbook) -> Iterator[Finding]:
    """What one cell of a sheet has too much of."""
    for sheet in book.sheets:
        formulas = {place: cell.formula for place, cell in sheet.cells.items() if cell.formula}
        texts = {place: cell.value for place, cell in sheet.cells.items() if isinstance(cell.value, str)}
        yield from _longest(limits.FORMULA_LENGTH, sheet, {place: len(text) for place, text in formulas.items()})
        yield from _longest(limits.TEXT_LENGTH, sheet, {place: len(text) for place, text in texts.items()})
        listed = {place: text for place, text in formulas.items() if text.count(",") >= limits.ARGUMENTS.most}
        yield from _longest(limits.ARGUMENTS, sheet, {place: arguments(text) for place, text in listed.items()})


def _longest(limit: Limit, sheet: Sheet, sizes: dict[tuple[int, int], int]) -> Iterator[Finding]:
    if sizes:
        place = max(sizes, key=lambda place: sizes[place])
        yield from _over(limit, sizes[place], f"{sheet.name}!{address(*place)}", 1)


def _in_all(book: Workbook) -> Iterator[Finding]:
    """What the workbook has too much of, with the sheet that has most of it."""
    texts: set[str] = set()
    cells: dict[str, int] = {}
    characters = written = 0
    for sheet in book.sheets:
        filled = [cell for cell in sheet.cells.values() if cell.formula or cell.value is not None]
        said = [(cell.value, bool(cell.formula)) for cell in filled if isinstance(cell.value, str)]
        headers = [header for table in sheet.tables for header in table.headers]
        cells[sheet.name] = len(filled) + len(headers)
        texts |= {text for text, computed in said if not computed} | set(headers)
        characters += NUMBER * len(filled) + sum(len(text) for text, computed in said if computed)
        characters += sum(map(len, {cell.formula for cell in filled}))
        written += CELL * len(sheet.cells) + sum(len(cell.formula) for cell in filled)
    characters += sum(map(len, texts))
    notes = {sheet.name: sum(NOTE + len(text) for text in sheet.notes.values()) for sheet in book.sheets}
    names = sum(NAME + len(name) + len(target) for name, target in book.names.items())
    large, noted = max(cells, key=lambda name: cells[name]), max(notes, key=lambda name: notes[name])
    yield from _over(limits.SHEETS, len(book.sheets), "", STAYS)
    yield from _over(limits.NAMES, len(book.names) + 3 * len(book.sheets), "", STAYS)
    yield from _over(limits.FACTS, max((row for row, _ in book.sheets[-1].cells), default=0), "", STAYS / 2)
    yield from _over(limits.PART, max(names, notes[noted]), noted if notes[noted] > names else "", STAYS)
    yield from _over(limits.TEXTS, len(texts), large, GROWS)
    yield from _over(limits.CELLS, sum(cells.values()), large, GROWS)
    yield from _over(limits.CHARACTERS, characters, large, GROWS)
    yield from _over(limits.UNPACKED, characters + written + names + sum(notes.values()), large, GROWS)


def _over(limit: Limit, found: int, place: str, share: float) -> Iterator[Finding]:
    most = int(limit.most * share) if share < 1 else limit.most
    if found > most * limit.unit:
        yield Finding(
            "book_large", place=place, found=_said(ceil(found / limit.unit)), expected=(_said(most), limit.name)
        )


def _said(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def arguments(formula: str) -> int:
    """The most arguments that a function of a formula has.

    Example:
        >>> arguments('IF(SUM(A1,"a,b",A3)>0,1,MAX(1,2,3,4))')
        4
    """
    counts, most = [1], 1
    for mark in re.findall(r"[(),]", _QUOTED.sub("", formula)):
        if mark == "(":
            counts.append(1)
        elif mark == ")":
            most = max(most, counts.pop())
        else:
            counts[-1] += 1
    return most


__all__ = ["check_size"]
