"""A division of three areas, made up: summed where all is there, named where something is missing.

Each area has the same figures but for a factor, so that every sum can be worked out in the head.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import taulukko
from support import engines
from support.built import HEINOLA, PURO
from support.folders import data_folder
from support.reading import Planned, planned, read_folder
from support.variants import copy_template, five_by_five
from taulukko.builder import build
from taulukko.errors import FaultsError, Finding
from taulukko.folder.data_folder import load
from taulukko.report import consolidation
from taulukko.report.model import Record, Report
from taulukko.template import load_template
from taulukko.xlsx.check import check
from taulukko.xlsx.workbook import read_inputs

AREAS = ("AAA", "BBB", "CCC")
NAMES = {"AAA": "Aakkoset", "BBB": "Beeta", "CCC": "Ceebra"}
REPORT = """
template = "osavuosikatsaus"
language = "fi"
municipality = "Esimerkkilä"
division = "Sivistystoimiala"
board = "Sivistyslautakunta"
responsible = "Johtaja"
year = 2024
period_start = 2024-01-01
period_end = 2024-09-30
date_of_issue = 2024-10-31
[[units]]
code = "SIVI"
name = "Sivistystoimiala"
level = "division"
""" + "".join(f'[[units]]\ncode = "{code}"\nname = "{name}"\nlevel = "service_area"\n' for code, name in NAMES.items())

Row = tuple[str, str, int]
"""Unit, line and budget in thousands; the other figures are shares of it."""
LINES = {
    "sales_revenue": 100,
    "fees": 50,
    "grants_received": 20,
    "other_revenue": 10,
    "personnel_costs": -600,
    "services_purchased": -200,
    "materials": -40,
    "grants_paid": -30,
    "other_expenses": -70,
    "financing_net": 0,
    "depreciation": -8,
}
FACTORS = {"AAA": 1, "BBB": 2, "CCC": 4}
SUM = sum(FACTORS.values())
MARGIN = 180 - 940


def area(code: str, *more: tuple[str, int]) -> list[Row]:
    return [(code, line, budget * FACTORS[code]) for line, budget in LINES.items()] + [(code, *one) for one in more]


def division(without: Iterable[str] = (), *more: tuple[str, int]) -> list[Row]:
    """The division's own figures: the sum of the three areas."""
    rows: list[Row] = [("SIVI", line, budget * SUM) for line, budget in LINES.items() if line not in without]
    return [*rows, *(("SIVI", *one) for one in more)]


def written(rows: Iterable[Row]) -> str:
    return "\n".join(
        f"{unit},{line},{900 * budget},{600 * budget},{1000 * budget},{750 * budget},,,,,,"
        for unit, line, budget in rows
    )


Planner = Callable[..., Planned]


@pytest.fixture
def plan_of(tmp_path: Path) -> Planner:
    """Plans a folder with some rows of the statement."""

    def planner(*rows: list[Row], extra: str = "") -> Planned:
        text = "\n".join(filter(None, [*map(written, rows), extra]))
        return read_folder(data_folder(tmp_path / "data", REPORT, income_statement=text))

    return planner


def budget(found: Planned, line: str, unit: str = "division") -> float | None:
    value = found.value(f"income_statement.{unit}.{line}.budget")
    return None if value is None else value / 1000


# --- the division from its areas --------------------------------------------------------------------------------------


def test_a_division_without_figures_is_the_sum_of_its_areas(plan_of: Planner) -> None:
    found = plan_of(area("AAA"), area("BBB"), area("CCC"))
    assert {line: budget(found, line) for line in LINES} == {line: SUM * amount for line, amount in LINES.items()}
    assert budget(found, "operating_margin") == SUM * MARGIN
    sales = {
        column: found.value(f"income_statement.division.sales_revenue.{column}")
        for column in ("last_year", "last_year_to_date", "budget", "actual", "remaining")
    }
    assert sales == {
        "last_year": 630_000,
        "last_year_to_date": 420_000,
        "budget": 700_000,
        "actual": 525_000,
        "remaining": 175_000,
    }


def test_its_cells_are_live_formulas_and_no_inputs(plan_of: Planner) -> None:
    found = plan_of(area("AAA"), area("BBB"), area("CCC"))
    cell = found.cell("income_statement.division.fees.budget")
    parts = ",".join(f"'Tuloslaskelma {code}'!$E$8" for code in AREAS)
    assert cell.formula == f'IF(COUNT({parts})<3,"",SUM({parts}))'
    assert "input" not in cell.style
    assert ("income_statement", "SIVI.fees", "budget") not in found.book.inputs
    assert ("income_statement", "SIVI.fees", "forecast_manual") in found.book.inputs


