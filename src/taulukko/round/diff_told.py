"""A comparison as it is told: the lines of a terminal, and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from os.path import commonprefix
from typing import Any

from taulukko.messages import Say
from taulukko.report.inputs import written
from taulukko.round.diff import Diff, Difference
from taulukko.round.side import Side
from taulukko.round.words import Words, on_one_line

DECIMALS = (2, 6, 15)
"""How many are shown of a number: so many that two numbers do not look the same."""
LONG, KEPT = 80, 20
"""Characters that are shown of a text, and those of its unchanged beginning."""


def said(found: Diff, say: Say) -> Iterator[str]:
    """A line for each thing: what was compared, what could not be read, and each difference."""
    yield from _compared(found, say)
    for side in (found.a, found.b):
        yield from (say.finding(finding) for finding in side.findings)
    if found.a.held is None or found.b.held is None:
        return
    blank = say.text("diff.blank")
    sides = [Words(held.report, held.template, blank) for held in (found.a.held, found.b.held)]
    for heading, differences in (
        (say.text("diff.facts"), found.facts),
        (say.text("diff.inputs"), found.changes),
        (say.text("diff.computed"), found.computed),
    ):
        yield from (heading, *(f"  {_line(one, sides, say)}" for one in differences)) if differences else ()
    if not found.is_computed:
        yield say.text("diff.not_computed")
    counts = {"facts": len(found.facts), "inputs": len(found.changes), "computed": len(found.computed)}
    if any(counts.values()):
        yield say.text("diff.count", **counts)
    else:
        yield say.text("diff.equal" if found.is_equal else "diff.unsure")


def _compared(found: Diff, say: Say) -> Iterator[str]:
    """That the sides are of different periods or units, or that a part is compared with a part."""
    if found.a.held is None or found.b.held is None:
        return
    one, other = found.a.held.report, found.b.held.report
    if one.period != other.period:
        yield say.text("diff.other_period", a=one.period, b=other.period)
    if one.part != other.part:
        whole = say.text("diff.whole")
        yield say.text("diff.other_unit", a=one.part or whole, b=other.part or whole)
    if found.unit:
        yield say.text("diff.part", unit=found.unit)


def _line(one: Difference, sides: list[Words], say: Say) -> str:
    key = one.section, one.record, one.field
    words = sides[one.kind == "added"]
    for decimals in DECIMALS:
        old, new = (side.value(value, key, decimals) for side, value in zip(sides, (one.old, one.new), strict=True))
        if old != new:
            break
    old, new = _excerpts(old, new) if one.kind == "changed" else (_cut(old), _cut(new))
    cells = " → ".join(dict.fromkeys(filter(None, (one.old_cell, one.new_cell))))
    where, cell = words.place(key), f" ({cells})" if cells else ""
    match one.kind:
        case "added":
            return say.text("diff.added", where=where, new=new, cell=cell)
        case "removed":
            return say.text("diff.removed", where=where, old=old, cell=cell)
        case "changed":
            return say.text("diff.changed", where=where, old=old, new=new, cell=cell)


def _excerpts(old: str, new: str) -> tuple[str, str]:
    """Two texts on a line each, of long ones the part that is not the same.

    Example:
        >>> _excerpts("same " * 20 + "one", "same " * 20 + "another")
        ('…same same same same one', '…same same same same another')
    """
    same = len(commonprefix([old, new])) if max(len(old), len(new)) > LONG else 0
    skipped = max(0, same - KEPT)
    return _cut(old, skipped), _cut(new, skipped)


def _cut(text: str, skipped: int = 0) -> str:
    """What is shown of a text: on one line, with dots for what is left out of it."""
    text = on_one_line(text)
    shown = ("…" if skipped else "") + text[skipped : skipped + LONG]
    return shown + ("…" if len(text) > skipped + LONG else "")


def as_json(found: Diff, say: Say) -> dict[str, Any]:
    """What `taulukko diff --json` prints: docs/json.md."""
    return {
        "equal": found.is_equal,
        "a": _side_as_json(found.a, say),
        "b": _side_as_json(found.b, say),
        "unit": found.unit or None,
        "computed_compared": found.is_read and found.is_computed,
        "facts": [_as_json(one) for one in found.facts],
        "changes": [_as_json(one) for one in found.changes],
        "computed": [_as_json(one) for one in found.computed],
    }


def _side_as_json(side: Side, say: Say) -> dict[str, Any]:
    held = side.held
    return {
        "path": str(side.path),
        "kind": "folder" if held and held.cells is None else "workbook",
        "period": held.report.period if held else None,
        "unit": held.report.part or None if held else None,
        "findings": [say.data(finding) for finding in side.findings],
    }


def _as_json(one: Difference) -> dict[str, Any]:
    old, new = (value if value is None or isinstance(value, float) else written(value) for value in (one.old, one.new))
    return {
        "kind": one.kind,
        "section": one.section,
        "record": one.record,
        "field": one.field,
        "old": old,
        "new": new,
        "old_cell": one.old_cell or None,
        "new_cell": one.new_cell or None,
    }


__all__ = ["as_json", "said"]
