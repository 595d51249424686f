"""The fill-in round takes what people do: workbooks edited by LibreOffice, collected, compared with what was typed."""

from __future__ import annotations

import csv
import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from support.built import HEINOLA, TEMPLATE
from support.engines import cached_values
from support.office import RefusedError, Session
from support.places import column_letter, keys, records_area, row_number
from support.rounds import Sent, collected, copied, data, hidden_columns, owned, repacked, saved_at, sent
from taulukko.folder.data_folder import load
from taulukko.report.inputs import written
from taulukko.round.merge import Prefer


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Heinola, with risks and projects that belong to a service area."""
    return owned(tmp_path_factory.mktemp("origin") / "heinola")


@pytest.fixture(scope="module")
def vaka(origin: Path, tmp_path_factory: pytest.TempPathFactory) -> Sent:
    """The service area's own workbook as it was sent out."""
    return sent(origin, tmp_path_factory.mktemp("sent"), "VAKA")


@pytest.fixture
def folder(origin: Path, tmp_path: Path) -> Path:
    """The data folder to collect into."""
    return copied(origin, tmp_path / "heinola")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "osavuosikatsaus-VAKA.xlsx"


@pytest.mark.parametrize("unit", ["VAKA", "TOIMIALA", None])
def test_a_workbook_saved_without_change_changes_nothing(
    office: Session, origin: Path, folder: Path, target: Path, tmp_path: Path, unit: str | None
) -> None:
    before = data(folder)
    book = sent(origin, tmp_path / "sent", unit)
    with book.opened_in(office) as filling:
        filling.book.recalculate()
        filling.save_as(target)
    assert target.read_bytes() != book.path.read_bytes()
    outcome = collected(folder, target)
    assert not outcome.kinds, outcome.notes
    assert data(folder) == before


def test_what_is_typed_is_taken(office: Session, vaka: Sent, folder: Path, target: Path) -> None:
    line = "VAKA.personnel_costs"
    typed = {
        ("returns", "VAKA", "state"): ("Valmis", "ready"),
        ("returns", "VAKA", "name"): ("Maija Meikäläinen", "Maija Meikäläinen"),
        ("returns", "VAKA", "date"): ("15.10.2024", "2024-10-15"),
        ("assessments", "VAKA", "text"): ("Talousarvio toteutuu; katso \"kohta 2\".", None),
        ("assessments", "VAKA", "covers_lines"): ("Ei", "no"),
        ("income_statement", line, "forecast_manual"): ("-5 800 000,50", "-5800000.5"),
        ("income_statement", line, "forecast_reason"): ("Kaksi vakanssia täyttämättä", None),
        ("income_statement", line, "explanation"): ("Ääkkösiä, pilkkuja; ja %-merkkejä", None),
        ("income_statement", line, "measure"): ("Täytetään", None),
        ("income_statement", line, "responsible"): ("Päällikkö", None),
        ("income_statement", line, "due"): ("31.12.2024", "2024-12-31"),
        ("income_statement", "VAKA.operating_margin", "explanation"): ("Kate paranee", None),
        ("goals_service_area", "P3", "actual"): ("Tavoite saavutettu.", None),
        ("goals_service_area", "P3", "status"): ("Ei toteudu", "not_achieved"),
        ("goals_service_area", "P14", "status"): ("Ei tietoa", "no_data"),
        ("risks", "R2", "likelihood"): ("3", "3"),
        ("risks", "R2", "impact"): ("2", "2"),
        ("risks", "R3", "treatment"): ("", ""),
        ("projects", "H1", "spending"): ("99,5 %", "0.995"),
        ("projects", "H2", "end_date"): ("30.6.2025", "2025-06-30"),
        ("projects", "H2", "end_year"): ("2025", "2025"),
        ("projects", "H3", "state"): ("Käynnissä", "running"),
        ("texts", "X8", "text"): ("Uusi kuvaus.", None),
        ("checks", "goal_status", "reason"): ("Tiedot saadaan myöhemmin", None),
        ("checks", "goal_status", "name"): ("Johtaja", None),
        ("checks", "goal_status", "date"): ("16.10.2024", "2024-10-16"),
        ("checks", "goal_owner", "reason"): ("Nimetään myöhemmin", None),
        ("risks", "VAKA-1", "risk_class"): ("Vahinko", "damage"),
        ("risks", "VAKA-1", "risk"): ("Vesivahinko", None),
        ("risks", "VAKA-1", "likelihood"): ("1", "1"),
        ("risks", "VAKA-1", "impact"): ("3", "3"),
        ("texts", "VAKA-2", "topic"): ("Investoinnit", "investments"),
        ("texts", "VAKA-2", "text"): ("Rivi jätettiin väliin.", None),
    }  # fmt: skip
    with vaka.opened_in(office) as filling:
        for key, (text, _) in typed.items():
            filling.type(*key, text)
        filling.save_as(target)
    outcome = collected(folder, target)
    units = {("risks", "VAKA-1", "unit"): "VAKA", ("texts", "VAKA-2", "unit"): "VAKA"}
    assert outcome.changed == {key: text if kept is None else kept for key, (text, kept) in typed.items()} | units
    assert outcome.new == [
        "income_statement.VAKA.operating_margin",
        "risks.VAKA-1",
        "texts.VAKA-2",
        "checks.goal_owner",
        "checks.goal_status",
        "returns.VAKA",
    ]
    assert not outcome.kinds & {"gone", "left", "faults", "notes"}
    (result,) = outcome.results
    assert (result.returned.unit, result.returned.state) == ("VAKA", "ready")
    assert not result.needs_a_look


# rows


def test_rows_sorted_with_all_columns_are_the_same_rows(
    office: Session, vaka: Sent, folder: Path, target: Path
) -> None:
    before = data(folder)
    with vaka.opened_in(office) as filling:
        for section, first, column in (("risks", "R1", "risk"), ("projects", "H1", "funding"), ("texts", "X8", "text")):
            sheet, area = records_area(vaka.path, section)
            by = column_letter(vaka.place(section, first, column)[1])
            assert filling.book.sort(sheet, area, by, ascending=False).happened
        filling.save_as(target)
    assert keys(target, "risks") != keys(vaka.path, "risks")
    assert not collected(folder, target).kinds
    assert data(folder) == before


