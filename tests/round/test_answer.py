"""A returned workbook built anew: the answer to its sender, and the workbook whose formulas were restored."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from support.built import HEINOLA
from support.edits import edited, put
from support.places import keys, named, place
from taulukko.builder import build
from taulukko.cli import run
from taulukko.formula.addresses import address as a1
from taulukko.plan.sheets.answer import NAME
from taulukko.round.collect import Collected, collect
from taulukko.round.fix import fix
from taulukko.xlsx.check import check
from taulukko.xlsx.package import Package, open_package
from taulukko.xlsx.workbook import read_inputs

FEES = ("income_statement.unit1", "notes.fees")
Typed = dict[tuple[str, str], float | str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HEINOLA, tmp_path / "heinola"))


@pytest.fixture
def sent(folder: Path, tmp_path: Path) -> Path:
    """The workbook of a unit as it was sent out."""
    return build(folder, tmp_path / "VAKA.xlsx", unit="VAKA")


def filled(source: Path, target: Path, typed: Typed) -> Path:
    """A copy in which something was typed over cells."""

    def typing(sheet: str):
        def change(cells: dict[str, etree._Element]) -> None:
            for (one, cell), value in typed.items():
                if one == sheet:
                    put(cells[cell], value)

        return change

    return edited(source, target, {sheet: typing(sheet) for sheet, _ in typed})


def answered(path: Path, folder: Path) -> tuple[Collected, Package]:
    (result,) = collect([path], folder, answers=path.parent / "answers")
    assert result.answer
    return result, open_package(result.answer)


def listed(package: Package) -> Iterator[tuple[str, str, str]]:
    """The rows of the list of faults: where, which field, what."""
    sheet = package.area(NAME)[0]
    cells = package.cells(sheet)
    for row in sorted({row for row, _ in cells if row > 4}):
        where, field, message = (cells.get((row, column)) for column in (1, 2, 3))
        yield str(where.value), str(field.value), str(message.value)


def test_each_faulty_cell_is_marked_and_listed_and_holds_what_was_typed(sent, folder, tmp_path):
    typed: Typed = {
        place(sent, *FEES, "forecast_manual"): "n. 5 000",
        place(sent, "goals_service_area", keys(sent, "goals_service_area")[0], "status"): "Melkein",
        place(sent, *FEES, "explanation"): "Maksuja kertyi vähemmän",
    }
    result, package = answered(filled(sent, tmp_path / "returned.xlsx", typed), folder)
    rows = list(listed(package))
    assert [field for _, field, _ in rows] == ["Tila", "Ennuste käsin"]
    for where, _, message in rows:
        sheet, _, cell = where.rpartition("!")
        spot = next(spot for spot in package.comments(sheet) if f"{sheet}!{a1(*spot)}" == where)
        assert package.comments(sheet)[spot] == message
        assert message[0].isupper()
        assert package.cells(sheet)[spot].value in ("n. 5 000", "Melkein")
        assert cell == a1(*spot)
    again = read_inputs(package.path)
    assert again.report.row("income_statement", "VAKA", "fees")["explanation"] == "Maksuja kertyi vähemmän"
    assert [finding for finding in check(package.path) if finding.code in ("formula_overwritten", "value_stale")] == []


def test_the_mended_answer_is_collected_and_the_answer_alone_changes_nothing(sent, folder, tmp_path):
    typed: Typed = {place(sent, *FEES, "forecast_manual"): "n. 5 000", place(sent, *FEES, "measure"): "Seurataan"}
    _, package = answered(filled(sent, tmp_path / "returned.xlsx", typed), folder)
    before = {path.name: path.read_bytes() for path in folder.glob("*.csv") if path.name != "journal.csv"}
    (again,) = collect([package.path], folder)
    assert not again.changes
    assert [note.code for note in again.returned.notes] == []
    assert before == {path.name: path.read_bytes() for path in folder.glob("*.csv") if path.name != "journal.csv"}
    mended = filled(package.path, tmp_path / "mended.xlsx", {place(package.path, *FEES, "forecast_manual"): 250000.0})
    (last,) = collect([mended], folder)
    assert [(change.event, change.field, str(change.new)) for change in last.changes] == [
        ("taken", "forecast_manual", "250000")
    ]
    assert not last.returned.faults


def test_a_ledger_figure_is_put_back(sent, folder, tmp_path):
    figure = place(sent, "income_statement.unit1", "fees", "actual")
    result, package = answered(filled(sent, tmp_path / "returned.xlsx", {figure: 1.0}), folder)
    again, before = (read_inputs(path).report.row("income_statement", "VAKA", "fees") for path in (package.path, sent))
    assert again["actual"] == before["actual"]
    assert [message for _, _, message in listed(package)][0].startswith("Odotettiin kirjanpidon lukua")


def test_rows_that_nobody_can_tell_apart_are_in_the_answer_with_keys_of_their_own(folder, tmp_path):
    sent = build(folder, tmp_path / "TOIMIALA.xlsx", unit="TOIMIALA")
    first, second = (place(sent, "risks", key, "id") for key in ("R1", "R2"))
    typed: Typed = {
        place(sent, "risks", key, column): f"{text}: {column}"
        for key, text in (("R1", "Yksi"), ("R2", "Toinen"))
        for column in ("risk", "treatment", "realisation")
    }
    typed |= {second: "R1", place(sent, "risks", "R2", "risk_class"): "Operatiivinen"}
    result, package = answered(filled(sent, tmp_path / "returned.xlsx", typed), folder)
    assert first != second
    assert [fault.code for fault in result.returned.faults] == ["key_twice", "key_twice"]
    risks = {str(row["risk"]): row["id"] for row in read_inputs(package.path).report.rows("risks")}
    assert risks["Yksi: risk"] == "R1"
    assert risks["Toinen: risk"] not in ("R1", "R2", "R3", "R4", "R5")
    assert len(list(listed(package))) == 2


def test_fix_restores_formulas_and_keeps_what_was_typed(sent, tmp_path):
    formula = place(sent, "income_statement.unit1", "fees", "actual")
    sheet = formula[0]
    remaining = (sheet, f"G{formula[1][1:]}")
    typed: Typed = {remaining: 12345.0, place(sent, *FEES, "forecast_manual"): "n. 5 000"}
    broken = filled(sent, tmp_path / "broken.xlsx", typed)
    assert [one.code for one in check(broken)].count("formula_overwritten") == 1
    fixed = fix(broken)
    assert fixed.path == tmp_path / "broken-fixed.xlsx"
    assert [one.place for one in fixed.restored] == [f"{sheet}!{remaining[1]}"]
    assert [one.code for one in fixed.left] == ["text_in_number"]
    codes = [one.code for one in check(fixed.path)]
    assert "formula_overwritten" not in codes
    assert "value_stale" not in codes
    old, new = (read_inputs(path) for path in (sent, fixed.path))
    assert (new.facts["id"], new.base) == (old.facts["id"], old.base)
    assert new.report.inputs == old.report.inputs


def test_fix_leaves_a_sheet_that_it_does_not_find_and_says_so(sent, tmp_path, capsys):
    lost = tmp_path / "lost.xlsx"
    with zipfile.ZipFile(sent) as book, zipfile.ZipFile(lost, "w") as copy:
        for name in book.namelist():
            data = book.read(name)
            if name == "xl/workbook.xml":
                data = data.replace(b"taulukko.sheet6", b"taulukko.gone")
            copy.writestr(name, data)
    fixed = fix(lost)
    assert (fixed.restored, {one.code for one in fixed.left}) == ([], {"sheet_missing"})
    assert run(["fix", str(lost), "-o", str(tmp_path / "b.xlsx")]) == 1
    capsys.readouterr()


def test_fix_tells_what_it_leaves_behind(sent, tmp_path, capsys):
    sheet, cell = named(sent, "returns.name")
    noted = filled(sent, tmp_path / "noted.xlsx", {(sheet, "B3"): "Oma otsikko"})
    assert cell
    assert run(["fix", str(noted), "--lang", "en"]) == 1
    assert "the words read otherwise than when the workbook was sent out: Oma otsikko" in capsys.readouterr().out
