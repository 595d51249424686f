"""A fill-in round for tests: a data folder, the workbooks built from it, filled by LibreOffice, and collected again."""

from __future__ import annotations

import csv
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import column_index_from_string, get_column_letter

from support.built import HEINOLA
from support.engines import cached_values
from support.office import Book, Session
from support.places import Place, column_letter, named, opened, place
from taulukko.builder import build
from taulukko.folder.data_folder import JOURNAL, load
from taulukko.folder.journal import Entry, read_entries, replayed
from taulukko.report.inputs import Fields, Key, fields_of, written
from taulukko.report.model import Report
from taulukko.round.collect import Collected, collect
from taulukko.round.merge import Prefer

UNITS = ("TOIMIALA", "HYTE", "OPKOU", "VAKA", "VIRE")
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


class Filling:
    """An open workbook that remembers where something was typed, by key, and looks it up in the saved file."""

    def __init__(self, book: Book, path: Path, report: Report):
        self.book, self.package, self.report = book, opened(path), report
        self.typed: dict[Key, object] = {}

    def place(self, section: str, record: str, column: str) -> Place:
        return find(self.package, self.report, section, record, column)

    def type(self, section: str, record: str, column: str, text: str) -> None:
        """Type into an input, known as in a data folder: `income_statement`, `VAKA.fees`, `explanation`."""
        where = self.place(section, record, column)
        if text:
            self.typed[section, record, column] = self.book.type(*where, text).value
            assert self.typed[section, record, column] is not None
        else:
            self.book.clear(*where)
            self.typed[section, record, column] = None

    def type_text(self, section: str, record: str, column: str, text: str) -> None:
        """A text, whatever it looks like."""
        where = self.place(section, record, column)
        self.typed[section, record, column] = self.book.type_text(*where, text).value

    def type_row(self, sheet: str, row: int, section: str, **texts: str) -> None:
        """Type into a row by its number, whatever key it has, in the columns of a section."""
        for column, text in texts.items():
            area = self.package.area(f"{section}.column.{column}")
            assert area
            cell = f"{column_letter(address(area[1].left))}{row}"
            assert self.book.type(sheet, cell, text).text

    def save_as(self, path: Path) -> Path:
        """Save, and see that what was typed stands in the file."""
        self.book.save_as(path)
        saved, cells = opened(path), cached_values(path)
        for key, value in self.typed.items():
            sheet, cell = find(saved, self.report, *key)
            found = cells[sheet].get(cell)
            assert (found.value if found else None) == value, key
        return path


def address(column: int) -> str:
    """The first cell of a column counted from 0."""
    from taulukko.formula.addresses import address as a1

    return a1(0, column)


def find(package, report: Report, section: str, record: str, column: str) -> Place:
    """Where an input stands, known as in a data folder."""
    if section == "returns":
        return named(package, f"returns.{column}")
    units = [unit.code for unit in report.units]
    if section == "assessments":
        return named(package, f"income_statement.unit{units.index(record) + 1}.assessment.{column}")
    if section != "income_statement":
        return place(package, section, record, column)
    unit, _, line = record.partition(".")
    name = f"{section}.unit{units.index(unit) + 1}"
    for key in (f"given.{line}", line, f"notes.{line}"):
        try:
            found = place(package, name, key, column)
        except LookupError:
            continue
        if (key.startswith("notes.")) == (column in NOTES):
            return found
    raise LookupError(f"{record} has no {column}")


NOTES = ("forecast_manual", "forecast_reason", "explanation", "measure", "responsible", "due")


@dataclass(repr=False)
class Sent:
    """A workbook that was built from a data folder, of one unit or of the whole."""

    path: Path
    report: Report

    def place(self, section: str, record: str, column: str) -> Place:
        return find(opened(self.path), self.report, section, record, column)

    @contextmanager
    def opened_in(self, office: Session, locale: str = "fi-FI", path: Path | None = None) -> Iterator[Filling]:
        with office.open(path or self.path, locale) as book:
            yield Filling(book, path or self.path, self.report)


def sent(folder: Path, target: Path, unit: str | None, template: Path | None = None) -> Sent:
    target.mkdir(parents=True, exist_ok=True)
    path = target / f"osavuosikatsaus{f'-{unit}' if unit else ''}.xlsx"
    report = load(folder, None, template)[0]
    build(folder, path, unit=unit, template=template)
    return Sent(path, report.for_unit(unit) if unit else report)


