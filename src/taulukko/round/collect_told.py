"""What collecting has found, in lines for a reader and as data for a program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from taulukko.messages import Say
from taulukko.report.inputs import written
from taulukko.round.collected import Collected
from taulukko.round.merge import Change

MOST_LINES = 30
"""Changes of one file that are told line by line; the journal has them all."""
MOST_CHARACTERS = 60
MOST_NAMES = 20
"""Records or fields that are named on one line."""


def lines(results: Sequence[Collected], folder: Path, say: Say, dry_run: bool) -> Iterator[str]:
    """A paragraph for each file, and what became of the folder."""
    yield from _losses(results, say, dry_run)
    for result in results:
        yield from _file(result, say)
    count, journaled = sum(len(one.taken) for one in results), sum(one.lines for one in results)
    if count:
        yield say.text("collect.dry" if dry_run else "collect.written", count=count, folder=folder)
    elif journaled and not dry_run:
        yield say.text("collect.journaled", count=journaled, folder=folder)
    else:
        yield say.text("collect.nothing", folder=folder)


def _losses(results: Sequence[Collected], say: Say, dry_run: bool) -> Iterator[str]:
    """What is no longer there, before anything else."""
    if removed := [name for result in results for name in result.removed]:
        yield say.text(
            "collect.removed_dry" if dry_run else "collect.removed", count=len(removed), names=_some(removed)
        )
    if emptied := [name for result in results for name in result.emptied]:
        yield say.text(
            "collect.emptied_dry" if dry_run else "collect.emptied", count=len(emptied), names=_some(emptied)
        )


def _some(names: Sequence[str]) -> str:
    return ", ".join([*names[:MOST_NAMES], *(["…"] if len(names) > MOST_NAMES else [])])


def _file(result: Collected, say: Say) -> Iterator[str]:
    returned = result.returned
    name = returned.path.name
    if returned.refused:
        yield say.finding(say.known(returned.refused))
        return
    saved = f"{returned.saved:%Y-%m-%d %H:%M} UTC" if returned.saved else say.text("collect.unknown_time")
    by = say.text("collect.by", name=returned.saved_by) if returned.saved_by else ""
    yield say.text("collect.head", file=name, unit=returned.unit or say.text("collect.whole"), saved=saved) + by
    counts = {"taken": len(result.taken), "left": len(result.left), "faults": len(returned.faults)}
    yield say.text("collect.counts", **counts, notes=len(returned.notes))
    yield from _shortened([f"  {_change(change, say)}" for change in result.taken], say)
    yield from (f"  {_change(change, say)}" for change in result.left)
    yield from (f"  {say.finding(fault)}" for fault in returned.faults)
    yield from _shortened([f"  {say.finding(note)}" for note in returned.notes], say)
    if result.answer:
        yield "  " + say.text("collect.answer", path=result.answer)
    for why in result.unanswered:
        yield "  " + say.text("collect.unanswered", why=say.finding(say.known(why)))


def _shortened(found: list[str], say: Say) -> Iterable[str]:
    """The first lines of many."""
    more = len(found) - MOST_LINES
    return found if more <= 0 else [*found[:MOST_LINES], "  " + say.text("collect.more", count=more)]


def _change(change: Change, say: Say) -> str:
    field = f"{change.section}.{change.record} {change.field}".strip()
    return change_said(f"change.{change.event}", change.cell, field, written(change.old), written(change.new), say)


def change_said(message: str, cell: str, field: str, old: str, new: str, say: Say) -> str:
    """What became of a field, by the key of the message that says it."""
    blank = say.text("collect.blank")
    where = f"{cell} " if cell else ""
    return say.text(message, where=where, field=field, old=_short(old) or blank, new=_short(new) or blank)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MOST_CHARACTERS else line[: MOST_CHARACTERS - 1] + "…"


def as_data(results: Sequence[Collected], folder: Path, dry_run: bool, say: Say) -> dict[str, Any]:
    """The schema of docs/json.md."""
    return {
        "folder": str(folder),
        "dry_run": dry_run,
        "removed": [name for result in results for name in result.removed],
        "emptied": [name for result in results for name in result.emptied],
        "files": [_file_as_data(result, say) for result in results],
    }


def _file_as_data(result: Collected, say: Say) -> dict[str, Any]:
    returned = result.returned
    return {
        "file": str(returned.path),
        "sha256": returned.hash,
        "unit": returned.unit,
        "state": returned.state,
        "saved": returned.saved.isoformat() if returned.saved else None,
        "saved_by": returned.saved_by,
        "refused": say.data(say.known(returned.refused)) if returned.refused else None,
        "taken": [_change_as_data(change) for change in result.taken],
        "left": [_change_as_data(change) for change in result.left],
        "faults": [say.data(fault) for fault in returned.faults],
        "answer": str(result.answer) if result.answer else None,
        "unanswered": [say.data(say.known(why)) for why in result.unanswered],
        "notes": [say.data(note) for note in returned.notes],
    }


def _change_as_data(change: Change) -> dict[str, Any]:
    return asdict(change) | {"old": written(change.old), "new": written(change.new)}


__all__ = ["as_data", "change_said", "lines"]
