"""The workbook with buttons for xlwings Lite: what it holds, and what its code does where it runs.

xlwings' engine for such code is free for noncommercial use and asks for a variable that says so; the tests with it run
where XLWINGS_LICENSE_KEY is set. Those in Pyodide also need xlwings-server, node and TAULUKKO_NODE, a folder with what
tests/node/package.json names. No Excel is asked.
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils.cell import range_boundaries
from test_lite_main import bare  # type: ignore[import-not-found]

from support import engines, needs
from support.built import HEINOLA, LANGUAGES, TESTS, Built
from support.folders import data_folder
from support.hosts import FileHost
from support.remote_book import RemoteBook, built, compute, different
from support.shelf import Shelf
from support.spoilt import Case, corrupt, replanned
from support.xlsx_parts import SPACES, Package, cells_of
from taulukko.builder import build
from taulukko.cli import run
from taulukko.errors import FaultsError
from taulukko.folder.data_folder import load
from taulukko.in_excel.lite import carried, strip
from taulukko.in_excel.lite_book import REQUIREMENTS
from taulukko.in_excel.sheet_buttons import BUTTONS
from taulukko.program.actions import press
from taulukko.xlsx.aside import aside
from taulukko.xlsx.check import check
from taulukko.xlsx.existing import state_of
from taulukko.xlsx.workbook import read_inputs

NODE = TESTS / "node"
REFERENCE = re.compile(r"\[(.+)\]'(.+)'!([A-Z]+[0-9]+)")


@pytest.fixture(scope="module")
def lite(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Path:
    kept = shelf.book(HEINOLA, language="fi", kind="lite")
    return Path(shutil.copy(kept, tmp_path_factory.mktemp("lite") / "report.xlsx"))


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The same workbook with its plan."""
    return Case(*load(HEINOLA), tmp_path_factory.mktemp("case") / "report.xlsx", protected=False)


@pytest.fixture(scope="module")
def package(lite: Path) -> Package:
    return Package(lite)


@pytest.fixture(scope="module")
def main(lite: Path) -> str:
    return carried(lite)["main.py"]


# --- what it holds ----------------------------------------------------------------------------------------------------


def test_it_holds_the_same_cells_as_the_plain_workbook(lite, finnish: Built):
    ours, plain = FileHost(lite), FileHost(finnish.path)
    own = {"_taulukko"}
    assert {title: ours.cells[title] for title in ours.cells if title not in own} == {
        title: plain.cells[title] for title in plain.cells if title not in own
    }
    assert ours.texts.keys() == plain.texts.keys()
    assert [title for title in ours.texts if ours.texts[title] != plain.texts[title]] == [*own]
    assert check(lite) == [replace(one, file=str(lite)) for one in check(finnish.path)]


def test_nothing_that_the_code_writes_in_is_protected(package):
    assert [sheet.name for sheet in package.sheets if sheet.is_protected] == ["_taulukko"]


def test_that_it_was_built_so_is_no_note_of_a_return(lite, tmp_path, finnish: Built):
    def noted(path: Path) -> int:
        return sum(one.code == "sheet_unprotected" for one in aside(read_inputs(path)))

    opened = tmp_path / "opened.xlsx"
    with zipfile.ZipFile(finnish.path) as plain, zipfile.ZipFile(opened, "w") as copy:
        for part in plain.infolist():
            copy.writestr(part, re.sub(rb"<sheetProtection[^>]*/>", b"", plain.read(part)))
    assert (noted(lite), noted(opened) > 0) == (0, True)


@pytest.mark.office
def test_libreoffice_opens_it_and_computes_the_same(lite):
    assert engines.disagreements(lite, engines.libreoffice_values(lite, "fi-FI"))[:20] == []


def test_every_formula_refuses_typing_instead(package):
    for sheet in package.visible:
        guarded = {
            place for one in sheet.all("m:dataValidations/m:dataValidation") for place in cells_of(one.get("sqref"))
        }
        formulas = {
            place for cell in sheet.cells if cell.find("m:f", SPACES) is not None for place in cells_of(cell.get("r"))
        }
        assert formulas <= guarded, sheet.name


def test_no_cell_has_two_validations(package):
    """Excel takes a file in which they overlap for a damaged one."""
    for sheet in package.sheets:
        elements = sheet.all("m:dataValidations/m:dataValidation")
        areas = [range_boundaries(area) for one in elements for area in one.get("sqref").split()]
        for (l1, t1, r1, b1), (l2, t2, r2, b2) in combinations(areas, 2):
            assert r1 < l2 or r2 < l1 or b1 < t2 or b2 < t1, sheet.name


