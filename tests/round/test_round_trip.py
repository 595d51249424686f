"""The whole round with Heinola's data: empty workbooks of five units, filled by LibreOffice, give it back."""

from __future__ import annotations

import re
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from support.built import HEINOLA, TEMPLATE
from support.office import Session
from support.places import column_letter, keys, row_number
from support.rounds import UNITS, Filling, Outcome, collected, copied, data, sent
from taulukko.builder import build
from taulukko.folder.data_folder import load
from taulukko.formula.days import as_serial
from taulukko.formula.references import area_of
from taulukko.plan.build import plan
from taulukko.report.inputs import fields_of
from taulukko.report.model import Input, Report
from taulukko.template import Template
from taulukko.template.schema import Column

ROOM = 30
"""Spare rows of each table: as many rows as the division has of anything, and more."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template with room for all rows in an empty workbook."""
    folder = copied(TEMPLATE, tmp_path_factory.mktemp("template") / TEMPLATE.name)
    for path in folder.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        roomy = re.sub(r'(?m)^kind = "records"$', f'kind = "records"\nunit_spare = {ROOM}', text)
        path.write_text(roomy, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as it is before anybody has filled anything in; its control figures are of rows to come."""
    folder = copied(HEINOLA, tmp_path_factory.mktemp("empty") / "heinola")
    (folder / "osavuosikatsaus.xlsx").unlink()
    (folder / "controls.csv").unlink()
    for path in folder.glob("*.csv"):
        path.write_bytes(path.read_bytes().split(b"\n")[0] + b"\n")
    return folder


@pytest.fixture(scope="module")
def returned(office: Session, empty: Path, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the five workbooks filled in."""
    folder = tmp_path_factory.mktemp("returned")
    whole, found = load(HEINOLA)
    for unit in UNITS:
        book = sent(empty, tmp_path_factory.mktemp("sent"), unit, template)
        with book.opened_in(office) as filling:
            fill(filling, whole.for_unit(unit), found)
            filling.save_as(folder / book.path.name)
    return folder


def fill(filling: Filling, report: Report, template: Template) -> None:
    """Type a unit's part of the report, keys of the rows too, so that they are those of the original."""
    book, package = filling.book, filling.package
    for sheet in book.sheets():
        if book.is_protected(sheet):
            book.unprotect(sheet)
    for key, section in template.records().items():
        records = report.rows(key)
        if not records:
            continue
        columns = [column for column in section.columns if column.role != "computed"]
        first = keys(package, key)[0]
        for column in columns:
            sheet, cell = filling.place(key, first, column.key)
            shown = [[entered(record[column.key], column, report, template)] for record in records]
            book.fill(sheet, f"{column_letter(cell)}{row_number(cell)}", shown)
    files = {name: {column.key: column for column in file.columns} for name, file in report.files.items()}
    for (where, record), row in fields_of(report).items():
        for name, value in row.items() if where not in template.records() else ():
            if value is not None:
                shown = [[entered(value, files[where][name], report, template)]]
                book.fill(*filling.place(where, record, name), shown)


def entered(value: Input, column: Column, report: Report, template: Template) -> float | str | None:
    """A value as it stands in a cell."""
    if isinstance(value, date):
        return float(as_serial(value))
    if isinstance(value, int | Decimal):
        return float(value)
    if value is None or column.scale in (None, "units") or column.role == "key":
        return value
    if column.scale == "strategic_goals":
        return next(goal.name for goal in report.strategic_goals if goal.key == value)
    return template.label(f"scales.{column.scale}.{value}")


@pytest.fixture(scope="module")
def outcome(returned: Path, empty: Path, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return collected(copied(empty, tmp_path_factory.mktemp("full") / "heinola"), returned, template=template)


def test_every_file_of_the_data_folder_comes_back_byte_for_byte(outcome: Outcome) -> None:
    assert not outcome.kinds & {"left", "faults", "refused"}
    assert {code for code, _ in outcome.notes} == {"sheet_unprotected"}
    original = {name: content for name, content in data(HEINOLA).items() if name.endswith(".csv")}
    del original["controls.csv"]
    assert len(original) == 10
    for name, content in original.items():
        assert data(outcome.folder)[name] == content, name


def test_the_whole_report_is_the_one_it_was(outcome: Outcome, tmp_path: Path) -> None:
    folder = copied(outcome.folder, tmp_path / "heinola")
    shutil.copy(HEINOLA / "controls.csv", folder)
    built = build(folder, tmp_path / "osavuosikatsaus.xlsx")
    assert built.read_bytes() == (HEINOLA / "osavuosikatsaus.xlsx").read_bytes()


def test_the_divisions_figures_are_the_sum_of_the_areas_or_said_to_be_unknown(outcome: Outcome) -> None:
    """One area has no figures of its own, so no sum can be told, and none is said to hold or to fail."""
    states = checks(*load(outcome.folder))
    sums = {state for key, state in states.items() if key.startswith("units_sum.")}
    assert sums == {"Ei voida tarkistaa"}
    assert {state for key, state in states.items() if key.startswith("crossfoot.TOIMIALA")} == {"Täsmää"}


def checks(report: Report, template: Template) -> dict[str, object]:
    """The state of each check of a report, by its key."""
    book = plan(report, template)
    cells = next(sheet for sheet in book.sheets if sheet.key == "checks").cells
    areas = {name: area_of(book.names[f"checks.column.{name}"]) for name in ("key", "state")}
    (_, keyed), (_, stated) = areas["key"], areas["state"]
    rows = range(keyed.top, keyed.bottom + 1)
    return {str(cells[row, keyed.left].value): cells[row, stated.left].value for row in rows}
