"""What was taken back of a file and what stands, in lines for a reader and as data for a program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from taulukko.messages import Say
from taulukko.round.collect_told import change_said
from taulukko.round.history_told import event_said
from taulukko.round.undo import Left, Undone
from taulukko.round.words import on_one_line


def said(found: Undone, folder: Path, say: Say, dry_run: bool) -> Iterator[str]:
    """The file, each field that was put back, each that stands and why."""
    yield on_one_line(found.returned.file)
    yield from (f"  {event_said(line, say)}" for line in found.lines)
    yield from (f"  {_left(one, say)}" for one in found.left)
    counts = {"count": sum(line.tells_value for line in found.lines), "left": len(found.left), "folder": folder}
    yield say.text("undone.dry" if dry_run else "undone.written", **counts)


def _left(one: Left, say: Say) -> str:
    entry = one.entry
    field = f"{entry.record} {entry.field}".strip()
    stands = change_said("undone.stands", entry.cell, field, entry.old, entry.new, say)
    why = {
        "later": say.text("undone.later", file=on_one_line(one.later.file) if one.later else ""),
        "edited": say.text("undone.edited"),
        "unfit": say.text("undone.unfit"),
        "needed": say.text("undone.needed"),
    }
    return f"{stands}: {why[one.reason]}"


def as_json(found: Undone, folder: Path, dry_run: bool) -> dict[str, Any]:
    """What `taulukko undo-collect --json` prints: docs/json.md."""
    return {
        "folder": str(folder),
        "dry_run": dry_run,
        "file": found.returned.file,
        "sha256": found.returned.hash,
        "undone": [asdict(line) for line in found.lines],
        "left": [
            asdict(one.entry) | {"reason": one.reason, "later": one.later.file if one.later else None}
            for one in found.left
        ],
    }


__all__ = ["as_json", "said"]
