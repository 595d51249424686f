"""Cells of a finished workbook changed in its XML, as another program would."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
from lxml import etree

from support.engines import MAIN, _sheet_parts

Change = Callable[[dict[str, etree._Element]], None]
"""Edits the cells of one sheet, by address."""


def edited(source: Path, target: Path, changes: dict[str, Change]) -> Path:
    """A copy in which some cells of some sheets are changed, each sheet named by its title."""
    with zipfile.ZipFile(source) as book, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        parts = {part: title for title, part in _sheet_parts(book)}
        for name in book.namelist():
            data = book.read(name)
            if parts.get(name) in changes:
                root = etree.fromstring(data)
                changes[parts[name]]({cell.get("r"): cell for cell in root.iter(f"{MAIN}c")})
                data = etree.tostring(root)
            copy.writestr(name, data)
    return target


def put(cell: etree._Element, value: float | str) -> None:
    """Make a cell hold a constant."""
    for child in list(cell):
        cell.remove(child)
    cell.set("t", "str" if isinstance(value, str) else "n")
    etree.SubElement(cell, f"{MAIN}v").text = str(value)


def put_formula(cell: etree._Element, formula: str, value: float | str | None) -> None:
    """Make a cell hold a formula and what it gives, or a formula alone as programs write it that do not compute."""
    put(cell, "" if value is None else value)
    cell.insert(0, etree.Element(f"{MAIN}f"))
    cell[0].text = formula
    if value is None:
        cell.remove(cell[1])
        del cell.attrib["t"]


def save_again(path: Path) -> None:
    """Save a workbook by another program."""
    book = openpyxl.load_workbook(path)
    book.save(path)
