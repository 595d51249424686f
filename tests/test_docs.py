"""The documents keep in step with what they describe."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime
from pathlib import Path
from typing import get_args

import pytest

from support.built import ROOT
from support.declared import declarations
from taulukko.builder import build
from taulukko.cli import COMMANDS
from taulukko.folder.data_folder import load
from taulukko.formula.functions import FUNCTIONS
from taulukko.in_excel.functions.catalogue import FUNCTIONS as MEASURES
from taulukko.in_excel.functions.catalogue import catalogue
from taulukko.in_excel.functions.measures import functions
from taulukko.messages import Say
from taulukko.plan.build import plan
from taulukko.program.actions import ACTIONS
from taulukko.template import find_template, load_template
from taulukko.template.schema import CheckRule

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
TEMPLATE = (ROOT / "docs" / "template.md").read_text(encoding="utf-8")
EXCEL = (ROOT / "docs" / "excel.md").read_text(encoding="utf-8")


def test_every_function_of_the_language_is_documented() -> None:
    assert set(re.findall(r"`([a-z_]+)\(", TEMPLATE)) == set(FUNCTIONS)


DECLARED = declarations()


@pytest.mark.parametrize("name", DECLARED)
def test_every_key_of_a_template_is_documented_as_its_type_has_it(name: str) -> None:
    """What the first three columns of a declaration's table say is `support.declared`; the last is for people."""
    (told,) = re.findall(rf"^### {name}: (.*?)(?=^### |^## )", TEMPLATE, re.MULTILINE | re.DOTALL)
    table = told.split("|---|---|---|---|\n")[1].split("\n\n")[0]
    rows = [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in table.splitlines()]
    assert [row[:3] for row in rows] == [(f"`{row.key}`", row.allowed, row.otherwise) for row in DECLARED[name]]


def test_no_declaration_is_documented_that_is_not_there() -> None:
    assert set(re.findall(r"^### (\w+):", TEMPLATE, re.MULTILINE)) == set(DECLARED)


def test_what_checks_are_made_for_is_documented() -> None:
    told = re.findall(r"^\| `(\w+)` \|", TEMPLATE.split("| each | a row for each |")[1].split("\n\n")[0], re.MULTILINE)
    assert set(told) == set(get_args(CheckRule.model_fields["each"].annotation))


def test_the_example_of_a_template_builds(tmp_path: Path) -> None:
    for name, _, text in re.findall(r"^`(our-[\w./-]+)`:\n\n```(\w+)\n(.*?)```", TEMPLATE, re.MULTILINE | re.DOTALL):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    report, template = load(tmp_path / "our-report")
    book = plan(report, template)
    shown = [sheet.name for sheet in book.sheets if not (sheet.hidden or sheet.very_hidden)]
    assert shown == ["Kansi", "Tuloslaskelma", "Henkilöstö", "Tarkistukset", "Parametrit", "Luettelot"]
    personnel = next(sheet for sheet in book.sheets if sheet.key == "personnel")
    texts = {cell.value for cell in personnel.cells.values()}
    assert {"Henkilöstö 2025", "Henkilötyövuosia on toteutunut 12."} <= texts
    assert {"Yksikkö", "Suunniteltu 2025"} <= {*personnel.tables[0].headers}
    assert build(tmp_path / "our-report").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"taulukko {command} " in README


def test_files_the_documents_link_to_are_there() -> None:
    for document in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")):
        for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), (document, target)


def test_every_button_is_documented_by_its_words() -> None:
    for action in ACTIONS:
        english, finnish = (Say(language).text(f"ribbon.{action}") for language in ("en", "fi"))
        assert f"| {english} | {finnish} |" in EXCEL


def test_every_worksheet_function_is_documented_with_an_example_that_holds() -> None:
    template = load_template(find_template("osavuosikatsaus"), "en")
    found = functions(catalogue({"en": template}), "en")
    rows = re.findall(r"^\| `([A-Z_]+)` \| ([^|]+) \|.*\| `=([A-Z_]+)\(([^)]*)\)` \| ([^|]+) \|$", EXCEL, re.MULTILINE)
    assert [name for name, *_ in rows] == [one.name for one in MEASURES]
    for name, arguments, called, given, result in rows:
        assert re.findall(r"[a-z_]{3,}", arguments) == [one.key for one in found[name].arguments]
        value = found[called](*(float(one.rstrip("%")) / (100 if "%" in one else 1) for one in given.split(";")))
        shown = value if isinstance(value, str) else f"{value:,.0f}".replace(",", " ") if value > 1 else f"{value:.3f}"
        assert (called, shown) == (name, result)


def test_every_line_of_the_task_runner_that_is_told_is_there() -> None:
    told = re.findall(r"(?:`|^    )make ([a-z-]+)", CONTRIBUTING + MAKEFILE, re.MULTILINE)
    assert told
    assert set(told) <= set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))


def test_places_that_contributors_are_sent_to_are_there() -> None:
    for path in re.findall(r"`((?:tests|templates|src)/[\w./-]+\w)`", CONTRIBUTING):
        assert (ROOT / path).exists(), path
    for path in re.findall(r"`((?:plan|xlsx|template|messages|commands)/[\w./]*)`", CONTRIBUTING):
        assert (ROOT / "src" / "taulukko" / path).exists(), path


def test_every_version_that_is_told_has_its_day_and_the_first_is_this_one() -> None:
    heads = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    told = [re.fullmatch(r"(\d+\.\d+\.\d+) \((\d+ [A-Z][a-z]+ \d{4})\)", head) for head in heads]
    assert all(told), heads
    days = [datetime.strptime(one[2], "%d %B %Y") for one in told if one]
    assert days == sorted(days, reverse=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert told[0] and told[0][1] == project["version"]
