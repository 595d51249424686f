"""Two workbooks or data folders side by side."""

from __future__ import annotations

import json
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import taulukko
from support.built import HEINOLA, PURO
from support.folders import REPORT, data_folder
from support.shelf import Shelf
from support.typed import typed
from support.variants import five_by_five
from taulukko.builder import build
from taulukko.cli import run
from taulukko.messages import LANGUAGES, Say
from taulukko.round.diff import Diff, Difference, diff
from taulukko.round.diff_told import said

RISKS = "R1,VAKA,operational,Henkilöstö ei riitä,1,1,Rekrytointi,"
FIGURES = "VAKA,fees,100,75,120,90,,,,,,\nTOIMIALA,fees,1000,750,1200,900,,,,,,"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return data_folder(tmp_path / "a", risks=RISKS, income_statement=FIGURES)


def other(tmp_path: Path, report: str = REPORT, **files: str) -> Path:
    """The same folder with other rows in some files."""
    return data_folder(tmp_path / "b", report, **({"risks": RISKS, "income_statement": FIGURES} | files))


def told(differences: list[Difference]) -> list[tuple[object, ...]]:
    return [(one.section, one.record, one.field, one.old, one.new) for one in differences]


def lines(found: Diff, language: str = "fi") -> list[str]:
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in said(found, Say(language))]


def test_a_folder_and_itself(folder: Path) -> None:
    found = diff(folder, folder)
    assert found.is_equal
    assert lines(found) == ["Ei eroja."]


@pytest.mark.parametrize("language", LANGUAGES)
def test_heinola_and_its_workbook_are_equal_in_every_language(shelf: Shelf, language: str) -> None:
    path = shelf.book(HEINOLA, language=language)
    assert diff(HEINOLA, path, language="fi").is_equal
    assert diff(path, HEINOLA / "osavuosikatsaus.xlsx").is_equal


def test_a_field_and_what_is_computed_of_it(folder: Path, tmp_path: Path) -> None:
    found = diff(folder, other(tmp_path, risks=RISKS.replace(",1,1,", ",1,3,")))
    assert told(found.changes) == [("risks", "R1", "impact", 1, 3)]
    assert told(found.computed) == [("risks", "R1", "value", 1.0, 3.0), ("risks", "R1", "level", "low", "medium")]
    assert lines(found) == [
        "Täytetty",
        "  Riskit R1 · Merkittävyys: 1 → 3",
        "Laskettu",
        "  Riskit R1 · Riskiarvo: 1 → 3",
        "  Riskit R1 · Taso: Matala → Kohtalainen",
        "Eroja: perustiedoissa 0, täytetyissä 1, lasketuissa 2.",
    ]


def test_a_figure_and_the_totals_above_it(tmp_path: Path) -> None:
    changed = tmp_path / "heinola"
    shutil.copytree(HEINOLA, changed)
    figures = (changed / "income_statement.csv").read_text(encoding="utf-8")
    before = "TOIMIALA,fees,809343,576441,728800,"
    (changed / "income_statement.csv").write_text(figures.replace(before, "TOIMIALA,fees,809343,576441,728900,"))
    found = diff(HEINOLA, changed)
    assert told(found.changes) == [("income_statement", "TOIMIALA.fees", "budget", Decimal(728800), Decimal(728900))]
    budgets = {one.record: float(str(one.new)) - float(str(one.old)) for one in found.computed if one.field == "budget"}
    assert budgets == {
        f"TOIMIALA.{line}": 100 for line in ("operating_revenue", "operating_margin", "annual_margin", "result")
    }
    assert "watch" not in {one.field for one in found.computed}
    assert "  Tuloslaskelma TOIMIALA Maksutuotot · TA 2024 +muutos: 728 800 → 728 900" in lines(found)


def test_records_that_only_one_side_has(folder: Path, tmp_path: Path) -> None:
    found = diff(folder, other(tmp_path, risks="R2,,financial,Korot nousevat,2,,,"))
    assert [(one.kind, one.record, one.field) for one in found.changes] == [
        *(("removed", "R1", column) for column in ("risk_class", "risk", "unit", "likelihood", "impact", "treatment")),
        *(("added", "R2", column) for column in ("risk_class", "risk", "likelihood")),
    ]
    assert found.computed == []
    assert "  Riskit R2 · Riskiluokka: lisätty Taloudellinen" in lines(found)
    assert "  Riskit R1 · Tunnistettu riski: poistettu Henkilöstö ei riitä" in lines(found)


def test_a_record_with_nothing_in_it_is_as_good_as_none(folder: Path, tmp_path: Path) -> None:
    empty = other(tmp_path, risks=f"{RISKS}\nR2,,,,,,,")
    assert diff(folder, empty).changes == []
    assert diff(empty, build(empty, tmp_path / "b.xlsx")).is_equal


