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


NOTES_KEY = "notes."
GIVEN_KEY = "given."
"""What the key of a line begins with in the row of its notes, and in that of the figures given for it.

A formula takes it from the first of those keys: no word stands in a formula that is not a label.
"""


def block_of(key: str) -> tuple[str, str]:
    """In which block of a statement a hidden key stands, and of what line it tells.

    Example:
        >>> block_of("fees"), block_of("notes.fees"), block_of("notes.areas:fees"), block_of("given.result")
        (('', 'fees'), ('notes', 'fees'), ('notes', 'fees'), ('given', 'result'))
    """
    block, _, line = key.rpartition(".")
    return ("notes", line.rpartition(":")[2]) if block.startswith("notes") else (block, line)


def beside_text(cells: str, keys: str, key: str, into: str) -> str:
    """A cell of a line's other row, found by the line's key: in the notes, in what is given, or in the table.

    Args:
        into: what the key begins with there: NOTES_KEY, GIVEN_KEY or, from the notes to the table, nothing.

    Example:
        >>> beside_text("$C$41:$C$56", "$V$41:$V$56", "$V7", NOTES_KEY)
        'INDEX($C$41:$C$56,MATCH(MID($V$41,1,6)&$V7,$V$41:$V$56,0))'
    """
    first = keys.partition(":")[0]
    wanted = f"MID({first},1,{len(into)})&{key}" if into else f"MID({key},{len(NOTES_KEY) + 1},255)"
    return f"INDEX({cells},MATCH({wanted},{keys},0))"


__all__ = ["GIVEN_KEY", "NOTES_KEY", "address", "beside_text", "block_of", "column_of", "letters"]
