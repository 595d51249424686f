"""Every module of every workbook and add-in with macros keeps what Excel's compiler asks for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support import vba
from support.built import HEINOLA
from support.vba_lint import CONTINUATIONS, faults, parsed
from taulukko.builder import build
from taulukko.in_excel.addin import RIBBON, write_addin
from taulukko.in_excel.macros import buttons_module, ribbon_module
from taulukko.messages import LANGUAGES

OURS = ("Taulukko", "xlwings_udfs", "ThisWorkbook", "Sheet")


@pytest.fixture(scope="module", params=[f"{language}.{kind}" for language in LANGUAGES for kind in ("xlam", "xlsm")])
def artefact(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    language, _, kind = request.param.partition(".")
    path = tmp_path_factory.mktemp("macros") / request.param
    if kind == "xlam":
        return write_addin(path, language)
    return build(HEINOLA, path, language=language, kind="xlsm", unit="VAKA")


def callbacks(path: Path) -> tuple[str, ...]:
    """What the ribbon of a file calls."""
    if path.suffix != ".xlam":
        return ()
    return tuple(re.findall(r'onAction="(\w+)"', vba.part(path, RIBBON).decode()))


def test_every_module_keeps_the_rules_of_the_compiler(artefact: Path) -> None:
    found = vba.sources(vba.project(artefact))
    assert {name for name in found if not name.startswith(OURS)} == {"xlwings", "Dictionary"}
    called = callbacks(artefact)
    assert bool(called) == (artefact.suffix == ".xlam")
    wrong = {
        name: faults(source, called if name == "TaulukkoRibbon" else (), own=name.startswith(OURS[:2]))
        for name, source in found.items()
    }
    assert {name: told for name, told in wrong.items() if told} == {}


@pytest.mark.parametrize("mac", [True, False], ids=["mac", "windows"])
def test_our_modules_are_sentences_of_a_grammar(artefact: Path, mac: bool) -> None:
    sources = {name: text for name, text in vba.sources(vba.project(artefact)).items() if name.startswith(OURS)}
    assert {name: told for name, text in sources.items() if (told := parsed(text, mac))} == {}


@pytest.mark.exhaustive
@pytest.mark.parametrize("mac", [True, False], ids=["mac", "windows"])
def test_so_are_those_of_xlwings(artefact: Path, mac: bool) -> None:
    sources = {name: text for name, text in vba.sources(vba.project(artefact)).items() if not name.startswith(OURS)}
    assert {name: told for name, text in sources.items() if (told := parsed(text, mac))} == {}


SOURCE = ribbon_module("fi").source
MACROS = buttons_module("fi").source
LONG = "x" * 1100
JOINED = " _\r\n + ".join("1" for _ in range(CONTINUATIONS + 2))
PLANTED = {
    "a continuation without a space": ("MsgBox ", "MsgBox(_\r\n", "continuation without a space"),
    "too many continuations": ("    If Active", f"    control = {JOINED}\r\n    If Active", "too many continuations"),
    "a line too long": ("MsgBox ", f'MsgBox "{LONG}" & ', "line too long"),
    "a name too long": ("control As", f"{'c' * 256} As", "name too long"),
    "a condition without an end": ("    End If\r\n", "", "block"),
    "an end too many": ("End Sub", "End If\r\nEnd Sub", "block"),
    "a procedure without an end": ("End Sub", "", "block"),
    "a variable that nobody declared": ("    If Active", "    found = 1\r\n    If Active", "not declared"),
    "no Option Explicit": ("Option Explicit", "", "no Option Explicit"),
    "a letter that the code page lacks": ("MsgBox ", 'MsgBox "→" & ', "no such character in cp1252"),
    "an attribute that is none": ("Option Explicit", "Attribute VB_Nmae = 1\r\nOption Explicit", "attribute"),
    "no name": ("Attribute VB_Name", "Attribute VB_Description", "module without a name"),
    "a text without an end": ('"taulukko"', '"taulukko', "text without an end"),
    "a callback that takes something else": ("control As IRibbonControl", "control As Object", "callback"),
    "a callback that is not there": ("TaulukkoRibbonRecompute(", "TaulukkoRibbonRecompte(", "callback"),
    "a condition of the compiler without an end": ("    If Active", "    #If Mac Then\r\n    If Active", "condition"),
    "a procedure twice": ("TaulukkoRibbonCheck(", "TaulukkoRibbonRecompute(", "name twice"),
}


@pytest.mark.parametrize(("old", "new", "rule"), PLANTED.values(), ids=PLANTED)
def test_what_is_planted_is_found(old: str, new: str, rule: str) -> None:
    names = tuple(re.findall(r"Sub (\w+)\(", SOURCE))
    assert len(names) == 5
    assert faults(SOURCE, names) == []
    planted = SOURCE.replace(old, new, 1)
    assert planted != SOURCE
    assert rule in {fault.rule for fault in faults(planted, names)}


def test_the_grammar_finds_what_libreoffice_forgives() -> None:
    assert parsed(MACROS, mac=False) == []
    assert parsed(MACROS.replace("If RunPython(", "If RunPython(_\r\n"), mac=False)
    assert parsed(MACROS.replace("If RunPython(", "If RunPython( _\r\n"), mac=False) == []
