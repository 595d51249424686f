"""A template with two statements, of its own name and in its own folder, and a data folder by it.

The second has other lines and columns than the first, and is not explained: a cash flow statement.
"""

from __future__ import annotations

from pathlib import Path

HEAD = """extends = "osavuosikatsaus"
name = "two_statements"
version = "1"
languages = ["fi", "sv", "en"]
sections = [
    "cover", "summary", "income_statement", "cash_flow", "texts", "checks", "controls", "parameters", "lists",
]
"""
SECTION = """kind = "statement"
protect = true
assessment = "cash_texts"
key_sentence = { left = "say_euro(unit.change_in_cash.left)" }
columns = [
    { key = "before", type = "euro", total = "sum", carried = false, from_last_year = {SOURCE} },
    { key = "plan", type = "euro", total = "sum", required = true, ledger = true, annual = true },
    { key = "outcome", type = "euro", total = "sum", required = true, carried = false },
    { key = "left", type = "euro", role = "computed", formula = "plan - outcome", total = "sum" },
    { key = "share", type = "percent", role = "computed", formula = "outcome / plan", total = "apply" },
    { key = "remark", at = 2, type = "text", place = "notes", most = 200, carried = false },
    { key = "weight", type = "integer", role = "computed", place = "help", given = "level" },
]
lines = [
    { key = "cash_heading", kind = "heading" },
    { key = "operations", sign = "either" },
    { key = "investing", sign = "cost" },
    { key = "fees", sign = "revenue", shown = "used" },
    { key = "free_cash", kind = "total", parts = ["operations", "investing"] },
    { key = "loans", sign = "either" },
    { key = "change_in_cash", kind = "total", binding = true, parts = ["free_cash", "loans", "fees"] },
]
""".replace("{SOURCE}", '{ column = "outcome", until = "period_end" }')
CHECKS = """[[checks]]
key = "cash_sum"
each = "division_totals"
section = "cash_flow"
columns = ["plan", "outcome"]
found = "areas.{line}.{column}"
expected = "unit.{line}.{column}"
tolerance = "areas.{line}.figures * parameters.rounding"
which = "missing.{line}.{column}"

[[checks]]
key = "cash_over"
each = "units"
section = "cash_flow"
format = "integer"
found = "count(unit.share > 1, unit.weight < 2)"
which = "ids(unit.label, 6, unit.share > 1, unit.weight < 2)"
"""
LABELS = """
[sections.cash_flow]
title = "Rahoituslaskelma"
sheet = "Rahavirrat"
subtitle = ""
contents = "Rahavirrat"
sentence = "Rahaa jää {left}."
no_sentence = "Rahaa ei tiedetä."

[columns.cash_flow]
before = "Viime vuonna"
plan = "Suunnitelma"
outcome = "Toteutunut"
left = "Jäljellä"
share = "Osuus"
remark = "Huomautus"

[lines]
cash_heading = "Rahavirrat"
operations = "Toiminnan rahavirta"
investing = "Investointien rahavirta"
free_cash = "Vapaa rahavirta"
loans = "Lainat"
change_in_cash = "Rahavarojen muutos"

[checks]
cash_sum = "{line} {column}: alueet yhteensä"
cash_over = "Rahavirta yli suunnitelman"
"""
REPORT = """template = "../two-statements"
language = "fi"
municipality = "Esimerkkilä"
division = "Hyvinvointitoimiala"
board = "Hyvinvointilautakunta"
responsible = "Johtaja"
year = 2024
period_start = 2024-01-01
period_end = 2024-09-30
date_of_issue = 2024-10-31
signs = "{signs}"
deadline = 2024-10-25
contact = "Controller"

[[units]]
code = "TOIMIALA"
name = "Hyvinvointitoimiala"
level = "division"

[[units]]
code = "VAKA"
name = "Varhaiskasvatus"
level = "service_area"

[[units]]
code = "LIIKE"
name = "Liikelaitos"
level = "service_area"
"""
FILES = {
    "income_statement": """unit,line,last_year,last_year_to_date,budget,actual,{NOTES}
VAKA,sales_revenue,100,70,110,80,,,,,,
VAKA,fees,1000,700,1100,800,,,,,,
VAKA,personnel_costs,{sign}5000,{sign}3700,{sign}5100,{sign}3900,,,,,,
LIIKE,sales_revenue,4000,2900,4200,3100,,,,,,
""".replace("{NOTES}", "forecast_manual,forecast_reason,explanation,measure,responsible,due"),
    "assessments": """unit,text,covers_lines
VAKA,Tuloslaskelman arvio.,yes
""",
    "cash_flow": """unit,line,before,plan,outcome,remark
VAKA,operations,90,120,60,Syksyllä enemmän
VAKA,investing,{sign}30,{sign}40,{sign}50,
VAKA,fees,5,6,7,
LIIKE,operations,800,900,700,
LIIKE,loans,,-100,-75,Lyhennys
""",
    "cash_texts": """unit,text,covers_lines
VAKA,Rahoituslaskelman arvio.,
LIIKE,Toinen arvio.,
""",
    "controls": """section,unit,record,column,printed
cash_flow,VAKA,investing,outcome,{sign}50
cash_flow,VAKA,investing,share,1.25
income_statement,VAKA,fees,budget,1100
""",
}


def two_statements(folder: Path, signs: str = "costs_negative") -> Path:
    """Write the template and beside it the data folder, which is returned."""
    template, data = folder / "two-statements", folder / "2024-09"
    for path in (template, data):
        path.mkdir(parents=True, exist_ok=True)
    (template / "template.toml").write_text(HEAD, encoding="utf-8")
    (template / "cash_flow.toml").write_text(SECTION, encoding="utf-8")
    (template / "checks.toml").write_text(CHECKS, encoding="utf-8")
    for language in ("fi", "sv", "en"):
        (template / f"labels.{language}.toml").write_text(LABELS, encoding="utf-8")
    (data / "report.toml").write_text(REPORT.replace("{signs}", signs), encoding="utf-8")
    sign = "" if signs == "costs_positive" else "-"
    for name, rows in FILES.items():
        (data / f"{name}.csv").write_text(rows.replace("{sign}", sign), encoding="utf-8")
    return data
