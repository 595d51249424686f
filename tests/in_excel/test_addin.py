"""The add-in: its parts, its tab on the ribbon, its macros. LibreOffice shows no ribbon, and no Excel has seen it."""

from __future__ import annotations

import re
import sys
import zipfile
from importlib.util import find_spec
from inspect import signature
from pathlib import Path
from types import ModuleType

import pytest
from lxml import etree
from xlwings import XlwingsError

from support import office as libreoffice
from support import vba
from support.built import LANGUAGES
from taulukko.cli import run
from taulukko.errors import FaultsError, OutputRefused
from taulukko.in_excel import macros
from taulukko.in_excel.addin import RIBBON, addin, write_addin
from taulukko.in_excel.functions import cells
from taulukko.in_excel.functions.catalogue import FUNCTIONS
from taulukko.in_excel.functions.udfs import functions_module
from taulukko.in_excel.macros import ACTIONS, ADDIN, Action, buttons_module, ribbon_module
from taulukko.in_excel.ovba import WORKBOOK, document, project_file, standard
from taulukko.in_excel.ribbon import NAMESPACE, ribbon
from taulukko.in_excel.settings import FUNCTIONS_MODULE
from taulukko.messages import Say

XLWINGS = Path(str(find_spec("xlwings").origin)).parent
TYPES = "[Content_Types].xml"
PARENTS = {"customUI": None, "ribbon": "customUI", "tabs": "ribbon", "tab": "tabs", "group": "tab", "button": "group"}
"""Elements of [MS-CUSTOMUI] and what each stands in."""
COMMON = {
    *("id", "idQ", "idMso", "tag", "label", "getLabel", "visible", "getVisible", "keytip", "getKeytip"),
    *("insertAfterMso", "insertBeforeMso", "insertAfterQ", "insertBeforeQ"),
}
PICTURE = {"image", "imageMso", "getImage", "screentip", "getScreentip", "supertip", "getSupertip"}
ATTRIBUTES = {
    "customUI": {"onLoad", "loadImage"},
    "ribbon": {"startFromScratch"},
    "tabs": set(),
    "tab": COMMON,
    "group": COMMON | PICTURE,
    "button": COMMON
    | PICTURE
    | {"onAction", "enabled", "getEnabled", "description", "getDescription", "size", "getSize"}
    | {"showImage", "getShowImage", "showLabel", "getShowLabel"},
}
LONGEST = 1024
VB_ERROR = 10
"""What VBA calls the type of an error in a cell."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_addin(tmp_path / "taulukko.xlam", "fi")


@pytest.fixture
def functions(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module of functions for cells."""
    module = ModuleType("cell_functions")
    exec("__all__ = ['remaining', 'share', 'LIMIT']\nLIMIT = 1", module.__dict__)
    exec("def remaining(budget, actual): ...\ndef share(part, whole, digits=2): ...", module.__dict__)
    monkeypatch.setitem(sys.modules, "cell_functions", module)
    return module


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_the_same_language_gives_the_same_bytes():
    assert addin("fi") == addin("fi")
    assert addin("fi") != addin("sv")


def test_every_part_is_well_formed_has_a_type_and_is_led_to(path):
    found = parts(path)
    for name, content in found.items():
        if not name.endswith(".bin"):
            etree.fromstring(content)
    types = etree.fromstring(found[TYPES])
    known = {one.get("PartName", "").lstrip("/"): one.get("ContentType") for one in types}
    endings = {one.get("Extension") for one in types}
    assert known["xl/workbook.xml"] == "application/vnd.ms-excel.addin.macroEnabled.main+xml"
    assert all(name in known or name.rsplit(".")[-1] in endings for name in found if name != TYPES)
    targets = set()
    for name, base in (("_rels/.rels", ""), ("xl/_rels/workbook.xml.rels", "xl/")):
        targets |= {base + one.get("Target") for one in etree.fromstring(found[name])}
    assert targets == {name for name in found if name != TYPES and not name.endswith(".rels")}
    root = {one.get("Type"): one.get("Target") for one in etree.fromstring(found["_rels/.rels"])}
    assert root["http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"] == RIBBON


def test_the_ribbon_is_of_the_version_that_its_relation_says(path):
    """[MS-CUSTOMUI]: elements of 2006/01 are led to by the relation of 2006, those of 2009/07 by that of 2007."""
    relation = {"http://schemas.microsoft.com/office/2006/01/customui": "2006"}
    namespace = etree.QName(etree.fromstring(parts(path)[RIBBON])).namespace
    years = re.findall(r"office/(\d+)/relationships/ui/extensibility", parts(path)["_rels/.rels"].decode())
    assert years == [relation[namespace]]


def test_relations_are_those_of_the_add_in_that_comes_with_xlwings(path):
    def kinds(file: Path, part: str) -> set[str]:
        return {one.get("Type") for one in etree.fromstring(parts(file)[part])}

    example = XLWINGS / "addin" / "xlwings.xlam"
    for part in ("_rels/.rels", "xl/_rels/workbook.xml.rels"):
        assert kinds(path, part) <= kinds(example, part)


