"""VBA projects written from source: read back by olevba and olefile, run by LibreOffice. No Excel has seen them."""

from __future__ import annotations

import ast
import importlib
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import olefile
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import office as libreoffice
from support import vba
from support.built import HEINOLA, LANGUAGES, TESTS, Built
from support.engines import cached_values
from support.folders import data_folder
from support.hosts import FileHost
from support.shelf import Shelf
from support.xlsx_parts import Package
from taulukko.builder import Kind, build, build_units, load
from taulukko.errors import FaultsError, OutputRefused, WorkbookError
from taulukko.in_excel import macros
from taulukko.in_excel.cfb import compound_file
from taulukko.in_excel.compression import compressed
from taulukko.in_excel.macro_book import SETTINGS, add_macros
from taulukko.in_excel.macros import ACTIONS, Action, workbook_project
from taulukko.in_excel.ovba import WORKBOOK, class_module, document, project_file, standard
from taulukko.in_excel.sheet_buttons import BUTTONS, ROW
from taulukko.messages import Say
from taulukko.plan.build import plan
from taulukko.round.receive import read
from taulukko.xlsx.check import check

XLWINGS = Path(str(find_spec("xlwings").origin)).parent
VML = {"v": "urn:schemas-microsoft-com:vml", "x": "urn:schemas-microsoft-com:office:excel"}
TITLES = {"fi": ("Laske uudelleen", "Kumoa"), "sv": ("Räkna om", "Ångra"), "en": ("Recompute", "Undo")}


def chunked(content: bytes) -> bytes:
    return vba.decompressed(compressed(content))


@given(st.text(st.sampled_from('abcABC ="()\r\n'), max_size=9000).map(str.encode))
def test_texts_are_compressed_and_read_back(content):
    assert chunked(content) == content


@pytest.mark.parametrize("size", [0, 1, 2, 3, 15, 16, 17, 33, 4095, 4096, 4097, 8192, 44_654])
@pytest.mark.parametrize("pattern", ["a", "ab", "abcdefghijklmnop ", "End Sub\r\n"])
def test_every_length_is_read_back(size, pattern):
    content = (pattern * size)[:size].encode()
    assert chunked(content) == content
    assert len(compressed(content)) < 32 + size


def test_a_chunk_that_does_not_get_shorter_is_kept():
    content = b"".join(number.to_bytes(4, "little") for number in range(0, 2**32, 2**20 + 4099))[:4096]
    assert chunked(content + b"abc") == content + b"abc"


def streams_of(content: bytes) -> dict[str, bytes]:
    with olefile.OleFileIO(io.BytesIO(content), raise_defects=olefile.DEFECT_UNSURE) as file:
        return {"/".join(path): file.openstream(path).read() for path in file.listdir()}


@pytest.mark.parametrize("sizes", [[], [0], [1, 63, 64, 65], [4095, 4096, 4097], [*range(40)], [70_000] * 9])
def test_streams_of_every_size_are_read_back(sizes):
    streams = {f"m{place}": bytes([place + 1]) * size for place, size in enumerate(sizes)}
    found = streams_of(compound_file({"VBA": streams, "PROJECT": b"x"}))
    assert found == {f"VBA/{name}": content for name, content in streams.items()} | {"PROJECT": b"x"}


def test_a_directory_is_a_search_tree_whose_paths_have_as_many_black_entries():
    for count in range(1, 40):
        with olefile.OleFileIO(io.BytesIO(compound_file({f"m{n}": b"x" for n in range(count)}))) as file:
            entries = file.direntries

            def blacks(number: int, under_red: bool, entries: list[Any] = entries) -> int:
                if number == olefile.NOSTREAM:
                    return 1
                entry = entries[number]
                assert entry.color or not under_red
                below = {blacks(one, not entry.color) for one in (entry.sid_left, entry.sid_right)}
                assert len(below) == 1
                return below.pop() + entry.color

            blacks(entries[0].sid_child, False)
            assert len(file.listdir()) == count


