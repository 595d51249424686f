"""Formulas that ask something outside of the workbook: another program, another file, the net."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote

ADD_IN = "taulukko.xlam"
"""Our own add-in; what a cell asks of it is computed from the cell's own arguments."""

_QUOTED = re.compile(r"""'((?:[^']|'')*)'|"[^"]*"|\[[^\[\]]*\]""")
_STRING = re.compile(r'"[^"]*"')
_LINK = re.compile(r"'(?:[^']|'')*\[(?:[^']|'')*'!|(?<![\w.\]])\[([^\[\]]*)\][^\[\]'!,;()&<>=*/^+]*!")
_OURS = re.compile(r"\[([0-9]+)\]!(?=[\w.]+\()")
_ASKS = re.compile(
    r"(?<![\w.])(?:_xl\w+\.)*(?:WEBSERVICE|RTD|CALL|REGISTER(?:\.ID)?|DDE|SQL\.REQUEST|IMAGE)\s*\(", re.I
)


def asks_program(formula: str, titles: frozenset[str]) -> bool:
    """Whether a formula asks another program for its value (DDE), which is told by a bar outside of quotes.

    Args:
        titles: of the workbook's sheets, in lower case.

    Example:
        >>> asks_program("A1&\\"|\\"&'Tulot|menot'!A1", frozenset(["tulot|menot"]))
        False
        >>> asks_program("cmd|'/c calc'!A0", frozenset())
        True
    """
    if "|" not in formula:
        return False
    return "|" in _QUOTED.sub(lambda match: "|" if _leads_out(match[1], titles) else "", formula)


def _leads_out(title: str | None, titles: frozenset[str]) -> bool:
    return bool(title) and "|" in str(title) and str(title).replace("''", "'").lower() not in titles


def links_out(formula: str, links: Sequence[str]) -> bool:
    """Whether a formula refers to another file than our add-in.

    Args:
        links: where the links of the workbook lead, by their numbers from 1.

    Example:
        >>> links_out("[1]Taul1!$A$1*2", ["budjetti.xlsx"]), links_out("SUM(t_risks[likelihood])", [])
        (True, False)
        >>> links_out("[1]!remaining(E7,F7)", ["file:///C:/AddIns/taulukko.xlam"])
        False
    """
    if "[" not in formula or "!" not in formula:
        return False
    ours = {str(number) for number, target in enumerate(links, 1) if is_ours(target)}
    bare = _OURS.sub(lambda match: "" if match[1] in ours else match[0], _STRING.sub("", formula))
    return bool(_LINK.search(bare))


def is_ours(target: str) -> bool:
    """Whether a link leads to our add-in."""
    return unquote(target).replace("\\", "/").rpartition("/")[2].lower() == ADD_IN


def asks_outside(formula: str, titles: frozenset[str], links: Sequence[str]) -> bool:
    """Whether a formula gets its value from outside of the workbook.

    Example:
        >>> asks_outside('_xlfn.WEBSERVICE("http://a.fi")', frozenset(), []), asks_outside("1200+350", frozenset(), [])
        (True, False)
    """
    asks = asks_program(formula, titles) or links_out(formula, links)
    return asks or bool(_ASKS.search(_STRING.sub("", formula)))


__all__ = ["asks_outside", "asks_program", "is_ours", "links_out"]
