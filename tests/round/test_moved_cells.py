"""Rows copied over others and cells moved without their hidden keys: followed or refused, never another record's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.returned import made_up, quickly
from taulukko.builder import build
from taulukko.folder.data_folder import load
from taulukko.folder.journal import Journal
from taulukko.report.inputs import Fields, Place, fields_of, written
from taulukko.round.merge import Change, merge
from taulukko.round.receive import theirs_of
from taulukko.xlsx.cells import Cell
from taulukko.xlsx.package import Package, open_package
from taulukko.xlsx.workbook import Inputs, inputs_of

Cells = dict[tuple[int, int], Cell]
Edit = Callable[["Table"], None]


class Table:
    """The cells of a table whose rows have hidden keys; columns and rows as they stand on the sheet, from 0."""

    def __init__(self, package: Package, section: str, own: str = "id"):
        keys = package.area(f"{section}.column.{own}")
        assert keys
        self.sheet, self.key = keys[0], keys[1].left
        self.cells: Cells = dict(package.cells(self.sheet))
        names = [name for name in package.names if name.startswith(f"{section}.column.")]
        places = [place for name in names if (place := package.area(name))]
        self.columns = sorted({area.left for sheet, area in places if sheet == self.sheet})
        self.rows = list(package.rows(self.sheet, keys[1]))
        self.by_key = {self.cells[row, self.key].value: row for row in self.rows if (row, self.key) in self.cells}

    def visible(self) -> list[int]:
        return [column for column in self.columns if column != self.key]

    def value(self, row: int, column: int) -> object:
        return self.cells[row, column].value if (row, column) in self.cells else None

    def copy(self, source: int, target: int, columns: list[int]) -> None:
        for column in columns:
            cell = self.cells.get((source, column))
            if cell is None:
                self.cells.pop((target, column), None)
            else:
                self.cells[target, column] = cell

    def replace(self, row: int, old: str, new: str) -> None:
        for column in self.visible():
            if self.value(row, column) == old:
                self.cells[row, column] = self.cells[row, column]._replace(value=new)

    def clear(self, row: int, columns: list[int]) -> None:
        for column in columns:
            self.cells.pop((row, column), None)

    def shift_up(self, row: int, columns: list[int]) -> None:
        """Delete cells of a row, and shift those below it up, to the end of the table."""
        for below in range(row, self.rows[-1]):
            self.copy(below + 1, below, columns)
        self.clear(self.rows[-1], columns)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with quickly():
        folder = made_up(tmp_path_factory.mktemp("moved") / "data")
        statement = folder / "income_statement.csv"
        text = statement.read_text(encoding="utf-8")
        statement.write_text(text.replace("VAKA,fees,1,1,1,1,,,,,,", "VAKA,fees,1,1,1,1,,,Toinen,,,"), encoding="utf-8")
        yield folder


@pytest.fixture(scope="module")
def vaka(folder: Path) -> Package:
    return open_package(build(folder, folder.with_name("vaka.xlsx"), unit="VAKA"))


@pytest.fixture(scope="module")
def whole(folder: Path) -> Package:
    return open_package(build(folder, folder.with_name("whole.xlsx")))


def read(package: Package, table: Table) -> Inputs:
    there = Package(package.path, package.container, package.sheets, package.names, package.tables)
    there._cells = {**{title: package.cells(title) for title in package.sheets}, table.sheet: table.cells}
    return inputs_of(there)


def changes(folder: Path, inputs: Inputs) -> tuple[Fields, list[Change]]:
    ours = fields_of(load(folder)[0])
    return ours, [one for one in merge(theirs_of(inputs, "h", None), ours, Journal()) if one.event != "agreed"]


def removed(found: list[Change]) -> set[Place]:
    return {one.place for one in found if one.event == "removed"}


def delete_first(table: Table) -> None:
    table.shift_up(table.by_key["R1"], table.visible())


def delete_last_but_one(table: Table) -> None:
    keys = [key for key in table.by_key if isinstance(key, str) and key.startswith("R")]
    table.shift_up(table.by_key[keys[-2]], table.visible())


def delete_first_and_edit(table: Table) -> None:
    delete_first(table)
    name = next(c for c in table.visible() if table.value(table.by_key["R1"], c) == "Melu")
    for column in table.visible():
        if column != name:
            table.clear(table.by_key["R1"], [column])


def cut_to_spare_row(table: Table) -> None:
    table.copy(table.by_key["R1"], table.by_key["VAKA-2"], table.visible())
    table.clear(table.by_key["R1"], table.visible())


def cut_over_another(table: Table) -> None:
    table.copy(table.by_key["R1"], table.by_key["R3"], table.visible())
    table.clear(table.by_key["R1"], table.visible())


def lose_its_key(table: Table) -> None:
    table.clear(table.by_key["R1"], [table.key])


def garble_its_key(table: Table) -> None:
    place = table.by_key["R1"], table.key
    table.cells[place] = table.cells[place]._replace(value="R1x")


def copy_over(table: Table) -> None:
    """A whole row with its hidden key: the other record is nowhere any more."""
    table.copy(table.by_key["R1"], table.by_key["R3"], table.columns)


def copy_over_and_edit(table: Table) -> None:
    copy_over(table)
    row = table.by_key["R3"]
    table.replace(row, "Tulva", "Uusi")


MOVED: list[Edit] = [
    delete_first,
    delete_last_but_one,
    delete_first_and_edit,
    cut_to_spare_row,
    cut_over_another,
    lose_its_key,
    garble_its_key,
]


@pytest.mark.parametrize("edit", MOVED)
def test_cells_that_stand_beside_other_keys_are_refused(folder: Path, vaka: Package, edit: Edit) -> None:
    table = Table(vaka, "risks")
    edit(table)
    inputs = read(vaka, table)
    assert [fault.code for fault in inputs.faults] == ["keys_apart"]
    assert changes(folder, inputs)[1] == []


@pytest.mark.parametrize("edit", [copy_over, copy_over_and_edit])
def test_a_row_copied_over_another_removes_nothing(folder: Path, vaka: Package, edit: Edit) -> None:
    table = Table(vaka, "risks")
    edit(table)
    ours, found = changes(folder, read(vaka, table))
    assert {one.place for one in found if one.event == "doubtful"} == {("risks", "R3")}
    assert not removed(found)
    for one in found:
        assert one.event == "doubtful" or one.place not in ours, "no record is replaced"


@pytest.mark.parametrize("key", ["P99", "#REF!", "R1"])
def test_while_a_key_is_doubtful_nothing_is_removed(folder: Path, vaka: Package, key: str) -> None:
    """Somebody has deleted a row, and another's key is not one that was sent out, or is there twice."""
    table = Table(vaka, "risks")
    table.clear(table.by_key["R3"], table.columns)
    spare = table.by_key["VAKA-1"]
    table.copy(table.by_key["R1"], spare, table.columns)
    table.replace(spare, "Tulva", "Uusi")
    table.cells[spare, table.key] = table.cells[spare, table.key]._replace(value=key)
    _, found = changes(folder, read(vaka, table))
    assert not removed(found)
    assert {one.place for one in found if one.event == "doubtful"} == {("risks", "R3")}


