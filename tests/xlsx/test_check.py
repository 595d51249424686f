"""The check of finished workbooks: untouched, edited in their XML, sorted, renamed, saved by LibreOffice, damaged."""

from __future__ import annotations

import io
import random
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from lxml import etree

from support.built import HEINOLA
from support.edits import edited, put
from support.engines import MAIN
from support.office import XLSX, Session
from taulukko.errors import Finding
from taulukko.folder.data_folder import load
from taulukko.plan.book import Workbook, address
from taulukko.plan.build import plan
from taulukko.report.carried import carried, carried_template
from taulukko.report.model import Report
from taulukko.xlsx.check import check
from taulukko.xlsx.package import open_package
from taulukko.xlsx.workbook import Inputs, read_inputs
from taulukko.xlsx.write import write

WORDS = {"report": "Heinola", "page": "{page} / {pages}"}
ACTUAL = ("income_statement", "VAKA.personnel_costs", "actual")


@pytest.fixture(scope="module")
def report() -> Report:
    return load(HEINOLA)[0]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    report, template = load(HEINOLA)
    path = tmp_path_factory.mktemp("check") / "built.xlsx"
    write(plan(report, template), template.theme, path, WORDS)
    return path


@pytest.fixture(scope="module")
def inputs(built: Path) -> Inputs:
    return read_inputs(built)


def split(place: str) -> tuple[str, str]:
    sheet, _, cell = place.rpartition("!")
    return sheet, cell


def unexpected(findings: list[Finding]) -> list[Finding]:
    """Without what holds of the report as it was published."""
    return [finding for finding in findings if finding.code != "check_fails"]


def first_formula(inputs: Inputs, key: str) -> str:
    """The address of the first formula with a number on the sheet of a key, and no link."""
    cells = inputs.package.cells(inputs.sheets[key])
    return next(
        address(*place) for place, cell in sorted(cells.items()) if cell.formula and isinstance(cell.value, float)
    )


def values(book: Workbook) -> Iterator[tuple[str, object]]:
    for sheet in book.sheets:
        for place, cell in sheet.cells.items():
            if cell.formula:
                yield f"{sheet.name}!{address(*place)}", cell.value or ""


def test_an_untouched_workbook_has_no_finding_but_its_failing_checks(built: Path, inputs: Inputs) -> None:
    findings = check(built)
    assert Counter(finding.code for finding in findings) == {
        "check_fails": inputs.package.at("checks.fails").value,
    }
    failing = [finding for finding in findings if finding.code == "check_fails"]
    assert all(finding.field and finding.expected and finding.found for finding in failing)


def test_the_workbook_gives_back_the_report_it_was_built_from(inputs: Inputs, report: Report) -> None:
    assert not inputs.faults
    for part in (part for part in fields(Report) if part.compare):
        assert getattr(inputs.report, part.name) == getattr(report, part.name), part.name
    assert inputs.template == carried_template(carried(load(HEINOLA)[1]))


def test_the_identity_sheet_keeps_no_free_text(inputs: Inputs, report: Report) -> None:
    kept = " ".join(str(cell.value) for cell in inputs.package.cells("_taulukko").values())
    texts = [str(record["risk"]) for record in report.rows("risks")]
    texts += [str(record["text"]) for record in report.rows("assessments")]
    assert texts
    assert not [text for text in texts if text[:60] in kept]


def test_a_number_over_a_formula_is_found_where_it_stands(built: Path, inputs: Inputs, tmp_path: Path) -> None:
    cell, title = first_formula(inputs, "income_statement.VAKA"), inputs.sheets["income_statement.VAKA"]
    value = next(c.value for p, c in inputs.package.cells(title).items() if address(*p) == cell)
    path = edited(built, tmp_path / "a.xlsx", {title: lambda cells: put(cells[cell], float(str(value)))})
    (finding,) = unexpected(check(path))
    assert (finding.code, finding.place) == ("formula_overwritten", f"{title}!{cell}")
    assert finding.expected[0].startswith("=")


