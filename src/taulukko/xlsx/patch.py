"""Formulas and values put into the cells of a workbook's file; every other byte of its sheets stays as it is."""

from __future__ import annotations

import re
import zipfile
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from taulukko.formula.addresses import address
from taulukko.program.repair import Change
from taulukko.xlsx.cells import MAIN, place_of
from taulukko.xlsx.container import ROOT, TYPES, damage
from taulukko.xlsx.markup import strict_parser
from taulukko.xlsx.package import BLANK, Cell, Package

Place = tuple[int, int]
Span = tuple[int, int]
Piece = tuple[Span, bytes]
"""What is put in place of some bytes."""
_CHAIN = re.compile(rb"<(?:[\w.-]+:)?(?:Relationship|Override)\b[^>]*calcChain[^>]*?(?:/>|>\s*</[^>]+>)")
"""What leads to the order of computing, which Excel makes anew and which may not name a cell without a formula."""
_PREFIX = re.compile(rb"<([\w.-]+:)?")


@dataclass(slots=True)
class _Found:
    """Where the element of a cell stands in a sheet, and that of its formula.

    Attributes:
        shared: the number of the formula it shares with others, if so.
    """

    span: Span
    style: str = ""
    shared: str = ""
    formula: Span | None = None


@dataclass(slots=True)
class _Sheet:
    """Where things stand in a sheet's XML.

    Attributes:
        prefix: what the names of its elements begin with.
        rows: of each row, where it begins and what an end tag is put in place of: nothing, or the end of its only tag.
        end: likewise of all the rows.
    """

    data: bytes
    prefix: str = ""
    cells: dict[Place, _Found] = field(default_factory=dict)
    rows: dict[int, tuple[int, Span]] = field(default_factory=dict)
    end: Span = (0, 0)

    def element(self, name: str, attributes: str, content: bytes | str) -> bytes:
        content = content if isinstance(content, bytes) else escape(content).encode()
        tag = f"{self.prefix}{name}"
        return f"<{tag}{attributes}>".encode() + content + f"</{tag}>".encode()

    def at_end(self, span: Span, name: str, content: bytes) -> Piece:
        """Something put at the end of an element, which may have been closed by its only tag."""
        return span, content if span[0] == span[1] else b">" + content + f"</{self.prefix}{name}>".encode()


def patched(package: Package, changes: Iterable[Change]) -> bytes:
    """The file with each changed cell as it should be.

    Raises:
        WorkbookError: `unreadable` or `too_large`: a sheet that is to be changed.
    """
    by_sheet: dict[str, dict[Place, Change]] = {}
    for one in changes:
        by_sheet.setdefault(one.sheet, {})[one.row, one.column] = one
    container = package.container
    with damage():
        parts = {package.sheets[title].lower(): _patched(package, title, some) for title, some in by_sheet.items()}
        workbook = next((one.target for one in container.relations(ROOT) if one.kind == "officeDocument"), "")
        chain = [one.target.lower() for one in container.relations(workbook) if one.kind == "calcChain"]
        target = BytesIO()
        with zipfile.ZipFile(BytesIO(container.data)) as old, zipfile.ZipFile(target, "w") as new:
            for part in old.infolist():
                name = part.filename.lower()
                if name in chain:
                    continue
                content = parts[name] if name in parts else old.read(part)
                if chain and (name.endswith(".rels") or name == TYPES.lower()):
                    content = _CHAIN.sub(b"", content)
                new.writestr(part, content, part.compress_type)
        return target.getvalue()


def _patched(package: Package, title: str, changes: Mapping[Place, Change]) -> bytes:
    with package.container.stream(package.sheets[title]) as stream:
        sheet = _read(stream.read())
    written = {place: _cell(sheet, place, one) for place, one in changes.items()}
    shared = {found.shared for place, found in sheet.cells.items() if place in changes} - {""}
    for place, found in sheet.cells.items():
        if found.shared in shared and place not in changes:
            written[place] = _unshared(sheet, place, found, package.cells(title).get(place, BLANK))
    pieces = [(sheet.cells[place].span, text) for place, text in written.items() if place in sheet.cells]
    pieces += _placed(sheet, {place: text for place, text in written.items() if place not in sheet.cells})
    joined, last = [], 0
    for (start, end), text in sorted(pieces, key=lambda piece: piece[0]):
        joined += [sheet.data[last:start], text]
        last = end
    return b"".join((*joined, sheet.data[last:]))


