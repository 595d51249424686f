"""What collecting leaves to somebody: conflicts, removals and odd values, each a question that has an answer.

A question is known by a mark of the file, the field and what the file says, and a mark of what the data folder has: so
an answer is carried out only where both are still as they were when it was asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from taulukko.errors import Finding
from taulukko.folder.journal import AGREED, KEPT, REMOVED, TAKEN, Entry, Journal
from taulukko.report.inputs import Fields, Place, mark, written
from taulukko.round.merge import Change, Event, Theirs

Take = Literal["theirs", "ours", ""]
ASKED: tuple[Event, ...] = ("conflict", "removed", "reverted", "older", "doubtful", "kept")
"""What is asked about, or was decided of another copy; so is a value that was taken though its cell was noted."""


@dataclass(frozen=True, slots=True)
class Question:
    """A field, or a record that is removed or comes back as a whole.

    Attributes:
        id: by which its answer is known.
        record: `risks.R1`; field: empty of a whole record.
        base: what the workbook was sent out with, where anybody knows; ours: what the data folder has; theirs: what
            the file has; of a whole record all of its fields.
        cell: `Sheet!A1`; empty of a record that is not in the file.
    """

    id: str
    file: str
    unit: str
    record: str
    field: str
    base: str
    ours: str
    theirs: str
    cell: str
    saved_by: str


Group = list[Change]


def grouped(changes: Iterable[Change], ours: Fields, notes: Iterable[Finding]) -> Iterator[Group]:
    """The changes that are asked about, those of a whole record together.

    Args:
        ours: what the data folder has before them.
        notes: what was noted on the cells of the file.
    """
    odd = {note.place for note in notes}
    groups: dict[tuple[Place, str], Group] = {}
    for change in changes:
        whole = not change.cell or change.place not in ours
        groups.setdefault((change.place, "" if whole else change.field), []).append(change)
    for group in groups.values():
        if any(one.event in ASKED or (one.event == TAKEN and one.cell in odd) for one in group):
            yield [one for one in group if one.event != "agreed"]


def question(group: Group, theirs: Theirs, before: Fields, journal: Journal, file: str, unit: str) -> Question:
    """What is asked of some changes.

    Args:
        before: what the data folder has, before anything is collected.
    """
    first = group[0]
    is_whole = len(group) > 1 or not first.cell
    record = f"{first.section}.{first.record}"
    held = before.get(first.place, {})
    if is_whole:
        ours = _listed((column, written(value)) for column, value in held.items())
        said, base = _listed((one.field, written(one.new)) for one in group), ""
    else:
        ours, said = written(held.get(first.field)), written(first.new)
        base = _base(first, theirs, journal, ours)
    asked = _id(theirs.hash, first.place, [(one.field, written(one.new)) for one in group if one.cell])
    whole = _listed((column, written(value)) for column, value in sorted(held.items())) if is_whole else ours
    return Question(
        f"{asked}-{_short(whole)}",
        file,
        unit,
        record,
        "" if is_whole else first.field,
        base,
        ours,
        said,
        first.cell,
        theirs.saved_by,
    )


def answered(group: Group, take: Take) -> Group:
    """The changes as somebody has decided; undecided ones change nothing."""
    if take == "ours":
        return [replace(one, event="kept") for one in group]
    if take == "theirs":
        return [replace(one, event="taken" if one.cell else "removed") for one in group]
    return [replace(one, event="undecided") if one.is_change else one for one in group]


def carried_out(entries: Iterable[Entry], answers: Mapping[str, Take]) -> set[str]:
    """The ids of questions whose answers the journal tells to have been carried out, as they were given.

    Args:
        entries: of the files that are collected.
    """
    groups: dict[tuple[str, Place, str], list[Entry]] = {}
    for entry in entries:
        if entry.event in (TAKEN, REMOVED, KEPT, AGREED):
            groups.setdefault((entry.hash, entry.place, entry.time), []).append(entry)
    done: set[tuple[str, Take]] = set()
    for (file, place, _), group in groups.items():
        for some in [*([one] for one in group), group]:
            events = {one.event for one in some}
            takes: list[Take] = ["ours"] if events <= {KEPT, AGREED} else []
            takes += ["theirs"] if KEPT not in events else []
            done |= {(_id(file, place, [(one.field, one.new) for one in some if one.cell]), take) for take in takes}
    return {one for one, take in answers.items() if (one.partition("-")[0], take) in done}


def _base(change: Change, theirs: Theirs, journal: Journal, ours: str) -> str:
    """What a field was when the workbook was sent out; empty when nobody knows."""
    was = theirs.base.get(change.place, {}).get(change.field, "")
    sent = written(theirs.sent.get(change.place, {}).get(change.field))
    texts = (ours, sent, *journal.olds.get((change.place, change.field), ()))
    return next((text for text in texts if mark(text) == was), "")


def _id(file: str, place: Place, said: list[tuple[str, str]]) -> str:
    return f"q{_short(repr((file, place, sorted(said))))}"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _listed(row: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{column}: {text}" for column, text in row if text)


__all__ = ["Question", "Take", "answered", "carried_out", "grouped", "question"]
