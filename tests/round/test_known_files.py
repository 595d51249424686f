"""A file that has been collected before is read again, but not laid beside what was sent out again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lxml import etree

from support.built import HEINOLA
from support.edits import edited, put
from support.places import place
from taulukko.builder import build
from taulukko.round.collect import Collected, collect
from taulukko.xlsx.aside import aside
from taulukko.xlsx.package import open_package

FEES = ("income_statement.unit1", "notes.fees")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HEINOLA, tmp_path / "heinola"))


@pytest.fixture
def returned(folder: Path, tmp_path: Path) -> Path:
    """A workbook with a text in a number's field, a title overwritten by what looks like a formula, and a new text."""
    sent = build(folder, tmp_path / "sent.xlsx", unit="VAKA")
    sheet, reason = place(open_package(sent), *FEES, "forecast_reason")
    _, forecast = place(open_package(sent), *FEES, "forecast_manual")

    def typing(cells: dict[str, etree._Element]) -> None:
        put(cells["B1"], "=> oma otsikko")
        put(cells[reason], "Pysyy")
        put(cells[forecast], "paljon")

    return edited(sent, tmp_path / "VAKA.xlsx", {sheet: typing})


def told(one: Collected) -> tuple[object, ...]:
    return one.returned.refused, one.returned.faults, one.returned.notes, one.returned.state, one.returned.unit


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that are judged."""
    files: list[Path] = []

    def watched(inputs):
        files.append(inputs.package.path)
        return aside(inputs)

    monkeypatch.setattr("taulukko.round.receive.aside", watched)
    return files


def test_a_known_file_tells_the_same_and_is_not_compared_again(folder, returned, compared):
    (first,) = collect([returned], folder)
    assert [change.new for change in first.taken] == ["Pysyy"]
    assert [fault.code for fault in first.returned.faults] == ["number"]
    assert ("word_changed", "=> oma otsikko") in [(note.code, note.found) for note in first.returned.notes]
    (again,) = collect([returned], folder)
    assert told(again) == told(first)
    assert (again.taken, compared) == ([], [returned])


def test_a_changed_file_of_the_same_name_is_compared(folder, returned, compared):
    collect([returned], folder)
    before = returned.rename(folder / "before.xlsx")
    sheet, _ = place(open_package(before), *FEES, "forecast_reason")
    edited(before, returned, {sheet: lambda cells: put(cells["B1"], "Toinen")})
    collect([returned], folder)
    assert compared == [returned, returned]


def test_looking_only_makes_no_file_known(folder, returned, compared):
    collect([returned], folder, dry_run=True)
    collect([returned], folder, dry_run=True)
    assert compared == [returned, returned]
