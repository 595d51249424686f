"""The next period's folder: what stays, what is emptied, where last year's figures come from, and that it builds."""

from __future__ import annotations

import csv
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import taulukko
from support.built import HEINOLA, PURO
from support.folders import REPORT, data_folder
from support.variants import copy_template, five_by_five
from taulukko.builder import build
from taulukko.cli import run
from taulukko.errors import FaultsError, OutputRefused
from taulukko.folder.data_folder import load
from taulukko.next_period.folder import prepare, rollover
from taulukko.report.model import Report
from taulukko.template import load_template

FIGURES = ("last_year", "last_year_to_date", "budget", "actual")


def period(text: str, *, closed: bool = False, **changes: str) -> str:
    """report.toml of a made-up report whose period ends on a day."""
    end = date.fromisoformat(text)
    report = re.sub("2024(?=$|-)", str(end.year), REPORT, flags=re.MULTILINE)
    report = re.sub(r"period_end = .*", f"period_end = {text}", report)
    for old, new in changes.items():
        report = re.sub(rf"(?m)^{old} = .*$", f"{old} = {new}", report)
    return report.replace("signs =", "closed = true\nsigns =") if closed else report


def statement(*rows: str) -> str:
    """Rows of a statement, each a unit, a line and its four figures."""
    return "\n".join(f"{row},,,,,," for row in rows)


def figures(report: Report, unit: str = "VAKA", line: str = "fees") -> tuple[int | None, ...]:
    row = report.row("income_statement", unit, line)
    return tuple(None if row[key] is None else int(Decimal(str(row[key]))) for key in FIGURES)


def codes(caught: pytest.ExceptionInfo[FaultsError]) -> list[tuple[str, str, str]]:
    return [(Path(fault.file).name, fault.field, fault.code) for fault in caught.value.findings]


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """A report to September 2024 with one line."""
    rows = statement("VAKA,fees,100,70,120,90")
    return data_folder(tmp_path / "2024-09", income_statement=rows, investments="I1,Koneet,-50,-60,-40")


# --- what stays and what does not -------------------------------------------------------------------------------------


def test_heinola_to_the_end_of_the_year(tmp_path):
    old, _ = load(HEINOLA)
    new, template = load(rollover(HEINOLA, tmp_path / "new", "2024-12"))
    assert (new.year, new.period, new.date_of_issue) == (2024, "1–12/2024", date(2025, 1, 31))
    assert (new.units, new.strategic_goals) == (old.units, old.strategic_goals)
    for key, section in template.records().items():
        cleared = {column.key for column in section.columns if not column.carried}
        assert new.rows(key) == [{k: None if k in cleared else v for k, v in row.items()} for row in old.rows(key)]
    assert list(new.inputs["income_statement"]) == list(old.inputs["income_statement"])
    for place, row in new.inputs["income_statement"].items():
        before = old.inputs["income_statement"][place]
        filled = {key: value for key, value in row.items() if value is not None}
        stays = ("unit", "line", "last_year", "budget")
        assert filled == {key: before[key] for key in stays if before[key] is not None}
    assert [new.rows(key) for key in ("assessments", "checks", "returns")] == [[], [], []]
    assert new.controls == []
    assert build(tmp_path / "new").exists()


def test_what_the_template_says_is_cleared():
    _, template = load(HEINOLA)
    sections = template.records() | template.statements()
    cleared = {
        key: [column.key for column in section.columns if not column.carried] for key, section in sections.items()
    }
    assert {key: columns for key, columns in cleared.items() if columns} == {
        "goals_council": ["actual", "status"],
        "goals_service_area": ["actual", "status"],
        "income_statement": [
            *("last_year_to_date", "actual", "forecast_manual", "forecast_reason"),
            *("explanation", "measure", "responsible", "due"),
        ],
        "investments": ["actual"],
        "investment_projects": ["actual"],
        "risks": ["realisation"],
        "projects": ["spending", "spending_second", "status_text"],
        "texts": ["text"],
    }


def test_heinola_to_another_month_of_the_next_year_has_no_figures(tmp_path):
    new, _ = load(rollover(HEINOLA, tmp_path / "new", "2025-04"))
    assert (new.year, new.period_start, new.last_year_preliminary) == (2025, date(2025, 1, 1), False)
    columns = new.files["income_statement"].columns
    assert {row[column.key] for row in new.rows("income_statement") for column in columns} == {None}
    assert {row[key] for row in new.rows("investments") for key in ("last_year", "budget", "actual")} == {None}
    assert build(tmp_path / "new").exists()


