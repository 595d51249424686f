"""A second report, made up: what Heinola's lacks. All figures were worked out by hand; see tests/data/puro-*.

Puro reports 1-4/2025, so a linear forecast is three times the actual. Its source gives costs as positive figures; here,
as in the workbook, they are negative.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from support.built import PURO
from support.reading import Planned, planned, read_folder
from support.variants import five_by_five
from taulukko.builder import build
from taulukko.formula.days import as_serial

MONEY = 1e-6


@pytest.fixture(scope="module")
def viisi(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template with risks of five by five."""
    return five_by_five(tmp_path_factory.mktemp("templates") / "viisi")


@pytest.fixture(scope="module")
def puro(viisi: Path) -> Planned:
    return read_folder(PURO, template_folder=viisi)


@pytest.fixture(scope="module")
def file_texts(viisi: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Every text of the finished file, read by another library than wrote it."""
    path = build(PURO, tmp_path_factory.mktemp("puro") / "puro.xlsx", template=viisi)
    book = openpyxl.load_workbook(path, data_only=True)
    cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
    return {cell.value for cell in cells if isinstance(cell.value, str)}


def lines_where(report: Planned, unit: str, column: str, wanted: object) -> list[str]:
    """Keys of the lines of a unit's statement whose column has the value."""
    place = f"income_statement.{unit}"
    keys = [line.key for line in report.template.statements()["income_statement"].lines if line.kind != "heading"]
    shown = [key for key in keys if report.label_of(key) in report.value(f"{place}.label")]
    return [key for key in shown if report.value(f"{place}.{key}.{column}") == wanted]


# --- the statement ----------------------------------------------------------------------------------------------------

LINES = [
    # unit, line: basis, forecast, variance, status
    ("division", "sales_revenue", "profile", 360_000, 10_000, "on_track"),  # 120 000 / (110 000 / 330 000)
    ("division", "fees", "profile", 82_500, -12_500, "on_track"),  # below the budget, within 20 000
    ("division", "grants_received", "profile", 400_000, -200_000, "off_track"),  # 100 000 / 0.25
    ("division", "other_revenue", "linear", 24_000, -36_000, "off_track"),  # pace 1.25 is no pace: 3 x 8 000
    ("division", "change_in_inventories", "linear", 3_000, -2_000, "on_track"),  # nothing last year
    ("division", "own_use_production", "profile", 20_000, -10_000, "on_track"),
    ("division", "personnel_costs", "profile", -6_450_000, -150_000, "watch"),  # between 2 % 126 000 and 5 % 315 000
    ("division", "services_purchased", "manual", -960_000, -60_000, "off_track"),  # 5 % is 45 000; the profile's same
    ("division", "grants_paid", "profile", -110_000, 0, "on_track"),  # pace exactly 1
    ("division", "other_expenses", "profile", -900_000, -20_000, "on_track"),  # worse by the limit, not by more
    ("division", "tax_revenue", "profile", 7_280_000, 80_000, "on_track"),
    ("division", "state_transfers", "profile", 1_560_000, 0, "on_track"),
    ("division", "extraordinary", "linear", 45_000, 45_000, "on_track"),
    ("division", "reserves", "linear", -60_000, 0, "on_track"),  # pace 0 is no pace
    ("OPETUS", "fees", "linear", 22_500, 22_500, "on_track"),  # budget 0
    ("OPETUS", "personnel_costs", "profile", -5_300_000, -100_000, "on_track"),  # 2 % is 104 000
    ("OPETUS", "services_purchased", "manual", -615_000, -15_000, "on_track"),  # by profile it would be 640 000
    ("KULTT", "grants_received", "profile", 250_000, 100_000, "on_track"),
    ("KULTT", "other_revenue", "linear", -12_000, -32_000, "off_track"),  # a credit: 3 x -4 000
]


@pytest.mark.parametrize(("unit", "line", "basis", "forecast", "variance", "status"), LINES)
def test_lines(puro: Planned, unit: str, line: str, basis: str, forecast: float, variance: float, status: str) -> None:
    place = f"income_statement.{unit}.{line}"
    assert puro.member(f"{place}.basis") == basis
    assert puro.value(f"{place}.forecast") == pytest.approx(forecast, abs=MONEY)
    assert puro.value(f"{place}.variance") == pytest.approx(variance, abs=MONEY)
    assert puro.member(f"{place}.status") == status


TOTALS = [
    # unit, total: budget, actual, forecast, status
    ("division", "operating_revenue", 1_105_000, 255_500, 866_500, "off_track"),
    ("division", "operating_expenses", -8_360_000, -2_770_000, -8_600_000, "watch"),
    # 1 105 000 + 5 000 (inventories) + 30 000 (own use) - 8 360 000
    ("division", "operating_margin", -7_220_000, -2_503_500, -7_710_500, "off_track"),
    # - 7 220 000 + 7 200 000 (taxes) + 1 560 000 (transfers) - 10 000 (financing)
    ("division", "annual_margin", 1_530_000, 612_500, 1_121_500, "off_track"),
    # 1 530 000 - 420 000 (depreciation) + 0 (extraordinary)
    ("division", "result", 1_110_000, 517_500, 726_500, "off_track"),
    ("division", "surplus", 1_050_000, 497_500, 666_500, "off_track"),  # less 60 000 to the reserves
    ("OPETUS", "operating_expenses", -6_432_000, -2_032_000, -6_607_000, "watch"),  # 175 000 of 2 % 128 640
    ("OPETUS", "operating_margin", -5_732_000, -1_896_500, -6_128_500, "off_track"),
    ("OPETUS", "result", -6_042_000, -1_976_500, -6_448_500, "off_track"),
    ("KULTT", "operating_margin", -1_273_000, -444_500, -1_225_000, "on_track"),  # own use 30 000 among its parts
    ("KULTT", "result", -1_378_000, -470_750, -1_330_000, "on_track"),
]


@pytest.mark.parametrize(("unit", "line", "budget", "actual", "forecast", "status"), TOTALS)
def test_totals(
    puro: Planned, unit: str, line: str, budget: float, actual: float, forecast: float, status: str
) -> None:
    place = f"income_statement.{unit}.{line}"
    assert [puro.value(f"{place}.{column}") for column in ("budget", "actual")] == [budget, actual]
    assert puro.value(f"{place}.forecast") == pytest.approx(forecast, abs=MONEY)
    assert puro.value(f"{place}.variance") == pytest.approx(forecast - budget, abs=MONEY)
    assert puro.member(f"{place}.basis") == "sum"
    assert puro.member(f"{place}.status") == status


def test_lines_used_by_no_unit_are_not_shown(puro: Planned) -> None:
    assert "own_use_production" in lines_where(puro, "KULTT", "budget", 30_000)
    for unit in ("OPETUS", "BILD"):
        assert puro.label_of("own_use_production") not in puro.value(f"income_statement.{unit}.label")
        assert puro.label_of("surplus") not in puro.value(f"income_statement.{unit}.label")


def test_a_share_of_nothing_is_blank_and_found(puro: Planned) -> None:
    """OPETUS collected fees of 7 500 that nobody had budgeted, the division an extraordinary 15 000."""
    assert puro.value("income_statement.OPETUS.fees.used_share") is None
    assert puro.value("income_statement.division.extraordinary.used_share") is None
    checks = puro.checks()
    assert (checks["unbudgeted.OPETUS"].found, checks["unbudgeted.OPETUS"].which) == (1, "Maksutuotot")
    assert (checks["unbudgeted.SIVI"].found, checks["unbudgeted.SIVI"].which) == (1, "Satunnaiset erät")
    assert checks["unbudgeted.KULTT"].state == "holds"


# --- what is material and who explains it -----------------------------------------------------------------------------


def test_material_lines(puro: Planned) -> None:
    assert lines_where(puro, "division", "material", 1) == ["operating_margin"]
    # Materials are worse by exactly 20 000: at least the limit is material; personnel's 100 000 is less than 2 %.
    assert lines_where(puro, "OPETUS", "material", 1) == [
        "grants_received",
        "materials",
        "other_expenses",
        "operating_margin",
    ]
    assert lines_where(puro, "KULTT", "material", 1) == ["fees", "other_revenue", "services_purchased"]


def test_explanations(puro: Planned) -> None:
    def state(unit: str, line: str) -> str | None:
        return puro.member(f"income_statement.{unit}.{line}.explanation_state")

    assert state("division", "operating_margin") == "given"
    assert state("OPETUS", "grants_received") == "covered"  # by the assessment
    assert state("OPETUS", "other_expenses") == "given"
    assert state("KULTT", "services_purchased") == "given"
    assert state("KULTT", "fees") == "missing"
    assert state("KULTT", "other_revenue") == "missing"  # a reason without measure, responsible and day
    assert state("KULTT", "materials") == "none"


def test_unexplained_lines_are_counted(puro: Planned) -> None:
    found = {key: check.found for key, check in puro.checks().items() if key.startswith("unexplained")}
    assert found == {
        "unexplained.SIVI": 0,
        "unexplained.OPETUS": 0,
        "unexplained.KULTT": 2,
        "unexplained.BILD": None,
    }
    assert puro.checks()["unexplained.KULTT"].which == "Maksutuotot, Muut toimintatuotot"


def test_an_assessment_covers_lines_only_when_it_says_so(puro: Planned) -> None:
    """OPETUS's assessment taken off, and KULTT's said to cover: one loses three lines, the other has none left."""
    texts = {unit: puro.report.row("assessments", unit) for unit in ("OPETUS", "KULTT")}
    swapped = [texts["OPETUS"] | {"covers_lines": None}, texts["KULTT"] | {"covers_lines": "yes"}]
    checks = planned(puro.report.with_rows("assessments", swapped), puro.template).checks()
    assert (checks["unexplained.OPETUS"].found, checks["unexplained.KULTT"].found) == (3, 0)
    assert checks["unexplained.OPETUS"].which == "Tuet ja avustukset, Aineet, tarvikkeet ja tavarat, Toimintakate"


def test_explanations_are_printed_whole(puro: Planned) -> None:
    printed = puro.texts("income_statement.OPETUS")
    assert "Perusopetuksen menot kasvavat, koska tukea tarvitsevia oppilaita on enemmän." in printed
    assert (
        '•  Muut toimintakulut: Vuokrat nousivat: "indeksi" > 3 % - '
        "Tyhjät tilat irtisanotaan (Rehtori Åberg, 31.8.2025)" in printed
    )


# --- a unit without figures -------------------------------------------------------------------------------------------

TOTAL_KEYS = ("operating_revenue", "operating_expenses", "operating_margin", "annual_margin", "result", "surplus")


def test_the_sum_of_the_units_cannot_be_checked(puro: Planned) -> None:
    states = {key: check.state for key, check in puro.checks().items() if key.startswith("units_sum")}
    keys = {f"units_sum.SIVI.{line}.{column}" for line in TOTAL_KEYS for column in ("budget", "actual")}
    assert states == dict.fromkeys(keys, "unknown")


def test_no_formula_counts_nothing(puro: Planned) -> None:
    """Excel refuses a file with COUNT() in it."""
    formulas = [cell.formula for sheet in puro.book.sheets for cell in sheet.cells.values()]
    assert [formula for formula in formulas if "COUNT()" in formula or "SUM()" in formula] == []


def test_missing_is_not_zero(puro: Planned) -> None:
    place = "income_statement.BILD"
    assert [puro.value(f"{place}.{line}.forecast") for line in TOTAL_KEYS[:5]] == [None] * 5
    assert puro.member(f"{place}.operating_margin.status") == "no_data"
    assert f"crossfoot.BILD.{TOTAL_KEYS[0]}" in puro.states("unknown")


def test_difference(puro: Planned) -> None:
    """The division less the two areas that have figures."""

    def row(line: str) -> list[float]:
        columns = ("last_year", "last_year_to_date", "budget", "actual", "remaining", "forecast", "variance")
        return [puro.value(f"income_statement.BILD.difference.{line}.{column}") for column in columns]

    assert row("operating_revenue") == pytest.approx([30_000, 15_000, 30_000, 10_000, 20_000, -20_000, -50_000])
    assert row("operating_expenses") == pytest.approx(
        [-210_000, -135_000, -250_000, -173_500, -76_500, -340_000, -90_000]
    )
    # The division's change in inventories, +5 000 in the budget, is in no area: it falls to the difference.
    assert row("operating_margin") == pytest.approx(
        [-180_000, -120_000, -215_000, -162_500, -52_500, -357_000, -142_000]
    )


# --- checks and control figures ---------------------------------------------------------------------------------------


def test_an_accepted_check_needs_reason_name_and_day(puro: Planned) -> None:
    checks = puro.checks()
    assert (checks["projects_over"].found, checks["projects_over"].state) == (1, "accepted")
    assert (checks["projects_two_values"].found, checks["projects_two_values"].state) == (1, "fails")
    assert puro.value("checks.accepted") == 1


def test_an_explanation_leaves_a_total_its_rounding(puro: Planned) -> None:
    """The margin is printed 1 euro off, which 11 rounded parts explain, and revenue 2, which its 4 parts explain."""
    assert puro.checks()["controls.income_statement.SIVI"].state == "holds"


def test_control_figures(puro: Planned) -> None:
    checks = puro.checks()
    failing = checks["controls.income_statement.KULTT"]
    assert (failing.found, failing.state) == (1, "fails")  # printed 60 000 left of sales, 66 000 computed
    for key in ("controls.income_statement.OPETUS", "controls.budget_summary.SIVI"):
        assert checks[key].state == "holds"
    assert checks["control.projects.total.funding"].state == "holds"
    assert checks["control.projects.P7.spent"].state == "holds"
    assert puro.value("controls.total") == 7 + 2


def test_all_other_checks(puro: Planned) -> None:
    assert puro.states("fails") == {
        "unbudgeted.SIVI",
        "unbudgeted.OPETUS",
        "unexplained.KULTT",
        "goal_owner",
        "goal_status",
        "council_no_data",
        "projects_two_values",
        "projects_late",
        "projects_contradiction",
        "controls.income_statement.KULTT",
    }
    outside_units = puro.states("unknown") - {key for key in puro.checks() if key.startswith("units_sum")}
    assert all(".BILD" in key for key in outside_units)


# --- goals, risks, projects, investments ------------------------------------------------------------------------------


def test_goals(puro: Planned) -> None:
    counts = ("total", "reported", "achieved", "partly", "not_achieved", "no_data", "unset")
    assert [puro.value(f"goals_council.{name}") for name in counts] == [4, 3, 1, 1, 1, 1, 0]
    # Nothing is said of A6, neither an owner nor a status: not even that there is no data.
    assert [puro.value(f"goals_service_area.{name}") for name in counts] == [6, 5, 2, 1, 2, 0, 1]
    assert puro.checks()["goal_owner"].which == "A6"


def test_risk_levels(puro: Planned) -> None:
    assert puro.records("risks", "value") == {"R1": 25, "R2": 15, "R3": 15, "R4": 4, "R5": 5, "R6": 4, "R7": 12}
    levels = {"R1": "Korkea", "R2": "Korkea", "R3": "Korkea", "R4": "Matala", "R5": "Kohtalainen"}
    assert puro.records("risks", "level") == levels | {"R6": "Matala", "R7": "Kohtalainen"}
    assert [puro.value(f"risks.{name}") for name in ("total", "high", "medium", "low", "largest")] == [7, 3, 2, 2, 25]


def matrix(puro: Planned) -> dict[tuple[float, float], str]:
    """The filled cells of the risk matrix by likelihood and impact, found by the numbers along its edges."""
    cells = puro.sheet("risks").cells
    title = next(row for (row, _), cell in cells.items() if cell.value == puro.template.label("sections.risks.matrix"))
    edge = {column: cell.value for (row, column), cell in cells.items() if row == title + 1}
    left = min(edge) - 1
    rows = {row: cell.value for (row, column), cell in cells.items() if column == left and row > title + 1}
    assert (list(edge.values()), list(rows.values())) == ([1, 2, 3, 4, 5], [5, 4, 3, 2, 1])
    places = ((row, column) for row in rows for column in edge)
    return {(rows[r], edge[c]): cells[r, c].value for r, c in places if cells[r, c].value}


def test_matrix_of_five_by_five(puro: Planned) -> None:
    assert matrix(puro) == {
        (5, 5): "1: R1",
        (5, 3): "1: R2",
        (4, 3): "1: R7",
        (3, 5): "1: R3",
        (2, 2): "2: R4, R6",
        (1, 5): "1: R5",
    }


def test_the_key_of_the_matrix_can_be_seen(puro: Planned) -> None:
    sheet = puro.sheet("risks")
    words = puro.template.label("words.from_value").format(value=15)
    columns = {column for (_, column), cell in sheet.cells.items() if cell.value == words}
    hidden = columns & sheet.hidden_columns
    assert (len(columns), hidden) == (1, set())


def test_project_flags(puro: Planned) -> None:
    assert puro.records("projects", "flags") == {
        "P1": "Tila ja aika ristiriidassa",  # running, ended 2024
        "P2": "Alkanut, menoja 0 %",  # began 1.3.2025
        "P3": "Tila ja aika ristiriidassa",  # running; its year goes on, its day was 31.3.2025
        "P4": None,  # its year is over, its day is 30.6.2025
        "P5": "Tila ja aika ristiriidassa",  # running, begins 1.9.2025
        "P6": "Kaksi menoprosenttia",
        "P7": "Menot yli rahoituksen",
        "P8": None,  # all of the funding spent, but not more
    }
    assert puro.checks()["projects_contradiction"].which == "P1, P3, P5"


def test_days_override_years(puro: Planned) -> None:
    assert puro.records("projects", "start")["P2"] == as_serial(date(2025, 3, 1))
    ends = puro.records("projects", "end")
    assert [ends[key] for key in ("P3", "P4", "P6")] == [
        as_serial(date(2025, 3, 31)),
        as_serial(date(2025, 6, 30)),
        as_serial(date(2026, 12, 31)),
    ]


def test_project_money(puro: Planned) -> None:
    own, spent = puro.records("projects", "own_contribution"), puro.records("projects", "spent")
    assert (own["P4"], own["P7"]) == (10_000, 0)  # a share of 0 % is a figure
    assert spent["P6"] is None  # which of its two percentages?
    assert puro.records("projects", "overrun")["P7"] == pytest.approx(5_600)  # 8 % of 70 000
    totals = [puro.value(f"projects.totals.{c}") for c in ("funding", "own_contribution", "spent", "overrun")]
    # own: 2 000 + 6 000 + 3 000 + 10 000 + 10 000 + 18 000 + 0 + 4 000
    # spent: 5 000 + 0 + 27 000 + 30 000 + 5 000 + 75 600 + 80 000
    assert totals == pytest.approx([360_000, 53_000, 222_600, 5_600])


def test_investments_are_their_projects(puro: Planned) -> None:
    assert [abs(puro.value(f"investments.totals.{c}")) for c in ("budget", "actual")] == [150_000, 25_000]
    assert puro.records("investment_projects", "remaining")["IH2"] is None  # nothing is known of what was used
    assert {"investments_budget", "investments_actual"} <= puro.states("holds")


# --- texts ------------------------------------------------------------------------------------------------------------


def folder_texts() -> set[str]:
    """What the folder says in words: prose, names and reasons."""
    columns = {
        "goal",
        "indicator",
        "actual",
        "responsible",
        "risk",
        "treatment",
        "name",
        "funder",
        "status_text",
        "text",
    }
    columns |= {"explanation", "measure", "forecast_reason", "reason"}
    said = set()
    for path in PURO.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                said |= {value for key, value in row.items() if key in columns and value}
    return {text for text in said if not text.lstrip("-").isdigit()}


def test_texts_reach_the_file_as_they_were_written(file_texts: set[str]) -> None:
    said = folder_texts()
    assert {text[0] for text in said} >= {"-"}
    for mark in '<>&"\nåäöÅ':
        assert any(mark in text for text in said), mark
    assert said - file_texts == set()


# --- one unit's workbook ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["OPETUS", "KULTT", "BILD"])
def test_unit_workbook_is_written(viisi: Path, tmp_path: Path, unit: str) -> None:
    path = build(PURO, tmp_path / "unit.xlsx", template=viisi, unit=unit)
    book = openpyxl.load_workbook(path)
    statements = [name for name in book.sheetnames if name.startswith("Tuloslaskelma")]
    assert statements == ["Tuloslaskelma"]


def test_unit_report_is_the_units_own(puro: Planned) -> None:
    kultt = planned(puro.report.for_unit("KULTT"), puro.template)
    margin = "income_statement.division.operating_margin"
    assert kultt.value(f"{margin}.forecast") == pytest.approx(-1_225_000)
    assert kultt.value("income_statement.division.fees.material") == 1  # still judged as a service area's line
    assert set(kultt.records("projects", "id")) == {"P4", "P7", "P8"}
    assert set(kultt.records("risks", "id")) == {"R3"}
    assert set(kultt.records("goals_service_area", "id")) == {"A3", "A4"}
    assert kultt.value("goals_council.total") == 0
    checks = kultt.checks()
    assert not any(key.startswith("units_sum") for key in checks)
    assert kultt.states("fails") == {"unexplained.KULTT", "controls.income_statement.KULTT"}
    assert kultt.states("accepted") == {"projects_over"}


def test_unit_report_without_figures(puro: Planned) -> None:
    bild = planned(puro.report.for_unit("BILD"), puro.template)
    assert bild.value("income_statement.division.operating_margin.budget") is None
    assert bild.member("income_statement.division.operating_margin.status") == "no_data"
    assert bild.records("projects", "flags") == {"P3": "Tila ja aika ristiriidassa"}


def test_there_is_no_such_unit(puro: Planned) -> None:
    with pytest.raises(KeyError, match="TEKNINEN"):
        puro.report.for_unit("TEKNINEN")
