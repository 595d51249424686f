"""The sheet that answers the sender of a workbook: what could not be read, each fault marked where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from taulukko.plan.book import Range, Sheet, Spot, Workbook, address, on_sheet
from taulukko.plan.draft import HEADER
from taulukko.plan.row_heights import set_row_heights
from taulukko.template import Template

COLUMNS = ("cell", "field", "message")
WIDTHS = (34, 26, 90)
NAME = "taulukko.answer"
"""The defined name by which the sheet is known."""


class Mark(NamedTuple):
    """A fault.

    Attributes:
        spot: the cell in the workbook that answers; None when it is about no single cell.
        place: where it stood in the returned workbook.
        field: what the cell is called.
        message: what is wrong and how to mend it.
    """

    spot: Spot | None
    place: str
    field: str
    message: str


def plan_answer(book: Workbook, template: Template, subtitle: str, marks: Sequence[Mark]) -> None:
    """Mark the faulty cells and put the list of faults after the cover."""
    sheet = Sheet(NAME, template.label("answer.sheet"), template.label("answer.title"), protected=True)
    sheet.footer = sheet.title
    sheet.widths |= {0: 2} | dict(enumerate(WIDTHS, 1))
    sheet.heights[0] = 30
    sheet.put(0, 1, sheet.title, "title")
    sheet.put(1, 1, subtitle, "mute")
    sheet.put(2, 1, template.label("answer.sentence").format(count=len(marks)), "sentence")
    for place, column in enumerate(COLUMNS, 1):
        sheet.put(HEADER, place, template.label(f"answer.{column}"), "header left")
    for row, mark in enumerate(marks, HEADER + 1):
        sheet.put(row, 1, mark.place, "prose row")
        if mark.spot:
            _mark(book, mark.spot, mark.message)
            there = on_sheet(book.sheet(mark.spot.sheet).name, address(mark.spot.row, mark.spot.column))
            sheet.link(row, 1, there, there.replace("'", ""), "link row top left")
        sheet.put(row, 2, mark.field, "prose row")
        sheet.put(row, 3, mark.message, "prose row")
        sheet.prose_rows[row] = [1, 2, 3]
    last = HEADER + max(1, len(marks))
    sheet.print_area, sheet.freeze, sheet.repeat = Range(0, 0, last, len(COLUMNS)), (HEADER + 1, 0), (HEADER, HEADER)
    set_row_heights(sheet)
    book.sheets.insert(1, sheet)
    book.names[NAME] = on_sheet(sheet.name, address(0, 0, fixed=True))


def _mark(book: Workbook, spot: Spot, message: str) -> None:
    sheet = book.sheet(spot.sheet)
    sheet.cells[spot.row, spot.column].style += " fault"
    said = sheet.notes.get((spot.row, spot.column))
    sheet.notes[spot.row, spot.column] = f"{message}\n{said}" if said else message


__all__ = ["NAME", "Mark", "plan_answer"]