def test_openpyxl_reads_the_settings(path):
    import openpyxl

    found = parts(path)
    found[TYPES] = found[TYPES].replace(b"addin.macroEnabled", b"sheet.macroEnabled")
    sheet = openpyxl.load_workbook(vba.exchanged(path, path.with_suffix(".xlsm"), found))[f"{ADDIN}.conf"]
    settings = dict(sheet.iter_rows(values_only=True))
    assert settings["UDF Modules"] == FUNCTIONS_MODULE
    assert settings["Add_Workbook_To_Pythonpath"] == "false"
    assert list(settings) == [one for one in settings if one]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tab_has_only_published_elements_and_attributes(language):
    root = etree.fromstring(ribbon(Say(language)))
    for element in root.iter():
        space, name = element.tag[1:].split("}")
        parent = element.getparent()
        assert (space, None if parent is None else parent.tag.split("}")[1]) == (NAMESPACE, PARENTS[name])
        assert set(element.attrib) <= ATTRIBUTES[name]
        assert all(text and len(text) <= LONGEST for text in element.attrib.values())
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids)) == 2 + len(ACTIONS)
    assert {element.get("size") for element in root.iter("{*}button")} <= {"normal", "large"}


def test_each_control_calls_a_procedure_that_takes_a_control(path):
    there = vba.procedures(vba.sources(vba.project(path))["TaulukkoRibbon"])
    called = {one.get("onAction") for one in etree.fromstring(parts(path)[RIBBON]).iter("{*}button")}
    assert called == there.keys() == {Action(key).callback for key in ACTIONS}
    assert set(there.values()) == {"control As IRibbonControl"}


def test_names_differ_from_those_of_other_add_ins(path):
    """A ribbon finds a callback by its bare name, in whichever add-in has it."""
    own = vba.procedures(
        "\n".join(vba.sources(vba.project(path))[name] for name in ("TaulukkoButtons", "TaulukkoRibbon"))
    )
    other = "".join(vba.sources(vba.project(XLWINGS / "addin" / "xlwings.xlam")).values())
    assert all(name.startswith("Taulukko") and name not in other for name in own)


def test_olevba_reads_every_source_back(path):
    found = vba.sources(vba.project(path))
    modules = [
        buttons_module("fi"),
        ribbon_module("fi"),
        *macros.addin_runner(),
        document("Sheet1"),
        document("ThisWorkbook", WORKBOOK),
    ]
    functions = [functions_module(FUNCTIONS_MODULE)]
    assert found == {module.name: module.source for module in (*modules, *functions)}


def test_settings_are_those_of_the_add_in_whatever_workbook_is_active():
    """A workbook that came by mail may not name the program to start, nor the folder of its modules."""
    source = macros.addin_runner()[0].source
    function = re.search(r"^Function GetConfig\(.*?^End Function", source, flags=re.DOTALL | re.MULTILINE)
    assert function
    assert "ActiveWorkbook" not in function[0]
    assert function[0].count('SheetExists(ThisWorkbook, PROJECT_NAME & ".conf")') == 2
    assert f'PROJECT_NAME As String = "{ADDIN}"' in source
    assert "& ActiveWorkbook.Name &" in source
    assert "GetDirectoryPath(ActiveWorkbook)" not in source
    assert "Copyright (C) 2014-present, Zoomer Analytics LLC." in source


def test_a_version_of_xlwings_that_is_not_known_is_refused(monkeypatch):
    monkeypatch.setattr(macros, "_text", lambda _file: 'Attribute VB_Name = "xlwings"\n')
    with pytest.raises(FaultsError) as caught:
        macros.addin_runner()
    assert [fault.code for fault in caught.value.findings] == ["library_other"]


def test_functions_are_called_as_an_import_would(functions):
    source = functions_module("cell_functions").source
    assert vba.procedures(source) == {"remaining": "budget, actual", "share": "part, whole, Optional digits"}
    called = 'XLPy.CallUDF("cell_functions", "share", Array(part, whole, digits), ActiveWorkbook, Application.Caller)'
    assert f"share = {called}\r\n" in source
    assert "Err.Description" not in source


def test_functions_for_cells_are_those_of_the_catalogue_in_names_and_arguments():
    found = {name.upper(): signature(getattr(cells, name)).parameters for name in cells.__all__}
    assert found.keys() == {one.name for one in FUNCTIONS}
    for one in FUNCTIONS:
        names = list(found[one.name])
        assert names == list(one.arguments)
        optional = [name for name in names if found[one.name][name].default is None]
        assert optional == names[len(names) - one.optional :]


def test_functions_for_cells_keep_the_shape_of_what_they_are_given(monkeypatch):
    monkeypatch.setenv("LC_ALL", "fi_FI.UTF-8")
    assert cells.remaining([[100.0]], [[30.0]]) == 70.0
    assert cells.remaining([[100.0], [None]], [[30.0], [1.0]]) == [[70.0], [""]]
    assert cells.remaining([[100.0, 50.0]], [[30.0]]) == [[70.0, 20.0]]
    assert cells.used_share([[0.0]], [[5.0]]) == ""
    assert cells.forecast([[75.0]], [[9.0]]) == 100.0
    assert cells.forecast([[75.0], [90.0]], [[9.0]], None, None, [[None], [7.0]]) == [[100.0], [7.0]]
    assert cells.variance([[-1000.0]], [[-1500.0]]) == -500.0
    assert cells.remaining([["n. 5"]], [[1.0]]) == ""
    with pytest.raises(XlwingsError, match="2 ≠ 3"):
        cells.variance([[1.0], [2.0], [3.0]], [[1.0], [2.0]])


