"""Small data folders for tests, written by hand."""

from __future__ import annotations

from pathlib import Path

REPORT = """
template = "osavuosikatsaus"
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

[[units]]
code = "TOIMIALA"
name = "Hyvinvointitoimiala"
level = "division"

[[units]]
code = "VAKA"
name = "Varhaiskasvatus"
level = "service_area"

[[strategic_goals]]
key = "wellbeing"
name = "Hyvinvoiva kunta"
subgoals = ["Palvelut toimivat"]
"""

HEADERS = {
    "risks.csv": "id,unit,risk_class,risk,likelihood,impact,treatment,realisation",
    "investments.csv": "id,name,last_year,budget,actual",
    "projects.csv": "id,strategic_goal,unit,name,code,start_year,end_year,start_date,end_date,funding,funder,"
    "city_share,spending,spending_second,state,status_text",
    "income_statement.csv": "unit,line,last_year,last_year_to_date,budget,actual,forecast_manual,forecast_reason,"
    "explanation,measure,responsible,due",
    "texts.csv": "id,topic,unit,text",
    "goals_council.csv": "id,strategic_goal,goal,indicator,responsible,actual,status",
    "checks.csv": "key,reason,name,date",
    "controls.csv": "section,unit,record,column,printed",
}


def data_folder(folder: Path, report: str = REPORT, **files: str) -> Path:
    """Write a folder: rows of each file by its name without .csv, under the right header."""
    folder.mkdir(exist_ok=True)
    (folder / "report.toml").write_text(report, encoding="utf-8")
    for name, rows in files.items():
        (folder / f"{name}.csv").write_text(f"{HEADERS[f'{name}.csv']}\n{rows}\n", encoding="utf-8")
    return folder
