"""Independent spreadsheet engines that recompute a workbook: LibreOffice in two locales, and IronCalc.

A workbook written by a program carries the values the program believes its formulas have. An engine gets a copy in
which every such cached value was destroyed first, so whatever it answers it has computed itself.
"""

import math
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest
from lxml import etree
from openpyxl.utils import rows_from_range

from support import office
from support.needs import require_engine

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
POISON_NUMBER = "-987654321.125"
POISON_TEXT = "POISON"
TOLERANCE = 1e-9

Values = dict[str, dict[str, object]]


class CellError(str):
    """An error value such as #N/A, told apart from a text that reads the same."""


class Cell(NamedTuple):
    value: object  # None (blank), float, bool, str or CellError
    formula: str | None  # None: a constant; "" where the text stands in another cell (shared or array formula)


def cached_values(path: Path) -> dict[str, dict[str, Cell]]:
    """What the file itself carries: sheet -> cell -> value and formula; a blank cell has the value None."""
    with zipfile.ZipFile(path) as book:
        texts = _shared_texts(book)
        sheets = {}
        for sheet, part in _sheet_parts(book):
            root = etree.fromstring(book.read(part))
            formulas = {cell.get("r"): cell.findtext(f"{MAIN}f", "") for cell in _formula_cells(root)}
            sheets[sheet] = {
                ref: Cell(_value(cell, texts), formulas.get(ref))
                for cell in root.iter(f"{MAIN}c")
                if (ref := cell.get("r"))
            }
    return sheets


def poison(src: Path, dst: Path) -> None:
    """Copy a workbook so that no formula keeps its cached value."""
    with zipfile.ZipFile(src) as book, zipfile.ZipFile(dst, "w", zipfile.ZIP_DEFLATED) as copy:
        parts = {part for _, part in _sheet_parts(book)}
        for name in book.namelist():
            data = book.read(name)
            if name in parts:
                root = etree.fromstring(data)
                for cell in _formula_cells(root):
                    _poison_cell(cell)
                data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            copy.writestr(name, data)


def libreoffice_values(path: Path, locale: str) -> Values:
    """The workbook's values after a hard recalculation in LibreOffice in the locale, e.g. "en-US" or "fi-FI"."""
    with tempfile.TemporaryDirectory(prefix="taulukko-soffice-") as scratch:
        copy, answer = Path(scratch, f"copy{path.suffix}"), Path(scratch, "answer.xlsx")
        poison(path, copy)
        office.shared().convert(copy, answer, office.XLSX, locale, anew=True)
        return _plain_values(answer)


def ironcalc_values(path: Path) -> Values:
    """The workbook's values as IronCalc computes them."""
    import ironcalc

    with tempfile.TemporaryDirectory(prefix="taulukko-ironcalc-") as scratch:
        copy, answer = Path(scratch, "copy.xlsx"), Path(scratch, "answer.xlsx")
        poison(path, copy)
        model = ironcalc.load_from_xlsx(str(copy), "en", "UTC", "en")
        model.evaluate()
        model.save_to_xlsx(str(answer))
        return _plain_values(answer)


ENGINES: dict[str, Callable[[Path], Values]] = {
    "libreoffice en-US": lambda path: libreoffice_values(path, "en-US"),
    "libreoffice fi-FI": lambda path: libreoffice_values(path, "fi-FI"),
    "ironcalc": ironcalc_values,
}
EACH = [pytest.param(name, marks=pytest.mark.office if "libreoffice" in name else ()) for name in ENGINES]
"""The engines, as parameters of a test."""


def engine_values(engine: str, path: Path) -> Values:
    """What one of `ENGINES` computes of the workbook; the test is skipped where the engine is absent."""
    require_engine(engine.split()[0])
    return ENGINES[engine](path)


def disagreements(path: Path, engine_values: Values) -> list[str]:
    """One line per formula whose cached value is not what the engine computed; "" and blank are the same."""
    lines = []
    for sheet, cells in cached_values(path).items():
        computed = engine_values.get(sheet, {})
        for ref, cell in cells.items():
            answer = computed.get(ref)
            if cell.formula is not None and not _same(cell.value, answer):
                lines.append(f"{sheet}!{ref}: cached {cell.value!r}, engine {answer!r}: ={cell.formula}")
    return lines


def _same(cached: object, computed: object) -> bool:
    """Equal for the reader; TRUE equals 1, since LibreOffice knows truth values only as a number format."""
    cached, computed = (None if value == "" else value for value in (cached, computed))
    if isinstance(cached, (int, float)) and isinstance(computed, (int, float)):
        return math.isclose(cached, computed, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return type(cached) is type(computed) and cached == computed


def _plain_values(path: Path) -> Values:
    return {
        sheet: {ref: cell.value for ref, cell in cells.items() if cell.value is not None}
        for sheet, cells in cached_values(path).items()
    }


def _sheet_parts(book: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name and package part of every worksheet, whatever its visibility."""
    relations = etree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
    # a target is relative to xl/, unless it starts with a slash
    parts = {relation.get("Id"): str(PurePosixPath("/xl", relation.get("Target")))[1:] for relation in relations}
    for sheet in etree.fromstring(book.read("xl/workbook.xml")).iter(f"{MAIN}sheet"):
        yield sheet.get("name"), parts[sheet.get(RELATION_ID)]


def _shared_texts(book: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    return [_rich_text(item) for item in etree.fromstring(book.read("xl/sharedStrings.xml")).iter(f"{MAIN}si")]


def _rich_text(item: etree._Element) -> str:
    """The text of all runs, without phonetic hints."""
    return _unescaped("".join(t.text or "" for t in item.iter(f"{MAIN}t") if t.getparent().tag != f"{MAIN}rPh"))


def _unescaped(text: str) -> str:
    """A character that XML cannot hold is written _x000D_."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


def _value(cell: etree._Element, texts: list[str]) -> object:
    kind, text = cell.get("t", "n"), cell.findtext(f"{MAIN}v")
    if kind == "inlineStr":
        return _rich_text(cell)
    if kind == "str":
        return _unescaped(text or "")
    if not text:
        return text  # no v at all: None; an empty v is how xlsxwriter writes the empty text
    match kind:
        case "s":
            return texts[int(text)]
        case "b":
            return text in ("1", "true")
        case "e":
            return CellError(text)
        case _:
            return float(text)


def _formula_cells(root: etree._Element) -> Iterator[etree._Element]:
    """Cells whose value comes from a formula, including those that an array formula of another cell fills."""
    arrays = [formula.get("ref") for formula in root.iter(f"{MAIN}f") if formula.get("t") == "array"]
    filled = {ref for array in arrays for row in rows_from_range(array) for ref in row}
    for cell in root.iter(f"{MAIN}c"):
        if cell.find(f"{MAIN}f") is not None or cell.get("r") in filled:
            yield cell


def _poison_cell(cell: etree._Element) -> None:
    """Replace the value by a text or a number no formula gives; a truth value or an error becomes a text too."""
    for old in cell.findall(f"{MAIN}v"):
        cell.remove(old)
    is_number = cell.get("t", "n") == "n"
    if not is_number:
        cell.set("t", "str")
    etree.SubElement(cell, f"{MAIN}v").text = POISON_NUMBER if is_number else POISON_TEXT
