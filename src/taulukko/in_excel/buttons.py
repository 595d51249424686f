"""The buttons: each is one press of `taulukko.program.actions` at whoever has the workbook open.

Macros call the procedures whose names end in `_main`; a server calls the others as its scripts.
"""

from __future__ import annotations

import os
import sys
from functools import partial

from xlwings import Book, script

from taulukko.errors import Finding
from taulukko.in_excel.desktop import DesktopDesk, one_line
from taulukko.in_excel.remote import RemoteDesk
from taulukko.in_excel.words import spoken, words_of
from taulukko.messages import reader_language
from taulukko.program.actions import Desk, press
from taulukko.program.program import SHEET

REMOTE = "remote"
"""What xlwings calls its engine without Excel."""
FACTS = 12
"""Rows of the hidden sheet that tell of the workbook as a whole."""


def desk_of(book: Book) -> Desk:
    """Whoever shows a workbook, its refusals in the workbook's language, or in the reader's where that is not known."""
    if book.app.engine.name != REMOTE:
        return DesktopDesk(book)
    return RemoteDesk(book, words_of(_language(book) or reader_language(None, os.environ)))


def _language(book: Book) -> str:
    """What the hidden sheet says among the first of its facts; empty where there is none."""
    if SHEET not in [sheet.name for sheet in book.sheets]:
        return ""
    return spoken(book.sheets[SHEET].range((1, 1), (FACTS, 3)).value)


@script
def recompute(book: Book) -> None:
    """Compute all formula cells anew and restore overwritten formulas."""
    press(desk_of(book), "recompute")


@script
def check(book: Book) -> None:
    """List faults, gaps and overwritten formulas."""
    press(desk_of(book), "check")


@script
def statuses(book: Book) -> None:
    """Compute the statuses anew from the figures."""
    press(desk_of(book), "statuses")


@script
def forecast(book: Book) -> None:
    """Show forecasts computed in several ways beside the one that stands."""
    press(desk_of(book), "forecast")


@script
def undo(book: Book) -> None:
    """Take back what the last button wrote."""
    press(desk_of(book), "undo")


def press_in_excel(action: str) -> None:
    """What a macro runs: a press in the workbook that called, whose every fault is told in words.

    Where no workbook can be asked to tell it, Python ends with the words, and xlwings shows them.
    """
    try:
        book = Book.caller()
    except Exception as error:
        words = words_of(reader_language(None, os.environ))
        sys.exit(words.sentences(Finding("no_caller", found=one_line(error))))
    desk = desk_of(book)
    try:
        press(desk, action)
    except Exception as error:
        if not isinstance(desk, DesktopDesk):
            raise
        desk.fail(error)


recompute_main = partial(press_in_excel, "recompute")
check_main = partial(press_in_excel, "check")
statuses_main = partial(press_in_excel, "statuses")
forecast_main = partial(press_in_excel, "forecast")
undo_main = partial(press_in_excel, "undo")
