"""The documents keep in step with what they describe."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from taulukko.cli import commands
from taulukko.formula.functions import FUNCTIONS
from taulukko.say import Say
from taulukko.template.schema import Column, Line

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TEMPLATE = (ROOT / "docs" / "template.md").read_text(encoding="utf-8")


def test_every_function_of_the_language_is_documented() -> None:
    assert set(re.findall(r"`([a-z_]+)\(", TEMPLATE)) == set(FUNCTIONS)


@pytest.mark.parametrize(("thing", "fields"), [("column", Column.model_fields), ("line", Line.model_fields)])
def test_every_key_of_a_column_and_of_a_line_is_documented(thing: str, fields: dict[str, object]) -> None:
    table = TEMPLATE.split(f"| key of a {thing} | meaning |")[1].split("\n\n")[0]
    keys = set(re.findall(r"`([a-z_]+)`", "\n".join(row.split("|")[1] for row in table.splitlines() if "|" in row)))
    assert keys == set(fields)


@pytest.mark.parametrize("command", sorted(commands(Say("en")).commands))
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"taulukko {command} " in README


def test_files_the_documents_link_to_are_there() -> None:
    for document in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            assert (ROOT / target).exists(), (document, target)