def test_files_without_rows_have_their_header_and_the_journal_is_not_there(tmp_path, earlier):
    (earlier / "journal.csv").write_text("day,file\n")
    new = rollover(earlier, tmp_path / "new", "2024-12")
    assert (new / "controls.csv").read_text() == "section,unit,record,column,printed\n"
    assert (new / "checks.csv").read_text() == "key,reason,name,date\n"
    assert (new / "assessments.csv").read_text() == "unit,text,covers_lines\n"
    assert not (new / "journal.csv").exists()


def test_the_old_folder_stays_as_it_is(tmp_path, earlier):
    before = {path: path.read_bytes() for path in earlier.iterdir()}
    rollover(earlier, tmp_path / "new", "2025-09")
    assert {path: path.read_bytes() for path in earlier.iterdir()} == before


# --- report.toml ------------------------------------------------------------------------------------------------------


def test_report_toml_keeps_its_order_and_comments(tmp_path):
    text = REPORT.replace("year = 2024", "year = 2024   # tilikausi\ndeadline = 2024-10-10\nclosed = false")
    text = text.replace('signs = "costs_negative"\n', '# etumerkit\nsigns = "costs_negative"\n\n# yksiköt')
    folder = data_folder(tmp_path / "2024-09", text, income_statement=statement("VAKA,fees,1,1,1,1"))
    new = rollover(folder, tmp_path / "new", "2025-09", issued="2025-11-03")
    expected = text.replace("deadline = 2024-10-10\nclosed = false\n", "").replace("2024   #", "2025   #")
    expected = expected.replace("2024-01-01", "2025-01-01").replace("2024-09-30", "2025-09-30")
    issued = "date_of_issue = 2025-11-03\nlast_year_preliminary = true"
    assert (new / "report.toml").read_text() == expected.replace("date_of_issue = 2024-10-31", issued)


def test_a_period_that_does_not_begin_in_january(tmp_path):
    text = REPORT.replace("period_start = 2024-01-01", "period_start = 2024-05-01")
    folder = data_folder(tmp_path / "old", text)
    assert load(rollover(folder, tmp_path / "a", "2025-08"))[0].period_start == date(2025, 5, 1)
    assert load(rollover(folder, tmp_path / "b", "2025-04"))[0].period_start == date(2025, 1, 1)


# --- last year --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("closed", [True, False])
def test_a_chain_from_the_accounts_to_the_next_september(tmp_path, earlier, closed):
    rows = statement("VAKA,fees,100,100,120,131", "VAKA,grants_received,,,7,8", "GONE,fees,1,1,1,1")
    units = period("2024-12-31", closed=closed).replace(
        "[[strategic_goals]]",
        '[[units]]\ncode = "GONE"\nname = "Lakannut"\nlevel = "service_area"\n\n[[strategic_goals]]',
        1,
    )
    year_end = data_folder(
        tmp_path / "2024-12", units, income_statement=rows, investments="I1,Koneet,-50,-60,-55\nI2,Muut,,,-1"
    )
    old = data_folder(tmp_path / "2025-04", period("2025-04-30"), income_statement=statement("VAKA,fees,,,140,40"))
    (old / "investments.csv").write_bytes((earlier / "investments.csv").read_bytes())
    for start, budget in ((year_end, None), (old, 140)):
        new, _ = load(rollover(start, tmp_path / f"from-{start.name}", "2025-09"))
        assert figures(new) == (131, 90, budget, None)
        assert new.last_year_preliminary is not closed
        assert figures(new, line="grants_received") == (8, None, None, None)
    assert new.row("income_statement", "GONE", "fees") == {}
    assert [row["last_year"] for row in new.rows("investments")] == [-50]
    assert build(tmp_path / "from-2025-04").exists()


def test_within_a_year_last_year_stays_and_what_was_missing_of_it_is_taken(tmp_path, earlier):
    rows = statement("VAKA,fees,,,,105", "VAKA,sales_revenue,,,,3")
    data_folder(tmp_path / "2023-12", period("2023-12-31", closed=True), income_statement=rows)
    new, _ = load(rollover(earlier, tmp_path / "new", "2024-12"))
    assert figures(new) == (100, 105, 120, None)
    assert figures(new, line="sales_revenue") == (3, 3, None, None)
    assert not new.last_year_preliminary


