"""What a cell is called: by the words that stand beside it."""

from __future__ import annotations

from collections.abc import Iterable

from taulukko.program.evaluation import Evaluation, Spot

LONGEST = 80
"""Characters of a text that a name or a finding shows."""


class Names:
    """The names of cells: in a table the first text that somebody has written in the row, elsewhere the nearest words
    on the left that nobody fills in; or else the first words of the row.
    """

    def __init__(self, evaluation: Evaluation):
        layout = evaluation.layout
        self.evaluation = evaluation
        self.free: list[list[int]] = [[] for _ in layout.program.tables]
        self.typed: set[Spot] = set()
        for one in layout.program.inputs:
            if one.area.sheet in layout.lost:
                continue
            area, column = one.area, layout.column(one.area.sheet, one.area.left)
            number = layout.program.table_of(area)
            if number is None:
                self.typed |= {Spot(area.sheet, row, column) for row in layout.all_rows(area)}
            elif one.rule.kind == "length":
                self.free[number].append(column)

    def __call__(self, spot: Spot) -> str:
        row = [Spot(spot.sheet, spot.row, column) for column in range(self._width(spot))]
        return self._first(self._beside(spot)) or self._first(
            one for one in row if one != spot or one in self.evaluation.formulas
        )

    def _width(self, spot: Spot) -> int:
        rows = self.evaluation.layout.book.values[self.evaluation.layout.titles[spot.sheet]]
        return len(rows[spot.row]) if spot.row < len(rows) else 0

    def _beside(self, spot: Spot) -> Iterable[Spot]:
        layout = self.evaluation.layout
        for table, rows, columns in zip(layout.program.tables, layout.rows, self.free, strict=True):
            if table.area.sheet == spot.sheet and spot.row in rows:
                return (one for column in columns if (one := spot._replace(column=column)) != spot)
        left = (spot._replace(column=column) for column in reversed(range(spot.column)))
        return (one for one in left if one not in self.typed and one not in self.evaluation.formulas)

    def _first(self, spots: Iterable[Spot]) -> str:
        """The first words in some cells."""
        values = (self.evaluation.value(spot) for spot in spots)
        words = next((value.strip() for value in values if isinstance(value, str) and value.strip()), "")
        return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


__all__ = ["LONGEST", "Names"]
