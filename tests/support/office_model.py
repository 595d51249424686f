"""A built workbook as the fake Office.js of `node/fake_office.js` takes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from support.hosts import FileHost
from support.xlsx_parts import SPACES, Package, SheetPart

VISIBILITY = {"visible": "Visible", "hidden": "Hidden", "veryHidden": "VeryHidden"}
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
SIZES = {"type": "GeometricShape", "left": 0, "top": 0, "width": 100, "height": 20}


def office_model(path: Path) -> dict[str, Any]:
    """Cells with values, formulas, formats and what each formula came to; shapes with their links; tables and names."""
    host, package, book = FileHost(path), Package(path), openpyxl.load_workbook(path)
    sheets = [_sheet(host, package, part, book[part.name]) for part in package.sheets]
    names = [{"name": name, "formula": target} for name, target in host.targets.items()]
    return {"name": path.name, "active": 0, "names": names, "sheets": sheets}


def _sheet(host: FileHost, package: Package, part: SheetPart, sheet: Any) -> dict[str, Any]:
    cells, computed = {}, {}
    for row, (values, texts) in enumerate(zip(host.cells[part.name], host.texts[part.name], strict=True), 1):
        for column, (value, text) in enumerate(zip(values, texts, strict=True), 1):
            if value is None and text is None:
                continue
            formula = text if isinstance(text, str) and text.startswith("=") else None
            shown = {"value": "" if value is None else value, "formula": formula}
            place = f"{get_column_letter(column)}{row}"
            cells[place] = shown | {"format": sheet.cell(row, column).number_format}
            if formula:
                computed[place] = shown
    tables = [{"name": table.name, "address": table.ref} for table in sheet.tables.values()]
    found = {
        "name": part.name,
        "visibility": VISIBILITY[part.state],
        "selection": "A1",
        "protected": part.is_protected,
        "cells": cells,
        "computed": computed,
        "shapes": list(_shapes(package, part)),
    }
    for table in tables:
        top, left, _, right = _corners(table["address"])
        table["columns"] = [{"name": sheet.cell(top, column).value} for column in range(left, right + 1)]
    return found | {"tables": tables}


def _corners(address: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = openpyxl.utils.range_boundaries(address)
    return top, left, bottom, right


def _shapes(package: Package, part: SheetPart) -> Any:
    for drawing in part.all("m:drawing"):
        relations = {one.get("Id"): one.get("Target") for one in package.xml(_relations(part.part))}
        name = relations[drawing.get(LINK)].replace("..", "xl")
        root = package.xml(name)
        targets = {one.get("Id"): one.get("Target") for one in package.xml(_relations(name))}
        for shape in root.iterfind("xdr:twoCellAnchor/xdr:sp/xdr:nvSpPr/xdr:cNvPr", SPACES):
            title, cell = targets[shape[0].get(LINK)].removeprefix("#").rsplit("!", 1)
            target = {"sheet": title.strip("'").replace("''", "'"), "cell": cell}
            yield SIZES | {"name": shape.get("name"), "target": target}


def _relations(part: str) -> str:
    folder, _, file = part.rpartition("/")
    return f"{folder}/_rels/{file}.rels"
