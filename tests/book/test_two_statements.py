"""A template of its own name with two statements, each with its lines, columns and data, all the way round."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

import taulukko
from support import engines
from support.edits import edited, put
from support.hosts import FileHost
from support.places import place
from support.reading import Planned, read_folder
from support.two_statements import two_statements
from taulukko.builder import build, build_units
from taulukko.errors import FaultsError, Finding
from taulukko.explanation import explain
from taulukko.folder.data_folder import load
from taulukko.folder.frames import checked
from taulukko.folder.new import new
from taulukko.next_period.folder import rollover
from taulukko.program.forecast import forecasts
from taulukko.program.repair import recompute
from taulukko.round.collect import collect
from taulukko.round.diff import diff
from taulukko.round.fix import fix
from taulukko.round.status import status
from taulukko.xlsx.check import check
from taulukko.xlsx.workbook import read_inputs

LANGUAGE = "fi"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return two_statements(tmp_path)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Planned:
    return read_folder(two_statements(tmp_path_factory.mktemp("two")))


def template_of(folder: Path) -> Path:
    return folder.parent / "two-statements"


def rewritten(folder: Path, name: str, change: Callable[[str], str]) -> None:
    path = folder / name
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def rows(folder: Path, name: str) -> dict[tuple[str, str], dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {(row["unit"], row.get("line", "")): row for row in csv.DictReader(file)}


def typed(source: Path, target: Path, section: str, record: str, column: str, value: float | str) -> Path:
    """A copy in which something was typed into a unit's own statement."""
    sheet, cell = place(source, f"{section}.unit1", record, column)
    return edited(source, target, {sheet: lambda cells: put(cells[cell], value)})


# --- each shows its own figures ---------------------------------------------------------------------------------------


def test_each_shows_its_own_figures(two: Planned) -> None:
    assert two.value("income_statement.VAKA.fees.budget") == 1100
    assert two.value("cash_flow.VAKA.fees.plan") == 6
    assert two.value("cash_flow.LIIKE.loans.outcome") == -75
    assert two.value("cash_flow.VAKA.free_cash.left") == 70
    assert two.value("income_statement.LIIKE.sales_revenue.actual") == 3100


def test_a_unit_shows_the_lines_that_the_statement_has_of_it(two: Planned) -> None:
    shown = {path: [line.key for line in one.lines] for path, one in two.statements.items()}
    assert "fees" in shown["cash_flow.VAKA"]
    assert "fees" not in shown["cash_flow.LIIKE"]
    assert "operations" not in shown["income_statement.VAKA"]


def test_what_a_unit_says_of_one_is_not_said_of_the_other(two: Planned) -> None:
    texts = {
        key: [cell.value for cell in two.sheet(key).cells.values() if str(cell.value).endswith("arvio.")]
        for key in ("income_statement.VAKA", "cash_flow.VAKA", "income_statement.LIIKE", "cash_flow.LIIKE")
    }
    assert {key: set(said) for key, said in texts.items()} == {
        "income_statement.VAKA": {"Tuloslaskelman arvio."},
        "cash_flow.VAKA": {"Rahoituslaskelman arvio."},
        "income_statement.LIIKE": set(),
        "cash_flow.LIIKE": {"Toinen arvio."},
    }


def test_checks_are_made_for_the_statement_they_name(two: Planned) -> None:
    checks = two.checks()
    assert checks["cash_over.cash_flow.VAKA"].found == 2
    assert checks["cash_over.cash_flow.VAKA"].which == "Investointien rahavirta, Maksutuotot"
    assert {key for key in checks if key.startswith("units_sum")} == {
        f"units_sum.TOIMIALA.{line.key}.{column}"
        for line in two.statements["income_statement.division"].lines
        if line.kind == "total"
        for column in ("budget", "actual")
    }
    assert {key.split(".")[1] for key in checks if key.startswith("cash_sum")} == {"cash_flow"}
    texts = {"text_figures.VAKA", "text_figures.cash_flow.VAKA", "text_figures.cash_flow.TOIMIALA"}
    assert texts <= checks.keys()


def test_a_printed_share_is_allowed_the_rounding_of_its_own_divisor(two: Planned) -> None:
    sheet = two.sheet("controls")
    states = [sheet.cells[row, 8].value for row in (5, 6, 7)]
    assert states == ["Täsmää"] * 3
    assert sheet.cells[6, 7].value == pytest.approx(0.00005 + 0.5 * (1 + 1.25) / 40)


def test_the_division_is_summed_from_its_areas(folder: Path) -> None:
    rewritten(folder, "cash_flow.csv", lambda text: text + "LIIKE,investing,0,0,0,\n")
    found = read_folder(folder)
    assert found.value("cash_flow.division.operations.plan") == 120 + 900
    check = found.checks()["cash_sum.cash_flow.TOIMIALA.free_cash.plan"]
    assert (check.found, check.expected, check.state) == (980, 980, "holds")
    assert found.checks()["cash_sum.cash_flow.TOIMIALA.change_in_cash.plan"].which == "Varhaiskasvatus"


