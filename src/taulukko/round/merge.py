"""The three-way merge of a returned workbook: what it was built from, what it holds now, and the data folder now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Literal

from taulukko.folder.journal import REMOVED, TAKEN, Journal
from taulukko.folder.versions import GONE, Version
from taulukko.report.inputs import Fields, Key, Marks, Place, mark, written
from taulukko.report.model import Input

Prefer = Literal["theirs", "ours"]
Event = Literal[
    "taken",
    "removed",
    "agreed",
    "conflict",
    "kept",
    "reverted",
    "older",
    "doubtful",
    "undecided",
    "undone",
]


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one field.

    Attributes:
        event: `taken` or `removed`: the data folder gets theirs. Otherwise it stays as it is: `agreed` both sides have
            changed it to the same, `conflict` to something else, `kept` likewise and ours was preferred, `reverted`
            theirs has gone back to what it was built from, `older` a copy that was made from this one has been
            collected before, `doubtful` a record may be missing only because another row has a doubtful key,
            `undecided` somebody was asked and has not decided,
            `undone` it was taken back of the very same file before.
        old: ours; new: theirs.
        cell: `Sheet!A1` in the returned workbook; empty for a removed record, and so is the field when ours had none.
    """

    event: Event
    section: str
    record: str
    field: str
    old: Input
    new: Input
    cell: str = ""

    @property
    def place(self) -> Place:
        return self.section, self.record

    @property
    def is_emptied(self) -> bool:
        """Whether what the data folder held becomes a blank."""
        return self.new is None and self.old is not None

    @property
    def is_change(self) -> bool:
        return self.event in (TAKEN, REMOVED)


@dataclass(slots=True)
class Theirs:
    """What a returned workbook holds.

    Attributes:
        workbook: its id as it was built.
        hash: SHA-256 of the file.
        saved: when it was saved; None when the file does not say.
        saved_by: by whom, likewise empty.
        base: marks of what each input was.
        fields: what they are now.
        cells: where each input stands; a field without a cell was not asked for.
        tables: sections whose records may be added and removed.
        unread: fields that could not be read.
        gone: sections that could not be read.
        unclear: records of which nobody can tell which of two rows they are, or that have lost what they are known by.
        doubted: sections with a row whose key is doubtful, so that nobody can tell which records are missing.
        sent: what the workbook was sent out with; words of no meaning in the place of its free texts.
        names: the column by which people know a record, by section.
    """

    workbook: str
    hash: str
    saved: datetime | None
    base: Marks
    fields: Fields
    cells: dict[Key, str]
    tables: frozenset[str]
    unread: set[Key] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    unclear: set[Place] = field(default_factory=set)
    doubted: set[str] = field(default_factory=set)
    saved_by: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    sent: Fields = field(default_factory=dict)

    def version(self) -> Version:
        """The same as one of the copies of its workbook, as the journal tells of the others."""
        saved = self.saved and self.saved.replace(microsecond=0)
        found = Version(saved, self.saved_by)
        found.unread = {*self.gone, *self.doubted, *(section for section, _ in self.unclear)}
        found.unread |= {self.cells[key] for key in self.unread if key in self.cells}
        for (section, record, column), cell in self.cells.items():
            place = section, record
            text = written(self.fields.get(place, {}).get(column))
            found.cells[place, column] = cell
            if mark(text) != self.base.get(place, {}).get(column, ""):
                found.said[place, column] = text
        for place in self.base:
            if place[0] in self.tables - self.doubted and place not in self.fields and place not in self.unclear:
                found.said[place, GONE] = ""
        return found

    def filed(self, names: Mapping[Place, Place]) -> Theirs:
        """The same with some of its records under other keys."""
        if not names:
            return self

        def key(old: Key) -> Key:
            return (*names.get(old[:2], old[:2]), old[2])

        return replace(
            self,
            fields={names.get(place, place): row for place, row in self.fields.items()},
            cells={key(one): cell for one, cell in self.cells.items()},
            unread={key(one) for one in self.unread},
        )


def merge(
    theirs: Theirs, ours: Fields, journal: Journal, prefer: Prefer | None = None, version: Version | None = None
) -> Iterator[Change]:
    """What collecting a workbook does to the data folder.

    Args:
        theirs: its records under the keys that the data folder has them by, see `filed`.
        ours: what the data folder holds now.
        journal: what was collected before.
        prefer: whose value stands where both sides have changed a field; nobody's when None.
        version: theirs as one of the copies of its workbook, with the keys that its records have in it.
    """
    return _Merge(theirs, ours, journal, prefer, version or theirs.version()).changes()


