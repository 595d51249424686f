"""No Python for a new section: personnel is one file, one line in template.toml, and words in three languages."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from reading import Planned, planned, read_folder
from taulukko.builder import build
from taulukko.errors import FaultsError
from taulukko.template import load_template
from variants import add_labels, copy_template

HEINOLA = Path(__file__).parents[1] / "workbooks" / "heinola-hyvinvointi-2024-09"
LANGUAGES = ("fi", "sv", "en")

SECTION = """
kind = "records"
spare = 2
columns = [
    { key = "id", type = "text", role = "key" },
    { key = "unit", type = "choice", scale = "units", width = 11, align = "center", required = true },
    { key = "person_years_budget", type = "number", width = 14, total = "sum", required = true, minimum = 0 },
    { key = "person_years", type = "number", width = 14, total = "sum", required = true, minimum = 0 },
    { key = "sick_leave", type = "percent1", width = 14, minimum = 0, maximum = 1 },
    { key = "change", type = "number", role = "computed", formula = "person_years - person_years_budget", width = 12, total = "sum" },
    { key = "status", type = "choice", scale = "budget_status", role = "computed", width = 15, formula = '''
        budget_status.no_data if blank(change)
        else budget_status.on_track if change <= 0
        else budget_status.watch if change <= parameters.material_share * person_years_budget
        else budget_status.off_track''' },
]
"""  # noqa: E501

ROWS = """id,unit,person_years_budget,person_years,sick_leave
N1,OPKOU,210.5,216,0.042
N2,VAKA,130,128.5,0.061
N3,VIRE,35,35.5,0.03
N4,HYTE,8,,
"""

WORDS = """
[sections.personnel]
title = "{title}"
sheet = "{title}"
subtitle = "{person_years}"
contents = "{contents}"
total = "{total}"

