"""The documents keep in step with what they describe."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime

import pytest

from support.built import ROOT
from taulukko.cli import COMMANDS
from taulukko.formula.functions import FUNCTIONS
from taulukko.messages import Say
from taulukko.program.actions import ACTIONS
from taulukko.program.functions import functions
from taulukko.template import find_template, load_template
from taulukko.template.catalogue import FUNCTIONS as MEASURES
from taulukko.template.catalogue import catalogue
from taulukko.template.schema import Column, Line

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
TEMPLATE = (ROOT / "docs" / "template.md").read_text(encoding="utf-8")
EXCEL = (ROOT / "docs" / "excel.md").read_text(encoding="utf-8")


def test_every_function_of_the_language_is_documented() -> None:
    assert set(re.findall(r"`([a-z_]+)\(", TEMPLATE)) == set(FUNCTIONS)


@pytest.mark.parametrize(("thing", "fields"), [("column", Column.model_fields), ("line", Line.model_fields)])
def test_every_key_of_a_column_and_of_a_line_is_documented(thing: str, fields: dict[str, object]) -> None:
    table = TEMPLATE.split(f"| key of a {thing} | meaning |")[1].split("\n\n")[0]
    keys = set(re.findall(r"`([a-z_]+)`", "\n".join(row.split("|")[1] for row in table.splitlines() if "|" in row)))
    assert keys == set(fields)


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
