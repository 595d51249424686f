"""Buttons in Excel on a desktop: an engine of xlwings stands for Excel and LibreOffice computes; no Excel is here."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import xlwings

from support import office as libreoffice
from support.built import Built
from support.desktop import REFUSED, ComError, Excel
from taulukko.errors import Finding
from taulukko.formula.addresses import address
from taulukko.in_excel import buttons, desktop, macros
from taulukko.in_excel.desktop import ERROR_CODES, DesktopDesk, one_line
from taulukko.in_excel.words import AFTER, words_of
from taulukko.messages import FOLDER, reader_language
from taulukko.program import pages as names
from taulukko.program.actions import press
from taulukko.program.host import RefusedError
from taulukko.program.pages import BRAND, Writing
from taulukko.program.program import SHEET
from taulukko.program.repair import recompute

SAID = words_of("fi")
NOTHING = SAID.text("inside.refused")
BUSY = -2147418111
RESULT, LOG = "Tulos", "Muutosloki"


@pytest.fixture
def opened(office: libreoffice.Session, finnish: Built, monkeypatch: pytest.MonkeyPatch) -> Iterator[Excel]:
    """The report, open in an Excel; a macro called from it."""
    with Excel(office, finnish.path) as excel:
        monkeypatch.setattr(xlwings.Book, "_mock_caller", excel.book(), raising=False)
        yield excel


@pytest.fixture(scope="module")
def planted_once(office: libreoffice.Session, finnish: Built) -> Iterator[tuple[Excel, dict[str, Any]]]:
    """The report with overwritten formulas, and all that a press could change in it."""
    with Excel(office, finnish.path) as excel:
        plant(excel)
        yield excel, excel.snapshot()


@pytest.fixture
def planted(
    planted_once: tuple[Excel, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Excel, dict[str, Any]]]:
    """It again; a test leaves it as it was."""
    excel, before = planted_once
    monkeypatch.setattr(xlwings.Book, "_mock_caller", excel.book(), raising=False)
    kept = {name: getattr(excel, name) for name in vars(excel) if isinstance(getattr(excel, name), bool)}
    names, fails = dict(excel.names), excel.fails
    yield planted_once
    excel.names, excel.fails, excel.alerts = names, fails, []
    for name, value in kept.items():
        setattr(excel, name, value)
    for page in excel.pages:
        page.password, page.is_filtered, page.filtered_tables = "", False, 0
    assert excel.snapshot() == before


def plant(excel: Excel) -> dict[tuple[str, int, int], str]:
    """Overwrite formulas on several sheets with values of every kind; the formulas that stood there."""
    evaluation = recompute(DesktopDesk(excel.book())).evaluation
    contents = [4321.5, "'1.2", "'=nothing", "=1+1", "", True, "'abc", "#N/A"]
    found = {}
    for place, content in enumerate(contents * 2):
        spots = sorted(spot for spot in evaluation.formulas if spot.sheet == 3 + place % 6)
        spot = spots[7 * place % len(spots)]
        title = evaluation.layout.titles[spot.sheet]
        found[title, spot.row, spot.column] = excel.page(title).texts[spot.row, spot.column]
        excel.type(title, spot.row, spot.column, content)
    return found


def failing(change: str, number: int = 1, last: int | None = None) -> Callable[[str], bool]:
    """The number'th change of a kind fails, and those after it up to a last one."""
    seen = 0

    def fails(kind: str) -> bool:
        nonlocal seen
        seen += kind == change
        return kind == change and number <= seen <= (last or number)

    return fails


def protected(excel: Excel) -> set[str]:
    return {page.title for page in excel.pages if page.protection}


def head(excel: Excel, title: str = RESULT) -> list[str]:
    return [str(excel.page(title).texts.get((row, 0), "")) for row in range(3)]


# what a press does


