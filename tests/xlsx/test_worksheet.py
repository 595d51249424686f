"""Our worksheet writes what XlsxWriter's own does, whatever stands in a cell and whatever is built."""

from __future__ import annotations

import inspect
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

import taulukko.xlsx.write
from support.built import HEINOLA
from taulukko import build
from taulukko.xlsx.worksheet import QuickWorksheet

SOURCE = inspect.getsource(Worksheet._prepare_formula)
FUNCTIONS = sorted(set(re.findall(r'"_xlfn\.(?:_xlws\.)?([A-Z0-9.]+)\("', SOURCE)))
"""All that XlsxWriter expands, read from the other side of its substitutions than the guard is made from."""
OTHERS = ["SUM", "COUNTIFS", "IF", "{SUM", "_xlfn.STDEV.S", "XSORT", "AVERAGE", "TAKEN"]
FORMULAS = [f"={name}(A1,2)" for name in FUNCTIONS + OTHERS] + ["{=SUM(A1:A2)}", "=A1}", "={1,2}", "A1", '="SORT("&A1']


class SlowWorksheet(QuickWorksheet):
    """With XlsxWriter's own methods where ours are only quicker."""

    _prepare_formula = Worksheet._prepare_formula
    _write_formula = Worksheet._write_formula
    _write_cell = Worksheet._write_cell


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_xlsxwriter_expands_as_many_functions_as_when_the_guard_was_made():
    assert len(FUNCTIONS) == SOURCE.count("re.sub(") >= 150


@pytest.mark.parametrize("everywhere", [False, True])
def test_a_formula_is_prepared_as_by_xlsxwriter(everywhere):
    ours, theirs = QuickWorksheet(), Worksheet()
    expected = {one: theirs._prepare_formula(one, everywhere) for one in FORMULAS}
    assert {one: ours._prepare_formula(one, everywhere) for one in FORMULAS} == expected


@pytest.mark.parametrize("options", [{}, {"use_future_functions": True}])
def test_every_kind_of_cell_is_written_as_by_xlsxwriter(tmp_path, options):
    def written(kind: type[Worksheet]) -> dict[str, bytes]:
        path = tmp_path / f"{kind.__name__}.xlsx"
        with xlsxwriter.Workbook(path, options) as book:
            book.set_properties({"created": datetime(2024, 9, 30)})
            fill(book, book.add_worksheet("Data", kind))
        return parts(path)

    assert written(QuickWorksheet) == written(Worksheet)


def fill(book: Any, sheet: Any) -> None:
    bold = book.add_format({"bold": True})
    sheet.set_column(3, 3, 20, book.add_format({"italic": True}))
    sheet.set_row(4, 30, book.add_format({"underline": True}))
    values = [
        0,
        1,
        -2.5,
        1e300,
        0.1 + 0.2,
        "",
        "text",
        "<&>\"'",
        "#N/A",
        "#DIV/0!",
        "#other",
        True,
        False,
        "_x0041_",
        "\x01",
    ]
    for row, formula in enumerate(FORMULAS):
        for column, style in ((0, None), (1, bold), (3, None)):
            sheet.write_formula(row, column, formula, style, values[row % len(values)])
    for row, value in enumerate(values):
        for column, style in ((5, None), (6, bold), (3, None)):
            sheet.write(row, column + 2, value, style)
    sheet.write_blank(0, 12, None, bold)
    sheet.write_rich_string(1, 12, "one ", bold, "two", bold)
    sheet.write_array_formula(2, 12, 3, 13, "{=A1:B2}", bold, 7)
    sheet.write_boolean(5, 12, True, bold)
    sheet.write_comment(400, 14, "note")
    for number, formula in enumerate(one for one in FORMULAS if "{" not in one and one != "A1"):
        column = 20 + number
        sheet.data_validation(1, column, 1, column, {"validate": "custom", "value": formula})
        sheet.conditional_format(2, column, 2, column, {"type": "formula", "criteria": formula, "format": bold})
        columns = [{"header": "x", "formula": formula}]
        sheet.add_table(4, column, 6, column, {"columns": columns, "name": f"table_{number}"})


@pytest.mark.parametrize(
    ("ending", "options"),
    [("xlsx", {}), ("xlsm", {"kind": "xlsm"}), ("xlsx", {"kind": "lite"}), ("xlsx", {"unit": "VAKA"})],
    ids=["xlsx", "xlsm", "lite", "a unit's"],
)
def test_a_workbook_is_the_same_bytes_as_by_xlsxwriter(tmp_path, monkeypatch, ending, options):
    quick = build(HEINOLA, tmp_path / f"quick.{ending}", **options)
    monkeypatch.setattr(taulukko.xlsx.write, "QuickWorksheet", SlowWorksheet)
    assert build(HEINOLA, tmp_path / f"slow.{ending}", **options).read_bytes() == quick.read_bytes()