def test_preliminary_figures_give_way_to_final_ones(tmp_path):
    text = REPORT.replace("signs =", "last_year_preliminary = true\nsigns =")
    old = data_folder(tmp_path / "2024-09", text, income_statement=statement("VAKA,fees,100,70,120,90"))
    new, _ = load(rollover(old, tmp_path / "new", "2024-12"))
    assert (figures(new), new.last_year_preliminary) == ((100, None, 120, None), True)
    final = statement("VAKA,fees,,,,105")
    data_folder(tmp_path / "2023-12", period("2023-12-31", closed=True), income_statement=final)
    new, _ = load(rollover(old, tmp_path / "newer", "2024-12"))
    assert (figures(new), new.last_year_preliminary) == ((105, 105, 120, None), False)


def test_neighbours_of_others_do_not_count(tmp_path, earlier):
    rows = statement("VAKA,fees,,,,105")
    for name, text in {
        "town": period("2023-12-31", municipality='"Muu"'),
        "division": period("2023-12-31", division='"Muu"'),
        "older": period("2022-12-31"),
        "broken": "year = [",
    }.items():
        data_folder(tmp_path / name, text, income_statement=rows)
    made = prepare(earlier, tmp_path / "new", "2024-12")
    assert [(one.file, one.column, one.folder, one.count) for one in made.taken] == [
        ("income_statement.csv", "last_year", None, 0),
        ("income_statement.csv", "last_year_to_date", None, 0),
        ("investments.csv", "last_year", None, 0),
    ]


def test_named_folders_go_first_and_may_be_of_a_division_by_another_name(tmp_path, earlier):
    rows = statement("VAKA,fees,,,,{}")
    data_folder(tmp_path / "2023-12", period("2023-12-31"), income_statement=rows.format(1))
    (tmp_path / "archive").mkdir()
    older = period("2023-12-31", division='"Vanha"')
    named = data_folder(tmp_path / "archive" / "x", older, income_statement=rows.format(2))
    new, _ = load(rollover(earlier, tmp_path / "new", "2024-12", last_year=[named]))
    assert figures(new) == (100, 2, 120, None)


def test_last_years_folders_that_will_not_do(tmp_path, earlier):
    for name in ("a", "b"):
        data_folder(tmp_path / name, period("2023-12-31"), income_statement=statement("VAKA,fees,,,,1"))
    with pytest.raises(FaultsError) as caught:
        rollover(earlier, tmp_path / "new", "2024-12", last_year=[earlier, tmp_path / "none"])
    assert codes(caught) == [
        ("report.toml", "period_end", "last_year"),
        ("report.toml", "", "file_missing"),
        ("", "last_year", "last_year_twice"),
    ]
    (tmp_path / "a" / "income_statement.csv").write_text("unit\nVAKA\n")
    with pytest.raises(FaultsError) as caught:
        rollover(earlier, tmp_path / "new", "2024-12", last_year=[tmp_path / "a"])
    assert {fault.file for fault in caught.value.findings} == {str(tmp_path / "a" / "income_statement.csv")}
    assert not (tmp_path / "new").exists()


# --- signs ------------------------------------------------------------------------------------------------------------