# --- the way round ----------------------------------------------------------------------------------------------------


def test_a_built_workbook_has_no_faults_and_computes_the_same(folder: Path) -> None:
    path = build(folder)
    assert {finding.code for finding in check(path)} <= {"check_fails", "judged_alone"}
    assert engines.disagreements(path, engines.ironcalc_values(path)) == []


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_it_builds_in_every_language(folder: Path, tmp_path: Path, language: str) -> None:
    assert build(folder, tmp_path / f"{language}.xlsx", language=language).exists()


@pytest.mark.parametrize("signs", ["costs_negative", "costs_positive"])
def test_what_a_unit_fills_in_comes_back_to_its_own_file(tmp_path: Path, signs: str) -> None:
    folder = two_statements(tmp_path, signs)
    before = {name: (folder / name).read_bytes() for name in ("income_statement.csv", "assessments.csv")}
    sent = {path.stem.rpartition("-")[2]: path for path in build_units(folder, tmp_path / "sent")}
    back = typed(sent["VAKA"], tmp_path / "VAKA-1.xlsx", "cash_flow", "investing", "outcome", -55)
    back = typed(back, tmp_path / "VAKA-2.xlsx", "cash_flow", "notes.fees", "remark", "Uusi maksu")
    (found,) = collect([back], folder, template=template_of(folder))
    assert {(change.section, change.record, change.field) for change in found.taken} == {
        ("cash_flow", "VAKA.investing", "outcome"),
        ("cash_flow", "VAKA.fees", "remark"),
    }
    assert found.left == []
    sign = -1 if signs == "costs_negative" else 1
    assert rows(folder, "cash_flow")["VAKA", "investing"]["outcome"] == str(sign * 55)
    assert rows(folder, "cash_flow")["VAKA", "fees"]["remark"] == "Uusi maksu"
    assert {name: (folder / name).read_bytes() for name in before} == before


def test_units_make_the_whole(folder: Path, tmp_path: Path) -> None:
    report, _ = load(folder)
    parts = [read_inputs(path, template_of(folder)).report for path in build_units(folder, tmp_path / "sent")]
    whole = taulukko.consolidate(parts, report)
    for section in ("income_statement", "cash_flow", "assessments", "cash_texts"):
        given = {key: {c: v for c, v in row.items() if v is not None} for key, row in whole.inputs[section].items()}
        assert given == {
            key: {c: v for c, v in row.items() if v is not None} for key, row in report.inputs[section].items()
        }


def test_an_overwritten_formula_of_the_second_is_restored(folder: Path, tmp_path: Path) -> None:
    (path, *_) = (one for one in build_units(folder, tmp_path / "sent") if one.stem.endswith("VAKA"))
    broken = typed(path, tmp_path / "broken.xlsx", "cash_flow", "free_cash", "plan", 1)
    fixed = fix(broken, template=template_of(folder))
    assert len(fixed.restored) == 1
    inputs = read_inputs(fixed.path, template_of(folder))
    assert inputs.report.inputs == read_inputs(path, template_of(folder)).report.inputs


def test_a_difference_is_of_its_statement(folder: Path, tmp_path: Path) -> None:
    (path, *_) = (one for one in build_units(folder, tmp_path / "sent") if one.stem.endswith("VAKA"))
    changed = typed(path, tmp_path / "changed.xlsx", "cash_flow", "fees", "outcome", 16)
    found = diff(path, changed, template=template_of(folder))
    told = [(one.section, one.record, one.field, one.new) for one in found.changes]
    assert told == [("cash_flow", "VAKA.fees", "outcome", 16)]
    assert {one.section for one in found.computed} <= {"cash_flow", "checks", "returns"}


def test_a_workbook_recomputes_itself_and_tells_forecasts_of_the_first_only(folder: Path) -> None:
    host = FileHost(build(folder))
    found = recompute(host)
    assert not found.changes
    told = {(one.unit, one.line) for one in forecasts(found)}
    assert ("VAKA", "fees") in told
    assert not [line for _, line in told if line in ("operations", "investing", "loans")]


def test_status_counts_what_each_requires(folder: Path) -> None:
    def filled() -> int:
        return next(one.filled for one in status(folder).units if one.unit.code == "VAKA")

    before = filled()
    rewritten(folder, "cash_flow.csv", lambda text: text + "VAKA,loans,0,0,0,\n")
    assert filled() == before + 2


@pytest.mark.parametrize("signs", ["costs_negative", "costs_positive"])
def test_the_next_year_takes_last_years_outcome(tmp_path: Path, signs: str) -> None:
    folder = two_statements(tmp_path, signs)
    made = rollover(folder, tmp_path / "2025-09", "2025-09")
    before, after = rows(folder, "cash_flow"), rows(made, "cash_flow")
    assert {key: row["before"] for key, row in after.items()} == {key: row["outcome"] for key, row in before.items()}
    assert {row["plan"] + row["outcome"] + row["remark"] for row in after.values()} == {""}
    assert rows(made, "income_statement")["VAKA", "fees"]["last_year_to_date"] == "800"
    assert build(made).exists()


