"""Addresses and formula texts as files write them: where they lead, moved, and in one normal form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from taulukko.formula.addresses import address, column_of


class Area(NamedTuple):
    """Rows and columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


ROWS, COLUMNS = 1_048_576, 16_384
_CELL = r"\$?[A-Za-z]{1,3}\$?[0-9]+"
_PLACE = r"\$?([A-Za-z]{1,3})\$?([0-9]+)"
_TARGET = re.compile(rf"(?:'((?:[^']++|'')++)'|([^'!]++))!{_PLACE}(?::{_PLACE})?")
_TOKEN = re.compile(
    rf"""
    (?P<string> "(?:[^"]|"")*" )
    | (?P<sheet> (?: '(?:[^']|'')+' | [^\W\d][\w.]* ) ! )
    | (?P<cell> {_CELL} (?![\w.(\[]) )
    | (?P<table> [^\W\d][\w.]* (?P<columns> \[ (?: [^\[\]'] | '. | \[ (?:[^\[\]']|'.)* \] )* \] ) )
    | (?P<word> [^\W\d][\w.]* )
    | (?P<number> (?: [0-9]+\.?[0-9]* | \.[0-9]+ ) (?: [eE][-+]?[0-9]+ )? )
    | (?P<space> \s+ )
    | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_PLACES = re.compile(rf"(?:\{{[^{{}}]*\}}!)?(?:#REF!|{_CELL})(?::(?:#REF!|{_CELL}))?")
_OPERATORS = frozenset("+-*/^<>=")
_COLUMN = re.compile(r"\[([^\[\]#][^\[\]]*)\]")
_LATER = re.compile(r"^_XLFN\.(?:_XLWS\.)?|^COM\.MICROSOFT\.")


def position(cell: str) -> tuple[int, int]:
    """Row and column from 0.

    Example:
        >>> position("E12"), position("$AB$1")
        ((11, 4), (0, 27))
    """
    letters = cell.replace("$", "").rstrip("0123456789")
    return int(cell.rpartition("$")[2].lstrip(letters)) - 1, column_of(letters)


def area_of(target: str) -> tuple[str, Area] | None:
    """Sheet and area of a reference to cells, None for anything else.

    Example:
        >>> area_of("'Tuloslaskelma VAKA'!$E$6:$E$9")
        ('Tuloslaskelma VAKA', Area(top=5, left=4, bottom=8, right=4))
    """
    match = _TARGET.fullmatch(target)
    if match is None:
        return None
    quoted, plain, left, top, right, bottom = match.groups()
    sheet = quoted.replace("''", "'") if quoted else plain
    first, last = (int(top) - 1, column_of(left)), (int(bottom or top) - 1, column_of(right or left))
    return sheet, Area(*first, *last)


def _tokens(formula: str) -> Iterator[tuple[str, str, str]]:
    for match in _TOKEN.finditer(formula):
        kind = "table" if match["table"] else match.lastgroup or "other"
        yield kind, match[0], formula[match.end() : match.end() + 1]


def moved(formula: str, rows: int, columns: int) -> str:
    """A shared formula as it reads so many rows and columns further; past an edge the sheet goes on at the other.

    Example:
        >>> moved('A1+$B$2&"A1"', 1, 2), moved("A1", -1, -1)
        ('C2+$B$2&"A1"', 'XFD1048576')
    """
    return "".join(_moved(text, rows, columns) if kind == "cell" else text for kind, text, _ in _tokens(formula))


def _moved(cell: str, rows: int, columns: int) -> str:
    row, column = position(cell)
    fixed_column, fixed_row = cell[0] == "$", "$" in cell[1:]
    place = address(row if fixed_row else (row + rows) % ROWS, column if fixed_column else (column + columns) % COLUMNS)
    letters = place.rstrip("0123456789")
    return f"{'$' * fixed_column}{letters}{'$' * fixed_row}{place[len(letters) :]}"


def relative(formula: str, row: int, column: int) -> str:
    """A formula with its references as they are seen from its own cell, so that copies of one read alike.

    Example:
        >>> relative("E7-$F$2", 6, 6), relative("E8-$F$2", 7, 6)
        ('R[0]C[-2]-R1C5', 'R[0]C[-2]-R1C5')
    """

    def seen(text: str) -> str:
        there, fixed = position(text), ("$" in text[1:], text[0] == "$")
        steps = zip("RC", there, (row, column), fixed, strict=True)
        return "".join(f"{axis}{one}" if still else f"{axis}[{one - own}]" for axis, one, own, still in steps)

    return "".join(seen(text) if kind == "cell" else text for kind, text, _ in _tokens(formula) if kind != "space")


def numbers_in(formula: str) -> list[str]:
    """The numbers that a formula reckons or compares with; those that stand alone as an argument say how it is done.

    Example:
        >>> numbers_in("ROUND(E7*1.1,2)+500"), numbers_in("SUM(E7:E9)")
        (['1.1', '500'], [])
    """
    tokens = [("other", "("), *((kind, text) for kind, text, _ in _tokens(formula) if kind != "space"), ("other", ")")]
    beside = zip(tokens, tokens[1:], tokens[2:], strict=False)
    return [text for before, (kind, text), after in beside if kind == "number" and _OPERATORS & {before[1], after[1]}]


def normal(formula: str, sheets: Mapping[str, str], headers: Mapping[str, Mapping[str, str]]) -> str:
    """One form for all spellings of a formula: spaces, quotes, letter case and number format make no difference.

    Args:
        sheets: what to call a sheet instead of its title, by title in lower case.
        headers: what to call the columns of a table instead of their headers, by the table's name in lower case.

    Example:
        >>> normal("sum( 'Riskit'!$A$1 , 1e-06)", {"riskit": "risks"}, {})
        'SUM({risks}!$A$1,1e-06)'
    """
    return "".join(
        _normal(kind, text, after, sheets, headers) for kind, text, after in _tokens(formula) if kind != "space"
    )


def without_places(formula: str) -> str:
    """A formula in its normal form with every reference to cells blanked out, also to cells that were deleted.

    Example:
        >>> without_places("SUM({risks}!$A$1:$B$2,1)"), without_places("SUM(#REF!,1)")
        ('SUM(#,1)', 'SUM(#,1)')
    """
    return _PLACES.sub("#", formula)


def _normal(
    kind: str, text: str, after: str, sheets: Mapping[str, str], headers: Mapping[str, Mapping[str, str]]
) -> str:
    match kind:
        case "sheet":
            title = text[1:-2].replace("''", "'") if text[0] == "'" else text[:-1]
            return f"{{{sheets.get(title.lower(), title.lower())}}}!"
        case "table":
            name, _, rest = text.partition("[")
            known = headers.get(name.lower(), {})
            return name.lower() + _COLUMN.sub(lambda match: f"[{known.get(match[1], match[1])}]", f"[{rest}")
        case "cell":
            return text.upper()
        case "number":
            return repr(float(text))
        case "word":
            return _LATER.sub("", text.upper()) if after == "(" else text.lower()
    return text


__all__ = ["Area", "area_of", "moved", "normal", "numbers_in", "position", "relative", "without_places"]
