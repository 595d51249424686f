"""The driver of LibreOffice: each edit really happens, and stands in the file that is saved."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from support import office as libreoffice
from support.built import Built
from support.engines import cached_values
from support.office import Book, OfficeError, RefusedError, Session
from support.places import column_letter, keys, place, records_area, row_number
from support.xlsx_parts import Package, SheetPart

RISKS = "Riskit"
STATEMENT = "Tuloslaskelma VAKA"
FEES = ("income_statement.unit4", "fees", "actual")


@pytest.fixture
def book(office: Session, finnish: Built) -> Iterator[Book]:
    """The built workbook, open."""
    with office.open(finnish.path) as book:
        yield book


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "saved.xlsx"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook that opens at once."""
    path = tmp_path_factory.mktemp("plain") / "plain.xlsx"
    openpyxl.Workbook().save(path)
    return path


def likelihoods(path: Path) -> dict[str, object]:
    """The likelihood of each risk by its key, as the file holds it."""
    values = cached_values(path)
    return {
        key: values[sheet][cell].value
        for key in keys(path, "risks")
        for sheet, cell in [place(path, "risks", key, "likelihood")]
        if values[sheet][cell].value is not None
    }


def saved_sheet(path: Path, title: str) -> SheetPart:
    return next(sheet for sheet in Package(path).sheets if sheet.name == title)


@pytest.mark.parametrize(
    ("locale", "text", "value"),
    [
        ("fi-FI", "5", 5.0),
        ("fi-FI", "1 234,5", 1234.5),
        ("fi-FI", "1\N{NO-BREAK SPACE}234,5", 1234.5),
        ("fi-FI", "0.5", "0.5"),
        ("fi-FI", "50 %", 0.5),
        ("fi-FI", "'5", "5"),
        ("fi-FI", "abc", "abc"),
        ("fi-FI", "=1,5+1", 2.5),
        ("fi-FI", "31.8.2024", 45535.0),
        ("en-US", "1,234.5", 1234.5),
        ("en-US", "1 234,5", "1 234,5"),
        ("en-US", "0.5", 0.5),
        ("en-US", "8/31/2024", 45535.0),
    ],
)
def test_what_is_typed_is_read_in_the_locale(
    office: Session, plain: Path, locale: str, text: str, value: object
) -> None:
    with office.open(plain, locale) as book:
        assert book.type("Sheet", "B2", text).value == value


def test_what_is_typed_is_saved_and_what_follows_from_it_computed(book: Book, finnish: Built, target: Path) -> None:
    likelihood, value = (place(finnish.path, "risks", "R1", column) for column in ("likelihood", "value"))
    before = book.read(*value)
    assert (before.value, before.formula[:4]) == (1, "=IF(")
    assert book.type(*likelihood, "3").value == 3
    assert book.read(*value).value == 3
    fees = place(finnish.path, *FEES)
    assert book.type(*fees, "1 234,5") == book.read(*fees)
    saved = cached_values(book.save_as(target))
    assert saved[RISKS][likelihood[1]].value == 3
    assert saved[RISKS][value[1]].value == 3
    assert saved[STATEMENT][fees[1]].value == 1234.5


def test_texts_numbers_formulas_and_errors_as_such(office: Session, plain: Path, target: Path) -> None:
    with office.open(plain) as book:
        assert book.type_text("Sheet", "A1", "5").value == "5"
        assert book.type_number("Sheet", "A2", 0.5).value == 0.5
        assert book.type_formula("Sheet", "A3", "=SUM(A2;1)").value == 1.5
        failed = book.type_formula("Sheet", "A4", "=1/0")
        assert failed.value is None
        assert failed.error
        assert book.type("Sheet", "A5", "gone").value == "gone"
        book.clear("Sheet", "A5:A6")
        assert book.read("Sheet", "A5") == (None, "", "", 0)
        cells = cached_values(book.save_as(target))["Sheet"]
    assert [cells[f"A{row}"].value for row in (1, 2, 3, 4)] == ["5", 0.5, 1.5, "#DIV/0!"]
    assert cells["A3"].formula == "SUM(A2,1)"


