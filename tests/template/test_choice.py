"""A report chooses its template, its sections and its words; what it does not have leaves no trace."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.built import HEINOLA, TEMPLATE
from support.folders import REPORT, data_folder
from taulukko.builder import build, build_units
from taulukko.cli import run
from taulukko.errors import FaultsError, Finding
from taulukko.folder.data_folder import load
from taulukko.next_period.folder import rollover
from taulukko.plan.build import plan
from taulukko.round.collect import collect
from taulukko.round.diff import diff
from taulukko.template import load_template
from taulukko.template.files import find_template, merged
from taulukko.template.schema import SummarySection
from taulukko.xlsx.workbook import read_inputs

ALWAYS = ["cover", "checks", "parameters", "lists"]
FIGURES = """TOIMIALA,sales_revenue,10,7,11,8,,,,,,
TOIMIALA,fees,20,15,22,16,,,,,,
TOIMIALA,grants_received,5,4,5,4,,,,,,
TOIMIALA,other_revenue,1,1,1,1,,,,,,
TOIMIALA,personnel_costs,-90,-66,-95,-70,,,,,,
TOIMIALA,services_purchased,-30,-22,-31,-23,,,,,,
TOIMIALA,materials,-8,-6,-8,-6,,,,,,
TOIMIALA,other_expenses,-3,-2,-3,-2,,,,,,"""
SMALL = REPORT.replace("language", 'sections = ["income_statement", "investments"]\nlanguage')
SMALL = SMALL[: SMALL.index('[[units]]\ncode = "VAKA"')]


SECTIONS = ("investments", "investment_projects")


def chosen(folder: Path, *sections: str, template: str = "osavuosikatsaus", **files: str) -> Path:
    listed = ", ".join(f'"{section}"' for section in sections)
    report = REPORT.replace('template = "osavuosikatsaus"', f'template = "{template}"\nsections = [{listed}]')
    return data_folder(folder, report, **files)


def visible(book) -> list[str]:
    return [sheet.key for sheet in book.sheets if not (sheet.hidden or sheet.very_hidden)]


def faults_of(folder: Path) -> list[Finding]:
    with pytest.raises(FaultsError) as raised:
        load(folder)
    return raised.value.findings


def test_eight_figures_and_investments_make_the_pages_they_use(tmp_path):
    folder = data_folder(tmp_path / "small", SMALL, income_statement=FIGURES, investments="I1,Koulu,0,100,50")
    report, template = load(folder)
    book = plan(report, template)
    assert visible(book) == ["cover", "income_statement", "investments", "checks", "parameters", "lists"]
    titles = {template.label(f"sections.{key}.title") for key in ("income_statement", "investments")}
    checks = next(sheet for sheet in book.sheets if sheet.key == "checks")
    where = {str(cell.value).split(" · ")[0] for (row, column), cell in checks.cells.items() if column == 2 and row > 4}
    assert where <= titles
    keys = {str(cell.value).split(".")[0] for (row, column), cell in checks.cells.items() if column == 12 and row > 4}
    assert keys == {"unbudgeted", "unexplained", "crossfoot", "table_total", "text_figures"}


@pytest.mark.parametrize("section", ["risks", "projects", "goals_council", "texts", "income_statement", "investments"])
def test_a_section_stands_alone(section, tmp_path):
    report, template = load(chosen(tmp_path / "one", section))
    assert [key.split(".")[0] for key in visible(plan(report, template))] in (
        ["cover", section, *ALWAYS[1:]],
        ["cover", section, section, *ALWAYS[1:]],
    )


def test_what_is_left_of_the_summary_stands_side_by_side(tmp_path):
    report, template = load(chosen(tmp_path / "two", "summary", "goals_council", "goals_service_area", "projects"))
    section = template.sections["summary"]
    assert isinstance(section, SummarySection) and section.returns
    assert [(tile.key, tile.column) for tile in section.tiles] == [("goals", 0)]
    assert [(panel.key, panel.column) for panel in section.panels] == [("projects", 0)]
    assert (section.matrix, section.bars, section.returns.sections) == (None, None, ("goals_service_area", "projects"))
    assert section.rankings == ()
    left = {(one.place, one.found) for one in template.remarks if one.file == "summary.toml"}
    assert {("rankings[unfavourable]", "bars"), ("rankings[favourable]", "bars")} <= left
    assert "summary" in visible(plan(report, template))


def test_what_fell_away_is_listed_by_verbose(tmp_path, capsys):
    folder = chosen(tmp_path / "one", "risks")
    asked = ["build", str(folder), "-o", str(tmp_path / "a.xlsx"), "--verbose"]
    assert run([*asked, "--lang", "fi"]) == 0
    told = capsys.readouterr().err.splitlines()
    assert "checks.toml:checks[goal_no_data] section: " in "".join(told)
    assert len(told) == len(set(told)) == len(load(folder)[1].remarks)


def test_a_list_that_no_chosen_section_uses_falls_away_and_is_listed(tmp_path):
    folder = data_folder(tmp_path / "small", SMALL, income_statement=FIGURES, investments="I1,Koulu,0,100,50")
    report, template = load(folder)
    gone = {"goal_status", "likelihood", "impact", "risk_level", "risk_class"}
    assert not gone & template.head.scales.keys()
    left = {one.place for one in template.remarks if one.code == "left_out"}
    assert {f"scales.{scale}" for scale in gone} <= left
    book = plan(report, template)
    lists = {cell.value for cell in book.sheet("lists").cells.values()}
    assert template.label("scale_names.yes_no") in lists
    assert not lists & {template.label(f"scale_names.{scale}") for scale in gone}
    assert load(HEINOLA)[1].head.scales.keys() >= gone


def test_a_section_that_needs_another_is_told(tmp_path):
    needs = [("budget_summary", "income_statement"), ("investment_projects", "investments")]
    for number, (section, other) in enumerate(needs):
        expected = Finding("section_needed", "report.toml", "", "sections", section, (other,))
        assert faults_of(chosen(tmp_path / str(number), section)) == [expected]
    alone = faults_of(chosen(tmp_path / "summary", "summary"))
    assert alone == [
        Finding("section_needed", "report.toml", "", "sections", "summary", ("income_statement", "goals_service_area"))
    ]


def test_a_section_that_is_not_there_is_told(tmp_path):
    (fault,) = faults_of(chosen(tmp_path / "one", "risk"))
    assert (fault.code, fault.file, fault.field, fault.found) == ("value", "report.toml", "sections", "risk")
    assert "risks" in fault.expected


def test_rows_of_a_section_that_is_not_chosen_are_told(tmp_path):
    (fault,) = faults_of(chosen(tmp_path / "one", "risks", investments="I1,Koulu,0,100,50"))
    assert (fault.code, fault.file) == ("file_unknown", "investments.csv")


def test_sections_are_a_list_of_texts(tmp_path):
    report = REPORT.replace("language", 'sections = "risks"\nlanguage')
    assert [(f.code, f.field) for f in faults_of(data_folder(tmp_path / "one", report))] == [("type", "sections")]


OURS = {
    "template.toml": 'extends = "osavuosikatsaus"\nname = "oma"\nversion = "3"\n'
    "parameters = { material_amount = { value = 5000 } }\n",
    "labels.fi.toml": 'columns.projects.city_share = "Kunnan osuus %"\n',
    "risks.toml": 'columns = [{ key = "risk", width = 50 }]\n',
    "checks.toml": 'checks = [{ key = "goal_status", tolerance = "1" }]\n',
}
WHOLE = """kind = "records"
columns = [
    { key = "id", type = "text", role = "key" },
    { key = "name", type = "text" },
    { key = "budget", type = "euro", total = "sum" },
    { key = "actual", type = "euro", total = "sum" },
]
"""
"""A section with fewer columns."""


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """A template that extends the package's, in a folder beside that of the data."""
    folder = tmp_path / "our-template"
    folder.mkdir()
    for name, text in OURS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_template_that_extends_another_holds_what_differs(ours, tmp_path):
    folder = chosen(tmp_path / "data", "risks", "projects", template="../our-template", risks="R1,VAKA,,Riski,1,2,,")
    report, template = load(folder)
    assert (report.template, template.head.name, template.head.version) == ("oma", "oma", "3")
    assert template.head.parameters["material_amount"].value == 5000
    assert template.head.parameters["material_amount"].format == "euro"
    widths = {column.key: column.width for column in template.records()["risks"].columns}
    assert (widths["risk"], widths["treatment"]) == (50, 40)
    assert template.label("columns.projects.city_share") == "Kunnan osuus %"