def test_rows_sorted_without_their_hidden_keys_are_not_taken(
    office: Session, vaka: Sent, folder: Path, target: Path
) -> None:
    sheet, area = records_area(vaka.path, "risks")
    visible = area[: area.index(":") + 1] + "K" + area[area.index(":") + 2 :]
    assert column_letter(vaka.place("risks", "R1", "realisation")[1]) == "K"
    with vaka.opened_in(office) as filling:
        assert filling.book.sort(sheet, visible, by="D").happened
        filling.type("texts", "X8", "text", "Muu luetaan")
        filling.save_as(target)
    assert keys(target, "risks") == keys(vaka.path, "risks")
    outcome = collected(folder, target)
    assert outcome.changed == {("texts", "X8", "text"): "Muu luetaan"}
    assert outcome.faults == {("keys_apart", sheet)}
    assert not outcome.gone


def test_rows_sorted_without_their_keys_and_gone_on_with_are_not_taken(
    office: Session, vaka: Sent, folder: Path, target: Path
) -> None:
    before = data(folder)
    sheet, area = records_area(vaka.path, "risks")
    first = row_number(area)
    with vaka.opened_in(office) as filling:
        assert filling.book.sort(sheet, f"B{first}:K{first + 3}", by="D").happened
        for row in range(first, first + 4):
            filling.type_row(sheet, row, "risks", realisation=f"Uutta {row}", likelihood="3")
        filling.save_as(target)
    outcome = collected(folder, target)
    assert outcome.faults == {("keys_apart", sheet)}
    assert data(folder) == before


def test_rows_written_anew_and_copied_over_are_taken(office: Session, vaka: Sent, folder: Path, target: Path) -> None:
    """Two rows say something else altogether, and two what a third says: none has changed its place."""
    sheet, area = records_area(vaka.path, "projects")
    first = row_number(area)
    with vaka.opened_in(office) as filling:
        for row in (first, first + 1):
            filling.type_row(sheet, row, "projects", name=f"Uusi {row}", funding=str(row), status_text=f"Alussa {row}")
        area = f"E{first + 2}:K{first + 2}"
        for row in (first + 3, first + 4):
            filling.book.copy(sheet, area)
            filling.book.paste(sheet, f"E{row}")
        filling.save_as(target)
    outcome = collected(folder, target)
    assert not outcome.kinds & {"faults", "left", "gone"}
    assert {key[1] for key in outcome.changed} == {"H1", "H2", "H4", "H5"}
    assert outcome.after["projects", "H4"]["name"] == outcome.before["projects", "H3"]["name"]


def test_rows_typed_below_inserted_and_used_in_any_place(
    office: Session, vaka: Sent, folder: Path, target: Path
) -> None:
    sheet, area = records_area(vaka.path, "risks")
    first, last = row_number(area), int(area.rpartition("N")[2])
    with vaka.opened_in(office) as filling:
        book = filling.book
        book.insert_rows(sheet, first + 2)
        filling.type_row(sheet, first + 2, "risks", risk="Keskelle", likelihood="1", impact="1")
        book.insert_rows(sheet, first)
        filling.type_row(sheet, first, "risks", risk="Ensimmäiseksi", likelihood="2", impact="1")
        filling.type_row(sheet, last + 3, "risks", risk="Alle", likelihood="3", impact="1", unit="VAKA")
        projects, area = records_area(vaka.path, "projects")
        end = int(area.rpartition("AD")[2])
        book.insert_rows(projects, end + 1)
        filling.type_row(
            projects, end + 1, "projects", name="Uusi", start_year="2024", end_year="2025", funding="1000", spending="0"
        )
        book.insert_rows("Tekstit", 7, 2)
        filling.type_row("Tekstit", 8, "texts", topic="Investoinnit", text="Väliin")
        filling.save_as(target)
    outcome = collected(folder, target)
    assert {row["risk"]: row["likelihood"] for place, row in outcome.after.items() if place not in outcome.before
            if place[0] == "risks"} == {"Keskelle": 1, "Ensimmäiseksi": 2, "Alle": 3}  # fmt: skip
    assert outcome.new == ["risks.VAKA-6", "risks.VAKA-7", "risks.VAKA-8", "projects.VAKA-6", "texts.VAKA-6"]
    assert {key[:2] for key in outcome.changed} == {tuple(record.split(".")) for record in outcome.new}
    assert outcome.changed["projects", "VAKA-6", "funding"] == "1000"
    assert outcome.changed["texts", "VAKA-6", "text"] == "Väliin"
    assert {outcome.changed["risks", f"VAKA-{number}", "unit"] for number in (6, 7, 8)} == {"VAKA"}
    assert not outcome.kinds & {"gone", "left", "faults"}
    assert {code for code, _ in outcome.notes} <= {"row_keyed", "row_outside", "layout_changed"}


def test_rows_deleted_are_removed_and_the_journal_keeps_what_they_were(
    office: Session, vaka: Sent, folder: Path, target: Path
) -> None:
    row = row_number(vaka.place("risks", "R2", "risk")[1])
    sheet, area = records_area(vaka.path, "projects")
    with vaka.opened_in(office) as filling:
        assert filling.book.delete_rows("Riskit", row) == 1
        assert filling.book.delete_rows(sheet, row_number(area), 5) == 5
        filling.book.clear("Tekstit", "B7:D7")
        filling.save_as(target)
    outcome = collected(folder, target)
    assert outcome.gone == ["risks.R2", *(f"projects.H{number}" for number in range(1, 6)), "texts.X9"]
    assert not outcome.kinds & {"changed", "left", "faults"}
    removed = {(one.record, one.field): one.old for one in outcome.entries if one.event == "removed"}
    for record in outcome.gone:
        section, _, key = record.partition(".")
        for column, value in outcome.before[section, key].items():
            assert removed.get((record, column), "") == written(value)
    assert b"R2," not in (folder / "risks.csv").read_bytes()


