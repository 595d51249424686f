"""The real report against what its own printed pages say, and the errors it must find in them by itself."""

from __future__ import annotations

import re

import pytest

from support.built import HEINOLA, TESTS
from support.reading import Planned, read_folder
from taulukko.numbers import parse_amount
from taulukko.plan.sheets.controls import rounded_parts
from taulukko.report.model import Control

SOURCE = TESTS / "data" / "heinola_source.txt"
STATEMENT = "income_statement"

ZERO_BUDGET = {("VAKA", "sales_revenue"), *((u, "financing_net") for u in ("TOIMIALA", "OPKOU", "VAKA", "VIRE"))}
"""E4 and E5: printed 0,00 % of a budget of zero."""
PRINTED_FROM_CENTS = {("VIRE", "sales_revenue")}
"""E6: printed 98,32, where whole euros give 98,31."""


@pytest.fixture(scope="module")
def heinola() -> Planned:
    return read_folder(HEINOLA)


def place(heinola: Planned, unit: str) -> str:
    return f"{STATEMENT}.division" if unit == heinola.report.whole.code else f"{STATEMENT}.{unit}"


def printed(heinola: Planned, column: str) -> list[Control]:
    return [c for c in heinola.report.controls if c.section == STATEMENT and c.column == column]


def parts_of(heinola: Planned, control: Control) -> int:
    """How many rounded figures the line is the sum of; none for a line or a given total."""
    return rounded_parts(heinola.statements[place(heinola, control.unit)], control.record)


def test_the_report_prints_57_rows(heinola: Planned) -> None:
    """54 in the statements, and the budget's three rows, which repeat three of them."""
    for column in ("remaining", "used_share"):
        budget = [c for c in heinola.report.controls if c.section == "budget_summary" and c.column == column]
        assert (len(printed(heinola, column)), len(budget)) == (54, 3)


def test_remaining_is_as_printed(heinola: Planned) -> None:
    """Lines and given totals to the euro; a computed total of n rounded parts within n/2 euros."""
    exact = 0
    for control in printed(heinola, "remaining"):
        ours = heinola.value(f"{place(heinola, control.unit)}.{control.record}.remaining")
        parts = parts_of(heinola, control)
        assert abs(ours - float(control.printed)) <= parts / 2, control
        exact += parts == 0
    assert exact == 11 + 3 + 2 + 11 + 11  # lines of the division, OPKOU (and its two given totals), VAKA and VIRE


def test_share_of_budget_is_as_printed(heinola: Planned) -> None:
    for control in printed(heinola, "used_share"):
        ours = heinola.value(f"{place(heinola, control.unit)}.{control.record}.used_share")
        where = (control.unit, control.record)
        if where in ZERO_BUDGET:
            assert ours is None and control.printed == 0, control
        elif where in PRINTED_FROM_CENTS:
            assert (round(ours, 4), float(control.printed)) == (0.9831, 0.9832)
        elif parts_of(heinola, control) == 0:
            assert round(ours, 4) == float(control.printed), control
        else:
            assert ours == pytest.approx(float(control.printed), abs=0.0001), control


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("division.operating_margin.forecast", -29_395_536),
        ("division.operating_margin.variance", 527_314),
        ("division.grants_received.forecast", 683_120),
        ("OPKOU.operating_margin.variance", -76_586),
        ("HYTE.difference.operating_margin.budget", -558_300),
        ("HYTE.difference.operating_margin.actual", -314_777),  # printed totals give -314 775, whole euros this
        ("HYTE.difference.operating_expenses.budget", -709_000),
    ],
)
def test_amounts(heinola: Planned, path: str, expected: int) -> None:
    assert round(heinola.value(f"{STATEMENT}.{path}")) == expected


@pytest.mark.parametrize(
    ("line", "expected"), [("operating_revenue", 68.7), ("operating_expenses", 74.7), ("operating_margin", 75.3)]
)
def test_last_years_pace(heinola: Planned, line: str, expected: float) -> None:
    assert round(heinola.value(f"{STATEMENT}.division.{line}.pace") * 100, 1) == expected


def test_seven_rows_are_material(heinola: Planned) -> None:
    """Six lines of the areas, and the margin of OPKOU, whose forecast is worse than its budget."""
    material = {
        (unit.code, line.key)
        for unit in heinola.report.units
        for line in heinola.statements[place(heinola, unit.code)].lines
        if line.kind != "heading" and heinola.value(f"{place(heinola, unit.code)}.{line.key}.material") == 1
    }
    assert material == {
        ("OPKOU", "other_expenses"),
        ("OPKOU", "operating_margin"),
        ("VAKA", "fees"),
        ("VAKA", "grants_received"),
        ("VAKA", "services_purchased"),
        ("VAKA", "other_expenses"),
        ("VIRE", "depreciation"),
    }


def test_a_unit_without_figures_says_so(heinola: Planned) -> None:
    assert heinola.member(f"{STATEMENT}.HYTE.operating_margin.status") == "no_data"
    assert heinola.value(f"{STATEMENT}.HYTE.operating_margin.actual") is None
    assert "Ei tietoa: luvut puuttuvat. Puuttuva ei ole nolla." in heinola.texts(f"{STATEMENT}.HYTE")