def test_every_check_of_the_sum_holds(plan_of: Planner) -> None:
    checks = plan_of(area("AAA"), area("BBB"), area("CCC")).checks()
    sums = {key: check.state for key, check in checks.items() if key.startswith(("units_sum", "crossfoot"))}
    assert set(sums.values()) == {"holds"}
    assert {check.which for key, check in checks.items() if key.startswith("units_sum")} == {None}


def test_given_figures_stay_inputs(plan_of: Planner) -> None:
    """Line by line: the division gives all but fees, which are summed."""
    found = plan_of(division(without=["fees"]), area("AAA"), area("BBB"), area("CCC"))
    assert budget(found, "fees") == 350
    assert found.cell("income_statement.division.fees.budget").formula
    assert not found.cell("income_statement.division.materials.budget").formula
    assert ("income_statement", "SIVI.materials", "budget") in found.book.inputs


def test_an_explanation_alone_is_no_figure(plan_of: Planner) -> None:
    explained = "SIVI,fees,,,,,,,Maksut nousivat.,,,"
    found = plan_of(area("AAA"), area("BBB"), area("CCC"), extra=explained)
    assert budget(found, "fees") == 350
    assert found.value("income_statement.division.fees.explanation") == "Maksut nousivat."


def test_a_line_that_an_area_uses_is_shown_for_the_division(plan_of: Planner) -> None:
    found = plan_of(area("AAA", ("own_use_production", 30)), area("BBB"), area("CCC"))
    assert budget(found, "own_use_production") == 30
    assert budget(found, "operating_margin") == SUM * MARGIN + 30
    assert found.label_of("own_use_production") not in found.value("income_statement.BBB.label")
    assert found.checks()["units_sum.SIVI.operating_margin.budget"].state == "holds"


def test_so_is_a_total_that_only_one_area_shows(plan_of: Planner) -> None:
    found = plan_of(area("AAA", ("reserves", -5)), area("BBB"), area("CCC"))
    assert budget(found, "reserves") == -5
    assert budget(found, "surplus") == SUM * (MARGIN - 8) - 5
    assert found.checks()["units_sum.SIVI.surplus.budget"].state == "holds"


def test_a_missing_area_may_have_a_line_that_only_another_shows(plan_of: Planner) -> None:
    found = plan_of(area("AAA", ("own_use_production", 30), ("reserves", -5)), area("BBB"))
    assert budget(found, "own_use_production") is None
    assert budget(found, "reserves") is None


def test_a_unit_in_its_own_workbook_consolidates_nothing(plan_of: Planner) -> None:
    report = plan_of(area("AAA"), area("BBB"), area("CCC"))
    for code in ("SIVI", "AAA"):
        found = planned(report.report.for_unit(code), report.template)
        assert not found.cell("income_statement.division.fees.budget").formula


# --- what is missing --------------------------------------------------------------------------------------------------


def test_missing_is_not_zero(plan_of: Planner) -> None:
    found = plan_of(area("AAA"), area("BBB"))
    assert {budget(found, line) for line in [*LINES, "operating_margin"]} == {None}
    check = found.checks()["units_sum.SIVI.operating_margin.budget"]
    assert (check.state, check.which) == ("unknown", "Ceebra")
    assert "CCC: ei tietoa; toimialan summaa ei voi laskea" in found.texts("summary")
    assert not any("Erotuksena" in text for text in found.texts("income_statement.CCC"))


def test_one_figure_is_missing(plan_of: Planner) -> None:
    found = plan_of(area("AAA"), area("BBB"), area("CCC")[1:])
    assert budget(found, "sales_revenue") is None
    assert budget(found, "fees") == 350
    checks = found.checks()
    assert checks["units_sum.SIVI.operating_revenue.budget"].which == "Ceebra"
    assert checks["units_sum.SIVI.operating_expenses.budget"].state == "holds"


def test_the_difference_is_the_one_missing_units(plan_of: Planner) -> None:
    found = plan_of(division(), area("AAA"), area("BBB"))
    assert found.value("income_statement.CCC.difference.operating_margin.budget") == 4000 * MARGIN
    assert any(text.startswith("Erotuksena toimialasta: ") for text in found.texts("income_statement.CCC"))
    assert any(text.startswith("CCC: ei tietoa; erotuksena toimialasta") for text in found.texts("summary"))
    check = found.checks()["units_sum.SIVI.operating_margin.budget"]
    assert (check.state, check.which, check.expected) == ("unknown", "Ceebra", 1000 * SUM * MARGIN)


