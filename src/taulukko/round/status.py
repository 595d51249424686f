"""Who has returned what: of each unit how much is filled in, what it lacks, and what its last return said."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from taulukko.errors import NOTES
from taulukko.folder.data_folder import load
from taulukko.folder.journal import FAULT, NOTE, REMOVED, RETURNED, TAKEN, Entry, standing_entries
from taulukko.folder.remarks import COMMENT
from taulukko.folder.sent import Sendings, read_sent
from taulukko.plan.book import Workbook
from taulukko.plan.build import plan
from taulukko.report.inputs import Fields, Place, fields_of, written
from taulukko.report.model import Report, Unit
from taulukko.template import Template
from taulukko.template.inputs import RETURNS

DRAFT, READY = "draft", "ready"
MISSING = "missing."
CONFLICT = "conflict"
DECIDED = frozenset({TAKEN, REMOVED, "kept"})
"""Events that settle an earlier conflict of the same field."""


@dataclass(frozen=True, slots=True)
class Return:
    """The last file a unit has sent back.

    Attributes:
        saved: when it was saved; None when the file does not say.
        saved_by: by whom, as the file says.
        collected: when it was collected.
        faults: cells of it that could not be read.
        conflicts: fields that both sides had changed, as long as nobody has decided which value stands.
        aside: what was found in it beside its inputs, such as comments.
        workbook: the id of the workbook it is a copy of.
        comments: what somebody has said in comments, each with its cell, `Sheet!A1`.
    """

    file: str
    saved: datetime | None
    saved_by: str
    collected: datetime
    faults: int = 0
    conflicts: int = 0
    aside: int = 0
    workbook: str = ""
    comments: tuple[tuple[str, str], ...] = ()

    @property
    def when(self) -> datetime:
        """When it was saved, or else collected."""
        return self.saved or self.collected


@dataclass(frozen=True, slots=True)
class UnitStatus:
    """How far a unit is.

    Attributes:
        filled: fields filled in, of those `required`: what the cover of its own workbook counts in all.
        missing: what keeps its return from being ready, by the keys of the cover; None where it cannot be counted.
        declared: what the unit says itself, `draft` or `ready`; empty when it has said nothing.
        name: who says so; day: when.
        checked: whether that holds, `draft` or `ready`.
        returned: its last return; None when it has returned nothing.
        sendings: the workbooks that were sent to it, as `sent.csv` lists them.
    """

    unit: Unit
    filled: int
    required: int
    missing: dict[str, int | None]
    declared: str
    name: str
    day: date | None
    checked: str
    returned: Return | None
    sendings: Sendings = Sendings()

    @property
    def is_of_earlier_sending(self) -> bool:
        """Whether its last return is a copy of a workbook after which another one was sent to it."""
        return bool(self.returned and self.sendings.is_old(self.returned.workbook))

    @property
    def is_ready(self) -> bool:
        """Whether nothing is left to be done: it is checked to be ready, and no fault or conflict is open."""
        open_ = self.returned.faults + self.returned.conflicts if self.returned else 0
        return self.checked == READY and not open_


@dataclass(frozen=True, slots=True)
class Status:
    """How far a report is.

    Attributes:
        units: a row for each unit, in the order of report.toml.
        whole: the last return of a workbook of the whole report; None when there is none.
        today: the day of asking.
    """

    report: Report
    template: Template
    today: date
    units: list[UnitStatus] = field(default_factory=list)
    whole: Return | None = None

    @property
    def days_left(self) -> int | None:
        """Days to the deadline, negative when it is over; None when there is none."""
        return (self.report.deadline - self.today).days if self.report.deadline else None

    @property
    def is_ready(self) -> bool:
        return all(unit.is_ready for unit in self.units)


def status(
    folder: str | Path, *, today: date | None = None, language: str | None = None, template: str | Path | None = None
) -> Status:
    """Tell how far each unit of a data folder is.

    A fault stays open until the unit returns another file. A conflict is settled when the data folder no longer has the
    value it had, or when a later line of the journal takes, keeps or removes it.

    Args:
        today: the day from which the days to the deadline are counted.
        language: of the labels; the report's own when None or when the template lacks it.
        template: folder of a template to use instead of the one that report.toml names.

    Raises:
        FaultsError: every fault of the data folder.

    Example:
        >>> status("workbooks/heinola-hyvinvointi-2024-09").is_ready
        False
    """
    folder, chosen = Path(folder), Path(template) if template else None
    report, found = load(folder, None, chosen)
    if language and language in found.head.languages:
        report, found = load(folder, language, chosen)
    returns = _last_returns(folder, fields_of(report))
    sent = read_sent(folder)
    units = [
        _unit_status(report, found, unit, returns.get(unit.code), Sendings.of(unit.code, sent)) for unit in report.units
    ]
    return Status(report, found, today or date.today(), units, returns.get(""))


def _unit_status(
    report: Report, template: Template, unit: Unit, returned: Return | None, sendings: Sendings
) -> UnitStatus:
    book = plan(report.for_unit(unit.code), template, to_send=False)
    counts = [str(book.cell(spot).value or "").partition("/") for spot in book.contents.values()]
    given = report.row(RETURNS, unit.code)
    day = given.get("date")
    is_ready = _result(book, unit.code, "computed") == template.label(f"scales.return_state.{READY}")
    keys = (key for section, _, key in book.results if section == RETURNS and key.startswith(MISSING))
    return UnitStatus(
        unit,
        sum(int(filled or 0) for filled, _, _ in counts),
        sum(int(required or 0) for _, _, required in counts),
        {key.removeprefix(MISSING): _count(_result(book, unit.code, key)) for key in keys},
        str(given.get("state") or ""),
        str(given.get("name") or ""),
        day if isinstance(day, date) else None,
        READY if is_ready else DRAFT,
        returned,
        sendings,
    )


def _result(book: Workbook, unit: str, key: str) -> Any:
    return book.cell(book.results[RETURNS, unit, key]).value


def _count(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) else None


def _last_returns(folder: Path, fields: Fields) -> dict[str, Return]:
    """By unit the file that was saved last, with what of it is still open; the journal is read twice, never held."""
    last: dict[str, Entry] = {}
    for entry in standing_entries(folder):
        known = last.get(entry.record)
        if entry.event == RETURNED and (known is None or _when(known) <= _when(entry)):
            last[entry.record] = entry
    opened = _Open({entry.hash for entry in last.values()})
    for entry in standing_entries(folder):
        opened.hear(entry)
    return {unit: _return(entry, opened, fields) for unit, entry in last.items()}


def _when(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry.saved or entry.time)


@dataclass(slots=True)
class _Open:
    """What was said of some files, by their hashes, and has not been settled since."""

    files: set[str]
    faults: Counter[str] = field(default_factory=Counter)
    aside: Counter[str] = field(default_factory=Counter)
    conflicts: dict[tuple[Place, str], list[Entry]] = field(default_factory=dict)
    comments: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    _heard: set[tuple[str, ...]] = field(default_factory=set)

    def hear(self, entry: Entry) -> None:
        """Listen to the next line of the journal; a line that is there twice counts once."""
        field = entry.place, entry.field
        if entry.event in DECIDED:
            self.conflicts.pop(field, None)
        said = (*entry.said, entry.event)
        if entry.hash not in self.files or said in self._heard:
            return
        if entry.event == CONFLICT:
            self.conflicts.setdefault(field, []).append(entry)
        elif entry.event.startswith(FAULT):
            self.faults[entry.hash] += 1
        elif entry.event.startswith(NOTE) and entry.event[len(NOTE) :] not in (*NOTES, "sent_earlier"):
            self.aside[entry.hash] += 1
            if entry.event == COMMENT:
                self.comments.setdefault(entry.hash, []).append((entry.cell, entry.new))
        else:
            return
        self._heard.add(said)

    def conflicts_of(self, file: str, fields: Fields) -> int:
        """How many of a file's fields still have the value with which they were in conflict."""
        return sum(
            written(fields.get(place, {}).get(column)) == one.old
            for (place, column), found in self.conflicts.items()
            for one in found
            if one.hash == file
        )


def _return(last: Entry, opened: _Open, fields: Fields) -> Return:
    return Return(
        last.file,
        datetime.fromisoformat(last.saved) if last.saved else None,
        last.saved_by,
        datetime.fromisoformat(last.time),
        opened.faults[last.hash],
        opened.conflicts_of(last.hash, fields),
        opened.aside[last.hash],
        last.workbook,
        tuple(opened.comments.get(last.hash, ())),
    )


__all__ = ["READY", "Return", "Status", "UnitStatus", "status"]
