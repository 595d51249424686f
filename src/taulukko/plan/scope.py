"""What the names of expressions stand for in a planned workbook, and the evaluation of its formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from taulukko.formula.nodes import Node, is_number, number_text, quoted
from taulukko.plan.book import Cell, Range, Sheet, address, area_text, on_sheet

ROW, NOTE = "\x00", "\x01"
"""Stand in a formula for the number of the row, and of the row of its notes."""


@dataclass(slots=True)
class Place:
    """A cell or a column of cells that expressions may name."""

    sheet: Sheet
    area: Range
    text: str
    """How a formula refers to it: a defined name, a table column or an address."""
    many: bool


@dataclass(frozen=True, slots=True)
class Sum:
    """What a path is the sum of, by its parts' paths; missing while one of them is.

    Attributes:
        added: what is added up.
        taken: what is taken away from that.
        needed: what must be known as well, though it is not added.
    """

    added: tuple[str, ...]
    taken: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        return (*self.added, *self.taken, *self.needed)


Resolver = Callable[[str], "Place | Sum | Node | float"]


@dataclass(slots=True)
class Scope:
    """The names that are the same everywhere: parameters, lists, labels, facts, columns, totals, statement cells.

    Attributes:
        resolvers: by the beginning of a path, what gives its place, what it is the sum of, an expression or a constant.
    """

    labels: dict[str, str]
    places: dict[str, Place] = field(default_factory=dict)
    resolvers: dict[str, Resolver] = field(default_factory=dict)
    _sums: dict[str, Sum] = field(default_factory=dict)
    _nodes: dict[str, Node] = field(default_factory=dict)
    _constants: dict[str, float] = field(default_factory=dict)
    _columns: dict[str, list[Any]] = field(default_factory=dict)
    key: Any = None

    def add_cell(self, path: str, sheet: Sheet, row: int, column: int, text: str = "") -> None:
        self.places[path] = cell_place(sheet, row, column, text)

    def add_column(self, path: str, sheet: Sheet, area: Range, text: str = "") -> None:
        self.places[path] = Place(sheet, area, text or on_sheet(sheet.name, area_text(area)), True)

    def refer(self, path: str) -> str:
        if path.startswith("label."):
            return quoted(self.labels[path[6:]])
        self._resolve(path)
        if path in self._sums:
            return self._sum_text(self._sums[path])
        if path in self._nodes:
            return self._nodes[path].excel(self.refer)
        return number_text(self._constants[path]) if path in self._constants else self.places[path].text

    def fetch(self, path: str) -> Any:
        if path.startswith("label."):
            return self.labels[path[6:]]
        self._resolve(path)
        if path in self._sums:
            return self._sum_value(self._sums[path])
        if path in self._nodes:
            return self._nodes[path].value(self.fetch)
        if path in self._constants:
            return self._constants[path]
        place = self.places[path]
        area = place.area
        if not place.many:
            return value_at(place.sheet, area.top, area.left)
        if path not in self._columns:
            self._columns[path] = [value_at(place.sheet, row, area.left) for row in range(area.top, area.bottom + 1)]
        return self._columns[path]

    def _sum_text(self, whole: Sum) -> str:
        if not whole.added:
            return '""'
        cells, added, taken = (",".join(map(self.refer, paths)) for paths in (whole.paths, whole.added, whole.taken))
        less = f"-SUM({taken})" if taken else ""
        return f'IF(COUNT({cells})<{len(whole.paths)},"",SUM({added}){less})'

    def _sum_value(self, whole: Sum) -> float | None:
        if not whole.added or not all(is_number(self.fetch(path)) for path in whole.paths):
            return None
        added, taken = (sum(map(self.fetch, paths)) for paths in (whole.added, whole.taken))
        return float(added - taken)

    def forget(self) -> None:
        """Take the columns' values anew from their cells."""
        self._columns.clear()

    def _resolve(self, path: str) -> None:
        if any(path in known for known in (self.places, self._sums, self._nodes, self._constants)):
            return
        start = ".".join(path.split(".")[:2])
        found = self.resolvers[start](path[len(start) + 1 :])
        if isinstance(found, Place):
            self.places[path] = found
        elif isinstance(found, Sum):
            self._sums[path] = found
        elif isinstance(found, float | int):
            self._constants[path] = found
        else:
            self._nodes[path] = found

    def finish(self, text: str) -> str:
        return text


