"""Every row and column of every sheet deleted, inserted before and moved: no figure is taken from a neighbour."""

from __future__ import annotations

from dataclasses import replace

import pytest

from program.test_layout_sweep import Edit, edits
from support.built import Built
from taulukko.formula.references import Area
from taulukko.program.host import read_book
from taulukko.report.inputs import Fields, written
from taulukko.xlsx.host import FileHost
from taulukko.xlsx.package import Package, open_package
from taulukko.xlsx.workbook import inputs_of


def applied(package: Package, edit: Edit, names_follow: bool = True) -> Package:
    """A file after an edit, its names and tables as a spreadsheet program makes them follow."""
    cells = {}
    for (row, column), cell in package.cells(edit.title).items():
        there = edit.place(row if edit.axis == 1 else column)
        if there is not None:
            cells[(there, column) if edit.axis == 1 else (row, there)] = cell
    tables = dict(package.tables)
    for name, table in package.tables.items():
        if table.sheet == edit.title:
            area = table.area
            first, last = (area.top, area.bottom) if edit.axis == 1 else (area.left, area.right)
            kept = [place for line in range(first, last + 1) if (place := edit.place(line)) is not None]
            first, last = min(kept, default=0), max(kept, default=0)
            now = (
                Area(first, area.left, last, area.right) if edit.axis == 1 else Area(area.top, first, area.bottom, last)
            )
            tables[name] = replace(table, area=now)
    names = {name: edit._target(target).removeprefix("=") for name, target in package.names.items()}
    found = Package(package.path, package.container, package.sheets, names if names_follow else package.names, tables)
    found._cells = {**{title: package.cells(title) for title in package.sheets}, edit.title: cells}
    return found


def wrong(before: Fields, package: Package, edit: Edit, names_follow: bool = True) -> list[tuple[str, str, str]]:
    """The fields that are read as something else than what was filled in."""
    found = inputs_of(applied(package, edit, names_follow))
    return [
        (*place, column)
        for place, row in found.fields.items()
        for column, value in row.items()
        if value is not None and written(value) != written(before.get(place, {}).get(column))
    ]


@pytest.mark.exhaustive
def test_whatever_line_is_put_taken_or_moved_no_field_is_read_as_another(finnish: Built) -> None:
    package = open_package(finnish.path)
    before = inputs_of(package).fields
    book = read_book(FileHost(package))
    book = replace(book, values={title: [list(row) for row in rows] for title, rows in book.values.items()})
    titles = [title for title in package.sheets if title != "_taulukko"]
    every = [edit for title in titles for edit in edits(book, title)]
    assert [(edit, found[:3]) for edit in every if (found := wrong(before, package, edit))] == []
    assert any(wrong(before, package, edit, names_follow=False) for edit in every if edit.title == "Riskit")


def test_two_columns_on_one_place_are_faults_and_neither_is_read(finnish: Built) -> None:
    """As when somebody cuts the cells of a column and pastes them over another's."""
    package = open_package(finnish.path)
    before = inputs_of(package)
    package = open_package(finnish.path)
    package.names["risks.column.likelihood"] = package.names["risks.column.impact"]
    found = inputs_of(package)
    assert [(one.code, one.field) for one in found.faults] == [
        ("name_missing", "likelihood"),
        ("name_missing", "impact"),
    ]
    assert all(
        {"likelihood", "impact"}.isdisjoint(found.fields[place]) for place in found.fields if place[0] == "risks"
    )
    assert before.fields["risks", "R1"]["treatment"] == found.fields["risks", "R1"]["treatment"]


def test_a_column_that_was_pasted_a_row_lower_is_a_fault(finnish: Built) -> None:
    package = open_package(finnish.path)
    sheet, area = package.area("risks.column.impact") or ("", None)
    assert area
    package._areas["risks.column.impact"] = sheet, area._replace(top=area.top + 1, bottom=area.bottom + 1)
    assert [(one.code, one.field) for one in inputs_of(package).faults] == [("name_missing", "impact")]
