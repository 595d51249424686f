"""What our VBA projects consist of: a line for each button, and the modules of xlwings that start Python.

The texts of xlwings are those of the package that is installed, with their notices; none is kept here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from taulukko.errors import FaultsError, Finding
from taulukko.in_excel.ovba import WORKBOOK, Module, class_module, document, project_file, standard
from taulukko.messages import Say

BUTTONS_MODULE = "taulukko.in_excel.buttons"
"""The Python module that has what the buttons do."""
ACTIONS = ("recompute", "check", "statuses", "forecast", "undo")
WORKBOOK_NAME = "ThisWorkbook"
ADDIN = "taulukko"
"""By this name the add-in looks for its settings, on the sheet `taulukko.conf`."""

SAID = ("not_started", "no_workbook", "unsafe_name")
"""The messages `inside.*` that macros say themselves, as no Python runs that could."""

UNSAFE = "^&%!$`\"'|;<>"
"""Characters of a file's path that a command line takes for commands; xlwings puts the path into one."""
UNSAFE_ON_MAC = "\\"

_RIBBON = """Attribute VB_Name = "TaulukkoRibbon"
Option Explicit
"""
_CALLBACK = """
Public Sub {callback}(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then
        MsgBox "{no_workbook}", vbExclamation, "taulukko"
    Else
        {macro}
    End If
End Sub
"""
_BUTTONS = """Attribute VB_Name = "TaulukkoButtons"
Option Explicit

Private Sub TaulukkoRun(command As String)
    On Error GoTo failed
    If TaulukkoIsUnsafe(ActiveWorkbook.FullName & ThisWorkbook.FullName) Then
        MsgBox "{unsafe_name}", vbExclamation, "taulukko"
        Exit Sub
    End If
    TaulukkoLeaveFolder
    If RunPython(command) = 0 Then Exit Sub
failed:
    MsgBox "{not_started}" & vbLf & Err.Description, vbExclamation, "taulukko"
End Sub

Private Sub TaulukkoLeaveFolder()
    Dim folder As String
    folder = Environ("SystemRoot")
    If folder = "" Then Exit Sub
    ChDrive folder
    ChDir folder
End Sub

Private Function TaulukkoIsUnsafe(path As String) As Boolean
    Dim letters As String
    Dim place As Long
    letters = "{unsafe}" & vbCr & vbLf
    #If Mac Then
        letters = letters & "{unsafe_on_mac}"
    #End If
    For place = 1 To Len(letters)
        If InStr(path, Mid$(letters, place, 1)) > 0 Then TaulukkoIsUnsafe = True
    Next place
End Function
"""
_MACRO = """
Public Sub {macro}()
    TaulukkoRun "{python}"
End Sub
"""


@dataclass(frozen=True, slots=True)
class Action:
    """What a button does, by its key.

    Example:
        >>> Action("recompute").macro, Action("recompute").callback
        ('TaulukkoRecompute', 'TaulukkoRibbonRecompute')
    """

    key: str

    @property
    def macro(self) -> str:
        """The procedure of a button on a sheet."""
        return f"Taulukko{self.key.title()}"

    @property
    def callback(self) -> str:
        """The procedure of a button on the ribbon; another add-in must not have one of the same name."""
        return f"TaulukkoRibbon{self.key.title()}"

    @property
    def python(self) -> str:
        return f"import {BUTTONS_MODULE} as b; b.{self.key}_main()"


def buttons_module(language: str = "en") -> Module:
    """A procedure for each action, without arguments as a button wants it.

    What keeps Python from starting, or ends it with a fault, xlwings tells in English; then a sentence in the language
    says where to look.
    """
    actions = map(Action, ACTIONS)
    said = {key: _said(key, language) for key in ("not_started", "unsafe_name")}
    head = _BUTTONS.format(**said, unsafe=UNSAFE.replace('"', '""'), unsafe_on_mac=UNSAFE_ON_MAC)
    return standard(head + "".join(_MACRO.format(macro=one.macro, python=one.python) for one in actions))