def test_a_table_deleted_whole_is_a_fault_and_removes_nothing(
    office: Session, vaka: Sent, folder: Path, target: Path
) -> None:
    sheet, area = records_area(vaka.path, "risks")
    before = data(folder)
    with vaka.opened_in(office) as filling:
        assert filling.book.delete_rows(sheet, row_number(area), 9) == 9
        filling.save_as(target)
    outcome = collected(folder, target)
    assert {code for code, _ in outcome.faults} == {"name_missing"}
    assert not outcome.kinds & {"changed", "gone", "left"}
    assert data(folder) == before


def test_a_copied_row_is_a_new_record(office: Session, vaka: Sent, folder: Path, target: Path) -> None:
    """The edited one of two rows with a key is the copy, wherever it stands."""
    with vaka.opened_in(office) as filling:
        book = filling.book
        risk = row_number(vaka.place("risks", "R2", "risk")[1])
        assert book.insert_copy_of_row("Riskit", risk) == risk + 1
        filling.type_row("Riskit", risk + 1, "risks", risk="Kopiosta tehty", impact="3")
        project = row_number(vaka.place("projects", "H2", "name")[1])
        assert book.insert_copy_of_row("Hankkeet", project) == project + 1
        filling.type_row("Hankkeet", project, "projects", name="Alkuperäisen paikalla")
        filling.save_as(target)
    assert keys(target, "risks").count("R2") == 2
    outcome = collected(folder, target)
    assert outcome.new == ["risks.VAKA-6", "projects.VAKA-6"]
    assert outcome.changed["risks", "VAKA-6", "risk"] == "Kopiosta tehty"
    assert outcome.after["risks", "R2"] == outcome.before["risks", "R2"]
    assert outcome.changed["projects", "VAKA-6", "name"] == "Alkuperäisen paikalla"
    assert outcome.after["projects", "H2"] == outcome.before["projects", "H2"]
    assert [code for code, _ in outcome.notes] == ["row_copied", "row_copied"]
    assert not outcome.kinds & {"gone", "left", "faults"}


def test_a_copied_row_of_which_nobody_can_tell_is_a_fault(
    office: Session, vaka: Sent, folder: Path, target: Path
) -> None:
    before = data(folder)
    with vaka.opened_in(office) as filling:
        risk = row_number(vaka.place("risks", "R2", "risk")[1])
        filling.book.insert_copy_of_row("Riskit", risk)
        project = row_number(vaka.place("projects", "H2", "name")[1])
        filling.book.insert_copy_of_row("Hankkeet", project)
        filling.type_row("Hankkeet", project, "projects", name="Muutettu")
        filling.type_row("Hankkeet", project + 1, "projects", name="Tämäkin")
        filling.save_as(target)
    outcome = collected(folder, target)
    keyed = column_letter(vaka.place("risks", "R2", "id")[1]), column_letter(vaka.place("projects", "H2", "id")[1])
    assert outcome.faults == {
        ("key_twice", f"Riskit!{keyed[0]}{risk + 1}"),
        ("key_twice", f"Hankkeet!{keyed[1]}{project}"),
        ("key_twice", f"Hankkeet!{keyed[1]}{project + 1}"),
    }
    assert not outcome.kinds & {"changed", "gone", "new"}
    assert data(folder) == before


@pytest.mark.parametrize("prefer", [None, "theirs"])
def test_a_row_copied_from_another_units_workbook_changes_nothing_of_theirs(
    office: Session, vaka: Sent, origin: Path, folder: Path, target: Path, tmp_path: Path, prefer: Prefer | None
) -> None:
    """It brings the hidden key of a record that the unit was never sent."""
    before = data(folder)
    division = sent(origin, tmp_path / "sent", "TOIMIALA")
    theirs, spare = division.place("risks", "R5", "risk"), vaka.place("risks", "VAKA-1", "risk")
    with vaka.opened_in(office) as filling, division.opened_in(office) as other:
        other.book.copy(theirs[0], f"{row_number(theirs[1])}:{row_number(theirs[1])}")
        filling.book.paste(spare[0], f"A{row_number(spare[1])}")
        filling.type_row(spare[0], row_number(spare[1]), "risks", risk="Meillä toisin", unit="VAKA")
        filling.save_as(target)
    assert "R5" in keys(target, "risks")
    outcome = collected(folder, target, prefer=prefer)
    assert (outcome.new, outcome.left, outcome.gone) == (["risks.R5-2"], {}, [])
    assert [code for code, _ in outcome.notes] == ["key_taken"]
    assert {key[:2] for key in outcome.changed} == {("risks", "R5-2")}
    risks = data(folder)["risks.csv"].splitlines()
    assert [line for line in risks if not line.startswith(b"R5-2,")] == before["risks.csv"].splitlines()


def test_a_filter_hides_rows_from_the_eye_only(office: Session, vaka: Sent, folder: Path, target: Path) -> None:
    sheet, area = records_area(vaka.path, "risks")
    first = row_number(area)
    with vaka.opened_in(office) as filling:
        filling.type("risks", "R1", "treatment", "Piiloon")
        assert filling.book.filter(sheet, area.replace(f"B{first}", f"B{first - 1}"), "F", 2)[0] == first
        filling.type("risks", "R2", "treatment", "Näkyviin")
        filling.save_as(target)
    outcome = collected(folder, target)
    assert outcome.changed == {("risks", "R1", "treatment"): "Piiloon", ("risks", "R2", "treatment"): "Näkyviin"}
    assert not outcome.kinds & {"gone", "left", "faults", "notes"}


# columns, sheets and words


def test_sheets_and_columns_may_look_and_stand_otherwise(
    office: Session, vaka: Sent, folder: Path, target: Path
) -> None:
    with vaka.opened_in(office) as filling:
        book = filling.book
        filling.type("risks", "R1", "likelihood", "3")
        filling.type("projects", "H1", "spending", "50 %")
        filling.type("income_statement", "VAKA.fees", "forecast_manual", "265 000")
        filling.type("goals_service_area", "P3", "actual", "Saavutettu")
        book.set_width("Riskit", "D", 100)
        book.hide_column("Riskit", "F")
        book.show_column("Riskit", "L")
        book.insert_columns("Hankkeet", "D", 2)
        book.move_column("Palvelualueiden tavoitteet", "H", before="E")
        book.rename_sheet("Riskit", "Meidän riskit")
        book.move_sheet("Meidän riskit", 0)
        book.rename_sheet("Tuloslaskelma", "Tulos & kulut")
        filling.save_as(target)
    outcome = collected(folder, target)
    assert outcome.changed == {
        ("risks", "R1", "likelihood"): "3",
        ("projects", "H1", "spending"): "0.5",
        ("income_statement", "VAKA.fees", "forecast_manual"): "265000",
        ("goals_service_area", "P3", "actual"): "Saavutettu",
    }
    assert outcome.notes == [("layout_changed", "Palvelualueiden tavoitteet!A1")]
    assert not outcome.kinds & {"gone", "left", "faults"}
    assert ("taken", "Meidän riskit!F6", "3") in outcome.journaled


