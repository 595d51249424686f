"""The plan as a program: every formula's tree with what its names stand for, by the scopes that gave its value."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from taulukko.formula.data import Data, to_data
from taulukko.formula.nodes import Node
from taulukko.formula.references import area_of
from taulukko.plan.book import (
    Beside,
    Cell,
    Finder,
    Place,
    Range,
    Sheet,
    Spots,
    Table,
    Target,
    address,
    area_text,
    by_sheet,
    on_sheet,
)
from taulukko.plan.draft import Draft, Proposal
from taulukko.plan.guidance import guidance
from taulukko.plan.scope import RowScope
from taulukko.plan.sent import sent
from taulukko.plan.sheets.records import table_name
from taulukko.program.packed import SCHEMA
from taulukko.program.program import Reference, mark_of

WORDS = 3
"""How many words of a row make its mark."""
NOWHERE = -1
"""The row of an expression that stands in no cell of its own."""


def compile_program(draft: Draft) -> dict[str, object]:
    """The data of the program of an evaluated plan."""
    return _Compiler(draft).compile()


@dataclass(slots=True)
class _Compiler:
    draft: Draft
    sheets: dict[str, int] = field(default_factory=dict)
    titles: dict[str, int] = field(default_factory=dict)
    names: dict[str, list[int]] = field(default_factory=dict)
    columns: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    """What refers to a column of a table, by the text it is written with."""
    trees: dict[str, tuple[int, Data]] = field(default_factory=dict)
    """Each tree and its number, by its text."""
    references: dict[Reference, int] = field(default_factory=dict)
    formulas: dict[tuple[int, ...], int] = field(default_factory=dict)
    _read: dict[int, tuple[int, list[str]]] = field(default_factory=dict)
    _rows: dict[tuple[Hashable, int], int] = field(default_factory=dict)
    _nodes: dict[int, int] = field(default_factory=dict)

    def compile(self) -> dict[str, object]:
        book = self.draft.book
        keys = [key for key in self.draft.sheet_names if key in self.draft.sheets]
        self.sheets = {key: number for number, key in enumerate(keys)}
        sheets, inputs = [self.draft.sheets[key] for key in keys], by_sheet(book.inputs)
        self.titles = {sheet.name: number for number, sheet in enumerate(sheets)}
        for name, target in book.names.items():
            found = area_of(target)
            assert found is not None
            self.names[name] = [self.titles[found[0]], *found[1]]
        tables = [table for sheet in sheets for table in sheet.tables]
        for number, table in enumerate(tables):
            for place, header in enumerate(table.headers, table.area.left):
                self.columns[f"{table.name}[{header}]"] = ("column", number, place)
                self.columns[f"{table.name}[[#This Row],[{header}]]"] = ("this", number, place)
        return {
            "schema": SCHEMA,
            "language": book.language,
            "sheets": [
                [sheet.key, sheet.name, self._cells(sheet), _marks(sheet, inputs.get(sheet.key, {}))]
                for sheet in sheets
            ],
            "names": self.names,
            "tables": [self._table(sheet, table) for sheet in sheets for table in sheet.tables],
            "proposals": [self._proposal(one) for one in self.draft.proposals],
            "formulas": [list(one) for one in self.formulas],
            "references": [list(one) for one in self.references],
            "trees": [tree for _, tree in self.trees.values()],
            "sent": sent(sheets, inputs, tuple(self.draft.template.theme.formats.values())),
            **guidance(self.draft, sheets),
        }

    def _cells(self, sheet: Sheet) -> list[list[int]]:
        """Each formula with the rows and columns where it stands."""
        placed: dict[int, list[int]] = {}
        for (row, column), cell in sheet.cells.items():
            if cell.node is not None and not _within(sheet, row, column):
                placed.setdefault(self._formula(sheet, row, cell), []).extend((row, column))
        return [[formula, *places] for formula, places in placed.items()]

    def _table(self, sheet: Sheet, table: Table) -> list[object]:
        area = table.area
        key = table.name.removeprefix(table_name(""))
        declared = self.draft.template.records()[key].columns
        own = next(c.key for c in declared if c.role == "key")
        place = self.draft.scope.places[f"{key}.{own}"].area.left
        rows = range(area.top + 1, area.bottom + 1)
        computed = [
            [column, self._formula(sheet, area.top + 1, sheet.cells[area.top + 1, column])]
            for column in sorted(table.computed)
        ]
        keys = [str(sheet.cells[row, place].value or "") for row in rows]
        whole = [self.sheets[sheet.key], area.top, area.left, area.bottom, area.right]
        named = {c.key: self.draft.scope.places[f"{key}.{c.key}"].area.left for c in declared if c.role == "computed"}
        return [table.name, whole, keys, place, computed, named]

    def _proposal(self, one: Proposal) -> list[object]:
        area, sheet = one.area, one.scope.sheet
        formula = self._expression(one.node, one.scope, sheet, area.top)
        return [one.name, formula, self.sheets[sheet.key], area.top, area.left, area.bottom, area.right]

    def _formula(self, sheet: Sheet, row: int, cell: Cell) -> int:
        """The number of a cell's formula; rows with one key share it."""
        node, scope = cell.node, cell.scope
        assert node is not None and scope is not None
        if not isinstance(scope, RowScope) or scope.key is None:
            return self._expression(node, scope, sheet, row)
        memo = (scope.key, id(node))
        if memo not in self._rows:
            self._rows[memo] = self._expression(node, scope, sheet, row)
        return self._rows[memo]

    def _expression(self, node: Node, scope: Finder, sheet: Sheet | None, row: int) -> int:
        tree, paths = self._tree(node)
        numbers = [self._reference(path, scope, sheet, row) for path in paths]
        return self.formulas.setdefault((tree, *numbers), len(self.formulas))

    def _tree(self, node: Node) -> tuple[int, list[str]]:
        """The number of a tree whose names are numbered, and the names."""
        if id(node) not in self._read:
            paths: dict[str, str] = {}
            data = to_data(node, lambda path: paths.setdefault(path, str(len(paths))))
            number, _ = self.trees.setdefault(repr(data), (len(self.trees), data))
            self._read[id(node)] = number, list(paths)
        return self._read[id(node)]

    def _reference(self, path: str, scope: Finder, sheet: Sheet | None, row: int) -> int:
        found = scope.find(path)
        data: Reference
        if isinstance(found, Target):
            data = ("link", self.sheets[found.key], found.row, found.column)
        elif isinstance(found, Beside):
            data = ("beside", *found)
        elif isinstance(found, Place):
            data = self._place(found, sheet, row)
        elif isinstance(found, str | float | int):
            data = ("=", found)
        else:
            if id(found) not in self._nodes:
                self._nodes[id(found)] = self._expression(found, self.draft.scope, None, NOWHERE)
            data = ("node", self._nodes[id(found)])
        return self.references.setdefault(data, len(self.references))

    def _place(self, place: Place, sheet: Sheet | None, row: int) -> Reference:
        """How a formula writes the cells it refers to, in a way that holds wherever they stand later.

        Raises:
            LookupError: it writes them in no known way.
        """
        area, text = place.area, place.text
        if text in self.names:
            return "names" if place.many else "name", text
        if text in self.columns:
            return self.columns[text]
        if place.sheet is sheet:
            for fixed, written in enumerate(_spellings(area)):
                if text == written and area.top == row and not place.many:
                    return "row", fixed, area.left
                if text == written and not place.many:
                    return "own", fixed, area.top, area.left
            if place.many and text == f"{address(area.top, area.left, True)}:{address(area.bottom, area.right, True)}":
                return "own", 2, area.top, area.left, area.bottom, area.right
        if text == on_sheet(place.sheet.name, area_text(area)):
            whole = (area.top, area.left, area.bottom, area.right)
            return "far", self.sheets[place.sheet.key], *(whole if place.many else whole[:2])
        raise LookupError(text)