def test_of_a_sheet_that_was_deleted_nothing_is_said_but_that(folder: Path, tmp_path: Path) -> None:
    before = data_folder(
        folder, income_statement="VAKA,fees,100,75,120,90,,,Hinnat nousivat,,,\nTOIMIALA,fees,1,1,1,1,,,,,,"
    )
    path = build(before, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    del book["Tuloslaskelma VAKA"], book["Riskit"]
    book.save(path)
    found = diff(before, path)
    assert {(one.code, one.place) for one in found.b.findings} >= {
        ("sheet_missing", "Tuloslaskelma VAKA"),
        ("sheet_missing", "Riskit"),
    }
    assert found.changes == []


def test_facts_units_and_thresholds(folder: Path, tmp_path: Path) -> None:
    report = REPORT.replace("2024-10-31", "2024-11-01\ndeadline = 2024-10-15\nclosed = true")
    found = diff(folder, other(tmp_path, report.replace("Varhaiskasvatus", "Päivähoito")))
    assert told(found.facts) == [
        ("report", "", "date_of_issue", date(2024, 10, 31), date(2024, 11, 1)),
        ("report", "", "deadline", None, date(2024, 10, 15)),
        ("report", "", "closed", "false", "true"),
        ("units", "VAKA", "name", "Varhaiskasvatus", "Päivähoito"),
        ("units", "VAKA", "short", "Varhaiskasvatus", "Päivähoito"),
    ]
    assert lines(found)[1:3] == [
        "  report.toml date_of_issue: 31.10.2024 → 1.11.2024",
        "  report.toml deadline: tyhjä → 15.10.2024",
    ]


def test_a_threshold_that_was_changed_in_a_workbook(folder: Path, tmp_path: Path) -> None:
    path = typed(build(folder, tmp_path / "a.xlsx"), parameters__material_share=0.03, lists__risk_level_from=2)
    found = diff(folder, path)
    assert told(found.facts) == [
        ("parameters", "material_share", "value", Decimal("0.02"), Decimal("0.03")),
        ("lists", "risk_level_from", "low", Decimal(1), Decimal(2)),
    ]
    said_of = lines(found)
    assert said_of[1].startswith("  Parametrit Olennaisuuden raja, osuus talousarviosta: 2 % → 3 % (Parametrit!")
    assert said_of[2].startswith("  Parametrit Riskitaso · Matala: 1 → 2 (Parametrit!")


def test_two_templates_and_two_reports(tmp_path: Path) -> None:
    viisi = five_by_five(tmp_path / "viisi")
    puro = build(PURO, tmp_path / "puro.xlsx", template=viisi)
    found = diff(HEINOLA, puro, template=viisi)
    said_of = lines(found)
    assert said_of[:4] == [
        "Kaudet ovat eri: 1–9/2024 ja 1–4/2025.",
        "Perustiedot ja rajat",
        "  report.toml template: osavuosikatsaus → viisi",
        "  report.toml municipality: Heinola → Puro",
    ]
    assert "  report.toml year: 2024 → 2025" in said_of
    assert "  report.toml units.KULTT level: lisätty service_area" in said_of
    assert diff(PURO, puro, template=viisi).is_equal


def test_printed_figures(folder: Path, tmp_path: Path) -> None:
    found = diff(folder, other(tmp_path, controls="income_statement,VAKA,fees,budget,120"))
    assert told(found.changes) == [("controls", "income_statement.VAKA.fees", "budget", None, Decimal(120))]
    assert lines(found)[1] == "  Tarkistusluvut income_statement.VAKA.fees · TA 2024 +muutos: lisätty 120"


def test_a_workbook_tells_the_cell(folder: Path, tmp_path: Path) -> None:
    path = typed(build(folder, tmp_path / "a.xlsx"), risks__column__impact=3)
    change = diff(path, folder).changes[0]
    assert (change.old, change.new, change.old_cell, change.new_cell) == (3, 1, "Riskit!G6", "")
    assert lines(diff(folder, path))[1] == "  Riskit R1 · Merkittävyys: 1 → 3 (Riskit!G6)"


def test_what_cannot_be_read_is_said_and_not_compared(folder: Path, tmp_path: Path) -> None:
    path = typed(build(folder, tmp_path / "a.xlsx"), risks__column__impact="suuri", risks__column__likelihood=2)
    found = diff(folder, path)
    assert [(one.code, one.place, one.found) for one in found.b.findings] == [("number", "Riskit!G6", "suuri")]
    assert told(found.changes) == [("risks", "R1", "likelihood", 1, 2)]
    only = diff(folder, typed(build(folder, tmp_path / "b.xlsx"), risks__column__risk_class="outo"))
    assert (only.changes, only.is_equal) == ([], False)
    assert lines(only)[-1] == "Muita eroja ei ole, mutta kaikkea ei voitu verrata."


def test_a_workbook_that_cannot_be_computed(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_: object, **_options: object) -> None:
        raise KeyError("risks")

    path = typed(build(folder, tmp_path / "a.xlsx"), risks__column__impact=3)
    monkeypatch.setattr("taulukko.round.side.results_of", damaged)
    monkeypatch.setattr("taulukko.round.side.plan", damaged)
    found = diff(path, path)
    assert not found.is_equal
    assert lines(found)[0] == "Laskettuja arvoja ei voitu verrata."
    with pytest.raises(KeyError):
        diff(folder, folder)


def test_a_units_workbook_is_compared_with_its_part(folder: Path, tmp_path: Path) -> None:
    path = typed(build(folder, tmp_path / "v.xlsx", unit="VAKA"), risks__column__impact=3)
    found = diff(folder, path)
    assert found.unit == "VAKA"
    assert told(found.changes) == [("risks", "R1", "impact", 1, 3)]
    assert found.facts == []
    assert lines(found)[0] == "Verrataan vain yksikön VAKA osuutta."
    assert told(diff(path, build(folder, tmp_path / "w.xlsx")).changes) == [("risks", "R1", "impact", 3, 1)]


def test_acceptances_that_a_unit_was_not_asked_for_do_not_differ(folder: Path, tmp_path: Path) -> None:
    shutil.rmtree(folder)
    whole = data_folder(folder, income_statement=FIGURES, checks="crossfoot.TOIMIALA.result,Syy,Nimi,2024-10-30")
    assert diff(whole, build(whole, tmp_path / "v.xlsx", unit="VAKA")).is_equal
    assert diff(whole, build(whole, tmp_path / "w.xlsx")).changes == []


def test_a_declared_state_is_a_change(folder: Path, tmp_path: Path) -> None:
    path = typed(build(folder, tmp_path / "v.xlsx", unit="VAKA"), returns__state="Valmis", returns__name="Maija")
    found = diff(folder, path)
    assert told(found.changes) == [
        ("returns", "VAKA", "state", None, "ready"),
        ("returns", "VAKA", "name", None, "Maija"),
    ]
    assert lines(found)[2].startswith("  Palautus VAKA · Tila: tyhjä → Valmis (Kansi!")


def test_other_periods_and_units_are_said_first(folder: Path, tmp_path: Path) -> None:
    later = REPORT.replace("2024-09-30", "2024-08-31")
    one = build(folder, tmp_path / "v.xlsx", unit="VAKA")
    two = build(other(tmp_path, later), tmp_path / "t.xlsx", unit="TOIMIALA")
    assert lines(diff(one, two))[:2] == [
        "Kaudet ovat eri: 1–9/2024 ja 1–8/2024.",
        "Yksiköt ovat eri: VAKA ja TOIMIALA.",
    ]


def test_numbers_that_look_the_same_are_shown_further(folder: Path, tmp_path: Path) -> None:
    found = diff(folder, other(tmp_path, income_statement=FIGURES.replace(",120,", ",120.001,")))
    assert "  Tuloslaskelma VAKA Maksutuotot · TA 2024 +muutos: 120 → 120,001" in lines(found)
    tiny = diff(folder, other(tmp_path, income_statement=FIGURES.replace(",120,", ",120.00000000001,")))
    assert (len(tiny.changes), tiny.computed) == (1, [])


def test_of_long_texts_what_differs_is_shown(folder: Path, tmp_path: Path) -> None:
    before = data_folder(folder, texts=f"t1,focus,,{'Kaikki on ennallaan. ' * 9}Loppu.")
    after = other(tmp_path, texts=f"t1,focus,,{'Kaikki on ennallaan. ' * 9}Loppu toisin.")
    assert (
        lines(diff(before, after))[1] == "  Tekstit t1 · Teksti: … on ennallaan. Loppu. → … on ennallaan. Loppu toisin."
    )


def test_command(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["diff", str(folder), str(folder), "--lang", "en"]) == 0
    assert capsys.readouterr().out == "No differences.\n"
    changed = str(other(tmp_path, risks=RISKS.replace(",1,1,", ",1,3,")))
    assert run(["diff", str(folder), changed, "--lang", "sv"]) == 1
    assert "  Risker R1 · Nivå: Låg → Måttlig\n" in capsys.readouterr().out
    assert run(["diff", str(folder), changed, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["changes"][0]["new"] == "3"


def test_command_with_something_else(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "muu.xlsx"
    bad.write_text("muu")
    assert run(["diff", str(folder), str(bad), "--lang", "fi"]) == 2
    assert capsys.readouterr().out.startswith(f"{bad}: tiedosto ei ole Excel-työkirja vaan tekstitiedosto")
    assert run(["diff", str(folder), str(bad), "--json"]) == 2
    printed = json.loads(capsys.readouterr().out)
    assert [finding["code"] for finding in printed["b"]["findings"]] == ["other_format"]
    assert run(["diff", str(folder), str(tmp_path / "none")]) == 2
    faulty = other(tmp_path, risks="R1,VAKA,nothing,,,,,")
    assert run(["diff", str(folder), str(faulty), "--lang", "en"]) == 2
    assert "risks.csv:2 risk_class: expected a value from the list" in capsys.readouterr().err


def test_from_python(folder: Path) -> None:
    assert taulukko.diff(folder, folder).is_equal