def test_libreoffice_gives_an_error_for_a_function_that_fails(office: libreoffice.Session, path, tmp_path, functions):
    runner = """Attribute VB_Name = "Runner"
    Public Function XLPy()
        Err.Raise 1000, , "no Python"
    End Function
    Public Sub Ask()
        Dim found As Variant
        found = share(1, 2)
        ThisWorkbook.Worksheets(1).Range("E1").Value = VarType(found)
    End Sub
    """
    called = standard(functions_module("cell_functions").source.replace("ActiveWorkbook, Application.Caller", "1, 2"))
    modules = [document("ThisWorkbook", WORKBOOK), document("Sheet1"), standard(runner), called]
    found = parts(path) | {vba.PROJECT: project_file("TaulukkoAddin", modules)}
    found[TYPES] = found[TYPES].replace(b"addin.macroEnabled", b"sheet.macroEnabled")
    with office.open(vba.exchanged(path, tmp_path / "a.xlsm", found), macros=True) as book:
        book.run("Runner.Ask")
        assert book.read(f"{ADDIN}.conf", vba.CELL).value == VB_ERROR


def test_without_xlwings_the_fault_says_so(monkeypatch):
    monkeypatch.setattr(macros, "find_spec", lambda _name: None)
    with pytest.raises(FaultsError) as caught:
        addin("fi")
    assert [fault.code for fault in caught.value.findings] == ["library_missing"]


def test_libreoffice_says_when_no_workbook_is_open(office: libreoffice.Session, path, tmp_path):
    """Here nothing stands for no workbook, as there is always one in LibreOffice that runs a macro of it."""
    source = ribbon_module("sv").source.replace(" As IRibbonControl", "").replace("ActiveWorkbook Is", "Nothing Is")
    callbacks = vba.recording_boxes(standard(source))
    modules = [document("ThisWorkbook", WORKBOOK), document("Sheet1"), buttons_module("sv"), callbacks, *vba.recorder()]
    found = parts(path) | {vba.PROJECT: project_file("TaulukkoAddin", modules)}
    found[TYPES] = found[TYPES].replace(b"addin.macroEnabled", b"sheet.macroEnabled")
    with office.open(vba.exchanged(path, tmp_path / "a.xlsm", found), macros=True) as book:
        book.run(f"TaulukkoRibbon.{Action('check').callback}", "control")
        assert book.read(f"{ADDIN}.conf", vba.SAID).text == f"taulukko: {Say('sv').text('inside.no_workbook')}"


def test_a_function_that_no_cell_can_call_is_refused(functions):
    exec("def share(*parts): ...", functions.__dict__)
    with pytest.raises(TypeError, match="parts"):
        functions_module("cell_functions")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_writes_it_in_the_language(language, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["addin", "--lang", language]) == 0
    assert capsys.readouterr().out == "taulukko.xlam\n"
    label = Say(language).text("ribbon.recompute")
    assert f'label="{label}"'.encode() in parts(Path("taulukko.xlam"))[RIBBON]


def test_its_own_file_is_replaced_and_another_is_not(tmp_path, capsys):
    path = tmp_path / "a.xlam"
    assert run(["addin", "-o", str(path), "--python", r"C:\Python\python.exe", "--lang", "en"]) == 0
    assert rb"C:\Python\python.exe" in parts(path)["xl/worksheets/sheet1.xml"]
    assert run(["addin", "-o", str(path), "--lang", "en"]) == 0
    path.write_text("other")
    with pytest.raises(OutputRefused):
        write_addin(path, "fi")
    assert run(["addin", "-o", str(path), "--force", "--lang", "en"]) == 0
    assert (tmp_path / "a.xlam.bak").read_text() == "other"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.xlam", "a.xlam.bak"]


def test_libreoffice_runs_the_callbacks(office: libreoffice.Session, path, tmp_path):
    """It knows no `IRibbonControl`, with which it would run nothing and say nothing: here that type is left out."""
    callbacks = standard(ribbon_module().source.replace(" As IRibbonControl", ""))
    modules = [document("ThisWorkbook", WORKBOOK), document("Sheet1"), buttons_module(), callbacks, *vba.recorder()]
    found = parts(path) | {vba.PROJECT: project_file("TaulukkoAddin", modules)}
    found[TYPES] = found[TYPES].replace(b"addin.macroEnabled", b"sheet.macroEnabled")
    with office.open(vba.exchanged(path, tmp_path / "a.xlsm", found), macros=True) as book:
        for action in map(Action, ACTIONS):
            book.run(f"TaulukkoRibbon.{action.callback}", "control")
            assert book.read(f"{ADDIN}.conf", vba.CELL).text == action.python