def shapes(package: Package) -> dict[tuple[str, str], Any]:
    """Anchors of shapes by title of the sheet and name of the shape."""
    return {
        (sheet.name, anchor.find("xdr:sp/xdr:nvSpPr/xdr:cNvPr", SPACES).get("name")): anchor
        for sheet in package.visible
        for drawing in package.part_of(sheet, "drawing")
        for anchor in drawing.findall("xdr:twoCellAnchor", SPACES)
        if anchor.find("xdr:sp", SPACES) is not None
    }


def test_every_button_of_the_code_is_a_shape_over_the_cell_it_leads_to(package, main):
    found = shapes(package)
    references = [match.groups() for match in REFERENCE.finditer("\n".join(re.findall(r'button="(.*)"\)', main)))]
    assert sorted((title, name) for name, title, _ in references) == sorted(found)
    cells = {sheet.name: {cell.get("r") for cell in sheet.cells} for sheet in package.visible}
    for name, title, cell in references:
        start = found[title, name].find("xdr:from", SPACES)
        row, column = (int(start.find(f"xdr:{part}", SPACES).text) for part in ("row", "col"))
        assert [(row + 1, column + 1)] == list(cells_of(cell))
        assert cell not in cells[title]
        assert found[title, name].find("xdr:clientData", SPACES).get("fPrintsWithSheet") == "0"
        assert found[title, name].find("xdr:sp/xdr:nvSpPr/xdr:cNvPr", SPACES).get("descr")


def test_shapes_lead_to_the_cells_that_the_code_waits_for(lite, main):
    with zipfile.ZipFile(lite) as book:
        rels = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/drawings/_rels/")]
    targets = re.findall(r"relationships/hyperlink\" Target=\"#('[^\"]+![A-Z]+[0-9]+)\"", "".join(rels))
    assert sorted(targets) == sorted(re.findall(r'button="\[.+?\](.+?)"\)', main))


def test_which_sheets_have_buttons(package, finnish: Built):
    kinds = {sheet.name: finnish.template.sections.get(sheet.key.partition(".")[0]) for sheet in finnish.plan.sheets}
    expected = sum(len(BUTTONS.get(section.kind, ())) for section in kinds.values() if section)
    assert len(shapes(package)) == expected > 10


def test_a_rebuild_over_it_needs_no_force_and_what_is_stripped_is_untouched(lite, tmp_path):
    assert state_of(lite) == "untouched"
    copy = Path(shutil.copy(lite, tmp_path / "copy.xlsx"))
    assert strip(copy).keys() == {"main.py", "requirements.txt"}
    assert state_of(copy) == "untouched"
    assert "hyperlink" not in zipfile.ZipFile(copy).read("_rels/.rels").decode()


def test_two_builds_are_the_same_bytes(lite, tmp_path):
    again = build(HEINOLA, tmp_path / "again.xlsx", language="fi", kind="lite")
    assert again.read_bytes() == lite.read_bytes()


def test_requirements_name_the_version_that_is_tested(lite):
    assert carried(lite)["requirements.txt"] == REQUIREMENTS


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_each_language_the_code_speaks_it(tmp_path, language):
    path = build(data_folder(tmp_path / "data"), language=language, kind="lite")
    assert path.name == "osavuosikatsaus-lite.xlsx"
    label = {"fi": "Tulos", "sv": "Resultat", "en": "Result"}[language]
    assert f"'result': '{label}'" in carried(path)["main.py"]


def test_a_lite_workbook_is_an_xlsx(tmp_path):
    with pytest.raises(FaultsError):
        build(data_folder(tmp_path / "data"), tmp_path / "report.xlsm", kind="lite")


def test_build_on_the_command_line_says_that_it_is_an_experiment(tmp_path, capsys):
    folder = data_folder(tmp_path / "data")
    assert run(["build", str(folder), "--kind", "lite"]) == 0
    assert capsys.readouterr().out == f"{folder / 'osavuosikatsaus-lite.xlsx'}\n"
    assert run(["build", "--help", "--lang", "en"]) == 0
    assert "an experiment" in " ".join(capsys.readouterr().out.split())


# --- what its code does -----------------------------------------------------------------------------------------------


def test_the_code_is_read_where_there_is_nothing_but_python(main):
    told = """sorted(main.WORDS.words["finding"]), sorted(main.MEASURES), main.remaining([[3]], [[1], [None]])"""
    script = f"print(json.dumps([{told}]))"
    words, measures, remaining = bare(main, script)
    assert set(words) >= {"formula_overwritten", "key_copied", "layout_changed", "program_damaged", "protected_there"}
    assert {"REMAINING", "FORECAST", "RISK_LEVEL"} <= set(measures)
    assert remaining == [[2.0], [""]]