def test_an_entry_that_is_free_is_all_zeros():
    """[MS-CFB] 2.6.1: unused entries of the directory hold zeros but for what would lead to others."""
    content = compound_file({"VBA": {"dir": b"..."}, "PROJECT": b"Name", "A": b"a"})
    first = int.from_bytes(content[48:52], "little")
    entries = [content[512 * (first + 1) + place :][:128] for place in range(0, 1024, 128)]
    free = [entry for entry in entries if not entry[66]]
    assert len(free) == 3
    for entry in free:
        assert entry == bytes(68) + b"\xff" * 12 + bytes(48)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="31"):
        compound_file({"m" * 32: b""})
    with pytest.raises(ValueError, match="seven"):
        compound_file({"m": bytes(8_000_000)})
    with pytest.raises(ValueError, match="twice"):
        project_file("Sheet1", [document("Sheet1")])
    with pytest.raises(UnicodeEncodeError):
        project_file("P", [standard('Attribute VB_Name = "M"\n\' Ω')])


def unveiled(text: str) -> bytes:
    """[MS-OVBA] 2.4.3.3, the other way round."""
    seed, version, mask, *rest = bytes.fromhex(text)
    plain, last, before = seed ^ mask, mask, version
    found = []
    for byte in rest:
        plain, last, before = byte ^ (before + plain & 0xFF), byte, last
        found.append(plain)
    ignored = (seed & 6) // 2
    length = int.from_bytes(found[ignored : ignored + 4], "little")
    content = bytes(found[ignored + 4 :])
    assert (version ^ seed, len(content)) == (2, length)
    return content


def states(project: bytes) -> list[bytes]:
    text = streams_of(project)["PROJECT"].decode("cp1252")
    key = re.search(r'ID="(.*)"', text)
    assert key
    for value in re.findall(r'(?:CMG|DPB|GC)="(\w+)"', text):
        seed, _, mask = bytes.fromhex(value[:6])
        assert seed ^ mask == sum(key[1].encode()) & 0xFF
    return [unveiled(value) for value in re.findall(r'(?:CMG|DPB|GC)="(\w+)"', text)]


def test_the_project_is_open_and_in_sight_as_one_that_excel_wrote():
    own = states(workbook_project(3))
    assert own == [bytes(4), b"\0", b"\xff"]
    assert own == states(vba.project(XLWINGS / "quickstart_standalone.xlsm"))


def test_olevba_reads_every_source_back():
    modules = [document("ThisWorkbook", WORKBOOK), document("Sheet1"), *macros.workbook_runner()]
    found = vba.sources(project_file("Project", modules))
    assert found == {module.name: module.source for module in modules}


def test_modules_of_xlwings_are_those_of_the_package_with_their_notices():
    found = vba.sources(workbook_project(3))
    assert found["xlwings"] == (XLWINGS / "xlwings.bas").read_bytes().decode("cp1252")
    assert "Redistributions in binary form must reproduce the above copyright" in found["xlwings"]
    assert "@license: MIT" in found["Dictionary"]
    example = vba.sources(vba.project(XLWINGS / "quickstart_standalone.xlsm"))
    assert found["Dictionary"].lower() == example["Dictionary"].lower()


def test_nothing_compiled_is_there():
    streams = streams_of(workbook_project(2))
    assert streams["VBA/_VBA_PROJECT"].hex() == "cc61ffff000000"
    assert not any("SRP" in name for name in streams)


def test_a_class_needs_its_name():
    with pytest.raises(ValueError, match="name"):
        class_module("Option Explicit")


def test_without_xlwings_the_fault_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(macros, "find_spec", lambda _name: None)
    with pytest.raises(FaultsError) as caught:
        build(data_folder(tmp_path / "data"), kind="xlsm")
    assert [(fault.code, fault.field) for fault in caught.value.findings] == [("library_missing", "xlwings")]
    assert not list((tmp_path / "data").glob("*.xlsm"))


