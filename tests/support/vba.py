"""VBA projects as tests read them and replace them in a workbook: with olevba, not with the code that wrote them."""

from __future__ import annotations

import re
import warnings
import zipfile
from pathlib import Path

from taulukko.in_excel.ovba import Module, standard

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from oletools.olevba import VBA_Parser, decompress_stream

PROJECT = "xl/vbaProject.bin"
RECORDER = """Attribute VB_Name = "xlwings"
Public Function RunPython(PythonCommand As String)
    With ThisWorkbook.Worksheets(ThisWorkbook.Worksheets.Count)
        .Range("{cell}").Value = PythonCommand
    End With
End Function
"""
CELL, SAID = "E1", "E2"
"""Where the recorder writes, on the last sheet: what it is asked to run, and what is said in boxes."""
BOX = """
Public Sub Box(text As String, icon As Integer, title As String)
    With ThisWorkbook.Worksheets(ThisWorkbook.Worksheets.Count)
        .Range("{said}").Value = title & ": " & text
    End With
End Sub
"""


def recorder(ends: str = "") -> list[Module]:
    """In the place of xlwings, with which LibreOffice runs nothing: it writes down what it is asked to run.

    Args:
        ends: a line of VBA with which it ends, such as one that raises an error.
    """
    source = RECORDER.format(cell=CELL) + BOX.format(said=SAID)
    return [standard(source.replace("End Function", f"    {ends}\nEnd Function"))]


def recording_boxes(module: Module) -> Module:
    """A module that has what it would show in boxes written down."""
    return standard(module.source.replace("MsgBox ", "Box "))


def part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as file:
        return file.read(name)


def project(path: Path) -> bytes:
    return part(path, PROJECT)


def sources(content: bytes) -> dict[str, str]:
    """The source of each module by its name, as olevba reads it from a project."""
    parser = VBA_Parser("vbaProject.bin", data=content)
    try:
        return {Path(name).stem: code for _, _, name, code in parser.extract_macros()}
    finally:
        parser.close()


def procedures(source: str) -> dict[str, str]:
    """Each public procedure of a module, with its parameters."""
    return dict(re.findall(r"^Public (?:Sub|Function) (\w+)\((.*)\)", source, flags=re.MULTILINE))


def exchanged(path: Path, target: Path, parts: dict[str, bytes]) -> Path:
    """A copy of a file with other parts in place of its own."""
    with zipfile.ZipFile(path) as file, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in file.namelist():
            copy.writestr(name, parts.get(name, file.read(name)))
    return target


def decompressed(content: bytes) -> bytes:
    return bytes(decompress_stream(bytearray(content)))
