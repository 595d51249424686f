"""The journal of a data folder: what was collected when, from which cell of which file, and what it was before."""

from __future__ import annotations

import csv
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from getpass import getuser
from pathlib import Path
from typing import NamedTuple

from taulukko.errors import FaultsError, Finding
from taulukko.folder.data_folder import JOURNAL
from taulukko.folder.harmless import bare
from taulukko.folder.lists import lengthened
from taulukko.folder.store import Added
from taulukko.folder.versions import GONE, Version
from taulukko.report.inputs import Place, written
from taulukko.report.model import Input

RETURNED, TAKEN, REMOVED, AGREED = "returned", "taken", "removed", "agreed"
UNDONE = "undone"
"""A change was taken back: `old` is what the file had given, `new` what the data folder had before and has again."""
FAULT, NOTE = "fault.", "note."
"""How the events begin that say what was found in a file."""
KEPT, CONFLICT, OLDER = "kept", "conflict", "older"
SAID = (TAKEN, REMOVED, AGREED, KEPT, CONFLICT, OLDER, "undecided")
"""Events of what a file says otherwise than the workbook did that was sent out."""
SETTLED = (TAKEN, REMOVED, AGREED, KEPT, OLDER)
"""Events after which the same file says nothing new."""
OPEN = (CONFLICT, "doubtful", "undecided")
"""Events of what nobody has decided yet."""
FILED = "key_taken"
"""The note that a record of a file is kept under another key, because somebody else's has its own."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal.

    Attributes:
        time: when it was collected, UTC, ISO 8601.
        event: `returned` a file was read; `taken`, `removed` the data folder was changed; `agreed`, `kept`, `conflict`,
            `reverted`, `older` it was not, see `Change`; `fault.CODE` a cell that could not be read, `note.CODE` what
            else was found in the file; `undone` a change of the file was taken back, without a column a record that it
            had added is gone, of a unit nothing of the file stands.
        file: name of the returned file; hash: SHA-256 of its content.
        workbook: id of the workbook as it was built.
        cell: `Sheet!A1`.
        record: section and record, `risks.R1`; of a `returned` line the unit.
        field: the column.
        old: what the data folder had; new: what the file has.
        saved: when the file was saved, UTC; saved_by: by whom, as the file says.
        by: whose command wrote the line; empty in a journal that does not say so yet.
    """

    time: str
    event: str
    file: str
    hash: str
    workbook: str
    cell: str
    record: str
    field: str
    old: str
    new: str
    saved: str
    saved_by: str
    by: str = ""

    @property
    def place(self) -> Place:
        return place_of(self.record)

    @property
    def said(self) -> tuple[str, ...]:
        """What of which file, whatever became of it."""
        return self.hash, self.cell, self.record, self.field, self.new

    @property
    def is_change(self) -> bool:
        return self.event in (TAKEN, REMOVED)

    @property
    def spot(self) -> tuple[str, str, str]:
        """Which field of which file."""
        return self.hash, self.record, self.field

    @property
    def tells_value(self) -> bool:
        """Whether it is about a field, of which the data folder had `old`, and not about a file."""
        return "." in self.record and not self.event.startswith((FAULT, NOTE))

    @property
    def is_done(self) -> bool:
        """Whether the data folder has `new` now."""
        return self.is_change or self.event == UNDONE


