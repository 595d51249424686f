"""The code that a workbook carries for xlwings Lite, an add-in that runs Python inside Excel.

The add-in keeps its files as settings of a web extension: three parts beside the workbook's own, a relation to them and
their content types. That is how workbooks saved by it look; it is not documented, and the workbook never depends on it.
"""

from __future__ import annotations

import base64
import errno
import hashlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5
from xml.sax.saxutils import escape

from taulukko.errors import reading
from taulukko.in_excel.archive import Entry, entries, entry, joined
from taulukko.xlsx.container import TYPES, Container, damage
from taulukko.xlsx.markup import starts

ADD_IN = "wa200008175"
"""What the add-in is called in the store."""
RELATIONS = "_rels/.rels"
FOLDER = "xl/webextensions/"
PANES = f"{FOLDER}taskpanes.xml"
EXTENSION = f"{FOLDER}webextension1.xml"
PANE_RELATIONS = f"{FOLDER}_rels/taskpanes.xml.rels"
BEFORE = "taulukkoBefore"
"""The setting that keeps how another program had packed the two parts that change."""
ID = "xlwingsWorkbookId"

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.microsoft.com/office"
_EXTENSION = f"{_OFFICE}/webextensions/webextension/2010/11"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE_ENTRIES = "".join(
    f'<Override PartName="/{part}" ContentType="application/vnd.ms-office.{kind}+xml"/>'
    for part, kind in ((EXTENSION, "webextension"), (PANES, "webextensiontaskpanes"))
)
_ROOT_RELATION = (
    f'<Relationship Id="rIdTaskpanes" Type="{_OFFICE}/2011/relationships/webextensiontaskpanes" Target="{PANES}"/>'
)


def embed(path: Path, files: Mapping[str, str]) -> None:
    """Put files into a workbook as the add-in keeps them; those it carried before are replaced.

    All other parts stay byte by byte and in their order, and the same workbook and files give the same bytes.

    Args:
        files: texts by name: `main.py` and `requirements.txt`.

    Raises:
        WorkbookError: the file is not a workbook that can be read.
        ValueError: it carries another add-in's panes.
        OSError: it cannot be written.

    Example:
        >>> embed(Path("report.xlsx"), {"main.py": "import xlwings"})  # doctest: +SKIP
    """
    parts, _ = _stripped(path)
    if any(part.name.startswith(FOLDER) for part in parts):
        raise ValueError("another add-in")
    before: dict[str, list[str]] = {}
    changed = []
    for part in parts:
        content = part.content()
        if part.name not in (TYPES, RELATIONS):
            changed.append(part)
            continue
        if part.holding(content) != part:
            before[part.name] = [base64.b64encode(some).decode() for some in (part.packed, part.listed)]
        end, more = (b"</Types>", _TYPE_ENTRIES) if part.name == TYPES else (b"</Relationships>", _ROOT_RELATION)
        changed.append(part.holding(content.replace(end, more.encode() + end)))
    key = str(uuid5(NAMESPACE_OID, hashlib.sha256(joined(parts)).hexdigest()))
    settings: dict[str, object] = {**files, ID: key} | ({BEFORE: before} if before else {})
    added = {EXTENSION: _extension(key, settings), PANES: _panes(), PANE_RELATIONS: _pane_relations()}
    _write(path, joined([*changed, *(entry(name, (_HEAD + text).encode()) for name, text in added.items())]))


def strip(path: Path, output: Path | None = None) -> dict[str, str]:
    """Take out what `embed` or the add-in has put into a workbook.

    A workbook that nobody has saved since `embed` becomes again, byte by byte, what it was before.

    Args:
        output: the workbook without the code; PATH itself when None.

    Returns:
        The files it carried, by name. When there were none nothing is written.

    Raises:
        WorkbookError: the file is not a workbook that can be read.
        OSError: the output cannot be written, or is there already.

    Example:
        >>> strip(Path("report.xlsx"), Path("report-plain.xlsx"))  # doctest: +SKIP
        {'main.py': 'import xlwings'}
    """
    parts, settings = _stripped(path)
    if settings is None:
        return {}
    if output and output != path and output.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(output))
    _write(output or path, joined(parts))
    return _files(settings)


def carried(path: Path) -> dict[str, str]:
    """The files that a workbook carries for the add-in, by name; none for a workbook without.

    Raises:
        WorkbookError: the file is not a workbook that can be read.
    """
    return _files(_stripped(path)[1] or {})


def _files(settings: Mapping[str, object]) -> dict[str, str]:
    return {name: text for name, text in settings.items() if isinstance(text, str) and "." in name}


