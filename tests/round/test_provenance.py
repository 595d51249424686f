"""Notes on cells: from which returned file and cell a figure was collected."""

from __future__ import annotations

from pathlib import Path

from support.folders import data_folder
from support.journals import written
from taulukko.builder import build
from taulukko.folder.journal import REMOVED, TAKEN, Entry
from taulukko.plan.book import address
from taulukko.xlsx.package import open_package
from taulukko.xlsx.workbook import read_inputs

SAVED = "2024-10-10T08:30:00+00:00"


def entry(event: str, file: str, cell: str, record: str, field: str, new: str) -> Entry:
    return Entry(SAVED, event, file, "h", "w", cell, record, field, "", new, SAVED, "Virpi")


def noted(folder: Path, tmp_path: Path, *entries: Entry) -> dict[str, str]:
    """The notes of the workbook that is built with the sources of a journal, by Sheet!A1."""
    written(folder, entries)
    path = build(folder, tmp_path / "sources.xlsx", provenance=True)
    package = open_package(path)
    return {
        f"{sheet}!{address(*place)}": text
        for sheet in package.sheets
        for place, text in package.comments(sheet).items()
    }


def test_an_input_tells_its_last_source(tmp_path: Path) -> None:
    folder = data_folder(tmp_path / "data", risks="R1,,,Riski,1,2,,")
    found = noted(
        folder,
        tmp_path,
        entry(TAKEN, "vanha.xlsx", "Riskit!G6", "risks.R1", "impact", "1"),
        entry(TAKEN, "uusi.xlsx", "Riskit!G7", "risks.R1", "impact", "2"),
        entry("conflict", "kolmas.xlsx", "Riskit!G7", "risks.R1", "impact", "3"),
        entry(TAKEN, "poistettu.xlsx", "Riskit!D7", "risks.R9", "risk", "x"),
        entry(REMOVED, "poistettu.xlsx", "", "risks.R9", "risk", ""),
    )
    place = read_inputs(tmp_path / "sources.xlsx").places["risks", "R1", "impact"]
    assert found == {place: "Lähde: uusi.xlsx, Riskit!G7 (2024-10-10 08:30, Virpi)"}


def test_a_sum_of_the_division_tells_the_sources_of_its_parts(tmp_path: Path) -> None:
    folder = data_folder(tmp_path / "data", income_statement="VAKA,fees,,,100,50,,,,,,")
    found = noted(
        folder,
        tmp_path,
        entry(TAKEN, "VAKA.xlsx", "Tuloslaskelma!E8", "income_statement.VAKA.fees", "budget", "100"),
    )
    said = "Lähde: VAKA.xlsx, Tuloslaskelma!E8 (2024-10-10 08:30, Virpi)"
    assert set(found.values()) == {said}
    assert {place.split("!")[0] for place in found} == {"Tuloslaskelma", "Tuloslaskelma VAKA"}


def test_without_the_option_there_are_no_notes(tmp_path: Path) -> None:
    folder = data_folder(tmp_path / "data", risks="R1,,,Riski,1,2,,")
    written(folder, [entry(TAKEN, "a.xlsx", "A1", "risks.R1", "impact", "2")])
    package = open_package(build(folder, tmp_path / "plain.xlsx"))
    assert not any(package.comments(sheet) for sheet in package.sheets)
