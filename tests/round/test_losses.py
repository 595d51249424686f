"""What is removed and emptied is told first, and what is said of the data folder is true."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import etree

from support.edits import Change, edited, put
from support.rounds import Sent, collected, contents, copied, owned, sent
from taulukko.cli import run
from taulukko.report.inputs import Key
from taulukko.round.receive import read


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return owned(tmp_path_factory.mktemp("origin") / "heinola")


@pytest.fixture(scope="module")
def vaka(origin: Path, tmp_path_factory: pytest.TempPathFactory) -> Sent:
    return sent(origin, tmp_path_factory.mktemp("sent"), "VAKA")


@pytest.fixture
def folder(origin: Path, tmp_path: Path) -> Path:
    return copied(origin, tmp_path / "heinola")


def typed(vaka: Sent, target: Path, values: dict[Key, str | None]) -> Path:
    """A workbook in some input cells of which something else stands, or nothing."""
    sheets: dict[str, dict[str, str | None]] = {}
    for key, value in values.items():
        sheet, cell = vaka.place(*key)
        sheets.setdefault(sheet, {})[cell] = value

    def typing(some: dict[str, str | None]) -> Change:
        def change(cells: dict[str, etree._Element]) -> None:
            for cell, value in some.items():
                put(cells[cell], value or "")

        return change

    return edited(vaka.path, target, {sheet: typing(some) for sheet, some in sheets.items()})


def row(vaka: Sent, section: str, record: str) -> dict[Key, None]:
    report, _ = read(vaka.path)
    filled = (column for column, value in report.row(section, record).items() if value is not None)
    return {(section, record, column): None for column in filled if column not in ("id", "unit")}


def told(capsys: pytest.CaptureFixture[str], path: Path, folder: Path, *more: str, code: int = 1) -> list[str]:
    assert run(["collect", str(path), "--into", str(folder), "--lang", "en", *more]) == code
    return capsys.readouterr().out.splitlines()


def test_what_is_gone_comes_first(vaka, folder, tmp_path, capsys):
    treatment = ("risks", "R2", "treatment")
    unit = {("risks", "R1", "unit"): None}
    path = typed(vaka, tmp_path / "VAKA.xlsx", {**row(vaka, "risks", "R1"), **unit, treatment: None})
    first, second, head, *_ = told(capsys, path, folder, "--dry-run")
    assert first == "WOULD BE REMOVED 1: risks.R1"
    assert second == "WOULD BE EMPTIED 1: risks.R2 treatment"
    assert head.startswith("VAKA.xlsx: VAKA")
    first, second, *_ = told(capsys, path, folder)
    assert (first, second) == ("REMOVED 1: risks.R1", "EMPTIED 1: risks.R2 treatment")


def test_so_it_does_as_data(vaka, folder, tmp_path, capsys):
    path = typed(vaka, tmp_path / "VAKA.xlsx", {("risks", "R2", "treatment"): None})
    found = json.loads("\n".join(told(capsys, path, folder, "--json")))
    assert (found["removed"], found["emptied"]) == ([], ["risks.R2 treatment"])


@pytest.mark.parametrize(
    "key", [("goals_service_area", "P14", "goal"), ("risks", "R1", "risk"), ("texts", "X8", "text")]
)
def test_a_record_that_has_lost_what_it_is_known_by_is_a_fault_and_nothing_of_it_is_taken(vaka, folder, tmp_path, key):
    section, record, _ = key
    other = {"goals_service_area": "actual", "risks": "treatment", "texts": None}[section]
    more: dict[Key, str | None] = {(section, record, other): "Jotain uutta"} if other else {}
    found = collected(folder, typed(vaka, tmp_path / "VAKA.xlsx", {key: None, **more}))
    assert found.faults == {("required", "!".join(vaka.place(*key)))}
    assert found.kinds == {"faults"}


def test_a_folder_whose_journal_was_written_is_not_said_to_be_unchanged(vaka, folder, tmp_path, capsys):
    path = typed(vaka, tmp_path / "VAKA.xlsx", {("risks", "R1", "likelihood"): "suuri"})
    before = contents(folder)
    assert told(capsys, path, folder, "--dry-run")[-1] == f"The folder {folder} did not change."
    assert contents(folder) == before
    last = told(capsys, path, folder)[-1]
    assert last == f"The data in the folder {folder} did not change. Lines written in the journal: 2."
    before = contents(folder)
    assert told(capsys, path, folder)[-1] == f"The folder {folder} did not change."
    assert contents(folder) == before