def test_frames_are_of_their_statement(folder: Path) -> None:
    report, template = load(folder)
    frame = report.frame("cash_flow")
    assert frame["plan"].tolist() == [120, -40, 6, 900, -100]
    doubled = checked(report.with_frame("cash_flow", frame.assign(plan=frame["plan"] * 2)), template)
    assert doubled.row("cash_flow", "VAKA", "fees")["plan"] == 12
    assert doubled.rows("income_statement") == report.rows("income_statement")


def test_measures_of_both_are_explained(folder: Path) -> None:
    said = explain("cash_flow.left", language="en", template=template_of(folder))
    assert "plan - outcome" in said
    assert "Excel" in said
    assert "cash_flow.key_sentence" in said


def test_a_new_folder_has_a_file_for_each(folder: Path, tmp_path: Path) -> None:
    made = new(tmp_path / "new", str(template_of(folder)))
    assert {"income_statement.csv", "cash_flow.csv", "assessments.csv", "cash_texts.csv"} <= {
        path.name for path in made.iterdir()
    }
    header = (made / "cash_flow.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == "unit,line,before,plan,outcome,remark"
    assert build(made, template=template_of(folder)).exists()


# --- what a statement needs -------------------------------------------------------------------------------------------


def faults_of(folder: Path, name: str, old: str, new: str) -> list[tuple[str, str, str, str]]:
    template = template_of(folder)
    text = (template / name).read_text(encoding="utf-8")
    assert old in text
    (template / name).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(FaultsError) as caught:
        load(folder)
    return [(one.code, one.file, one.place, one.field) for one in caught.value.findings]


NOTES = ("state", "explanation", "measure", "due")
EXPLAINED = ", ".join(
    ['needed = "weight", lacking = "weight", responsible = "plan"', *(f'{one} = "remark"' for one in NOTES)]
)
REFUSED = {
    "an assessment in the first's file": (
        ("cash_flow.toml", '"cash_texts"', '"assessments"'),
        [("key_twice", "cash_flow.toml", "", "assessment")],
    ),
    "required figures without a level": (
        ("cash_flow.toml", ', given = "level"', ', formula = "1"'),
        [("key_missing", "cash_flow.toml", "columns", 'given = "level"')],
    ),
    "an explanation that is no note": (
        ("cash_flow.toml", "protect = true\n", f"protect = true\nexplanations = {{ {EXPLAINED} }}\n"),
        [
            ("key_missing", "cash_flow.toml", "columns[remark]", "scale"),
            ("template_value", "cash_flow.toml", "explanations", "responsible"),
        ],
    ),
    "parts known of no column": (
        ("cash_flow.toml", 'total = "apply"', 'total = "known"'),
        [("key_missing", "cash_flow.toml", "columns[share]", "of")],
    ),
    "a check of another's column": (
        ("checks.toml", "unit.share > 1, unit.weight < 2)", "unit.used_share > 1)"),
        [
            ("expression", "checks.toml", "checks[cash_over]", "found"),
            ("expression", "checks.toml", "checks[cash_over]", "which"),
        ],
    ),
    "a check of all statements": (
        ("checks.toml", 'each = "units"\nsection = "cash_flow"', 'each = "units"'),
        [
            ("expression", "checks.toml", "checks[cash_over]", "found"),
            ("expression", "checks.toml", "checks[cash_over]", "which"),
        ],
    ),
    "a check of statements for a section of records": (
        ("checks.toml", 'each = "units"\nsection = "cash_flow"', 'each = "units"\nsection = "texts"'),
        [("template_value", "checks.toml", "checks[cash_over]", "section")],
    ),
    "a column that not every statement has": (
        ("checks.toml", 'section = "cash_flow"\ncolumns', "columns"),
        [("template_value", "checks.toml", "checks[cash_sum]", "columns")] * 2,
    ),
}


@pytest.mark.parametrize("mistake", REFUSED)
def test_what_a_statement_lacks_is_told_with_its_place(folder: Path, mistake: str) -> None:
    change, expected = REFUSED[mistake]
    assert sorted(faults_of(folder, *change)) == sorted(expected)


def test_an_unknown_line_is_told_with_those_of_its_statement(folder: Path) -> None:
    rewritten(folder, "cash_flow.csv", lambda text: text.replace("VAKA,fees", "VAKA,personnel_costs"))
    lines = ("operations", "investing", "fees", "free_cash", "loans", "change_in_cash")
    with pytest.raises(FaultsError) as caught:
        load(folder)
    assert caught.value.findings == [Finding("value", "cash_flow.csv", "4", "line", "personnel_costs", lines)]
