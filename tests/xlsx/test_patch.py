"""Cells put right in a file, whose other bytes stay: formulas shared or gone, rows that are not there, any prefix."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from support.built import Built
from support.edits import edited, put
from taulukko import check, fix
from taulukko.formula.addresses import address
from taulukko.xlsx.package import open_package

Texts = Callable[[str, str], str]
"""Changes the text of a part, given its name."""


def repacked(source: Path, target: Path, change: Texts) -> Path:
    with zipfile.ZipFile(source) as book, zipfile.ZipFile(target, "w") as copy:
        for part in book.infolist():
            copy.writestr(
                part,
                change(part.filename, book.read(part).decode("utf-8", "surrogateescape")).encode(
                    "utf-8", "surrogateescape"
                ),
            )
    return target


def formulas(finnish: Built, key: str) -> tuple[str, list[tuple[int, int]]]:
    """The title of a sheet, and its cells with a formula that gives a number."""
    sheet = finnish.sheet(key)
    return sheet.name, sorted(at for at, cell in sheet.cells.items() if cell.formula and isinstance(cell.value, float))


def wrong(path: Path) -> list[str]:
    return sorted({one.code for one in check(path)} - {"check_fails"})


def part_of(finnish: Built, title: str) -> str:
    return open_package(finnish.path).sheets[title]


def test_everything_but_the_changed_cells_stays_byte_for_byte(finnish: Built, tmp_path: Path) -> None:
    title, (first, *_) = formulas(finnish, "income_statement.VAKA")
    cell = address(*first)
    broken = edited(finnish.path, tmp_path / "a.xlsx", {title: lambda cells: put(cells[cell], 5.0)})
    fixed = fix(broken)
    assert [one.place for one in fixed.restored] == [f"{title}!{cell}"]
    assert wrong(fixed.path) == []
    old, new = (zipfile.ZipFile(path) for path in (broken, fixed.path))
    assert old.namelist() == new.namelist()
    assert [name for name in old.namelist() if old.read(name) != new.read(name)] == [part_of(finnish, title)]
    assert open_package(fixed.path).cells(title) == open_package(finnish.path).cells(title)


def test_what_somebody_has_added_is_kept(finnish: Built, tmp_path: Path) -> None:
    title, (first, *_) = formulas(finnish, "income_statement.VAKA")
    book = openpyxl.load_workbook(finnish.path)
    book.create_sheet("Muistio")["A1"] = "Muista tämä"
    book[title][address(*first)] = 5
    book.save(tmp_path / "a.xlsx")
    fixed = openpyxl.load_workbook(fix(tmp_path / "a.xlsx").path)
    assert fixed["Muistio"]["A1"].value == "Muista tämä"
    assert str(fixed[title][address(*first)].value).startswith("=")


@pytest.mark.parametrize("gone", ["cell", "cells of a row", "row"])
def test_cells_that_are_not_in_the_file_any_more_are_put_where_they_belong(
    finnish: Built, tmp_path: Path, gone: str
) -> None:
    sheet = finnish.sheet("risks")
    formulas = {at for at, cell in sheet.cells.items() if cell.formula}
    filled = {at for at, cell in sheet.cells.items() if cell.formula or cell.value not in (None, "")}
    row = next(row for row, _ in sorted(formulas) if {at for at in filled if at[0] == row} <= formulas)
    places = sorted(at for at in formulas if at[0] == row)

    def without(name: str, text: str) -> str:
        if name != part_of(finnish, sheet.name):
            return text
        if gone == "cell":
            return re.sub(rf'<c r="{address(*places[-1])}"[^>]*>.*?</c>', "", text)
        row_now = re.compile(rf'<row r="{row + 1}"([^>]*)>.*?</row>')
        assert row_now.search(text)
        return row_now.sub("" if gone == "row" else rf'<row r="{row + 1}"\1/>', text)

    path = repacked(finnish.path, tmp_path / "a.xlsx", without)
    assert places[-1] not in open_package(path).cells(sheet.name)
    fixed = fix(path)
    found, was = (open_package(one).cells(sheet.name) for one in (fixed.path, finnish.path))
    assert {at: found[at] for at in places} == {at: was[at] for at in places}
    text = zipfile.ZipFile(fixed.path).read(part_of(finnish, sheet.name)).decode()
    rows = [int(one) for one in re.findall(r'<row r="(\d+)"', text)]
    assert rows == sorted(set(rows))
    cells = re.findall(r'<c r="([A-Z]+)\d+"', text[text.index(f'<row r="{row + 1}"') :].partition("</row>")[0])
    assert cells == sorted(cells, key=lambda one: (len(one), one))


def test_cells_that_share_the_formula_of_a_changed_one_keep_theirs(finnish: Built, tmp_path: Path) -> None:
    title, places = formulas(finnish, "income_statement.VAKA")
    part = part_of(finnish, title)
    cells = open_package(finnish.path).cells(title)
    pairs = [(at, (at[0] + 1, at[1])) for at in places if (at[0] + 1, at[1]) in places]
    above, below = next(
        pair
        for pair in pairs
        if cells[pair[0]].formula.replace(str(pair[0][0] + 1), str(pair[1][0] + 1)) == cells[pair[1]].formula
    )

    def shared(name: str, text: str) -> str:
        if name != part:
            return text
        area = f"{address(*above)}:{address(*below)}"
        text = re.sub(
            rf'(<c r="{address(*above)}"[^>]*>)<f>(.*?)</f>', rf'\1<f t="shared" ref="{area}" si="7">1+\2</f>', text
        )
        return re.sub(rf'(<c r="{address(*below)}"[^>]*>)<f>.*?</f>', r'\1<f t="shared" si="7"/>', text)

    path = repacked(finnish.path, tmp_path / "a.xlsx", shared)
    assert open_package(path).cells(title)[below].formula == f"1+{cells[below].formula}"
    fixed = open_package(fix(path).path)
    assert [fixed.cells(title)[at].formula for at in (above, below)] == [cells[at].formula for at in (above, below)]


def test_the_order_of_computing_is_left_to_excel(finnish: Built, tmp_path: Path) -> None:
    title, (first, *_) = formulas(finnish, "income_statement.VAKA")
    broken = edited(finnish.path, tmp_path / "a.xlsx", {title: lambda cells: put(cells[address(*first)], 5.0)})
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"

    def chained(name: str, text: str) -> str:
        if name == "xl/_rels/workbook.xml.rels":
            return text.replace(
                "</Relationships>", f'<Relationship Id="rId99" Type="{kind}" Target="calcChain.xml"/></Relationships>'
            )
        if name == "[Content_Types].xml":
            return text.replace(
                "</Types>", '<Override PartName="/xl/calcChain.xml" ContentType="a/calcChain+xml"/></Types>'
            )
        return text

    path = repacked(broken, tmp_path / "b.xlsx", chained)
    with zipfile.ZipFile(path, "a") as book:
        book.writestr("xl/calcChain.xml", f'<calcChain><c r="{address(*first)}" i="1"/></calcChain>')
    book = zipfile.ZipFile(fix(path).path)
    assert "xl/calcChain.xml" not in book.namelist()
    assert not [
        name for name in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml") if b"calcChain" in book.read(name)
    ]


def test_a_sheet_whose_elements_have_a_prefix(finnish: Built, tmp_path: Path) -> None:
    title, (first, *_) = formulas(finnish, "income_statement.VAKA")
    broken = edited(finnish.path, tmp_path / "a.xlsx", {title: lambda cells: put(cells[address(*first)], 5.0)})
    part = part_of(finnish, title)

    def prefixed(name: str, text: str) -> str:
        if name != part:
            return text
        text = re.sub(r"<(/?)(?![?!/:\w]*:)([a-zA-Z])", r"<\1x:\2", text)
        return text.replace("xmlns=", "xmlns:x=", 1)

    path = repacked(broken, tmp_path / "b.xlsx", prefixed)
    fixed = fix(path)
    assert [one.code for one in fixed.restored] == ["formula_overwritten"]
    assert wrong(fixed.path) == []