def test_a_deleted_column_is_a_fault_and_empties_nothing(
    office: Session, vaka: Sent, folder: Path, target: Path
) -> None:
    with vaka.opened_in(office) as filling:
        filling.type("risks", "R1", "likelihood", "3")
        letter = column_letter(vaka.place("risks", "R1", "treatment")[1])
        assert filling.book.delete_columns("Riskit", letter) == 1
        filling.save_as(target)
    outcome = collected(folder, target)
    assert outcome.changed == {("risks", "R1", "likelihood"): "3"}
    assert outcome.faults == {("name_missing", "Riskit")}
    assert not outcome.kinds & {"gone", "left"}


def test_whatever_is_typed_elsewhere_is_listed_and_written_down(
    office: Session, vaka: Sent, folder: Path, target: Path, tmp_path: Path
) -> None:
    value = vaka.place("risks", "R1", "value")
    with vaka.opened_in(office) as filling:
        book = filling.book
        filling.type("risks", "R1", "likelihood", "3")
        assert book.type("Riskit", "D5", "Riski ja syy").value == "Riski ja syy"
        assert book.type_number(*value, 9).value == 9
        assert book.type("Riskit", "P8", "Keskustellaan").value == "Keskustellaan"
        assert book.type("Riskit", "Q9", "123").value == 123
        book.add_comment("Riskit", "D6", "Onko ajan tasalla?")
        book.unprotect("Tuloslaskelma")
        assert book.type("Tuloslaskelma", "B8", "Maksut").value == "Maksut"
        book.insert_columns("Tekstit", "D")
        assert book.type("Tekstit", "D7", "Oma sarake").value == "Oma sarake"
        book.add_sheet("Muistiinpanot", 1)
        assert book.type("Muistiinpanot", "A1", "Muista tämä").value == "Muista tämä"
        book.copy_sheet("Hankkeet", "Hankkeet (2)", 3)
        filling.save_as(target)
    outcome = collected(folder, target)
    assert outcome.changed == {("risks", "R1", "likelihood"): "3"}
    assert outcome.kinds == {"changed", "notes"}
    listed = {
        ("word_changed", "Riskit!D5", "Riski ja syy"),
        ("word_changed", "Tuloslaskelma!B8", "Maksut"),
        ("formula_overwritten", "!".join(value), "9"),
        ("cell_added", "Riskit!P8", "Keskustellaan"),
        ("cell_added", "Riskit!Q9", "123"),
        ("cell_added", "Tekstit!D7", "Oma sarake"),
        ("cell_added", "Muistiinpanot!A1", "Muista tämä"),
        ("comment", "Riskit!D6", "Onko ajan tasalla?"),
    }
    assert listed <= outcome.journaled
    again = sent(folder, tmp_path / "again", "VAKA")
    assert cached_values(again.path)["Riskit"][value[1]].value == 3
    assert {place for code, place in outcome.notes if code == "sheet_added"} == {"Muistiinpanot"}
    assert ("sheet_copied", "Hankkeet (2)") in outcome.notes
    elsewhere = [
        entry
        for entry in outcome.entries
        if entry.cell and not entry.is_change and not entry.cell.startswith(("Muistiinp", "Hankkeet (2)"))
    ]
    assert {(one.event.removeprefix("note."), one.cell) for one in elsewhere} == {
        (code, cell) for code, cell, _ in listed if not cell.startswith("Muistiinp")
    } | {("sheet_unprotected", "Tuloslaskelma")}
    copy = [entry for entry in outcome.entries if entry.cell.startswith("Hankkeet (2)")]
    assert [(one.event, one.old, one.new) for one in copy] == [("note.sheet_copied", "Hankkeet", "0")]
    assert all(result.needs_a_look for result in outcome.results)


def test_a_sheet_deleted_though_a_copy_of_it_is_kept_is_a_fault_and_removes_nothing(
    office: Session, vaka: Sent, folder: Path, target: Path
) -> None:
    with vaka.opened_in(office) as filling:
        filling.type("texts", "X8", "text", "Luetaan")
        filling.book.copy_sheet("Riskit", "Kopio", 0)
        filling.book.delete_sheet("Riskit")
        filling.book.rename_sheet("Kopio", "Riskit")
        filling.book.delete_sheet("Tuloslaskelma")
        filling.save_as(target)
    outcome = collected(folder, target)
    assert [place for code, place in outcome.notes if code == "sheet_added"] == ["Riskit"]
    assert outcome.changed == {("texts", "X8", "text"): "Luetaan"}
    assert outcome.faults == {("sheet_missing", "Riskit"), ("sheet_missing", "Tuloslaskelma")}
    assert not outcome.kinds & {"gone", "left"}


def test_a_sheet_in_a_file_of_its_own_is_refused(office: Session, vaka: Sent, folder: Path, tmp_path: Path) -> None:
    before = data(folder)
    with vaka.opened_in(office) as filling:
        filling.type("risks", "R1", "likelihood", "3")
        filling.book.copy_sheet_to_new_file("Riskit", tmp_path / "riskit.xlsx")
    outcome = collected(folder, tmp_path / "riskit.xlsx")
    assert outcome.refused == ["identity_missing"]
    assert data(folder) == before


def test_the_identity_sheet_removed_is_refused(office: Session, vaka: Sent, folder: Path, target: Path) -> None:
    before = data(folder)
    with vaka.opened_in(office) as filling:
        filling.type("risks", "R1", "likelihood", "3")
        filling.book.delete_sheet("_taulukko")
        filling.save_as(target)
    outcome = collected(folder, target)
    assert outcome.refused == ["identity_missing"]
    assert data(folder) == before