def cell_place(sheet: Sheet, row: int, column: int, text: str = "") -> Place:
    area = Range(row, column, row, column)
    return Place(sheet, area, text or on_sheet(sheet.name, area_text(area)), False)


@dataclass(slots=True)
class RowScope:
    """The names of one row: its columns first, then whatever `outer` knows.

    Attributes:
        columns: place of each column.
        text: how a column of the same row is referred to, with ROW or NOTE for its row number.
        key: rows with the same key share the text of their formulas but for the row numbers.
        notes: columns that stand in the row `note_row` instead.
    """

    outer: Any
    sheet: Sheet
    row: int
    columns: dict[str, int]
    text: Callable[[str], str]
    key: Any = None
    note_row: int = 0
    notes: frozenset[str] = frozenset()

    def refer(self, path: str) -> str:
        return self.text(path) if path in self.columns else self.outer.refer(path)

    def fetch(self, path: str) -> Any:
        column = self.columns.get(path)
        if column is None:
            return self.outer.fetch(path)
        return value_at(self.sheet, self.note_row if path in self.notes else self.row, column)

    def finish(self, text: str) -> str:
        if ROW in text:
            text = text.replace(ROW, str(self.row + 1))
        return text.replace(NOTE, str(self.note_row + 1)) if NOTE in text else text


@dataclass(slots=True)
class CellNames:
    """Names for some cells of a sheet, for the formulas of one block."""

    outer: Scope
    sheet: Sheet
    cells: dict[str, tuple[int, int]]
    key: Any = None

    def refer(self, path: str) -> str:
        return address(*self.cells[path]) if path in self.cells else self.outer.refer(path)

    def fetch(self, path: str) -> Any:
        return value_at(self.sheet, *self.cells[path]) if path in self.cells else self.outer.fetch(path)

    def finish(self, text: str) -> str:
        return text


@dataclass(slots=True)
class Alias:
    """Paths that begin with a word stand for others: `unit.x` for `income_statement.VAKA.x`."""

    outer: Scope
    replaced: dict[str, str]
    key: Any = None

    def _full(self, path: str) -> str:
        head, _, rest = path.partition(".")
        return f"{self.replaced[head]}.{rest}" if head in self.replaced else path

    def refer(self, path: str) -> str:
        return self.outer.refer(self._full(path))

    def fetch(self, path: str) -> Any:
        return self.outer.fetch(self._full(path))

    def finish(self, text: str) -> str:
        return text


def value_at(sheet: Sheet, row: int, column: int) -> Any:
    """The value of a cell, computed on first sight."""
    cell = sheet.cells.get((row, column))
    if cell is None:
        return None
    if cell.node is not None and not cell.known:
        if cell.known is False:
            raise RecursionError(f"a formula refers to itself: {on_sheet(sheet.name, address(row, column))}")
        cell.known = False
        found = cell.node.value(cell.scope.fetch)
        cell.value = "" if found is None else float(found) if type(found) in (int, bool) else found
        cell.known = True
    return cell.value


def evaluate(sheets: Iterable[Sheet]) -> None:
    """Give every placed expression its value and its Excel text."""
    memos: dict[Any, str] = {}
    for sheet in sheets:
        for (row, column), cell in sheet.cells.items():
            if cell.node is not None:
                value_at(sheet, row, column)
                cell.formula = _text(cell, memos)


def _text(cell: Cell, memos: dict[Any, str]) -> str:
    node, scope = cell.node, cell.scope
    assert node is not None
    if scope.key is None:
        return str(scope.finish(node.excel(scope.refer)))
    memo = (scope.key, id(node))
    if memo not in memos:
        memos[memo] = node.excel(scope.refer)
    return str(scope.finish(memos[memo]))