def test_the_difference_of_two_is_no_ones_alone(plan_of: Planner) -> None:
    found = plan_of(division(), area("AAA"))
    for code in ("BBB", "CCC"):
        assert found.value(f"income_statement.{code}.difference.operating_margin.budget") == 6000 * MARGIN
        (title,) = (text for text in found.texts(f"income_statement.{code}") if text.startswith("Erotuksena"))
        assert title.startswith("Erotuksena toimialasta, yhteensä Beeta, Ceebra: ")
    (note,) = (text for text in found.texts("summary") if "erotuksena" in text)
    assert note.startswith("BBB, CCC: ei tietoa; erotuksena toimialasta yhteensä ")
    assert found.checks()["units_sum.SIVI.operating_margin.budget"].which == "Beeta; Ceebra"


# --- trade among the areas --------------------------------------------------------------------------------------------

TRADE = {
    "AAA": [("internal_sales", 30)],
    "BBB": [("internal_purchases", -20), ("internal_sales", 4)],
    "CCC": [("internal_purchases", -14)],
}


def trading(code: str) -> list[Row]:
    return area(code, *TRADE[code])


def test_what_is_internal_is_left_out_of_the_division(plan_of: Planner) -> None:
    found = plan_of(*map(trading, AREAS))
    assert budget(found, "sales_revenue") == 100 * SUM - 30 - 4
    assert budget(found, "services_purchased") == -200 * SUM + 20 + 14
    assert budget(found, "fees") == 50 * SUM
    assert budget(found, "operating_margin") == SUM * MARGIN
    checks = found.checks()
    assert {c.state for key, c in checks.items() if key.startswith(("units_sum", "crossfoot"))} == {"holds"}
    # 11 lines of the division and of three areas, and four internal ones.
    assert checks["units_sum.SIVI.result.budget"].tolerance == (11 * 4 + 4) / 2


def test_a_memo_is_an_input_below_its_line_and_part_of_no_total(plan_of: Planner) -> None:
    found = plan_of(*map(trading, AREAS))
    labels = found.value("income_statement.AAA.label")
    assert labels[labels.index("Myyntituotot") + 1] == "josta sisäiset"
    assert labels.count("josta sisäiset") == 1
    assert budget(found, "operating_revenue", "AAA") == 180
    assert ("income_statement", "AAA.internal_sales", "budget") in found.book.inputs
    assert "josta sisäiset" not in found.value("income_statement.division.label")
    assert found.value("income_statement.AAA.internal_sales.material") == 0


def test_internal_trade_cancels_out(plan_of: Planner) -> None:
    checks = plan_of(*map(trading, AREAS)).checks()
    balance = {key: check for key, check in checks.items() if key.startswith("internal_balance")}
    assert set(balance) == {"internal_balance.SIVI.budget", "internal_balance.SIVI.actual"}
    assert {(one.found, one.expected, one.tolerance, one.state) for one in balance.values()} == {(0, 0, 2, "holds")}


def test_internal_trade_that_does_not_cancel_out_is_found(plan_of: Planner) -> None:
    found = plan_of(trading("AAA"), trading("BBB"), area("CCC"))
    check = found.checks()["internal_balance.SIVI.budget"]
    assert (check.found, check.state) == (14_000, "fails")


def test_of_a_missing_area_the_internal_part_is_missing_too(plan_of: Planner) -> None:
    check = plan_of(trading("AAA"), trading("BBB")).checks()["internal_balance.SIVI.budget"]
    assert (check.state, check.which) == ("unknown", "Ceebra")


def test_a_memo_without_a_figure_is_missing(plan_of: Planner) -> None:
    found = plan_of(area("AAA"), trading("BBB"), area("CCC"), extra="AAA,internal_sales,,,,,,,Arvio tulossa.,,,")
    assert budget(found, "sales_revenue") is None
    assert budget(found, "services_purchased") == -200 * SUM + 20
    checks = found.checks()
    assert checks["units_sum.SIVI.operating_revenue.budget"].which == "Aakkoset"
    assert checks["internal_balance.SIVI.budget"].which == "Aakkoset"


def test_without_memos_there_is_nothing_to_balance(plan_of: Planner) -> None:
    found = plan_of(*map(area, AREAS))
    assert not any(key.startswith("internal_balance") for key in found.checks())