FOUND = {
    "control.projects.total.funding": (1_320_392, 1_328_170.03, 7_778.03),  # E1
    "control.investments.I1.remaining": (-270_000, -247_024, 22_976),  # E2
    "control.investments.net.remaining": (-270_000, -247_024, 22_976),  # E2
    "investments_actual": (-9_940, -22_976, -13_036),  # E3
    "unbudgeted.TOIMIALA": (0, 1, 1),  # E5
    "unbudgeted.VAKA": (0, 2, 2),  # E4, E5
    "unbudgeted.VIRE": (0, 1, 1),  # E5
    "projects_over": (0, 6, 6),  # S1
    "projects_two_values": (0, 1, 1),  # S2
    "projects_late": (0, 2, 2),  # S3
    "goal_no_data": (0, 6, 6),  # S8
    "goal_owner": (0, 6, 6),
    "unexplained.OPKOU": (0, 2, 2),
    "unexplained.VAKA": (0, 4, 4),
    "unexplained.VIRE": (0, 1, 1),
}
WHICH = {
    "unbudgeted.TOIMIALA": "Rahoitustuotot ja -kulut",
    "unbudgeted.VAKA": "Myyntituotot, Rahoitustuotot ja -kulut",
    "unbudgeted.VIRE": "Rahoitustuotot ja -kulut",
    "projects_over": "H3, H6, H8, H9, H11, H15",
    "projects_two_values": "H4",
    "projects_late": "H5, H7",
    "goal_no_data": "P5, P8, P11, P12, P13, P15",
    "goal_owner": "P5, P8, P11, P12, P13, P15",
}


def test_it_finds_these_faults_and_no_others(heinola: Planned) -> None:
    checks = heinola.checks()
    assert heinola.states("fails") == FOUND.keys()
    for key, figures in FOUND.items():
        check = checks[key]
        assert (check.expected, check.found, check.difference) == pytest.approx(figures, abs=0.005), key
    assert {key: checks[key].which for key in WHICH} == WHICH


def test_it_holds_its_peace_about_roundings(heinola: Planned) -> None:
    groups = {key: check for key, check in heinola.checks().items() if key.startswith("controls.")}
    assert len(groups) == 5  # the statements of four units and the budget in three rows
    assert {(check.found, check.state) for check in groups.values()} == {(0, "holds")}


def test_what_cannot_be_checked_lacks_hyte_or_the_top_of_opkou(heinola: Planned) -> None:
    unknown = heinola.states("unknown")
    assert all("HYTE" in key or "OPKOU" in key or key.startswith("units_sum") for key in unknown)
    assert len(unknown) == 22


def test_goals_are_counted(heinola: Planned) -> None:
    names = ("total", "achieved", "partly", "not_achieved", "no_data")
    assert [heinola.value(f"goals_service_area.{name}") for name in names] == [16, 7, 3, 0, 6]
    assert [heinola.value(f"goals_council.{name}") for name in names] == [4, 4, 0, 0, 0]


FIGURE = re.compile(r"[-−]? ?\d{1,3}(?: \d{3})+(?:,\d+)?|[-−] ?\d+(?:,\d+)?|\d+(?:,\d+)?")


def table_figures() -> set[float]:
    """Every figure of the source's tables of figures: cells of tabbed rows that are a number and nothing else."""
    figures = set()
    for line in SOURCE.read_text(encoding="utf-8").splitlines():
        for cell in line.split("\t"):
            text = cell.strip().removesuffix("€").removesuffix("%").strip()
            if "\t" in line and FIGURE.fullmatch(text):
                value = parse_amount(text)
                assert value is not None
                figures.add(float(value))
    return figures


def test_every_figure_of_the_source_is_in_the_workbook(heinola: Planned) -> None:
    """As an input, a computed value or a control figure; a percentage as the share it is."""
    cells = (cell.value for sheet in heinola.book.sheets for cell in sheet.cells.values())
    values = {round(value, 2) for value in cells if isinstance(value, float)}
    shares = {
        round(cell.value, 6)
        for sheet in heinola.book.sheets
        for cell in sheet.cells.values()
        if isinstance(cell.value, float)
    }
    figures = table_figures()
    assert len(figures) > 340
    missing = {f for f in figures if round(f, 2) not in values and round(f / 100, 6) not in shares}
    assert missing == set()


def test_every_paragraph_of_the_source_is_in_the_workbook(heinola: Planned) -> None:
    """Sentence for sentence, as test_heinola_source proves them to be in the data folder."""
    shown = {
        cell.value for sheet in heinola.book.sheets for cell in sheet.cells.values() if isinstance(cell.value, str)
    }
    texts = [row["text"] for row in heinola.report.rows("texts")]
    texts += [row["text"] for row in heinola.report.rows("assessments")]
    for section, columns in {
        "goals_council": ("goal", "indicator", "actual"),
        "goals_service_area": ("goal", "indicator", "responsible", "actual"),
        "risks": ("risk", "treatment", "realisation"),
        "projects": ("name", "funder", "status_text"),
    }.items():
        texts += [row[column] for row in heinola.report.rows(section) for column in columns]
    assert len([text for text in texts if text]) > 120
    assert {text for text in texts if text and text not in shown} == set()
