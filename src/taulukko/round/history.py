"""All that happened to a field, a record, a section or a unit of a data folder, as its journal tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from taulukko.errors import FaultsError, Finding
from taulukko.folder.data_folder import load
from taulukko.folder.journal import RETURNED, Entry, read_entries
from taulukko.report.inputs import Fields, Place, fields_of, written
from taulukko.report.model import Report

EDITED = "edited"
"""The event of a field that has another value than the journal left it with: somebody has changed the folder."""


class Wanted(Protocol):
    """Tells whether a line of the journal is asked for."""

    def __call__(self, entry: Entry) -> bool: ...


@dataclass(frozen=True, slots=True)
class History:
    """What was asked for of a journal, which is read anew each time and never held.

    Attributes:
        key: what was asked for, as it was given; empty for everything.
    """

    folder: Path
    key: str
    fields: Fields
    wanted: Wanted

    def events(self) -> Iterator[Entry]:
        """The lines of the journal in their order, and between them what has been changed without it.

        A change without the journal has the event `edited` and the time at which the next line noticed it; none at
        the end, where the folder has it now.
        """
        known: dict[tuple[Place, str], str] = {}
        for entry in filter(self.wanted, read_entries(self.folder)):
            spot = entry.place, entry.field
            if entry.tells_value:
                if known.get(spot, entry.old) != entry.old:
                    yield _edited(entry, known[spot], entry.old)
                known[spot] = entry.new if entry.is_done else entry.old
            yield entry
        for (place, column), value in known.items():
            now = written(self.fields.get(place, {}).get(column))
            if now != value:
                named = Entry("", "", "", "", "", "", ".".join(place), column, "", "", "", "")
                yield _edited(named, value, now)


def history(folder: str | Path, key: str = "", *, template: str | Path | None = None) -> History:
    """What the journal of a data folder tells of a field, a record, a section, a unit or of everything.

    Args:
        key: `risks.R1.impact`, `risks.R1`, `income_statement.VAKA.fees`, `risks` or the code of a unit, of which also
            all that was found in its files is told. Case does not matter.
        template: folder of a template to use instead of the one that report.toml names.

    Raises:
        FaultsError: every fault of the data folder or its journal; or there is and was nothing of that name.

    Example:
        >>> list(history("workbooks/heinola-hyvinvointi-2024-09", "risks.R1").events())
        []
    """
    folder = Path(folder)
    report, _ = load(folder, None, Path(template) if template else None)
    fields = fields_of(report)
    unit = next((one.code for one in report.units if one.code.lower() == key.lower()), None)
    wanted: Wanted = OfUnit.of(unit, report, read_entries(folder)) if unit else OfKey(key.lower())
    found = History(folder, key, fields, wanted)
    if key and not unit and not _is_known(key.lower(), report, fields) and not any(found.events()):
        units = (one.code for one in report.units)
        raise FaultsError(Finding("history_key", field="KEY", found=key, expected=(*units, *report.files)))
    return found


@dataclass(frozen=True, slots=True)
class OfKey:
    """A section, a record or a field; everything when empty."""

    key: str

    def __call__(self, entry: Entry) -> bool:
        name = f"{entry.record}.{entry.field}".lower()
        return not self.key or name == self.key or name.startswith(f"{self.key}.")


@dataclass(slots=True)
class OfUnit:
    """What stands in a unit's files, and what has happened to its records.

    Attributes:
        files: hashes of the files it has returned.
        records: what is its own now, or was by what the journal says.
    """

    unit: str
    files: set[str] = field(default_factory=set)
    records: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, unit: str, report: Report, entries: Iterable[Entry]) -> OfUnit:
        """Find out, by the report and the whole journal, what belongs to a unit."""
        own = fields_of(report.for_unit(unit))
        shared = {section for section, file in report.files.items() if file.shared}
        found = cls(unit, records={".".join(place) for place in own if place[0] not in shared})
        for entry in entries:
            if entry.event == RETURNED and entry.record == unit:
                found.files.add(entry.hash)
            elif entry.field == "unit" and unit in (entry.old, entry.new):
                found.records.add(entry.record)
        return found

    def __call__(self, entry: Entry) -> bool:
        return entry.hash in self.files or entry.record in self.records


def _is_known(key: str, report: Report, fields: Fields) -> bool:
    """Whether the data folder has a section, a record or a field of that name."""
    columns = (f"{section}.{record}.{column}" for (section, record), row in fields.items() for column in row)
    return key in map(str.lower, report.files) or any(
        name == key or name.startswith(f"{key}.") for name in map(str.lower, columns)
    )


def _edited(at: Entry, old: str, new: str) -> Entry:
    """A change of the folder that the journal does not tell of, which was noticed by a line of it."""
    return replace(
        at, event=EDITED, file="", hash="", workbook="", cell="", old=old, new=new, saved="", saved_by="", by=""
    )


__all__ = ["EDITED", "History", "history"]
