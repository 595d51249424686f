"""Cells as formulas write them: the letters of columns, and addresses."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=1024)
def letters(column: int) -> str:
    """The letters of a column counted from 0.

    Example:
        >>> letters(0), letters(27)
        ('A', 'AB')
    """
    found, column = "", column + 1
    while column > 0:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


@lru_cache(maxsize=1024)
def column_of(text: str) -> int:
    """The column of some letters, from 0.

    Example:
        >>> column_of("A"), column_of("ab")
        (0, 27)
    """
    column = 0
    for letter in text.upper():
        column = column * 26 + ord(letter) - 64
    return column - 1


def address(row: int, column: int, fixed: int = 0) -> str:
    """The address of a cell counted from 0, with as many dollar signs.

    Example:
        >>> address(11, 4), address(11, 4, 1), address(0, 27, 2)
        ('E12', '$E12', '$AB$1')
    """
    return ("", "$", "$")[fixed] + letters(column) + ("", "", "$")[fixed] + str(row + 1)


__all__ = ["address", "column_of", "letters"]
