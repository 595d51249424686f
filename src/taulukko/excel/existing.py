"""What stands where a workbook is about to be written: ours and untouched, ours and filled in, or something else."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

IDENTITY = "_taulukko"
SCHEMA = ["workbook", "schema"]
BUILT = (1980, 1, 31, 0, 0, 0)
"""The time XlsxWriter gives each part of a file; whatever program saves the file gives others."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TERMS = "{http://purl.org/dc/terms/}"

State = Literal["untouched", "filled", "foreign"]


def state_of(path: Path) -> State:
    """What an existing file is to us.

    Returns:
        `untouched`, as a build left it; `filled`, built by us and saved by another program since; `foreign`, not ours.

    Raises:
        OSError: the file cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as package:
            if SCHEMA not in (row[:2] for row in _identity(package)):
                return "foreign"
            core = fromstring(package.read("docProps/core.xml"))
            same = core.findtext(f"{_TERMS}created") == core.findtext(f"{_TERMS}modified")
            built = all(part.date_time == BUILT for part in package.infolist())
            return "untouched" if same and built else "filled"
    except (zipfile.BadZipFile, KeyError, IndexError, ValueError, ParseError, DefusedXmlException):
        return "foreign"


def _identity(package: zipfile.ZipFile) -> Iterator[list[str]]:
    """The rows of the sheet that says what a workbook of ours is."""
    sheets = fromstring(package.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")
    relation = next((sheet.get(_RELATION) for sheet in sheets if sheet.get("name") == IDENTITY), None)
    if relation is None:
        return
    relations = fromstring(package.read("xl/_rels/workbook.xml.rels"))
    target = next(part.get("Target", "") for part in relations if part.get("Id") == relation)
    sheet = fromstring(package.read(f"xl/{target}".replace("xl//xl/", "xl/")))
    shared = [_text(item) for item in fromstring(package.read("xl/sharedStrings.xml"))]
    for row in sheet.iter(f"{_MAIN}row"):
        yield [shared[int(_text(cell))] if cell.get("t") == "s" else _text(cell) for cell in row]


def _text(element: Element) -> str:
    return "".join(element.itertext())


__all__ = ["State", "state_of"]