@dataclass(repr=False)
class Outcome:
    """What collecting did to a data folder."""

    folder: Path
    results: list[Collected]
    before: Fields
    after: Fields
    entries: list[Entry]

    @property
    def changed(self) -> dict[Key, str]:
        """The fields that are other than before, as they are written now; not those of records that are gone."""
        return {
            (*place, column): written(value)
            for place, row in self.after.items()
            for column, value in row.items()
            if written(value) != written(self.before.get(place, {}).get(column))
        }

    @property
    def gone(self) -> list[str]:
        return [".".join(place) for place in self.before if place not in self.after]

    @property
    def new(self) -> list[str]:
        return [".".join(place) for place in self.after if place not in self.before]

    @property
    def left(self) -> dict[Key, str]:
        """What was not taken although it differs, and why."""
        return {(*one.place, one.field): one.event for result in self.results for one in result.left}

    @property
    def faults(self) -> set[tuple[str, str]]:
        return {(fault.code, fault.place) for result in self.results for fault in result.returned.faults}

    @property
    def notes(self) -> list[tuple[str, str]]:
        return [(note.code, note.place) for result in self.results for note in result.returned.notes]

    @property
    def refused(self) -> list[str]:
        return [result.returned.refused.code for result in self.results if result.returned.refused]

    @property
    def journaled(self) -> set[tuple[str, str, str]]:
        """Event, cell and new value of each line of the journal."""
        return {(entry.event.rpartition(".")[2], entry.cell, entry.new) for entry in self.entries}

    @property
    def kinds(self) -> set[str]:
        """Of what there is any."""
        return {kind for kind in ("changed", "gone", "left", "faults", "notes", "refused") if getattr(self, kind)}


def collected(folder: Path, *files: Path, prefer: Prefer | None = None, template: Path | None = None) -> Outcome:
    """Collect, and see that the folder and its journal tell the same, and that a second time adds and hides nothing."""
    known = len(list(read_entries(folder)))
    before = _fields(folder, template)
    results = collect(files, folder, prefer=prefer, template=template)
    after = _fields(folder, template)
    entries = list(read_entries(folder))[known:]
    outcome = Outcome(folder, results, before, after, entries)
    _check_journal(outcome)
    bytes_before = contents(folder)
    again = Outcome(folder, collect(files, folder, prefer=prefer, template=template), after, after, [])
    assert contents(folder) == bytes_before
    assert (again.faults, again.notes, again.refused) == (outcome.faults, outcome.notes, outcome.refused)
    return outcome


def _check_journal(outcome: Outcome) -> None:
    start = {place: {column: written(value) for column, value in row.items()} for place, row in outcome.before.items()}
    end = {place: {column: written(value) for column, value in row.items()} for place, row in outcome.after.items()}
    assert _filled(replayed(start, outcome.entries)) == _filled(end)
    for entry in outcome.entries:
        if entry.is_change:
            assert entry.old == start.get(entry.place, {}).get(entry.field, "") or len(outcome.results) > 1


def _filled(fields: Mapping[Any, Any]) -> dict[Any, Any]:
    return {place: {column: text for column, text in row.items() if text} for place, row in fields.items()}


def _fields(folder: Path, template: Path | None) -> Fields:
    return fields_of(load(folder, None, template)[0])


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def data(folder: Path) -> dict[str, bytes]:
    """The folder's files without its journal."""
    return {name: content for name, content in contents(folder).items() if name != JOURNAL}


def copied(folder: Path, target: Path) -> Path:
    return Path(shutil.copytree(folder, target))


def owned(target: Path) -> Path:
    """Heinola, with risks and projects that belong to a service area."""
    folder = copied(HEINOLA, target)
    (folder / "osavuosikatsaus.xlsx").unlink()
    for name, count in (("risks", 4), ("projects", 5)):
        path = folder / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        for row in rows[:count]:
            row[header.index("unit")] = "VAKA"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return folder


def repacked(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of a package whose parts are changed, or left out where the change is None."""
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(source) as book:
        for name in book.namelist():
            content = change(name, book.read(name))
            if content is not None:
                parts[name] = content
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name, content in parts.items():
            copy.writestr(name, content)
    return target


def saved_at(source: Path, target: Path, time: str) -> Path:
    """A copy that says it was saved at a time: LibreOffice keeps the old one when no user saves."""

    def stamp(name: str, content: bytes) -> bytes:
        if name != "docProps/core.xml":
            return content
        stamped, count = MODIFIED.subn(rb"\g<1>" + time.encode(), content)
        assert count == 1
        return stamped

    return repacked(source, target, stamp)


def hidden_columns(path: Path) -> dict[str, list[str]]:
    """The letters of the hidden columns of each visible sheet that has any, the last first."""
    found = {}
    for sheet in openpyxl.load_workbook(path):
        hidden = [d for d in sheet.column_dimensions.values() if d.hidden]
        letters = [get_column_letter(number) for d in hidden for number in range(d.min, d.max + 1)]
        if letters and sheet.sheet_state == "visible":
            found[sheet.title] = sorted(letters, key=column_index_from_string, reverse=True)
    return found


__all__ = [
    "UNITS",
    "Filling",
    "Outcome",
    "Sent",
    "collected",
    "contents",
    "copied",
    "data",
    "find",
    "hidden_columns",
    "owned",
    "repacked",
    "saved_at",
    "sent",
]