def _stripped(path: Path) -> tuple[list[Entry], dict[str, object] | None]:
    """The parts without those of the add-in, and its settings; None when there are none.

    Extensions of other add-ins stay.
    """
    with reading(path):
        Container(path)
    data = path.read_bytes()
    with reading(path), damage():
        parts = {part.name: part for part in entries(data)}
        extensions = {name: part.content() for name, part in parts.items() if _is_extension(name)}
        ours = {name: content for name, content in extensions.items() if _is_ours(content)}
        if not ours:
            return list(parts.values()), None
        settings = _settings(next(iter(ours.values())))
        gone = {*ours} if len(ours) < len(extensions) else {name for name in parts if name.startswith(FOLDER)}
        taken = {TYPES: gone, RELATIONS: gone, PANE_RELATIONS: {name.rpartition("/")[2] for name in ours}}
        before = settings.get(BEFORE)
        left = []
        for name, part in parts.items():
            if name in gone:
                continue
            if name == PANES:
                part = part.holding(_without_panes(part.content(), parts[PANE_RELATIONS].content(), ours))
            elif name in taken:
                part = _as_before(part.holding(_without(part.content(), taken[name])), before)
            left.append(part)
        return left, settings


def _is_extension(name: str) -> bool:
    return re.fullmatch(rf"{FOLDER}webextension\d*\.xml", name) is not None


def _is_ours(content: bytes) -> bool:
    return f'id="{ADD_IN}"' in content.decode("utf-8", "replace").lower()


def _settings(content: bytes) -> dict[str, object]:
    found = starts(content, f"{_EXTENSION}}}property")
    return {attributes["name"]: json.loads(attributes["value"]) for _, attributes in found}


def _without(content: bytes, targets: set[str]) -> bytes:
    """Content types or relations without the elements that name some parts."""
    for target in targets:
        element = rb'<(?:\w+:)?(?:Override|Relationship)\b[^>]*"/?%s"[^>]*/>' % re.escape(target.encode())
        content = re.sub(element, b"", content)
    return content


def _without_panes(content: bytes, relations: bytes, ours: Mapping[str, bytes]) -> bytes:
    """The panes of other add-ins."""
    names = {name.rpartition("/")[2] for name in ours}
    for _, relation in starts(relations, f"{_PACKAGE}/relationships}}Relationship"):
        if relation["Target"].rpartition("/")[2] in names:
            pane = rb'<wetp:taskpane\b(?:(?!</wetp:taskpane>).)*r:id="%s".*?</wetp:taskpane>' % relation["Id"].encode()
            content = re.sub(pane, b"", content, flags=re.DOTALL)
    return content


def _as_before(part: Entry, before: object) -> Entry:
    """A part packed as another program had packed it, where that was kept and is the same content."""
    kept = before.get(part.name) if isinstance(before, dict) else None
    if not kept:
        return part
    old = Entry(*(base64.b64decode(one) for one in kept))
    return old if old.name == part.name and old.content() == part.content() else part


def _extension(key: str, settings: Mapping[str, object]) -> str:
    store = '<we:reference id="{}" version="1.0.0.0" store="{}" storeType="OMEX"/>'
    properties = "".join(
        f'<we:property name="{escape(name)}" value="{escape(json.dumps(value), {chr(34): "&quot;"})}"/>'
        for name, value in settings.items()
    )
    return (
        f'<we:webextension xmlns:we="{_EXTENSION}" id="{{{key.upper()}}}">{store.format(ADD_IN, "en-US")}'
        f"<we:alternateReferences>{store.format(ADD_IN.upper(), ADD_IN.upper())}</we:alternateReferences>"
        f"<we:properties>{properties}</we:properties><we:bindings/>"
        f'<we:snapshot xmlns:r="{_RELATION}"/></we:webextension>'
    )


def _panes() -> str:
    return (
        f'<wetp:taskpanes xmlns:wetp="{_OFFICE}/webextensions/taskpanes/2010/11">'
        '<wetp:taskpane dockstate="right" visibility="1" width="438" row="0">'
        f'<wetp:webextensionref xmlns:r="{_RELATION}" r:id="rId1"/></wetp:taskpane></wetp:taskpanes>'
    )


def _pane_relations() -> str:
    kind = f"{_OFFICE}/2011/relationships/webextension"
    relation = f'<Relationship Id="rId1" Type="{kind}" Target="{EXTENSION.rpartition("/")[2]}"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{relation}</Relationships>'


def _write(path: Path, data: bytes) -> None:
    """Write whole or not at all."""
    part = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        part.write_bytes(data)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


__all__ = ["ADD_IN", "carried", "embed", "strip"]
