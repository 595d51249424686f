"""A workbook's XML parts as a test reads them: sheets, cells, looks, names. Independent of the code that wrote them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from lxml import etree
from openpyxl.utils import range_boundaries

from support.engines import RELATION_ID, _shared_texts, _sheet_parts

SPACES = {
    "m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "dc": "http://purl.org/dc/elements/1.1/",
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "dcterms": "http://purl.org/dc/terms/",
    "vt": "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes",
    "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
}
DEFAULT_HEIGHT = 15.0
DEFAULT_PIXELS = 64

Area = tuple[int, int, int, int]
"""First column, first row, last column, last row; all counted from 1."""


@dataclass(frozen=True)
class Look:
    """How a cell or a rule looks; None: it leaves that as it is."""

    colour: str | None
    size: float | None
    bold: bool
    fill: str | None
    number_format: str | None


@dataclass(frozen=True)
class SheetPart:
    name: str
    part: str
    state: str
    root: etree._Element = field(repr=False)

    def all(self, path: str) -> list[etree._Element]:
        return self.root.findall(path, SPACES)

    def one(self, path: str) -> etree._Element | None:
        return self.root.find(path, SPACES)

    @property
    def cells(self) -> Iterator[etree._Element]:
        return self.root.iterfind("m:sheetData/m:row/m:c", SPACES)

    @property
    def is_protected(self) -> bool:
        return self.one("m:sheetProtection") is not None

    @cached_property
    def column_pixels(self) -> dict[int, int]:
        """Width of the columns that have one of their own; 0 when hidden."""
        pixels = {}
        for element in self.all("m:cols/m:col"):
            width = 0 if element.get("hidden") == "1" else round(float(element.get("width")) * 7)
            pixels |= dict.fromkeys(range(int(element.get("min")), int(element.get("max")) + 1), width)
        return pixels

    @cached_property
    def row_points(self) -> dict[int, float]:
        """Height of the rows that have one of their own."""
        rows = self.all("m:sheetData/m:row")
        return {int(row.get("r")): float(row.get("ht")) for row in rows if row.get("ht")}

    def width(self, first: int, last: int) -> int:
        return sum(self.column_pixels.get(column, DEFAULT_PIXELS) for column in range(first, last + 1))

    def height(self, first: int, last: int) -> float:
        return sum(self.row_points.get(row, DEFAULT_HEIGHT) for row in range(first, last + 1))


class Package:
    """A built file."""

    def __init__(self, path: Path):
        self.path = path
        with zipfile.ZipFile(path) as book:
            self.parts = {name: book.read(name) for name in book.namelist()}
            self.texts = _shared_texts(book)
            where = dict(_sheet_parts(book))
        self.workbook = self.xml("xl/workbook.xml")
        elements = self.workbook.findall("m:sheets/m:sheet", SPACES)
        assert all(element.get(RELATION_ID) for element in elements)
        self.sheets = [
            SheetPart(e.get("name"), where[e.get("name")], e.get("state", "visible"), self.xml(where[e.get("name")]))
            for e in elements
        ]
        self.visible = [sheet for sheet in self.sheets if sheet.state == "visible"]

    def xml(self, part: str) -> etree._Element:
        return etree.fromstring(self.parts[part])

    @cached_property
    def names(self) -> dict[str, str]:
        """Defined names of the whole workbook."""
        elements = self.workbook.findall("m:definedNames/m:definedName", SPACES)
        return {e.get("name"): e.text for e in elements if e.get("localSheetId") is None}

    def sheet_name(self, name: str) -> dict[str, str]:
        """A name that every sheet has for itself, such as _xlnm.Print_Area, by sheet."""
        elements = self.workbook.findall(f"m:definedNames/m:definedName[@name='{name}']", SPACES)
        return {self.sheets[int(e.get("localSheetId"))].name: e.text for e in elements}

    @cached_property
    def print_areas(self) -> dict[str, Area]:
        """What each sheet prints."""
        areas = self.sheet_name("_xlnm.Print_Area")
        return {sheet: range_boundaries(text.rpartition("!")[2].replace("$", "")) for sheet, text in areas.items()}

    def part_of(self, sheet: SheetPart, kind: str) -> Iterator[etree._Element]:
        """Parts of a kind, such as table or drawing, that a sheet refers to."""
        relations = sheet.part.replace("worksheets/", "worksheets/_rels/") + ".rels"
        if relations in self.parts:
            for relation in self.xml(relations):
                if relation.get("Type").endswith(f"/{kind}"):
                    yield self.xml(relation.get("Target").replace("..", "xl"))

    @cached_property
    def looks(self) -> list[Look]:
        """Looks of cells, by the number a cell carries."""
        styles = self.xml("xl/styles.xml")
        fonts, fills = (styles.findall(f"m:{kind}", SPACES) for kind in ("fonts/m:font", "fills/m:fill"))
        formats = {e.get("numFmtId"): e.get("formatCode") for e in styles.findall("m:numFmts/m:numFmt", SPACES)}
        return [
            _look(fonts[int(xf.get("fontId"))], fills[int(xf.get("fillId"))], formats.get(xf.get("numFmtId")))
            for xf in styles.findall("m:cellXfs/m:xf", SPACES)
        ]

    @cached_property
    def rule_looks(self) -> list[Look]:
        """Looks of conditional rules, by the number a rule carries."""
        looks = []
        for dxf in self.xml("xl/styles.xml").findall("m:dxfs/m:dxf", SPACES):
            font, fill, number = (dxf.find(f"m:{kind}", SPACES) for kind in ("font", "fill", "numFmt"))
            looks.append(_look(font, fill, None if number is None else number.get("formatCode")))
        return looks

    def formulas(self) -> Iterator[tuple[str, str]]:
        """Every formula with its place: cells, rules, validations and names."""
        for sheet in self.sheets:
            for cell in sheet.cells:
                formula = cell.find("m:f", SPACES)
                if formula is not None:
                    yield f"{sheet.name}!{cell.get('r')}", formula.text
            for path in ("m:conditionalFormatting/m:cfRule/m:formula", *_VALIDATIONS):
                yield from ((f"{sheet.name} {e.getparent().tag.rpartition('}')[2]}", e.text) for e in sheet.all(path))
        yield from self.names.items()


_VALIDATIONS = tuple(f"m:dataValidations/m:dataValidation/m:formula{number}" for number in (1, 2))


def _look(font: etree._Element | None, fill: etree._Element | None, number_format: str | None) -> Look:
    def colour(element: etree._Element | None, path: str) -> str | None:
        found = None if element is None else element.find(path, SPACES)
        return None if found is None or found.get("rgb") is None else "#" + found.get("rgb")[2:]

    size = None if font is None else font.find("m:sz", SPACES)
    bold = font is not None and font.find("m:b", SPACES) is not None
    ground = colour(fill, "m:patternFill/m:fgColor") or colour(fill, "m:patternFill/m:bgColor")
    return Look(colour(font, "m:color"), None if size is None else float(size.get("val")), bold, ground, number_format)


def cells_of(areas: str) -> Iterator[tuple[int, int]]:
    """Row and column of every cell of a sqref such as `B6:B12 D6`."""
    for area in areas.split():
        left, top, right, bottom = range_boundaries(area)
        yield from ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


def place_of(reference: str) -> tuple[int, int]:
    """Row and column of `B6`."""
    return next(cells_of(reference))


def without_texts(formula: str) -> str:
    """A formula with its string literals emptied and its sheet names taken out."""
    return re.sub(r"'(?:[^']|'')*'!", "", re.sub(r'"(?:[^"]|"")*"', '""', formula))


def texts_in(formulas: Iterable[str]) -> set[str]:
    """The string literals of some formulas."""
    return {
        text.replace('""', '"') for formula in formulas for text in re.findall(r'"((?:[^"]|"")*)"', formula) if text
    }
