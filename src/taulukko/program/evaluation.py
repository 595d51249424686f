"""The values of a program's formulas in a workbook as it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import repeat
from math import isfinite
from typing import NamedTuple

from taulukko.formula.addresses import NOTES_KEY
from taulukko.formula.values import Scalar, Value
from taulukko.program.host import Rows, clean
from taulukko.program.layout import GoneError, Layout, LostError
from taulukko.program.program import Reference
from taulukko.program.texts import Texts

UNCOMPUTED: tuple[type[Exception], ...] = (TypeError, ValueError, AttributeError, ArithmeticError)
UNCOMPUTED += (RecursionError, GoneError)
"""What an expression may run into when somebody's input is of a kind it is not made for."""


class Spot(NamedTuple):
    """A cell as it stands now, by the number of its sheet."""

    sheet: int
    row: int
    column: int


@dataclass(slots=True, repr=False)
class Evaluation:
    """Computes each cell when it is first asked for.

    Attributes:
        formulas: the number of the formula of each computed cell, sheet by sheet and row by row.
        unknown: the cells that are computed from a sheet that is not recognised, once their values are asked for.
        texts: how formulas are written.
    """

    layout: Layout
    formulas: dict[Spot, int] = field(default_factory=dict)
    unknown: set[Spot] = field(default_factory=set)
    texts: Texts = field(init=False)
    _values: dict[Spot, Scalar] = field(default_factory=dict)
    _fetched: dict[tuple[int, int], Value] = field(default_factory=dict)
    """What a reference stands for on a sheet, unless it is to the row of the formula."""
    _columns: dict[tuple[int, int], list[Scalar] | None] = field(default_factory=dict)
    """The values of a table's columns, by the number of the table and the column's place; None while computed."""
    _computed_there: dict[tuple[int, int], list[tuple[int, int]]] = field(default_factory=dict)
    """The computed columns of tables, likewise, by the sheet and the column where they stand now."""
    _rows: list[Rows] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.texts = Texts(self.layout)
        self._rows = [self.layout.book.values.get(title, ()) for title in self.layout.titles]
        for number, table in enumerate(self.layout.program.tables):
            for place in () if table.area.sheet in self.layout.lost else table.computed:
                there = (table.area.sheet, self.layout.column(table.area.sheet, place))
                self._computed_there.setdefault(there, []).append((number, place))

    def needed(self, spots: Iterable[Spot]) -> set[Spot]:
        """The computed cells among some, and those they are computed from; of a table's column all."""
        fresh, found = Evaluation(self.layout, self.formulas), set[Spot]()
        for spot in spots:
            fresh.value(spot)
        for number, place in fresh._columns:
            if self._is_computed(number, place):
                sheet = self.layout.program.tables[number].area.sheet
                column = self.layout.column(sheet, place)
                found |= {Spot(sheet, row, column) for row in self.layout.rows[number]}
        return found.union(fresh._values)

    def value(self, spot: Spot) -> Scalar:
        """What a cell shows: what its formula gives, or what stands in it."""
        if spot in self._values:
            return self._values[spot]
        formula = self.formulas.get(spot)
        if formula is None:
            return self._shown(*spot)
        for table, place in self._computed_there.get((spot.sheet, spot.column), ()):
            rows = self.layout.rows[table]
            if spot.row in rows and (column := self._column(table, place)) is not None:
                return column[spot.row - rows.start]
        self._values[spot] = None
        self._values[spot] = found = self.computed(formula, spot)
        return found

    def _column(self, table: int, place: int) -> list[Scalar] | None:
        """The values of a table's column, row by row; None while they are being computed."""
        key = (table, place)
        if key not in self._columns:
            sheet = self.layout.program.tables[table].area.sheet
            column, rows = self.layout.column(sheet, place), self.layout.rows[table]
            self._columns[key] = None
            formula = self.layout.program.tables[table].computed.get(place)
            if formula is None:
                self._columns[key] = [self._shown(sheet, row, column) for row in rows]
            else:
                self._columns[key] = self._computed_column(formula, table, Spot(sheet, rows.start, column))
        return self._columns[key]

    def _computed_column(self, number: int, table: int, first: Spot) -> list[Scalar]:
        """What a formula gives in each row of a table, from a spot on; once for rows with the same operands."""
        node, references = self.layout.program.formulas[number]
        rows, beside = self.layout.rows[table], dict[str, list[Scalar]]()
        for path, one in enumerate(references):
            kind, *parts = self.layout.program.references[one]
            if kind == "row":
                return [self.computed(number, first._replace(row=row)) for row in rows]
            if kind == "this":
                column = self._column(table, parts[1])
                if column is None or bool in set(map(type, column)):  # true is no number and yet equals one
                    return [self.computed(number, first._replace(row=row)) for row in rows]
                beside[str(path)] = column
        known: dict[tuple[Scalar, ...], Scalar] = {}
        found: list[Scalar] = []

        def fetch(path: str) -> Value:
            place = len(found)
            return beside[path][place] if path in beside else self._fetch(references[int(path)], first)

        for row, key in zip(rows, zip(*beside.values(), strict=True) if beside else repeat(()), strict=False):
            if key not in known:
                try:
                    known[key] = _as_shown(node.value(fetch))
                except LostError:
                    self.unknown.add(first._replace(row=row))
                    found.append(self._shown(first.sheet, row, first.column))
                    continue
                except UNCOMPUTED:
                    found.append(self._shown(first.sheet, row, first.column))
                    continue
            found.append(known[key])
        return found

    def _shown(self, sheet: int, row: int, column: int) -> Scalar:
        rows = self._rows[sheet]
        return clean(rows[row][column]) if row < len(rows) and column < len(rows[row]) else None

    def computed(self, number: int, spot: Spot) -> Scalar:
        """What a formula, by its number, gives in a cell; where it cannot be computed, what the cell shows."""
        try:
            return _as_shown(self.layout.program.formulas[number].node.value(self._fetcher(number, spot)))
        except LostError:
            self.unknown.add(spot)
            return self._shown(*spot)
        except UNCOMPUTED:
            return self._shown(*spot)

    def _fetcher(self, number: int, spot: Spot) -> Callable[[str], Value]:
        references = self.layout.program.formulas[number].references

        def fetch(path: str) -> Value:
            return self._fetch(references[int(path)], spot)

        return fetch

    def _fetch(self, number: int, spot: Spot) -> Value:
        key = (number, spot.sheet)
        if key in self._fetched:
            return self._fetched[key]
        reference = self.layout.program.references[number]
        if reference[0] in ("row", "this"):
            return self.value(Spot(spot.sheet, spot.row, self.layout.column(spot.sheet, reference[2])))
        if reference[0] == "beside":
            return self.value(self._beside(reference[1:], spot))
        self._fetched[key] = found = self._everywhere(reference, spot)
        return found

    def _beside(self, parts: Reference, spot: Spot) -> Spot:
        """The cell of a line's other row.

        Raises:
            GoneError: the line has none.
        """
        column, keys, top, bottom, into = parts
        place = self.layout.column(spot.sheet, keys)
        key = str(self._shown(spot.sheet, spot.row, place))
        wanted = into + key if into else key.removeprefix(NOTES_KEY)
        for row in range(self.layout.standing(spot.sheet, top), self.layout.standing(spot.sheet, bottom) + 1):
            if self._shown(spot.sheet, row, place) == wanted:
                return Spot(spot.sheet, row, self.layout.column(spot.sheet, column))
        raise GoneError

    def _everywhere(self, reference: Reference, spot: Spot) -> Value:
        """What a reference stands for in whatever row of a sheet."""
        kind, *parts = reference
        match kind:
            case "=":
                constant: Scalar = parts[0]
                return constant
            case "link":
                return self.texts.link(*parts)
            case "node":
                node = self.layout.program.formulas[parts[0]].node
                return node.value(self._fetcher(parts[0], spot))
            case "column" if (column := self._column(parts[0], parts[1])) is not None:
                return column
        spots = self._spots(reference, spot)
        if _is_many(reference):
            return [self.value(one) for one in spots]
        return next((self.value(one) for one in spots), None)

    def _is_computed(self, table: int, place: int) -> bool:
        return place in self.layout.program.tables[table].computed

    def _spots(self, reference: Reference, spot: Spot) -> Iterator[Spot]:
        """The cells of a reference as they stand now."""
        sheet, top, left, bottom, _ = self.layout.program.area_of(reference, spot.sheet)
        column = self.layout.column(sheet, left)
        if reference[0] == "column":
            yield from (Spot(sheet, row, column) for row in self.layout.rows[reference[1]])
            return
        first, last = self.layout.row(sheet, top), self.layout.row(sheet, bottom)
        if first is not None and last is not None:
            yield from (Spot(sheet, row, column) for row in range(first, last + 1))

    def text(self, spot: Spot) -> str:
        """The Excel text of a cell's formula without the equals sign; empty when cells it refers to are gone."""
        return self.texts.text(self.formulas[spot], spot.sheet, spot.row)

    def holds(self, spot: Spot, formula: str) -> bool:
        """Whether a formula, without its equals sign, is that of a cell, however it is spelled."""
        return self.texts.is_text_of(formula, self.formulas[spot], spot.sheet, spot.row)


