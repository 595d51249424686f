"""The zip file a workbook is: opened within the limits, with nothing in it that a report does not need and can do harm.

Nothing is unpacked to disk, nothing is run, and nothing outside the file is looked for.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, NamedTuple
from xml.parsers.expat import ExpatError

from taulukko.errors import Finding, WorkbookError
from taulukko.xlsx.kind import ZIP, code_of
from taulukko.xlsx.limits import FILE, PART, PARTS, RATIO, UNPACKED
from taulukko.xlsx.markup import starts

TYPES = "[Content_Types].xml"
ROOT = ""
"""The part whose relations are those of the whole file."""

_OWN, _COMMON = (
    f"http://schemas.openxmlformats.org/package/2006/content-types}}{name}" for name in ("Override", "Default")
)
_RELATIONSHIP = "http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_ENTRY = b"PK\x01\x02"
_LOCAL = struct.Struct("<4s22xHH")
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DANGERS = {
    "macroenabled": "macro",
    "vbaproject": "macro",
    "macrosheet": "macro",
    "activex": "macro",
    "connections+xml": "link",
}
"""What tells a danger in the type of a part or in the kind of a relation."""
_LINK = "externallink"
"""What tells a link to another workbook likewise; of what it says nothing is read but where it leads."""
_LINKED = ("externallinkpath", "externallinklongpath", "xlpathmissing", "xlstartup", "xlalternatestartup", "xllibrary")
"""The kinds of relations by which it leads there."""
_MACROS = ("macroenabled", "vbaproject")
"""Those of them that a workbook of ours with macros has; what it says is read all the same, and nothing is run."""
_WITH_MACROS = (".xlsm", ".xlam")
"""By these endings whoever opens a workbook or an add-in knows that it has macros; by another they are a danger."""
_OTHERS = {
    "xl/workbook.bin": "xlsb",
    "word/document.xml": "docx",
    "ppt/presentation.xml": "pptx",
    "xl/workbook.xml": "",
    TYPES: "",
}
"""Parts by which a zip is told: which other kind of file it is, or none."""

MANIFEST = "META-INF/manifest.xml"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"
_ENCRYPTION = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}encryption-data"

_DAMAGE: tuple[type[Exception], ...] = (zipfile.BadZipFile, zlib.error, struct.error, ExpatError)
_DAMAGE += (OSError, EOFError, ValueError, LookupError, ArithmeticError, RuntimeError, MemoryError)


class Relation(NamedTuple):
    """Where a part leads.

    Attributes:
        kind: the last word of its type, such as `worksheet`.
        target: a part of the file; empty when it leads out of it.
        outside: where it leads to out of the file.
    """

    key: str
    kind: str
    target: str
    outside: str = ""


class Container:
    """The parts of a workbook file, by name; held packed in memory, so that the file is free at once."""

    def __init__(self, path: Path):
        """Open a file; one that is called .xlsm or .xlam may have a VBA project.

        Raises:
            WorkbookError: `encrypted`, `old_format`, `other_format`, `too_large`, `dangerous` or `unreadable`.
            OSError: there is no such file, or it may not be read.
        """
        data = _content(path)
        with damage():
            if not data.startswith(ZIP):
                code, found = code_of(data)
                raise WorkbookError(Finding(code, found=found))
            PARTS.check(data.count(_ENTRY))
            self._data = memoryview(data)
            allowed = _MACROS if path.suffix.lower() in _WITH_MACROS else ()
            self._dangers = {mark: one for mark, one in _DANGERS.items() if mark not in allowed}
            self._book = zipfile.ZipFile(BytesIO(data))
            parts = self._book.infolist()
            _check_sizes(parts)
            _check_names([part.orig_filename for part in parts])
            self._relations: dict[str, list[Relation]] = {}
            self._parts = {part.filename.lower(): part for part in parts}
            self._check_kind()
            if self.is_ods:
                self._check_manifest()
            else:
                self._check_types()
                self._check_links()

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._parts

    @property
    def is_ods(self) -> bool:
        """Whether it is an OpenDocument spreadsheet."""
        return "mimetype" in self and self.small("mimetype").startswith(_OPEN_DOCUMENT + b".spreadsheet")

    @property
    def data(self) -> bytes:
        """The whole file."""
        return bytes(self._data)

    def size(self, part: str) -> int:
        """Bytes of a part unpacked."""
        return self._parts[part.lower()].file_size

    def stream(self, part: str) -> IO[bytes]:
        """A part of any size, to be read piece by piece.

        Raises:
            LookupError: there is no such part.
        """
        return self._book.open(self._parts[part.lower()])

    def small(self, part: str) -> bytes:
        """A part that is no longer than the limit of those that are held.

        Raises:
            WorkbookError: `too_large`.
            LookupError, zipfile.BadZipFile, zlib.error: there is no such part, or it is damaged.
        """
        PART.check(self.size(part))
        return _unpacked(self._data, self._parts[part.lower()])

    def relations(self, part: str) -> list[Relation]:
        """Where a part leads; nothing for a part that says nothing of it.

        Raises:
            WorkbookError: `dangerous` when it leads out of the file, unless by a link that somebody has to click.
        """
        if part not in self._relations:
            self._relations[part] = self._read_relations(part)
        return self._relations[part]

    def _read_relations(self, part: str) -> list[Relation]:
        folder, slash, own = part.rpartition("/")
        name = f"{folder}{slash}_rels/{own}.rels"
        if name not in self:
            return []
        found = []
        for _, attributes in starts(self.small(name), _RELATIONSHIP):
            kind, target = attributes["Type"].rpartition("/")[2], attributes["Target"]
            external = attributes.get("TargetMode") == "External"
            linked = kind.lower() in _LINKED and _LINK in own.lower()
            if external and kind != "hyperlink" and not linked:
                raise WorkbookError(Finding("dangerous", found="link"))
            self._check_danger(kind)
            inside = "" if external else _joined(folder, target)
            found.append(Relation(attributes["Id"], kind, inside, target if external else ""))
        return found

    @property
    def workbook(self) -> str:
        """The part that says which sheets there are; empty where none does."""
        return next((one.target for one in self.relations(ROOT) if one.kind == "officeDocument"), "")

    def _check_links(self) -> None:
        """Look whether what leads to other workbooks is where a workbook has it."""
        named = {one for one in self._parts if _LINK in one.rpartition("/")[2] and not one.endswith(".rels")}
        named |= {part.lower() for part, kind in self._typed if _LINK in kind.lower()}
        reached = {one.target.lower() for one in self.relations(self.workbook) if one.kind.lower() == _LINK}
        if named != reached or reached - self._parts.keys():
            raise WorkbookError(Finding("dangerous", found="link"))

    def check_relations(self) -> None:
        """Look where all parts lead.

        Raises:
            WorkbookError: `dangerous`, as in `relations`.
        """
        for name in self._parts:
            folder, middle, own = name.rpartition("_rels/")
            if middle and own.endswith(".rels"):
                self.relations(f"{folder}{own.removesuffix('.rels')}")

    def _check_kind(self) -> None:
        """Tell what other kind of file a zip may be."""
        if any(part.flag_bits & 1 for part in self._parts.values()):
            raise WorkbookError(Finding("encrypted"))
        if self.is_ods:
            return
        if "mimetype" in self and self.small("mimetype").startswith(_OPEN_DOCUMENT):
            raise WorkbookError(Finding("other_format", found="odf"))
        kind = next((kind for part, kind in _OTHERS.items() if part in self), "zip")
        if kind:
            raise WorkbookError(Finding("other_format", found=kind))

    def _check_manifest(self) -> None:
        """Look whether parts are encrypted or programs."""
        if starts(self.small(MANIFEST), _ENCRYPTION):
            raise WorkbookError(Finding("encrypted"))
        if any(name.startswith(("basic/", "scripts/")) for name in self._parts):
            raise WorkbookError(Finding("dangerous", found="macro"))

    def _check_types(self) -> None:
        """Look at the type of each part. One that is declared for an ending no part has is the type of nothing."""
        self._check_danger("\n".join(name.rpartition("/")[2] for name in self._parts))
        types: dict[str, dict[str, str]] = {_OWN: {}, _COMMON: {}}
        for name, attributes in starts(self.small(TYPES), _OWN, _COMMON):
            key = attributes["PartName" if name == _OWN else "Extension"].lower()
            types[name][key] = attributes["ContentType"]
        endings = {name.rpartition(".")[2] for name in self._parts if f"/{name}" not in types[_OWN]}
        common = (types[_COMMON].get(ending, "") for ending in endings)
        self._typed = [(name.lstrip("/"), kind) for name, kind in types[_OWN].items()]
        for kind in {*types[_OWN].values(), *common}:
            self._check_danger(kind)

    def _check_danger(self, words: str) -> None:
        lowered = words.lower()
        for mark, danger in self._dangers.items():
            if mark in lowered:
                raise WorkbookError(Finding("dangerous", found=danger))


@contextmanager
def damage() -> Iterator[None]:
    """Let whatever damage is met be a WorkbookError."""
    try:
        yield
    except _DAMAGE as error:
        raise WorkbookError(Finding("unreadable", found=f"{type(error).__name__}: {error}"[:200])) from error


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise WorkbookError(Finding("other_format", found="folder"))
    if path.exists() and not path.is_file():
        raise WorkbookError(Finding("unreadable"))
    with path.open("rb") as file:
        data = file.read(FILE.most * FILE.unit + 1)
    FILE.check(len(data))
    return data


def _unpacked(data: memoryview, part: zipfile.ZipInfo) -> bytes:
    """A part as a whole. What zipfile takes more time for: local header, unpacking, checksum."""
    start = part.header_offset
    mark, name, extra = _LOCAL.unpack_from(data, start)
    start += _LOCAL.size + name + extra
    packed = data[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        content = bytes(packed)
    else:
        content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, part.file_size + 1)
    if mark != b"PK\x03\x04" or len(content) != part.file_size or zlib.crc32(content) != part.CRC:
        raise zipfile.BadZipFile(part.filename)
    return content


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    size, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    UNPACKED.check(size)
    RATIO.check(size // max(packed, 1))
    if any(part.compress_type not in _PACKINGS for part in parts):
        raise WorkbookError(Finding("unreadable"))


def _check_names(names: list[str]) -> None:
    """Refuse names that lead out of the file and names that only some programs take for the same."""
    if len({name.lower() for name in names}) < len(names):
        raise WorkbookError(Finding("dangerous", found="name"))
    for name in names:
        pieces = name.replace("\\", "/").split("/")
        if ".." in pieces or not pieces[0] or ":" in pieces[0] or "\0" in name:
            raise WorkbookError(Finding("dangerous", found="name"))


def _joined(folder: str, target: str) -> str:
    """A relation's target as a part name: relative to the folder, or from the root when it starts with a slash."""
    parts: list[str] = []
    for piece in (target if target.startswith("/") else f"{folder}/{target}").split("/"):
        if piece == "..":
            del parts[-1:]
        elif piece not in ("", "."):
            parts.append(piece)
    return "/".join(parts)


__all__ = ["ROOT", "Container", "Relation", "damage"]
