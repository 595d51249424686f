"""The add-in: a workbook without a window that has macros, a tab on the ribbon, and a sheet of settings."""

from __future__ import annotations

import os
import shutil
import zipfile
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

from taulukko.errors import Finding, OutputRefused
from taulukko.folder.store import spare_name
from taulukko.in_excel.functions.udfs import functions_module
from taulukko.in_excel.macros import ACTIONS, ADDIN, WORKBOOK_NAME, Action, addin_project, addin_runner, sheet_name
from taulukko.in_excel.ribbon import ribbon
from taulukko.in_excel.settings import ANY_PYTHON, FUNCTIONS_MODULE, settings
from taulukko.messages import Say

FILE = f"{ADDIN}.xlam"
RIBBON = "customUI/customUI.xml"
PROJECT = "xl/vbaProject.bin"

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MICROSOFT = "http://schemas.microsoft.com/office"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPES = {
    "xl/workbook.xml": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
    "xl/worksheets/sheet1.xml": f"{_SHEET_TYPE}.worksheet+xml",
    "xl/styles.xml": f"{_SHEET_TYPE}.styles+xml",
    PROJECT: "application/vnd.ms-office.vbaProject",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
}
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def write_addin(output: Path, language: str, *, python: str = ANY_PYTHON, force: bool = False) -> Path:
    """Write the add-in, whole or not at all.

    Args:
        output: the file, such as `taulukko.xlam`.
        language: of its tab on the ribbon.
        python: as in `settings`.
        force: write over a file that is not an add-in of ours, and keep a copy of it.

    Returns:
        The path of the add-in.

    Raises:
        FaultsError: xlwings is not installed, or its text is not as expected.
        OutputRefused: the existing file is not an add-in of ours.
        OSError: the file cannot be written.

    Example:
        >>> write_addin(Path("taulukko.xlam"), "fi")  # doctest: +SKIP
        PosixPath('taulukko.xlam')
    """
    content = addin(language, python)
    if output.exists() and not _is_ours(output):
        if not force:
            raise OutputRefused(Finding("output_not_ours", str(output)))
        shutil.copy2(output, spare_name(output))
    part = output.with_name(f".{output.stem}.{os.getpid()}{output.suffix}")
    try:
        part.write_bytes(content)
        os.replace(part, output)
    except OSError as error:
        error.filename, error.filename2 = str(output), None
        raise
    finally:
        part.unlink(missing_ok=True)
    return output


def addin(language: str, python: str = ANY_PYTHON) -> bytes:
    """The add-in as a file; the same version of xlwings gives the same bytes.

    Raises:
        FaultsError: as `write_addin`.
    """
    say = Say(language)
    runner = addin_runner()
    return _packed(
        {
            "[Content_Types].xml": _types(),
            "_rels/.rels": _relations(
                (f"{_RELATION}/officeDocument", "xl/workbook.xml"),
                (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
                (f"{_MICROSOFT}/2006/relationships/ui/extensibility", RIBBON),
            ),
            "docProps/core.xml": _properties(say),
            RIBBON: ribbon(say),
            "xl/workbook.xml": _workbook(),
            "xl/_rels/workbook.xml.rels": _relations(
                (f"{_RELATION}/worksheet", "worksheets/sheet1.xml"),
                (f"{_RELATION}/styles", "styles.xml"),
                (f"{_MICROSOFT}/2006/relationships/vbaProject", "vbaProject.bin"),
            ),
            "xl/worksheets/sheet1.xml": _sheet(settings(python)),
            "xl/styles.xml": _STYLES,
            PROJECT: addin_project([functions_module(FUNCTIONS_MODULE)], runner, language),
        }
    )


def _is_ours(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as found:
            return Action(ACTIONS[0]).callback.encode() in found.read(RIBBON)
    except (zipfile.BadZipFile, KeyError):
        return False


def _packed(parts: dict[str, str | bytes]) -> bytes:
    """The parts as a zip file that does not tell when and where it was made."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
            file.writestr(info, _HEAD + content if isinstance(content, str) else content)
    return packed.getvalue()


def _types() -> str:
    defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
    entries = [f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in defaults.items()]
    entries += [f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in _TYPES.items()]
    return f'<Types xmlns="{_PACKAGE}/content-types">{"".join(entries)}</Types>'


def _relations(*targets: tuple[str, str]) -> str:
    entries = (
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(entries)}</Relationships>'


def _properties(say: Say) -> str:
    """What the list of add-ins shows: a name and what it is for."""
    space = f'xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    title, about = escape(say.text("ribbon.tab")), escape(say.text("ribbon.about"))
    said = f"<dc:title>{title}</dc:title><dc:description>{about}</dc:description>"
    return f"<cp:coreProperties {space}>{said}</cp:coreProperties>"


def _workbook() -> str:
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}"><workbookPr codeName="{WORKBOOK_NAME}"/>'
        '<bookViews><workbookView visibility="hidden"/></bookViews>'
        f'<sheets><sheet name="{ADDIN}.conf" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _sheet(lines: dict[str, str]) -> str:
    rows = "".join(
        f'<row r="{number}">{_cell(f"A{number}", name)}{_cell(f"B{number}", text)}</row>'
        for number, (name, text) in enumerate(lines.items(), 1)
    )
    codes = f'<sheetPr codeName="{sheet_name(1)}"/>'
    return f'<worksheet xmlns="{_MAIN}">{codes}<sheetData>{rows}</sheetData></worksheet>'


def _cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(text)}</t></is></c>' if text else ""


__all__ = ["FILE", "PROJECT", "RIBBON", "addin", "write_addin"]