def test_given_figures_are_compared_without_what_is_internal(plan_of: Planner) -> None:
    own = {"sales_revenue": 100 * SUM - 34, "services_purchased": -200 * SUM + 34}
    given = division(own, *own.items())
    checks = plan_of(given, *map(trading, AREAS)).checks()
    assert {check.state for key, check in checks.items() if key.startswith("units_sum")} == {"holds"}
    gross = plan_of(division(), *map(trading, AREAS)).checks()
    assert gross["units_sum.SIVI.operating_revenue.budget"].difference == -34_000
    assert gross["units_sum.SIVI.operating_margin.budget"].state == "holds"


def test_the_difference_is_without_what_is_internal(plan_of: Planner) -> None:
    found = plan_of(division(), trading("AAA"), trading("BBB"))
    assert found.value("income_statement.CCC.difference.operating_revenue.budget") == 1000 * (180 * 4 + 34)


FAULTS = {
    "memo without a line": ('of = "sales_revenue", ', "", ("key_missing", "lines[internal_sales]", "of")),
    "memo of no line": (
        'of = "sales_revenue"',
        'of = "operating_revenue"',
        ("template_value", "lines[internal_sales]", "of"),
    ),
    "line that is of another": (
        '"fees", sign',
        '"fees", of = "sales_revenue", sign',
        ("template_value", "lines[fees]", "kind"),
    ),
    "memo in a total": (
        'parts = ["sales_revenue", ',
        'parts = ["sales_revenue", "internal_sales", ',
        ("template_value", "lines[operating_revenue]", "parts"),
    ),
    "elimination of no line": (
        '{ line = "sales_revenue"',
        '{ line = "myynti"',
        ("template_value", "eliminations[internal_sales]", "line"),
    ),
    "elimination of another line's memo": (
        'internal = "internal_sales"',
        'internal = "internal_purchases"',
        ("template_value", "eliminations[internal_purchases]", "internal"),
    ),
}


@pytest.mark.parametrize(("old", "new", "fault"), FAULTS.values(), ids=FAULTS)
def test_faults_of_memos_and_eliminations(tmp_path: Path, old: str, new: str, fault: tuple[str, str, str]) -> None:
    folder = copy_template(tmp_path / "template")
    path = folder / "income_statement.toml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(FaultsError) as raised:
        load_template(folder, "fi")
    (found,) = (one for one in raised.value.findings if one.place == fault[1])
    assert (found.file, found.code, found.field) == ("income_statement.toml", fault[0], fault[2])


# --- the file ---------------------------------------------------------------------------------------------------------


def folders(folder: Path) -> list[Path]:
    """One folder for each case above that has formulas of its own."""
    cases = {
        "all": [*area("AAA", ("own_use_production", 30), ("reserves", -5)), *area("BBB"), *area("CCC")],
        "one_missing": [*division(), *area("AAA"), *area("BBB", ("own_use_production", 3))],
        "two_missing": [*division(["fees"]), *area("AAA", ("reserves", -5))],
        "no_sum": [*area("AAA"), *area("BBB")[2:]],
        "trade": [row for code in AREAS for row in trading(code)],
        "trade_given": [*division(["fees"]), *trading("AAA"), *trading("BBB")],
    }
    return [data_folder(folder / name, REPORT, income_statement=written(rows)) for name, rows in cases.items()]


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("consolidation")
    return [build(one, folder / f"{one.name}.xlsx") for one in folders(folder)]


@pytest.mark.parametrize("engine", engines.EACH)
def test_engines_compute_the_same(workbooks: list[Path], engine: str) -> None:
    for path in workbooks:
        assert engines.disagreements(path, engines.engine_values(engine, path))[:20] == []


def test_a_sum_is_not_read_back_as_a_figure(workbooks: list[Path]) -> None:
    """Read from the file, the division has as few figures of its own as the folder gave it."""
    report = read_inputs(workbooks[0]).report
    assert {row["unit"] for row in report.rows("income_statement")} == set(AREAS)


def test_a_memo_is_read_back(workbooks: list[Path]) -> None:
    report = read_inputs(next(path for path in workbooks if path.stem == "trade")).report
    assert report.row("income_statement", "BBB", "internal_purchases")["budget"] == -20_000


def test_the_audit_finds_nothing_overwritten_or_stale(workbooks: list[Path]) -> None:
    assert {finding.code for path in workbooks for finding in check(path)} <= {"check_fails"}


