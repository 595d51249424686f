"""Writes a VBA project from its sources alone: [MS-OVBA].

Nothing is compiled: the host finds no compiled code, and compiles what it reads, as after an update of itself.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import NAMESPACE_OID, uuid5

from taulukko.in_excel.cfb import compound_file
from taulukko.in_excel.compression import compressed

CODE_PAGE = 1252
ENGLISH = 0x409
WINDOWS = 3
"""The system of 64 bits; a host on another one reads it as well."""
SEED = 0x5A
WORKBOOK, SHEET, CLASS = (
    "0{00020819-0000-0000-C000-000000000046}",
    "0{00020820-0000-0000-C000-000000000046}",
    "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}",
)
"""What a module is made from."""
REFERENCES = {
    "stdole": r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation",
    "Office": r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files\Microsoft Shared\OFFICE16"
    r"\MSO.DLL#Microsoft Office 16.0 Object Library",
}
"""The libraries a project of Excel refers to beside its own; the second has `IRibbonControl`."""


@dataclass(frozen=True, slots=True)
class Module:
    """A module of a project.

    Attributes:
        source: its text with its attributes, as the project holds it, lines ended by carriage return and line feed.
        kind: of the workbook or a sheet, of procedures, or of a class.
    """

    name: str
    source: str
    kind: Literal["document", "standard", "class"]


def document(name: str, base: str = SHEET) -> Module:
    """The empty module that each sheet, and the workbook itself, has by its code name."""
    return Module(name, _attributes(name, base, known=True, exposed=True, customizable=True), "document")


def standard(source: str) -> Module:
    """A module of procedures, from the text that begins with its name.

    Example:
        >>> standard('Attribute VB_Name = "Buttons"\\nSub Press()\\nEnd Sub').name
        'Buttons'
    """
    return Module(_name(source), _lines(source), "standard")


def class_module(source: str) -> Module:
    """A class, from the text of its exported file; the lines before its attributes belong to the file alone."""
    name, source = _name(source), _lines(source)
    body = "".join(line for line in source.splitlines(keepends=True) if not line.startswith("Attribute VB_"))
    body = re.sub(r"\AVERSION .*?^END\r\n", "", body, flags=re.DOTALL | re.MULTILINE)
    described = re.findall(r"^Attribute VB_Description = .*\r\n", source, flags=re.MULTILINE)
    return Module(name, _attributes(name, CLASS, exposed=True) + "".join(described) + body, "class")


def project_file(name: str, modules: Sequence[Module]) -> bytes:
    """A project as a file of its own, `vbaProject.bin`; the same modules give the same bytes.

    Args:
        name: of the project; no module may have the same.
        modules: that of the workbook first, then those of its sheets.

    Raises:
        ValueError: a name stands twice, a source has characters that Windows-1252 lacks, or all is too large.

    Example:
        >>> project_file("Project", [document("ThisWorkbook", WORKBOOK), document("Sheet1")])[:4].hex()
        'd0cf11e0'
    """
    names = [name.lower(), *(module.name.lower() for module in modules)]
    if len(set(names)) < len(names):
        raise ValueError(f"{sorted(names)} has a name twice")
    streams = {module.name: compressed(_encoded(module.source)) for module in modules}
    streams["dir"] = compressed(_directory(name, modules))
    streams["_VBA_PROJECT"] = struct.pack("<HHBH", 0x61CC, 0xFFFF, 0, 0)
    texts = {"PROJECT": _encoded(_project_text(name, modules)), "PROJECTwm": _names(modules)}
    return compound_file({"VBA": streams, **texts})


def _attributes(name: str, base: str, *, known: bool = False, exposed: bool = False, customizable: bool = False) -> str:
    words = {"GlobalNameSpace": False, "Creatable": False, "PredeclaredId": known, "Exposed": exposed}
    words |= {"TemplateDerived": False, "Customizable": customizable}
    lines = [f'VB_Name = "{name}"', f'VB_Base = "{base}"', *(f"VB_{word} = {value}" for word, value in words.items())]
    return "".join(f"Attribute {line}\r\n" for line in lines)


def _name(source: str) -> str:
    found = re.search(r'^Attribute VB_Name = "(\w+)"', source, flags=re.MULTILINE)
    if not found:
        raise ValueError("the source does not say its name")
    return found[1]


def _lines(source: str) -> str:
    return re.sub(r"\r\n?|\n", "\r\n", source)


def _encoded(text: str) -> bytes:
    return text.encode(f"cp{CODE_PAGE}")


def _directory(name: str, modules: Sequence[Module]) -> bytes:
    """The records that say what the project consists of: [MS-OVBA] 2.3.4.2."""
    number, short, wide = struct.Struct("<I").pack, struct.Struct("<H").pack, _wide
    records = [
        *((0x01, number(WINDOWS)), (0x02, number(ENGLISH)), (0x14, number(ENGLISH)), (0x03, short(CODE_PAGE))),
        *((0x04, _encoded(name)), (0x05, b""), (0x40, b""), (0x06, b""), (0x3D, b"")),
        *((0x07, number(0)), (0x08, number(0))),
    ]
    start = b"".join(_record(*record) for record in records) + struct.pack("<HIIH", 0x09, 4, 1, 1)
    records = [(0x0C, b""), (0x3C, b"")]
    for reference, library in REFERENCES.items():
        place = _encoded(library)
        records += [(0x16, _encoded(reference)), (0x3E, wide(reference))]
        records += [(0x0D, number(len(place)) + place + struct.pack("<IH", 0, 0))]
    records += [(0x0F, short(len(modules))), (0x13, short(0xFFFF))]
    for module in modules:
        narrow = _encoded(module.name)
        records += [(0x19, narrow), (0x47, wide(module.name)), (0x1A, narrow), (0x32, wide(module.name))]
        records += [(0x1C, b""), (0x48, b""), (0x31, number(0)), (0x1E, number(0)), (0x2C, short(0xFFFF))]
        records += [(0x21 if module.kind == "standard" else 0x22, b""), (0x2B, b"")]
    return start + b"".join(_record(*record) for record in [*records, (0x10, b"")])


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HI", kind, len(content)) + content


def _wide(text: str) -> bytes:
    return text.encode("utf-16-le")


def _names(modules: Sequence[Module]) -> bytes:
    """Each module's name in both of its spellings."""
    return b"".join(_encoded(f"{one.name}\0") + _wide(f"{one.name}\0") for one in modules) + b"\0\0"


