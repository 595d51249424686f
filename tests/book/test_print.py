"""What comes out of a printer: large enough to read, on as many pages as promised, none of them empty."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from math import ceil
from pathlib import Path

import pytest

from support import office as libreoffice
from support.built import LANGUAGES, Built
from support.needs import require
from support.xlsx_parts import SheetPart

INCH = 96
A4 = (210 / 25.4, 297 / 25.4)
SMALLEST = 0.65
ONE_PAGE = {"cover", "summary", "income_statement"}
"""Sections that promise to fit on a page; others may."""


def paper(sheet: SheetPart) -> tuple[float, float]:
    """Width and height in pixels that a page has between its margins."""
    sides = A4 if sheet.one("m:pageSetup").get("orientation") == "portrait" else A4[::-1]
    margins = {side: float(text) for side, text in sheet.one("m:pageMargins").attrib.items()}
    width, height = sides[0] - margins["left"] - margins["right"], sides[1] - margins["top"] - margins["bottom"]
    return width * INCH, height * INCH


def is_one_page(sheet: SheetPart) -> bool:
    return sheet.one("m:pageSetup").get("fitToHeight", "1") == "1"


def size(built: Built, sheet: SheetPart) -> tuple[float, float]:
    """Width and height in pixels of what a sheet prints, hidden columns left out."""
    left, top, right, bottom = built.package.print_areas[sheet.name]
    return sheet.width(left, right), sheet.height(top, bottom) * INCH / 72


def scale(built: Built, sheet: SheetPart) -> float:
    (wide, high), (width, height) = paper(sheet), size(built, sheet)
    return min(1, wide / width, high / height if is_one_page(sheet) else 1)


def test_every_sheet_is_printed_large_enough(built):
    scales = {sheet.name: round(scale(built, sheet), 3) for sheet in built.package.visible}
    assert {name: found for name, found in scales.items() if found < SMALLEST} == {}


def test_widths_of_the_file_are_those_of_the_plan(built):
    """A column of w characters of Calibri 11 is 7w + 5 pixels wide, more or less the half of one."""
    for sheet, planned in zip(built.package.sheets, built.plan.sheets, strict=True):
        pixels = {place + 1: width * 7 + 5 for place, width in planned.widths.items() if width >= 1}
        hidden = {place + 1 for place in planned.hidden_columns}
        shown = {place: sheet.column_pixels[place] for place in pixels.keys() - hidden}
        assert shown == pytest.approx({place: pixels[place] for place in shown}, abs=0.75), sheet.name
        assert {place for place, width in sheet.column_pixels.items() if not width} == hidden, sheet.name


def titles_of_one_page(built: Built) -> set[str]:
    names = {sheet.name for sheet in built.package.visible if is_one_page(sheet)}
    return {sheet.title for sheet in built.plan.sheets if sheet.name in names}


def test_these_sections_promise_one_page(built):
    promised = {sheet.title for sheet in built.plan.sheets if sheet.key.split(".")[0] in ONE_PAGE}
    assert len(promised) == 7
    assert promised <= titles_of_one_page(built)


def test_the_header_is_repeated_where_a_table_needs_more_than_one_page(built):
    repeated = built.package.sheet_name("_xlnm.Print_Titles")
    longer = set()
    for sheet in built.package.visible:
        height = size(built, sheet)[1] * scale(built, sheet)
        if ceil(height / paper(sheet)[1]) > 1:
            longer.add(sheet.name)
            header = sheet.one("m:sheetViews/m:sheetView/m:pane").get("ySplit")
            assert repeated.get(sheet.name, "").endswith(f":${header}"), sheet.name
    assert len(longer) >= 4


@pytest.fixture(scope="session")
def pages(built_in, office: libreoffice.Session, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The text of every page by language, as LibreOffice prints it."""
    require({"pdftotext": shutil.which("pdftotext")}, "pages were not counted")
    folder, pages = tmp_path_factory.mktemp("pdf"), {}
    for language in LANGUAGES:
        path = office.convert(built_in(language).path, folder / f"{language}.pdf", libreoffice.PDF)
        pages[language] = printed(path)
    return pages


def printed(path: Path) -> list[str]:
    run = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True)
    return run.stdout.split("\f")[:-1]


def footer(built: Built, page: str) -> re.Match[str]:
    """The last line of a page: the report, the sheet's title, the number of the page."""
    number = re.escape(built.template.label("words.page")).replace(r"\{page\}", r"\d+").replace(r"\{pages\}", r"\d+")
    begin = re.escape(f"{built.report.municipality} · {built.plan.title}")
    found = re.search(rf"^\s*{begin}\s+(\S.*?)\s+{number}\s*$", page, re.MULTILINE)
    assert found, page[-300:]
    return found


def test_one_page_sheets_are_printed_on_one_page(built, pages):
    count = Counter(footer(built, page)[1] for page in pages[built.language])
    one = titles_of_one_page(built)
    assert {title: count[title] for title in one} == dict.fromkeys(one, 1)


def test_every_visible_sheet_is_printed(built, pages):
    titles = {footer(built, page)[1] for page in pages[built.language]}
    assert titles == {sheet.title for sheet in built.plan.sheets if not sheet.very_hidden}


def test_no_page_is_empty(built, pages):
    """Besides its footer a page says at least a few words."""
    for number, page in enumerate(pages[built.language], 1):
        said = page.replace(footer(built, page)[0], "")
        assert len(re.findall(r"\w{2,}", said)) >= 5, f"page {number}: {page}"
