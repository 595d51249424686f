"""A CSV file of a data folder rewritten row by row: what is not changed keeps its bytes."""

from __future__ import annotations

import csv
import io
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from taulukko.folder.harmless import bare, harmless

Key = tuple[str, ...]
Order = Callable[[Key], Any]

_FIELD = re.compile(r'"(?:[^"]|"")*"|[^,]*')
_DIGITS = re.compile(r"([0-9]+)")


def rewritten(
    content: bytes | None,
    columns: Key,
    key: Key,
    changes: Mapping[Key, Mapping[str, str] | None],
    order: Order,
) -> bytes:
    """The bytes of a CSV file after changes to some of its rows.

    Untouched rows, comments, blank lines, line ends, the order of columns, a byte order mark and a missing last line
    end stay as they are; in a changed row, the fields that say the same. A new row goes before the first one of a
    greater rank and the comments above that, else last; comments that are records, such as the examples of a new
    folder, are not about the next row and stay before it. The comments of a removed row stay. Into nothing, rows
    are written as `write_csv` writes them.

    Args:
        content: the file, which can be read without faults; None when there is none.
        columns: of a file made anew, in their order.
        key: the columns that tell rows apart.
        changes: by key what becomes of a row: texts by column, as a data folder spells them, or None to remove it. A
            field that is not given stays, in a new row blank; the columns of the key are not changed. A key is looked
            for as it stands in the file, then without regard to case and to space around.
        order: the rank of a key, None when it has none; ranks can be compared.

    Raises:
        ValueError: a column is not in the header, or a row would be read as a comment or a blank line.
        UnicodeDecodeError: the file is not UTF-8.
        csv.Error: the file is no CSV.

    Example:
        >>> old = b"id,text\\n# both\\nX2,b\\nX10,c\\n"
        >>> changes = {("X2",): {"text": "B, b"}, ("X3",): {"text": "d"}, ("X10",): None}
        >>> rewritten(old, ("id", "text"), ("id",), changes, by_id).decode().splitlines()
        ['id,text', '# both', 'X2,"B, b"', 'X3,d']
    """
    table = _Table.read(content, key) if content else _Table.made(columns)
    names = table.names(changes)
    new = [name for name, change in changes.items() if change is not None and name not in names.values()]
    table.change({found: changes[name] for found, name in names.items()}, key)
    for name in new:
        table.add(name, dict(changes[name] or {}) | dict(zip(key, name, strict=True)), order)
    return table.written()


def by_id(key: Key) -> tuple[Any, ...]:
    """The rank of a row by the natural order of its key.

    Example:
        >>> sorted([("P10",), ("P2",), ("P",)], key=by_id)
        [('P',), ('P2',), ('P10',)]
    """
    return tuple(map(natural, key))


def natural(id: str) -> tuple[Any, ...]:
    """What an id is sorted by: its letters without regard to case, its digits as numbers.

    Example:
        >>> sorted(["P10", "p2", "H1", "P2b", "P", "P2"], key=natural)
        ['H1', 'P', 'P2', 'p2', 'P2b', 'P10']
    """
    parts = _DIGITS.split(id.lower())
    return tuple(Decimal(part) if number % 2 else part for number, part in enumerate(parts)), id


@dataclass(frozen=True, slots=True)
class _Row:
    """A header, a record or a note, which is a comment or a blank line: its text as it stands, and its line end."""

    text: str
    end: str
    cells: tuple[str, ...]
    key: Key | None = None

    @property
    def is_note(self) -> bool:
        return not any(cell.strip() for cell in self.cells) or self.cells[0].lstrip().startswith("#")

    def changed(self, texts: Mapping[int, str]) -> _Row:
        """The row with other texts, by the place of the field."""
        fields, cells = _fields(self.text), list(self.cells)
        for place, text in texts.items():
            if _same_ends(text) != _same_ends(cells[place]):
                fields[place], cells[place] = _spelled(harmless(text)), text
        return _Row(",".join(fields), self.end, tuple(cells), self.key).checked()

    def checked(self) -> _Row:
        if self.is_note:
            raise ValueError(self.text)
        return self