class Told(NamedTuple):
    """When and by whom lines are written."""

    time: str
    by: str

    @classmethod
    def now(cls, now: datetime | None = None, by: str | None = None) -> Told:
        """At this moment by the account of this process, unless something else is said."""
        return cls(
            (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds"), account() if by is None else by
        )


def account() -> str:
    """The name of the account of this process; empty when the system has none."""
    try:
        return getuser()
    except (OSError, KeyError, ImportError):
        return ""


COLUMNS = tuple(one.name for one in fields(Entry))
LATER = frozenset({"by"})
"""Columns that journals of earlier versions do not have."""


def place_of(record: str) -> Place:
    """Section and record of `risks.R1`."""
    section, _, key = record.partition(".")
    return section, key


@dataclass(slots=True)
class Journal:
    """What was said before of some files and by the workbooks they are copies of, and what is written down now.

    Attributes:
        files: hashes of the files; workbooks: ids of the workbooks. Nothing else is remembered, however long the
            journal is.
        added: what has been written down since it was read.
        olds: what returns of the workbooks have replaced, by record and column.
        undone: what was taken back of the files, by hash, record and field, and has not been taken again; the hash
            alone of a file of which nothing stands.
        versions: the copies of each of the workbooks, by workbook and by hash, in the order they were collected.
    """

    files: Container[str] = ()
    workbooks: Container[str] = ()
    added: list[Entry] = field(default_factory=list)
    olds: dict[tuple[Place, str], set[str]] = field(default_factory=dict)
    versions: dict[str, dict[str, Version]] = field(default_factory=dict)
    _givers: dict[tuple[Place, str], list[Entry]] = field(default_factory=dict)
    _seen: set[tuple[str, ...]] = field(default_factory=set)
    _settled: set[tuple[str, ...]] = field(default_factory=set)
    _kept: set[tuple[str, ...]] = field(default_factory=set)
    _told: set[tuple[str, str, str]] = field(default_factory=set)
    """Whole records that a file left open before this collecting, by the file's hash, record and event."""
    undone: set[tuple[str, str, str]] = field(default_factory=set)

    def add(self, entry: Entry) -> bool:
        """Write an entry down; what changed nothing only once for each file. Whether it was written.

        That others say the same, or have said something since, is no news of what was told before; nor is what a record
        has got since that was left open as a whole.
        """
        said = entry.said
        is_no_news = entry.event in (AGREED, OLDER) and said in self._seen
        is_no_news |= not entry.cell and (entry.hash, entry.record, entry.event) in self._told
        if not entry.is_change and (is_no_news or (*said, entry.event) in self._seen):
            return False
        self.added.append(entry)
        self.remember(entry)
        return True

    def remember(self, entry: Entry) -> None:
        """Keep what an entry says of the files and the workbooks."""
        if entry.hash in self.files:
            self._seen |= {entry.said, (*entry.said, entry.event)}
            if entry.event in SETTLED:
                self._settled.add((entry.hash, *entry.place, *((entry.field, entry.new) if entry.cell else ())))
        if entry.workbook in self.workbooks:
            self._hear(entry)
        if entry.event == AGREED:
            self._agree(entry)
        elif entry.is_change:
            column = entry.field if entry.event == TAKEN else REMOVED
            for changed in (column, REMOVED):
                self._givers.pop((entry.place, changed), None)
            if entry.workbook in self.workbooks:
                self._givers[entry.place, column] = [entry]

    def _hear(self, entry: Entry) -> None:
        """What a copy of a workbook says, whatever became of it."""
        versions = self.versions.setdefault(entry.workbook, {})
        if (version := versions.get(entry.hash)) is None:
            saved = datetime.fromisoformat(entry.saved) if _is_time(entry.saved) else None
            version = versions[entry.hash] = Version(saved, entry.saved_by)
        if entry.is_change:
            self.olds.setdefault((entry.place, entry.field), set()).add(entry.old)
        if entry.event in SAID:
            place = version.own_name(entry.place)
            key = (place, entry.field if entry.cell else GONE)
            version.said[key], version.cells[key] = entry.new, entry.cell
            if entry.event == KEPT:
                self._kept.add((entry.workbook, *entry.place, entry.field, entry.old, entry.new))
        elif entry.event.startswith(FAULT):
            version.unread.add(entry.cell)
        elif entry.event == NOTE + FILED:
            version.filed[place_of(entry.new)] = place_of(entry.old)

    def _agree(self, entry: Entry) -> None:
        """Another copy of the workbook that gave a field its value, or removed a record, says the same."""
        givers = self._givers.get((entry.place, entry.field or REMOVED))
        if givers and (givers[0].workbook, givers[0].new) == (entry.workbook, entry.new):
            givers.append(entry)

    def is_settled(self, file: str, place: Place, column: str, value: Input) -> bool:
        """Whether it has been told before what becomes of a value of this very file; whatever was done since stands.

        Args:
            file: the hash of the file.
        """
        return (file, *place, column, written(value)) in self._settled

    def is_removal_settled(self, file: str, place: Place) -> bool:
        """Likewise of a record that is not in the file."""
        return (file, *place) in self._settled

    def is_kept(self, workbook: str, place: Place, column: str, ours: Input, theirs: Input) -> bool:
        """Whether ours was chosen over the same value of a copy of the same workbook."""
        return (workbook, *place, column, written(ours), written(theirs)) in self._kept

    def givers(self, workbook: str, place: Place, column: str, value: Input) -> list[Version]:
        """The copies of a workbook that gave a field the value the data folder has now, or said the same later."""
        givers = self._givers.get((place, column), [])
        if not givers or (givers[0].workbook, givers[0].new) != (workbook, written(value)):
            return []
        return [self.versions[workbook][one.hash] for one in givers]

    def removers(self, workbook: str, place: Place) -> list[Version]:
        """The copies of a workbook that removed a record."""
        givers = [one for one in self._givers.get((place, REMOVED), []) if one.workbook == workbook]
        return [self.versions[workbook][one.hash] for one in givers]


def read_entries(folder: Path) -> Iterator[Entry]:
    """The journal of a data folder, an entry at a time; nothing where there is none.

    Raises:
        FaultsError: at the end: somebody has edited the file so that it cannot be read.
    """
    path = folder / JOURNAL
    if not path.exists():
        return
    faults: list[Finding] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            there = [column for column in COLUMNS if column in (rows.fieldnames or ())]
            missing = [column for column in COLUMNS if column not in (*there, *LATER)]
            faults += [Finding("column_missing", JOURNAL, "1", column) for column in missing]
            for row in rows if not faults else ():
                entry = Entry(**{column: bare(row[column] or "") for column in there})
                if entry.saved and not _is_time(entry.saved):
                    faults.append(Finding("date", JOURNAL, str(rows.line_num), "saved", entry.saved[:80]))
                yield entry
    except UnicodeDecodeError:
        faults = [Finding("encoding", JOURNAL)]
    except csv.Error as error:
        faults = [Finding("csv", JOURNAL, found=str(error))]
    if faults:
        raise FaultsError(*faults)


def notes_on(folder: Path, files: Container[str]) -> dict[str, list[Entry]]:
    """The notes on files that have been collected before, by the hash of each such file.

    Raises:
        FaultsError: as in `read_entries`.
    """
    found: dict[str, list[Entry]] = {}
    for entry in read_entries(folder):
        if entry.hash in files:
            found.setdefault(entry.hash, []).extend([entry] if entry.event.startswith(NOTE) else [])
    return found


def read_journal(folder: Path, files: Container[str], workbooks: Container[str]) -> Journal:
    """What the journal of a data folder says of some files and workbooks.

    Raises:
        FaultsError: as in `read_entries`.
    """
    undone = _undone(folder)
    journal = Journal(files, workbooks, undone={spot for spot in undone if spot[0] in files})
    for entry in _standing(folder, undone):
        if entry.is_change:
            journal.undone -= {entry.spot, (entry.hash, "", "")}
        if entry.event in OPEN and not entry.cell and entry.hash in files:
            journal._told.add((entry.hash, entry.record, entry.event))
        journal.remember(entry)
    return journal


def standing_entries(folder: Path) -> Iterator[Entry]:
    """The journal without what was taken back, and without the lines that say so.

    Raises:
        FaultsError: as in `read_entries`.
    """
    return _standing(folder, _undone(folder))


def _standing(folder: Path, undone: Mapping[tuple[str, str, str], int]) -> Iterator[Entry]:
    for number, entry in enumerate(read_entries(folder)):
        taken_back = undone.get(entry.spot, -1) if entry.is_change else -1
        if entry.event != UNDONE and number > max(taken_back, undone.get((entry.hash, "", ""), -1)):
            yield entry


def _undone(folder: Path) -> dict[tuple[str, str, str], int]:
    """What of which file was taken back, and with which line; hash alone where the whole file was."""
    path = folder / JOURNAL
    if not path.exists() or not _holds(path, UNDONE.encode()):
        return {}
    lines = ((number, one) for number, one in enumerate(read_entries(folder)) if one.event == UNDONE)
    return {one.spot if one.tells_value else (one.hash, "", ""): number for number, one in lines}


def _holds(path: Path, word: bytes) -> bool:
    with path.open("rb") as file:
        return any(word in line for line in file)


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def appended(entries: Iterable[Entry], path: Path) -> Added:
    """What entries that are added to a journal make of its file.

    They have the columns in the order of the file, whose head gets those that it lacks; all other lines stay.

    Args:
        path: the file, which can be read without faults; it need not be there.
    """
    return lengthened(path, COLUMNS, entries)


def replayed(start: Mapping[Place, Mapping[str, str]], entries: Iterable[Entry]) -> dict[Place, dict[str, str]]:
    """What a data folder holds after the changes of a journal, field by field as written.

    Example:
        >>> risk = ("risks", "R1")
        >>> entry = Entry("", "taken", "a.xlsx", "", "", "Riskit!G6", "risks.R1", "impact", "1", "3", "", "")
        >>> replayed({risk: {"impact": "1"}}, [entry])
        {('risks', 'R1'): {'impact': '3'}}
    """
    held = {place: dict(row) for place, row in start.items()}
    for entry in entries:
        is_undone = entry.event == UNDONE and entry.tells_value
        if entry.event == TAKEN or (is_undone and entry.field):
            held.setdefault(entry.place, {})[entry.field] = entry.new
        elif entry.event == REMOVED or is_undone:
            held.pop(entry.place, None)
    return held


__all__ = [
    "AGREED",
    "COLUMNS",
    "FILED",
    "KEPT",
    "OLDER",
    "REMOVED",
    "RETURNED",
    "TAKEN",
    "UNDONE",
    "Entry",
    "Journal",
    "Told",
    "appended",
    "notes_on",
    "read_entries",
    "read_journal",
    "replayed",
    "standing_entries",
]
