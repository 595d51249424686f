"""Workbooks sent out before their template was changed, renamed or lost, or by somebody who forges."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import taulukko
from support.built import HEINOLA, TEMPLATE
from support.folders import REPORT, data_folder
from support.typed import typed
from taulukko.errors import WorkbookError
from taulukko.plan.shape import DECLARED
from taulukko.program.packed import pack, unpack
from taulukko.report import carried
from taulukko.report.carried import LARGEST
from taulukko.round.collect import Collected
from taulukko.xlsx.package import open_package

RISKS = "R1,VAKA,operational,Henkilöstö ei riitä,1,1,Rekrytointi,"
FIGURES = "VAKA,fees,100,75,120,90,,,,,,\nTOIMIALA,fees,1000,750,1200,900,,,,,,"
Edit = Callable[[Path], None]
"""Changes a template's folder."""
Declared = dict[str, Any]


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATE, tmp_path / "template"))


@pytest.fixture
def folder(tmp_path: Path, template: Path) -> Path:
    """A data folder that names its template by where it is."""
    report = REPORT.replace('"osavuosikatsaus"', '"../template"')
    return data_folder(tmp_path / "data", report, risks=RISKS, income_statement=FIGURES)


def returned(folder: Path, **cells: Any) -> Path:
    """The division's workbook, built now, with something typed into it."""
    return typed(taulukko.build(folder, folder.parent / "returned.xlsx"), **cells)


def rewritten(template: Path, name: str, old: str, new: str) -> None:
    path = template / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def one_check_more(template: Path) -> None:
    rewritten(
        template,
        "checks.toml",
        "checks = [\n",
        'checks = [\n    { key = "extra", section = "risks", found = "risks.total" },\n',
    )
    for path in template.glob("labels.*.toml"):
        path.write_text(path.read_text(encoding="utf-8").replace("[checks]", '[checks]\nextra = "Riskejä"', 1), "utf-8")


def renamed(template: Path) -> None:
    rewritten(template, "template.toml", 'name = "osavuosikatsaus"', 'name = "uusi_nimi"')
    rewritten(template, "template.toml", 'version = "1.0"', 'version = "2.0"')


def one_column_more(template: Path) -> None:
    column = '    { key = "owner", type = "text" },\n'
    rewritten(template, "risks.toml", '    { key = "treatment"', column + '    { key = "treatment"')
    for path in template.glob("labels.*.toml"):
        text = path.read_text(encoding="utf-8").replace("[columns.risks]", '[columns.risks]\nowner = "Omistaja"', 1)
        path.write_text(text, encoding="utf-8")


def with_owner(folder: Path) -> None:
    """The data folder as it is with one column more."""
    rows = (folder / "risks.csv").read_text(encoding="utf-8").replace("treatment", "owner,treatment")
    (folder / "risks.csv").write_text(rows.replace(",Rekrytointi", ",Päällikkö,Rekrytointi"), encoding="utf-8")


def collected(path: Path, folder: Path) -> Collected:
    (one,) = taulukko.collect([path], folder)
    return one


def codes(one: Collected) -> list[str]:
    return [note.code for note in one.returned.notes]


@pytest.mark.parametrize("edit", [one_check_more, renamed, one_column_more])
def test_what_was_sent_out_before_a_template_was_edited_is_read_and_judged_in_full(
    folder: Path, template: Path, edit: Edit
) -> None:
    path = returned(folder, risks__column__likelihood=3, risks__column__value=9)
    edit(template)
    if edit is one_column_more:
        with_owner(folder)
    one = collected(path, folder)
    assert one.returned.refused is None
    assert [(change.field, change.new) for change in one.taken] == [("likelihood", 3)]
    assert codes(one) == ["formula_overwritten", "judged_alone"]
    assert taulukko.load(folder).row("risks", "R1")["likelihood"] == 3
    again = collected(path, folder)
    assert (again.taken, codes(again)) == ([], codes(one))


def test_without_its_template_a_workbook_is_checked_read_compared_and_put_right(folder: Path, template: Path) -> None:
    renamed(template)
    path = returned(folder, risks__column__likelihood=3, risks__column__value=9)
    shutil.rmtree(template)
    told = [one.code for one in taulukko.check(path)]
    assert ("formula_overwritten" in told, told.count("judged_alone")) == (True, 1)
    report, faults = taulukko.read(path)
    assert (report.row("risks", "R1")["likelihood"], faults) == (3, [])
    fixed = taulukko.fix(path)
    assert [one.code for one in fixed.restored] == ["formula_overwritten"]
    assert {"formula_overwritten", "value_stale"}.isdisjoint(one.code for one in taulukko.check(fixed.path))
    found = taulukko.diff(path, fixed.path)
    assert (found.is_equal, found.is_computed) == (True, True)
    other = typed(Path(shutil.copy(path, path.with_name("other.xlsx"))), risks__column__likelihood=2)
    found = taulukko.diff(path, other)
    assert [(one.field, one.old, one.new) for one in found.changes] == [("likelihood", 3, 2)]
    assert [(one.field, one.old, one.new) for one in found.computed][:1] == [("value", 3.0, 2.0)]