Call = tuple[str, str, Any]
"""Kind, `script` or `function`; name; what the client sends."""


class Engine:
    """Runs the code by xlwings' own engine for it."""

    def __init__(self, text: str):
        self.text = text

    def answer(self, *calls: Call) -> list[Any]:
        command = [sys.executable, str(TESTS / "support" / "lite_engine.py")]
        asked = json.dumps({"main": self.text, "calls": calls})
        return json.loads(subprocess.run(command, input=asked, capture_output=True, text=True, check=True).stdout)

    def script(self, action: str, sent: dict[str, Any]) -> dict[str, Any]:
        return self.answer(("script", re.search(rf"def ({action}_\d+)", self.text)[1], sent))[0]


@pytest.fixture(scope="module")
def engine(main: str) -> Engine:
    needs.require_engine("xlwings")
    return Engine(main)


def function(name: str, *given: Any) -> Call:
    """A function of a cell, each argument in rows."""
    asked = {"func_name": name, "args": given, "caller_address": "Riskit!Z1", "content_language": "fi-FI"}
    return "function", "", asked | {"version": "0.37.8", "runtime": "1.4", "date_format": "d.M.yyyy"}


FUNCTIONS = [
    (function("remaining", [[3]], [[1.5]]), [[1.5]]),
    (function("remaining", [[3]], [[None]]), [[""]]),
    (function("remaining", [[3]], [[1], [None]]), [[2], [""]]),
    (function("remaining", [[3, 4]], [[1, 1]]), [[2, 3]]),
    (function("remaining", [[3], [4]], [[1], ["x"]]), [[2], [""]]),
    (function("forecast", [[75]], [[9]]), [[100]]),
    (function("forecast", [[75]], [[9]], [[None]], [[None]], [[120]]), [[120]]),
    (function("risk_level", [[3]], [[3]]), [["Korkea"]]),
]


def test_functions_for_cells_take_cells_and_ranges_of_any_shape(engine):
    assert engine.answer(*(call for call, _ in FUNCTIONS)) == [expected for _, expected in FUNCTIONS]


@pytest.fixture
def book(lite: Path) -> RemoteBook:
    return RemoteBook(lite)


def test_recompute_writes_every_formula_as_it_was_built(engine, book):
    before = book.copy()
    book.answered(engine.script("recompute", book.sent()))
    assert different(book.texts, before.texts) == []
    written = {
        (sheet, row + down, column + right)
        for sheet, row, column, rows in book.written
        for down, line in enumerate(rows)
        for right in range(len(line))
    }
    formulas = {
        (title, row, column)
        for title, rows in before.texts.items()
        for row, line in enumerate(rows)
        for column, text in enumerate(line)
        if isinstance(text, str) and text.startswith("=")
    }
    assert {place for place in written if place[0] in before.texts} == formulas
    assert book.shown == "Tulos"
    assert book.texts["Tulos"][1][0] == f"Laskettuja soluja tarkistettiin {len(formulas)}, korjattiin 0."


def test_check_lists_what_is_wrong_and_writes_in_no_other_sheet(engine, book):
    before = book.copy()
    before.put("Tuloslaskelma VAKA", 7, 4, "'=n. 5 000")
    book.put("Tuloslaskelma VAKA", 7, 4, "'=n. 5 000")
    book.answered(engine.script("check", book.sent()))
    assert different(book.texts, before.texts) == []
    assert [*book.texts][len(before.texts) :] == ["Tulos"]
    (line,) = [row for row in book.texts["Tulos"] if "Tuloslaskelma VAKA!E8" in str(row[0])]
    assert "=n. 5 000" in line[2]


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda sent: sent["sheets"].pop(), "ei ole laskentaohjelmaa"),
        (lambda sent: sent["names"].clear(), "Kansi: taulukkosivu puuttuu"),
    ],
)
def test_what_keeps_it_from_computing_is_told_in_the_workbook_and_nothing_else_is_written(
    engine, book, break_it: Callable[[dict[str, Any]], Any], said
):
    sent, before = book.sent(), book.copy()
    break_it(sent)
    for grids in (book.cells, book.texts, before.texts):
        for title in [*grids][len(sent["sheets"]) :]:
            del grids[title]
    book.answered(engine.script("recompute", sent))
    assert said in book.texts["Tulos"][1][0]
    assert different(book.texts, before.texts) == []


