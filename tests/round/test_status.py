"""Who has returned what: counts of the units' own covers, deadlines, and what the journal says of returns."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import taulukko
from support.built import HEINOLA, Built
from support.folders import REPORT, data_folder
from support.typed import typed
from taulukko.builder import build
from taulukko.cli import run
from taulukko.folder.data_folder import load
from taulukko.messages import Say
from taulukko.plan.build import plan
from taulukko.round.collect import collect
from taulukko.round.merge import Prefer
from taulukko.round.status import Status, UnitStatus, status
from taulukko.round.status_told import said

RISKS = "R1,VAKA,operational,Henkilöstö ei riitä,1,1,Rekrytointi,"
LINES = (
    "sales_revenue fees grants_received rental_revenue other_revenue personnel_costs services_purchased materials"
    " grants_paid rents other_expenses"
)
FRIDAY = datetime(2024, 10, 11, 9, 30, tzinfo=UTC)
MONDAY = datetime(2024, 10, 14, 6, 0, tzinfo=UTC)
DEADLINE = REPORT.replace("signs", "deadline = 2024-10-15\nsigns")


@pytest.fixture(autouse=True)
def finnish_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Helsinki")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Each unit has a fee, as budgeted, and nothing else."""
    figures = "VAKA,fees,100,75,120,90,,,,,,\nTOIMIALA,fees,1000,750,1200,900,,,,,,"
    return data_folder(tmp_path / "data", DEADLINE, risks=RISKS, income_statement=figures)


def returned(folder: Path, name: str, saved: datetime = FRIDAY, unit: str | None = "VAKA", **cells: object) -> Path:
    """A workbook of a unit, sent back with something in it."""
    return typed(build(folder, folder.parent / name, unit=unit), saved, "Maija Meikäläinen", **cells)


def of_unit(found: Status, code: str) -> UnitStatus:
    return next(unit for unit in found.units if unit.unit.code == code)


def lines(found: Status, language: str = "fi") -> list[str]:
    return list(said(found, Say(language)))


def test_counts_are_those_of_the_covers_of_the_units_own_workbooks() -> None:
    found = status(HEINOLA)
    report, template = load(HEINOLA)
    for one in found.units:
        cover = plan(report.for_unit(one.unit.code), template).sheet("cover")
        texts = [cell.value for (_, column), cell in cover.cells.items() if column == 3 and "/" in str(cell.value)]
        assert one.filled == sum(int(text.split("/")[0]) for text in texts)
        assert one.required == sum(int(text.split("/")[1]) for text in texts)
    assert [(one.unit.code, one.filled, one.required) for one in found.units] == [
        ("TOIMIALA", 156, 162),
        ("HYTE", 8, 30),
        ("OPKOU", 18, 36),
        ("VAKA", 32, 36),
        ("VIRE", 40, 41),
    ]


def test_the_cover_of_a_whole_report_is_counted_in_its_plan(finnish: Built) -> None:
    values = {key: finnish.plan.cell(spot).value for key, spot in finnish.plan.contents.items()}
    assert (values["risks"], values["income_statement.HYTE"]) == ("15/15", "0/22")


def test_units_that_have_returned_nothing_are_said_so() -> None:
    found = status(HEINOLA)
    assert {one.returned for one in found.units} == {None}
    assert {(one.declared, one.checked) for one in found.units} == {("", "draft")}
    table = lines(found)
    assert table[1] == "Määräpäivää ei ole."
    assert table[4].split() == [
        "TOIMIALA",
        "156/162",
        "0",
        "ei",
        "ilmoitettu",
        "Kesken",
        "–",
        "–",
        "ei",
        "palautettu",
        "–",
    ]
    assert table[-1] == "Valmiina 0/5."


def test_what_is_missing_is_said_by_its_label() -> None:
    found = status(HEINOLA)
    assert of_unit(found, "VAKA").missing == {"goal_status": 0, "explanation": 4}
    assert of_unit(found, "HYTE").missing == {"goal_status": 0, "explanation": None}
    assert "VAKA: Poikkeamia ilman selitystä: 4" in lines(found)
    unknown = "cannot be counted, because figures are missing"
    assert f"HYTE: Variances without explanation: {unknown}" in lines(status(HEINOLA, language="en"), "en")


@pytest.mark.parametrize(
    ("today", "days", "words"),
    [
        (date(2024, 10, 12), 3, "Määräpäivä 15.10.2024, päiviä jäljellä: 3."),
        (date(2024, 10, 15), 0, "Määräpäivä 15.10.2024 on tänään."),
        (date(2024, 10, 17), -2, "Määräpäivä 15.10.2024, päiviä yli: 2."),
    ],
)
def test_the_deadline(folder: Path, today: date, days: int, words: str) -> None:
    found = status(folder, today=today)
    assert (found.days_left, lines(found)[1]) == (days, words)


