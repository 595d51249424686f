"""All that happened to a field, a record or a unit; who wrote it down; journals of earlier versions."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from support.folders import data_folder
from support.journals import written
from support.typed import typed
from taulukko.builder import build
from taulukko.cli import run
from taulukko.errors import FaultsError
from taulukko.folder.data_folder import JOURNAL
from taulukko.folder.journal import COLUMNS, LATER, TAKEN, Entry, read_entries
from taulukko.messages import Say
from taulukko.round.collect import collect
from taulukko.round.history import history
from taulukko.round.history_told import said

RISKS = "R1,VAKA,operational,Henkilöstö ei riitä,1,1,Rekrytointi,\nR2,,operational,Sisäilma,2,2,Korjaus,"
FRIDAY = datetime(2024, 10, 11, 9, 30, tzinfo=UTC)
MONDAY = datetime(2024, 10, 14, 6, 0, tzinfo=UTC)
OLD = [column for column in COLUMNS if column not in LATER]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return data_folder(tmp_path / "data", risks=RISKS, income_statement="VAKA,fees,100,75,120,90,,,,,,")


def returned(folder: Path, name: str, saved: datetime = FRIDAY, **cells: object) -> Path:
    return typed(build(folder, folder.parent / name, unit="VAKA"), saved, "Maija Meikäläinen", **cells)


def put(folder: Path, old: str, new: str) -> None:
    risks = (folder / "risks.csv").read_text(encoding="utf-8")
    assert old in risks
    (folder / "risks.csv").write_text(risks.replace(old, new), encoding="utf-8")


def events(folder: Path, key: str) -> list[tuple[str, str, str]]:
    return [(one.event, one.old, one.new) for one in history(folder, key).events()]


def test_a_field_with_what_was_changed_in_the_folder_itself(folder: Path) -> None:
    first = returned(folder, "first.xlsx", risks__column__impact=3)
    second = returned(folder, "second.xlsx", MONDAY, risks__column__impact=2)
    collect([first], folder, now=FRIDAY, by="Kerttu")
    put(folder, ",1,3,", ",1,1,")
    collect([second], folder, now=MONDAY, by="Kerttu")
    put(folder, ",1,2,", ",1,3,")
    assert events(folder, "risks.r1.IMPACT") == [
        ("taken", "1", "3"),
        ("edited", "3", "1"),
        ("taken", "1", "2"),
        ("edited", "2", "3"),
    ]
    assert events(folder, "risks.R1.impact") == events(folder, "risks.R1") == events(folder, "risks")
    assert events(folder, "risks.R2") == []


def test_a_unit_has_its_records_and_all_that_its_files_said(folder: Path) -> None:
    collect([returned(folder, "VAKA.xlsx", risks__column__impact="suuri", risks__column__likelihood=3)], folder)
    whole = typed(build(folder, folder.parent / "whole.xlsx"), MONDAY, risks__column__impact=2)
    collect([whole], folder)
    assert events(folder, "vaka") == [
        ("returned", "", ""),
        ("taken", "1", "3"),
        ("fault.number", "", "suuri"),
        ("taken", "1", "2"),
    ]
    assert events(folder, "TOIMIALA") == []
    assert [one.event for one in history(folder).events()].count("returned") == 2


def test_what_is_and_was_not_there_is_refused_and_what_was_is_not(folder: Path) -> None:
    entry = Entry("2024-01-01T00:00:00+00:00", TAKEN, "a.xlsx", "h", "w", "", "risks.R9", "risk", "", "x", "", "")
    written(folder, [entry])
    assert [event for event, *_ in events(folder, "risks.R9")] == ["taken", "edited"]
    for key in ("risks.R8", "risk", "HYTE", "risks.R1.imp"):
        with pytest.raises(FaultsError) as refused:
            history(folder, key)
        assert [(one.code, one.found) for one in refused.value.findings] == [("history_key", key)]


def test_who_collects_is_the_account_unless_somebody_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "kerttu")
    collect([returned(folder, "a.xlsx", risks__column__impact=3)], folder)
    arguments = ["collect", str(returned(folder, "b.xlsx", MONDAY, risks__column__impact=2)), "--into", str(folder)]
    assert run([*arguments, "--by", "=Sijainen"]) == 0
    assert [entry.by for entry in read_entries(folder)] == ["kerttu"] * 2 + ["=Sijainen"] * 2


@pytest.mark.parametrize("end", ["\n", ""], ids=["closed", "without its last line end"])
@pytest.mark.parametrize("columns", [OLD, [*OLD[::-1], "own"]], ids=["of version 0.2", "in another order"])
def test_an_old_journal_is_read_and_goes_on_under_its_own_columns(folder: Path, columns: list[str], end: str) -> None:
    row = dict.fromkeys(columns, "") | {"time": "2024-09-01T00:00:00+00:00", "event": TAKEN, "record": "risks.R1"}
    row |= {"field": "impact", "old": "4", "new": "1", "file": "ä.xlsx", "saved": "2024-09-01T00:00:00+00:00"}
    lines = [columns, [row[column] for column in columns]]
    (folder / JOURNAL).write_bytes("\n".join(map(",".join, lines)).encode("utf-8-sig") + end.encode())
    old = (folder / JOURNAL).read_text("utf-8-sig").splitlines()
    (before,) = read_entries(folder)
    assert (before.file, before.by) == ("ä.xlsx", "")
    for number, impact in enumerate((3, 2)):
        collect([returned(folder, f"{number}.xlsx", MONDAY, risks__column__impact=impact)], folder, by="Kerttu")
    now = (folder / JOURNAL).read_text("utf-8-sig").splitlines()
    assert now[0] == ",".join([*columns, "by"])
    assert now[1] == old[1], "what stands in it stays"
    assert (folder / JOURNAL).read_bytes().startswith(b"\xef\xbb\xbf")
    assert [next(csv.reader([line]))[-1] for line in now[2:]] == ["Kerttu"] * 4
    told = [(one.event, one.old, one.new, one.by) for one in read_entries(folder) if one.is_change]
    assert told == [("taken", "4", "1", ""), ("taken", "1", "3", "Kerttu"), ("taken", "3", "2", "Kerttu")]


def test_it_is_told_by_collecting(folder: Path) -> None:
    put(folder, ",1,1,", ",1,2,")
    first = returned(folder, "first.xlsx", risks__column__impact="suuri", risks__column__likelihood=3)
    collect([first], folder, now=MONDAY, by="Kerttu\n")
    put(folder, ",3,2,", ",2,2,")
    told = list(said(history(folder, "VAKA"), Say("en")))
    assert told[0].endswith("(Maija Meikäläinen), command given by Kerttu ")
    assert told[1:3] == ["  returned: VAKA, not declared", "  Riskit!F6 risks.R1 likelihood: 1 → 3"]
    assert told[3].startswith("  Riskit!G6 impact: expected a number, found “suuri”.")
    assert told[4:] == [
        "In the data folder since then",
        "  risks.R1 likelihood: changed in the data folder itself: 3 → 2",
    ]


def test_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["history", str(folder), "risks.R1", "--lang", "sv"]) == 0
    assert capsys.readouterr().out == "Journalen har ingenting om risks.R1.\n"
    assert run(["history", str(folder), "R7", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["findings"][0]["code"] == "history_key"
