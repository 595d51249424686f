"""Every word a reader sees is a label; every language has them all; what the municipality wrote stays as it is."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.built import HEINOLA, LANGUAGES, TEMPLATE, Built
from support.xlsx_parts import texts_in
from taulukko.cli import run
from taulukko.errors import FaultsError, Finding
from taulukko.folder.data_folder import load
from taulukko.plan.book import Workbook
from taulukko.plan.build import plan
from taulukko.report.model import Report
from taulukko.template import Template, load_template

WORD = re.compile(r"[A-Za-zÅÄÖåäö]{2,}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the template to be edited."""
    return shutil.copytree(TEMPLATE, tmp_path / "template")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_complete(language):
    assert load_template(TEMPLATE, language).labels.keys() == load_template(TEMPLATE, "fi").labels.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_label_is_named(folder, language):
    path = folder / f"labels.{language}.toml"
    line = next(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("grants_paid = "))
    edit(path, line + "\n", "")
    with pytest.raises(FaultsError) as raised:
        load_template(folder, language)
    assert raised.value.findings == [Finding("label_missing", path.name, field="lines.grants_paid")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_label_that_nothing_uses_is_a_remark(folder, language):
    path = folder / f"labels.{language}.toml"
    assert load_template(folder, language).remarks == ()
    edit(path, "[lines]\n", '[lines]\nbonus_paid = "Bonus"\nbonus_received = "Bonus"\n')
    assert load_template(folder, language).remarks == tuple(
        Finding("label_orphan", path.name, field=f"lines.{key}", found="Bonus", severity="remark")
        for key in ("bonus_paid", "bonus_received")
    )


def test_all_faults_come_at_once(folder):
    path = folder / "labels.sv.toml"
    edit(path, "\nfees = ", "\nfee = ")
    edit(path, "\ngrants_paid = ", "\ngrant_paid = ")
    with pytest.raises(FaultsError) as raised:
        load_template(folder, "sv")
    assert {fault.field for fault in raised.value.findings} >= {"lines.fees", "lines.grants_paid"}


def test_a_language_without_labels_lists_those_there_are():
    with pytest.raises(FaultsError) as raised:
        load_template(TEMPLATE, "de")
    assert raised.value.findings == [Finding("language", "template.toml", "languages", "lang", "de", LANGUAGES)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_braces_are_those_of_finnish(language):
    """What a label leaves open is filled in by name, so every translation needs the same names."""
    finnish, other = load_template(TEMPLATE, "fi").labels, load_template(TEMPLATE, language).labels
    assert {key: text for key, text in other.items() if braces(text) != braces(finnish[key])} == {}


def braces(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_sheets_fit(language):
    """Excel allows 31 characters; the code of a unit follows a statement's name."""
    labels = load_template(TEMPLATE, language).labels
    names = {key: text for key, text in labels.items() if re.fullmatch(r"sections\.\w+\.sheet", key)}
    assert len(names) > 10
    assert {text for text in names.values() if len(text) > 31 or re.search(r"[\[\]:*?/\\]", text)} == set()
    assert len(labels["sections.income_statement.sheet"]) <= 31 - len(" OPKOU")


# what the workbook says


def constants(book: Workbook) -> Iterator[str]:
    """Texts of the cells that are seen and not computed."""
    for sheet in book.sheets:
        if not sheet.very_hidden:
            for (_, column), cell in sheet.cells.items():
                if isinstance(cell.value, str) and not cell.formula and column not in sheet.hidden_columns:
                    yield cell.value


def words_around(book: Workbook) -> Iterator[str]:
    """What is said beside the cells: names, footers, headers, messages, charts."""
    yield from (book.title, book.subject, book.keywords)
    for sheet in book.sheets:
        if sheet.very_hidden:
            continue
        yield from (sheet.name, sheet.title, sheet.footer)
        for table in sheet.tables:
            yield from (header for header in table.headers if not header.startswith("_"))
        for validation in sheet.validations:
            yield from (validation.title, validation.message, validation.prompt)
        for chart in sheet.charts:
            yield from (chart.title, chart.alt, *(series.name for series in chart.series))


def literals(book: Workbook) -> set[str]:
    """Texts inside formulas, without the addresses that links lead to and the keys that rows are counted by."""
    formulas = (cell.formula for sheet in book.sheets for cell in sheet.cells.values())
    return {text for text in texts_in(formulas) if not re.fullmatch(r"#'.*'![A-Z]+\d+|[a-z_]+\.\w+", text)}


def own_texts(report: Report, template: Template) -> set[str]:
    """Everything the municipality wrote, without the keys of scales."""
    found = {report.municipality, report.division, report.board, report.responsible, report.period}
    found |= {text for unit in report.units for text in (unit.code, unit.name, unit.short)}
    found |= {text for goal in report.strategic_goals for text in (goal.name, *goal.subgoals)}
    free = {
        key: {column.key for column in section.columns if column.is_text and not column.scale}
        for key, section in (template.records() | template.statements()).items()
    }
    free |= {"assessments": {"text"}, "checks": {"reason", "name"}}
    rows = [(row, keys) for section, keys in free.items() for row in report.rows(section)]
    return found | {str(value) for row, keys in rows for key, value in row.items() if key in keys and value}


def pieces(text: str) -> list[str]:
    """The fixed parts of a label around its braces, those with words of some length."""
    return [piece for piece in re.split(r"\{\w+\}", text) if len(re.sub(r"\W", "", piece)) >= 4]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_finnish_label_is_left(built_in, finnish: Built, language):
    other: Built = built_in(language)
    own, labels = own_texts(other.report, other.template), set(other.template.labels.values())
    foreign = {text for text in finnish.template.labels.values() if text not in labels | own}
    assert len(foreign) > 350
    said = {text for text in (*constants(other.plan), *words_around(other.plan)) if text not in own}
    assert said & foreign == set()
    kept = {piece for text in labels for piece in pieces(text)}
    parts = {piece for text in foreign for piece in pieces(text)} - kept
    assert {text for text in literals(other.plan) | said for part in parts if text.strip() == part.strip()} == set()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_own_texts_stay_as_they_were_written(built_in, finnish: Built, language):
    def count(built: Built) -> Counter[str]:
        return Counter(text for text in constants(built.plan) if text in own and text not in labels)

    other: Built = built_in(language)
    own = {text for text in own_texts(finnish.report, finnish.template) if len(text) > 12}
    labels = set(finnish.template.labels.values()) | set(other.template.labels.values())
    assert len(count(finnish)) > 100
    assert count(other) == count(finnish)


# words that stand in the code


def mark(path: Path) -> None:
    """Replace the words of a label file by marks without letters; its braces stay."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        key, equals, text = line.partition(" = ")
        if equals:
            kept = "".join(f" {{{name}}}" for name in re.findall(r"\{(\w+)\}", text))
            lines[number] = f'{key} = "Ω{number:03}{kept}"'
    path.write_text("\n".join(lines), encoding="utf-8")


def test_every_word_is_a_label(folder):
    """With marks for labels only the municipality's own words are left."""
    mark(folder / "labels.fi.toml")
    report, template = load(HEINOLA, "fi", folder)
    book = plan(report, template)
    known = sorted({*own_texts(report, template), *book.names, template.head.name, report.digest[:16]}, key=len)[::-1]
    left = set()
    for text in {*constants(book), *words_around(book), *literals(book)}:
        rest = text
        for own in known:
            rest = rest.replace(own, "")
        if WORD.search(rest):
            left.add((text[:80], rest[:80]))
    assert left == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_name_that_excel_refuses_is_told_with_its_label(language, tmp_path, capsys):
    folder = shutil.copytree(HEINOLA, tmp_path / "data", ignore=shutil.ignore_patterns("*.xlsx"))
    names = {
        "risks": "HISTORY",
        "projects": "Riskit: 2024",
        "texts": "'Tekstit",
        "investments": "Kansi",
        "cover": "KANSI",
    }
    words = "".join(f'[sections.{key}]\nsheet = "{name}"\n' for key, name in names.items())
    (folder / f"labels.{language}.toml").write_text(words, encoding="utf-8")
    assert run(["build", str(folder), "-o", str(tmp_path / "a.xlsx"), "--lang", language]) == 2
    told = capsys.readouterr().err
    assert all(f"sections.{key}.sheet" in told for key in names if key != "cover")
    assert all(f"“{name}”" in told or f"”{name}”" in told for key, name in names.items() if key != "cover")
    assert not (tmp_path / "a.xlsx").exists()


def test_units_with_a_long_sheet_name_have_sheets_of_their_own(tmp_path):
    folder = shutil.copytree(HEINOLA, tmp_path / "data", ignore=shutil.ignore_patterns("*.xlsx"))
    long = "Tuloslaskelma ja sen toteutuminen"
    (folder / "labels.fi.toml").write_text(f'[sections.income_statement]\nsheet = "{long}"\n', encoding="utf-8")
    report, template = load(folder)
    names = [sheet.name for sheet in plan(report, template).sheets]
    assert len({name.lower() for name in names}) == len(names)
    assert all(len(name) <= 31 for name in names)
    assert all(any(name.endswith(f" {unit.code}") for name in names) for unit in report.areas)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_header_that_formulas_cannot_name_is_told_with_its_label(language, tmp_path, capsys):
    folder = shutil.copytree(HEINOLA, tmp_path / "data", ignore=shutil.ignore_patterns("*.xlsx"))
    words = (
        '[columns.risks]\nrisk = "Sama"\ntreatment = "sama"\n[columns.projects]\nname = "Hanke [nimi]"\ncode = "#"\n'
    )
    words += '[answer]\nsheet = "Viat: 1"\n'
    (folder / f"labels.{language}.toml").write_text(words, encoding="utf-8")
    assert run(["build", str(folder), "-o", str(tmp_path / "a.xlsx"), "--lang", language]) == 2
    told = capsys.readouterr().err
    labels = ("columns.risks.treatment", "columns.projects.name", "columns.projects.code", "answer.sheet")
    assert [label for label in labels if f" {label}: " not in told] == []
    assert "columns.risks.risk" not in told
    assert not (tmp_path / "a.xlsx").exists()