def test_a_return(folder: Path) -> None:
    path = returned(folder, "VAKA.xlsx", risks__column__impact=3, returns__state="Valmis", returns__name="Maija")
    collect([path], folder, now=MONDAY)
    one = of_unit(status(folder), "VAKA")
    assert one.returned
    assert (one.returned.file, one.returned.saved, one.returned.collected) == ("VAKA.xlsx", FRIDAY, MONDAY)
    assert one.returned.saved_by == "Maija Meikäläinen"
    assert (one.declared, one.name, one.day, one.checked) == ("ready", "Maija", None, "draft")
    table = lines(status(folder))
    assert "11.10.2024 12:30" in table[5]
    assert table[5].endswith("Maija Meikäläinen")
    assert "VAKA: Päivä: tyhjä" in table
    assert of_unit(status(folder), "TOIMIALA").returned is None


def test_the_last_return_is_the_one_saved_last(folder: Path) -> None:
    later = returned(folder, "later.xlsx", MONDAY, risks__column__impact=3)
    earlier = returned(folder, "earlier.xlsx", FRIDAY, risks__column__impact=2)
    collect([later], folder, now=MONDAY)
    collect([earlier], folder, now=MONDAY)
    last = of_unit(status(folder), "VAKA").returned
    assert last
    assert last.file == "later.xlsx"


def test_a_fault_is_open_until_another_file_is_returned(folder: Path) -> None:
    collect([returned(folder, "first.xlsx", risks__column__impact="suuri")], folder, now=MONDAY)
    first = of_unit(status(folder), "VAKA").returned
    assert first
    assert (first.faults, first.conflicts) == (1, 0)
    collect([returned(folder, "second.xlsx", MONDAY, risks__column__impact=3)], folder, now=MONDAY)
    second = of_unit(status(folder), "VAKA").returned
    assert second
    assert (second.file, second.faults) == ("second.xlsx", 0)


def conflicting(folder: Path) -> Path:
    """Both sides have changed the impact of a risk: the data folder to 2, the workbook to 3."""
    path = returned(folder, "VAKA.xlsx", risks__column__impact=3)
    risks = (folder / "risks.csv").read_text(encoding="utf-8")
    (folder / "risks.csv").write_text(risks.replace(",1,1,", ",1,2,"), encoding="utf-8")
    collect([path], folder, now=MONDAY)
    return path


def conflicts(folder: Path) -> int:
    last = of_unit(status(folder), "VAKA").returned
    assert last
    return last.conflicts


def test_a_conflict_is_open_until_somebody_decides(folder: Path) -> None:
    conflicting(folder)
    assert conflicts(folder) == 1
    risks = (folder / "risks.csv").read_text(encoding="utf-8")
    (folder / "risks.csv").write_text(risks.replace(",1,2,", ",1,3,"), encoding="utf-8")
    assert conflicts(folder) == 0


@pytest.mark.parametrize("prefer", ["theirs", "ours"])
def test_a_conflict_is_settled_by_collecting_with_a_preference(folder: Path, prefer: Prefer) -> None:
    path = conflicting(folder)
    collect([path], folder, prefer=prefer, now=MONDAY)
    assert conflicts(folder) == 0


def test_a_workbook_of_the_whole_report_is_said_apart(folder: Path) -> None:
    collect([returned(folder, "kaikki.xlsx", unit=None, risks__column__impact=3)], folder, now=MONDAY)
    found = status(folder)
    assert found.whole
    assert found.whole.file == "kaikki.xlsx"
    assert {one.returned for one in found.units} == {None}
    assert "Koko raportin työkirja on palautettu viimeksi 11.10.2024 12:30, tallentaja Maija Meikäläinen." in lines(
        found
    )


def ready(folder: Path) -> Path:
    """A folder whose only unit is ready."""
    only = DEADLINE.replace('[[units]]\ncode = "VAKA"\nname = "Varhaiskasvatus"\nlevel = "service_area"\n', "")
    template = load(folder)[1]
    lines = [line.key for line in template.statements()["income_statement"].lines if line.kind == "line"]
    data_folder(folder, only, risks="", income_statement="\n".join(f"TOIMIALA,{line},1,1,1,1,1,,,,," for line in lines))
    (folder / "returns.csv").write_text("unit,state,name,date\nTOIMIALA,ready,Maija,2024-10-14\n", encoding="utf-8")
    return folder


def test_a_unit_is_ready_when_it_says_so_and_nothing_is_missing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = status(ready(folder))
    assert [(one.declared, one.name, one.day, one.checked) for one in found.units] == [
        ("ready", "Maija", date(2024, 10, 14), "ready")
    ]
    assert found.is_ready
    assert run(["status", str(folder), "--lang", "en"]) == 0
    assert capsys.readouterr().out.endswith("Ready: 1/1.\n")


def test_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status", str(folder), "--lang", "sv"]) == 1
    assert "inget returnerat" in capsys.readouterr().out
    assert run(["status", str(folder), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["deadline"] == "2024-10-15"
    assert run(["status", str(folder / "none")]) == 2
    (folder / "risks.csv").write_text("id\n", encoding="utf-8")
    assert run(["status", str(folder)]) == 2


def test_from_python(folder: Path) -> None:
    assert not taulukko.status(folder).is_ready
