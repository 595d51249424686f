"""A workbook as plain data: sheets of placed cells with their rules, validations and charts. No file library here."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple, Protocol

from taulukko.formula import addresses
from taulukko.formula.nodes import Node
from taulukko.formula.values import Scalar, Value

ROW = "\x00"
"""Stands in a formula for the number of the row."""


@dataclass(slots=True)
class Cell:
    """What stands in one cell.

    Attributes:
        value: a day is its number; for a formula what Excel would compute.
        style: words of the theme, such as `euro input`.
        formula: Excel text without the equals sign, empty for a constant.
        node: the expression behind a formula; `evaluate` makes formula and value from it.
        scope: what the expression's names stand for.
    """

    value: Scalar = None
    style: str = ""
    formula: str = ""
    node: Node | None = field(default=None, repr=False)
    scope: Finder | None = field(default=None, repr=False)
    known: bool | None = None
    """Whether a formula's value is known: None not begun, False under way."""


@dataclass(slots=True)
class Range:
    """Rows and columns of a sheet, from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Table:
    name: str
    area: Range
    headers: list[str]
    header_styles: list[str]
    computed: frozenset[int]
    """Columns of the sheet that Excel goes on computing in rows added below."""


@dataclass(slots=True)
class Validation:
    """What may be typed into a range.

    Attributes:
        kind: list, decimal, whole, date, length or locked (nothing may be typed).
        source: name of the list.
        warn: let it pass after a question.
    """

    area: Range
    kind: str
    source: str = ""
    minimum: float | None = None
    maximum: float | None = None
    title: str = ""
    message: str = ""
    prompt: str = ""
    warn: bool = False


@dataclass(slots=True)
class Rule:
    """How cells look while something holds.

    Attributes:
        equals: name of a label; the cell says that word.
        formula: Excel text for the upper left cell of the area, otherwise.
        tone: look of the theme, or `input` for the fill of an input cell.
        symbol: put the tone's symbol before the word.
        fill: fill key of the tone: fill, matrix or none.
    """

    area: Range
    tone: str
    equals: str = ""
    formula: str = ""
    symbol: bool = True
    fill: str = "fill"


@dataclass(slots=True)
class Series:
    name: str
    sheet: str
    categories: Range
    values: Range
    colour: str
    gap: int = 60


@dataclass(slots=True)
class Chart:
    kind: str
    title: str
    alt: str
    row: int
    column: int
    width: int
    height: int
    series: list[Series]
    maximum: float | None = None
    gridline: float | None = None
    number_format: str = ""
    bare: bool = False


@dataclass(slots=True)
class Sparkline:
    """A small line in a cell, of the figures of some columns of its row."""

    row: int
    column: int
    left: int
    right: int


@dataclass(slots=True)
class Button:
    """A button that runs a macro, or leads to a cell whose selection an add-in notices; it is not printed.

    Attributes:
        row, column: of the cell in whose left upper corner it stands.
        left: pixels from there to the right.
        width, height: in pixels.
        text: what it says.
        alt: what it does, for those who do not see it.
        macro: name of the procedure.
        name: by which an add-in knows it.
        target: the cell it leads to.
    """

    row: int
    column: int
    left: int
    width: int
    height: int
    text: str
    alt: str
    macro: str = ""
    name: str = ""
    target: str = ""


@dataclass(slots=True)
class Sheet:
    key: str
    name: str
    title: str = ""
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    hidden_columns: set[int] = field(default_factory=set)
    heights: dict[int, float] = field(default_factory=dict)
    notes: dict[tuple[int, int], str] = field(default_factory=dict)
    """What is said of a cell when somebody points at it."""
    prose_rows: dict[int, list[int]] = field(default_factory=dict)
    """Rows that must be high enough for their wrapped columns; `set_row_heights` gives them their heights."""
    prose_heights: dict[int, float] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    validations: list[Validation] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    sparklines: list[Sparkline] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)
    landscape: bool = True
    protected: bool = False
    hidden: bool = False
    very_hidden: bool = False
    one_page: bool = False
    print_area: Range | None = None
    repeat: tuple[int, int] | None = None
    freeze: tuple[int, int] | None = None
    filter: Range | None = None
    breaks: list[int] = field(default_factory=list)
    footer: str = ""

    def put(self, row: int, column: int, value: Scalar, style: str = "") -> None:
        self.cells[row, column] = Cell(value, style)

    def compute(self, row: int, column: int, node: Node, scope: Finder, style: str = "") -> None:
        """Place an expression; `evaluate` gives it formula and value once everything is placed."""
        self.cells[row, column] = Cell(None, style, "", node, scope)

    def link(self, row: int, column: int, target: str, text: str, style: str = "link") -> None:
        """A link inside the workbook, as a formula, whose value is its text."""
        quoted = text.replace('"', '""')
        self.cells[row, column] = Cell(text, style, f'HYPERLINK("#{target}","{quoted}")')


@dataclass(slots=True)
class Place:
    """A cell or a column of cells that expressions may name."""

    sheet: Sheet
    area: Range
    text: str
    """How a formula refers to it: a defined name, a table column or an address."""
    many: bool


class Beside(NamedTuple):
    """The cell of a column in the row of another block of a sheet that has the key of the own row.

    Attributes:
        keys: column of the keys.
        top, bottom: the rows of the other block.
        into: what the keys of those rows begin with.
    """

    column: int
    keys: int
    top: int
    bottom: int
    into: str

    @property
    def text(self) -> str:
        columns = map(addresses.letters, (self.column, self.keys))
        cells, keys = (f"${one}${self.top + 1}:${one}${self.bottom + 1}" for one in columns)
        return addresses.beside_text(cells, keys, f"${addresses.letters(self.keys)}{ROW}", self.into)


class Target(NamedTuple):
    """The cell that a link leads to."""

    key: str
    title: str
    row: int
    column: int

    @property
    def text(self) -> str:
        return "#" + on_sheet(self.title, address(self.row, self.column))


Found = Place | Beside | Target | Node | float | str
"""What a name stands for: cells, where a link leads, another expression or a constant."""


class Finder(Protocol):
    """Gives the names in an expression their meaning.

    Attributes:
        key: rows with the same key share the text of their formulas but for the row numbers.
    """

    key: Hashable

    def find(self, path: str) -> Found:
        """What a name stands for."""

    def refer(self, path: str) -> str:
        """How a formula refers to it."""

    def fetch(self, path: str) -> Value:
        """Its value, or the values of its cells."""

    def finish(self, text: str) -> str:
        """A formula for the very cell that it stands in."""
        return text


class Spot(NamedTuple):
    """A cell of a sheet, known by the sheet's key."""

    sheet: str
    row: int
    column: int


