"""Returned files are found wherever they lie, and read whatever program has spelled their hidden facts anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from support.built import HEINOLA
from support.edits import edited, put
from support.places import place
from support.shelf import Shelf
from taulukko.builder import build
from taulukko.cli import run
from taulukko.folder.data_folder import load
from taulukko.plan.shape import NAME
from taulukko.round.collect import collect
from taulukko.round.receive import receive
from taulukko.xlsx.check import check
from taulukko.xlsx.package import open_package

KEY = ("income_statement", "VAKA.fees", "explanation")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HEINOLA, tmp_path / "heinola"))


@pytest.fixture
def filled(shelf: Shelf) -> Callable[..., Path]:
    """A service area's workbook with one explanation in it."""

    def make(target: Path, **options: str) -> Path:
        sent = shelf.book(HEINOLA, unit="VAKA", **options)
        sheet, cell = place(open_package(sent), "income_statement.unit1", "notes.fees", "explanation")
        target.parent.mkdir(parents=True, exist_ok=True)
        return edited(sent, target, {sheet: lambda cells: put(cells[cell], "Maksuja kertyi")})

    return make


def explanation(folder: Path) -> object:
    return load(folder)[0].inputs[KEY[0]][KEY[1]][KEY[2]]


def test_folders_in_folders_are_searched(folder: Path, filled: Callable[..., Path], tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    book = filled(inbox / "2024-10-15 VAKA" / "Liitteet" / "a.xlsx")
    (inbox / ".hidden").mkdir()
    for other in (inbox / ".hidden" / "a.xlsx", inbox / "~$a.xlsx", inbox / "lue.txt"):
        other.write_bytes(b"x")
    (inbox / "around").symlink_to(inbox, target_is_directory=True)
    shutil.copytree(HEINOLA, inbox / "heinola")
    assert [one.returned.path for one in collect([inbox], folder)] == [book]
    assert explanation(folder) == "Maksuja kertyi"


def test_a_folder_without_workbooks_says_what_it_saw(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inbox = tmp_path / "inbox"
    (inbox / "empty").mkdir(parents=True)
    for name in ("a.msg", "b.MSG", "c.zip"):
        (inbox / name).write_bytes(b"x")
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    code = run(["collect", str(inbox), str(inbox / "empty"), "--into", str(folder), "--lang", "en"])
    out = capsys.readouterr().out
    assert code == 1
    assert "What there is: 2 .msg, 1 .zip. Give the folder" in out
    assert "What there is: –. Give the folder" in out
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_a_workbook_with_buttons_is_read(folder: Path, filled: Callable[..., Path], tmp_path: Path) -> None:
    book = filled(tmp_path / "a.xlsm", kind="xlsm")
    (one,) = collect([book], folder, answers=tmp_path / "answers")
    assert (one.returned.refused, one.returned.faults) == (None, [])
    assert explanation(folder) == "Maksuja kertyi"


def test_but_no_macros_under_the_name_of_a_workbook_without(
    folder: Path, filled: Callable[..., Path], tmp_path: Path
) -> None:
    (one,) = collect([filled(tmp_path / "a.xlsx", kind="xlsm")], folder)
    assert one.returned.refused is not None
    assert (one.returned.refused.code, one.returned.refused.found) == ("dangerous", "macro")


def test_an_answer_carries_no_macros(folder: Path, shelf: Shelf, tmp_path: Path) -> None:
    sent = shelf.book(HEINOLA, unit="VAKA", kind="xlsm")
    sheet, cell = place(open_package(sent), "income_statement.unit1", "notes.fees", "forecast_manual")
    book = edited(sent, tmp_path / "a.xlsm", {sheet: lambda cells: put(cells[cell], "paljon")})
    (one,) = collect([book], folder, answers=tmp_path / "answers")
    assert one.answer is not None
    assert one.answer.suffix == ".xlsx"
    assert "xl/vbaProject.bin" not in open_package(one.answer).container


def test_texts_of_digits_may_have_become_numbers(folder: Path, tmp_path: Path) -> None:
    """As in files of programs that take each text that looks like a number for one, hidden or not."""
    for path in (*folder.glob("*.csv"), folder / "report.toml"):
        path.write_text(path.read_text(encoding="utf-8").replace("VAKA", "110"), encoding="utf-8")
    build(folder, tmp_path / "sent.xlsx")
    book = openpyxl.load_workbook(tmp_path / "sent.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if _is_number(cell.value)]
    assert {cell.value for cell in cells if cell.parent.title == NAME} >= {"2024", "110"}
    for cell in cells:
        cell.value = float(cell.value)
    book.save(tmp_path / "a.xlsx")
    (one,) = collect([tmp_path / "a.xlsx"], folder)
    assert (one.returned.refused, one.returned.faults, one.changes) == (None, [], [])


def _is_number(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isdigit()


def test_the_sheets_that_buttons_write_are_ours_by_their_names_alone(tmp_path: Path) -> None:
    file = openpyxl.load_workbook(HEINOLA / "osavuosikatsaus.xlsx")
    for title in ("Viimeisin", "Tulos"):
        file.create_sheet(title)["A1"] = "taulukko: Tarkista"
    file.defined_names["taulukko.result"] = DefinedName("taulukko.result", attr_text="'Viimeisin'!$A$1")
    file.save(tmp_path / "pressed.xlsx")
    notes = receive(tmp_path / "pressed.xlsx").notes
    assert [note.place for note in notes if note.code == "sheet_added"] == ["Tulos"]
    assert [note.place for note in notes if note.code == "cell_added"] == ["Tulos!A1"]


def test_sheets_copied_without_the_hidden_one_are_known_as_ours(shelf: Shelf, tmp_path: Path) -> None:
    """Whether their names have points or, once saved as an .xls, underscores."""
    for spelled in (".", "_"):
        file = openpyxl.load_workbook(shelf.book(HEINOLA, unit="VAKA"))
        del file[NAME]
        names = {name: one.attr_text for name, one in file.defined_names.items() if not name.startswith("taulukko")}
        file.defined_names.clear()
        for name, target in names.items():
            file.defined_names[name.replace(".", spelled)] = DefinedName(name.replace(".", spelled), attr_text=target)
        file.save(tmp_path / "a.xlsx")
        refused = receive(tmp_path / "a.xlsx").refused
        assert refused is not None
        assert refused.code == "identity_missing"
        assert [one.code for one in check(tmp_path / "a.xlsx")] == ["identity_missing"]