def test_many_cells_filled_at_once(office: Session, plain: Path, target: Path) -> None:
    with office.open(plain) as book:
        assert book.type("Sheet", "B2", "gone").value == "gone"
        book.fill("Sheet", "A1", [[1.25, "5"], ["=1+1", None]])
        cells = cached_values(book.save_as(target))["Sheet"]
    assert [cells[cell].value for cell in ("A1", "B1", "A2")] == [1.25, "5", "=1+1"]
    assert "B2" not in cells or cells["B2"].value is None


def test_undo_takes_an_edit_back(book: Book, finnish: Built) -> None:
    cell = place(finnish.path, "risks", "R1", "risk")
    before = book.read(*cell)
    assert book.type(*cell, "Muu").value == "Muu"
    book.undo()
    assert book.read(*cell) == before


def test_a_sort_takes_the_keys_with_their_rows(book: Book, finnish: Built, target: Path) -> None:
    sheet, area = records_area(finnish.path, "risks")
    by = column_letter(place(finnish.path, "risks", "R1", "likelihood")[1])
    done = book.sort(sheet, area, by, ascending=False)
    assert done.happened
    assert [cell.value for cell in done.after] == [3, 2, 2, 2, 1, None, None]
    path = book.save_as(target)
    assert keys(path, "risks") == ["R5", "R2", "R3", "R4", "R1", "R6", "R7"]
    assert likelihoods(path) == likelihoods(finnish.path)
    assert not book.sort(sheet, area, by, ascending=False).happened


def test_a_filter_hides_rows_and_a_deletion_spares_them(book: Book, finnish: Built, target: Path) -> None:
    sheet, area = records_area(finnish.path, "risks")
    whole = area.replace("B6", "B5")
    by = column_letter(place(finnish.path, "risks", "R1", "likelihood")[1])
    hidden = book.filter(sheet, whole, by, 2)
    assert hidden == [6, 10, 11, 12]
    rows = saved_sheet(book.save_as(target), sheet).all("m:sheetData/m:row")
    assert [int(row.get("r")) for row in rows if row.get("hidden") == "true"] == hidden
    assert book.delete_rows(sheet, 6, 4) == 3
    assert keys(book.save_as(target), "risks") == ["R1", "R5", "R6", "R7"]


def test_protected_sheets_refuse(book: Book, target: Path) -> None:
    assert book.is_protected(STATEMENT)
    before = cached_values(book.save_as(target))
    edits = [
        lambda: book.type(STATEMENT, "B6", "x"),
        lambda: book.type_number(STATEMENT, "B6", 1),
        lambda: book.paste_text(STATEMENT, "B6", [["x"]]),
        lambda: book.fill(STATEMENT, "B6", [["x", 1]]),
        lambda: book.clear(STATEMENT, "B6:F6"),
        lambda: book.insert_rows(STATEMENT, 8),
        lambda: book.delete_rows(STATEMENT, 8),
        lambda: book.insert_columns(STATEMENT, "C"),
        lambda: book.delete_columns(STATEMENT, "C"),
        lambda: book.move_column(STATEMENT, "C", before="E"),
        lambda: book.sort(STATEMENT, "B6:M20", by="E"),
        lambda: book.copy_row(STATEMENT, 6, 7),
        lambda: book.add_comment(STATEMENT, "B6", "x"),
    ]
    for edit in edits:
        with pytest.raises(RefusedError):
            edit()
    assert cached_values(book.save_as(target)) == before


def test_without_protection_all_may_be_overwritten(book: Book, target: Path) -> None:
    book.unprotect(STATEMENT)
    assert not book.is_protected(STATEMENT)
    assert book.type(STATEMENT, "B6", "Tuotot").value == "Tuotot"
    saved = Package(book.save_as(target))
    assert not saved_sheet(target, STATEMENT).is_protected
    assert cached_values(target)[STATEMENT]["B6"].value == "Tuotot"
    assert len([sheet for sheet in saved.sheets if sheet.is_protected]) > 5