@dataclass(slots=True)
class _Table:
    """The rows of a file in their order."""

    mark: bytes
    header: Key
    rows: list[_Row]
    end: str
    is_closed: bool = True
    """Whether the last line has its end."""

    @classmethod
    def made(cls, columns: Key) -> _Table:
        return cls(b"", columns, [_Row(",".join(map(_spelled, columns)), "\n", columns)], "\n")

    @classmethod
    def read(cls, content: bytes, key: Key) -> _Table:
        """Take a file apart by the rules a data folder is read by."""
        mark = BOM_UTF8 if content.startswith(BOM_UTF8) else b""
        lines = list(io.StringIO(content.removeprefix(mark).decode(), newline=""))
        reader = csv.reader(lines, strict=True)
        header: Key = ()
        places: list[int] = []
        rows, start = [], 0
        for cells in reader:
            raw = "".join(lines[start : reader.line_num])
            start = reader.line_num
            text = raw.rstrip("\r\n")
            row = _Row(text, raw[len(text) :], tuple(map(bare, cells)))
            if not row.is_note and not header:
                header = tuple(cell.strip() for cell in cells)
                places = [_column(header, name) for name in key]
            elif not row.is_note and len(cells) == len(header):
                row = _Row(row.text, row.end, row.cells, tuple(cells[place] for place in places))
            rows.append(row)
        end = next((row.end for row in rows if row.end), "\n")
        return cls(mark, header, rows, end, not rows or bool(rows[-1].end))

    def names(self, wanted: Mapping[Key, object]) -> dict[Key, Key]:
        """The keys that stand in the file, each with the wanted one it answers to."""
        there = [row.key for row in self.rows if row.key is not None]
        loosely = {_loose(name): name for name in wanted if name not in there}
        names = {key: key if key in wanted else loosely.get(_loose(key)) for key in there}
        return {key: name for key, name in names.items() if name is not None}

    def change(self, changes: Mapping[Key, Mapping[str, str] | None], key: Key) -> None:
        """Change and remove rows by the keys that stand in the file."""
        rows = []
        for row in self.rows:
            change = {} if row.key is None else changes.get(row.key, {})
            if change is not None:
                texts = {_column(self.header, name): text for name, text in change.items() if name not in key}
                rows.append(row.changed(texts) if texts else row)
        self.rows = rows

    def add(self, key: Key, texts: Mapping[str, str], order: Order) -> None:
        """Add a row in its place, above the comments of the next one."""
        for name in texts:
            _column(self.header, name)
        cells = tuple(texts.get(name, "") for name in self.header)
        row = _Row(",".join(_spelled(harmless(cell)) for cell in cells), self.end, cells, key).checked()
        self.rows.insert(self._place(order(key), order), row)

    def _place(self, rank: Any, order: Order) -> int:
        place = len(self.rows)
        if rank is not None:
            ranks = ((number, order(row.key)) for number, row in enumerate(self.rows) if row.key is not None)
            place = next((number for number, other in ranks if other is not None and other > rank), place)
        while place < len(self.rows) and self._is_remark(self.rows[place - 1]):
            place -= 1
        return place

    def _is_remark(self, row: _Row) -> bool:
        """Whether a row is a note about the next one; a record made a comment, such as an example, is not."""
        return row.is_note and not (len(row.cells) == len(self.header) and any(cell.strip() for cell in row.cells))

    def written(self) -> bytes:
        text = "".join(row.text + (row.end or self.end) for row in self.rows[:-1])
        last = self.rows[-1] if self.rows else _Row("", "", ())
        is_blank_line = bool(self.rows) and not last.text
        text += last.text + ((last.end or self.end) if self.is_closed or is_blank_line else "")
        return self.mark + text.encode()


def _column(header: Key, name: str) -> int:
    if name not in header:
        raise ValueError(f"no column {name}")
    return header.index(name)


def _fields(text: str) -> list[str]:
    """The fields of a row as they stand, with their quotation marks.

    Example:
        >>> _fields('P1,"a, b",')
        ['P1', '"a, b"', '']
    """
    fields, start = [], 0
    while start <= len(text):
        found = _FIELD.match(text, start)
        assert found
        fields.append(found[0])
        start = found.end() + 1
    return fields


def _spelled(text: str) -> str:
    """A text as a field, between quotation marks only where it must be."""
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow([text, ""])
    return line.getvalue().removesuffix(",\r\n")


def _same_ends(text: str) -> str:
    return text.replace("\r\n", "\n")


def _loose(key: Key) -> Key:
    return tuple(_same_ends(part).strip().lower() for part in key)


__all__ = ["by_id", "natural", "rewritten"]
