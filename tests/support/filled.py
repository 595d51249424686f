"""Workbooks as units fill them in and save them: what one holds is changed here, and no program has to open it."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from taulukko.errors import Finding
from taulukko.formula.days import as_serial
from taulukko.plan.book import Workbook, address
from taulukko.plan.build import plan
from taulukko.plan.shape import new_id
from taulukko.report.inputs import Fields, Key, Marks, Place, fields_of, marks_of, with_fields, written
from taulukko.report.model import Input, Record, Report
from taulukko.round.merge import Theirs
from taulukko.round.receive import Returned, names_of
from taulukko.template import Template
from taulukko.template.schema import Column
from taulukko.xlsx.properties import CORE
from taulukko.xlsx.write import write


@dataclass(repr=False)
class Sent:
    """A unit's workbook as it was sent out.

    Attributes:
        report: what it was built from.
        fields: what stands in it.
    """

    report: Report
    template: Template
    book: Workbook
    fields: Fields

    @classmethod
    def to(cls, unit: str, report: Report, template: Template) -> Sent:
        part = report.for_unit(unit)
        return cls(part, template, plan(part, template), fields_of(part))

    @cached_property
    def id(self) -> str:
        return new_id(self.report, self.template)

    @cached_property
    def base(self) -> Marks:
        return marks_of(self.fields)

    @cached_property
    def cells(self) -> dict[Key, str]:
        names = {sheet.key: sheet.name for sheet in self.book.sheets}
        return {key: f"{names[spot[0]]}!{address(*spot[1:])}" for key, spot in self.book.inputs.items()}

    @cached_property
    def parts(self) -> dict[str, bytes]:
        """The parts of its file."""
        with TemporaryDirectory() as folder:
            path = Path(folder, "sent.xlsx")
            write(self.book, self.template.theme, path, {"report": "", "page": ""})
            with zipfile.ZipFile(path) as archive:
                return {name: archive.read(name) for name in archive.namelist()}

    @cached_property
    def tables(self) -> frozenset[str]:
        return frozenset(self.template.records())

    @cached_property
    def not_asked(self) -> set[str]:
        sections = self.template.records().items()
        return {key for key, section in sections if not section.has_unit} if self.report.is_areas_part else set()


@dataclass(repr=False)
class Copy:
    """A copy of a workbook with what somebody has made of it.

    Attributes:
        unread: what stands in cells that cannot be read.
        saved: when it was saved, and by whom.
    """

    sent: Sent
    fields: Fields
    unread: dict[Key, str] = field(default_factory=dict)
    saved: datetime | None = None
    saved_by: str = ""

    @classmethod
    def of(cls, sent: Sent) -> Copy:
        return cls(sent, deepcopy(sent.fields))

    def __repr__(self) -> str:
        return f"<{self.sent.report.part} {self.sent.id} saved {self.saved}>"

    def another(self) -> Copy:
        return Copy(self.sent, deepcopy(self.fields), dict(self.unread), self.saved, self.saved_by)

    def fill(self, key: Key, value: Input) -> None:
        """Write a value into the cell of an input; a cell that is blank says nothing."""
        row = self.fields.setdefault(key[:2], dict.fromkeys(self._columns(key[:2])))
        row[key[2]] = value
        self.unread.pop(key, None)
        self._settle(key[:2])

    def spoil(self, key: Key, text: str) -> None:
        """Write what no such cell may hold."""
        self.fill(key, None)
        self.unread[key] = text
        self.fields.setdefault(key[:2], dict.fromkeys(self._columns(key[:2])))
        self._settle(key[:2])

    def empty(self, place: Place) -> None:
        """Blank every cell of a record."""
        for key in [key for key in self.unread if key[:2] == place]:
            del self.unread[key]
        self.fields[place] = dict.fromkeys(self._columns(place))
        self._settle(place)

    def returned(self, path: Path) -> Returned:
        """What is read from it."""
        report = with_fields(self.sent.report, self.fields)
        unread = self.unread.items()
        faults = [Finding("number", path.name, self.sent.cells[key], key[2], text) for key, text in unread]
        return Returned(path, self.hash, self.saved, self.saved_by, None, report, self.theirs, faults, [])

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def content(self) -> bytes:
        """What stands in for the bytes of its file."""
        texts = sorted((place, sorted((c, written(v)) for c, v in row.items())) for place, row in self.fields.items())
        return repr((self.sent.id, texts, sorted(self.unread.items()), self.saved, self.saved_by)).encode()

    @property
    def theirs(self) -> Theirs:
        sent = self.sent
        return Theirs(
            sent.id,
            self.hash,
            self.saved,
            sent.base,
            {place: dict(row) for place, row in self.fields.items() if self._is_read(place, row)},
            {key: cell for key, cell in sent.cells.items() if key[0] not in sent.tables or key[:2] in self.fields},
            sent.tables,
            set(self.unread),
            sent.not_asked,
            saved_by=self.saved_by,
            names=names_of(sent.template),
        )

    def _is_read(self, place: Place, row: Record) -> bool:
        """A line in which nothing can be read is no line, unless it was sent."""
        return (
            place[0] in self.sent.tables or place in self.sent.base or any(value is not None for value in row.values())
        )

    def write(self, path: Path) -> None:
        """Write its file: the one that was sent, with other cells."""
        parts = dict(self.sent.parts)
        for key, spot in self.sent.book.inputs.items():
            now = self.unread.get(key, self.fields.get(key[:2], {}).get(key[2]))
            if key[:2] in {**self.sent.fields, **self.fields} and now != self.sent.fields.get(key[:2], {}).get(key[2]):
                number = next(n for n, sheet in enumerate(self.sent.book.sheets, 1) if sheet.key == spot.sheet)
                name = f"xl/worksheets/sheet{number}.xml"
                parts[name] = _with_cell(parts[name], address(spot.row, spot.column), self._shown(key, now))
        if self.saved_by:
            by = rf"\g<1>{self.saved_by}".encode()
            parts[CORE], count = re.subn(rb"(<cp:lastModifiedBy>)[^<]*", by, parts[CORE])
            assert count == 1
        if self.saved:
            when = f"{self.saved:%Y-%m-%dT%H:%M:%SZ}".encode()
            parts[CORE] = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + when, parts[CORE])
        else:
            parts[CORE] = re.sub(rb"<dcterms:modified.*</dcterms:modified>", b"", parts[CORE])
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)

    def _columns(self, place: Place) -> Iterator[str]:
        return (key[2] for key in self.sent.book.inputs if key[:2] == place)

    def _settle(self, place: Place) -> None:
        """A row of nothing is no row; a row that a service area has filled in is its own."""
        row, section = self.fields[place], place[0]
        unread = any(key[:2] == place for key in self.unread)
        is_empty = not unread and all(value is None for value in row.values())
        if is_empty and (section not in self.sent.template.statements() or place not in self.sent.base):
            del self.fields[place]
        elif self.sent.report.is_areas_part and "unit" in row and row["unit"] is None:
            row["unit"] = self.sent.report.part

    def _shown(self, key: Key, value: Input) -> float | str | None:
        """An input as it stands in a cell."""
        if value is None or key in self.unread:
            return value  # type: ignore[return-value]
        column = self._column(key)
        if column.scale == "strategic_goals":
            return next(goal.name for goal in self.sent.report.strategic_goals if goal.key == value)
        if column.scale and column.scale != "units" and column.is_text:
            return self.sent.template.label(f"scales.{column.scale}.{value}")
        if isinstance(value, date):
            return float(as_serial(value))
        return float(value) if isinstance(value, Decimal | int) else value

    def _column(self, key: Key) -> Column:
        return next(column for column in self.sent.report.files[key[0]].columns if column.key == key[2])


def _with_cell(sheet: bytes, place: str, value: float | str | None) -> bytes:
    """A sheet with another value in a cell that is in it."""
    cell = re.search(rb'<c r="%s"( s="[0-9]+")?[^>]*?(/>|>.*?</c>)' % place.encode(), sheet, re.DOTALL)
    assert cell, place
    start = b'<c r="%s"%s' % (place.encode(), cell[1] or b"")
    if value is None:
        new = start + b"/>"
    elif isinstance(value, str):
        new = start + f' t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'.encode()
    else:
        new = start + f"><v>{value!r}</v></c>".encode()
    return sheet[: cell.start()] + new + sheet[cell.end() :]


__all__ = ["Copy", "Sent"]
