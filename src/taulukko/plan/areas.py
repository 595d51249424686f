"""What the service areas make together: sums of their cells for the whole, and which of them a figure is missing of.

A line that an area's sheet does not show is none of that area's, once the figures of the total it belongs to are known.
What the areas buy and sell among themselves is left out, as the template's eliminations say: none of it is the whole's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TypeVar

from taulukko.formula.nodes import Choice, Constant, Field, Node
from taulukko.formula.parse import call
from taulukko.formula.sums import Sum
from taulukko.plan.draft import HEADER, Draft
from taulukko.plan.scope import settle
from taulukko.plan.statement import Statement, areas_without_figures, shown_parts, statement_path, statements_of
from taulukko.report.model import Unit
from taulukko.template.schema import INTERNAL

MOST_FIGURES, MOST_NAMES = 30, 15
"""Of how many cells one formula makes a sum, and of how many areas it tells the names."""

T = TypeVar("T")


def register_areas(statement: Statement) -> None:
    """Make the sums over the areas known: `areas:SECTION.all` and, for the difference block, `areas:SECTION.CODE`."""
    draft, key = statement.draft, statement.key
    sums = Areas(statement)
    if statement.unit is draft.report.whole:
        draft.scope.resolvers[f"areas:{key}.all"] = sums
        draft.scope.resolvers[f"missing:{key}.all"] = sums.missing
    if statement.layout.difference:
        without = areas_without_figures(draft, key)
        draft.scope.resolvers[f"areas:{key}.{statement.unit.code}"] = Areas(statement, without)


def area_path(key: str, line: str, column: str) -> str:
    """The path of what all areas have together of a line."""
    return f"areas:{key}.all.{line}.{column}"


@dataclass(slots=True)
class Areas:
    """Sums over the service areas, but for some.

    Of many areas some are summed in cells of their own, below one another in a hidden column of the statement, so that
    no formula becomes longer than Excel opens.
    """

    statement: Statement
    without: tuple[Unit, ...] = ()
    _rows: Iterator[int] = field(default_factory=lambda: count(HEADER + 1))

    @property
    def draft(self) -> Draft:
        return self.statement.draft

    @property
    def key(self) -> str:
        return self.statement.key

    def __call__(self, rest: str) -> Sum | float:
        line, column = rest.split(".")
        sums = [cells_of(statement, line, column) for statement in self._statements()]
        whole = Sum(
            tuple(path for one in sums for path in one.added),
            tuple(path for one in sums for path in one.taken),
            tuple(path for one in sums for path in one.needed),
        )
        if column == "figures":
            return self._figures(line, whole)
        return Sum(*map(self._gathered, (whole.added, whole.taken, whole.needed)))

    def _gathered(self, paths: tuple[str, ...]) -> tuple[str, ...]:
        if len(paths) <= MOST_FIGURES:
            return paths
        return tuple(self._cell(Sum(some)) for some in _divided(paths, MOST_FIGURES))

    def _cell(self, node: Node) -> str:
        """The path of a hidden cell that an expression is placed in."""
        sheet, row, column = self.statement.sheet, next(self._rows), self.statement.help_place + 2
        path = f"areas:{sheet.key}.cell.{row}"
        sheet.hidden_columns.add(column)
        sheet.compute(row, column, node, self.draft.scope)
        settle(sheet, row, column)
        self.draft.scope.add_cell(path, sheet, row, column)
        return path

    def _figures(self, line: str, whole: Sum) -> float:
        """How many figures are added or taken away, and how many the whole is made of itself: each may be rounded."""
        if line == INTERNAL:
            return len(whole.added)
        leaves = len(statements_of(self.draft)[f"{self.key}.division"].leaves(line))
        return leaves * (len(self.draft.report.areas) + 1) + len(whole.taken)

    def missing(self, rest: str) -> Node:
        """The names of the areas whose figure is missing."""
        line, column = rest.split(".")
        names = tuple(_name_if_missing(one, cells_of(one, line, column)) for one in self._statements())
        if len(names) > MOST_NAMES:
            names = tuple(Field(self._cell(call("join", *some)), "text") for some in _divided(names, MOST_NAMES))
        return call("join", *names)

    def _statements(self) -> Iterator[Statement]:
        for unit in self.draft.report.areas:
            if unit not in self.without:
                yield statements_of(self.draft)[statement_path(self.draft.report, self.key, unit)]


def _divided(items: tuple[T, ...], size: int) -> Iterator[tuple[T, ...]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def has_eliminations(draft: Draft, whole: Statement) -> bool:
    """Whether some area tells how much of a line is internal."""
    areas = (statements_of(draft)[statement_path(draft.report, whole.key, unit)] for unit in draft.report.areas)
    return any(one.internal in area.layout.table for area in areas for one in whole.section.eliminations)


def cells_of(statement: Statement, line: str, column: str) -> Sum:
    """The cells of one area that make its figure of a line, less what is internal; or all that is internal."""
    eliminations = statement.section.eliminations
    told = [one for one in eliminations if one.internal in statement.layout.table]
    if line == INTERNAL:
        untold = [one for one in eliminations if one not in told]
        needed = (path for one in untold for path in _gross(statement, one.line, column).paths())
        return Sum(tuple(_path(statement, one.internal, column) for one in told), (), tuple(dict.fromkeys(needed)))
    leaves = statement.leaves(line)
    taken = (_path(statement, one.internal, column) for one in told if one.line in leaves)
    return replace(_gross(statement, line, column), taken=tuple(taken))


def _gross(statement: Statement, line: str, column: str) -> Sum:
    """The cell of a line; of a total that is not shown, those of the parts that are."""
    if line in statement.layout.table:
        return Sum((_path(statement, line, column),))
    declared = {one.key: one for one in statement.section.lines}
    parts = [_gross(statement, part, column) for part in shown_parts(declared[line], statement.lines)]
    if parts:
        return Sum(tuple(path for part in parts for path in part.added))
    total = _total_around(statement, line)
    return Sum((), (), (f"leaves:{statement.path}.{total}.{column}",) if total else ())


def _path(statement: Statement, line: str, column: str) -> str:
    return f"{statement.path}.{line}.{column}"


def _total_around(statement: Statement, line: str) -> str | None:
    """The smallest total a line belongs to of which the sheet shows some part."""
    total = next((one for one in statement.section.lines if line in one.parts), None)
    if total is None:
        return None
    if shown_parts(total, statement.lines):
        return total.key
    return _total_around(statement, total.key)


def _name_if_missing(statement: Statement, cells: Sum) -> Node:
    known = call("known", *map(Field, cells.paths()))
    return Choice(known, Constant(""), Constant(statement.unit.short))


__all__ = ["area_path", "has_eliminations", "register_areas"]