def test_positive_costs_stay_positive(tmp_path):
    viisi = five_by_five(tmp_path / "viisi")
    old, _ = load(PURO, template_folder=viisi)
    new = rollover(PURO, tmp_path / "puro" / "2025-08", "2025-08", template=viisi)
    report, _ = load(new, template_folder=viisi)
    budgets = [row["budget"] for row in old.rows("income_statement")]
    assert [row["budget"] for row in report.rows("income_statement")] == budgets
    with (new / "income_statement.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["unit"], row["line"]): row for row in csv.DictReader(file)}
    assert rows["SIVI", "personnel_costs"]["budget"] == "6300000"
    assert build(new, template=viisi).exists()
    april, _ = load(rollover(PURO, tmp_path / "puro" / "2026-04", "2026-04", template=viisi), template_folder=viisi)
    for place, row in april.inputs["income_statement"].items():
        actual = old.inputs["income_statement"][place]["actual"]
        assert (row["last_year_to_date"], row["last_year"]) == (actual, None)


def test_last_year_may_have_had_the_other_signs(tmp_path):
    cost = "VAKA,materials,,,,{}"
    data_folder(tmp_path / "a", income_statement=statement(cost.format(-5)))
    positive = period("2025-04-30", signs='"costs_positive"')
    old = data_folder(tmp_path / "b", positive, income_statement=statement(cost.format(7)))
    new = rollover(old, tmp_path / "new", "2025-09")
    assert (new / "income_statement.csv").read_text().splitlines()[1] == "VAKA,materials,,5,,,,,,,,"
    assert figures(load(new)[0], line="materials") == (None, -5, None, None)


# --- what is refused --------------------------------------------------------------------------------------------------


def test_a_folder_with_something_in_it_is_refused(tmp_path, earlier):
    (tmp_path / "new").mkdir()
    rollover(earlier, tmp_path / "new", "2024-12")
    with pytest.raises(OutputRefused) as caught:
        rollover(earlier, tmp_path / "new", "2024-12")
    assert caught.value.findings[0].code == "folder_not_empty"


@pytest.mark.parametrize(
    "text", ["2024-13", "2024", "12/2024", "2024-12-31", "", "0024-12", "9999-12", "2024-09", "2024-08"]
)
def test_a_period_must_be_a_later_month(tmp_path, earlier, text):
    with pytest.raises(FaultsError) as caught:
        rollover(earlier, tmp_path / "new", text)
    assert codes(caught) == [("", "period", "next_period")]
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("text", "code"), [("31.1.2025", "date"), ("2025-02-30", "date"), ("2023-12-31", "date_outside")]
)
def test_a_date_of_issue_must_be_one(tmp_path, earlier, text, code):
    with pytest.raises(FaultsError) as caught:
        rollover(earlier, tmp_path / "new", "2024-12", issued=text)
    assert codes(caught) == [("", "issued", code)]


def test_all_faults_of_the_folder_are_told_at_once(tmp_path, earlier):
    (earlier / "risks.csv").write_text("id\n")
    (earlier / "muu.csv").write_text("id\n")
    with pytest.raises(FaultsError) as caught:
        rollover(earlier, tmp_path / "new", "x", issued="y")
    assert {("", "period", "next_period"), ("", "issued", "date"), ("muu.csv", "", "file_unknown")} <= set(
        codes(caught)
    )


def test_what_would_not_load_is_not_written(tmp_path):
    row = "H1,wellbeing,,Vanha,,2004,2024,2004-06-01,,1,,,,,,"
    folder = data_folder(tmp_path / "old", projects=row)
    assert rollover(folder, tmp_path / "same", "2024-12").exists()
    with pytest.raises(FaultsError) as caught:
        rollover(folder, tmp_path / "new", "2025-12")
    assert codes(caught) == [("projects.csv", "start_date", "date_outside")]
    assert not (tmp_path / "new").exists()


def test_a_template_must_name_a_figure_of_its_own(tmp_path):
    folder = copy_template(tmp_path / "template")
    path = folder / "investments.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('column = "actual"', 'column = "name"'), encoding="utf-8")
    with pytest.raises(FaultsError) as caught:
        load_template(folder, "fi")
    assert [(fault.file, fault.place, fault.field, fault.expected) for fault in caught.value.findings] == [
        ("investments.toml", "columns[last_year].from_last_year", "column", ("last_year", "budget", "actual"))
    ]


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_tells_what_came_from_where(tmp_path, earlier, capsys):
    new = tmp_path / "new"
    assert run(["rollover", str(earlier), str(new), "--period", "2025-09", "--lang", "fi"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "income_statement.csv last_year: jäi tyhjäksi, koska lukuja kuukauteen 2024-12 asti ei löytynyt",
        f"income_statement.csv last_year_to_date: lukuja 1 kansiosta {earlier} (2024-09)",
        "investments.csv last_year: jäi tyhjäksi, koska lukuja kuukauteen 2024-12 asti ei löytynyt",
        "income_statement.csv: täytettäväksi jää budget, actual, forecast_manual, forecast_reason, explanation, "
        "measure, responsible, due",
        "investments.csv: täytettäväksi jää budget, actual",
        "Vuoden 2024 luvut on merkitty alustaviksi, koska sen tilinpäätös ei ole valmis.",
        str(new),
    ]


def test_the_command_names_what_is_wrong(tmp_path, earlier, capsys):
    assert run(["rollover", str(earlier), str(tmp_path / "new"), "--period", "12/2024", "--lang", "en"]) == 2
    assert capsys.readouterr().err == (
        "period: expected the last month of a later period, such as 2024-12, found “12/2024”. "
        "Give --period as year and month, after the period of the folder.\n"
    )


def test_the_public_name_is_the_function():
    assert taulukko.rollover is rollover