Spots = dict[tuple[str, str, str], Spot]
"""Cells by what they hold: section, record and column."""


def by_sheet(spots: Spots) -> dict[str, Spots]:
    """The cells of each sheet that has some."""
    found: dict[str, Spots] = {}
    for key, spot in spots.items():
        found.setdefault(spot.sheet, {})[key] = spot
    return found


@dataclass(slots=True)
class Workbook:
    """Sheets, defined names, and where things stand.

    Attributes:
        inputs: the cell of each input, by section, record and column.
        results: the cell of each computed figure of a record or a line, and of what is still missing of a unit's
            return, likewise.
        contents: by the key of each sheet that asks for something, the cell of the cover that says `filled/required`.
        macros: a VBA project, whose modules of sheets are called `Sheet1`, `Sheet2` and so on; empty for none.
        carried: files that xlwings Lite finds in the workbook, by name.
    """

    title: str
    subject: str
    author: str
    keywords: str
    language: str
    created: date
    sheets: list[Sheet] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    inputs: Spots = field(default_factory=dict)
    results: Spots = field(default_factory=dict)
    contents: dict[str, Spot] = field(default_factory=dict)
    macros: bytes = b""
    carried: dict[str, str] = field(default_factory=dict)

    def cell(self, spot: Spot) -> Cell:
        """The cell at a spot."""
        return self.sheet(spot.sheet).cells[spot.row, spot.column]

    def sheet(self, key: str) -> Sheet:
        """The sheet of a key.

        Raises:
            KeyError: the workbook has no such sheet.
        """
        for sheet in self.sheets:
            if sheet.key == key:
                return sheet
        raise KeyError(key)


@lru_cache(maxsize=16_384)
def address(row: int, column: int, fixed: bool = False) -> str:
    """The A1 address of a cell counted from 0.

    Example:
        >>> address(11, 4), address(11, 4, fixed=True)
        ('E12', '$E$12')
    """
    return addresses.address(row, column, 2 if fixed else 0)


def area_text(area: Range, fixed: bool = True) -> str:
    first = address(area.top, area.left, fixed)
    last = address(area.bottom, area.right, fixed)
    return first if first == last else f"{first}:{last}"


def on_sheet(sheet: str, text: str) -> str:
    """An address on another sheet: 'Tuloslaskelma VAKA'!E12."""
    return "'" + sheet.replace("'", "''") + "'!" + text