def test_what_the_template_no_longer_has_is_not_taken_and_told_by_name(folder: Path, template: Path) -> None:
    path = returned(folder, risks__column__likelihood=3, risks__column__realisation="Toteutui")
    text = (template / "risks.toml").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines(keepends=True) if '"realisation"' in line)
    rewritten(template, "risks.toml", line, "")
    rows = (folder / "risks.csv").read_text(encoding="utf-8")
    (folder / "risks.csv").write_text(rows.replace(",realisation", "").replace("Rekrytointi,", "Rekrytointi"), "utf-8")
    one = collected(path, folder)
    assert [(change.field, change.new) for change in one.taken] == [("likelihood", 3)]
    told = [
        (note.field, note.place, note.found, note.severity) for note in one.returned.notes if note.code == "not_taken"
    ]
    assert told == [("risks.realisation", open_place(path, "risks.column.realisation"), "1", "remark")]


def test_a_section_and_a_line_that_are_gone_are_not_taken(folder: Path, template: Path) -> None:
    path = returned(folder, risks__column__likelihood=3, income_statement__unit1__assessment__text="Pysyy")
    report = (folder / "report.toml").read_text(encoding="utf-8")
    kept = '["summary", "goals_council", "goals_service_area", "income_statement", "budget_summary", "texts"]'
    (folder / "report.toml").write_text(f"sections = {kept}\n{report}", encoding="utf-8")
    (folder / "risks.csv").unlink()
    one = collected(path, folder)
    assert [change.field for change in one.taken] == ["text"]
    assert [note.field for note in one.returned.notes if note.code == "not_taken"] == ["risks"]
    assert not (folder / "risks.csv").exists()


def test_the_data_folders_own_limits_hold_for_what_was_changed(folder: Path, template: Path) -> None:
    path = returned(folder, risks__column__treatment="x" * 60, income_statement__unit1__assessment__text="Pysyy")
    rewritten(
        template, "risks.toml", 'key = "treatment", type = "prose"', 'key = "treatment", type = "prose", most = 40'
    )
    one = collected(path, folder)
    place = open_place(path, "risks.column.treatment")
    assert [(fault.code, fault.place, fault.expected) for fault in one.returned.faults] == [
        ("text_long", place, ("40",))
    ]
    assert [change.field for change in one.taken] == ["text"]
    assert taulukko.load(folder).row("risks", "R1")["treatment"] == "Rekrytointi"


def test_its_faults_are_marked_in_an_answer_by_the_template_of_now(
    folder: Path, template: Path, tmp_path: Path
) -> None:
    path = returned(folder, risks__column__treatment="x" * 60)
    rewritten(
        template, "risks.toml", 'key = "treatment", type = "prose"', 'key = "treatment", type = "prose", most = 40'
    )
    one_column_more(template)
    with_owner(folder)
    (one,) = taulukko.collect([path], folder, answers=tmp_path / "answers")
    assert one.answer
    package = open_package(one.answer)
    title, area = package.area("risks.column.treatment") or ("", None)
    assert area
    assert list(package.comments(title)) == [(area.top, area.left)]
    assert package.cells(title)[area.top, area.left].value == "x" * 60
    assert package.area("risks.column.owner")


def open_place(path: Path, name: str) -> str:
    from taulukko.formula.addresses import address

    title, area = open_package(path).area(name) or ("", None)
    assert area
    return f"{title}!{address(area.top, area.left)}"


# --- sheets that are lost ---------------------------------------------------------------------------------------------