def test_rows_inserted_and_deleted(book: Book, finnish: Built, target: Path) -> None:
    sheet, area = records_area(finnish.path, "risks")
    row = row_number(place(finnish.path, "risks", "R3", "risk")[1])
    assert book.insert_rows(sheet, row, 2) == 2
    assert book.tables()["t_risks"] == (sheet, "B5:N14")
    assert book.names()["risks.column.id"] == (sheet, "L6:L14")
    path = book.save_as(target)
    assert row_number(place(path, "risks", "R3", "risk")[1]) == row + 2
    assert book.delete_rows(sheet, row - 1, 3) == 3
    path = book.save_as(target)
    assert keys(path, "risks") == ["R1", "R3", "R4", "R5", "R6", "R7"]
    assert records_area(path, "risks") == (sheet, "B6:N11")


def test_columns_inserted_moved_and_deleted(book: Book, finnish: Built, target: Path) -> None:
    letter = column_letter(place(finnish.path, "risks", "R1", "likelihood")[1])
    assert letter == "F"
    assert book.insert_columns(RISKS, "C") == 1
    assert book.names()["risks.column.likelihood"] == (RISKS, "G6:G12")
    assert book.move_column(RISKS, "G", before="D") == "D"
    assert book.names()["risks.column.likelihood"] == (RISKS, "D6:D12")
    assert book.move_column(RISKS, "D", before="I") == "H"
    assert likelihoods(book.save_as(target)) == likelihoods(finnish.path)
    assert place(target, "risks", "R1", "likelihood")[1] == "H6"
    assert book.delete_columns(RISKS, "H") == 1
    assert book.names()["risks.column.likelihood"] is None


def test_a_row_copied_brings_its_hidden_key(book: Book, finnish: Built, target: Path) -> None:
    new = book.insert_copy_of_row(RISKS, 7)
    assert new == 8
    book.copy_row(RISKS, 6, onto=12)
    assert keys(book.save_as(target), "risks") == ["R1", "R2", "R2", "R3", "R4", "R5", "R1", "R7"]
    assert cached_values(target)[RISKS]["D8"].value == finnish.report.rows("risks")[1]["risk"]


def test_a_row_copied_from_another_workbook(office: Session, book: Book, finnish: Built, target: Path) -> None:
    with office.open(Path(shutil.copy(finnish.path, target))) as other:
        assert other.type(RISKS, "D6", "Toisesta kirjasta").value == "Toisesta kirjasta"
        other.copy(RISKS, "6:6")
        book.paste(RISKS, "A11")
    assert book.read(RISKS, "D11").value == "Toisesta kirjasta"


def test_cells_dragged_down_go_on_as_a_series(book: Book, target: Path) -> None:
    book.drag_down(RISKS, "B10:N10", 2)
    assert [cell.value for (cell,) in book.read_range(RISKS, "F10:F12")] == [3, 4, 5]
    assert cached_values(book.save_as(target))[RISKS]["F12"].value == 5


def test_values_pasted_over_their_formulas(book: Book, target: Path) -> None:
    book.copy(RISKS, "H6:H7")
    book.paste_values(RISKS, "H6")
    cell = cached_values(book.save_as(target))[RISKS]["H6"]
    assert (cell.value, cell.formula) == (1, None)


def test_pasted_text_passes_by_the_validations(book: Book, target: Path) -> None:
    found = book.paste_text(RISKS, "F6", [["1,5", "suuri"], ["2.5", "=1+1"]])
    assert [[cell.value for cell in row] for row in found] == [[1.5, "suuri"], ["2.5", "=1+1"]]
    saved = cached_values(book.save_as(target))[RISKS]
    assert [saved[cell].value for cell in ("F6", "G6", "F7", "G7")] == [1.5, "suuri", "2.5", "=1+1"]