def _spellings(area: Range) -> tuple[str, str, str]:
    """E12, $E12, $E$12."""
    plain = address(area.top, area.left)
    return plain, f"${plain}", address(area.top, area.left, fixed=True)


def _within(sheet: Sheet, row: int, column: int) -> bool:
    """Whether a cell is one of a table's computed ones."""
    return any(t.area.top < row <= t.area.bottom and column in t.computed for t in sheet.tables)


def _marks(sheet: Sheet, inputs: Spots) -> list[list[int]]:
    """Row, mark and columns of the first words of each row outside the tables that nobody fills in."""
    filled = {(spot.row, spot.column) for spot in inputs.values()}
    within = {row for table in sheet.tables for row in range(table.area.top, table.area.bottom + 1)}
    words: dict[int, list[tuple[int, str]]] = {
        table.area.top: list(enumerate(table.headers, table.area.left)) for table in sheet.tables
    }
    for (row, column), cell in sheet.cells.items():
        fixed = cell.node is None and not cell.formula and row not in within and (row, column) not in filled
        if fixed and isinstance(cell.value, str) and cell.value.strip():
            words.setdefault(row, []).append((column, cell.value))
    return [[row, *_mark(sorted(words[row])[:WORDS])] for row in sorted(words)]


def _mark(words: list[tuple[int, str]]) -> list[int]:
    return [mark_of(word for _, word in words), *(column for column, _ in words)]


__all__ = ["compile_program"]
