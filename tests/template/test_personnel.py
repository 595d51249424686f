"""A new section needs no Python: one file, one line in template.toml, its labels and its data."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.built import HEINOLA
from support.reading import Planned, read_folder
from support.variants import add_labels, copy_template
from support.xlsx_parts import Package
from taulukko.builder import build
from taulukko.errors import FaultsError, Finding

SECTION = '''kind = "records"
used = "unit"
columns = [
    { key = "id", type = "text", role = "key" },
    { key = "unit", type = "choice", scale = "units", width = 14, required = true },
    { key = "person_years_budget", type = "number", width = 16, total = "sum", required = true, minimum = 0 },
    { key = "person_years", type = "number", width = 16, total = "sum", required = true, minimum = 0 },
    { key = "change", type = "number", role = "computed", width = 14, total = "sum", formula = """
        person_years - person_years_budget""" },
    { key = "sick_leave", type = "percent", width = 16, minimum = 0, maximum = 1 },
    { key = "status", type = "choice", scale = "budget_status", role = "computed", width = 18, formula = """
        budget_status.no_data if blank(change)
        else budget_status.off_track if round(change, 2) > 2
        else budget_status.watch if round(change, 2) > 0
        else budget_status.on_track""" },
]
'''
WORDS = {
    "fi": ("Henkilöstö", "Alue", "Suunnitellut htv", "Toteutuneet htv", "Muutos", "Sairauspoissaolot", "Tila"),
    "sv": ("Personal", "Område", "Planerade årsverken", "Årsverken", "Förändring", "Sjukfrånvaro", "Läge"),
    "en": ("Personnel", "Area", "Planned person-years", "Person-years", "Change", "Sick leave", "Status"),
}
LABELS = """[sections.personnel]
title = "{0}"
sheet = "{0}"
subtitle = ""
contents = "{0}"
total = "{0}"

[columns.personnel]
unit = "{1}"
person_years_budget = "{2}"
person_years = "{3}"
change = "{4}"
sick_leave = "{5}"
status = "{6}"
"""
DATA = """id,unit,person_years_budget,person_years,sick_leave
HT1,HYTE,10,10.5,0.041
HT2,OPKOU,200,203.25,0.052
HT3,VAKA,150,149,
HT4,VIRE,40,,0.03
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copy_template(tmp_path_factory.mktemp("template") / "osavuosikatsaus")
    (folder / "personnel.toml").write_text(SECTION, encoding="utf-8")
    head = folder / "template.toml"
    text = head.read_text(encoding="utf-8")
    assert text.count('    "texts",\n') == 1
    head.write_text(text.replace('    "texts",\n', '    "personnel",\n    "texts",\n'), encoding="utf-8")
    add_labels(folder, {language: LABELS.format(*words) for language, words in WORDS.items()})
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "heinola"
    shutil.copytree(HEINOLA, folder, ignore=shutil.ignore_patterns("*.xlsx"))
    (folder / "personnel.csv").write_text(DATA, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def personnel(data: Path, template: Path) -> Planned:
    return read_folder(data, "fi", template)


def test_the_change_is_computed_and_a_missing_figure_stays_missing(personnel: Planned) -> None:
    assert personnel.records("personnel", "change") == {"HT1": 0.5, "HT2": 3.25, "HT3": -1.0, "HT4": None}
    assert personnel.value("personnel.totals.person_years_budget") == 400
    assert personnel.value("personnel.totals.change") == 2.75


def test_the_status_follows_its_rule(personnel: Planned) -> None:
    assert personnel.records("personnel", "status") == {
        "HT1": "Seurattava",
        "HT2": "Ei toteudu",
        "HT3": "Toteutuu",
        "HT4": "Ei tietoa",
    }


def test_the_formula_names_the_table_columns(personnel: Planned) -> None:
    sheet = personnel.sheet("personnel")
    (table,) = sheet.tables
    place = table.area.left + table.headers.index("Muutos")
    row = "t_personnel[[#This Row],[{}]]".format
    assert sheet.cells[table.area.top + 1, place].formula == (
        f'IF(COUNT({row("Toteutuneet htv")},{row("Suunnitellut htv")})<2,"",'
        f"({row('Toteutuneet htv')}-{row('Suunnitellut htv')}))"
    )


def test_the_cover_lists_it_and_counts_what_is_filled_in(personnel: Planned) -> None:
    cover = personnel.sheet("cover")
    row = next(row for (row, _), cell in cover.cells.items() if cell.value == "Henkilöstö")
    assert cover.cells[row, 3].value == "11/12"


def test_the_checks_watch_over_it(personnel: Planned) -> None:
    states = {key: check.state for key, check in personnel.checks().items() if "personnel" in key}
    assert states == {
        "table_total.personnel.person_years_budget": "holds",
        "table_total.personnel.person_years": "holds",
        "table_total.personnel.change": "holds",
        "text_figures.personnel": "holds",
        "outside.personnel": "holds",
    }


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_it_builds_in_every_language(data: Path, template: Path, tmp_path: Path, language: str) -> None:
    path = build(data, tmp_path / "report.xlsx", language=language, template=template)
    assert WORDS[language][0] in {sheet.name for sheet in Package(path).sheets}


def test_a_fault_in_the_new_section_is_placed(data: Path, template: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(data, tmp_path / "data")
    (folder / "personnel.csv").write_text(DATA + "HT5,MUU,1,2,12 %\n", encoding="utf-8")
    with pytest.raises(FaultsError) as caught:
        build(folder, tmp_path / "report.xlsx", template=template)
    units = ("TOIMIALA", "HYTE", "OPKOU", "VAKA", "VIRE")
    assert caught.value.findings == [Finding("value", "personnel.csv", "6", "unit", "MUU", units)]
