"""The quick way to read cells and texts: one pattern each, for XML as spreadsheet programs write it.

`cells` and `texts` read whatever XML a part may be written in. The patterns here know one way of writing, that of
Excel, LibreOffice and XlsxWriter. What they leave over of a part, and the texts within what they take, are given to the
parser: a part that is not well-formed, or has other tags than the patterns know, is not read here at all. What is read
is read the same, as `tests/xlsx/test_scan.py` shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from string import ascii_uppercase, digits
from typing import Any, cast
from xml.parsers.expat import ExpatError, ParserCreate

from taulukko.formula.addresses import letters
from taulukko.formula.references import position
from taulukko.xlsx.cells import MAIN, Cell, Place, Room, cell_of, unescaped
from taulukko.xlsx.limits import LONGEST, MEGABYTE

LARGEST = MEGABYTE
"""Bytes of a part that is held whole."""

Found = tuple[bytes | None, bytes | None, bytes | None]
"""Type, formula and value of a cell."""
Numbered = dict[bytes, Cell | None]
"""What cells that refer to a text hold, by its number; None for an empty text."""

_CELL = re.compile(
    rb'<c r="([A-Z]{1,2}+[1-9][0-9]{0,5}+)"(?: s="[0-9]++")?+(?:/>| t="s"><v>([0-9]++)</v></c>|'
    rb'(?: t="(b|e|n|str)")?+>(?:<f(?: aca="false")?+>([^<]++)</f>)?+(?:<v>([^<]*+)</v>)?+</c>)'
)
"""Address, number of a text, type, formula, value. Nothing is tried twice: each piece is possessive."""
_ITEM = re.compile(rb'<si><t(?: xml:space="preserve")?+>([^<]*+)</t></si>')
_BEGINNING = re.compile(
    rb'(?:<\?xml version="1\.0" encoding="(?:UTF|utf)-8"(?: standalone="(?:yes|no)")?\?>\s*)?'
    rb'<(?:worksheet|sst) xmlns="%s"[ >]' % re.escape(MAIN[:-1]).encode()
)


class Scanned(Mapping[Place, Cell]):
    """The filled cells of a sheet, each made of what its element says when it is asked for."""

    def __init__(self, found: dict[bytes, Cell | Found]):
        self._found = found

    def __getitem__(self, place: Place) -> Cell:
        made = self.get(place)
        if made is None:
            raise KeyError(place)
        return cast(Cell, made)

    def get(self, place: Place, default: Any = None) -> Any:
        row, column = place
        address = b"%b%d" % (_letters(column), row + 1)
        found = self._found.get(address, default)
        if found.__class__ is tuple:
            found = self._found[address] = _cell(*found)
        return found

    def __iter__(self) -> Iterator[Place]:
        return ((int(address.lstrip(_LETTERS)) - 1, _column(address.rstrip(_DIGITS))) for address in self._found)

    def __len__(self) -> int:
        return len(self._found)

    def rows(self) -> list[int]:
        """The rows that have a cell, in their order."""
        return sorted(int(number) - 1 for number in {address.lstrip(_LETTERS) for address in self._found})


def _cell(kind: bytes | None, formula: bytes | None, value: bytes | None) -> Cell:
    written = unescaped(_resolved(formula)) if formula else None
    return cell_of((kind or b"n").decode(), None if value is None else _resolved(value), written, ())


def numbered(texts: Sequence[str]) -> Numbered:
    """What cells that refer to one of some texts hold."""
    return {b"%d" % number: Cell(text) if text else None for number, text in enumerate(texts)}


def scan_cells(data: bytes, texts: Numbered, room: Room) -> Scanned | None:
    """The filled cells of a sheet, as `read_cells` gives them; None when the sheet has to be read by it.

    Args:
        data: the XML of the sheet.
        texts: what cells refer to.
        room: is taken up by the cells.

    Example:
        >>> row = '<row><c r="B1" t="s"><v>0</v></c><c r="C1"><f>1/4</f><v>0.25</v></c></row>'
        >>> xml = f'<worksheet xmlns="{MAIN[:-1]}"><sheetData>{row}</sheetData></worksheet>'
        >>> scan_cells(xml.encode(), numbered(["Riski"]), Room())[0, 1]
        Cell(value='Riski', formula=None, error='')
        >>> scan_cells(xml.replace("<v>", "<v >").encode(), numbered(["Riski"]), Room())
    """
    start, end = data.find(b"<sheetData>"), data.rfind(b"</sheetData>")
    head, tail = data[2:start], data[end + 3 :]
    if start < 0 or end < 0 or b"<!" in head or b"<?" in head or b"sheetData" in head or b"sheetData" in tail:
        return None
    body = data[start + 11 : end]
    pieces = _CELL.split(body)
    between = b"".join(pieces[::6])
    addresses, indices, kinds, formulas, values = (pieces[part::6] for part in range(1, 6))
    written = list(filter(None, formulas + values))
    if not addresses or between.count(b"<") != between.count(b"<row") + between.count(b"</row>") or not _is_plain(body):
        return None
    if len(body) > LONGEST.most and max(map(len, written), default=0) > LONGEST.most:
        return None
    if not _is_known(b"".join((data[: start + 11], between, b"\n".join(written), data[end:]))):
        return None
    if not set(filter(None, indices)) <= texts.keys():
        return None
    once = dict(zip(formulas, formulas, strict=True))
    cells = zip(addresses, map(texts.get, indices), kinds, map(once.get, formulas), values, strict=True)
    found: dict[bytes, Cell | Found] = {
        address: said or (kind, formula, value)
        for address, said, kind, formula, value in cells
        if said or formula or value
    }
    room.take(len(found), sum(map(len, filter(None, (*once, *values)))))
    return Scanned(found)


def without_cells(data: bytes) -> bytes:
    """A sheet but for its cells; whole where they cannot be told without reading it.

    Example:
        >>> without_cells(b"<worksheet><sheetData><row/></sheetData><pageMargins/></worksheet>")
        b'<worksheet><pageMargins/></worksheet>'
    """
    start, end = data.find(b"<sheetData>"), data.rfind(b"</sheetData>")
    return data if start < 0 or end < start or b"<!" in data else data[:start] + data[end + 12 :]


def scan_texts(data: bytes, room: Room) -> list[str] | None:
    """The list of texts, as `read_texts` gives it; None when the list has to be read by it.

    Example:
        >>> scan_texts(f'<sst xmlns="{MAIN[:-1]}"><si><t>1 &lt; 2</t></si></sst>'.encode(), Room())
        ['1 < 2']
    """
    head, *pieces = _ITEM.split(data)
    written, between = pieces[::2], pieces[1::2]
    if head.count(b"<") != 1 + head.startswith(b"<?") or b"".join(between).rstrip() != b"</sst>" or not _is_plain(data):
        return None
    if len(max(written, key=len)) > LONGEST.most:
        return None
    if not _is_known(b"".join((head, b"<si/>", b"\n".join(written), between[-1]))):
        return None
    texts = _resolved(b"\0".join(written)).split("\0")
    if b"_x" in data:
        texts = [unescaped(text) for text in texts]
    room.take(0, sum(map(len, texts)))
    return texts


def _is_plain(body: bytes) -> bool:
    """Whether texts hold no other references than those to the five characters of XML, and no formula a bar."""
    return b"\r" not in body and not may_lead_out(body)


def may_lead_out(data: bytes) -> bool:
    """Whether a sheet may have a formula that asks another program; a bar in one may also be written as a reference."""
    return b"|" in data or b"&#" in data


def _is_known(document: bytes) -> bool:
    """Whether a part is well-formed, has no document type, and calls its elements by their names alone."""
    if not _BEGINNING.match(document):
        return False
    declared: list[str | None] = []
    parser = ParserCreate(None, "}")
    parser.StartNamespaceDeclHandler = lambda prefix, _: declared.append(prefix)
    parser.StartDoctypeDeclHandler = lambda *_: declared.append(None)
    try:
        parser.Parse(document, True)
    except ExpatError:
        return False
    return declared.count(None) == 1


_LETTERS, _DIGITS = ascii_uppercase.encode(), digits.encode()


@cache
def _letters(column: int) -> bytes:
    return letters(column).encode()


@cache
def _column(written: bytes) -> int:
    return position(f"{written.decode()}1")[1]


def _resolved(written: bytes) -> str:
    """A text with its references to the five characters of XML resolved."""
    text = written.decode()
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&apos;", "'")
        text = text.replace("&amp;", "&")
    return text


__all__ = ["LARGEST", "Numbered", "Scanned", "may_lead_out", "numbered", "scan_cells", "scan_texts", "without_cells"]
