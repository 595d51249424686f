"""Formulas that somebody has typed into input cells, as programs write them that compute and that do not."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from lxml import etree

from support.edits import Change, edited, put, put_formula
from support.hostile import TYPES, WORKBOOK, packed, unpacked
from support.rounds import Sent, collected, copied, owned, sent
from taulukko.report.inputs import Key, written
from taulukko.round.collect import collect
from taulukko.round.receive import read
from taulukko.xlsx.check import check
from taulukko.xlsx.package import open_package

LIKELIHOOD, TREATMENT = ("risks", "R1", "likelihood"), ("risks", "R1", "treatment")
FORECAST = ("income_statement", "VAKA.fees", "forecast_manual")
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return owned(tmp_path_factory.mktemp("origin") / "heinola")


@pytest.fixture(scope="module")
def vaka(origin: Path, tmp_path_factory: pytest.TempPathFactory) -> Sent:
    return sent(origin, tmp_path_factory.mktemp("sent"), "VAKA")


@pytest.fixture
def folder(origin: Path, tmp_path: Path) -> Path:
    return copied(origin, tmp_path / "heinola")


def typed(vaka: Sent, target: Path, formulas: Mapping[Key, tuple[str, float | str | None]]) -> Path:
    """A workbook with formulas and what they give in some input cells."""
    sheets: dict[str, dict[str, tuple[str, float | str | None]]] = {}
    for key, (formula, value) in formulas.items():
        sheet, cell = vaka.place(*key)
        sheets.setdefault(sheet, {})[cell] = formula, value

    def typing(some: dict[str, tuple[str, float | str | None]]) -> Change:
        def change(cells: dict[str, etree._Element]) -> None:
            for cell, (formula, value) in some.items():
                put_formula(cells[cell], formula, value)

        return change

    return edited(vaka.path, target, {sheet: typing(some) for sheet, some in sheets.items()})


def test_a_formula_without_its_value_is_a_fault_and_the_folder_keeps_what_it_has(vaka, folder, tmp_path):
    faulty = {LIKELIHOOD: ("1+1", None), TREATMENT: ('"Seu"&"rataan"', None), FORECAST: ("SUM(E7:E9)", None)}
    found = collected(folder, typed(vaka, tmp_path / "VAKA.xlsx", faulty))
    assert found.faults == {("formula_unknown", "!".join(vaka.place(*key))) for key in faulty}
    assert found.kinds == {"faults"}
    said = {one.found for one in found.results[0].returned.faults}
    assert said == {f"={formula}" for formula, _ in faulty.values()}
    assert {code for code, _, new in found.journaled if new in said} == {"formula_unknown"}


def test_so_is_what_openpyxl_writes(vaka, folder, tmp_path):
    sheet, cell = vaka.place(*LIKELIHOOD)
    book = openpyxl.load_workbook(vaka.path)
    book[sheet][cell] = "=1+1"
    book.save(tmp_path / "VAKA.xlsx")
    found = collected(folder, tmp_path / "VAKA.xlsx")
    assert found.faults == {("formula_unknown", f"{sheet}!{cell}")}
    assert not found.kinds & {"changed", "gone", "left"}
    told = [one.code for one in check(tmp_path / "VAKA.xlsx") if one.place == f"{sheet}!{cell}"]
    assert told == ["formula_unknown"]


def test_a_row_of_nothing_but_such_formulas_is_still_there(vaka, folder, tmp_path):
    report, _ = read(vaka.path)
    columns = [column for column, value in report.rows("risks")[0].items() if column not in ("id", "unit")]
    keys = [("risks", "R1", column) for column in columns]
    found = collected(folder, typed(vaka, tmp_path / "VAKA.xlsx", dict.fromkeys(keys, ("NA()&1", None))))
    assert len(found.faults) == len(keys)
    assert found.kinds == {"faults"}


def test_a_formula_with_its_value_is_taken_and_its_text_is_kept(vaka, folder, tmp_path):
    formulas: dict[Key, tuple[str, float | str]] = {
        FORECAST: ("250000+15000", 265000.0),
        TREATMENT: ('"Seu"&"rataan"', "Seurataan"),
    }
    found = collected(folder, typed(vaka, tmp_path / "VAKA.xlsx", formulas))
    assert found.changed == {FORECAST: "265000", TREATMENT: "Seurataan"}
    assert sorted(found.notes) == sorted(("formula_taken", "!".join(vaka.place(*key))) for key in formulas)
    assert {note.found for note in found.results[0].returned.notes} == {"=250000+15000", '="Seu"&"rataan"'}
    assert {new for code, _, new in found.journaled if code == "formula_taken"} == {"=250000+15000", '="Seu"&"rataan"'}
    assert not found.results[0].needs_a_look


def test_a_formula_that_gives_an_empty_text_is_blank(vaka, folder, tmp_path):
    found = collected(folder, typed(vaka, tmp_path / "VAKA.xlsx", {FORECAST: ('IF(1,"")', "")}))
    assert found.kinds <= {"notes"}


@pytest.mark.parametrize(
    "formula",
    [
        '_xlfn.WEBSERVICE("http://127.0.0.1:9/")',
        'RTD("a",,"b")',
        'CALL("kernel32","WinExec")',
        "cmd|'/c calc'!A0",
        "'C:\\tiedot\\[budjetti.xlsx]Taul1'!$A$1",
        "[1]Taul1!$A$1*2",
    ],
)
def test_a_formula_that_asks_outside_of_the_workbook_is_a_fault_of_its_cell(vaka, folder, tmp_path, formula):
    path = typed(vaka, tmp_path / "VAKA.xlsx", {TREATMENT: (formula, "Arvo muualta"), LIKELIHOOD: ("1+1", 2.0)})
    found = collected(folder, path)
    assert found.faults == {("formula_outside", "!".join(vaka.place(*TREATMENT)))}
    assert {one.found for one in found.results[0].returned.faults} == {f"={formula}"}
    assert found.changed == {LIKELIHOOD: "2"}
    assert "formula_outside" in {one.code for one in check(path)}


def linked(path: Path, target: str) -> Path:
    """A workbook that has a link to another, as Excel writes one."""
    parts, main = unpacked(path.read_bytes()), "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
    part, rels = "xl/externalLinks/externalLink1.xml", "xl/_rels/workbook.xml.rels"
    override = f'<Override PartName="/{part}" ContentType="{kind}"/></Types>'
    parts[TYPES] = parts[TYPES].replace(b"</Types>", override.encode())
    relation = (
        f'<Relationship Id="rId900" Type="{RELATIONSHIPS}/externalLink" Target="externalLinks/externalLink1.xml"/>'
    )
    parts[rels] = parts[rels].replace(b"</Relationships>", f"{relation}</Relationships>".encode())
    reference = b'<externalReferences><externalReference r:id="rId900"/></externalReferences><definedNames>'
    parts[WORKBOOK] = parts[WORKBOOK].replace(b"<definedNames>", reference)
    book = f'<externalBook xmlns:r="{RELATIONSHIPS}" r:id="rId1"/>'
    parts[part] = f'<externalLink xmlns="{main}">{book}</externalLink>'.encode()
    outside = f'Type="{RELATIONSHIPS}/externalLinkPath" Target="{target}" TargetMode="External"'
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        f'<Relationships xmlns="{package}"><Relationship Id="rId1" {outside}/></Relationships>'.encode()
    )
    path.write_bytes(packed(parts))
    return path


def test_a_link_in_one_input_is_a_fault_of_that_cell_and_the_rest_is_read(vaka, folder, tmp_path):
    path = typed(vaka, tmp_path / "VAKA.xlsx", {LIKELIHOOD: ("[1]Taul1!$A$1", 3.0), FORECAST: ("1000*2", 2000.0)})
    found = collected(folder, linked(path, "file:///C:/tiedot/budjetti.xlsx"))
    assert found.faults == {("formula_outside", "!".join(vaka.place(*LIKELIHOOD)))}
    assert found.changed == {FORECAST: "2000"}
    assert {code for code, _ in found.notes} == {"formula_taken"}


def test_a_link_elsewhere_is_told_with_its_cell_and_where_it_leads(vaka, folder, tmp_path):
    sheet, cell = vaka.place(*LIKELIHOOD)
    title = next(title for title in open_package(vaka.path).sheets if title != sheet)
    path = edited(
        vaka.path, tmp_path / "VAKA.xlsx", {title: lambda cells: put_formula(cells["B2"], "[1]Taul1!A1", "x")}
    )
    found = collected(folder, linked(path, "budjetti.xlsx"))
    assert ("link_outside", f"{title}!B2") in found.notes
    assert "budjetti.xlsx" in {one.found for one in found.results[0].returned.notes if one.code == "link_outside"}
    assert "link_outside" in {one.code for one in check(path)}
    path = linked(Path(shutil.copy(vaka.path, tmp_path / "again.xlsx")), "budjetti.xlsx")
    assert collected(folder, path).notes == [("link_outside", "")]


def test_our_own_add_in_does_no_harm(vaka, folder, tmp_path):
    path = typed(vaka, tmp_path / "VAKA.xlsx", {FORECAST: ("[1]!remaining(E7,F7)", 1200.0)})
    found = collected(folder, linked(path, "file:///C:/Users/maija/AppData/taulukko.xlam"))
    assert found.changed == {FORECAST: "1200"}
    assert [code for code, _ in found.notes] == ["formula_taken"]


def test_another_add_in_is_another_file(vaka, folder, tmp_path):
    path = typed(vaka, tmp_path / "VAKA.xlsx", {FORECAST: ("[1]!remaining(E7,F7)", 1200.0)})
    assert collected(folder, linked(path, "toinen.xlam")).kinds == {"faults"}


def test_the_answer_holds_what_the_folder_has_where_a_formula_was_not_read(vaka, folder, tmp_path):
    formulas = {TREATMENT: ("cmd|'/c calc'!A0", "x"), FORECAST: ("1+1", None)}
    path = typed(vaka, tmp_path / "VAKA.xlsx", formulas)
    (result,) = collect([path], folder, answers=tmp_path / "answers")
    assert result.answer
    report, faults = read(result.answer)
    assert faults == []
    kept, _ = read(vaka.path)
    assert written(report.row("risks", "R1")["treatment"]) == written(kept.row("risks", "R1")["treatment"])
    again = collected(folder, result.answer)
    assert again.kinds == set()


@pytest.mark.parametrize("typed_in", [500.0, "paljon"])
def test_what_is_typed_as_the_forecast_of_a_total_is_told_once_and_not_taken(vaka, folder, tmp_path, typed_in):
    sheet, cell = vaka.place("income_statement", "VAKA.operating_revenue", "explanation")
    cell = f"C{cell[1:]}"
    path = edited(vaka.path, tmp_path / "VAKA.xlsx", {sheet: lambda cells: put(cells[cell], typed_in)})
    found = collected(folder, path)
    assert found.faults == {("cell_locked", f"{sheet}!{cell}")}
    assert found.kinds == {"faults"}
    assert [one.code for one in check(path) if one.place == f"{sheet}!{cell}"] == ["cell_locked"]
    (result,) = collect([path], folder, answers=tmp_path / "answers")
    assert result.answer
    assert collected(folder, result.answer).kinds == set()
