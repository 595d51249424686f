"""Workbooks that somebody has typed into."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl

from taulukko.xlsx.package import open_package


def save_at(path: Path, saved: datetime) -> None:
    """Let a workbook say that it was saved at a time."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    time = rf"\g<1>{saved:%Y-%m-%dT%H:%M:%SZ}<".encode()
    parts["docProps/core.xml"] = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*<", time, parts["docProps/core.xml"])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)


def typed(path: Path, saved: datetime | None = None, by: str = "", **cells: object) -> Path:
    """A workbook with something else in the cells of defined names, in a column in its first row.

    Args:
        saved: when it says it was saved, in UTC; now when None.
        by: who it says saved it.
        cells: value by name, `__` for each point: `risks__column__impact`.
    """
    package, book = open_package(path), openpyxl.load_workbook(path)
    for name, value in cells.items():
        title, area = package.area(name.replace("__", "."))
        book[title].cell(area.top + 1, area.left + 1).value = value
    book.properties.lastModifiedBy = by
    book.save(path)
    if saved:
        save_at(path, saved)
    return path
