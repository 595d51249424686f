"""Whether two texts of a formula are the same formula: programs spell what they were given in ways of their own."""

from __future__ import annotations

import re

_THIS_ROW = re.compile(r"[\w.]*\[(?:\[#thisrow\][,;]\[([^\]]*)\]|@\[?([^\[\]]*)\]?)\]")
_NUMBER = re.compile(r"(?<![\w.$\[])[0-9]+(?:\.[0-9]*)?(?:e[-+]?[0-9]+)?(?![\w.])")
_IDLE = re.compile(r"[\s$']+|_xlfn\.(?:_xlws\.)?|_xll\.")


_GUARD = re.compile(r'if\(count\((""|-?[0-9.]+(?:e[-+]?[0-9]+)?|if\()')


def is_alike(one: str, other: str, sheet: str = "") -> bool:
    """Whether two formulas differ in nothing but their spelling: case, spaces, quotes of sheets, cells of the own row,
    dollar signs, which only say what becomes of a copy.

    Args:
        sheet: where both stand, which may be named or not.

    Example:
        >>> is_alike("SUM('Riskit'!$A$1,1E-06)", "sum(Riskit!$A$1, 0.000001)")
        True
        >>> is_alike("t_risks[[#This Row],[Own %]]*2", "t_risks[@[Own %]]*2"), is_alike("A1", "A2")
        (True, False)
        >>> is_alike("Riskit!$A1*2", "A1*2", "Riskit"), is_alike("'Omat riskit'!A1", "A1", "Riskit")
        (True, False)
    """
    return one == other or _spelled(one, sheet) == _spelled(other, sheet)


def _spelled(formula: str, sheet: str) -> str:
    bare, own = (_IDLE.sub("", text.lower()) for text in (formula, sheet))
    bare = re.sub(rf"(?<![\w.]){re.escape(own)}!", "", bare) if own else bare
    bare = _THIS_ROW.sub(lambda match: f"[@{match[1] or match[2]}]", bare)
    return _NUMBER.sub(lambda match: repr(float(match[0])), _unguarded(bare))


def _unguarded(bare: str) -> str:
    """Without `IF(COUNT(x)=1,x,"")` around what never is a blank cell, as earlier versions wrote it.

    Example:
        >>> _unguarded('if(count("")=1,"","")'), _unguarded('1+if(count(if(a=0,"",a))=1,if(a=0,"",a),"")')
        ('""', '1+if(a=0,"",a)')
    """
    start = 0
    while found := _GUARD.search(bare, start):
        start = found.start() + 1
        inner = _until_closed(bare[found.start(1) :])
        whole = f'if(count({inner})=1,{inner},"")'
        if bare.startswith(whole, found.start()):
            bare, start = bare[: found.start()] + inner + bare[found.start() + len(whole) :], found.start()
    return bare


def _until_closed(text: str) -> str:
    """The text up to the bracket that closes one opened before it."""
    depth, quoted = 0, False
    for place, char in enumerate(text):
        quoted ^= char == '"'
        depth += 0 if quoted else (char == "(") - (char == ")")
        if depth < 0:
            return text[:place]
    return text


__all__ = ["is_alike"]
