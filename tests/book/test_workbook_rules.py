"""What every workbook of ours keeps to, read from the file's own XML, in each language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import islice

import pytest

from support.built import LANGUAGES, Built
from support.engines import cached_values
from support.xlsx_parts import SPACES, Look, SheetPart, cells_of, place_of, without_texts
from taulukko.plan.book import address

PROTECTED = {
    "cover",
    "summary",
    "budget_summary",
    "income_statement",
    "checks",
    "controls",
    "parameters",
    "lists",
    "_taulukko",
}
OPEN = {"goals_council", "goals_service_area", "investments", "risks", "projects", "texts"}
WITHOUT_HEADER_ROW = {"cover", "summary"}

FUNCTIONS = frozenset(
    re.findall(
        r"\w+",
        "ABS AND CHAR COUNT DATE DAY FIND HYPERLINK IF INDEX INT ISTEXT LARGE LEN MATCH MAX MID MIN MOD MONTH OR REPT "
        "ROUND ROW SMALL SUBSTITUTE SUM SUMPRODUCT TEXT TRIM YEAR",
    )
)
"""Each is in Excel 2010, is not volatile and is computed alike by Excel, LibreOffice and IronCalc."""

SYMBOLS = {"✓": "#0B5D37", "◐": "#7A4B00", "✗": "#8E1B10", "○": "#4A5560"}
NUMBER = re.compile(r"[+\-−]?\d[\d\s.,]*\s*%?")


def few(wrong: Iterable[object]) -> list[object]:
    """The first of what is wrong, so that a failure can be read."""
    return list(islice(wrong, 5))


def section_of(built: Built, name: str) -> str:
    """The key of the section a sheet belongs to."""
    return next(sheet.key.split(".")[0] for sheet in built.plan.sheets if sheet.name == name)


def formulas_of_rules(sheet: SheetPart) -> list[str]:
    paths = ["m:conditionalFormatting/m:cfRule/m:formula"]
    paths += [f"m:dataValidations/m:dataValidation/m:formula{number}" for number in (1, 2)]
    return [element.text for path in paths for element in sheet.all(path)]


def validations(built: Built) -> list[tuple[SheetPart, dict[str, str], str]]:
    """Each validation with its sheet and its first formula."""
    return [
        (sheet, dict(element.attrib), element.findtext("m:formula1", "", SPACES))
        for sheet in built.package.sheets
        for element in sheet.all("m:dataValidations/m:dataValidation")
    ]


# formulas


def test_rules_and_validations_have_no_table_references(built):
    texts = [text for sheet in built.package.sheets for text in formulas_of_rules(sheet)]
    assert len(texts) > 100
    assert few(text for text in texts if "[" in text) == []


def test_only_these_functions_are_used(built):
    used = {
        (name, place) for place, text in built.package.formulas() for name in re.findall(r"([\w.]+)\(", _bare(text))
    }
    assert {(name, place) for name, place in used if name not in FUNCTIONS} == set()


def _bare(formula: str) -> str:
    return without_texts(formula).replace("[[", "").replace("]]", "")


def test_formulas_say_their_tables_in_full(built):
    """`[@column]` and `[column]` alone fail in LibreOffice and IronCalc."""
    full = re.compile(r"t_\w+\[(\[#This Row\],\[[^\[\]]+\]|[^\[\]]+)\]")
    texts = [full.sub("", without_texts(text)) for _, text in built.package.formulas()]
    assert few(text for text in texts if "[" in text) == []


def test_every_formula_carries_the_planned_value(built):
    cached = cached_values(built.path)
    wrong = []
    for sheet in built.plan.sheets:
        for (row, column), cell in sheet.cells.items():
            if cell.formula:
                found = cached[sheet.name][address(row, column)]
                same = found.value == (pytest.approx(cell.value) if isinstance(cell.value, float) else cell.value)
                if found.formula != cell.formula or not same:
                    wrong.append((sheet.name, address(row, column), found, cell.value))
    assert few(wrong) == []
    assert sum(found.formula is not None for cells in cached.values() for found in cells.values()) > 3000


def test_every_formula_has_a_cached_value(built):
    cells = [
        (sheet.name, cell)
        for sheet in built.package.sheets
        for cell in sheet.cells
        if cell.find("m:f", SPACES) is not None
    ]
    assert few((name, cell.get("r")) for name, cell in cells if cell.find("m:v", SPACES) is None) == []


def test_nothing_leads_outside_the_workbook(built):
    parts = built.package.parts
    assert few(name for name in parts if "external" in name.lower() or "vba" in name.lower()) == []
    assert few(name for name, data in parts.items() if name.endswith(".rels") and b'"External"' in data) == []
    formulas = [text for _, text in built.package.formulas()]
    assert few(text for text in formulas if "://" in text or re.search(r"\[\d+\]|\|", without_texts(text))) == []


def test_no_text_is_taken_for_a_number(built):
    """Text that reads like a number is a figure somebody typed as text."""
    texts = [
        (sheet.name, cell.get("r"), built.package.texts[int(cell.findtext("m:v", None, SPACES))])
        for sheet in built.package.visible
        for cell in sheet.cells
        if cell.get("t") == "s"
    ]
    assert len(texts) > 1000
    assert few((name, ref, text) for name, ref, text in texts if NUMBER.fullmatch(text)) == []


# sheets and pages


def test_no_cells_are_merged(built):
    assert few(sheet.name for sheet in built.package.sheets if sheet.all("m:mergeCells")) == []


def test_sheets_that_scroll_keep_their_header_in_sight(built):
    for sheet in built.package.visible:
        pane = sheet.one("m:sheetViews/m:sheetView/m:pane")
        if section_of(built, sheet.name) in WITHOUT_HEADER_ROW:
            assert pane is None, sheet.name
        else:
            assert pane is not None, sheet.name
            assert pane.get("state") == "frozen", sheet.name
            assert pane.get("ySplit") in ("4", "5"), sheet.name


def test_every_visible_sheet_prints_its_area_on_a4_one_page_wide(built):
    for sheet in built.package.visible:
        assert sheet.name in built.package.print_areas
        page, fits = sheet.one("m:pageSetup"), sheet.one("m:sheetPr/m:pageSetUpPr")
        assert (page.get("paperSize"), page.get("fitToWidth", "1"), fits.get("fitToPage")) == ("9", "1", "1"), (
            sheet.name
        )


def test_every_visible_sheet_says_whose_what_and_which_page_it_is(built):
    for sheet in built.package.visible:
        footer = sheet.one("m:headerFooter/m:oddFooter").text
        title = next(one.title for one in built.plan.sheets if one.name == sheet.name)
        left, middle, right = re.fullmatch("&L(.*)&C(.*)&R(.*)", footer).groups()
        assert built.report.municipality in left
        assert middle.endswith(title)
        assert re.search(r"&P.*&N", right)


def test_every_sheet_but_the_cover_leads_back_to_the_contents(built):
    cover = built.sheet("cover").name
    for sheet in built.package.visible:
        links = [cell.findtext("m:f", "", SPACES) for cell in sheet.cells if place_of(cell.get("r"))[0] == 1]
        back = [text for text in links if text.startswith(f"HYPERLINK(\"#'{cover}'!A1\"")]
        assert len(back) == (sheet.name != cover), sheet.name


def test_links_lead_to_cells_that_are_there(built):
    names = {sheet.name for sheet in built.package.sheets}
    targets = [t for _, text in built.package.formulas() for t in re.findall(r'HYPERLINK\("#([^"]+)"', text)]
    assert len(targets) > 100
    assert few(t for t in targets if t.rpartition("!")[0].strip("'") not in names) == []


def test_defined_names_lead_to_sheets_that_are_there(built):
    names = {sheet.name for sheet in built.package.sheets}
    assert {n: t for n, t in built.package.names.items() if t.rpartition("!")[0].strip("'") not in names} == {}


# the document


def test_the_document_says_what_it_is(built):
    core, custom = built.package.xml("docProps/core.xml"), built.package.xml("docProps/custom.xml")
    texts = {key: core.findtext(key, "", SPACES) for key in ("dc:title", "dc:subject", "dc:creator", "cp:keywords")}
    title, report = built.template.label("cover.title"), built.report
    assert texts == {
        "dc:title": f"{title} {report.period}, {report.division}",
        "dc:subject": built.template.label("cover.subject"),
        "dc:creator": report.municipality,
        "cp:keywords": f"{title}, {report.municipality}, {report.division}, {report.year}",
    }
    assert [(p.get("name"), p[0].text) for p in custom] == [("Kieli", built.language)]
    assert core.findtext("dcterms:created", "", SPACES) == f"{date(2024, 10, 31)}T00:00:00Z"


def test_every_chart_is_described_in_words(built):
    drawings = [part for sheet in built.package.sheets for part in built.package.part_of(sheet, "drawing")]
    shown = [element for part in drawings for element in part.iterfind(".//xdr:cNvPr", SPACES)]
    charts = [name for name in built.package.parts if name.startswith("xl/charts/chart")]
    assert len(shown) == len(charts) == 2
    assert few(e.get("name") for e in shown if len(e.get("descr", "")) < 60) == []


# protection and validation


def test_these_sheets_are_protected_without_a_password(built):
    assert {section_of(built, s.name) for s in built.package.sheets if s.is_protected} == PROTECTED
    assert {section_of(built, s.name) for s in built.package.sheets if not s.is_protected} == OPEN
    protections = [dict(s.one("m:sheetProtection").attrib) for s in built.package.sheets if s.is_protected]
    assert few(p for p in protections if p.get("sheet") != "1" or p.keys() & {"password", "hashValue"}) == []


def test_inputs_of_protected_sheets_are_unlocked(built):
    """Every input of a statement may be typed over although its sheet is protected."""
    unlocked = [
        xf.find("m:protection", SPACES) is not None and xf.find("m:protection", SPACES).get("locked") == "0"
        for xf in built.package.xml("xl/styles.xml").findall("m:cellXfs/m:xf", SPACES)
    ]
    for sheet in built.package.sheets:
        if section_of(built, sheet.name) != "income_statement":
            continue
        free = {place_of(cell.get("r")) for cell in sheet.cells if unlocked[int(cell.get("s", 0))]}
        asked = {place for e in sheet.all("m:dataValidations/m:dataValidation") for place in cells_of(e.get("sqref"))}
        formulas = {place_of(cell.get("r")) for cell in sheet.cells if cell.find("m:f", SPACES) is not None}
        assert len(free) > 50
        assert free <= asked, sheet.name
        assert free & formulas == set(), sheet.name


def test_computed_cells_of_open_sheets_refuse_typing(built):
    for sheet in built.package.sheets:
        if sheet.is_protected:
            continue
        guarded = {
            place
            for element in sheet.all("m:dataValidations/m:dataValidation[@type='custom']")
            if element.findtext("m:formula1", "", SPACES) == "FALSE" and "errorStyle" not in element.attrib
            for place in cells_of(element.get("sqref"))
        }
        hidden = {column for column, width in sheet.column_pixels.items() if not width}
        tables = [list(cells_of(table.get("ref"))) for table in built.package.part_of(sheet, "table")]
        keys = {(row, column) for cells in tables for row, column in cells if column in hidden and row > cells[0][0]}
        formulas = {place_of(cell.get("r")) for cell in sheet.cells if cell.find("m:f", SPACES) is not None}
        assert formulas
        assert keys
        assert few(sorted((formulas | keys) - guarded)) == [], sheet.name


def test_words_of_validations_are_within_the_limits_of_excel(built):
    """XlsxWriter drops a validation beyond them, with a warning."""
    limits = {"message": 255, "prompt": 255, "title": 32}
    planned = [one for sheet in built.plan.sheets for one in sheet.validations]
    words = [(getattr(one, key), most) for one in planned for key, most in limits.items()]
    assert few(text for text, most in words if len(text) > most) == []
    assert len(validations(built)) == len(planned) > 100


def test_every_validation_says_what_is_expected(built):
    assert few((sheet.name, e["sqref"]) for sheet, e, _ in validations(built) if not e.get("error")) == []


def test_lists_come_from_defined_names(built):
    sources = {formula for _, e, formula in validations(built) if e["type"] == "list"}
    assert len(sources) > 5
    assert sources - built.package.names.keys() == set()


# the look


def contrast(one: str, other: str) -> float:
    """WCAG's contrast of two colours."""

    def luminance(colour: str) -> float:
        channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#FFFFFF", 21), ("#767676", "#FFFFFF", 4.54), ("#1F2933", "#E6F0F3", 12.7)],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, rel=0.01)