def ribbon_module(language: str = "en") -> Module:
    """A procedure for each action as the ribbon calls it; it says so when no workbook is open for editing."""
    said = _said("no_workbook", language)
    callbacks = (
        _CALLBACK.format(callback=one.callback, macro=one.macro, no_workbook=said) for one in map(Action, ACTIONS)
    )
    return standard(_RIBBON + "".join(callbacks))


def workbook_runner() -> list[Module]:
    """The modules of xlwings for a workbook that holds its own macros.

    Raises:
        FaultsError: xlwings is not installed.
    """
    return [standard(_text("xlwings.bas")), _dictionary()]


def addin_runner() -> list[Module]:
    """The modules of xlwings for an add-in, which works on whatever workbook is active.

    Settings are read from the add-in alone. As it comes, xlwings first asks the active workbook and its folder which
    program to start as Python, and then any workbook that comes by mail may name one.

    Raises:
        FaultsError: xlwings is not installed, or is of a version whose text is not known.
    """
    text = _text("xlwings_custom_addin.bas")
    for pattern, replacement in (
        (r'PROJECT_NAME As String = "\w+"', f'PROJECT_NAME As String = "{ADDIN}"'),
        (r"^Function GetConfig\(.*?^End Function", None),
        (r"^Function GetDirectoryConfigFilePath\(.*?^End Function", None),
        (r"' Check for embedded Python code.*?If uses_embedded_code = True", None),
    ):
        text, count = re.subn(pattern, replacement or _of_the_addin, text, flags=re.DOTALL | re.MULTILINE)
        if count != 1:
            raise FaultsError(Finding("library_other", field="xlwings", found="xlwings_custom_addin.bas"))
    return [standard(text), _dictionary()]


def workbook_project(sheets: int, runner: Sequence[Module] | None = None, language: str = "en") -> bytes:
    """The VBA project of a workbook with so many sheets, whose code names are `Sheet1`, `Sheet2` and so on.

    Args:
        runner: the modules that have `RunPython`; those of xlwings when None.
        language: of what macros say themselves.

    Raises:
        FaultsError: as `workbook_runner`.
    """
    modules = [buttons_module(language), *(workbook_runner() if runner is None else runner)]
    return project_file("TaulukkoWorkbook", [*_documents(sheets), *modules])


def addin_project(
    functions: Sequence[Module] = (), runner: Sequence[Module] | None = None, language: str = "en"
) -> bytes:
    """The VBA project of the add-in, which has one sheet.

    Args:
        functions: modules with functions for cells.
        runner: as in `workbook_project`, and `language`.

    Raises:
        FaultsError: as `addin_runner`.
    """
    own = [buttons_module(language), ribbon_module(language), *functions]
    modules = [*own, *(addin_runner() if runner is None else runner)]
    return project_file("TaulukkoAddin", [*_documents(1), *modules])


def sheet_name(number: int) -> str:
    """The code name of a sheet, from 1.

    Example:
        >>> sheet_name(3)
        'Sheet3'
    """
    return f"Sheet{number}"


def _said(key: str, language: str) -> str:
    """A message as a text of VBA holds it."""
    return Say(language).text(f"inside.{key}").replace('"', '""')


def _documents(sheets: int) -> list[Module]:
    return [document(WORKBOOK_NAME, WORKBOOK), *(document(sheet_name(number)) for number in range(1, sheets + 1))]


def _of_the_addin(found: re.Match[str]) -> str:
    return found[0].replace("ActiveWorkbook", "ThisWorkbook")


def _dictionary() -> Module:
    return class_module(_text("addin/Dictionary.cls"))


def _text(file: str) -> str:
    """A file of the installed xlwings, which is not imported."""
    found = find_spec("xlwings")
    if not found or not found.origin:
        raise FaultsError(Finding("library_missing", field="xlwings"))
    return (Path(found.origin).parent / file).read_text(encoding="cp1252")


__all__ = [
    "ACTIONS",
    "ADDIN",
    "SAID",
    "WORKBOOK_NAME",
    "Action",
    "addin_project",
    "addin_runner",
    "buttons_module",
    "ribbon_module",
    "sheet_name",
    "workbook_project",
]
