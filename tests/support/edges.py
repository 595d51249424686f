"""Reports made from Puro's for one purpose each: figures at the edges of thresholds, slips of a clerk, long lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from taulukko.report.model import Control, Report

Figures = dict[str, str]

AT_THE_EDGE: dict[str, Figures] = {
    # A cost of 600 000 is watched beyond 20 000 and off track beyond 30 000; cents decide, fractions of them do not.
    "personnel_costs": {"budget": "-600000", "forecast_manual": "-630000"},
    "services_purchased": {"budget": "-600000", "forecast_manual": "-630000.004"},
    "materials": {"budget": "-600000.12", "forecast_manual": "-630000.13"},
    "grants_paid": {"budget": "-100000", "forecast_manual": "-120000.004"},
    "other_expenses": {"budget": "-1500000.3", "forecast_manual": "-1530000.31"},
    # An explanation is due from 20 000 and from 2 %, in cents too.
    "sales_revenue": {"budget": "100000", "forecast_manual": "80000.004"},
    "fees": {"budget": "1500000.2", "forecast_manual": "1470000.2"},
    "grants_received": {"budget": "0", "actual": "0.004"},
}

SLIPS = {
    "goals_council.strategic_goal": "muu",
    "goals_service_area.unit": "muu",
    "investments.actual": "n. 5 000",
    "investment_projects.budget": "n. 5 000",
    "investment_projects.unit": "muu",
    "risks.likelihood": "iso",
    "risks.unit": "muu",
    "projects.funding": "n. 5 000",
    "projects.unit": "muu",
    "texts.unit": "muu",
    "income_statement.KULTT.fees.actual": "n. 5 000",
}
"""What somebody types into a cell, or into the first cell of a column, that does not belong there."""


def line_of(unit: str, line: str, **amounts: str) -> dict[str, Any]:
    return {"unit": unit, "line": line} | {key: Decimal(amount) for key, amount in amounts.items()}


def with_more(report: Report, rows: dict[str, list[dict[str, Any]]]) -> Report:
    """The report with more rows in some sections, or others in the place of those it has."""
    for section, more in rows.items():
        found = report.inputs[section] | {report.files[section].record(row): row for row in more}
        report = report.with_rows(section, found.values())
    return report


def project(key: str, **values: Any) -> dict[str, Any]:
    usual = {"id": key, "name": key, "start_year": 2024, "end_year": 2026, "funding": Decimal(1000), "funder": "OPH"}
    return usual | {"spending": Decimal("0.5"), "state": "running"} | values


def at_the_edges(puro: Report) -> Report:
    """Variances, days and shares that lie exactly on a threshold or a hair beside it."""
    last_day = puro.period_end
    projects = [
        project("E1", spending=Decimal("1.0000004")),
        project("E2", start_date=last_day, spending=Decimal(0), state="planned"),
        project("E3", start_date=last_day),
        project("E4", end_date=last_day),
        project("E5", start_date=date(2025, 6, 1), state="postponed"),
        project("E6", spending=None),
    ]
    own = [line_of("OPETUS", line, **amounts) for line, amounts in AT_THE_EDGE.items()]
    own.append(line_of("BILD", "operating_expenses", budget="-100000", actual="-100000"))  # known as a total only
    own.append(line_of("OPETUS", "internal_sales", budget="1000", actual="1000"))
    own.append(
        line_of("KULTT", "internal_purchases", budget="-998", actual="-999")
    )  # 2 off, and 1: two figures' rounding
    unset = puro.rows("goals_council")[0] | {"id": "T5", "status": None}
    printed = Control("projects", "", "P4", "own_contribution", Decimal("9999.4999996"))  # 10 000, to half a euro
    controls = [*puro.controls, printed]
    added = {"projects": projects, "goals_council": [unset], "income_statement": own}
    return replace(with_more(puro, added), controls=controls)


def near_the_budget(puro: Report, amount: str) -> Report:
    """The forecast is the budget; only one revenue and one cost of the division differ from it by the amount."""
    changed: list[dict[str, Any]] = []
    for record in puro.rows("income_statement"):
        if record["unit"] == puro.whole.code and record.get("budget") is not None:
            more = Decimal(amount) if record["line"] in ("sales_revenue", "personnel_costs") else 0
            changed.append(record | {"forecast_manual": record["budget"] + more})  # type: ignore[operator]
    return with_more(puro, {"income_statement": changed})


def crowded(puro: Report) -> Report:
    """More of everything that a check lists than it lists."""
    usual = puro.rows("goals_service_area")[0]
    goals = [usual | {"id": f"N{n}", "status": "no_data"} for n in range(9)]
    goals += [usual | {"id": f"O{n}", "unit": None} for n in range(9)]
    doubtful = {"end_year": 2024, "spending": Decimal("1.5"), "spending_second": Decimal("0.5")}
    projects = [project(f"D{n}", **doubtful) for n in range(9)]
    late = {"start_date": date(2025, 3, 1), "spending": Decimal(0), "state": "planned"}
    projects += [project(f"L{n}", **late) for n in range(9)]
    lines = [str(row["line"]) for row in puro.rows("income_statement") if row["unit"] == "KULTT"]
    own = [line_of("KULTT", line, budget="0", actual="-100000") for line in lines]
    crowd = with_more(puro, {"income_statement": own})
    crowd = crowd.with_rows("goals_service_area", goals).with_rows("projects", projects).with_rows("checks", [])
    return replace(crowd, controls=[])
