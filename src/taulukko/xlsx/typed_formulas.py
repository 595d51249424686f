"""Formulas that somebody has typed: numbers in them that nobody sees, and columns that are not computed alike.

Only what refers to other cells is looked at: `=1200+350` is a way to write a figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from taulukko.errors import Finding
from taulukko.formula.addresses import address
from taulukko.formula.references import numbers_in, relative
from taulukko.program.cell_names import LONGEST, Names
from taulukko.program.evaluation import Spot
from taulukko.program.repair import Recomputed

STRUCTURE = (0, 1, 2, 100)
"""Numbers that may stand in a formula: none, one, two, and the hundred of percent and cents."""


@dataclass(frozen=True, slots=True)
class _Typed:
    spot: Spot
    formula: str

    @property
    def refers(self) -> bool:
        """Whether it is more than figures added up."""
        return any(char.isalpha() for char in self.formula)


def typed_formulas(found: Recomputed) -> Iterator[Finding]:
    """A remark on each number that belongs on the parameters sheet, and one on each column whose formulas differ."""
    names, titles = Names(found.evaluation), found.evaluation.layout.titles
    columns: dict[tuple[int, int], list[_Typed]] = {}
    for one in (*_over_ours(found), *_in_inputs(found)):
        place = f"{titles[one.spot.sheet]}!{address(one.spot.row, one.spot.column)}"
        for number in dict.fromkeys(numbers_in(one.formula)) if one.refers else ():
            if float(number) not in STRUCTURE:
                text = (f"={one.formula}"[:LONGEST],)
                yield Finding("number_in_formula", "", place, names(one.spot), number, text, "remark")
    for one in _in_inputs(found):
        if one.refers:
            columns.setdefault((one.spot.sheet, one.spot.column), []).append(one)
    for some in columns.values():
        spots = [one.spot for one in some]
        shapes = {relative(one.formula, one.spot.row, one.spot.column) for one in some}
        if len(shapes) > 1:
            first, last = (address(one.row, one.column) for one in (min(spots), max(spots)))
            place = f"{titles[spots[0].sheet]}!{first}:{last}"
            yield Finding("formulas_differ", "", place, names(spots[0]), str(len(shapes)), (), "remark")


def _over_ours(found: Recomputed) -> Iterator[_Typed]:
    """What was typed over formulas of ours."""
    sheets = {title: number for number, title in enumerate(found.evaluation.layout.titles)}
    for one in found.changes:
        if one.code == "formula_overwritten" and isinstance(one.old, str) and one.old.startswith("="):
            yield _Typed(Spot(sheets[one.sheet], one.row, one.column), one.old[1:])


def _in_inputs(found: Recomputed) -> Iterator[_Typed]:
    """What was typed where somebody fills something in."""
    layout = found.evaluation.layout
    for one in layout.program.inputs:
        if one.area.sheet in layout.lost:
            continue
        title, column = layout.titles[one.area.sheet], layout.column(one.area.sheet, one.area.left)
        for row in layout.all_rows(one.area):
            formula = layout.book.formula(title, row, column)
            if formula:
                yield _Typed(Spot(one.area.sheet, row, column), formula)


__all__ = ["typed_formulas"]
