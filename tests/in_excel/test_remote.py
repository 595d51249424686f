"""What buttons do by xlwings' remote engine: of a workbook with 200 faults a build from its inputs, and back.

The engine sees values, never formulas, and asks for XLWINGS_LICENSE_KEY.
"""

from __future__ import annotations

import random
import re
from functools import cache
from typing import Any

import openpyxl
import pytest

from support import engines, needs
from support.built import HEINOLA
from support.hosts import FileHost
from support.remote_book import RemoteBook, built, compute, different
from support.spoilt import Case, corrupt, replanned
from taulukko.folder.data_folder import load
from taulukko.plan.book import Spot

FAULTS, SEEDS = 200, 3
SENTENCE = {"fi": r"korjattiin (\d+)", "sv": r"kontrollerades, (\d+)", "en": r"checked, (\d+)"}
CASES = [("fi", 0), *(pytest.param("fi", seed, marks=pytest.mark.exhaustive) for seed in range(1, SEEDS))]
CASES += [("sv", 7), ("en", 8)]
RESULT = {"fi": "Tulos", "sv": "Resultat", "en": "Result"}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory):
    """Heinola's workbook without protection, as it is built for xlwings Lite and for a server."""
    needs.require_engine("xlwings")
    folder = tmp_path_factory.mktemp("cases")

    @cache
    def case(language: str = "fi", protected: bool = False) -> Case:
        return Case(*load(HEINOLA, language), folder / f"{language}-{protected}.xlsx", protected)

    return case


def press(book: RemoteBook, action: str) -> None:
    import xlwings

    from taulukko.in_excel import buttons

    opened = xlwings.Book(json=book.sent())
    getattr(buttons, action)(opened)
    book.answered(opened.json())


def spoilt(case: Case, seed: int, count: int = FAULTS) -> tuple[RemoteBook, FileHost, dict[Spot, Any]]:
    """A workbook with faults, a copy of it, and what stands in the inputs that were touched."""
    book = RemoteBook(case.path)
    typed = corrupt(case, book, random.Random(seed), count)
    return book, book.copy(sees_formulas=False), typed


@pytest.mark.parametrize(("language", "seed"), CASES)
def test_with_200_faults_it_becomes_a_build_from_its_inputs_and_back(case, tmp_path, language, seed):
    one = case(language)
    book, before, typed = spoilt(one, seed)
    expected = built(replanned(one, typed), one, tmp_path / "truth.xlsx")
    press(book, "recompute")
    assert different(book.texts, expected.texts) == []
    repaired = int(re.search(SENTENCE[language], book.texts[RESULT[language]][1][0])[1])
    assert repaired > 50
    compute(book, expected)
    assert different(book.cells, expected.cells) == []
    press(book, "undo")
    assert different(book.cells, before.cells) == []


@pytest.mark.office
def test_libreoffice_computes_what_was_written_to_the_same_values(case, tmp_path):
    one = case()
    book, _, typed = spoilt(one, 11)
    truth = tmp_path / "truth.xlsx"
    built(replanned(one, typed), one, truth)
    press(book, "recompute")
    assert sum(len(rows) * len(rows[0]) for _, _, _, rows in book.written) > 3_000
    path, file = tmp_path / "repaired.xlsx", openpyxl.load_workbook(one.path)
    for sheet in file:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            cell.value = None
    for spot, value in typed.items():
        file[one.title(spot.sheet)].cell(spot.row + 1, spot.column + 1).value = value
    for sheet, row, column, rows in book.written:
        for down, line in enumerate(rows):
            for right, text in enumerate(line):
                if sheet in file.sheetnames and file[sheet].sheet_state == "visible":
                    file[sheet].cell(row + down + 1, column + right + 1).value = text or None
    file.save(path)
    assert engines.disagreements(truth, engines.libreoffice_values(path, "fi-FI"))[:20] == []


@pytest.mark.parametrize("action", ["statuses", "forecast"])
def test_statuses_and_forecasts_write_some_formulas_and_leave_the_rest(case, tmp_path, action):
    one = case()
    book, before, typed = spoilt(one, 21)
    expected = built(replanned(one, typed), one, tmp_path / "truth.xlsx")
    press(book, action)
    changed = 0
    for title, rows in expected.texts.items():
        for row, line in enumerate(rows):
            for column, text in enumerate(line):
                now = book.texts[title][row][column]
                assert now in (before.texts[title][row][column], text)
                changed += now != before.texts[title][row][column]
    assert 0 < changed < FAULTS / 2


def test_check_writes_nothing_but_its_result(case):
    book, before, _ = spoilt(case(), 31)
    press(book, "check")
    assert different(book.texts, before.texts) == []
    assert [*book.texts][len(before.texts) :] == ["Tulos"]
    assert book.shown == "Tulos"


def test_a_workbook_with_protected_sheets_is_told_so_and_left_alone(case):
    one = case("fi", protected=True)
    book, before, _ = spoilt(one, 41, 20)
    press(book, "recompute")
    assert different(book.texts, before.texts) == []
    assert book.texts["Tulos"][0][0] == "taulukko: mitään ei kirjoitettu"
    assert book.texts["Tulos"][1][0].startswith("Työkirjan sivut on tehty suojattuina")
    press(book, "check")
    assert book.texts["Tulos"][0][0] == "taulukko: Tarkista"
