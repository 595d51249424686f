"""Whatever a template gets wrong is told with its file, its place and what is allowed, before anything is planned."""

from __future__ import annotations

import copy
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from support.built import HEINOLA, TEMPLATE
from support.mutations import Mutation, holder_of, is_told, mutated, mutations, parts_of
from taulukko.errors import FaultsError, Finding
from taulukko.folder.data_folder import load
from taulukko.messages import Say
from taulukko.plan.build import plan
from taulukko.template import load_template
from taulukko.template.files import Files, read_files
from taulukko.template.load import template_of
from taulukko.template.needed import COLOURS, FORMATS, OF_ASSESSMENTS, OF_BARS, SCALES, STYLES, TONES

FILES = read_files(TEMPLATE, "fi", [])
EVERY = list(mutations(FILES))
ONE_OF_EACH = list({(m.file, m.kind) if len(m.kind) == 1 else m.kind: m for m in EVERY}.values())


@pytest.mark.parametrize("mutation", ONE_OF_EACH, ids=lambda m: f"{m.file}:{'.'.join(m.kind)}")
def test_a_letter_too_many_is_told(mutation: Mutation):
    assert is_told(FILES, mutation) != mutation.is_free


@pytest.mark.exhaustive
def test_a_letter_too_many_anywhere_is_told():
    assert len(EVERY) > 1000
    assert [mutation for mutation in EVERY if is_told(FILES, mutation) == mutation.is_free] == []


def test_texts_that_are_free_make_a_workbook():
    report, _ = load(HEINOLA)
    for mutation in (one for one in ONE_OF_EACH if one.is_free and one.name != "assessment"):
        assert plan(report, template_of(mutated(FILES, mutation), "fi")).sheets