def test_recompute_repairs_what_was_overwritten_and_protects_the_sheets_as_they_were(opened, finnish):
    untouched = opened.snapshot()
    formulas = plant(opened)
    buttons.recompute_main()
    assert opened.alerts == []
    after = opened.snapshot()
    assert {title: after["pages"][title] for title in untouched["pages"]} == untouched["pages"]
    assert {title: after["values"][title] for title in untouched["values"]} == untouched["values"]
    assert after["settings"] == untouched["settings"]
    assert opened.active == RESULT
    assert head(opened)[0] == f"{BRAND}: Laske uudelleen"
    repaired = int(re.search(r"korjattiin (\d+)", head(opened)[1])[1])
    assert repaired >= len(formulas)
    assert [page.title for page in opened.pages if page.visible == -1][-2:] == [RESULT, LOG]
    logged = [text for (row, column), text in opened.page(LOG).texts.items() if column == 3 and row > 1]
    assert len(logged) == repaired
    assert {f"{title}!{address(row, column)}" for title, row, column in formulas} <= set(logged)
    assert recompute(DesktopDesk(opened.book())).changes == ()


def test_undo_puts_back_what_was_overwritten(opened):
    places, closed = plant(opened), protected(opened)
    stood = {place: opened.page(place[0]).texts.get(place[1:]) for place in places}
    buttons.recompute_main()
    buttons.undo_main()
    assert {place: opened.page(place[0]).texts.get(place[1:]) for place in places} == stood
    assert protected(opened) == closed
    assert head(opened)[0] == f"{BRAND}: Kumoa"
    buttons.undo_main()
    assert opened.alerts == []
    assert "ei ole" in head(opened)[1]


def test_check_statuses_and_forecast_write_their_results(opened):
    statement = "Tuloslaskelma"
    row, column = typed_cell(opened, statement)
    opened.type(statement, row, column, "'n. 5")
    buttons.check_main()
    found = [value for place, value in opened.page(RESULT).texts.items() if place[1] == 2 and place[0] > 4]
    assert any("n. 5" in text for text in found)
    buttons.statuses_main()
    assert head(opened)[0] == f"{BRAND}: Päivitä tilat"
    buttons.forecast_main()
    assert head(opened)[0] == f"{BRAND}: Ennusta"
    assert desktop.FIGURES in opened.page(RESULT).formats.values()
    buttons.recompute_main()
    assert opened.alerts == []
    assert opened.page(statement).texts[row, column] == "n. 5"


def typed_cell(excel: Excel, title: str) -> tuple[int, int]:
    """A cell of a sheet with a number that somebody has typed."""
    page = excel.page(title)
    numbers = (place for place in sorted(page.free) if isinstance(page.texts.get(place), int | float))
    return next(numbers)


def test_a_new_sheet_stands_before_the_hidden_ones(opened):
    buttons.check_main()
    titles = [page.title for page in opened.pages]
    assert titles.index(RESULT) == len(titles) - 1 - sum(page.visible != -1 for page in opened.pages)


def test_the_options_of_a_protection_are_those_that_were(opened):
    plant(opened)
    page = opened.page("Tuloslaskelma HYTE")
    assert page.protection
    page.protection |= {"AllowSorting": True, "AllowFiltering": True, "DrawingObjects": False, "Scenarios": True}
    page.protection |= {"UserInterfaceOnly": True, "AllowFormattingCells": not page.protection["AllowFormattingCells"]}
    page.selection = 1
    before = {one.title: (one.protection, one.selection) for one in opened.pages}
    buttons.recompute_main()
    assert opened.alerts == []
    assert {title: before[title] for title in before} == {
        one.title: (one.protection, one.selection) for one in opened.pages if one.title in before
    }


def test_calculation_that_is_manual_stays_so_and_the_workbook_is_calculated(opened):
    plant(opened)
    opened.book().app.calculation = "manual"
    row, column = typed_cell(opened, "Tuloslaskelma")
    opened.type("Tuloslaskelma", row, column, 777.0)
    buttons.recompute_main()
    assert opened.alerts == []
    assert opened.settings["calculation"] == "manual"
    assert head(opened)[2].endswith(SAID.text("inside.calculated"))
    assert recompute(DesktopDesk(opened.book())).changes == ()