def test_rows_deleted_whole_and_added_are_as_they_are(folder: Path, vaka: Package) -> None:
    table = Table(vaka, "risks")
    table.clear(table.by_key["R3"], table.columns)
    name = next(c for c in table.visible() if table.value(table.by_key["R1"], c) == "Tulva")
    table.cells[table.by_key["VAKA-1"], name] = table.cells[table.by_key["R1"], name]._replace(value="Uusi")
    _, found = changes(folder, read(vaka, table))
    assert removed(found) == {("risks", "R3")}
    assert {one.place for one in found if one.event == "taken"} == {("risks", "VAKA-1")}


def test_explanations_that_stand_beside_other_lines_are_refused(folder: Path, vaka: Package) -> None:
    table = Table(vaka, "income_statement.unit1", "line")
    explanation = vaka.area("income_statement.unit1.column.explanation")
    assert explanation
    texts = [row for row in table.rows if table.value(row, explanation[1].left) in ("Toinen", "Selitys")]
    table.copy(texts[1], texts[0], [explanation[1].left])
    table.clear(texts[1], [explanation[1].left])
    inputs = read(vaka, table)
    assert "keys_apart" in [fault.code for fault in inputs.faults]
    assert not [one for one in changes(folder, inputs)[1] if one.section == "income_statement"]


def test_a_line_whose_key_is_there_twice_is_not_read(folder: Path, vaka: Package) -> None:
    table = Table(vaka, "income_statement.unit1", "line")
    table.cells[table.by_key["materials"], table.key] = table.cells[table.by_key["fees"], table.key]
    inputs = read(vaka, table)
    assert "key_twice" in [fault.code for fault in inputs.faults]
    assert not [one for one in changes(folder, inputs)[1] if one.record == "VAKA.fees"]


def test_what_stands_where_it_stood_is_read(folder: Path, vaka: Package, whole: Package) -> None:
    for package in (vaka, whole):
        inputs = read(package, Table(package, "risks"))
        assert (inputs.faults, inputs.doubted) == ([], set())
        ours, found = changes(folder, inputs)
        assert not found
        assert all(
            written(value) == written(ours[place][c]) for place, r in inputs.fields.items() for c, value in r.items()
        )