def _project_text(name: str, modules: Sequence[Module]) -> str:
    """The stream that says in words what the project consists of, unprotected and in sight: [MS-OVBA] 2.3.1."""
    key = f"{{{uuid5(NAMESPACE_OID, ' '.join([name, *(module.name for module in modules)]))}}}".upper()
    words = {"document": "Document={}/&H00000000", "standard": "Module={}", "class": "Class={}"}
    return "\r\n".join(
        [
            f'ID="{key}"',
            *(words[module.kind].format(module.name) for module in modules),
            f'Name="{name}"',
            'HelpContextID="0"',
            'VersionCompatible32="393222000"',
            f'CMG="{_veiled(bytes(4), key)}"',
            f'DPB="{_veiled(bytes(1), key)}"',
            f'GC="{_veiled(bytes([0xFF]), key)}"',
            "",
            "[Host Extender Info]",
            "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
            "",
            "[Workspace]",
            *(f"{module.name}=0, 0, 0, 0, C" for module in modules),
            "",
        ]
    )


def _veiled(content: bytes, key: str) -> str:
    """What the format calls encryption, and keeps from nobody: [MS-OVBA] 2.4.3.2."""
    mask = sum(key.encode("ascii")) & 0xFF
    veiled = [SEED, SEED ^ 2, SEED ^ mask]
    plain, last, before = mask, veiled[2], veiled[1]
    for byte in (*bytes((SEED & 6) // 2), *struct.pack("<I", len(content)), *content):
        plain, last, before = byte, byte ^ (before + plain & 0xFF), last
        veiled.append(last)
    return bytes(veiled).hex().upper()


__all__ = ["SHEET", "WORKBOOK", "Module", "class_module", "document", "project_file", "standard"]