def test_the_result_is_shown_even_when_somebody_has_hidden_it(opened):
    buttons.check_main()
    opened.page(RESULT).visible, opened.active = 0, "Kansi"
    buttons.check_main()
    assert (opened.active, opened.page(RESULT).visible) == (RESULT, -1)


# what keeps a press from writing


CASES: dict[str, tuple[Callable[[Excel], Any], str]] = {
    "read only": (lambda one: setattr(one, "read_only", True), "opened_read_only"),
    "shared": (lambda one: setattr(one, "shared", True), "shared"),
    "saved at once": (lambda one: setattr(one, "saved_at_once", True), "shared"),
    "structure": (lambda one: setattr(one, "closed_structure", True), "structure"),
    "password": (lambda one: setattr(one.page("Tuloslaskelma HYTE"), "password", "x"), "password"),
    "filter": (lambda one: setattr(one.page("Tuloslaskelma HYTE"), "is_filtered", True), "filtered"),
    "filter of a table": (lambda one: setattr(one.page("Tuloslaskelma HYTE"), "filtered_tables", 2), "filtered"),
    "sheet": (lambda one: one.names.update({"taulukko.sheet2": "=#REF!$A$1"}), "sheet_missing"),
    "no writing": (lambda one: setattr(one, "fails", failing("write", 7)), "not_written"),
    "no new sheet": (lambda one: setattr(one, "fails", failing("add", 2)), "not_written"),
    "no new name": (lambda one: setattr(one, "fails", failing("name", 2)), "not_written"),
    "no new title": (lambda one: setattr(one, "fails", failing("rename", 2)), "not_written"),
    "no unprotecting": (lambda one: setattr(one, "fails", failing("unprotect", 2)), "password"),
    "no manual calculation": (lambda one: setattr(one, "fails", failing("calculation")), "failed"),
    "no reading": (lambda one: setattr(one, "fails", failing("read", 5)), "failed"),
}


def is_said(said: str, code: str, sheet: str) -> bool:
    """Whether a finding is told, of a sheet or of the whole."""
    findings = (Finding(code, place=place, found="FOUND") for place in ("", sheet))
    return said.startswith(tuple(SAID.sentences(one).partition("FOUND")[0] for one in findings))


@pytest.mark.parametrize("name", CASES)
def test_what_keeps_a_press_from_writing_is_said_and_the_workbook_is_as_it_was(planted, name):
    excel, before = planted
    change, code = CASES[name]
    excel.names = dict(excel.names)
    change(excel)
    buttons.recompute_main()
    assert excel.snapshot() == before
    (title, said), *more = excel.alerts
    assert more == []
    assert title == f"{BRAND}: {NOTHING}"
    assert any(is_said(said, code, page.title) for page in excel.pages)
    assert "Traceback" not in said
    assert "\n" not in said


class Waiting(DesktopDesk):
    """Keeps what is to be written."""

    def write(self, writing: Writing) -> None:
        self.writing = writing


def test_a_write_that_fails_is_taken_back_whichever_it_is(planted):
    """Half of a block is written when it fails; what formulas give is compared at the end."""
    excel, before = planted
    desk = Waiting(excel.book())
    press(desk, "recompute")
    contents, writes = excel.contents(), len(desk.writing.cells) + len(desk.writing.pages)
    for number in range(1, writes + 1):
        excel.fails = failing("write", number)
        with pytest.raises(RefusedError, match="not_written"):
            DesktopDesk(excel.book()).write(desk.writing)
        assert excel.contents() == contents, number
    assert writes > 10
    assert excel.snapshot() == before