def test_hidden_columns_removed_are_faults(office: Session, vaka: Sent, folder: Path, target: Path) -> None:
    """As a document inspector does that removes what is hidden: keys of rows too."""
    before = data(folder)
    hidden = hidden_columns(vaka.path)
    assert {"Riskit", "Hankkeet", "Tuloslaskelma", "Tarkistukset"} <= {*hidden}
    with vaka.opened_in(office) as filling:
        filling.type("risks", "R1", "likelihood", "3")
        filling.type("income_statement", "VAKA.fees", "explanation", "Ei voida kohdistaa")
        for sheet, letters in hidden.items():
            if filling.book.is_protected(sheet):
                filling.book.unprotect(sheet)
            for letter in letters:
                assert filling.book.delete_columns(sheet, letter) == 1
        filling.book.save_as(target)
    outcome = collected(folder, target)
    assert data(folder) == before
    assert {"name_missing"} == {code for code, _ in outcome.faults}
    assert {"Riskit", "Hankkeet", "Tuloslaskelma", "Tarkistukset"} <= {place for _, place in outcome.faults}
    assert not outcome.kinds & {"changed", "gone", "left"}


# values


def test_numbers_days_and_words_typed_as_texts(office: Session, vaka: Sent, folder: Path, target: Path) -> None:
    taken = {
        ("income_statement", "VAKA.fees", "forecast_manual"): ("1.234,56", "1234.56"),
        ("income_statement", "VAKA.materials", "forecast_manual"): ("- 831 915", "-831915"),
        ("income_statement", "VAKA.materials", "due"): ("31.12.2024", "2024-12-31"),
        ("income_statement", "VAKA.fees", "due"): ("2024-11-30", "2024-11-30"),
        ("risks", "R1", "likelihood"): ("3", "3"),
        ("projects", "H1", "spending"): ("99,5 %", "0.995"),
        ("projects", "H2", "end_date"): ("1.6.2025", "2025-06-01"),
        ("projects", "H2", "end_year"): ("2025", "2025"),
    }
    words = {
        ("goals_service_area", "P3", "status"): ("TOTEUTUU osittain", "partly"),
        ("goals_service_area", "P14", "status"): ("✗ Ei toteudu", "not_achieved"),
        ("projects", "H3", "state"): ("käynnissä", "running"),
        ("risks", "R1", "risk_class"): (" Vahinko ", "damage"),
    }
    faulty = {
        ("income_statement", "VAKA.personnel_costs", "forecast_manual"): ("n. 5 000", "number"),
        ("income_statement", "VAKA.services_purchased", "forecast_manual"): ("1.234", "number_ambiguous"),
        ("income_statement", "VAKA.grants_paid", "forecast_manual"): ("5 000 / 6 000", "number_two_values"),
        ("income_statement", "VAKA.personnel_costs", "due"): ("marraskuu", "date"),
        ("income_statement", "VAKA.services_purchased", "due"): ("31.11.2024", "date"),
        ("risks", "R2", "likelihood"): ("2,5", "integer"),
        ("risks", "R2", "impact"): ("4", "value"),
        ("risks", "R2", "risk_class"): ("Muu riski", "value_outside"),
        ("projects", "H3", "strategic_goal"): ("Oma tavoite", "value_outside"),
        ("projects", "H4", "funding"): ("#N/A", "number"),
    }
    texts = {
        ("texts", "X9", "text"): "=> katso liite",
        ("risks", "R1", "treatment"): "+5 % riski",
        ("risks", "R2", "treatment"): "@vastuuhenkilö",
        ("risks", "R3", "treatment"): "-",
    }
    typed = {**taken, **words, **faulty, **{key: (text, text) for key, text in texts.items()}}
    with vaka.opened_in(office) as filling:
        for key, (text, _) in typed.items():
            filling.type_text(*key, text)
        filling.save_as(target)
    outcome = collected(folder, target)
    assert outcome.changed == {key: value for key, (_, value) in (taken | words).items()} | texts
    assert outcome.faults == {(code, "!".join(vaka.place(*key))) for key, (_, code) in faulty.items()}
    assert sorted(outcome.notes) == sorted(("number_as_text", "!".join(vaka.place(*key))) for key in taken)
    assert not outcome.kinds & {"gone", "left"}
    allowed = {fault.place: fault.expected for result in outcome.results for fault in result.returned.faults}
    words_allowed = ("Strateginen", "Toiminnallinen", "Taloudellinen", "Vahinko")
    assert allowed["!".join(vaka.place("risks", "R2", "risk_class"))] == words_allowed
    found = {(one.event.removeprefix("fault.").removeprefix("note."), one.cell, one.new) for one in outcome.entries}
    for key, (text, code) in faulty.items():
        assert (code, "!".join(vaka.place(*key)), text) in found
    journal, file = (outcome.folder / name for name in ("journal.csv", "texts.csv"))
    assert all(",'=> katso liite" in path.read_text(encoding="utf-8") for path in (journal, file))


def test_what_turns_into_a_number_in_a_cell_for_text_is_noted(
    office: Session, vaka: Sent, folder: Path, target: Path
) -> None:
    """A day, a share or a code with zeros before it is no longer what its sender typed, and nobody would see."""
    typed = {
        ("income_statement", "VAKA.fees", "responsible"): ("15.10.2024", "45580"),
        ("projects", "H1", "code"): ("0012", "12"),
        ("projects", "H2", "status_text"): ("50 %", "0.5"),
        ("risks", "R2", "treatment"): ("TOSI", "TRUE"),
    }
    forecast = ("income_statement", "VAKA.fees", "forecast_manual")
    with vaka.opened_in(office) as filling:
        for key, (text, _) in typed.items():
            filling.type(*key, text)
        filling.type(*forecast, "=250000+15000")
        filling.save_as(target)
    outcome = collected(folder, target)
    taken = {key: value for key, (_, value) in typed.items()}
    assert outcome.changed == taken | {forecast: "265000"}
    notes = [("number_in_text", "!".join(vaka.place(*key))) for key in typed]
    assert sorted(outcome.notes) == sorted([*notes, ("formula_taken", "!".join(vaka.place(*forecast)))])
    assert outcome.kinds == {"changed", "notes"}
    assert outcome.results[0].needs_a_look


