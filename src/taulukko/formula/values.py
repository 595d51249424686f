"""What cells hold and expressions give, and how Excel writes it."""

from __future__ import annotations

import re
from typing import TypeGuard

_NUMBER = re.compile(r"-?[0-9.]+(E[-+]?[0-9]+)?")
Scalar = float | str | bool | None
"""What stands in a cell."""
Value = Scalar | list[Scalar]
"""What an expression gives: of a cell, or of each cell of a range."""


def is_number(value: object) -> TypeGuard[float]:
    return type(value) is float or type(value) is int


def as_number(found: Value) -> float:
    """A value that must be a number.

    Raises:
        TypeError: it is of another kind, as with the two below.
    """
    if not isinstance(found, float | int):
        raise TypeError(f"no number: {found!r}")
    return found


def as_text(found: Value) -> str:
    """A value that must be a text; empty where it is missing."""
    if found and not isinstance(found, str):
        raise TypeError(f"no text: {found!r}")
    return found if isinstance(found, str) else ""


def as_column(found: Value) -> list[Scalar]:
    """The values of a range."""
    if not isinstance(found, list):
        raise TypeError(f"no range: {found!r}")
    return found


def quoted(text: str) -> str:
    """A text as Excel literals of at most 255 characters each."""
    pieces = [text[i : i + 250] for i in range(0, len(text), 250)] or [""]
    return "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces)


def number_text(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value).upper()


def is_written(text: str) -> bool:
    """Whether what a name stands for is a number that is written into the formula itself, and so is never missing."""
    return bool(_NUMBER.fullmatch(text))
