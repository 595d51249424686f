"""The judge judges: engines agree with right cached values and report planted wrong ones."""

from functools import partial
from pathlib import Path

import pytest
import xlsxwriter

from support import engines, needs
from support.engines import CellError

RIGHT = {
    "B1": ("=A1*2", 5),
    "B2": ('=A2&" "&A3', "Äänekoski <&> 7"),
    "B3": ('=IF(A1>99,"x","")', ""),
    "B4": ("=A1>1", True),
    "B5": ("=1/0", "#DIV/0!"),
    "B6": ('="a"&CHAR(10)&"b"', "a\nb"),
    "B7": ("=SUM(tLuvut[Määrä])", 6),
    "B8": ('=COUNTIFS(tLuvut[Määrä],">"&1.5)', 2),
    "B9": ('="POI"&"NT"', "POINT"),
}
SHEET = "Tiedot ä"


@pytest.fixture(params=engines.EACH)
def compute(request):
    return partial(engines.engine_values, request.param)


def write_book(path: Path, **planted: object) -> Path:
    """A small workbook with right cached values, apart from the planted ones."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(SHEET)
        sheet.write_column("A1", [2.5, "Äänekoski <&>", 7])
        sheet.add_table("D1:D4", {"name": "tLuvut", "columns": [{"header": "Määrä"}], "data": [[1], [2], [3]]})
        for ref, (formula, value) in RIGHT.items():
            sheet.write_formula(ref, formula, None, planted.get(ref, value))
        hidden = book.add_worksheet("_piilo")
        hidden.very_hidden()
        hidden.write_array_formula("A1:A2", f"{{='{SHEET}'!D2:D3*2}}", None, 2)
        hidden.write_number("A2", planted.get("A2", 4))
    return path


def test_right_values_pass(tmp_path, compute):
    book = write_book(tmp_path / "right.xlsx")
    assert engines.disagreements(book, compute(book)) == []


def test_planted_errors_are_reported(tmp_path, compute):
    book = write_book(tmp_path / "wrong.xlsx", B1=5.00001, B2="Äänekoski <&>  7", A2=5)
    assert engines.disagreements(book, compute(book)) == [
        f"{SHEET}!B1: cached 5.00001, engine 5.0: =A1*2",
        f"{SHEET}!B2: cached 'Äänekoski <&>  7', engine 'Äänekoski <&> 7': =A2&\" \"&A3",
        "_piilo!A2: cached 5.0, engine 4.0: =",
    ]


@pytest.mark.parametrize("planted", [{"B3": "x"}, {"B4": False}, {"B5": "#N/A"}, {"B7": "6"}, {"B1": ""}])
def test_a_value_of_another_kind_is_reported(tmp_path, planted):
    needs.require_engine("ironcalc")
    book = write_book(tmp_path / "wrong.xlsx", **planted)
    assert len(engines.disagreements(book, engines.ironcalc_values(book))) == 1


def test_a_sheet_the_engine_lost_is_reported(tmp_path):
    book = write_book(tmp_path / "right.xlsx")
    lines = engines.disagreements(book, {})
    assert len(lines) == len(RIGHT) - 1 + 2  # all but the empty text, and the two cells of the array formula


def test_poison_destroys_every_cached_value_and_nothing_else(tmp_path):
    book, poisoned = write_book(tmp_path / "book.xlsx"), tmp_path / "poisoned.xlsx"
    engines.poison(book, poisoned)
    before, after = engines.cached_values(book), engines.cached_values(poisoned)
    formulas = 0
    for sheet, cells in before.items():
        assert after[sheet].keys() == cells.keys()
        for ref, cell in cells.items():
            assert after[sheet][ref].formula == cell.formula
            if cell.formula is None:
                assert after[sheet][ref] == cell
            else:
                formulas += 1
                assert after[sheet][ref].value in (float(engines.POISON_NUMBER), engines.POISON_TEXT)
    assert formulas == len(RIGHT) + 2


def test_cached_values_tell_blank_empty_and_error_apart(tmp_path):
    path = tmp_path / "kinds.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_blank("A1", None, book.add_format({"bold": True}))
        sheet.write_formula("A2", '=""', None, "")
        sheet.write_formula("A3", "=NA()", None, "#N/A")
        sheet.write_string("A4", "#N/A")
        sheet.write_string("A5", "a\x01_x0041_")
    cells = engines.cached_values(path)["Sheet1"]
    assert [cells[ref].value for ref in ("A1", "A2", "A3", "A4", "A5")] == [None, "", "#N/A", "#N/A", "a\x01_x0041_"]
    assert [type(cells[ref].value) for ref in ("A3", "A4")] == [CellError, str]
    assert [cells[ref].formula for ref in ("A1", "A2", "A4")] == [None, '""', None]


@pytest.mark.office
@pytest.mark.parametrize(("locale", "half"), [("en-US", "0.5"), ("fi-FI", "0,5")])
def test_the_locale_is_in_force(tmp_path, locale, half):
    paths = [tmp_path / "a" / "same name.xlsx", tmp_path / "b" / "same name.xlsx"]
    for number, path in enumerate(paths, 1):
        path.parent.mkdir()
        with xlsxwriter.Workbook(path) as book:
            book.add_worksheet().write_formula("A1", f'={number}&" "&0.5')
    answers = [engines.libreoffice_values(path, locale) for path in paths]
    assert [answer["Sheet1"]["A1"] for answer in answers] == [f"1 {half}", f"2 {half}"]


@pytest.mark.parametrize(("required", "outcome"), [("", pytest.skip.Exception), ("1", pytest.fail.Exception)])
def test_an_absent_engine_skips_or_fails(monkeypatch, required, outcome):
    monkeypatch.setenv("TAULUKKO_REQUIRE_ENGINES", required)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(needs, "tiers", {"office"})
    with pytest.raises(outcome, match="not there: libreoffice"):
        needs.require_engine("libreoffice")


def test_a_test_of_the_core_does_not_start_libreoffice():
    with pytest.raises(AssertionError, match="mark the test"):
        needs.require_engine("libreoffice")
