"""What happened to a field, a record or a unit, in lines for a reader and as data for a program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any

from taulukko.errors import Finding
from taulukko.folder.journal import FAULT, NOTE, RETURNED, UNDONE, Entry
from taulukko.messages import Say
from taulukko.round.collect_told import change_said
from taulukko.round.history import EDITED, History
from taulukko.round.words import moment, on_one_line


def said(found: History, say: Say) -> Iterator[str]:
    """Each collecting of a file with what is asked for of it, in the order of the journal."""
    is_empty = True
    for (time, file, *_), entries in groupby(found.events(), _collecting):
        first = next(entries)
        yield _head(first, say) if file else _noticed(time, say)
        for entry in (first, *entries):
            yield f"  {event_said(entry, say)}"
        is_empty = False
    if is_empty:
        yield say.text("history.nothing", what=found.key or found.folder)


def _collecting(entry: Entry) -> tuple[str, str, str, str]:
    return entry.time, entry.file, entry.hash, entry.by


def _head(entry: Entry, say: Say) -> str:
    """When which file was collected, who saved it and who collected it."""
    saved = moment(entry.saved) or say.text("collect.unknown_time")
    saved_by = say.text("collect.by", name=on_one_line(entry.saved_by)) if entry.saved_by else ""
    by = say.text("history.by", name=on_one_line(entry.by)) if entry.by else ""
    return say.text("history.head", time=moment(entry.time), file=on_one_line(entry.file), saved=saved + saved_by) + by


def _noticed(time: str, say: Say) -> str:
    return say.text("history.before", time=moment(time)) if time else say.text("history.now")


def event_said(entry: Entry, say: Say) -> str:
    """One line of the journal."""
    if entry.event == UNDONE and not (entry.tells_value and entry.field):
        record = entry.record or say.text("collect.whole")
        return say.text("history.gone" if entry.tells_value else "history.undone_whole", record=record)
    if entry.event == RETURNED:
        states = {"draft": say.text("history.draft"), "ready": say.text("history.ready")}
        state = states.get(entry.new, say.text("history.unsaid"))
        return say.text("history.returned", unit=entry.record or say.text("collect.whole"), state=state)
    if entry.event.startswith((FAULT, NOTE)):
        code = entry.event.partition(".")[2]
        finding = Finding(code, "", entry.cell, entry.field, entry.new, (entry.old,) if entry.old else ())
        return say.finding(finding) if code in say.words["finding"] else str(finding)
    field = f"{entry.record} {entry.field}".strip()
    told = entry.cell, field, entry.old, entry.new, say
    if entry.event in (EDITED, UNDONE):
        return change_said("history.edited" if entry.event == EDITED else "history.undone", *told)
    return change_said(f"change.{entry.event}", *told)


def as_json(found: History) -> dict[str, Any]:
    """What `taulukko history --json` prints: docs/json.md."""
    return {"key": found.key, "events": [asdict(entry) for entry in found.events()]}


__all__ = ["as_json", "event_said", "said"]
