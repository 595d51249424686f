"""What the names of expressions stand for in a planned workbook, and the evaluation of its formulas."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from taulukko.formula.nodes import Node
from taulukko.formula.values import Scalar, Value, number_text, quoted
from taulukko.plan.book import (
    ROW,
    Beside,
    Cell,
    Finder,
    Found,
    Place,
    Range,
    Sheet,
    Target,
    address,
    area_text,
    on_sheet,
)

Resolver = Callable[[str], Place | Node | float]


@dataclass(slots=True)
class Scope(Finder):
    """The names that are the same everywhere: parameters, lists, labels, facts, columns, totals, statement cells.

    Attributes:
        resolvers: by the beginning of a path, what gives its place, an expression or a constant.
    """

    labels: dict[str, str]
    places: dict[str, Place] = field(default_factory=dict)
    resolvers: dict[str, Resolver] = field(default_factory=dict)
    _others: dict[str, Node | float] = field(default_factory=dict)
    _columns: dict[str, list[Scalar]] = field(default_factory=dict)
    key: Hashable = None

    def add_cell(self, path: str, sheet: Sheet, row: int, column: int, text: str = "") -> None:
        self.places[path] = cell_place(sheet, row, column, text)

    def add_column(self, path: str, sheet: Sheet, area: Range, text: str = "") -> None:
        self.places[path] = Place(sheet, area, text or on_sheet(sheet.name, area_text(area)), True)

    def find(self, path: str) -> Place | Node | float | str:
        if path in self.places:
            return self.places[path]
        if path in self._others:
            return self._others[path]
        if path.startswith("label."):
            return self.labels[path[6:]]
        start = ".".join(path.split(".")[:2])
        found = self.resolvers[start](path[len(start) + 1 :])
        if isinstance(found, Place):
            self.places[path] = found
        else:
            self._others[path] = found
        return found

    def refer(self, path: str) -> str:
        found = self.find(path)
        if isinstance(found, Place):
            return found.text
        if isinstance(found, str):
            return quoted(found)
        return number_text(found) if isinstance(found, float | int) else found.excel(self.refer)

    def fetch(self, path: str) -> Value:
        found = self.find(path)
        if isinstance(found, str | float | int):
            return found
        if not isinstance(found, Place):
            return found.value(self.fetch)
        area = found.area
        if not found.many:
            return value_at(found.sheet, area.top, area.left)
        if path not in self._columns:
            self._columns[path] = [value_at(found.sheet, row, area.left) for row in range(area.top, area.bottom + 1)]
        return self._columns[path]

    def forget(self) -> None:
        """Take the columns' values anew from their cells."""
        self._columns.clear()


def cell_place(sheet: Sheet, row: int, column: int, text: str = "") -> Place:
    area = Range(row, column, row, column)
    return Place(sheet, area, text or on_sheet(sheet.name, area_text(area)), False)


@dataclass(slots=True)
class RowScope(Finder):
    """The names of one row: its columns first, then whatever `outer` knows.

    Attributes:
        columns: place of each column.
        text: how a column of the same row is referred to, with ROW for its row number.
        key: rows with the same key share the text of their formulas but for the row numbers.
        beside: columns that stand in another block, in the row `other`.
    """

    outer: Finder
    sheet: Sheet
    row: int
    columns: dict[str, int]
    text: Callable[[str], str]
    key: Hashable = None
    other: int = 0
    beside: Mapping[str, Beside] = field(default_factory=dict)

    def refer(self, path: str) -> str:
        if path in self.beside:
            return self.beside[path].text
        return self.text(path) if path in self.columns else self.outer.refer(path)

    def find(self, path: str) -> Found:
        column = self.columns.get(path)
        if column is None:
            return self.outer.find(path)
        return self.beside.get(path) or cell_place(self.sheet, self.row, column, self.finish(self.text(path)))

    def fetch(self, path: str) -> Value:
        column = self.columns.get(path)
        if column is None:
            return self.outer.fetch(path)
        return value_at(self.sheet, self.other if path in self.beside else self.row, column)

    def finish(self, text: str) -> str:
        return text.replace(ROW, str(self.row + 1)) if ROW in text else text