def test_a_workbook_of_another_kind_or_version_is_told_apart(planted):
    excel, _ = planted
    program = excel.page(SHEET)
    texts = program.texts
    first = min(row for (row, column), text in texts.items() if (column, text) == (0, "program"))
    for content, code in (
        ({}, "program_missing"),
        (texts | {(first, 2): "x"}, "program_damaged"),
    ):
        program.texts, excel.alerts = content, []
        buttons.recompute_main()
        said = words_of("fi" if content else reader_language(None, os.environ))
        assert [text for _, text in excel.alerts] == [said.sentences(Finding(code))]
    program.texts = texts


def test_an_excel_that_is_busy_says_so(planted):
    excel, before = planted

    def busy(kind: str) -> bool:
        if kind == "calculation":
            raise ComError(BUSY, "Call was rejected by callee.")
        return False

    excel.fails = busy
    buttons.recompute_main()
    assert excel.alerts == [(f"{BRAND}: {NOTHING}", SAID.sentences(Finding("busy")))]
    assert excel.snapshot() == before


def test_what_nobody_has_foreseen_is_said_with_a_line_for_support(planted, monkeypatch):
    excel, before = planted

    def broken(*_: object) -> None:
        raise KeyError("one\nand two")

    monkeypatch.setattr(buttons, "press", broken)
    buttons.check_main()
    assert excel.alerts == [
        (f"{BRAND}: {NOTHING}", SAID.sentences(Finding("failed", found="KeyError: 'one\\nand two'")))
    ]
    assert excel.snapshot() == before


def test_where_no_box_can_be_shown_python_ends_with_the_words(planted):
    excel, before = planted
    excel.read_only, excel.fails = True, failing("alert")
    with pytest.raises(SystemExit) as ended:
        buttons.check_main()
    assert ended.value.code == SAID.sentences(Finding("opened_read_only"))
    assert excel.snapshot() == before


def test_without_a_workbook_that_called_python_ends_with_the_words_of_the_reader(monkeypatch):
    monkeypatch.delattr(xlwings.Book, "_mock_caller", raising=False)
    monkeypatch.setenv("LC_ALL", "sv_FI.UTF-8")
    with pytest.raises(SystemExit) as ended:
        buttons.recompute_main()
    assert str(ended.value.code).startswith(
        words_of("sv").sentences(Finding("no_caller", found="FOUND")).partition("FOUND")[0]
    )


def test_a_sheet_that_is_coloured_to_its_last_row_is_read_as_far_as_it_is_filled(opened):
    opened.page("Riskit").coloured = opened.page("Kansi").coloured = (1_048_575, 16_383)
    before = opened.contents()["pages"]
    buttons.recompute_main()
    assert opened.alerts == []
    assert re.search(r"korjattiin 0", head(opened)[1])
    assert {title: page for title, page in opened.contents()["pages"].items() if title in before} == before


def test_the_names_of_the_result_and_the_log_are_hidden(opened):
    buttons.recompute_main()
    assert opened.hidden_names == {names.RESULT, names.LOG}
    assert opened.names[names.RESULT] == f"='{RESULT}'!$A$1"


# what fails after all is written


def test_protection_that_does_not_come_back_is_said_and_other_sheets_get_theirs(opened):
    plant(opened)
    closed = protected(opened)
    opened.fails = failing("protect", 2)
    buttons.recompute_main()
    (title, said), *more = opened.alerts
    assert more == []
    assert title == BRAND
    sheet = next(
        page.title for page in opened.pages if SAID.sentences(Finding("unprotected", place=page.title)) == said
    )
    assert protected(opened) == closed - {sheet}
    opened.fails = failing("nothing")
    assert recompute(DesktopDesk(opened.book())).changes == ()


def test_a_mode_that_does_not_come_back_is_said_with_what_was_written(opened):
    plant(opened)
    closed = protected(opened)
    opened.fails = failing("calculation", 2)
    buttons.recompute_main()
    begin = SAID.sentences(Finding("failed_after", found="FOUND")).partition("FOUND")[0]
    assert [(title, said.startswith(begin)) for title, said in opened.alerts] == [(BRAND, True)]
    assert opened.settings["screen_updating"] and opened.settings["display_alerts"]
    assert protected(opened) == closed


