"""How far a report is as it is told: a table on a terminal, and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from taulukko.messages import Say
from taulukko.round.status import READY, Return, Status, UnitStatus
from taulukko.round.words import moment, on_one_line

GAP = "  "


def said(found: Status, say: Say) -> Iterator[str]:
    """The deadline, a row for each unit, what each lacks, and how many are ready."""
    report = found.report
    yield " · ".join((report.municipality, report.division, report.period))
    yield _deadline(found, say)
    yield ""
    yield from _table([_header(say), *(_row(one, found, say) for one in found.units)])
    yield ""
    for one in found.units:
        yield from _missing(one, found, say)
        yield from _sent(one, say)
        for cell, text in one.returned.comments if one.returned else ():
            yield say.text("status.comment", unit=one.unit.code, cell=cell, text=on_one_line(text))
    if found.whole:
        yield say.text("status.whole_returned", when=_moment(found.whole), by=_who(found.whole))
    yield say.text("status.ready", ready=sum(one.is_ready for one in found.units), units=len(found.units))


def _deadline(found: Status, say: Say) -> str:
    days, deadline = found.days_left, found.report.deadline
    if days is None or deadline is None:
        return say.text("status.no_deadline")
    day = f"{deadline.day}.{deadline.month}.{deadline.year}"
    if days < 0:
        return say.text("status.over", day=day, days=-days)
    return say.text("status.left", day=day, days=days) if days else say.text("status.today", day=day)


def _header(say: Say) -> list[str]:
    return [
        say.text("status.unit"),
        say.text("status.filled"),
        say.text("status.missing"),
        say.text("status.declared"),
        say.text("status.checked"),
        say.text("status.faults"),
        say.text("status.conflicts"),
        say.text("status.returned"),
        say.text("status.by"),
    ]


def _row(one: UnitStatus, found: Status, say: Say) -> list[str]:
    returned = one.returned
    counts = [count for count in one.missing.values() if count is not None]
    missing = str(sum(counts)) if len(counts) == len(one.missing) else "?"
    state = {key: found.template.label(f"scales.return_state.{key}") for key in (one.declared, one.checked) if key}
    return [
        one.unit.code,
        f"{one.filled}/{one.required}",
        missing,
        state.get(one.declared, say.text("status.not_declared")),
        state[one.checked],
        str(returned.faults) if returned else "–",
        str(returned.conflicts) if returned else "–",
        _moment(returned) if returned else say.text("status.not_returned"),
        _who(returned) if returned else "–",
    ]


def _missing(one: UnitStatus, found: Status, say: Say) -> Iterator[str]:
    """What a unit lacks, a line for each thing."""
    for key, count in one.missing.items():
        if count != 0:
            amount = say.text("status.unknown") if count is None else count
            yield f"{one.unit.code}: {found.template.label(f'cover.missing.{key}')}: {amount}"
    for key, value in (("name", one.name), ("date", one.day)):
        if one.declared == READY and not value:
            yield f"{one.unit.code}: {found.template.label(f'cover.return_{key}')}: {say.text('status.blank')}"
    if one.returned and one.returned.aside:
        yield say.text(
            "status.aside", unit=one.unit.code, count=one.returned.aside, file=on_one_line(one.returned.file)
        )


def _sent(one: UnitStatus, say: Say) -> Iterator[str]:
    """What was sent to a unit and has not come back."""
    last = one.sendings.last
    if not last:
        return
    words = {"unit": one.unit.code, "sent": moment(last.time)}
    if one.returned is None:
        yield say.text("status.sent", **words)
    elif one.is_of_earlier_sending:
        earlier = one.sendings.of_workbook(one.returned.workbook)
        yield say.text("status.sent_earlier", **words, earlier=moment(earlier.time if earlier else ""))


def _who(returned: Return) -> str:
    return on_one_line(returned.saved_by) or "–"


def _moment(returned: Return) -> str:
    """When it was saved."""
    return moment(returned.when.isoformat())


def _table(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """Rows with their columns under one another.

    Example:
        >>> list(_table([["Unit", "Filled"], ["VAKA", "4/22"]]))
        ['Unit  Filled', 'VAKA  4/22']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [GAP.join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def as_json(found: Status) -> dict[str, Any]:
    """What `taulukko status --json` prints: docs/json.md."""
    deadline = found.report.deadline
    return {
        "ready": found.is_ready,
        "period": found.report.period,
        "deadline": deadline.isoformat() if deadline else None,
        "days_left": found.days_left,
        "units": [_unit_as_json(one) for one in found.units],
        "whole": _return_as_json(found.whole),
    }


def _unit_as_json(one: UnitStatus) -> dict[str, Any]:
    return {
        "unit": one.unit.code,
        "name": one.unit.name,
        "ready": one.is_ready,
        "filled": one.filled,
        "required": one.required,
        "missing": one.missing,
        "declared": one.declared or None,
        "declared_by": one.name or None,
        "declared_on": one.day.isoformat() if one.day else None,
        "checked": one.checked,
        "sent": asdict(one.sendings.last) if one.sendings.last else None,
        "returned": _return_as_json(one.returned),
        "sent_earlier": one.is_of_earlier_sending,
    }


def _return_as_json(one: Return | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "file": one.file,
        "saved": one.saved.isoformat() if one.saved else None,
        "saved_by": one.saved_by or None,
        "collected": one.collected.isoformat(),
        "faults": one.faults,
        "conflicts": one.conflicts,
        "aside": one.aside,
        "comments": [{"cell": cell, "text": text} for cell, text in one.comments],
    }


__all__ = ["as_json", "said"]