def test_its_workbooks_are_collected_and_carried_over(ours, tmp_path):
    folder = chosen(tmp_path / "data", "risks", "projects", template="../our-template", risks="R1,VAKA,,Riski,1,2,,")
    (folder / "labels.fi.toml").write_text('columns.risks.risk = "Mikä voi mennä vikaan"\n', encoding="utf-8")
    units = build_units(folder)
    assert [one.returned.refused for one in collect(units, folder)] == [None, None]
    assert read_inputs(units[1], load(folder)[0].choice).report.rows("risks")[0]["risk"] == "Riski"
    whole = build(folder)
    assert diff(folder, whole).is_equal
    assert diff(whole, folder).is_equal
    new = rollover(folder, tmp_path / "deeper" / "next", "2024-12")
    assert (new / "report.toml").read_text(encoding="utf-8").count('template = "../../our-template"') == 1
    assert load(new)[1].label("columns.risks.risk") == "Mikä voi mennä vikaan"


def test_a_section_with_its_kind_takes_the_place_of_the_others(ours):
    (ours / "investments.toml").write_text(WHOLE, encoding="utf-8")
    with pytest.raises(FaultsError) as raised:
        load_template(ours, "fi")
    places = ["panels[investments].rows[remaining]", "panels[investments].rows[used_share]"]
    assert [(f.code, f.file, f.place) for f in raised.value.findings] == [
        ("expression", "summary.toml", p) for p in places
    ]


