"""Texts in CSV files that no spreadsheet program takes for a formula when somebody opens the file in one.

A text that could be taken for one has an apostrophe before it in the file, and in the file alone.
"""

from __future__ import annotations

import re

_LIKE_A_FORMULA = re.compile(r"'*\s*(?:[=+@]\s*\S|-.*(?:\||\w\())", re.DOTALL)
"""After a minus, which begins many a line of prose, only what asks a program or a function does harm."""


def harmless(text: str) -> str:
    """A text as a file has it.

    Example:
        >>> [harmless(text) for text in ("+5 % riski", "=> ks. liite", "- yksi", "-1+cmd|x!A1", "'=1")]
        ["'+5 % riski", "'=> ks. liite", '- yksi', "'-1+cmd|x!A1", "''=1"]
    """
    return f"'{text}" if _LIKE_A_FORMULA.match(text) else text


def bare(text: str) -> str:
    """The text that a file has so.

    Example:
        >>> bare("'+5 % riski"), bare("'kursivoitu'")
        ('+5 % riski', "'kursivoitu'")
    """
    return text[1:] if text[:1] == "'" and _LIKE_A_FORMULA.match(text[1:]) else text


__all__ = ["bare", "harmless"]
