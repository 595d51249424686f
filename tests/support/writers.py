"""The programs that a returned workbook may have been saved by: each opens it, writes into cells, and saves it.

None of them is imitated. Those on npm run in Node (`tests/node/writers.mjs`), the others here or as a command.
"""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from support import office
from support.built import TESTS

Typing = Mapping[tuple[str, str], float | str | None]
"""What is written, by sheet and cell as `("Riskit", "E12")`; None empties the cell."""
Writer = Callable[[Path, Path, Typing], None]

IN_NODE = (
    "xlsx",
    "xlsx-js-style",
    "@e965/xlsx",
    "exceljs",
    "@cj-tech-master/excelts",
    "xlsx-populate",
    "excelize-wasm",
    "hucre",
)
"""Packages of npm."""


def _in_node(program: str, source: Path, target: Path, cells: Typing) -> None:
    listed = [{"sheet": sheet, "cell": cell, "value": value} for (sheet, cell), value in cells.items()]
    task = {"source": str(source), "target": str(target), "cells": listed}
    command = ["node", str(TESTS / "node" / "writers.mjs"), program]
    done = subprocess.run(command, input=json.dumps(task), capture_output=True, text=True, timeout=120)
    assert not done.returncode, done.stderr


def _like_openpyxl(load: Callable[[str], Any], source: Path, target: Path, cells: Typing) -> None:
    book = load(str(source))
    for (sheet, cell), value in cells.items():
        book[sheet][cell].value = value
    book.save(str(target))


def openpyxl(source: Path, target: Path, cells: Typing) -> None:
    from openpyxl import load_workbook

    _like_openpyxl(load_workbook, source, target, cells)


def wolfxl(source: Path, target: Path, cells: Typing) -> None:
    from wolfxl import load_workbook

    _like_openpyxl(partial(load_workbook, modify=True), source, target, cells)


def rustypyxl(source: Path, target: Path, cells: Typing) -> None:
    from rustypyxl import load_workbook

    _like_openpyxl(load_workbook, source, target, cells)


def excelize(source: Path, target: Path, cells: Typing) -> None:
    from excelize import open_file

    book = open_file(str(source))
    for (sheet, cell), value in cells.items():
        book.set_cell_value(sheet, cell, value)
    book.save_as(str(target))
    book.close()


def ironcalc(source: Path, target: Path, cells: Typing) -> None:
    from ironcalc import load_from_xlsx
    from openpyxl.utils.cell import coordinate_to_tuple

    model = load_from_xlsx(str(source), "en", "UTC", "en")
    titles = [sheet["name"] for sheet in model.get_worksheets_properties()]
    for (sheet, cell), value in cells.items():
        row, column = coordinate_to_tuple(cell)
        if value is None:
            model.clear_cell_contents(titles.index(sheet), row, column)
        elif isinstance(value, str):
            model.update_cell_with_text(titles.index(sheet), row, column, value)
        else:
            model.update_cell_with_number(titles.index(sheet), row, column, value)
    model.evaluate()
    model.save_to_xlsx(str(target))


def libreoffice(source: Path, target: Path, cells: Typing, kind: str = office.XLSX) -> None:
    session = office.shared()
    typed = target.with_name("typed-in-libreoffice.xlsx")
    with session.open(source) as book:
        for (sheet, cell), value in cells.items():
            book.fill(sheet, cell, [[value]])
        book.save_as(typed)
    session.convert(typed, target, kind)


def once_xls(source: Path, target: Path, cells: Typing) -> None:
    old = target.with_name("once.xls")
    libreoffice(source, old, cells, office.XLS)
    office.shared().convert(old, target, office.XLSX)


def gnumeric(source: Path, target: Path, cells: Typing) -> None:
    typed = target.with_name("typed-before-gnumeric.xlsx")
    openpyxl(source, typed, cells)
    command = ["ssconvert", "-T", "Gnumeric_Excel:xlsx2", str(typed), str(target)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def zipped_by_hand(source: Path, target: Path, cells: Typing) -> None:
    """The parts in another order, nothing packed, and the folders among them."""
    typed = target.with_name("typed-before-zipping.xlsx")
    openpyxl(source, typed, cells)
    with zipfile.ZipFile(typed) as book, zipfile.ZipFile(target, "w") as copy:
        for folder in sorted({os.path.dirname(name) for name in book.namelist()} - {""}):
            copy.mkdir(folder)
        for name in sorted(book.namelist()):
            copy.writestr(name, book.read(name))


WRITERS: dict[str, Writer] = {
    **{name: partial(_in_node, name) for name in IN_NODE},
    "openpyxl": openpyxl,
    "wolfxl": wolfxl,
    "rustypyxl": rustypyxl,
    "excelize": excelize,
    "ironcalc": ironcalc,
    "libreoffice": libreoffice,
    "libreoffice, once .xls": once_xls,
    "libreoffice .ods": partial(libreoffice, kind=office.ODS),
    "gnumeric": gnumeric,
    "zip": zipped_by_hand,
}
"""Those that keep a workbook's names and hidden keys."""


def pandas(source: Path, target: Path, cells: Typing) -> None:
    import pandas as program

    typed = target.with_name("typed-before-pandas.xlsx")
    openpyxl(source, typed, cells)
    with program.ExcelWriter(target) as writer:
        for title, frame in program.read_excel(typed, sheet_name=None, header=None).items():
            frame.to_excel(writer, sheet_name=title, header=False, index=False)


def pyexcel(source: Path, target: Path, cells: Typing) -> None:
    from pyexcel import get_book

    typed = target.with_name("typed-before-pyexcel.xlsx")
    openpyxl(source, typed, cells)
    get_book(file_name=str(typed), skip_hidden_sheets=False).save_as(str(target))


VALUES_ALONE: dict[str, Writer] = {"pandas": pandas, "pyexcel": pyexcel}
"""Those that read the values of a workbook and write them into a new one."""

__all__ = ["IN_NODE", "VALUES_ALONE", "WRITERS", "Typing", "Writer", "libreoffice"]
