"""What was sent out: each workbook of a unit with its hash, listed in `sent.csv` of the data folder."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from taulukko.errors import FaultsError, Finding
from taulukko.folder.data_folder import SENT
from taulukko.folder.harmless import bare
from taulukko.folder.lists import lengthened
from taulukko.folder.store import digest_of, recover, replace_files

UNITS, REMINDER = "units", "reminder"


@dataclass(frozen=True, slots=True)
class Sent:
    """A workbook that was sent out.

    Attributes:
        time: when it was built to be sent, UTC, ISO 8601; by: whose command it was.
        unit: whose it is.
        file: its name; hash: SHA-256 of its content.
        workbook: its id, which every copy of it keeps.
        way: `units` for a round of its own, `reminder` with a reminder, after which the one sent before still counts.
    """

    time: str
    unit: str
    file: str
    hash: str
    workbook: str
    by: str
    way: str = UNITS


@dataclass(frozen=True, slots=True)
class Sendings:
    """What was sent to one unit, the first first."""

    sent: tuple[Sent, ...] = ()

    @classmethod
    def of(cls, unit: str, listed: Iterable[Sent]) -> Sendings:
        return cls(tuple(one for one in listed if one.unit == unit))

    @property
    def last(self) -> Sent | None:
        return self.sent[-1] if self.sent else None

    def of_workbook(self, workbook: str) -> Sent | None:
        """When a workbook was sent, for the last time."""
        return next((one for one in reversed(self.sent) if one.workbook == workbook), None)

    def is_old(self, workbook: str) -> bool:
        """Whether a workbook was sent, and another one in a later round."""
        found = self.of_workbook(workbook)
        later = self.sent[self.sent.index(found) + 1 :] if found else ()
        return any(one.way == UNITS and one.workbook != workbook for one in later)

    def is_as_sent(self, file: str) -> bool:
        """Whether a file is, by its hash, the very one that was sent."""
        return any(one.hash == file for one in self.sent)


COLUMNS = tuple(one.name for one in fields(Sent))


def read_sent(folder: Path) -> list[Sent]:
    """What was sent out from a data folder, in the order of the list; nothing where there is none.

    Raises:
        FaultsError: somebody has edited the list so that it cannot be read.
    """
    path = folder / SENT
    if not path.exists():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
            if missing:
                raise FaultsError(*(Finding("column_missing", SENT, "1", column) for column in missing))
            return [Sent(**{column: bare(row[column] or "") for column in COLUMNS}) for row in rows]
    except UnicodeDecodeError:
        raise FaultsError(Finding("encoding", SENT)) from None
    except csv.Error as error:
        raise FaultsError(Finding("csv", SENT, found=str(error))) from None


def list_sent(folder: Path, sent: Sequence[Sent]) -> None:
    """Add workbooks to the list; one that was the last to be sent to its unit already is not listed again.

    Raises:
        FaultsError: as in `read_sent`.
        OutputRefused, OSError: the list cannot be written.
    """
    recover(folder)
    seen = {SENT: digest_of(folder / SENT)}
    last = {one.unit: (one.file, one.hash) for one in read_sent(folder)}
    new = [one for one in sent if last.get(one.unit) != (one.file, one.hash)]
    if new:
        replace_files(folder, {SENT: lengthened(folder / SENT, COLUMNS, new)}, seen)


__all__ = ["REMINDER", "UNITS", "Sendings", "Sent", "list_sent", "read_sent"]