def test_values_pasted_outside_their_lists_are_faults(office: Session, vaka: Sent, folder: Path, target: Path) -> None:
    before = data(folder)
    cells = [vaka.place("risks", "R1", "likelihood"), vaka.place("goals_service_area", "P3", "status")]
    with vaka.opened_in(office) as filling:
        book = filling.book
        pasted = book.paste_text(*cells[0], [["7", "suuri"], ["=1+1", "1,5"]])
        assert [[cell.value for cell in row] for row in pasted] == [[7, "suuri"], ["=1+1", 1.5]]
        book.copy(*vaka.place("texts", "X8", "text"))
        book.paste_values(*cells[1])
        assert book.type_formula(*vaka.place("projects", "H1", "funding"), "=1/0").error
        filling.save_as(target)
    outcome = collected(folder, target)
    places = {place: code for code, place in outcome.faults}
    row, column = row_number(cells[0][1]), column_letter(cells[0][1])
    impact = column_letter(vaka.place("risks", "R1", "impact")[1])
    assert places == {
        f"Riskit!{column}{row}": "value_outside",
        f"Riskit!{impact}{row}": "number",
        f"Riskit!{column}{row + 1}": "number",
        f"Riskit!{impact}{row + 1}": "value_outside",
        "!".join(cells[1]): "value_outside",
        "!".join(vaka.place("projects", "H1", "funding")): "cell_error",
    }
    assert data(folder) == before


def test_a_figure_of_the_ledger_is_not_the_units_to_change(
    office: Session, vaka: Sent, folder: Path, target: Path
) -> None:
    before = data(folder)
    figure = vaka.place("income_statement", "VAKA.fees", "actual")
    with vaka.opened_in(office) as filling:
        with pytest.raises(RefusedError):
            filling.book.type(*figure, "1")
        filling.book.unprotect(figure[0])
        filling.type("income_statement", "VAKA.fees", "actual", "179 816")
        filling.type("income_statement", "VAKA.materials", "budget", "")
        filling.save_as(target)
    outcome = collected(folder, target)
    assert outcome.faults == {
        ("ledger_changed", "!".join(figure)),
        ("ledger_changed", "!".join(vaka.place("income_statement", "VAKA.materials", "budget"))),
    }
    assert not outcome.kinds & {"changed", "left"}
    assert ("ledger_changed", "!".join(figure), "179816") in outcome.journaled
    assert data(folder) == before


# files


TREATMENT = ("risks", "R1", "treatment")
REASON = ("income_statement", "VAKA.fees", "forecast_reason")


