"""What became of one returned file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from taulukko.errors import Finding
from taulukko.folder.journal import REMOVED, TAKEN
from taulukko.round.merge import Change
from taulukko.round.questions import Question
from taulukko.round.receive import Returned


@dataclass(slots=True)
class Collected:
    """What became of one file.

    Attributes:
        changes: what was taken from it, and what was not although it differs.
        answer: the workbook that tells its sender what could not be read.
        asked: what somebody may decide of it.
        unanswered: why no such workbook could be made.
        lines: how many lines the journal gets.
    """

    returned: Returned
    changes: list[Change] = field(default_factory=list)
    answer: Path | None = None
    asked: list[Question] = field(default_factory=list)
    unanswered: list[Finding] = field(default_factory=list)
    lines: int = 0

    @property
    def taken(self) -> list[Change]:
        return [change for change in self.changes if change.is_change]

    @property
    def left(self) -> list[Change]:
        return [change for change in self.changes if not change.is_change]

    @property
    def removed(self) -> list[str]:
        """The records of which nothing is left."""
        return list(dict.fromkeys(".".join(change.place) for change in self.changes if change.event == REMOVED))

    @property
    def emptied(self) -> list[str]:
        """The fields that held something and are blank now."""
        return [f"{'.'.join(one.place)} {one.field}" for one in self.changes if one.event == TAKEN and one.is_emptied]

    @property
    def needs_a_look(self) -> bool:
        remarks = (note for note in self.returned.notes if note.severity == "remark")
        return bool(self.left or self.returned.faults or self.returned.refused or any(remarks))


__all__ = ["Collected"]
