"""What is built can be read again, by Excel and by us; what cannot is refused before anything is written."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import taulukko
from support.built import HEINOLA
from support.folders import REPORT, data_folder
from support.grown import grown
from taulukko.cli import run
from taulukko.errors import FaultsError, Finding
from taulukko.folder.data_folder import load
from taulukko.folder.journal import read_entries
from taulukko.messages import LANGUAGES, Say
from taulukko.plan import build as planning
from taulukko.plan.book import Cell, Sheet, Workbook
from taulukko.plan.build import plan
from taulukko.round.receive import receive
from taulukko.xlsx import limits, size
from taulukko.xlsx import write as writing
from taulukko.xlsx.limits import Limit
from taulukko.xlsx.package import open_package

MEGABYTES = 512
ROUND = """
import contextlib, io, sys
import taulukko
from taulukko.cli import run
from taulukko.round.collect import collect

folder, path = sys.argv[1:]
step = sys.argv[0]
"""
STEPS = {
    "build": "taulukko.build(folder, path)",
    "check": "with contextlib.redirect_stdout(io.StringIO()): assert run(['check', path]) < 2",
    "collect": "(one,) = collect([path], folder); assert not one.needs_a_look, one.returned",
}
PEAK = """
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024)
"""


def peak(step: str, folder: Path, path: Path) -> int:
    """Megabytes that a process takes at most for a step of the round."""
    command = [sys.executable, "-c", ROUND + STEPS[step] + PEAK, str(folder), str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return int(done.stdout)


needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="tells no memory of its own here")


@needs_proc
@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "large",
    [{"units": 200}, {"risks": 20_000}, {"goals": 20_000}],
    ids=lambda large: "-".join(map(str, *large.items())),
)
def test_a_large_report_goes_round_within_half_a_gigabyte(large: dict[str, int], tmp_path: Path) -> None:
    folder, path = grown(tmp_path / "data", **large), tmp_path / "large.xlsx"
    assert {step: taken for step in STEPS if (taken := peak(step, folder, path)) >= MEGABYTES} == {}
    assert [entry.event for entry in read_entries(folder)] == ["returned"]


def test_the_sums_of_many_areas_are_those_of_their_cells(tmp_path: Path) -> None:
    """Of 70 areas a formula would be longer than Excel opens; summed by thirty they make the same."""
    report, template = load(grown(tmp_path / "data", units=70))
    book = plan(report, template)
    size.check_size(book)
    for line in ("fees", "personnel_costs"):
        for column in ("budget", "actual"):
            cell = book.cell(book.results["income_statement", f"TOIMIALA.{line}", column])
            told = [report.row("income_statement", unit.code, line)[column] for unit in report.areas]
            assert cell.value == float(sum(map(int, map(str, told))))
            assert "Tuloslaskelma U1" not in cell.formula


def test_the_names_of_many_areas_whose_figures_are_missing(tmp_path: Path) -> None:
    folder = grown(tmp_path / "data", units=40)
    file = folder / "income_statement.csv"
    rows = [row.split(",") for row in file.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        row[5] = "" if row[:2] in (["U7", "fees"], ["U38", "fees"]) else row[5]
    file.write_text("".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
    report, template = load(folder)
    checks = plan(report, template).sheet("checks")
    assert "Palvelualue U7; Palvelualue U38" in {cell.value for cell in checks.cells.values()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return data_folder(tmp_path / "data", REPORT)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_that_is_too_large_is_not_written(language, folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(limits, "CELLS", Limit("cells", 1000))
    output = tmp_path / "new.xlsx"
    assert run(["build", str(folder), "-o", str(output), "--lang", language]) == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert "--units" in said
    assert "800 " + Say(language).text("limit.cells") in said
    assert not output.exists()


def test_of_units_none_is_written_when_one_is_too_large(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "CELLS", Limit("cells", 1000))
    with pytest.raises(FaultsError):
        taulukko.build_units(folder, tmp_path / "units")
    assert not (tmp_path / "units").exists()
    assert not (folder / "units").exists()


def test_units_are_planned_and_written_one_at_a_time(folder, monkeypatch):
    events: list[str] = []

    def noted(event: str, done: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **options: Any) -> Any:
            events.append(event)
            return done(*given, **options)

        return call

    monkeypatch.setattr(planning, "plan", noted("plan", planning.plan))
    monkeypatch.setattr(writing, "write", noted("write", writing.write))
    taulukko.build_units(folder)
    assert events == ["plan", "write"] * 2


def book(**cells: Cell) -> Workbook:
    """A workbook of a sheet with some cells, and the identity sheet, which has none."""
    sheet = Sheet("risks", "Riskit", cells={(0, place): cell for place, cell in enumerate(cells.values())})
    day = load(HEINOLA)[0].date_of_issue
    return Workbook("", "", "", "", "fi", day, [sheet, Sheet("_taulukko", "_taulukko")])


@pytest.mark.parametrize(
    ("cell", "limit", "found"),
    [
        (Cell(1.0, formula="A" * 8193), "formula_length", "8 193"),
        (Cell("x" * 32_768), "text_length", "32 768"),
        (Cell(1.0, formula=f"SUM({','.join(['A1'] * 256)})"), "arguments", "256"),
    ],
)
def test_what_excel_would_not_open_is_told_with_its_cell(cell: Cell, limit: str, found: str) -> None:
    with pytest.raises(FaultsError) as refused:
        size.check_size(book(good=Cell(1.0), bad=cell))
    (fault,) = refused.value.findings
    assert (fault.place, fault.found, fault.expected[1]) == ("Riskit!B1", found, limit)


def test_what_excel_opens_is_built() -> None:
    many = "SUM(" + "A1," * 253 + f'IF(1,2,3),"{"a," * 200}")'
    cells = {"formula": Cell(1.0, formula="A" * 8192), "text": Cell("x" * 32_767), "many": Cell(1.0, formula=many)}
    size.check_size(book(**cells))


def test_what_is_counted_is_at_least_what_is_read(tmp_path: Path) -> None:
    """The counts from which a workbook is refused, beside those of the reader."""
    counted: dict[str, int] = {}
    report, template = load(HEINOLA)
    over = size._over

    def noted(limit: Limit, found: int, place: str, share: float):
        counted[limit.name] = found
        return over(limit, found, place, share)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(size, "_over", noted)
        size.check_size(plan(report, template))
    package = open_package(taulukko.build(HEINOLA, tmp_path / "heinola.xlsx"))
    for sheet in package.sheets:
        package.cells(sheet)
    parts = [package.container.size(part) for part in package.container._parts]
    assert package._room.cells <= counted["cells"]
    assert package._room.characters <= counted["characters"]
    assert len(package.names) <= counted["names"]
    assert len(package._texts) <= counted["texts"]
    assert sum(parts) <= counted["unpacked"]


def test_a_built_workbook_is_read(tmp_path: Path) -> None:
    folder = grown(tmp_path / "data", units=12, risks=300, projects=100, goals=300)
    returned = receive(taulukko.build(folder, tmp_path / "some.xlsx"))
    assert (returned.refused, returned.faults, returned.notes) == (None, [], [])
    assert returned.report and len(returned.report.rows("risks")) == 300


def test_a_fault_names_the_sheet() -> None:
    fault = Finding("book_large", place="Riskit", found="400 000", expected=("320 000", "cells"))
    assert Say("en").finding(fault) == (
        "Riskit: expected a workbook with at most 320 000 filled cells, found “400 000”. "
        "Build a workbook for each unit (--units), or divide the report."
    )