@pytest.fixture(scope="module")
def copies(office: Session, vaka: Sent, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One workbook saved again and again, an hour later each time, as its sender went on with it."""
    folder = tmp_path_factory.mktemp("copies")
    original = written(vaka.report.rows("risks")[0]["treatment"])
    texts = {"first": "Ensin", "second": "Sitten", "back": original}
    found = {}
    with vaka.opened_in(office) as filling:
        filling.type(*REASON, "Pysyy")
        for hour, (name, text) in enumerate(texts.items(), 8):
            filling.type(*TREATMENT, text)
            filling.save_as(folder / "saved.xlsx")
            path = folder / name / "osavuosikatsaus-VAKA.xlsx"
            found[name] = saved_at(folder / "saved.xlsx", path, f"2024-10-15T{hour:02}:00:00Z")
    return found


def test_a_file_sent_twice_is_taken_once(copies: dict[str, Path], folder: Path, tmp_path: Path) -> None:
    again = tmp_path / "osavuosikatsaus-VAKA (1).xlsx"
    shutil.copy(copies["first"], again)
    outcome = collected(folder, copies["first"], again)
    assert outcome.changed == {TREATMENT: "Ensin", REASON: "Pysyy"}
    ((note, other),) = ((note, Path(note.file)) for result in outcome.results for note in result.returned.notes)
    assert (note.code, {other.name, note.found}) == ("same_file", {again.name, copies["first"].name})
    assert not collected(folder, again).kinds


def test_a_later_copy_corrects_an_earlier_one(copies: dict[str, Path], folder: Path) -> None:
    assert collected(folder, copies["first"]).changed == {TREATMENT: "Ensin", REASON: "Pysyy"}
    outcome = collected(folder, copies["second"])
    assert outcome.changed == {TREATMENT: "Sitten"}
    assert not outcome.left


def test_copies_collected_together_are_taken_in_the_order_they_were_saved(
    copies: dict[str, Path], folder: Path
) -> None:
    outcome = collected(folder, copies["second"], copies["first"])
    assert outcome.changed == {TREATMENT: "Sitten", REASON: "Pysyy"}
    assert not outcome.left


def test_an_older_copy_does_not_undo_a_later_one(copies: dict[str, Path], folder: Path) -> None:
    collected(folder, copies["second"])
    outcome = collected(folder, copies["first"])
    assert not outcome.changed
    assert outcome.left == {TREATMENT: "older"}
    assert outcome.results[0].needs_a_look


def test_a_value_gone_back_is_listed_and_not_taken(vaka: Sent, copies: dict[str, Path], folder: Path) -> None:
    """Nobody can tell a change of mind from an old copy that was gone on with."""
    collected(folder, copies["first"])
    outcome = collected(folder, copies["back"])
    assert not outcome.changed
    assert outcome.left == {TREATMENT: "reverted"}
    original = written(vaka.report.rows("risks")[0]["treatment"])
    assert ("reverted", "!".join(vaka.place(*TREATMENT)), original) in outcome.journaled


def test_copies_without_their_properties_have_no_order(copies: dict[str, Path], folder: Path, tmp_path: Path) -> None:
    """As a document inspector leaves them: what one says is taken, what another says otherwise is a conflict."""
    first, second = (repacked(copies[name], tmp_path / f"{name}.xlsx", inspected) for name in ("first", "second"))
    outcome = collected(folder, first)
    assert outcome.changed == {TREATMENT: "Ensin", REASON: "Pysyy"}
    assert {entry.saved for entry in outcome.entries} == {""}
    outcome = collected(folder, second)
    assert outcome.left == {TREATMENT: "conflict"}
    assert outcome.kinds == {"left"}


def inspected(part: str, content: bytes) -> bytes | None:
    """A part of a package without the properties of the document."""
    if part.startswith("docProps/"):
        return None
    return re.sub(rb"<(Override|Relationship)\b[^>]*docProps/[^>]*/>", b"", content)


def test_rows_gone_back_are_listed_and_not_taken(
    office: Session, vaka: Sent, folder: Path, target: Path, tmp_path: Path
) -> None:
    """The first copy has a row more and a row less than was sent, the second neither."""
    new, gone = vaka.place("risks", "VAKA-1", "risk"), vaka.place("texts", "X9", "text")
    with vaka.opened_in(office) as filling:
        filling.type_row(new[0], row_number(new[1]), "risks", risk="Ensin lisätty", likelihood="1", impact="1")
        assert filling.book.delete_rows(gone[0], row_number(gone[1])) == 1
        filling.book.save_as(target)
    first = saved_at(target, tmp_path / "first.xlsx", "2024-10-15T08:00:00Z")
    second = saved_at(vaka.path, tmp_path / "second.xlsx", "2024-10-15T09:00:00Z")
    outcome = collected(folder, first)
    assert (outcome.new, outcome.gone) == (["risks.VAKA-1"], ["texts.X9"])
    outcome = collected(folder, second)
    assert outcome.kinds == {"left"}
    assert {key[:2] for key in outcome.left} == {("risks", "VAKA-1"), ("texts", "X9")}
    assert {*outcome.left.values()} == {"reverted"}


def test_copies_of_a_synced_folder(copies: dict[str, Path], folder: Path, tmp_path: Path) -> None:
    """Of two copies with other contents the later is right; saved in one second, nobody can tell."""
    returned = tmp_path / "palautetut"
    returned.mkdir()
    names = ["osavuosikatsaus-VAKA.xlsx", "osavuosikatsaus-VAKA (1).xlsx", "osavuosikatsaus-VAKA-KONE-1.xlsx"]
    shutil.copy(copies["first"], returned / names[0])
    shutil.copy(copies["first"], returned / names[1])
    shutil.copy(copies["second"], returned / names[2])
    shutil.copy(copies["second"], returned / f"~${names[0]}")
    other = copied(folder, tmp_path / "other")
    outcome = collected(folder, returned)
    assert len(outcome.results) == 3
    assert outcome.changed == {TREATMENT: "Sitten", REASON: "Pysyy"}
    saved_at(copies["second"], returned / names[2], "2024-10-15T08:00:00Z")
    outcome = collected(other, returned)
    assert outcome.changed[REASON] == "Pysyy"
    assert outcome.changed[TREATMENT] in ("Ensin", "Sitten")
    assert outcome.left == {TREATMENT: "conflict"}


def test_files_that_belong_elsewhere_are_refused(
    office: Session, origin: Path, vaka: Sent, folder: Path, tmp_path: Path
) -> None:
    before = data(folder)
    changes = {
        "other_period": ("2024-09-30", "2024-08-31"),
        "other_report": ('"Heinola"', '"Hollola"'),
    }
    files = []
    for code, (old, new) in changes.items():
        other = copied(origin, tmp_path / code)
        facts = (other / "report.toml").read_text(encoding="utf-8")
        assert old in facts
        (other / "report.toml").write_text(facts.replace(old, new), encoding="utf-8")
        book = sent(other, tmp_path / f"sent {code}", "VAKA")
        with book.opened_in(office) as filling:
            filling.type(*TREATMENT, "Ei tänne")
            files.append(filling.save_as(tmp_path / f"{code}.xlsx"))
    outcome = collected(folder, *files)
    assert sorted(outcome.refused) == sorted(changes)
    assert data(folder) == before


def test_a_unit_the_folder_does_not_have_is_refused(copies: dict[str, Path], folder: Path, tmp_path: Path) -> None:
    for path in folder.glob("*.*"):
        path.write_bytes(path.read_bytes().replace(b"VAKA", b"VARHA"))
    before = data(folder)
    outcome = collected(folder, copies["first"])
    assert outcome.refused == ["other_unit"]
    assert data(folder) == before


def test_a_workbook_of_an_older_template_is_collected(copies: dict[str, Path], folder: Path, tmp_path: Path) -> None:
    template = copied(TEMPLATE, tmp_path / TEMPLATE.name)
    head = (template / "template.toml").read_text(encoding="utf-8")
    assert 'version = "1.0"' in head
    (template / "template.toml").write_text(head.replace('version = "1.0"', 'version = "1.1"'), encoding="utf-8")
    outcome = collected(folder, copies["first"], template=template)
    assert (outcome.refused, outcome.changed) == (
        [],
        collected(copied(HEINOLA, tmp_path / "b"), copies["first"]).changed,
    )
    assert outcome.notes == [("judged_alone", "")]


# both sides


def with_treatment(folder: Path, text: str) -> None:
    path = folder / "risks.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    rows[0][header.index("treatment")] = text
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


@pytest.mark.parametrize(
    ("prefer", "kept", "event"),
    [(None, "Meidän", "conflict"), ("theirs", "Ensin", None), ("ours", "Meidän", "kept")],
)
def test_both_sides_changed(
    copies: dict[str, Path], folder: Path, prefer: Prefer | None, kept: str, event: str | None
) -> None:
    with_treatment(folder, "Meidän")
    outcome = collected(folder, copies["first"], prefer=prefer)
    assert outcome.after["risks", "R1"]["treatment"] == kept
    assert outcome.changed[REASON] == "Pysyy"
    assert outcome.left == ({TREATMENT: event} if event else {})


@pytest.mark.parametrize(("prefer", "events"), [(None, {"conflict"}), ("theirs", set()), ("ours", {"kept"})])
def test_a_record_that_we_have_removed_and_they_have_changed(
    copies: dict[str, Path], folder: Path, prefer: Prefer | None, events: set[str]
) -> None:
    """It comes back whole or not at all."""
    whole = collected(copied(folder, folder.with_name("whole")), copies["first"]).after["risks", "R1"]
    risks = (folder / "risks.csv").read_bytes()
    (folder / "risks.csv").write_bytes(b"".join(line for line in risks.splitlines(True) if not line.startswith(b"R1,")))
    outcome = collected(folder, copies["first"], prefer=prefer)
    assert outcome.after.get(("risks", "R1")) == (None if events else whole)
    assert {*outcome.left.values()} == events
    assert outcome.changed[REASON] == "Pysyy"


def test_costs_that_the_folder_gives_as_positive(office: Session, folder: Path, target: Path, tmp_path: Path) -> None:
    """A workbook shows costs as negative, whatever the signs of the folder's files."""
    report, template = load(folder)
    costs = template.statements()["income_statement"].costs
    facts = (folder / "report.toml").read_text(encoding="utf-8")
    (folder / "report.toml").write_text(facts.replace('"costs_negative"', '"costs_positive"'), encoding="utf-8")
    (folder / "controls.csv").unlink()
    path = folder / "income_statement.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    for row in (row for row in rows if row[header.index("line")] in costs):
        for column in ("last_year", "last_year_to_date", "budget", "actual"):
            place = header.index(column)
            row[place] = written(-Decimal(row[place])) if row[place] else ""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    assert load(folder)[0].inputs == report.inputs
    book = sent(folder, tmp_path / "sent", "VAKA")
    with book.opened_in(office) as filling:
        filling.type("income_statement", "VAKA.personnel_costs", "forecast_manual", "-5 900 000")
        filling.type("income_statement", "VAKA.fees", "forecast_manual", "250 000")
        filling.save_as(target)
    before = path.read_text(encoding="utf-8").splitlines()
    outcome = collected(folder, target)
    assert outcome.changed == {
        ("income_statement", "VAKA.personnel_costs", "forecast_manual"): "-5900000",
        ("income_statement", "VAKA.fees", "forecast_manual"): "250000",
    }
    after = path.read_text(encoding="utf-8").splitlines()
    assert [new for old, new in zip(before, after, strict=True) if old != new] == [
        "VAKA,fees,293844,224553,260000,179815,250000,,,,,",
        "VAKA,personnel_costs,6189045,4701579,5974300,4358765,5900000,,,,,",
    ]


def test_both_sides_changed_to_the_same(copies: dict[str, Path], folder: Path) -> None:
    with_treatment(folder, "Ensin")
    outcome = collected(folder, copies["first"])
    assert outcome.changed == {REASON: "Pysyy"}
    assert not outcome.left


# other workbooks


def test_the_divisions_own_workbook(office: Session, origin: Path, folder: Path, tmp_path: Path) -> None:
    """It has the rows that belong to no unit; a row that nobody is named for still belongs to none."""
    division = sent(origin, tmp_path / "sent", "TOIMIALA")
    typed = {
        ("risks", "R5", "likelihood"): ("1", "1"),
        ("goals_council", "T1", "status"): ("Ei toteudu", "not_achieved"),
        ("investments", "I1", "actual"): ("-30 000", "-30000"),
        ("investment_projects", "IH3", "actual"): ("-500", "-500"),
        ("texts", "X24", "text"): ("Uusi tapahtuma", "Uusi tapahtuma"),
        ("income_statement", "TOIMIALA.fees", "forecast_manual"): ("700 000", "700000"),
        ("assessments", "TOIMIALA", "text"): ("Toimialan arvio", "Toimialan arvio"),
        ("risks", "TOIMIALA-1", "risk"): ("Ei kenenkään", "Ei kenenkään"),
        ("risks", "TOIMIALA-1", "likelihood"): ("1", "1"),
        ("risks", "TOIMIALA-1", "impact"): ("1", "1"),
        ("risks", "TOIMIALA-2", "risk"): ("Alueen", "Alueen"),
        ("risks", "TOIMIALA-2", "unit"): ("HYTE", "HYTE"),
        ("risks", "TOIMIALA-2", "likelihood"): ("1", "1"),
        ("risks", "TOIMIALA-2", "impact"): ("1", "1"),
    }
    row = row_number(division.place("texts", "X25", "text")[1])
    with division.opened_in(office) as filling:
        for key, (text, _) in typed.items():
            filling.type(*key, text)
        filling.save_as(tmp_path / "a.xlsx")
        assert filling.book.delete_rows("Tekstit", row) == 1
        filling.book.save_as(tmp_path / "a.xlsx")
    outcome = collected(folder, tmp_path / "a.xlsx")
    assert outcome.changed == {key: value for key, (_, value) in typed.items()}
    assert outcome.gone == ["texts.X25"]
    assert not outcome.kinds & {"left", "faults"}
    assert outcome.after["risks", "TOIMIALA-1"]["unit"] is None


def test_the_whole_reports_workbook(office: Session, origin: Path, folder: Path, tmp_path: Path) -> None:
    whole = sent(origin, tmp_path / "sent", None)
    typed = {
        ("risks", "R1", "likelihood"): ("3", "3"),
        ("risks", "R6", "risk"): ("Varariviltä", "Varariviltä"),
        ("risks", "R6", "likelihood"): ("1", "1"),
        ("risks", "R6", "impact"): ("1", "1"),
        ("income_statement", "VAKA.fees", "actual"): ("179 816", "179816"),
        ("income_statement", "VIRE.fees", "forecast_manual"): ("350 000", "350000"),
        ("assessments", "HYTE", "text"): ("Hyte arvioi", "Hyte arvioi"),
        ("goals_service_area", "P5", "actual"): ("Toteutunut", "Toteutunut"),
    }
    row = row_number(whole.place("projects", "H20", "name")[1])
    with whole.opened_in(office) as filling:
        for key, (text, _) in typed.items():
            if filling.place(*key)[0].startswith("Tuloslaskelma"):
                filling.book.unprotect(filling.place(*key)[0])
            filling.type(*key, text)
        filling.save_as(tmp_path / "a.xlsx")
        assert filling.book.delete_rows("Hankkeet", row) == 1
        filling.book.save_as(tmp_path / "a.xlsx")
    outcome = collected(folder, tmp_path / "a.xlsx")
    assert outcome.changed == {key: value for key, (_, value) in typed.items()}
    assert outcome.gone == ["projects.H20"]
    assert not outcome.kinds & {"left", "faults", "refused"}
    (result,) = outcome.results
    assert result.returned.unit == ""