def test_of_a_lost_sheet_nothing_is_taken_and_the_others_are_collected(folder: Path) -> None:
    """Each sheet that somebody fills in is deleted in turn."""
    path = returned(folder, risks__column__likelihood=3, income_statement__unit1__assessment__text="Pysyy")
    whole = {(one.section, one.field) for one in taulukko.collect([path], folder, dry_run=True)[0].taken}
    assert whole == {("risks", "likelihood"), ("assessments", "text")}
    of_sheet = {"Riskit": "risks", "Tuloslaskelma": "assessments"}
    for title in openpyxl.load_workbook(path).sheetnames:
        if title == "_taulukko":
            continue
        book, lost = openpyxl.load_workbook(path), path.with_name("lost.xlsx")
        del book[title]
        book.save(lost)
        (one,) = taulukko.collect([lost], folder, dry_run=True)
        assert one.returned.refused is None
        assert {(x.section, x.field) for x in one.taken} == {key for key in whole if key[0] != of_sheet.get(title)}, (
            title
        )
        assert not [change for change in one.changes if not change.is_change]
        told = [x.place for x in (*one.returned.faults, *one.returned.notes) if x.code == "sheet_missing"]
        assert set(told) == {title}


# --- what is forged ---------------------------------------------------------------------------------------------------


def forged(path: Path, change: Callable[[Declared], object]) -> Path:
    """The same with other declarations."""
    book = openpyxl.load_workbook(path)
    rows = [row for row in book["_taulukko"].iter_rows() if row[0].value == DECLARED]
    data = unpack(str(row[2].value) for row in rows)
    change(data["template"])
    chunks = pack(data)
    for number, row in enumerate(rows):
        row[2].value = chunks[number] if number < len(chunks) else ""
    book.save(path)
    return path


def column(template: Declared, section: str, key: str) -> Declared:
    return next(one for one in template["sections"][section]["columns"] if one["key"] == key)


def test_forged_choices_limits_and_columns_never_reach_the_data_folder(folder: Path) -> None:
    def change(template: Declared) -> None:
        template["head"]["scales"]["likelihood"]["members"].append({"key": "doom", "value": 99})
        template["labels"]["scales.likelihood.doom"] = "99"
        column(template, "risks", "treatment")["key"] = "own_column"
        template["sections"]["secrets"] = template["sections"]["risks"]

    path = returned(folder, risks__column__likelihood=99, income_statement__unit1__assessment__text="Pysyy")
    before = (folder / "risks.csv").read_bytes()
    one = collected(forged(path, change), folder)
    assert [(fault.code, fault.field) for fault in one.returned.faults if fault.found == "99"] == [
        ("value", "likelihood")
    ]
    assert [change.field for change in one.taken] == ["text"]
    assert "judged_alone" in codes(one)
    assert (folder / "risks.csv").read_bytes() == before
    assert not (folder / "secrets.csv").exists()


DAMAGES: dict[str, Callable[[Declared], object]] = {
    "a column of another kind": lambda template: column(template, "risks", "risk").update(type="program"),
    "a scale that is not there": lambda template: column(template, "risks", "impact").update(scale="nothing"),
    "no key": lambda template: column(template, "risks", "id").update(role="input"),
    "a section below itself": lambda template: template["sections"]["risks"].update(below="risks"),
    "a section of another kind": lambda template: template["sections"].update(risks={"kind": "cover"}),
    "a path for a key": lambda template: column(template, "risks", "risk").update(key="../risk"),
    "something unknown": lambda template: template.update(run="calc.exe"),
    "a word that never ends": lambda template: template["labels"].update(decimal_mark="," * 5_000),
    "no words": lambda template: template.update(labels={}),
    "more than a template needs": lambda template: template["labels"].update(x="y" * LARGEST),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_declarations_that_nothing_can_be_read_by_are_refused(folder: Path, damage: str) -> None:
    path = forged(returned(folder), DAMAGES[damage])
    with pytest.raises(WorkbookError, match="not_ours"):
        taulukko.read(path)
    assert [one.returned.refused.code for one in taulukko.collect([path], folder) if one.returned.refused] == [
        "not_ours"
    ]
    assert "judged_alone" in [one.code for one in taulukko.check(path)]


def test_a_template_is_validated_once_for_many_workbooks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, times = returned(folder), []

    def counted(chunks: tuple[str, ...], most: int) -> Declared:
        times.append(most)
        return unpack(chunks, most)

    carried.carried_template.cache_clear()
    monkeypatch.setattr(carried, "unpack", counted)
    for _ in range(3):
        taulukko.read(path)
    assert len(times) == 1


def test_collecting_computes_nothing_of_a_workbook_whose_formulas_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def computed(*_: object) -> None:
        raise AssertionError("computed")

    folder = Path(shutil.copytree(HEINOLA, tmp_path / "heinola"))
    path = taulukko.build(folder, tmp_path / "a.xlsx")
    monkeypatch.setattr("taulukko.plan.compile.compile_program", computed)
    monkeypatch.setattr("taulukko.plan.build.plan", computed)
    monkeypatch.setattr("taulukko.program.evaluation.Evaluation.computed", computed)
    assert codes(collected(path, folder)) == []