@dataclass(slots=True)
class CellNames(Finder):
    """Names for some cells of a sheet, for the formulas of one block.

    Attributes:
        fixed: the names of cells that all rows of the block refer to.
    """

    outer: Finder
    sheet: Sheet
    cells: dict[str, tuple[int, int]]
    key: Hashable = None
    fixed: frozenset[str] = frozenset()

    def find(self, path: str) -> Found:
        if path not in self.cells:
            return self.outer.find(path)
        return cell_place(self.sheet, *self.cells[path], self.refer(path))

    def refer(self, path: str) -> str:
        if path not in self.cells:
            return self.outer.refer(path)
        return address(*self.cells[path], fixed=path in self.fixed)

    def fetch(self, path: str) -> Value:
        return value_at(self.sheet, *self.cells[path]) if path in self.cells else self.outer.fetch(path)


@dataclass(slots=True)
class Alias(Finder):
    """Paths that begin with a word stand for others: `unit.x` for `income_statement.VAKA.x`."""

    outer: Finder
    replaced: dict[str, str]
    key: Hashable = None

    def _full(self, path: str) -> str:
        head, _, rest = path.partition(".")
        return f"{self.replaced[head]}.{rest}" if head in self.replaced else path

    def find(self, path: str) -> Found:
        return self.outer.find(self._full(path))

    def refer(self, path: str) -> str:
        return self.outer.refer(self._full(path))

    def fetch(self, path: str) -> Value:
        return self.outer.fetch(self._full(path))


@dataclass(slots=True)
class LinkScope(Finder):
    """In the formula of a link `target` is where it leads."""

    outer: Finder
    target: Target
    key: Hashable = None

    def find(self, path: str) -> Found:
        return self.target if path == "target" else self.outer.find(path)

    def refer(self, path: str) -> str:
        return quoted(self.target.text) if path == "target" else self.outer.refer(path)

    def fetch(self, path: str) -> Value:
        return self.target.text if path == "target" else self.outer.fetch(path)


def value_at(sheet: Sheet, row: int, column: int) -> Scalar:
    """The value of a cell, computed on first sight."""
    cell = sheet.cells.get((row, column))
    if cell is None:
        return None
    if cell.node is not None and not cell.known:
        if cell.known is False:
            raise RecursionError(f"a formula refers to itself: {on_sheet(sheet.name, address(row, column))}")
        cell.known = False
        assert cell.scope is not None
        found = cell.node.value(cell.scope.fetch)
        assert not isinstance(found, list)
        cell.value = "" if found is None else float(found) if isinstance(found, int) else found
        cell.known = True
    return cell.value


def evaluate(sheets: Iterable[Sheet]) -> None:
    """Give every placed expression its value and its Excel text."""
    memos: dict[Hashable, str] = {}
    for sheet in sheets:
        for (row, column), cell in tuple(sheet.cells.items()):
            if cell.node is not None:
                value_at(sheet, row, column)
                cell.formula = _text(cell, memos)


def settle(sheet: Sheet, row: int, column: int) -> None:
    """Give an expression that is placed while others are evaluated its value and its Excel text."""
    value_at(sheet, row, column)
    cell = sheet.cells[row, column]
    cell.formula = _text(cell, {})


def _text(cell: Cell, memos: dict[Hashable, str]) -> str:
    node, scope = cell.node, cell.scope
    assert node is not None and scope is not None
    if scope.key is None:
        return scope.finish(node.excel(scope.refer))
    memo = (scope.key, id(node))
    if memo not in memos:
        memos[memo] = node.excel(scope.refer)
    return scope.finish(memos[memo])
