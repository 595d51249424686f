"""What was sent is listed with its hash; what comes back is told apart by it, and what does not come back."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from support.edits import save_again
from support.folders import data_folder
from support.interrupted import dies, steps
from support.typed import typed
from taulukko.builder import build, build_units, load, send_units
from taulukko.cli import run
from taulukko.errors import FaultsError, OutputRefused
from taulukko.folder.sent import list_sent, read_sent
from taulukko.folder.store import digest_of, recover
from taulukko.messages import Say
from taulukko.next_period.folder import rollover
from taulukko.round.collect import collect
from taulukko.round.status import status
from taulukko.round.status_told import said
from taulukko.xlsx.workbook import read_inputs

FRIDAY = datetime(2024, 10, 11, 9, 30, tzinfo=UTC)
RISKS = "R1,VAKA,operational,Henkilöstö ei riitä,1,1,Rekrytointi,"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return data_folder(tmp_path / "data", risks=RISKS, income_statement="VAKA,fees,100,75,120,90,,,,,,")


def vaka(folder: Path, where: str = "sent") -> Path:
    """The workbook of VAKA, sent with the others."""
    _, path = send_units(folder, folder.parent / where)
    return path


def again(folder: Path) -> None:
    """Another round: the folder is other than it was."""
    risks = (folder / "risks.csv").read_text(encoding="utf-8")
    (folder / "risks.csv").write_text(risks.replace(",1,1,", ",2,2,"), encoding="utf-8")


def notes(path: Path, folder: Path) -> list[str]:
    (one,) = collect([path], folder)
    return [note.code for note in one.returned.notes]


def lines(folder: Path) -> list[str]:
    return [line for line in said(status(folder), Say("en")) if "sent " in line]


def test_what_is_sent_is_listed_once_and_the_data_stays_what_it_is(folder: Path) -> None:
    digest, first = load(folder).digest, vaka(folder)
    vaka(folder, "another place")
    listed = read_sent(folder)
    assert [(one.unit, one.file) for one in listed] == [
        ("TOIMIALA", "osavuosikatsaus-TOIMIALA.xlsx"),
        ("VAKA", "osavuosikatsaus-VAKA.xlsx"),
    ]
    assert (listed[1].hash, listed[1].workbook) == (digest_of(first), read_inputs(first).facts["id"])
    assert (load(folder).digest, first.read_bytes()) == (digest, build(folder, unit="VAKA").read_bytes())
    build_units(folder, folder.parent / "a trial")
    assert read_sent(folder) == listed


def test_what_does_not_come_back_is_told_and_what_does_is_not(folder: Path) -> None:
    assert lines(folder) == []
    path = vaka(folder)
    assert [line.partition(":")[0] for line in lines(folder)] == ["TOIMIALA", "VAKA"]
    assert all(line.endswith(", not returned") for line in lines(folder))
    assert notes(typed(path, FRIDAY, risks__column__impact=3), folder) == []
    assert [line.partition(":")[0] for line in lines(folder)] == ["TOIMIALA"]


def test_a_copy_of_an_earlier_sending_is_told_apart(folder: Path) -> None:
    old = shutil.copy(vaka(folder), folder.parent / "old.xlsx")
    again(folder)
    new = vaka(folder, "second")
    for _ in range(2):
        assert notes(typed(Path(old), FRIDAY, risks__column__treatment="Toimi"), folder) == ["sent_earlier"]
    assert (status(folder).units[1].is_of_earlier_sending, len(lines(folder))) == (True, 2)
    assert "a new one was sent after it" in lines(folder)[1]
    assert status(folder).units[1].returned.aside == 0
    assert notes(typed(new, datetime(2024, 10, 12, tzinfo=UTC), risks__column__impact=3), folder) == []
    assert not status(folder).units[1].is_of_earlier_sending


def test_a_file_as_it_was_sent_and_one_that_was_not(folder: Path) -> None:
    path = vaka(folder)
    assert notes(path, folder) == ["as_sent"]
    again(folder)
    assert notes(build(folder, folder.parent / "own.xlsx", unit="VAKA"), folder) == ["not_sent"]
    assert notes(build(folder, folder.parent / "whole.xlsx"), folder) == []


def test_nothing_is_listed_when_nothing_was_written_or_the_list_cannot_be_read(folder: Path) -> None:
    save_again(vaka(folder))
    listed = read_sent(folder)
    again(folder)
    with pytest.raises(OutputRefused):
        send_units(folder, folder.parent / "sent")
    assert read_sent(folder) == listed
    (folder / "sent.csv").write_text("day,file\n")
    with pytest.raises(FaultsError):
        send_units(folder, folder.parent / "third")
    assert not (folder.parent / "third").exists()


def test_a_process_that_dies_at_any_step_leaves_the_list_whole(folder: Path, tmp_path: Path) -> None:
    vaka(folder)
    listed = read_sent(folder)
    second = [listed[0].__class__(*("x" for _ in range(6)))]
    ends = set()
    count = len(steps(lambda: list_sent(Path(shutil.copytree(folder, tmp_path / "count")), second)))
    for step in range(1, count + 1):
        copy = Path(shutil.copytree(folder, tmp_path / str(step)))
        dies(lambda copy=copy: list_sent(copy, second), step)
        recover(copy)
        ends.add(len(read_sent(copy)))
        assert read_sent(copy) in (listed, [*listed, *second])
    assert ends == {2, 3}


def test_the_next_period_begins_without_what_was_sent_and_returned(folder: Path) -> None:
    collect([typed(vaka(folder), FRIDAY, risks__column__impact=3)], folder)
    assert {"returned", "sent.csv", "journal.csv"} <= {path.name for path in folder.iterdir()}
    made = rollover(folder, folder.parent / "next", "2024-12")
    assert {"returned", "sent.csv", "journal.csv"} & {path.name for path in made.iterdir()} == set()


def test_command(folder: Path) -> None:
    assert run(["build", str(folder), "--unit", "VAKA", "-o", str(folder.parent / "one.xlsx")]) == 0
    assert read_sent(folder) == []
    assert run(["build", str(folder), "--units", "-o", str(folder.parent / "sent")]) == 0
    assert len(read_sent(folder)) == 2
