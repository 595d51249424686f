"""The cells of one sheet, read from its XML as it is unpacked: what each holds that holds something."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import IO, NamedTuple

from taulukko.formula.references import COLUMNS, ROWS, moved, position
from taulukko.xlsx.limits import CELLS, CHARACTERS
from taulukko.xlsx.markup import read_markup

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LAST_ROW, LAST_COLUMN = ROWS - 1, COLUMNS - 1

MOST, MOVED = CHARACTERS.most * CHARACTERS.unit, 4
"""Characters at most; how many one counts for that a file says once and that is worked out for each cell."""

Place = tuple[int, int]
"""Row and column from 0."""

_DATA, _CELL, _FORMULA, _VALUE = (MAIN + name for name in ("sheetData", "c", "f", "v"))
_TEXT, _HINT = MAIN + "t", MAIN + "rPh"
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class Cell(NamedTuple):
    """What a file holds in one cell; a blank one is None, as is an error, whose name is then in `error`.

    So is a formula whose value was not stored, as many programs write them; one that gives nothing is an empty text.

    What a file calls a number and is none, such as `NaN` or `1e999`, is its text.
    """

    value: float | str | bool | None
    formula: str | None = None
    error: str = ""


Cells = Mapping[Place, Cell]
BLANK = Cell(None)


def is_filled(cell: Cell) -> bool:
    """Whether a cell holds more than spaces; a formula whose value is not known may."""
    value = cell.value
    return bool(value.strip() if isinstance(value, str) else value is not None or cell.error or is_unknown(cell))


def is_unknown(cell: Cell) -> bool:
    """Whether a cell has a formula and the file does not say what it gives."""
    return cell.formula is not None and cell.value is None and not cell.error


class Room:
    """How many cells and characters a workbook may still have."""

    def __init__(self) -> None:
        self.cells = self.characters = 0

    def take(self, cells: int, characters: int) -> None:
        """Count what has been read.

        Raises:
            WorkbookError: `too_large`.
        """
        self.cells += cells
        self.characters += characters
        if self.cells > CELLS.most or self.characters > MOST:
            CELLS.check(self.cells)
            CHARACTERS.check(self.characters)


def read_cells(stream: IO[bytes], texts: Sequence[str], room: Room) -> Cells:
    """The filled cells of a sheet.

    Args:
        texts: what cells refer to by number.
        room: is taken up by the cells.

    Raises:
        WorkbookError: `too_large`.
        ValueError, LookupError, xml.parsers.expat.ExpatError: the sheet is damaged.

    Example:
        >>> from io import BytesIO
        >>> row = '<row><c r="B1" t="s"><v>0</v></c><c r="C1"><f>1/4</f><v>0.25</v></c></row>'
        >>> xml = f'<worksheet xmlns="{MAIN[:-1]}"><sheetData>{row}</sheetData></worksheet>'
        >>> sheet = BytesIO(xml.encode())
        >>> read_cells(sheet, ["Riski"], Room())
        {(0, 1): Cell(value='Riski', formula=None, error=''), (0, 2): Cell(value=0.25, formula='1/4', error='')}
    """
    sheet = _Sheet(texts, room)
    read_markup(stream, sheet.start, sheet.end)
    return sheet.cells


class _Sheet:
    def __init__(self, texts: Sequence[str], room: Room):
        self.texts, self.room = texts, room
        self.cells: dict[Place, Cell] = {}
        self.shared: dict[str, tuple[Place, str]] = {}
        self.formulas: dict[str, str] = {}
        self.inside = False
        self.cell: Mapping[str, str] = {}
        self.attributes: Mapping[str, str] = {}
        self._begin({})

    def _begin(self, cell: Mapping[str, str]) -> None:
        self.cell = cell
        self.formula: str | None = None
        self.value: str | None = None
        self.inline: list[str] = []
        self.hints = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == _CELL:
            self._begin(attributes)
        elif name == _FORMULA:
            self.attributes = attributes
        elif name == _HINT:
            self.hints += 1
        elif name == _DATA:
            self.inside = True

    def end(self, name: str, text: str) -> None:
        if name == _CELL:
            if self.inside:
                self._finish()
        elif name == _VALUE:
            self.value = text
        elif name == _FORMULA:
            self.formula = text
        elif name == _TEXT and text and not self.hints:
            self.room.take(0, len(text))
            self.inline.append(text)
        elif name == _HINT:
            self.hints -= 1
        elif name == _DATA:
            self.inside = False

    def _finish(self) -> None:
        if self.formula is None and not self.value and not self.inline:
            return
        place = place_of(self.cell["r"])
        kind, value = self.cell.get("t", "n"), self.value
        if kind == "inlineStr":
            kind, value = "str", "".join(self.inline) or None
        formula = self.formula
        if formula is not None:
            formula = unescaped(formula)
            is_shared = self.attributes.get("t") == "shared"
            if is_shared:
                formula = shared_formula(formula, self.attributes.get("si", ""), place, self.shared)
            if formula not in self.formulas:
                self.room.take(0, len(formula) * (MOVED if is_shared else 1))
            formula = self.formulas.setdefault(formula, formula)
        cell = cell_of(kind, value, formula, self.texts)
        if cell != BLANK:
            self.room.take(1, len(self.value or ""))
            self.cells[place] = cell


def place_of(address: str) -> Place:
    """Row and column of a cell's address.

    Raises:
        ValueError: no sheet has such a cell.

    Example:
        >>> place_of("E12")
        (11, 4)
    """
    row, column = position(address)
    if not (0 <= row <= LAST_ROW and 0 <= column <= LAST_COLUMN):
        raise ValueError(address)
    return row, column


def shared_formula(text: str, index: str, place: Place, shared: dict[str, tuple[Place, str]]) -> str:
    """The text of a formula that cells share; it is written out in one of them and moved from there.

    Raises:
        LookupError: it is written out nowhere before.
    """
    if text:
        shared[index] = (place, text)
        return text
    first, text = shared[index]
    return moved(text, place[0] - first[0], place[1] - first[1])


def cell_of(kind: str, text: str | None, formula: str | None, texts: Sequence[str]) -> Cell:
    """A cell from what its element says; a formula may give an empty text.

    Args:
        text: the value as it is written; None where the element has none.
        kind: `s` for a number of `texts`, `str` for a text, `b` for a truth, `e` for an error, else a number.

    Raises:
        ValueError, LookupError: there is no such text.
    """
    if not text:
        return Cell("" if formula is not None and kind == "str" and text is not None else None, formula)
    match kind:
        case "s":
            return Cell(texts[_index(text)] or None, formula)
        case "str":
            return Cell(unescaped(text), formula)
        case "b":
            return Cell(text in ("1", "true"), formula)
        case "e":
            return Cell(None, formula, text)
    return Cell(number_of(text), formula)


def _index(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)


def number_of(text: str) -> float | str:
    """A finite number, else the text.

    Example:
        >>> number_of("1e3"), number_of("1e999"), number_of("NaN"), number_of("1_000")
        (1000.0, '1e999', 'NaN', '1_000')
    """
    try:
        number = float(text)
    except ValueError:
        return text
    return number if isfinite(number) and "_" not in text else text


def unescaped(text: str) -> str:
    """A text with the characters that XML cannot hold; they are written _x000D_."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


__all__ = ["BLANK", "MAIN", "Cell", "Cells", "Place", "Room", "is_filled", "is_unknown", "place_of", "read_cells"]