@dataclass
class _Merge:
    theirs: Theirs
    ours: Fields
    journal: Journal
    prefer: Prefer | None
    version: Version

    @cached_property
    def later(self) -> list[Version]:
        """The copies that were made from this one and have been collected before."""
        versions = self.journal.versions.get(self.theirs.workbook, {})
        return [one for one in versions.values() if one.descends(self.version)]

    def changes(self) -> Iterator[Change]:
        theirs = self.theirs
        places = dict.fromkeys((*theirs.base, *theirs.fields, *self.ours))
        for place in places:
            if place[0] in theirs.gone or place in theirs.unclear:
                continue
            if place[0] in theirs.tables and place not in theirs.fields:
                yield from self._removed(place) if place in theirs.base else self._withdrawn(place)
            else:
                yield from self._changed(place)

    def _changed(self, place: Place) -> Iterator[Change]:
        """The fields of a record that is in their workbook."""
        was = self.theirs.base.get(place, {})
        lost = place[0] in self.theirs.tables and place in self.theirs.base and place not in self.ours
        if lost:
            yield from self._restored(place, was)
            return
        held, found = self.ours.get(place, {}), self.theirs.fields.get(place, {})
        for column in dict.fromkeys((*was, *found)):
            key = (*place, column)
            if key not in self.theirs.cells or key in self.theirs.unread:
                continue
            old, new = held.get(column), found.get(column)
            if event := self._event(place, column, was.get(column, ""), old, new):
                yield Change(event, *key, old, new, self.theirs.cells[key])

    def _event(self, place: Place, column: str, was: str, old: Input, new: Input) -> Event | None:
        ours, theirs = mark(written(old)), mark(written(new))
        givers = self.journal.givers(self.theirs.workbook, place, column, old)
        if self._is_settled(place, column, new):
            return None
        if theirs == was:
            return "reverted" if ours != was and self._goes_back(givers) else None
        if theirs == ours:
            return "agreed"
        if self._is_superseded(place, column):
            return "older"
        if self.journal.is_kept(self.theirs.workbook, place, column, old, new):
            return "kept"
        return "taken" if ours == was and not givers else self._correction(givers)

    def _correction(self, givers: list[Version]) -> Event:
        """What becomes of theirs where ours is not what the workbook was built from.

        Args:
            givers: the copies of the workbook that say what ours says.
        """
        if givers and all(self.version.descends(one) for one in givers):
            return "taken"
        return {"theirs": TAKEN, "ours": "kept", None: "conflict"}[self.prefer]  # type: ignore[return-value]

    def _goes_back(self, givers: Iterable[Version]) -> bool:
        """Whether what the sender said before is as it was sent out; a copy of somebody else never said it."""
        return any(self.version.is_later(one) and not self.version.is_anothers(one) for one in givers)

    def _is_superseded(self, place: Place, column: str) -> bool:
        """Whether a copy that was made from this one has said something of a field."""
        own = self.version.own_name(place)
        return any(one.says(own, column) for one in self.later)

    def _is_settled(self, place: Place, column: str, value: Input) -> bool:
        return self.journal.is_settled(self.theirs.hash, place, column, value)

    def _removed(self, place: Place) -> Iterator[Change]:
        """A record that is no longer in their workbook."""
        held, was = self.ours.get(place), self.theirs.base[place]
        if self.journal.is_removal_settled(self.theirs.hash, place):
            return
        if held is None:
            heard = self.journal.versions.get(self.theirs.workbook, {}).get(self.theirs.hash)
            if place[0] not in self.theirs.doubted and not (heard and heard.says(place, GONE)):
                yield Change("agreed", *place, "", None, None)
            return
        workbook, filled = self.theirs.workbook, {c: value for c, value in held.items() if value is not None}
        event: Event = "removed"
        if place[0] in self.theirs.doubted:
            event = "doubtful"
        elif any(one.says(place, GONE) for one in self.later):
            event = "older"
        elif filled and all(self.journal.is_kept(workbook, place, c, value, None) for c, value in filled.items()):
            event = "kept"
        else:
            changed = [c for c, value in held.items() if mark(written(value)) != was.get(c, "")]
            events = {self._correction(self.journal.givers(workbook, place, c, held[c])) for c in changed}
            stronger: tuple[Event, ...] = ("conflict", "kept")
            event = next((one for one in stronger if one in events), "removed")
        yield from self._whole(event, place, held)

    def _withdrawn(self, place: Place) -> Iterator[Change]:
        """A record that an earlier copy of the workbook had added and this one does not have."""
        if self.journal.is_removal_settled(self.theirs.hash, place):
            return
        held = self.ours[place]
        filled = {column: value for column, value in held.items() if value is not None}
        givers = [self.journal.givers(self.theirs.workbook, place, c, value) for c, value in filled.items()]
        if any(map(self._goes_back, givers)):
            yield from self._whole("reverted", place, held)

    def _whole(self, event: Event, place: Place, held: dict[str, Input]) -> Iterator[Change]:
        """A change of each field that a record of ours has."""
        filled = [column for column, value in held.items() if value is not None]
        for column in filled or [""]:
            yield Change(event, *place, column, held.get(column), None)

    def _restored(self, place: Place, was: dict[str, str]) -> Iterator[Change]:
        """A record that is in their workbook as it was built, and no longer in the data folder."""
        found = self.theirs.fields[place]
        changed = [column for column, value in found.items() if mark(written(value)) != was.get(column, "")]
        filled = {column: value for column, value in found.items() if value is not None}
        if filled and all(self._is_settled(place, column, value) for column, value in filled.items()):
            return
        removers = self.journal.removers(self.theirs.workbook, place)
        event: Event = self._correction([])
        if not changed:
            if not self._goes_back(removers):
                return
            event = "reverted"
        elif any(one.says(place, GONE) for one in self.later):
            event = "older"
        elif all(self.journal.is_kept(self.theirs.workbook, place, c, None, value) for c, value in filled.items()):
            event = "kept"
        for column, value in found.items():
            key = (*place, column)
            if key in self.theirs.unread:
                continue
            if value is not None:
                yield Change(event, *key, None, value, self.theirs.cells[key])
            elif event == TAKEN and was.get(column):
                yield Change("agreed", *key, None, None, self.theirs.cells[key])


__all__ = ["Change", "Event", "Prefer", "Theirs", "merge"]