def test_looks_and_comments(book: Book, target: Path) -> None:
    book.hide_column(RISKS, "D")
    book.show_column(RISKS, "L")
    book.set_width(RISKS, "E", 50)
    book.set_colour(RISKS, "F6:G6", "#FFCC00")
    book.add_comment(RISKS, "F6", "Huomio")
    saved = openpyxl.load_workbook(book.save_as(target))[RISKS]
    assert saved.column_dimensions["D"].hidden
    assert not saved.column_dimensions["L"].hidden
    assert 20 < saved.column_dimensions["E"].width < 30
    assert saved["G6"].fill.fgColor.rgb == "FFFFCC00"
    assert saved["F6"].comment.text == "Huomio"


def test_sheets_renamed_moved_copied_added_and_deleted(book: Book, finnish: Built, target: Path) -> None:
    book.rename_sheet(RISKS, "Meidän riskit")
    book.move_sheet("Meidän riskit", 0)
    book.move_sheet("Kansi", 5)
    book.copy_sheet("Hankkeet", "Hankkeet (vanha)", 2)
    book.add_sheet("Omat", 1)
    book.delete_sheet("Tekstit")
    titles = [sheet.name for sheet in Package(book.save_as(target)).sheets]
    assert titles == book.sheets()
    assert titles[0] == "Meidän riskit"
    assert titles.index("Kansi") == 7
    assert {"Omat", "Hankkeet (vanha)"} <= {*titles}
    assert "Tekstit" not in titles
    assert not book.is_visible("_taulukko")
    assert place(target, "risks", "R1", "risk")[0] == "Meidän riskit"
    assert place(target, "projects", keys(target, "projects")[0], "name")[0] == "Hankkeet"


def test_a_sheet_copied_to_a_new_file(book: Book, target: Path) -> None:
    book.copy_sheet_to_new_file(RISKS, target)
    assert [sheet.name for sheet in Package(target).sheets] == [RISKS]
    assert [cached_values(target)[RISKS][cell].value for cell in ("L6", "L7")] == ["R1", "R2"]


def test_a_workbook_saved_untouched_keeps_names_tables_and_values(book: Book, finnish: Built, target: Path) -> None:
    assert all(book.names().values())
    book.recalculate()
    before, after = Package(finnish.path), Package(book.save_as(target))
    assert {name: text.replace("'", "") for name, text in after.names.items()} == {
        name: text.replace("'", "") for name, text in before.names.items()
    }
    assert {*book.tables()} == {table.name for sheet in finnish.plan.sheets for table in sheet.tables}
    assert after.sheets[-1].state == "hidden"


def test_a_request_that_makes_no_sense_is_an_error(book: Book) -> None:
    with pytest.raises(OfficeError, match="NoSuchElement"):
        book.delete_sheet("Ei tällaista")
    assert book.sheets()


def test_a_file_that_is_no_workbook_does_not_open(office: Session, target: Path) -> None:
    with pytest.raises(OfficeError):
        office.open(target)


def is_over(group: int) -> bool:
    """No process of the group is left; one that was ended may take a moment."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.usefixtures("office")
def test_a_session_ends_with_its_processes_and_starts_again(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with libreoffice.office() as session:
        book = session.open(plain)
        with monkeypatch.context() as patience:
            patience.setattr(libreoffice, "TIMEOUT", 0)
            with pytest.raises(OfficeError, match="did not answer"):
                book.recalculate()
        book = session.open(plain)
        assert session.process is not None
        group = session.process.pid
        os.killpg(group, signal.SIGKILL)
        with pytest.raises(OfficeError, match="is gone"):
            book.sheets()
        with session.open(plain) as book:
            assert book.sheets() == ["Sheet"]
            group = session.process.pid
    assert is_over(group)
    assert not session.home.exists()
