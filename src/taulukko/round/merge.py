"""The three-way merge of a returned workbook: what it was built from, what it holds now, and the data folder now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from taulukko.folder.journal import REMOVED, TAKEN, Entry, Journal
from taulukko.report.inputs import Fields, Key, Marks, Place, mark, written
from taulukko.report.model import Input

Prefer = Literal["theirs", "ours"]
Event = Literal["taken", "removed", "agreed", "conflict", "kept", "reverted", "older"]


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one field.

    Attributes:
        event: `taken` or `removed`: the data folder gets theirs. Otherwise it stays as it is: `agreed` both sides have
            changed it to the same, `conflict` to something else, `kept` likewise and ours was preferred, `reverted`
            theirs has gone back to what it was built from, `older` a later copy of the same workbook has been collected
            before.
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
    def is_change(self) -> bool:
        return self.event in (TAKEN, REMOVED)


@dataclass(slots=True)
class Theirs:
    """What a returned workbook holds.

    Attributes:
        workbook: its id as it was built.
        hash: SHA-256 of the file.
        saved: when it was saved; None when the file does not say.
        base: marks of what each input was.
        fields: what they are now.
        cells: where each input stands; a field without a cell was not asked for.
        tables: sections whose records may be added and removed.
        unread: fields that could not be read.
        gone: sections that could not be read.
        unclear: records of which nobody can tell which of two rows they are.
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


def merge(theirs: Theirs, ours: Fields, journal: Journal, prefer: Prefer | None = None) -> Iterator[Change]:
    """What collecting a workbook does to the data folder.

    Args:
        ours: what the data folder holds now.
        journal: what was collected before.
        prefer: whose value stands where both sides have changed a field; nobody's when None. Of two records with one
            key ours stands.
    """
    return _Merge(theirs, ours, journal, prefer).changes()


@dataclass(slots=True)
class _Merge:
    theirs: Theirs
    ours: Fields
    journal: Journal
    prefer: Prefer | None

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
        another = place[0] in self.theirs.tables and place not in self.theirs.base and self._is_anothers(place)
        for column in dict.fromkeys((*was, *found)):
            key = (*place, column)
            if key not in self.theirs.cells or key in self.theirs.unread:
                continue
            old, new = held.get(column), found.get(column)
            event: Event | None
            if another:
                is_news = written(old) != written(new) and not self._is_settled(place, column, new)
                event = ("kept" if self.prefer == "ours" else "conflict") if is_news else None
            else:
                event = self._event(place, column, was.get(column, ""), old, new)
            if event:
                yield Change(event, *key, old, new, self.theirs.cells[key])

    def _is_anothers(self, place: Place) -> bool:
        """Whether a record that was added to their workbook has the key of one that ours got from elsewhere."""
        return place in self.ours and not self.journal.has_given(self.theirs.workbook, place)

    def _event(self, place: Place, column: str, was: str, old: Input, new: Input) -> Event | None:
        ours, theirs = mark(written(old)), mark(written(new))
        earlier = self.journal.own(self.theirs.workbook, place, column, old) if ours != was else None
        if theirs == was:
            return "reverted" if earlier and self._is_later(earlier) else None
        if self._is_settled(place, column, new):
            return None
        if theirs == ours:
            return "agreed"
        if ours == was:
            return "taken"
        return self._correction(earlier)

    def _correction(self, earlier: Entry | None) -> Event:
        """What becomes of theirs where ours is not what the workbook was built from."""
        if earlier and self._is_later(earlier):
            return "taken"
        if earlier and self._is_earlier(earlier):
            return "older"
        return {"theirs": TAKEN, "ours": "kept", None: "conflict"}[self.prefer]  # type: ignore[return-value]

    def _is_settled(self, place: Place, column: str, value: Input) -> bool:
        return self.journal.is_settled(self.theirs.hash, place, column, value)

    def _is_later(self, earlier: Entry) -> bool:
        return bool(self.theirs.saved and earlier.saved and self.theirs.saved > datetime.fromisoformat(earlier.saved))

    def _is_earlier(self, earlier: Entry) -> bool:
        return bool(self.theirs.saved and earlier.saved and self.theirs.saved < datetime.fromisoformat(earlier.saved))

    def _removed(self, place: Place) -> Iterator[Change]:
        """A record that is no longer in their workbook."""
        held, was = self.ours.get(place), self.theirs.base[place]
        if self.journal.is_removal_settled(self.theirs.hash, place):
            return
        if held is None:
            yield Change("agreed", *place, "", None, None)
            return
        earlier = [
            self.journal.own(self.theirs.workbook, place, column, value)
            for column, value in held.items()
            if mark(written(value)) != was.get(column, "")
        ]
        event: Event = "removed"
        if earlier:
            events = {self._correction(entry) for entry in earlier}
            stronger: tuple[Event, ...] = ("conflict", "kept", "older")
            event = next((one for one in stronger if one in events), "removed")
        yield from self._whole(event, place, held)

    def _withdrawn(self, place: Place) -> Iterator[Change]:
        """A record that an earlier copy of the workbook had added and this one does not have."""
        for column, value in self.ours[place].items():
            earlier = self.journal.own(self.theirs.workbook, place, column, value)
            if earlier and value is not None and self._is_later(earlier):
                yield Change("reverted", *place, column, value, None)

    def _whole(self, event: Event, place: Place, held: dict[str, Input]) -> Iterator[Change]:
        """A change of each field that a record of ours has."""
        filled = [column for column, value in held.items() if value is not None]
        for column in filled or [""]:
            yield Change(event, *place, column, held.get(column), None)

    def _restored(self, place: Place, was: dict[str, str]) -> Iterator[Change]:
        """A record that is in their workbook as it was built, and no longer in the data folder."""
        found = self.theirs.fields[place]
        changed = [column for column, value in found.items() if mark(written(value)) != was.get(column, "")]
        if changed and all(self._is_settled(place, column, found[column]) for column in changed):
            return
        earlier = self.journal.own_removal(self.theirs.workbook, place)
        event = self._correction(earlier)
        if not changed:
            if not (earlier and self._is_later(earlier)):
                return
            event = "reverted"
        for column, value in found.items():
            key = (*place, column)
            if key in self.theirs.unread:
                continue
            if value is not None:
                yield Change(event, *key, None, value, self.theirs.cells[key])
            elif event == TAKEN and was.get(column):
                yield Change("agreed", *key, None, None, self.theirs.cells[key])


__all__ = ["Change", "Event", "Prefer", "Theirs", "merge"]