# the workbook


@pytest.fixture(scope="module")
def books(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report with macros, in each language."""
    folder = tmp_path_factory.mktemp("macros")
    kept = {one: shelf.book(HEINOLA, language=one, kind="xlsm") for one in LANGUAGES}
    return {one: Path(shutil.copy(path, folder / f"{one}.xlsm")) for one, path in kept.items()}


def test_the_same_report_gives_the_same_bytes(books, tmp_path):
    again = build(HEINOLA, tmp_path / "again.xlsm", language="fi", kind="xlsm")
    assert again.read_bytes() == books["fi"].read_bytes()


def test_cells_are_those_of_the_workbook_without_macros(books, built: Built):
    found = cached_values(books[built.language])
    settings = found.pop(SETTINGS)
    assert found == cached_values(built.path)
    assert [cell.value for cell in settings.values()] == [
        *("Interpreter_Win", "python", "Interpreter_Mac", "python", "PYTHONPATH", None),
        *("Add_Workbook_To_Pythonpath", "false", "UDF Modules", "taulukko.in_excel.functions.cells"),
        *("Made with xlwings", version("xlwings")),
    ]


def test_the_settings_sheet_is_hidden_and_unprotected(books):
    sheet = next(sheet for sheet in Package(books["fi"]).sheets if sheet.name == SETTINGS)
    assert sheet.state == "hidden"
    assert sheet.one("m:sheetProtection") is None


def test_code_names_are_those_of_the_modules(books):
    package, modules = Package(books["fi"]), vba.sources(vba.project(books["fi"]))
    names = [sheet.one("m:sheetPr").get("codeName") for sheet in package.sheets]
    assert names == [f"Sheet{number}" for number in range(1, len(names) + 1)]
    assert set(modules) == {*names, "ThisWorkbook", "TaulukkoButtons", "xlwings", "Dictionary"}
    with zipfile.ZipFile(books["fi"]) as file:
        assert b'codeName="ThisWorkbook"' in file.read("xl/workbook.xml")


def shapes(path: Path) -> list[dict[str, str]]:
    """What each button of a file says, does and runs, and whether it is printed."""
    from lxml import etree

    found = []
    with zipfile.ZipFile(path) as file:
        for name in sorted(one for one in file.namelist() if one.endswith(".vml")):
            for shape in etree.fromstring(file.read(name)).iterfind("v:shape", VML):
                text = "".join(shape.find("v:textbox", VML).itertext())
                data = {one.tag.split("}")[1]: one.text for one in shape.find("x:ClientData", VML)}
                found.append({"text": text, "alt": shape.get("alt"), **data})
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_button_runs_a_procedure_that_is_there_and_is_not_printed(books, language):
    found = shapes(books[language])
    there = vba.procedures(vba.sources(vba.project(books[language]))["TaulukkoButtons"])
    assert there == {Action(key).macro: "" for key in ACTIONS}
    assert {button["FmlaMacro"] for button in found} == {f"[0]!{name}" for name in there}
    assert {button["PrintObject"] for button in found} == {"False"}
    assert all(button["alt"] for button in found)
    assert set(TITLES[language]) <= {button["text"] for button in found}
    assert len(found) == 5 + 5 * 3 + 3


def test_buttons_stand_on_free_cells(built: Built):
    book = plan(built.report, built.template)
    add_macros(book, built.template)
    sheets = [sheet for sheet in book.sheets if sheet.buttons]
    assert {built.template.sections[sheet.key.partition(".")[0]].kind for sheet in sheets} == set(BUTTONS)
    for sheet in sheets:
        shown = {column for row, column in sheet.cells if row == ROW} - sheet.hidden_columns
        assert shown == set()
        assert all(chart.row > ROW for chart in sheet.charts)
        assert all(table.area.top > ROW for table in sheet.tables)
        assert all(button.height <= sheet.heights.get(ROW, 15) * 96 / 72 for button in sheet.buttons)
        edges = [(button.left, button.left + button.width) for button in sheet.buttons]
        assert all(right < left for (_, right), (left, _) in zip(edges, edges[1:], strict=False))


def test_a_path_of_python_belongs_to_its_system(tmp_path):
    folder = data_folder(tmp_path / "data")
    for python, cells in ((r"C:\Python\python.exe", ("B1", "B2")), ("/opt/python", ("B2", "B1"))):
        path = build(folder, tmp_path / f"{cells[0]}.xlsm", kind="xlsm", python=python)
        values = cached_values(path)[SETTINGS]
        assert [values[cell].value for cell in cells] == [python, "python"]


def test_a_file_of_another_kind_by_its_name_is_refused(tmp_path):
    folder = data_folder(tmp_path / "data")
    kinds: list[tuple[str, Kind]] = [("a.xlsx", "xlsm"), ("a", "xlsm"), ("a.xlsm", "xlsx"), ("a.xlam", "xlsx")]
    for name, kind in kinds:
        with pytest.raises(FaultsError) as caught:
            build(folder, tmp_path / name, kind=kind)
        assert caught.value.findings[0].expected == (f"*.{kind}",)


def test_an_untouched_workbook_is_replaced_and_another_is_not(tmp_path):
    folder = data_folder(tmp_path / "data")
    path = build(folder, kind="xlsm")
    assert path == folder / "osavuosikatsaus.xlsm"
    assert build(folder, kind="xlsm") == path
    vba.exchanged(path, tmp_path / "saved.xlsm", {})
    with pytest.raises(OutputRefused, match="output_filled"):
        build(folder, tmp_path / "saved.xlsm", kind="xlsm")


def test_it_is_checked_and_read_like_the_workbook_without_macros_unless_it_is_called_like_one(tmp_path):
    folder = data_folder(tmp_path / "data")
    path = build(folder, kind="xlsm")
    assert check(path) == []
    assert read(path)[0].rows("risks") == load(folder).rows("risks")
    disguised = tmp_path / "a.xlsx"
    disguised.write_bytes(path.read_bytes())
    assert [(one.code, one.found) for one in check(disguised)] == [("dangerous", "macro")]
    with pytest.raises(WorkbookError, match="macro"):
        read(disguised)


def test_each_unit_gets_its_buttons(tmp_path):
    paths = build_units(data_folder(tmp_path / "data"), kind="xlsm")
    assert {path.suffix for path in paths} == {".xlsm"}
    assert all(shapes(path) for path in paths)


# LibreOffice


def test_libreoffice_binds_the_buttons_and_runs_what_they_name(office: libreoffice.Session, books, tmp_path):
    sheets = len(Package(books["fi"]).sheets)
    recording = {vba.PROJECT: workbook_project(sheets, vba.recorder())}
    with office.open(vba.exchanged(books["fi"], tmp_path / "a.xlsm", recording), macros=True) as book:
        bound = book.buttons("Yhteenveto")
        assert [re.search(r"\.(\w+)\?", code)[1] for code in bound.values()] == [Action(key).macro for key in ACTIONS]
        for action in map(Action, ACTIONS):
            book.run(f"TaulukkoButtons.{action.macro}")
            assert book.read(SETTINGS, vba.CELL).text == action.python


@pytest.mark.parametrize(
    ("ends", "said"), [("", ""), ("RunPython = 0", ""), ("RunPython = -1", "not"), ('Err.Raise 70, , "denied"', "not")]
)
def test_a_macro_says_in_the_language_of_the_workbook_that_python_did_not_do_it(
    office: libreoffice.Session, books, tmp_path, ends, said
):
    """Xlwings gives -1 for a Python that ended with a fault; a rule against starting programs is an error of VBA."""
    documents = macros._documents(len(Package(books["sv"]).sheets))
    modules = [*documents, vba.recording_boxes(macros.buttons_module("sv")), *vba.recorder(ends)]
    parts = {vba.PROJECT: project_file("TaulukkoWorkbook", modules)}
    with office.open(vba.exchanged(books["sv"], tmp_path / "a.xlsm", parts), macros=True) as book:
        book.run(f"TaulukkoButtons.{Action('check').macro}")
        assert book.read(SETTINGS, vba.CELL).text == Action("check").python
        found = book.read(SETTINGS, vba.SAID).text
    assert found.startswith(f"taulukko: {Say('sv').text('inside.not_started')}" if said else "")
    assert bool(found) == bool(said)
    assert ("denied" in found) == ("denied" in ends)


@pytest.mark.parametrize("letter", ["&", "%", "$", "'", ";", "`", "!", "^"])
def test_a_file_whose_name_a_command_line_would_run_starts_nothing(
    office: libreoffice.Session, books, tmp_path, letter
):
    """In LibreOffice a workbook's full name is that of its file, in Excel it has the folder, too."""
    documents = macros._documents(len(Package(books["fi"]).sheets))
    modules = [*documents, vba.recording_boxes(macros.buttons_module("fi")), *vba.recorder()]
    parts = {vba.PROJECT: project_file("TaulukkoWorkbook", modules)}
    path = vba.exchanged(books["fi"], tmp_path / f"a{letter}(touch x).xlsm", parts)
    with office.open(path, macros=True) as book:
        book.run(f"TaulukkoButtons.{Action('check').macro}")
        assert book.read(SETTINGS, vba.CELL).text == ""
        assert book.read(SETTINGS, vba.SAID).text == f"taulukko: {Say('fi').text('inside.unsafe_name')}"


def test_python_is_started_in_a_folder_where_nobody_may_put_a_program_or_a_module(
    office: libreoffice.Session, books, tmp_path
):
    """LibreOffice stays where it is when told to change its folder; so it is written down where it is told to go.

    What is called `python` is looked for in the current folder first, and so is each module that it imports.
    """
    buttons = vba.recording_boxes(macros.buttons_module("fi")).source
    for told, here in (('Environ("SystemRoot")', '"C:\\Windows"'), ("ChDrive ", "Went "), ("ChDir ", "Went ")):
        assert told in buttons
        buttons = buttons.replace(told, here)
    went = 'Public Sub Went(folder As String)\n    Went_ = Went_ & folder & ";"\nEnd Sub\n'
    recorder = vba.recorder('ThisWorkbook.Worksheets(ThisWorkbook.Worksheets.Count).Range("E3").Value = Went_')
    recorder = [
        standard(recorder[0].source.replace("Public Function", "Public Went_ As String\nPublic Function") + went)
    ]
    documents = macros._documents(len(Package(books["fi"]).sheets))
    parts = {vba.PROJECT: project_file("TaulukkoWorkbook", [*documents, standard(buttons), *recorder])}
    with office.open(vba.exchanged(books["fi"], tmp_path / "a.xlsm", parts), macros=True) as book:
        book.run(f"TaulukkoButtons.{Action('check').macro}")
        assert book.read(SETTINGS, vba.SAID).text == ""
        assert book.read(SETTINGS, "E3").text == "C:\\Windows;C:\\Windows;"


def test_every_character_that_is_named_is_refused():
    for language in LANGUAGES:
        said = Say(language).text("inside.unsafe_name")
        assert said.endswith(": " + " ".join(macros.UNSAFE))
    assert set("^&%!$`\"'|;<>") == set(macros.UNSAFE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_macros_say_is_that_of_the_language(books, language):
    source = vba.sources(vba.project(books[language]))["TaulukkoButtons"]
    assert f'MsgBox "{Say(language).text("inside.not_started")}"' in source
    assert all(len(line) < 1_000 for line in source.splitlines())


def test_what_libreoffice_was_asked_to_run_runs_in_a_python_of_its_own(office: libreoffice.Session, books, tmp_path):
    """From the button to the cells: the recorded texts are run in a fresh Python on the workbook with macros."""
    sheets, result, log = len(Package(books["fi"]).sheets), "Tulos", "Muutosloki"
    recording, commands = {vba.PROJECT: workbook_project(sheets, vba.recorder())}, []
    with office.open(vba.exchanged(books["fi"], tmp_path / "a.xlsm", recording), macros=True) as book:
        for button in ("Laske uudelleen", "Kumoa", "Tarkista", "Päivitä tilat", "Ennusta"):
            book.run(re.search(r"(TaulukkoButtons\.\w+)\?", book.buttons("Yhteenveto")[button])[1])
            commands.append(book.read(SETTINGS, vba.CELL).text)
    fault, formula = "='Riskit'!$A$1&\"x\"", FileHost(books["fi"]).texts["Tuloslaskelma"][7][7]
    assert formula.startswith("=")
    request: dict[str, Any] = {"path": str(books["fi"]), "commands": commands, "pages": [result, log]}
    request["fault"] = ["Tuloslaskelma", 7, 7, fault]
    asked = json.dumps(request)
    caller = [sys.executable, "-m", "support.caller"]
    done = subprocess.run(caller, input=asked, capture_output=True, text=True, timeout=240, check=False, cwd=TESTS)
    assert done.stderr == ""
    answers = json.loads(done.stdout)
    assert [one["alerts"] for one in answers] == [[]] * len(commands)
    assert [one["active"] for one in answers] == [result] * len(commands)
    assert [one["cell"] for one in answers] == [formula, fault, fault, fault, fault]
    for title, answer in zip(
        ("Laske uudelleen", "Kumoa", "Tarkista", "Päivitä tilat", "Ennusta"), answers, strict=True
    ):
        assert f"taulukko: {title}" in answer["pages"][result]
    assert {"Tuloslaskelma!H8", fault, formula} <= set(answers[0]["pages"][log])
    assert any("Tuloslaskelma!H8" in text for text in answers[2]["pages"][result])


def test_libreoffice_reads_the_sources_too(office: libreoffice.Session, books):
    with office.open(books["fi"]) as book:
        found = book.modules()
    for name, source in vba.sources(vba.project(books["fi"])).items():
        plain = "\n".join(line for line in source.splitlines() if not line.startswith("Attribute "))
        assert plain.strip() in found[name], name


# Python


@pytest.mark.parametrize("key", ACTIONS)
def test_a_command_calls_what_the_button_is_for(key, monkeypatch):
    called = []
    stand_in = ModuleType(macros.BUTTONS_MODULE)
    for one in ACTIONS:
        setattr(stand_in, f"{one}_main", lambda one=one: called.append(one))
    monkeypatch.setitem(sys.modules, macros.BUTTONS_MODULE, stand_in)
    monkeypatch.setattr(sys.modules["taulukko.in_excel"], "buttons", stand_in, raising=False)
    exec(compile(ast.parse(Action(key).python), "command", "exec"), {})
    assert called == [key]


def test_the_module_of_the_buttons_has_them_all():
    module = pytest.importorskip(macros.BUTTONS_MODULE)
    assert all(callable(getattr(module, f"{key}_main")) for key in ACTIONS)


@pytest.mark.parametrize(("name", "there"), [("buttons", "buttons"), ("functions", "functions.cells")])
def test_workbooks_and_add_ins_of_version_01_find_what_they_call(name, there):
    before = importlib.import_module(f"taulukko.inside.{name}")
    now = importlib.import_module(f"taulukko.in_excel.{there}")
    called = getattr(now, "__all__", None) or [key for key in vars(now) if key in ACTIONS]
    assert called
    assert all(getattr(before, key) is getattr(now, key) for key in called)