def _as_shown(found: Value) -> Scalar:
    if isinstance(found, list):
        raise TypeError("a range")
    if isinstance(found, float) and not isfinite(found):
        return ""
    return "" if found is None else float(found) if isinstance(found, int) else found


def _is_many(reference: Reference) -> bool:
    """Whether a reference is to a range, be it of one cell."""
    match reference:
        case ("names" | "column", *_):
            return True
        case ("own", _, *parts) | ("far", _, *parts):
            return len(parts) > 2
    return False


def evaluate(layout: Layout) -> Evaluation:
    """The evaluation of a whole workbook, with every computed cell in its place."""
    evaluation = Evaluation(layout)
    recognised = {*range(len(layout.program.sheets))} - layout.lost.keys()
    for number in sorted(recognised):
        for (row, column), formula in layout.program.sheets[number].cells.items():
            now = layout.row(number, row)
            if now is not None:
                evaluation.formulas[Spot(number, now, layout.column(number, column))] = formula
    for table, rows in zip(layout.program.tables, layout.rows, strict=True):
        there = table.area.sheet
        if there not in recognised:
            continue
        computed = [(layout.column(there, column), formula) for column, formula in table.computed.items()]
        evaluation.formulas |= {Spot(there, row, column): formula for row in rows for column, formula in computed}
    evaluation.formulas = dict(sorted(evaluation.formulas.items()))
    return evaluation


__all__ = ["Spot", "Evaluation", "evaluate"]
