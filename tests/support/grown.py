"""Data folders of any size, for benchmarks and tests: so many units, so many records in a section."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from support.built import HEINOLA

HEAD = """template = "osavuosikatsaus"
language = "fi"
municipality = "Esimerkkilä"
division = "Hyvinvointitoimiala"
board = "Hyvinvointilautakunta"
responsible = "Johtaja"
year = 2024
period_start = 2024-01-01
period_end = 2024-09-30
date_of_issue = 2024-10-31
signs = "costs_negative"

[[strategic_goals]]
key = "wellbeing"
name = "Hyvinvoinnin kasvu"
subgoals = ["Hyvinvointi lisääntyy", "Toimiva arki"]

[[strategic_goals]]
key = "economy"
name = "Kestävä talous"
subgoals = ["Käyttötalouden tasapaino"]
"""
UNIT = '\n[[units]]\ncode = "{code}"\nname = "{name}"\nlevel = "{level}"\n'
REVENUE = ("sales_revenue", "fees", "grants_received", "other_revenue")
COSTS = ("personnel_costs", "services_purchased", "materials", "grants_paid", "other_expenses")
LINES = (*REVENUE, *COSTS, "financing_net", "depreciation")
"""The lines of which each unit gives figures."""

Row = dict[str, object]


def grown(folder: Path, *, units: int = 5, risks: int = 5, projects: int = 5, goals: int = 5) -> Path:
    """Write a data folder: the division and so many units below it, and so many records of each section."""
    folder.mkdir(parents=True)
    codes = [f"U{number}" for number in range(1, units + 1)]
    named = [UNIT.format(code=code, name=f"Palvelualue {code}", level="service_area") for code in codes]
    division = UNIT.format(code="TOIMIALA", name="Hyvinvointitoimiala", level="division")
    (folder / "report.toml").write_text(HEAD + division + "".join(named), encoding="utf-8")
    _write(folder / "income_statement.csv", _figures(codes))
    _write(folder / "risks.csv", (_risk(number, codes) for number in range(1, risks + 1)))
    _write(folder / "projects.csv", (_project(number, codes) for number in range(1, projects + 1)))
    _write(folder / "goals_service_area.csv", (_goal(number, codes) for number in range(1, goals + 1)))
    return folder


def _figures(codes: list[str]) -> Iterator[Row]:
    for place, code in enumerate(codes, 1):
        for number, line in enumerate(LINES, 1):
            budget = (1 if line in REVENUE else -1) * (100_000 * number + 1_000 * place)
            actual = round(budget * 0.75) - 10 * place
            yield {"unit": code, "line": line, "last_year": budget, "last_year_to_date": round(budget * 0.74)} | {
                "budget": budget,
                "actual": actual,
            }


def _risk(number: int, codes: list[str]) -> Row:
    return {
        "id": f"R{number}",
        "unit": codes[number % len(codes)],
        "risk_class": ("strategic", "operational", "financial", "damage")[number % 4],
        "risk": f"Riski {number}: henkilöstön saatavuus vaikeutuu ja palvelujen saatavuus heikkenee",
        "likelihood": number % 3 + 1,
        "impact": number // 3 % 3 + 1,
        "treatment": f"Oppilaitosyhteistyötä lisätään {number}",
        "realisation": "",
    }


def _project(number: int, codes: list[str]) -> Row:
    first = 2021 + number % 4
    return {
        "id": f"H{number}",
        "strategic_goal": ("wellbeing", "economy")[number % 2],
        "unit": codes[number % len(codes)],
        "name": f"Hanke {number}: tasa-arvoa edistävät toimenpiteet",
        "code": str(1000 + number),
        "start_year": first,
        "end_year": first + number % 3,
        "funding": 10_000 + number,
        "funder": ("OKM", "STM", "EU", "OPH")[number % 4],
        "city_share": 0.2,
        "spending": round(number % 11 / 10, 1),
        "state": ("running", "finished", "planned")[number % 3],
        "status_text": f"Hanke etenee suunnitellusti, vaihe {number}",
    }


def _goal(number: int, codes: list[str]) -> Row:
    return {
        "id": f"P{number}",
        "strategic_goal": ("wellbeing", "economy")[number % 2],
        "unit": codes[number % len(codes)],
        "goal": f"Tavoite {number}: kokemus arjen sujuvuudesta lisääntyy",
        "indicator": "Asukaskyselyn tulos",
        "responsible": "Palvelupäällikkö",
        "actual": f"Kysely {number} on tehty",
        "status": ("achieved", "partly", "not_achieved", "no_data")[number % 4],
    }


def _write(path: Path, rows: Iterator[Row]) -> None:
    """A file with the header that Heinola's has."""
    header = (HEINOLA / path.name).read_text(encoding="utf-8").partition("\n")[0]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header.split(","), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


__all__ = ["grown"]