MISTAKES = {
    # what is written, instead of what, in which file: place, field, something that is allowed
    "a column": ("risks", 'ids = "number"', 'ids = "numer"', "matrix", "ids", "number"),
    "an axis": ("risks", 'rows = "likelihood"', 'rows = "treatment"', "matrix", "rows", "impact"),
    "bands": ("risks", 'level = "risk_level"', 'level = "risk_class"', "matrix", "level", "risk_level"),
    "a scale": ("risks", 'scale = "risk_class"', 'scale = "risk_clas"', "columns[risk_class]", "scale", "units"),
    "a section": ("investment_projects", 'below = "investments"', 'below = "investment"', "", "below", "projects"),
    "another's column": ("investment_projects", 'column = "text"', 'column = "txt"', "quotes", "column", "text"),
    "another's choice": ("investment_projects", 'where = "topic"', 'where = "text"', "quotes", "where", "topic"),
    "a member of it": ("investment_projects", '"investment_events"', '"events"', "quotes", "values", "environment"),
    "a summed column": ("projects", '"spent"]', '"state"]', "groups", "columns", "funding"),
    "a line": ("income_statement", 'internal = "internal_purchases"', 'internal = "internal_sales"',
               "eliminations[internal_sales]", "internal", "internal_purchases"),
    "another's line": ("budget_summary", '"operating_margin", binding', '"expenses_heading", binding',
                       "lines[net]", "line", "result"),
    "a statement": ("budget_summary", 'source = "income_statement"', 'source = "risks"', "", "source",
                    "income_statement"),
    "a column of a check": ("checks", '"internal_balance", each = "eliminations", columns = ["budget"',
                            '"internal_balance", each = "eliminations", columns = ["budgt"',
                            "checks[internal_balance]", "columns", "budget"),
    "a placeholder of a check": ("checks", '"{section}.totals.{column}"', '"{sections}.totals.{column}"',
                                 "checks[table_total]", "found", "{section}"),
    "a format": ("summary", '"projects.total", format = "integer"', '"projects.total", format = "whole"',
                 "panels[projects].rows[count]", "format", "integer"),
    "a member": ("summary", 'member = "goal_status.partly"', 'member = "goal_status.part"',
                 "tiles[goals].rows[partly]", "member", "goal_status.partly"),
    "a matrix": ("summary", 'matrix = { section = "risks"', 'matrix = { section = "projects"', "matrix", "section",
                 "risks"),
    "what is filled in": ("summary", '"risks", "projects", "texts"]', '"risk", "projects", "texts"]', "returns",
                          "sections", "risks"),
    "a fact": ("template", 'report = "year"', 'report = "yaer"', "parameters.year", "report", "period_end"),
    "a colour": ("theme", 'bar = { colour = "accent"', 'bar = { colour = "acent"', "styles.bar", "colour", "accent"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_place_and_what_is_allowed(mistake, tmp_path):
    file, old, new, place, field, allowed = MISTAKES[mistake]
    faults = faults_of(edited(tmp_path, f"{file}.toml", old, new))
    told = [f for f in faults if (f.code, f.file, f.place, f.field) == ("template_value", f"{file}.toml", place, field)]
    assert len(told) == 1
    assert allowed in told[0].expected


def test_a_language_without_labels_is_told(tmp_path):
    faults = faults_of(edited(tmp_path, "template.toml", '"sv", "en"]', '"se", "en"]'))
    assert [(f.code, f.file) for f in faults] == [("file_missing", "labels.se.toml")]


def test_a_section_without_a_file_is_told(tmp_path):
    faults = faults_of(edited(tmp_path, "template.toml", '    "texts",\n', '    "tests",\n'))
    assert [(f.code, f.file, f.field) for f in faults] == [("file_missing", "tests.toml", "sections")]


def test_facts_that_refer_to_each_other_are_told(tmp_path):
    faults = faults_of(edited(tmp_path, "risks.toml", 'total = "count(filled(risks.risk))"', 'total = "risks.total"'))
    assert {(f.code, f.file, f.place, f.field) for f in faults} >= {("expression", "risks.toml", "facts", "total")}


def test_a_check_without_what_it_finds_is_told(tmp_path):
    faults = faults_of(edited(tmp_path, "checks.toml", ', found = "goals_council.no_data"', ""))
    assert [(f.code, f.place, f.field) for f in faults] == [("key_missing", "checks[council_no_data]", "found")]


def edited(folder: Path, file: str, old: str, new: str) -> Path:
    """A copy of the template with one thing changed."""
    template = shutil.copytree(TEMPLATE, folder / "template")
    text = (template / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (template / file).write_text(text.replace(old, new), encoding="utf-8")
    return template


def faults_of(template: Path):
    with pytest.raises(FaultsError) as raised:
        load_template(template, "fi")
    return raised.value.findings


def removed(path: tuple[str | int, ...], file: str) -> Files:
    content = copy.deepcopy(FILES[file])
    del holder_of(content, path)[path[-1]]
    return FILES | {file: content}


def faults_without(file: str, *path: str | int) -> list[tuple[str, str, str, str]]:
    with pytest.raises(FaultsError) as raised:
        template_of(removed(path, file), "fi")
    return [(fault.code, fault.file, fault.place, fault.field) for fault in raised.value.findings]


@pytest.mark.parametrize("table", ["tones", "colours", "formats", "styles"])
def test_what_sheets_name_in_the_theme_is_needed(table):
    needed = {"tones": TONES, "colours": COLOURS, "formats": FORMATS, "styles": STYLES}[table]
    assert set(needed) == set(FILES["theme.toml"][table])
    for name in needed:
        assert ("key_missing", "theme.toml", table, name) in faults_without("theme.toml", table, name)


def test_members_that_sheets_name_are_needed():
    for scale, members in (SCALES | OF_ASSESSMENTS | OF_BARS | {"explanation_state": ("missing",)}).items():
        for member in members:
            told = faults_without("template.toml", "scales", scale)
            assert ("key_missing", "template.toml", f"scales.{scale}", member) in told


def test_a_parameter_is_a_value_a_fact_or_a_formula():
    expected = ("key_missing", "template.toml", "parameters.months", "value | report | formula")
    assert faults_without("template.toml", "parameters", "months", "formula") == [expected]
    expected = ("template_value", "template.toml", "parameters.period_end", "format")
    assert faults_without("template.toml", "parameters", "period_end", "format") == [expected]


def test_columns_that_sheets_name_are_needed():
    for file, number, key in (
        ("income_statement.toml", 18, 'given = "level"'),
        ("investments.toml", 1, "type = text"),
        ("investment_projects.toml", 1, "type = text"),
    ):
        assert ("key_missing", file, "columns", key) in faults_without(file, "columns", number)


def test_only_a_total_has_parts():
    expected = ("template_value", "income_statement.toml", "lines[operating_margin]", "kind")
    assert expected in faults_without("income_statement.toml", "lines", 17, "kind")


@pytest.mark.exhaustive
def test_a_template_without_any_one_part_of_it_is_told_or_makes_a_workbook():
    report, _ = load(HEINOLA)
    report = replace(report.with_rows("checks", []), controls=[])
    for file in (name for name in FILES if not name.startswith("labels.")):
        for path in parts_of(FILES[file]):
            try:
                template = template_of(removed(path, file), "fi")
            except FaultsError:
                continue
            assert plan(report, template, to_send=False).sheets, (file, path)


LITERALS = {
    # what is written, instead of what, in which file: place, field, the number
    "a factor": ("income_statement", '"budget - actual"', '"budget - actual * 1.1"', "columns[remaining]", "1.1"),
    "a threshold": ("projects", "round(spending, 6) > 1 ", "round(spending, 6) > 0.9 ", "columns[over_funding]", "0.9"),
    "a hundred that is compared": ("projects", "round(spending, 6) > 1 ", "round(spending, 6) > 100 ",
                                   "columns[over_funding]", "100"),
    "months of a year": ("template", "parameters.months / parameters.months_in_year", "parameters.months / 12",
                         "parameters.elapsed_share", "12"),
    "a tolerance": ("checks", '"sum({section}.{column})", tolerance = "parameters.rounding / 100"',
                    '"sum({section}.{column})", tolerance = "0.005"', "checks[table_total]", "0.005"),
    "a least one": ("projects", "max(spent - funding, 0)", "max(spent - funding, -500)", "columns[overrun]", "-500"),
    "a fact": ("risks", 'medium = "count(risks.level == risk_level.medium)"',
               'medium = "count(risks.value >= 3)"', "facts", "3"),
}  # fmt: skip


@pytest.mark.parametrize("literal", LITERALS)
def test_a_number_that_should_be_a_parameter_is_told_by_itself(literal, tmp_path):
    file, old, new, place, number = LITERALS[literal]
    (fault,) = faults_of(edited(tmp_path, f"{file}.toml", old, new))
    assert (fault.code, fault.file, fault.place, fault.found) == ("literal", f"{file}.toml", place, number)


def test_a_number_that_should_be_a_parameter_is_told_in_three_languages():
    fault = Finding("literal", "risks.toml", "columns[value]", "formula", "1.1")
    for language, word in (("fi", "NIMI"), ("sv", "NAMN"), ("en", "NAME")):
        assert f"parameters.{word}" in Say(language).finding(fault)
        assert "`value = 1.1`" in Say(language).finding(fault)


def test_the_parameter_by_which_figures_may_differ_is_needed():
    assert ("key_missing", "template.toml", "parameters", "rounding") in faults_without(
        "template.toml", "parameters", "rounding"
    )
