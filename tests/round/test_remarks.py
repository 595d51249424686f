"""Questions stand on their cells, and comments go along from workbook to workbook until they are deleted."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from support.folders import data_folder
from support.office import Session
from support.typed import save_at
from taulukko.builder import load, send_units
from taulukko.errors import FaultsError
from taulukko.folder.journal import read_entries
from taulukko.folder.remarks import read_questions, standing_comments
from taulukko.formula.addresses import address
from taulukko.messages import Say
from taulukko.round.collect import collect
from taulukko.round.history import history
from taulukko.round.remind import remind
from taulukko.round.status import status
from taulukko.round.status_told import said
from taulukko.xlsx.package import open_package
from taulukko.xlsx.workbook import read_inputs

RISKS = "R1,VAKA,operational,Henkilöstö ei riitä,1,1,Rekrytointi,"
IMPACT, TREATMENT = ("risks", "R1", "impact"), ("risks", "R1", "treatment")
FRIDAY = datetime(2024, 10, 11, 9, 30, tzinfo=UTC)
MONDAY = datetime(2024, 10, 14, 6, 0, tzinfo=UTC)
HEAD = "unit,record,field,question\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return data_folder(tmp_path / "data", risks=RISKS, income_statement="VAKA,fees,100,75,120,90,,,,,,")


def ask(folder: Path, *rows: str) -> None:
    (folder / "questions.csv").write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")


def vaka(folder: Path, where: str = "sent") -> Path:
    return send_units(folder, folder.parent / where)[1]


def notes(path: Path) -> dict[str, str]:
    """By Sheet!A1."""
    package = open_package(path)
    places = ((sheet, *one) for sheet in package.sheets for one in package.comments(sheet).items())
    return {f"{sheet}!{address(*place)}": text for sheet, place, text in places}


def cell(path: Path, key: tuple[str, str, str]) -> str:
    return read_inputs(path).places[key]


def commented(path: Path, saved: datetime, comments: dict[tuple[str, str, str], str | None]) -> Path:
    """A workbook whose comments somebody has written or deleted."""
    book = openpyxl.load_workbook(path)
    for key, text in comments.items():
        sheet, _, place = cell(path, key).rpartition("!")
        book[sheet][place].comment = Comment(text, "Maija") if text else None
    book.properties.lastModifiedBy = "Maija"
    book.save(path)
    save_at(path, saved)
    return path


def test_a_question_stands_on_its_cell_and_its_answer_comes_back(folder: Path) -> None:
    digest, plain = load(folder).digest, vaka(folder, "plain")
    assert notes(plain) == {}
    ask(folder, "VAKA,risks.R1,impact,Onko tämä oikein?", ",risks.R1,treatment,Kuka?")
    path = vaka(folder)
    assert load(folder).digest == digest, "questions are no inputs"
    assert notes(path) == {cell(path, IMPACT): "Onko tämä oikein?", cell(path, TREATMENT): "Kuka?"}
    assert path.read_bytes() == vaka(folder, "again").read_bytes()
    commented(path, FRIDAY, {IMPACT: "Onko tämä oikein?\nOn."})
    (one,) = collect([path], folder)
    assert [(note.code, note.field, note.found) for note in one.returned.notes] == [
        ("comment", "impact", "Onko tämä oikein?\nOn.")
    ], "the question nobody has answered is not told as somebody's comment"
    assert [(entry.event, entry.new) for entry in history(folder, "risks.R1.impact").events()] == [
        ("note.comment", "Onko tämä oikein?\nOn.")
    ]
    assert status(folder).units[1].returned.comments == ((cell(path, IMPACT), "Onko tämä oikein?\nOn."),)
    assert any("Onko tämä oikein? On." in line for line in said(status(folder), Say("fi")))


def test_comments_go_along_until_somebody_deletes_them(folder: Path, tmp_path: Path) -> None:
    first = commented(vaka(folder), FRIDAY, {TREATMENT: "Palaamme tähän."})
    before = len(list(read_entries(folder)))
    for _ in range(2):
        collect([first], folder)
    assert len(list(read_entries(folder))) == before + 2
    assert standing_comments(folder) == {TREATMENT: "Palaamme tähän."}
    second = vaka(folder, "second")
    assert notes(second) == {cell(second, TREATMENT): "Palaamme tähän."}
    (draft,) = (one for one in remind(folder, tmp_path / "drafts") if one.unit == "VAKA")
    assert draft.path.exists()
    ask(folder, "VAKA,risks.R1,treatment,Milloin?")
    third = vaka(folder, "third")
    assert notes(third) == {cell(third, TREATMENT): "Milloin?\nPalaamme tähän."}
    commented(second, MONDAY, {TREATMENT: None})
    collect([second], folder)
    assert standing_comments(folder) == {}
    (folder / "questions.csv").unlink()
    assert notes(vaka(folder, "fourth")) == {}


def test_a_comment_that_libreoffice_has_written_goes_along_and_the_question_with_it(
    folder: Path, office: Session
) -> None:
    ask(folder, "VAKA,risks.R1,impact,Onko tämä oikein?")
    path = vaka(folder)
    (sheet, _, place), target = cell(path, TREATMENT).rpartition("!"), path.with_name("saved.xlsx")
    with office.open(path) as book:
        book.add_comment(sheet, place, "Palaamme tähän.")
        book.save_as(target)
    collect([target], folder)
    assert standing_comments(folder) == {TREATMENT: "Palaamme tähän."}
    following = vaka(folder, "second")
    assert notes(following) == {
        cell(following, IMPACT): "Onko tämä oikein?",
        cell(following, TREATMENT): "Palaamme tähän.",
    }


def test_an_answer_keeps_what_was_said(folder: Path, tmp_path: Path) -> None:
    path = commented(vaka(folder), FRIDAY, {TREATMENT: "Palaamme tähän.", IMPACT: "En tiedä."})
    sheet, _, place = cell(path, IMPACT).rpartition("!")
    book = openpyxl.load_workbook(path)
    book[sheet][place].value = "suuri"
    book.save(path)
    (one,) = collect([path], folder, answers=tmp_path / "answers")
    assert one.answer
    kept = notes(one.answer)
    assert kept[cell(path, TREATMENT)] == "Palaamme tähän."
    assert kept[cell(path, IMPACT)].startswith("Odotettiin")
    assert kept[cell(path, IMPACT)].endswith("\nEn tiedä.")


def test_a_question_may_be_about_what_nobody_has_filled_in_yet(folder: Path) -> None:
    ask(folder, "VAKA,returns.VAKA,state,Milloin?", "VAKA,assessments.VAKA,text,Miksi?")
    path = vaka(folder)
    assert notes(path) == {
        cell(path, ("returns", "VAKA", "state")): "Milloin?",
        cell(path, ("assessments", "VAKA", "text")): "Miksi?",
    }


def test_a_question_to_a_unit_whose_workbook_has_no_such_field_is_refused(folder: Path) -> None:
    ask(folder, "TOIMIALA,risks.R1,risk,Mikä?")
    with pytest.raises(FaultsError, match="risks.R1.risk"):
        send_units(folder, folder.parent / "sent")
    assert not (folder.parent / "sent").exists()


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        ("HYTE,risks.R1,impact,Mikä?", "value", "unit"),
        ("VAKA,risks.R9,impact,Mikä?", "history_key", "record"),
        ("VAKA,risks.R1,colour,Mikä?", "history_key", "record"),
        ("VAKA,income_statement.VAKA.rents,explanation,Mikä?", "history_key", "record"),
        ("VAKA,risks.R1,impact,", "required", "question"),
        ("VAKA,risks.R1,impact,a\x07b", "control_character", "question"),
    ],
)
def test_a_question_about_nothing_is_refused(folder: Path, row: str, code: str, field: str) -> None:
    ask(folder, row)
    with pytest.raises(FaultsError) as refused:
        read_questions(folder, load(folder))
    assert [(one.code, one.place, one.field) for one in refused.value.findings] == [(code, "2", field)]
    with pytest.raises(FaultsError):
        send_units(folder, folder.parent / "sent")
    assert not (folder.parent / "sent").exists()


def test_questions_are_not_carried_to_the_next_period(folder: Path) -> None:
    from taulukko.next_period.folder import rollover

    ask(folder, "VAKA,risks.R1,impact,Mikä?")
    assert not (rollover(folder, folder.parent / "next", "2024-12") / "questions.csv").exists()
    shutil.rmtree(folder.parent / "next")