def looks(built: Built) -> set[Look]:
    """Every look a cell of the workbook may have: its own, and its own under each rule that covers it."""
    package = built.package
    found = set()
    for sheet in package.sheets:
        own = {place_of(cell.get("r")): package.looks[int(cell.get("s", 0))] for cell in sheet.cells}
        found |= set(own.values())
        for rules in sheet.all("m:conditionalFormatting"):
            for rule in rules.findall("m:cfRule", SPACES):
                over = package.rule_looks[int(rule.get("dxfId"))]
                for place in cells_of(rules.get("sqref")):
                    below = own.get(place, package.looks[0])
                    colour, fill = over.colour or below.colour, over.fill or below.fill
                    found.add(Look(colour, below.size, over.bold or below.bold, fill, None))
    return found


def test_every_text_stands_out_from_its_ground(built):
    faint = []
    for look in looks(built):
        large = (look.size or 0) >= 18 or (look.bold and (look.size or 0) >= 14)
        ratio = contrast(look.colour or "#000000", look.fill or "#FFFFFF")
        if ratio < (3 if large else 4.5):
            faint.append((round(ratio, 2), look))
    assert few(faint) == []


def test_bars_of_charts_stand_out_from_the_page(built):
    charts = [data.decode() for name, data in built.package.parts.items() if name.startswith("xl/charts/chart")]
    colours = {
        c
        for chart in charts
        for ser in chart.split("<c:ser>")[1:]
        for c in re.findall(r'<c:spPr><a:solidFill><a:srgbClr val="(\w+)"', ser)[:1]
    }
    assert len(colours) == 3
    assert few(colour for colour in colours if contrast(f"#{colour}", "#FFFFFF") < 3) == []


def test_a_status_is_a_word_with_a_symbol_and_a_colour(built):
    """The cell says the word; the rule that finds it by its defined name adds symbol and colour."""
    package, words = built.package, cached_values(built.path)
    count = 0
    for sheet in package.sheets:
        for rule in sheet.all("m:conditionalFormatting/m:cfRule[@type='cellIs']"):
            count += 1
            name = rule.findtext("m:formula", "", SPACES)
            where, _, cell = package.names[name].rpartition("!")
            look = package.rule_looks[int(rule.get("dxfId"))]
            symbol = re.fullmatch('"(.) "@', look.number_format or "").group(1)
            assert re.search(r"\w|–", str(words[where.strip("'")][cell.replace("$", "")].value)), name
            assert look.colour == SYMBOLS[symbol], name
    assert count > 40


def test_languages_are_those_of_the_template(finnish):
    assert finnish.template.head.languages == LANGUAGES