def _placed(sheet: _Sheet, fresh: Mapping[Place, bytes]) -> Iterator[Piece]:
    """New cells put before the next cell of their row, or at its end; the row may be new itself."""
    cells, rows = sorted(sheet.cells), sorted(sheet.rows)
    places: dict[tuple[int, Place | None], bytes] = {}
    for place in sorted(fresh):
        after = bisect(cells, place)
        following = cells[after] if after < len(cells) and cells[after][0] == place[0] else None
        key = (place[0], following)
        places[key] = places.get(key, b"") + fresh[place]
    for (row, following), text in places.items():
        if following is not None:
            start = sheet.cells[following].span[0]
            yield (start, start), text
        elif row in sheet.rows:
            yield sheet.at_end(sheet.rows[row][1], "row", text)
        else:
            whole = sheet.element("row", f' r="{row + 1}"', text)
            later = rows[bisect(rows, row) :][:1]
            start = sheet.rows[later[0]][0] if later else 0
            yield ((start, start), whole) if later else sheet.at_end(sheet.end, "sheetData", whole)


def _cell(sheet: _Sheet, place: Place, change: Change) -> bytes:
    """The element of a changed cell; a formula that stands is left as it is."""
    found = sheet.cells.get(place, _Found((0, 0)))
    if change.code == "value_stale" and found.formula:
        formula = sheet.data[slice(*found.formula)]
    else:
        formula = sheet.element("f", "", change.new.removeprefix("="))
    if not change.new:
        return sheet.element("c", _attributes(place, found, ""), b"")
    kind, text = _value(change.value)
    return sheet.element("c", _attributes(place, found, kind), formula + sheet.element("v", "", text))


def _unshared(sheet: _Sheet, place: Place, found: _Found, cell: Cell) -> bytes:
    """A cell that shares the formula of one that is changed, with a formula of its own."""
    kind, text = ("e", cell.error) if cell.error else _value(cell.value)
    formula = sheet.element("f", "", cell.formula or "")
    return sheet.element("c", _attributes(place, found, kind), formula + sheet.element("v", "", text))


def _attributes(place: Place, found: _Found, kind: str) -> str:
    said = {"r": address(*place), "s": found.style, "t": kind}
    return "".join(f' {name}="{text}"' for name, text in said.items() if text)


def _value(value: Any) -> tuple[str, str]:
    """The kind of a cell, and what it says."""
    if isinstance(value, bool):
        return "b", str(int(value))
    return ("", f"{value:.17g}") if isinstance(value, float | int) else ("str", str(value or ""))


def _read(data: bytes) -> _Sheet:
    """Where the cells and rows of a sheet stand."""
    sheet, parser = _Sheet(data), strict_parser()
    row, column = -1, -1
    cell = _Found((0, 0))
    begun: dict[str, int] = {}

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal row, column, cell
        local = name.removeprefix(MAIN)
        begun[local] = parser.CurrentByteIndex
        if local == "sheetData" and (found := _PREFIX.match(data, parser.CurrentByteIndex)):
            sheet.prefix = (found[1] or b"").decode()
        elif local == "row":
            row, column = int(attributes.get("r", row + 2)) - 1, -1
        elif local == "c":
            row, column = place_of(attributes["r"]) if "r" in attributes else (row, column + 1)
            cell = sheet.cells[row, column] = _Found((0, 0), attributes.get("s", ""))
        elif local == "f" and attributes.get("t") == "shared":
            cell.shared = attributes.get("si", "")

    def end(name: str) -> None:
        local, at = name.removeprefix(MAIN), parser.CurrentByteIndex
        last = data.index(b">", at) + 1
        first = begun.get(local, at)
        closing = (at, at) if at != first else (last - 2, last)
        if local == "c":
            cell.span = (first, last)
        elif local == "f":
            cell.formula = (first, last)
        elif local == "row":
            sheet.rows[row] = (first, closing)
        elif local == "sheetData":
            sheet.end = closing

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(data, True)
    return sheet


__all__ = ["patched"]
