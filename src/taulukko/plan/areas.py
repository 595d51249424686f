"""What the service areas make together: sums of their cells for the whole, and which of them a figure is missing of.

A line that an area's sheet does not show is none of that area's, once the figures of the total it belongs to are known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from taulukko.formula.nodes import Choice, Constant, Field, Node
from taulukko.formula.parse import call
from taulukko.model import Unit
from taulukko.plan.draft import Draft
from taulukko.plan.scope import Sum
from taulukko.plan.statement import Statement, areas_without_figures, shown_parts, statement_path


def register_areas(statement: Statement) -> None:
    """Make the sums over the areas known: `areas:SECTION.all` and, for the difference block, `areas:SECTION.CODE`."""
    draft, key = statement.draft, statement.key
    sums = Areas(draft, key)
    if statement.unit is draft.report.whole:
        draft.scope.resolvers[f"areas:{key}.all"] = sums
        draft.scope.resolvers[f"missing:{key}.all"] = sums.missing
    if statement.layout.difference:
        without = areas_without_figures(draft.report, statement.section)
        draft.scope.resolvers[f"areas:{key}.{statement.unit.code}"] = Areas(draft, key, without)


def area_path(key: str, line: str, column: str) -> str:
    """The path of what all areas have together of a line."""
    return f"areas:{key}.all.{line}.{column}"


@dataclass(slots=True)
class Areas:
    """Sums over the service areas, but for some."""

    draft: Draft
    key: str
    without: tuple[Unit, ...] = ()

    def __call__(self, rest: str) -> Sum | float:
        line, column = rest.split(".")
        if column == "rounding":
            division = self.draft.statements[f"{self.key}.division"]
            return len(division.leaves(line)) * (len(self.draft.report.areas) + 1) / 2
        sums = [cells_of(statement, line, column) for statement in self._statements()]
        return Sum(
            tuple(path for one in sums for path in one.added),
            tuple(path for one in sums for path in one.taken),
            tuple(path for one in sums for path in one.needed),
        )

    def missing(self, rest: str) -> Node:
        """The names of the areas whose figure is missing."""
        line, column = rest.split(".")
        return call("join", *(_name_if_missing(one, cells_of(one, line, column)) for one in self._statements()))

    def _statements(self) -> Iterator[Statement]:
        for unit in self.draft.report.areas:
            if unit not in self.without:
                yield self.draft.statements[statement_path(self.draft.report, self.key, unit)]


def cells_of(statement: Statement, line: str, column: str) -> Sum:
    """The cells of one area that make its figure of a line; of a total it does not show, those of the parts it does."""
    if line in statement.layout.table:
        return Sum((f"{statement.path}.{line}.{column}",))
    declared = {one.key: one for one in statement.section.lines}
    parts = [cells_of(statement, part, column) for part in shown_parts(declared[line], statement.lines)]
    if parts:
        return Sum(tuple(path for part in parts for path in part.added))
    total = _total_around(statement, line)
    return Sum((), (), (f"leaves:{statement.path}.{total}.{column}",) if total else ())


def _total_around(statement: Statement, line: str) -> str | None:
    """The smallest total a line belongs to of which the sheet shows some part."""
    total = next((one for one in statement.section.lines if line in one.parts), None)
    if total is None:
        return None
    if shown_parts(total, statement.lines):
        return total.key
    return _total_around(statement, total.key)


def _name_if_missing(statement: Statement, cells: Sum) -> Node:
    known = call("known", *map(Field, cells.paths))
    return Choice(known, Constant(""), Constant(statement.unit.short))


__all__ = ["area_path", "register_areas"]