def test_an_excel_that_takes_nothing_any_more_is_to_be_closed_without_saving(opened):
    plant(opened)
    takes = failing("write", 5, last=10_000)

    def gone(change: str) -> bool:
        if takes(change):
            raise ComError(REFUSED, "Exception occurred.")
        return False

    opened.fails = gone
    buttons.recompute_main()
    begin = SAID.sentences(Finding("not_restored", found="FOUND")).partition("FOUND")[0]
    assert [(title, said.startswith(begin)) for title, said in opened.alerts] == [(BRAND, True)]


# a Mac


def test_on_a_mac_a_protected_sheet_is_refused_and_an_unprotected_one_written(opened, monkeypatch):
    monkeypatch.setattr(desktop, "MAC", True)
    opened.on_mac = True
    formulas = plant(opened)
    before = opened.snapshot()
    buttons.recompute_main()
    sheets = [SAID.sentences(Finding("protected_on_mac", place=page.title)) for page in opened.pages]
    assert [said in sheets for _, said in opened.alerts] == [True]
    assert opened.snapshot() == before
    opened.alerts.clear()
    for page in opened.pages:
        page.protection = None
    buttons.recompute_main()
    assert opened.alerts == []
    assert {place: opened.page(place[0]).texts[place[1:]] for place in formulas} == formulas
    assert head(opened)[2].endswith("Maija")


def test_what_is_asked_on_a_mac_has_a_name_there():
    """By the dictionary of Excel's AppleScript that comes with xlwings."""
    folder = Path(str(find_spec("xlwings").origin)).parent
    known = set(re.findall(r'\("(\w+)"', (folder / "mac_dict.py").read_text(encoding="utf-8")))
    source = Path(desktop.__file__).read_text(encoding="utf-8")
    asked = [desktop._CAPITAL.sub("_", name).lower() for name in re.findall(r'_told\([^"]*"(\w+)"\)', source)]
    assert len(asked) == 6
    assert {*asked, "string_value"} <= known


# parts


def test_numbers_of_errors_are_those_of_xlwings():
    folder = Path(str(find_spec("xlwings").origin)).parent
    source = (folder / "_xlwindows.py").read_text(encoding="utf-8")
    known = {int(code): text for code, text in re.findall(r'^    (-2146826\d+): "(#.*)",$', source, re.MULTILINE)}
    assert len(known) == 7
    assert known.items() <= {code - 2146828288: text for code, text in ERROR_CODES.items()}.items()


@pytest.mark.parametrize(
    ("value", "formula", "kept"),
    [
        (3.5, "=A1", "=A1"),
        (3.5, "3.5", 3.5),
        ("1.2", "1.2", "'1.2"),
        ("=x", "=x", "'=x"),
        ("#N/A", "#N/A", "#N/A"),
        ("#N/A", "=A1", "=A1"),
        (None, "", None),
        (True, "TRUE", True),
        (datetime(2024, 9, 30), "45565", "45565"),
    ],
)
def test_what_stood_in_a_cell_is_written_so_that_it_stays_what_it_was(value, formula, kept):
    assert desktop._kept(value, formula) == kept


@pytest.mark.parametrize(
    ("found", "rows"), [("a", [["a"]]), (["a", "b"], [["a", "b"]]), ((("a",), ("b",)), [["a"], ["b"]])]
)
def test_cells_come_as_rows_however_excel_gives_them(found, rows):
    assert desktop._rows(found) == rows


def test_a_line_for_support_is_short_and_one_line():
    assert len(one_line(ValueError("x\n" * 1000))) == 300
    assert one_line(ComError(BUSY, "a\nb")) == f"ComError: ({BUSY}, 'a\\nb', None, None)"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_message_is_there_and_none_more(language):
    messages = tomllib.loads(Path(FOLDER, f"{language}.toml").read_text(encoding="utf-8"))
    assert messages["inside"].keys() == {"result", "refused", "calculated", "shapes", *macros.SAID}
    assert messages["finding"].keys() >= set(AFTER)