def test_another_formula_is_found_and_another_spelling_is_not(built: Path, inputs: Inputs, tmp_path: Path) -> None:
    cell, title = first_formula(inputs, "income_statement.VAKA"), inputs.sheets["income_statement.VAKA"]

    def respell(cells: dict[str, etree._Element]) -> None:
        for formula in (formula for one in cells.values() for formula in one.iter(f"{MAIN}f")):
            formula.text = formula.text.replace("IF(COUNT(", "if( Count( ").replace(
                "'Tuloslaskelma'!", "Tuloslaskelma!"
            )

    assert not unexpected(check(edited(built, tmp_path / "a.xlsx", {title: respell})))

    def replace(cells: dict[str, etree._Element]) -> None:
        cells[cell].find(f"{MAIN}f").text = "1+1"

    (finding,) = unexpected(check(edited(built, tmp_path / "b.xlsx", {title: replace})))
    assert (finding.code, finding.place, finding.found) == ("formula_overwritten", f"{title}!{cell}", "=1+1")


def test_a_shared_formula_is_read_in_every_cell_that_shares_it(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("A")
        sheet.write_formula("B1", "=A1*$C$1", None, 1)
        sheet.write_formula("B2", "=A2*$C$1", None, 2)

    def share(cells: dict[str, etree._Element]) -> None:
        for cell, text in (("B1", "A1*$C$1"), ("B2", None)):
            formula = cells[cell].find(f"{MAIN}f")
            formula.text = text
            formula.attrib.update({"t": "shared", "si": "0"} | ({"ref": "B1:B2"} if text else {}))

    cells = open_package(edited(path, tmp_path / "b.xlsx", {"A": share})).cells("A")
    assert [cell.formula for cell in cells.values()] == ["A1*$C$1", "A2*$C$1"]


def test_a_wrong_cached_value_is_found(built: Path, inputs: Inputs, tmp_path: Path) -> None:
    cell, title = first_formula(inputs, "projects"), inputs.sheets["projects"]

    def miscalculate(cells: dict[str, etree._Element]) -> None:
        cells[cell].find(f"{MAIN}v").text = "12345.5"

    (finding,) = unexpected(check(edited(built, tmp_path / "a.xlsx", {title: miscalculate})))
    assert (finding.code, finding.place, finding.found) == ("value_stale", f"{title}!{cell}", "12345.5")


def test_an_input_changed_without_recalculation_makes_all_its_dependants_stale(
    built: Path, inputs: Inputs, tmp_path: Path
) -> None:
    title, cell = split(inputs.places[ACTUAL])
    path = edited(built, tmp_path / "a.xlsx", {title: lambda cells: put(cells[cell], -1000000.25)})
    report, template = load(HEINOLA)
    before = dict(values(plan(report, template)))
    report.row("income_statement", "VAKA", "personnel_costs")["actual"] = Decimal("-1000000.25")
    after = dict(values(plan(report, template)))
    dependants = {place for place, value in after.items() if value != before[place]}
    found = unexpected(check(path))
    assert {finding.code for finding in found} == {"value_stale"}
    assert {finding.place for finding in found} == dependants
    assert len(dependants) > 10
    assert read_inputs(path).report == report


def test_text_in_a_number_and_a_value_outside_its_list(built: Path, inputs: Inputs, tmp_path: Path) -> None:
    (title, number), (_, choice) = (split(inputs.places["risks", "R1", key]) for key in ("likelihood", "risk_class"))

    def mistype(cells: dict[str, etree._Element]) -> None:
        put(cells[number], "suuri")
        put(cells[choice], "outo")

    found = unexpected(check(edited(built, tmp_path / "a.xlsx", {title: mistype})))
    faults = {finding.place: finding for finding in found if finding.code != "value_stale"}
    assert {place: finding.code for place, finding in faults.items()} == {
        f"{title}!{number}": "value_outside",
        f"{title}!{choice}": "value_outside",
    }
    assert "Taloudellinen" in faults[f"{title}!{choice}"].expected


def test_a_sorted_table_is_right(built: Path, inputs: Inputs, report: Report, tmp_path: Path) -> None:
    risks = report.rows("risks")
    here, there = next(
        (a, b)
        for a, b in zip(risks, risks[1:], strict=False)
        if (a["likelihood"], a["impact"]) != (b["likelihood"], b["impact"])
    )
    title, first = split(inputs.places["risks", str(here["id"]), "risk"])

    def swap(cells: dict[str, etree._Element]) -> None:
        row = cells[first].getparent()
        other = row.getnext()
        mine, yours = list(row), list(other)
        for target, moved in ((row, yours), (other, mine)):
            target.extend(moved)
            for cell in moved:
                cell.set("r", cell.get("r").rstrip("0123456789") + target.get("r"))

    path = edited(built, tmp_path / "a.xlsx", {title: swap})
    assert not unexpected(check(path))
    read = read_inputs(path).report.rows("risks")
    assert read != risks
    assert sorted(read, key=lambda record: str(record["id"])) == sorted(risks, key=lambda record: str(record["id"]))


def test_a_renamed_sheet_is_right(built: Path, inputs: Inputs, report: Report, tmp_path: Path) -> None:
    """What Excel rewrites when a sheet is renamed: the title, and every reference that is not a text."""
    old, new = inputs.sheets["risks"], "Meidän riskit"
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(built) as book, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in book.namelist():
            data = book.read(name).decode() if name.endswith((".xml", ".rels")) else None
            if data is None:
                copy.writestr(name, book.read(name))
                continue
            data = data.replace(f"\"#'{old}'!", "\0").replace(f"'{old}'!", f"'{new}'!").replace("\0", f"\"#'{old}'!")
            copy.writestr(name, data.replace(f'<sheet name="{old}"', f'<sheet name="{new}"'))
    assert read_inputs(path).sheets["risks"] == new
    assert read_inputs(path).report == report
    assert [(one.code, one.found) for one in unexpected(check(path))] == [("links_old", "4")]


def test_a_workbook_saved_by_libreoffice_is_right(built: Path, report: Report, tmp_path: Path, office: Session) -> None:
    path = office.convert(built, tmp_path / built.name, XLSX)
    assert path.read_bytes() != built.read_bytes()
    assert check(path) == [replace(one, file=str(path)) for one in check(built)]
    assert read_inputs(path).report == report


@pytest.mark.parametrize("kind", ["report", "unit", "goal", "record", "figure", "control"])
@pytest.mark.parametrize("value", ["", "[]", "[1", '["x","y","z","w","1e"]', '["99999999"]'])
def test_a_garbled_identity_sheet_is_no_traceback(
    built: Path, inputs: Inputs, tmp_path: Path, kind: str, value: str
) -> None:
    rows = [place[0] for place, cell in inputs.package.cells("_taulukko").items() if cell.value == kind]
    cell = f"C{max(rows) + 1}"
    path = edited(built, tmp_path / "a.xlsx", {"_taulukko": lambda cells: put(cells[cell], value)})
    assert {finding.code for finding in unexpected(check(path))} <= {"judged_alone", "value_outside"}


def codes(path: Path) -> list[str]:
    return [finding.code for finding in check(path)]


def test_a_damaged_file_is_one_finding(built: Path, tmp_path: Path) -> None:
    data = built.read_bytes()
    rubbish = random.Random(1).randbytes(5000)
    for number, content in enumerate((rubbish, data[: len(data) // 2], data[:2000] + rubbish + data[7000:])):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(content)
        assert codes(path) == ["unreadable"]
    with pytest.raises(FileNotFoundError):
        check(tmp_path / "missing.xlsx")


def test_a_damaged_part_is_one_finding(built: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    entity = b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    for content, code in ((b"<worksheet", "unreadable"), (b"", "unreadable"), (entity, "dangerous")):
        for part in ("xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet3.xml"):
            with zipfile.ZipFile(built) as book, zipfile.ZipFile(path, "w") as copy:
                for name in book.namelist():
                    copy.writestr(name, content if name == part else book.read(name))
            assert codes(path) == [code], part


def test_a_workbook_that_is_not_ours(tmp_path: Path) -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        book.add_worksheet("Riskit").write("A1", 1)
    path = tmp_path / "a.xlsx"
    path.write_bytes(data.getvalue())
    assert codes(path) == ["not_ours"]
