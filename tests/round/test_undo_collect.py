"""What a file has changed is taken back where nothing came after, and what did come after stands."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from support.folders import data_folder
from support.interrupted import dies, steps
from support.returned import state
from support.typed import typed
from taulukko.builder import build
from taulukko.cli import run
from taulukko.errors import FaultsError
from taulukko.folder.data_folder import load
from taulukko.folder.journal import read_entries, replayed
from taulukko.folder.store import recover
from taulukko.messages import Say
from taulukko.report.inputs import fields_of, written
from taulukko.round.collect import Collected, collect
from taulukko.round.history import history
from taulukko.round.merge import Prefer
from taulukko.round.status import status
from taulukko.round.undo import undo_collect
from taulukko.round.undo_told import said

RISKS = "R1,VAKA,operational,Henkilöstö ei riitä,1,1,Rekrytointi,"
FRIDAY = datetime(2024, 10, 11, 9, 30, tzinfo=UTC)
MONDAY = datetime(2024, 10, 14, 6, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return data_folder(tmp_path / "data", risks=RISKS, income_statement="VAKA,fees,100,75,120,90,,,,,,")


def returned(folder: Path, name: str, saved: datetime = FRIDAY, unit: str = "VAKA", **cells: object) -> Path:
    return typed(build(folder, folder.parent / name, unit=unit), saved, "Maija", **cells)


def texts(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    fields = fields_of(load(folder)[0])
    found = {
        place: {key: text for key, value in row.items() if (text := written(value))} for place, row in fields.items()
    }
    return {place: row for place, row in found.items() if row}


def risks(folder: Path, old: str = "", new: str = "") -> str:
    content = (folder / "risks.csv").read_text(encoding="utf-8").replace(old, new) if old else ""
    if old:
        (folder / "risks.csv").write_text(content, encoding="utf-8")
    return (folder / "risks.csv").read_text(encoding="utf-8").splitlines()[1]


def again(path: Path, folder: Path, prefer: Prefer | None = None) -> Collected:
    (one,) = collect([path], folder, prefer=prefer)
    return one


def test_all_that_a_file_changed_is_taken_back_and_the_journal_replays(folder: Path) -> None:
    start, files = texts(folder), state(folder)
    path = returned(
        folder, "a.xlsx", risks__column__impact=3, risks__column__treatment="Toimi", returns__state="Valmis"
    )
    collect([path], folder)
    found = undo_collect(folder, path, by="Kerttu", now=MONDAY)
    assert (texts(folder), found.left) == (start, [])
    assert state(folder)["risks.csv"] == files["risks.csv"]
    lines = list(read_entries(folder))
    assert {line: row for line, row in replayed(start, lines).items() if any(row.values())} == replayed(start, [])
    assert {(one.time, one.by) for one in lines if one.event == "undone"} == {("2024-10-14T06:00:00+00:00", "Kerttu")}
    assert status(folder).units[1].returned is None
    assert len(list((folder / "returned").iterdir())) == 1, "the original is kept"


def test_a_record_that_the_file_added_goes_and_one_that_it_removed_comes_back(folder: Path) -> None:
    sent = build(folder, folder.parent / "sent.xlsx", unit="VAKA")
    start = texts(folder)
    for column in ("unit", "risk_class", "risk", "likelihood", "impact", "treatment"):
        typed(sent, FRIDAY, "Maija", **{f"risks__column__{column}": None})
    collect([sent], folder)
    assert ("risks", "R1") not in texts(folder)
    undo_collect(folder, sent.name)
    assert texts(folder) == start
    (folder / "risks.csv").unlink()
    other = typed(build(folder, folder.parent / "new.xlsx", unit="VAKA"), FRIDAY, "Maija", risks__column__risk="Uusi")
    collect([other], folder)
    assert [place for place in texts(folder) if place[0] == "risks"] == [("risks", "VAKA-1")]
    found = undo_collect(folder, other)
    assert [place for place in texts(folder) if place[0] == "risks"] == []
    told = list(said(found, folder, Say("en"), False))
    assert "  risks.VAKA-1: the row that the file had added is gone" in told


def test_what_came_after_stands_and_is_told(folder: Path) -> None:
    first = returned(
        folder, "first.xlsx", risks__column__impact=3, risks__column__likelihood=2, risks__column__risk="Palo"
    )
    collect([first], folder)
    later = shutil.copy(first, folder.parent / "later.xlsx")
    collect([typed(Path(later), MONDAY, "Maija", risks__column__impact=2)], folder)
    risks(folder, "Palo", "Tulva")
    found = undo_collect(folder, first)
    assert {(one.entry.field, one.reason, one.later.file if one.later else None) for one in found.left} == {
        ("impact", "later", "later.xlsx"),
        ("likelihood", "later", "later.xlsx"),
        ("risk", "later", "later.xlsx"),
    }
    undo_collect(folder, "later.xlsx")
    assert risks(folder) == "R1,VAKA,operational,Tulva,2,3,Rekrytointi,"
    found = undo_collect(folder, first)
    assert [(one.entry.field, one.reason) for one in found.left] == [("risk", "edited")]
    assert risks(folder) == "R1,VAKA,operational,Tulva,1,1,Rekrytointi,"
    assert status(folder).units[1].returned, "a part of it stands"
    with pytest.raises(FaultsError, match="not_collected"):
        undo_collect(folder, "later.xlsx")


def test_the_same_file_collected_again_is_told_and_taken_only_when_it_is_asked_for(folder: Path) -> None:
    path = returned(folder, "a.xlsx", risks__column__impact=3)
    collect([path], folder)
    undo_collect(folder, path)
    before = state(folder)
    for prefer in (None, "ours"):
        one = again(path, folder, prefer)
        assert ([change.event for change in one.left], one.taken, state(folder)) == (["undone"], [], before)
    assert status(folder).units[1].returned is None
    assert [change.new for change in again(path, folder, "theirs").taken] == [3]
    assert risks(folder).split(",")[5] == "3"
    assert status(folder).units[1].returned
    after = state(folder)
    assert (again(path, folder).changes, state(folder)) == ([], after)
    undo_collect(folder, path)
    assert risks(folder).split(",")[5] == "1"
    assert [one.event for one in history(folder, "risks.R1.impact").events()] == ["taken", "undone"] * 2


def test_a_later_copy_of_the_workbook_is_taken_as_if_the_first_had_not_been(folder: Path) -> None:
    path = returned(folder, "a.xlsx", risks__column__impact=3)
    collect([path], folder)
    undo_collect(folder, path)
    copy = typed(Path(shutil.copy(path, folder.parent / "b.xlsx")), MONDAY, "Maija", risks__column__impact=2)
    assert [(change.event, change.old, change.new) for change in again(copy, folder).changes] == [("taken", 1, 2)]


def test_a_process_that_dies_at_any_step_has_taken_back_all_or_nothing(folder: Path, tmp_path: Path) -> None:
    path = returned(folder, "a.xlsx", risks__column__impact=3)
    collect([path], folder)
    whole = Path(shutil.copytree(folder, tmp_path / "whole"))
    count = len(steps(lambda: undo_collect(whole, path, now=MONDAY)))
    ends = set()
    for step in range(1, count + 1, 3):
        copy = Path(shutil.copytree(folder, tmp_path / str(step)))
        dies(lambda copy=copy: undo_collect(copy, path, now=MONDAY), step)
        recover(copy)
        ends.add(next(name for name, one in (("old", folder), ("new", whole)) if state(one) == state(copy)))
    assert ends == {"old", "new"}


def test_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = returned(folder, "a.xlsx", risks__column__impact=3)
    collect([path], folder)
    before = state(folder)
    assert run(["undo-collect", str(folder), "a.xlsx", "--dry-run", "--lang", "en"]) == 0
    assert state(folder) == before
    assert capsys.readouterr().out == (
        "a.xlsx\n  risks.R1 impact: taken back: 3 → 1\n  VAKA: nothing of the file stands any more; it counts as not "
        f"returned\nDry run: 1 changes would be taken back in the folder {folder}, 0 would stand.\n"
    )
    assert run(["undo-collect", str(folder), "b.xlsx", "--lang", "en"]) == 2
    assert run(["undo-collect", str(folder), str(path)]) == 0
