"""What copies of one workbook say, and which of them was made from which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from taulukko.report.inputs import Place
from taulukko.template.inputs import RETURNS

GONE = "removed"
"""In place of a column: the record is no longer there."""


@dataclass(slots=True)
class Version:
    """A copy of a workbook as somebody has saved it.

    Attributes:
        saved: when; None when the file does not say. by: by whom, likewise empty.
        said: what it says otherwise than the workbook did that was sent out, by record and column, records by the keys
            that they have in the copy.
        filed: under which key the data folder has a record that the copy has under another.
        unread: cells and sheets, `Sheet!A1` and `Sheet`, and sections of which it says nothing that could be read.
        cells: where each field stands in it.
    """

    saved: datetime | None = None
    by: str = ""
    said: dict[tuple[Place, str], str] = field(default_factory=dict)
    filed: dict[Place, Place] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    cells: dict[tuple[Place, str], str] = field(default_factory=dict)

    def is_later(self, other: Version) -> bool:
        return bool(self.saved and other.saved and self.saved > other.saved)

    def is_anothers(self, other: Version) -> bool:
        """Whether somebody else has saved it."""
        return bool(self.by and other.by and self.by.casefold() != other.by.casefold())

    def descends(self, earlier: Version) -> bool:
        """Whether it was made from an earlier copy, and so corrects what that one says.

        It does when the same person has saved it later and nothing that the earlier copy had changed is as it was sent
        out. Where a file does not say who saved it, something of the earlier copy must stand in it unchanged, on the
        cover apart.
        """
        if not self.is_later(earlier) or self.is_anothers(earlier):
            return False
        stands = bool(self.by and earlier.by)
        for key, text in earlier.said.items():
            if self._is_unread(key, earlier):
                continue
            if key not in self.said and (key[0], GONE) not in self.said:
                return False
            stands |= self.said.get(key) == text and key[0][0] != RETURNS
        return stands

    def says(self, place: Place, column: str) -> bool:
        """Whether it has changed a field, or removed its record."""
        return (place, column) in self.said or (place, GONE) in self.said

    def records(self) -> Iterator[Place]:
        """The records of which it says anything, as they are called in it."""
        yield from dict.fromkeys(place for place, _ in self.said)

    def own_name(self, place: Place) -> Place:
        """What a record of the data folder is called in it."""
        return next((own for own, filed in self.filed.items() if filed == place), place)

    def _is_unread(self, key: tuple[Place, str], other: Version) -> bool:
        if not self.unread:
            return False
        cell = self.cells.get(key) or other.cells.get(key, "")
        return not self.unread.isdisjoint((key[0][0], cell, cell.rpartition("!")[0]))


__all__ = ["GONE", "Version"]
