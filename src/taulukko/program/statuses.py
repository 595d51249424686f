"""The computed statuses of a workbook: what each cell that says a word of a scale should say."""

from __future__ import annotations

from typing import NamedTuple

from taulukko.formula.addresses import address
from taulukko.program.cell_names import Names
from taulukko.program.evaluation import Spot
from taulukko.program.host import Value
from taulukko.program.program import Area
from taulukko.program.repair import Recomputed


class StatusFound(NamedTuple):
    """A status.

    Attributes:
        sheet: title of its sheet.
        row: from 0, as `column`.
        name: what it is the status of.
        said: what kind of status it is: the header of its column.
        word: what it should say.
        shown: what it says.
    """

    sheet: str
    row: int
    column: int
    name: str
    said: str
    word: str
    shown: str

    @property
    def place(self) -> str:
        """Such as `Riskit!J6`."""
        return f"{self.sheet}!{address(self.row, self.column)}"


def statuses(found: Recomputed) -> list[StatusFound]:
    """Every status of a workbook, sheet by sheet."""
    cells = ((one.name, spot) for one in found.evaluation.layout.program.statuses for spot in _spots(found, one.area))
    names = Names(found.evaluation)
    return [_told(found, names, said, spot, found.evaluation.value(spot)) for said, spot in cells]


def proposals(found: Recomputed) -> list[StatusFound]:
    """What is proposed in place of words that somebody has typed, where it is another one."""
    evaluation, names = found.evaluation, Names(found.evaluation)
    told = [
        _told(found, names, one.name, spot, evaluation.computed(one.formula, spot))
        for one in evaluation.layout.program.proposals
        for spot in _spots(found, one.area)
    ]
    return [one for one in told if one.word not in ("", one.shown)]


def status_spots(found: Recomputed) -> set[Spot]:
    """The cells of all statuses, and the computed cells that they follow from."""
    areas = (status.area for status in found.evaluation.layout.program.statuses)
    return found.evaluation.needed(spot for area in areas for spot in _spots(found, area))


def _spots(found: Recomputed, area: Area) -> list[Spot]:
    """The cells of an area of one column, where they stand now."""
    layout = found.evaluation.layout
    column = layout.column(area.sheet, area.left)
    return [Spot(area.sheet, row, column) for row in layout.all_rows(area)]


def _told(found: Recomputed, names: Names, said: str, spot: Spot, word: Value) -> StatusFound:
    layout = found.evaluation.layout
    title = layout.titles[spot.sheet]
    shown = layout.book.value(title, spot.row, spot.column)
    return StatusFound(title, spot.row, spot.column, names(spot), said, str(word or ""), str(shown or ""))


__all__ = ["StatusFound", "proposals", "status_spots", "statuses"]