# --- one report of the units' own -------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["heinola", "puro", "trade"])
def complete(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("complete")
    if request.param == "puro":
        return load(PURO, template_folder=five_by_five(folder / "viisi"))[0]
    if request.param == "heinola":
        return load(HEINOLA)[0]
    rows = [row for code in AREAS for row in trading(code)]
    return load(data_folder(folder / "data", REPORT, income_statement=written(rows)))[0]


def parts_of(report: Report) -> list[Report]:
    return [report.for_unit(unit.code) for unit in report.units]


def test_the_parts_are_the_whole_again(complete: Report) -> None:
    found = taulukko.consolidate(list(reversed(parts_of(complete))))
    assert replace(found, controls=[]) == replace(complete, controls=[])
    assert set(found.controls) <= set(complete.controls)
    assert taulukko.consolidate(parts_of(complete), complete).controls == complete.controls


def test_records_stand_in_the_natural_order_of_their_ids(complete: Report) -> None:
    ids = [str(row["id"]) for row in taulukko.consolidate(parts_of(complete)).rows("risks")]
    numbers = [int(re.sub(r"\D", "", one)) for one in ids]
    assert numbers == sorted(numbers)


def trade_parts(plan_of: Planner) -> list[Report]:
    return parts_of(plan_of(*map(trading, AREAS)).report)


def test_without_the_divisions_part_it_is_summed(plan_of: Planner) -> None:
    found = plan_of(*map(trading, AREAS))
    _, *areas = parts_of(found.report)
    whole = taulukko.consolidate(areas, found.report)
    assert budget(planned(whole, found.template), "sales_revenue") == 100 * SUM - 34
    missing = planned(taulukko.consolidate(areas[:2], found.report), found.template)
    assert budget(missing, "sales_revenue") is None
    assert missing.checks()["units_sum.SIVI.operating_margin.budget"].which == "Ceebra"


def test_workbooks_of_the_units_make_the_divisions(plan_of: Planner, tmp_path: Path) -> None:
    report = plan_of(*map(trading, AREAS)).report
    paths = [build(report, tmp_path / f"{unit.code}.xlsx", unit=unit.code) for unit in report.units]
    found = taulukko.consolidate([read_inputs(path).report for path in paths])
    figures, given = (
        {key: {c: v for c, v in row.items() if v is not None} for key, row in one.inputs["income_statement"].items()}
        for one in (found, report)
    )
    assert figures == given


Change = Callable[[list[Report]], list[Report]]
REFUSED: dict[str, tuple[Change, list[Finding]]] = {
    "no division": (lambda parts: parts[1:], [Finding("division_missing")]),
    "no part": (
        lambda parts: [*parts, replace(parts[0], part="", division="Muu")],
        [Finding("part_whole", "Muu")],
    ),
    "the same unit twice": (lambda parts: [*parts, parts[2]], [Finding("part_twice", "BBB", found="BBB")]),
    "an unknown unit": (
        lambda parts: [*parts[:3], replace(parts[3], part="DDD")],
        [Finding("part_unknown", "DDD", found="DDD", expected=("SIVI", *AREAS))],
    ),
    "another municipality": (
        lambda parts: [*parts[:3], replace(parts[3], municipality="Muu")],
        [Finding("part_differs", "CCC", field="municipality", found="Muu", expected=("Esimerkkilä",))],
    ),
    "another template": (
        lambda parts: [*parts[:3], replace(parts[3], template="muu")],
        [Finding("part_differs", "CCC", field="template", found="muu", expected=("osavuosikatsaus",))],
    ),
    "another period": (
        lambda parts: [*parts[:3], replace(parts[3], period_end=date(2024, 8, 31))],
        [Finding("part_differs", "CCC", field="period_end", found="2024-08-31", expected=("2024-09-30",))],
    ),
    "a row of two contents": (
        lambda parts: [*parts[:2], *(part.with_rows("risks", [risk(part.part)]) for part in parts[2:])],
        [Finding("record_twice", "risks", "R1")],
    ),
}


def risk(text: str) -> Record:
    return {"id": "R1", "risk": text}


@pytest.mark.parametrize(("change", "faults"), REFUSED.values(), ids=REFUSED)
def test_refused_parts(plan_of: Planner, change: Change, faults: list[Finding]) -> None:
    with pytest.raises(FaultsError) as raised:
        taulukko.consolidate(change(trade_parts(plan_of)))
    assert raised.value.findings == faults


def test_a_row_that_is_the_same_in_two_parts_stands_once(plan_of: Planner) -> None:
    parts = [part.with_rows("risks", [risk("sama")]) for part in trade_parts(plan_of)]
    assert taulukko.consolidate(parts).rows("risks") == [risk("sama")]


def test_the_public_name_stays_a_function() -> None:
    """No module of the package has that name, which would take its place once imported."""
    assert taulukko.consolidate is consolidation.consolidate