def test_templates_that_extend_each_other_are_told(ours, tmp_path):
    (ours / "template.toml").write_text('extends = "../other"\n', encoding="utf-8")
    shutil.copytree(ours, tmp_path / "other")
    (tmp_path / "other" / "template.toml").write_text('extends = "../our-template"\n', encoding="utf-8")
    (fault,) = faults_of(chosen(tmp_path / "data", "risks", template="../our-template"))
    assert (fault.code, fault.file, fault.field) == ("template_value", "template.toml", "extends")


def test_tables_are_merged_by_key_and_lists_of_tables_by_theirs():
    base = {"a": 1, "list": [1, 2], "rows": [{"key": "x", "n": 1, "m": 2}, {"key": "y"}]}
    own = {"list": [3], "rows": [{"key": "x", "n": 5}, {"key": "z"}], "b": 2}
    rows = [{"key": "x", "n": 5, "m": 2}, {"key": "y"}, {"key": "z"}]
    assert merged(base, own) == {"a": 1, "b": 2, "list": [3], "rows": rows}


def test_a_folder_without_a_template_is_told(tmp_path):
    (fault,) = faults_of(chosen(tmp_path / "data", "risks", template="../nothing"))
    assert (fault.code, fault.found, fault.expected) == ("template_unknown", "../nothing", ("osavuosikatsaus",))
    assert find_template("osavuosikatsaus") == TEMPLATE


def with_words(tmp_path: Path, words: str) -> Path:
    folder = shutil.copytree(HEINOLA, tmp_path / "data", ignore=shutil.ignore_patterns("*.xlsx", "units"))
    (folder / "labels.fi.toml").write_text(words, encoding="utf-8")
    return folder


def test_a_data_folder_says_its_own_words(tmp_path):
    folder = with_words(tmp_path, '[columns.projects]\ncity_share = "Kunnan osuus %"\n')
    report, template = load(folder)
    headers = [header for sheet in plan(report, template).sheets for table in sheet.tables for header in table.headers]
    assert "Kunnan osuus %" in headers
    assert "Kaupungin osuus %" not in headers
    assert load(HEINOLA)[0].digest != report.digest
    assert build(report, tmp_path / "a.xlsx").read_bytes() == build(folder, tmp_path / "b.xlsx").read_bytes()


WORDS = {
    "no label": ('columns.projects.town_share = "Kunnan osuus"', ("label_unknown", "columns.projects.town_share")),
    "no text": ("columns.projects.city_share = 3", ("type", "columns.projects.city_share")),
    "no such brace": ('words.page = "Sivu {sivu}"', ("template_value", "words.page")),
    "a lone brace": ('words.page = "Sivu {page"', ("template_value", "words.page")),
    "a brace of another": ('checks.control = "{line}"', ("template_value", "checks.control")),
    "a sentence": ('sections.risks.sentence = "{hihg}"', ("template_value", "sections.risks.sentence")),
}


@pytest.mark.parametrize("mistake", WORDS)
def test_wrong_words_are_told(mistake, tmp_path):
    words, expected = WORDS[mistake]
    faults = faults_of(with_words(tmp_path, words))
    assert [(f.code, f.field) for f in faults] == [expected]
    assert faults[0].file == "labels.fi.toml"


def test_the_year_stands_in_any_label():
    report, template = load(HEINOLA)
    words = {key: text + " {year}" for key, text in template.labels.items() if key != "decimal_mark"}
    book = plan(report, template.model_copy(update={"labels": template.labels | words}))
    assert [s.name for s in book.sheets if "{" in s.name + s.title + s.footer] == []
    said = [(sheet.key, str(c.value)) for sheet in book.sheets if not sheet.very_hidden for c in sheet.cells.values()]
    assert [one for one in said if "{year}" in one[1]] == []
    assert sum("2024" in text for _, text in said) > 500


def test_a_template_without_sections_of_the_one_it_extends(ours, tmp_path):
    with (ours / "template.toml").open("a", encoding="utf-8") as head:
        head.write('without = ["projects", "texts", "goals_council"]\n')
    report, template = load(data_folder(tmp_path / "data", REPORT.replace("osavuosikatsaus", "../our-template")))
    assert {"projects", "texts", "goals_council"} & {*visible(plan(report, template))} == set()
    assert {"risks", "investments", "summary"} <= {*visible(plan(report, template))}
    (fault,) = faults_of(chosen(tmp_path / "other", "projects", template="../our-template"))
    assert (fault.field, fault.found) == ("sections", "projects")


def test_a_workbook_tells_by_itself_which_sections_it_has(tmp_path: Path) -> None:
    folder = chosen(tmp_path / "data", *SECTIONS, investments="I1,Koulu,0,100,50")
    found = read_inputs(build(folder))
    assert found.sections == {"cover", "checks", "controls", "parameters", "lists", *SECTIONS}
    assert found.report.rows("investments") == load(folder)[0].rows("investments")
