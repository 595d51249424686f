"""A kind of section is added by the recipe of ARCHITECTURE.md: a class with its sheet, and one line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from support.edits import edited, put
from support.folders import data_folder
from support.places import named
from taulukko.builder import build, build_units
from taulukko.errors import FaultsError
from taulukko.folder.data_folder import load
from taulukko.folder.new import new
from taulukko.plan.draft import HEADER, Draft
from taulukko.round.collect import collect
from taulukko.template import kinds
from taulukko.template.inputs import InputFile
from taulukko.template.kinds.section import Section
from taulukko.template.parts import Column
from taulukko.xlsx.check import check
from taulukko.xlsx.workbook import read_inputs


class NotesSection(Section):
    """A note of each unit, as free text."""

    kind: Literal["notes"]
    most: int = 200

    @property
    def sheet(self) -> str:
        return __name__

    def files(self, key: str) -> Iterator[tuple[str, InputFile]]:
        unit = Column(key="unit", type="choice", scale="units", role="key")
        yield key, InputFile((unit,), (Column(key="note", type="text", most=self.most),))

    def labels(self, key: str) -> Iterator[str]:
        yield f"columns.{key}.note"

    def carried(self) -> NotesSection:
        return self


def plan_sheet(draft: Draft, key: str) -> None:
    """A row for each unit."""
    sheet = draft.sheet(key, draft.label(f"sections.{key}.title"), protected=True)
    draft.head(sheet, draft.subtitle(key), 2, key, {})
    sheet.put(HEADER, 2, draft.label(f"columns.{key}.note"), "header left")
    for row, unit in enumerate(draft.report.units, HEADER + 1):
        said = draft.report.row(key, unit.code).get("note")
        sheet.put(row, 1, unit.name, "row left")
        draft.put_unit_input(sheet, row, 2, (key, unit.code, "note"), str(said) if said else None, "left input")


HEAD = """extends = "osavuosikatsaus"
name = "noted"
version = "1"
languages = ["fi", "sv", "en"]
sections = ["cover", "risks", "notes", "checks", "controls", "parameters", "lists"]
without = ["summary"]
"""
LABELS = """[sections.notes]
title = "Muistiinpanot"
sheet = "Muistiinpanot"
subtitle = ""
contents = "Muistiinpanot"
[columns.notes]
note = "Muistiinpano"
"""


@pytest.fixture
def noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A template with a section of the kind."""
    monkeypatch.setattr(kinds, "KINDS", (*kinds.KINDS, NotesSection))
    folder = tmp_path / "noted"
    folder.mkdir()
    (folder / "template.toml").write_text(HEAD, encoding="utf-8")
    (folder / "notes.toml").write_text('kind = "notes"\nmost = 100\n', encoding="utf-8")
    for language in ("fi", "sv", "en"):
        (folder / f"labels.{language}.toml").write_text(LABELS, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path, noted: Path) -> Path:
    made = data_folder(tmp_path / "data")
    report = made / "report.toml"
    text = report.read_text(encoding="utf-8").replace('"osavuosikatsaus"', '"../noted"')
    report.write_text(text, encoding="utf-8")
    (made / "notes.csv").write_text("unit,note\nVAKA,Vanha muistiinpano\n", encoding="utf-8")
    return made


def test_it_is_read_and_shown(folder: Path) -> None:
    report, template = load(folder)
    assert report.row("notes", "VAKA") == {"unit": "VAKA", "note": "Vanha muistiinpano"}
    path = build(folder)
    assert read_inputs(path).report.inputs == report.inputs
    assert {finding.code for finding in check(path)} <= {"check_fails", "judged_alone"}


def test_what_a_unit_fills_in_is_collected(folder: Path, tmp_path: Path) -> None:
    (sent,) = (path for path in build_units(folder, tmp_path / "sent") if path.stem.endswith("VAKA"))
    sheet, cell = named(sent, "notes.unit1.note")
    back = edited(sent, tmp_path / "back.xlsx", {sheet: lambda cells: put(cells[cell], "Uusi muistiinpano")})
    (found,) = collect([back], folder)
    assert [(one.section, one.record, one.field, one.new) for one in found.changes] == [
        ("notes", "VAKA", "note", "Uusi muistiinpano")
    ]
    assert (folder / "notes.csv").read_text(encoding="utf-8") == "unit,note\nVAKA,Uusi muistiinpano\n"


def test_it_has_its_file_in_a_new_folder(noted: Path, tmp_path: Path) -> None:
    made = new(tmp_path / "new", str(noted), language="en")
    assert (made / "notes.csv").read_text(encoding="utf-8").splitlines()[0] == "unit,note"


def test_its_declaration_and_its_inputs_are_checked(folder: Path, noted: Path) -> None:
    (folder / "notes.csv").write_text(f"unit,note\nVAKA,{'x' * 101}\nMUU,a\n", encoding="utf-8")
    with pytest.raises(FaultsError) as caught:
        load(folder)
    assert [(one.code, one.place, one.field) for one in caught.value.findings] == [
        ("text_long", "2", "note"),
        ("value", "3", "unit"),
    ]
    (noted / "notes.toml").write_text('kind = "notes"\nlongest = 100\n', encoding="utf-8")
    with pytest.raises(FaultsError) as caught:
        load(folder)
    assert [(one.code, one.file, one.field) for one in caught.value.findings] == [
        ("key_unknown", "notes.toml", "longest")
    ]


def test_without_its_line_it_is_no_kind(noted: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "KINDS", tuple(one for one in kinds.KINDS if one is not NotesSection))
    with pytest.raises(FaultsError) as caught:
        load(folder)
    (found,) = caught.value.findings
    assert (found.code, found.file, found.field) == ("template_value", "notes.toml", "kind")
    assert "notes" not in found.expected and "records" in found.expected
