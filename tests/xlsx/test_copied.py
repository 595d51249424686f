"""A copied sheet is told as a copy, with what differs in it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from support.built import HEINOLA
from support.places import place
from support.shelf import Shelf
from taulukko.messages import Say
from taulukko.round.receive import receive

TITLE = "Palvelualueiden tavoitteet"


@pytest.fixture
def book(shelf: Shelf, tmp_path: Path) -> Path:
    """VAKA's workbook with a copy of its goals, in which two inputs are others, and a note on a sheet of its own."""
    sent, path = shelf.book(HEINOLA, unit="VAKA"), tmp_path / "vaka.xlsx"
    book = openpyxl.load_workbook(sent)
    sheet, actual = place(sent, "goals_service_area", "P14", "actual")
    copy = book.copy_worksheet(book[sheet])
    copy.title = "Kopio"
    copy[actual] = "Toisin kopiossa"
    copy[place(sent, "goals_service_area", "P3", "status")[1]] = None
    copy["A1"] = "Huomaa"
    book.create_sheet("Muistio")["A1"] = "Soita"
    book[sheet][actual] = "Luettu"
    book.save(path)
    return path


def test_a_copied_sheet_is_told_with_both_values_of_what_differs(book: Path) -> None:
    found = receive(book)
    actual = place(book, "goals_service_area", "P14", "actual")[1]
    told = {(note.code, note.place): (note.found, note.expected) for note in found.notes}
    assert told["sheet_copied", "Kopio"] == ("2", (TITLE,))
    assert told["copy_differs", f"Kopio!{actual}"] == ("Toisin kopiossa", ("Luettu",))
    assert told["sheet_added", "Muistio"] == ("1", ())
    assert [place for code, place in told if code == "cell_added"] == ["Kopio!A1", "Muistio!A1"]
    assert len([code for code, _ in told if code == "copy_differs"]) == 2


def test_it_is_said_in_words(book: Path) -> None:
    note = next(note for note in receive(book).notes if note.code == "sheet_copied")
    assert f"a copy of {TITLE}, in which 2 inputs differ" in Say("en").finding(note)