# --- in Pyodide -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pyodide(tmp_path_factory: pytest.TempPathFactory, main: str) -> Callable[..., list[Any]]:
    """Answers calls in Pyodide, by xlwings' own runtime."""
    modules = Path(os.environ.get("TAULUKKO_NODE", NODE)) / "node_modules" / "pyodide" / "pyodide.mjs"
    runtime = importlib.util.find_spec("xlwings_server")
    own = importlib.util.find_spec("xlwings")
    key = os.environ.get("XLWINGS_LICENSE_KEY")
    there = {"node": shutil.which("node"), "pyodide": modules.exists(), "xlwings-server": runtime, "xlwings": own}
    needs.require(there | {"XLWINGS_LICENSE_KEY": key}, "the code was not run in Pyodide")
    folder = tmp_path_factory.mktemp("pyodide")
    root = Path(str(own.origin)).parent
    with zipfile.ZipFile(folder / "packages.zip", "w") as packages:
        for path in root.rglob("*.py"):
            packages.write(path, path.relative_to(root.parent))
    asked = {
        "pyodide": str(modules),
        "packages": str(folder / "packages.zip"),
        "runtime": str(Path(str(runtime.origin)).parent / "wasm"),
        "main": main,
        "environment": {"XLWINGS_LICENSE_KEY": key},
    }

    def answers(calls: list[Any], formulas: dict[str, Any]) -> list[Any]:
        (folder / "asked.json").write_text(json.dumps(asked | {"calls": calls, "formulas": formulas}), encoding="utf-8")
        command = ["node", str(NODE / "lite.mjs"), str(folder / "asked.json")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)["answers"]

    return answers


def test_taken_out_of_the_file_it_runs_in_pyodide(pyodide, engine, book, main):
    sent, name = book.sent(), re.search(r"def (check_\d+)", main)[1]
    calls = [("scripts", "", None), ("functions", "", None), ("script", name, sent), *(call for call, _ in FUNCTIONS)]
    scripts, functions, answer, *values = pyodide(calls, book.texts)
    assert sorted(one["button"] for one in scripts) == sorted(re.findall(r'button="(.*)"\)', main))
    assert "TAULUKKO.REMAINING" in [one["name"] for one in functions["functions"]]
    assert values == [expected for _, expected in FUNCTIONS]
    other = book.copy()
    book.answered(answer)
    other.answered(engine.script("check", sent))
    for one in (book, other):
        one.put("Tulos", 2, 0, "'now")
    assert book.texts == other.texts


@pytest.fixture
def pressed(pyodide: Callable[..., list[Any]], main: str) -> Callable[[RemoteBook, str], None]:
    """Presses a button in Pyodide."""

    def pressed(book: RemoteBook, action: str) -> None:
        name = re.search(rf"def ({action}_\d+)", main)[1]
        (answer,) = pyodide([("script", name, book.sent())], book.texts)
        assert "error" not in answer, answer
        book.answered(answer)

    return pressed


@pytest.mark.parametrize("action", ["check", "statuses", "forecast"])
def test_in_pyodide_the_other_buttons_do_what_they_do_elsewhere(pressed, case, action):
    book = RemoteBook(case.path)
    corrupt(case, book, random.Random(3), 200)
    other = book.copy()
    pressed(book, action)
    press(other, action)
    for one in (book, other):
        one.put("Tulos", 2, 0, None)
        for row in range(2, len(one.texts.get("Muutosloki", ()))):
            for column in (0, 1, 7):  # when, by whom, and values whose last digit two Pythons may round otherwise
                one.put("Muutosloki", row, column, None)
    assert book.texts.keys() == other.texts.keys()
    assert different(book.texts, other.texts) == []


@pytest.mark.parametrize("seed", [1, 2])
def test_in_pyodide_a_spoilt_workbook_becomes_a_build_from_its_inputs_and_back(pressed, case, seed):
    """Formulas are asked for there, so that one that was overwritten by the very value it shows is found, too."""
    book = RemoteBook(case.path)
    truth = replanned(case, corrupt(case, book, random.Random(seed), 200))
    title, row, column = "Riskit", 5, 7
    book.put(title, row, column, book.cells[title][row][column])
    spoilt, expected = book.copy(), built(truth, case, case.path.with_name("truth.xlsx"))
    pressed(book, "recompute")
    assert different(book.texts, expected.texts) == []
    assert "Kaavan päälle on kirjoitettu" in next(row[2] for row in book.texts["Tulos"] if "Riskit!H6" in str(row[0]))
    compute(book, expected)
    pressed(book, "undo")
    assert different(book.texts, spoilt.texts) == []