[columns.personnel]
unit = "{unit}"
person_years_budget = "{budget}"
person_years = "{person_years}"
sick_leave = "{sick_leave}"
change = "{change}"
status = "{status}"
"""

LABELS = {
    "fi": WORDS.format(
        title="Henkilöstö",
        contents="Henkilötyövuodet ja sairauspoissaolot",
        total="Yhteensä",
        unit="Alue",
        budget="Budjetoitu htv",
        person_years="Toteutunut htv",
        sick_leave="Sairauspoissaolot %",
        change="Muutos htv",
        status="Tila",
    ),
    "sv": WORDS.format(
        title="Personal",
        contents="Årsverken och sjukfrånvaro",
        total="Sammanlagt",
        unit="Område",
        budget="Budgeterade årsverken",
        person_years="Årsverken",
        sick_leave="Sjukfrånvaro %",
        change="Förändring",
        status="Läge",
    ),
    "en": WORDS.format(
        title="Personnel",
        contents="Person-years and sick leave",
        total="Total",
        unit="Area",
        budget="Person-years budgeted",
        person_years="Person-years",
        sick_leave="Sick leave %",
        change="Change",
        status="Status",
    ),
}


def add_section(template: Path) -> None:
    """What a controller does: the file of the section, and its line in the order of the sheets."""
    (template / "personnel.toml").write_text(SECTION, encoding="utf-8")
    head = template / "template.toml"
    before = head.read_text(encoding="utf-8")
    after = before.replace('    "projects",\n', '    "projects",\n    "personnel",\n')
    assert len(after.splitlines()) == len(before.splitlines()) + 1
    head.write_text(after, encoding="utf-8")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copy_template(tmp_path_factory.mktemp("templates") / "henkilosto")
    add_section(folder)
    add_labels(folder, LABELS)
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Heinola's folder with made-up personnel figures."""
    folder = tmp_path_factory.mktemp("data") / "heinola"
    shutil.copytree(HEINOLA, folder, ignore=shutil.ignore_patterns("*.xlsx"))
    (folder / "personnel.csv").write_text(ROWS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def report_in(data: Path, template: Path) -> Callable[[str], Planned]:
    return cache(lambda language: read_folder(data, language, template))


@pytest.fixture(scope="module")
def report(report_in: Callable[[str], Planned]) -> Planned:
    return report_in("fi")


def test_values(report: Planned) -> None:
    assert report.records("personnel", "change") == {"N1": 5.5, "N2": -1.5, "N3": 0.5, "N4": None}
    # 2 % of 210.5 is 4.21 and of 35 is 0.7: 5.5 is too much, 0.5 is to be watched.
    statuses = {"N1": "Ei toteudu", "N2": "Toteutuu", "N3": "Seurattava", "N4": "Ei tietoa"}
    assert report.records("personnel", "status") == statuses
    totals = [report.value(f"personnel.totals.{c}") for c in ("person_years_budget", "person_years", "change")]
    assert totals == [383.5, 380, 4.5]  # nothing is known of HYTE's years, so its change is not -8


def test_formulas(report: Planned) -> None:
    cells = report.sheet("personnel").cells.values()
    formulas = {cell.formula for cell in cells if cell.formula and cell.node is not None}
    years, budget = (f"t_personnel[[#This Row],[{name}]]" for name in ("Toteutunut htv", "Budjetoitu htv"))
    assert f'IF(COUNT({years},{budget})<2,"",({years}-{budget}))' in formulas
    assert 'IF(COUNT(t_personnel[Muutos htv])=0,"",SUM(t_personnel[Muutos htv]))' in formulas
    (status,) = {text for text in formulas if "budget_status.no_data" in text}
    assert "parameters.material_share" in status


def test_sheet(report: Planned) -> None:
    sheet = report.sheet("personnel")
    assert (sheet.name, sheet.title) == ("Henkilöstö", "Henkilöstö")
    order = [one.key for one in report.book.sheets]
    assert order.index("personnel") == order.index("projects") + 1
    (table,) = sheet.tables
    assert (table.name, table.area.bottom - table.area.top) == ("t_personnel", 4 + 2)  # and two spare rows
    assert sum(rule.equals.startswith("budget_status.") for rule in sheet.rules) == 4
    assert "lists.units" in {validation.source for validation in sheet.validations}


def test_cover_tells_how_much_is_filled_in(report: Planned) -> None:
    cells = report.sheet("cover").cells
    (row,) = (row for (row, _), cell in cells.items() if cell.value == "Henkilöstö")
    shown = [cell.value for (other, _), cell in sorted(cells.items()) if other == row]
    assert shown == ["Henkilöstö", "Henkilötyövuodet ja sairauspoissaolot", "11/12"]  # HYTE's person-years are missing


def test_checks_hold(report: Planned) -> None:
    checks = report.checks()
    mine = {key for key in checks if "personnel" in key}
    assert mine == {
        "text_figures.personnel",
        "outside.personnel",
        "table_total.personnel.person_years_budget",
        "table_total.personnel.person_years",
        "table_total.personnel.change",
    }
    assert {checks[key].state for key in mine} == {"holds"}
    assert {checks[key].where for key in mine} == {"Henkilöstö"}


def test_checks_find_what_is_typed_wrong(report: Planned) -> None:
    """A text in a number cell and a unit that does not exist, as somebody may paste them."""
    rows = [dict(row) for row in report.report.records["personnel"]]
    rows[0]["person_years"], rows[1]["unit"] = "noin 200", "VARA"
    records = report.report.records | {"personnel": rows}
    wrong = planned(replace(report.report, records=records), report.template)
    checks = wrong.checks()
    assert (checks["text_figures.personnel"].found, checks["outside.personnel"].found) == (1, 1)
    assert {"text_figures.personnel", "outside.personnel"} <= wrong.states("fails")
    assert wrong.records("personnel", "change")["N1"] is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_builds(data: Path, template: Path, tmp_path: Path, language: str) -> None:
    path = build(data, tmp_path / "book.xlsx", language=language, template=template)
    names = {"fi": "Henkilöstö", "sv": "Personal", "en": "Personnel"}
    changes = {"fi": "Muutos htv", "sv": "Förändring", "en": "Change"}
    sheet = openpyxl.load_workbook(path, data_only=True)[names[language]]
    header = next(row for row in sheet.iter_rows() if changes[language] in [cell.value for cell in row])
    (place,) = (cell.column for cell in header if cell.value == changes[language])
    values = [sheet.cell(header[0].row + number, place).value for number in range(1, 5)]
    assert values == [5.5, -1.5, 0.5, ""]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_forgotten_word_is_named(tmp_path: Path, language: str) -> None:
    folder = copy_template(tmp_path / "henkilosto")
    add_section(folder)
    add_labels(folder, {key: text.replace("change = ", "# ") for key, text in LABELS.items()})
    with pytest.raises(FaultsError) as caught:
        load_template(folder, language)
    faults = [(fault.code, fault.file, fault.field) for fault in caught.value.faults]
    assert faults == [("label_missing", f"labels.{language}.toml", "columns.personnel.change")]
