"""Named functions that say figures and days in words, and put texts together.

They give the same text in every locale of the reader: no TEXT with separators or date codes, no FIXED, no decimal
number joined to a text.
"""

from __future__ import annotations

from taulukko.formula.days import as_date
from taulukko.formula.function import OWN, Arguments, bare, define
from taulukko.formula.nodes import Fetch, Field, Refer
from taulukko.formula.values import as_number, as_text
from taulukko.numbers import round_half_away

NBSP = "\u00a0"
MINUS = "\u2212"


def _say_euro_excel(arguments: Arguments, refer: Refer) -> str:
    x = arguments[0].bare(refer)
    a = f"ROUND(ABS({x}),0)"
    groups = [
        f'IF({a}>=1000000000,INT({a}/1000000000)&"{NBSP}"&TEXT(MOD(INT({a}/1000000),1000),"000"),INT({a}/1000000))',
        f'TEXT(MOD(INT({a}/1000),1000),"000")',
        f'TEXT(MOD({a},1000),"000")',
    ]
    large = f'&"{NBSP}"&'.join(groups)
    small = f'IF({a}>=1000,INT({a}/1000)&"{NBSP}"&{groups[2]},{a}&"")'
    return f'IF(ROUND({x},0)<0,"{MINUS}","")&IF({a}>=1000000,{large},{small})&"{NBSP}€"'


def say_euro(x: float) -> str:
    """An amount in whole euros, as a Finnish report prints it.

    Example:
        >>> say_euro(-29395535.7).replace(NBSP, " ")
        '−29 395 536 €'
    """
    return f"{int(round_half_away(x, 0)):,}".replace(",", NBSP).replace("-", MINUS) + f"{NBSP}€"


def _say_percent_excel(arguments: Arguments, refer: Refer) -> str:
    """Rounded before it is multiplied: engines differ in what 100 times a half is."""
    x, mark = arguments[0].bare(refer), arguments[2].excel(refer)
    digits = int(arguments[1].content)  # type: ignore[attr-defined]
    a = f"ROUND(ROUND(ABS({x}),{digits + 2})*{10 ** (digits + 2)},0)"
    whole = f'INT({a}/{10**digits})&{mark}&TEXT(MOD({a},{10**digits}),"{"0" * digits}")' if digits else a
    return f'IF(ROUND({x},{digits + 2})<0,"{MINUS}","")&{whole}&"{NBSP}%"'


def say_percent(x: float, digits: float, mark: str) -> str:
    """A share in percent.

    Example:
        >>> say_percent(0.73972, 2, ",").replace(NBSP, " ")
        '73,97 %'
    """
    share = round_half_away(x, int(digits) + 2)
    return (MINUS if share < 0 else "") + f"{abs(share) * 100:.{int(digits)}f}".replace(".", mark) + f"{NBSP}%"


def say_date(serial: float) -> str:
    day = as_date(serial)
    return f"{day.day}.{day.month}.{day.year}"


def _say_date_excel(arguments: Arguments, refer: Refer) -> str:
    x = arguments[0].bare(refer)
    return f'DAY({x})&"."&MONTH({x})&"."&YEAR({x})'


def _line_excel(arguments: Arguments, refer: Refer) -> str:
    """How many characters make a line from a place on: up to a line break, else to the last space that fits."""
    text, start, limit = (node.excel(refer) for node in arguments)
    chunk = f"MID({text},{start},{limit}+1)"
    spaces = f'(LEN({chunk})-LEN(SUBSTITUTE({chunk}," ","")))'
    cut = f'FIND(CHAR(1),SUBSTITUTE({chunk}," ",CHAR(1),{spaces}))'
    fitting = f"IF(LEN({chunk})<={limit},LEN({chunk}),IF({spaces}=0,{limit},{cut}))"
    return f"IF(COUNT(FIND(CHAR(10),{chunk}))=1,FIND(CHAR(10),{chunk}),{fitting})"


def _line_value(arguments: Arguments, fetch: Fetch) -> float:
    text, (start, limit) = as_text(arguments[0].value(fetch)), (as_number(node.value(fetch)) for node in arguments[1:])
    chunk = text[int(start) - 1 : int(start) + int(limit)]
    if "\n" in chunk:
        return float(chunk.index("\n") + 1)
    if len(chunk) <= limit:
        return float(len(chunk))
    return float(chunk.rindex(" ") + 1) if " " in chunk else float(limit)


JOINED = 999
"""Characters at most of what is joined."""


def _join_excel(arguments: Arguments, refer: Refer) -> str:
    """The texts that are not empty, with "; " between them."""
    pieces = [node.excel(refer) for node in arguments]
    return "MID(" + "&".join(f'IF({one}="","","; "&{one})' for one in pieces) + f",3,{JOINED})"


def _join_value(arguments: Arguments, fetch: Fetch) -> str:
    return "; ".join(found for node in arguments if (found := as_text(node.value(fetch))))[:JOINED]


def _either_excel(arguments: Arguments, refer: Refer) -> str:
    one, other = (node.excel(refer) + ('&""' if isinstance(node, Field) else "") for node in arguments)
    return f'IF({one}="",{other},{one})'


WORDING = [
    define("join", "text", (1, 9), _join_excel, _join_value, **OWN),
    define(
        "either", "text", (2, 2), _either_excel, lambda a, fetch: a[0].value(fetch) or a[1].value(fetch) or "", **OWN
    ),
    define(
        "join_text",
        "text",
        (1, 99),
        lambda a, refer: "&".join(node.excel(refer) for node in a) + ('&""' if len(a) == 1 else ""),
        lambda a, fetch: "".join(as_text(node.value(fetch)) for node in a),
        **OWN,
    ),
    define(
        "link",
        "text",
        (2, 2),
        lambda a, refer: f"HYPERLINK({a[0].excel(refer)},{a[1].excel(refer)})",
        lambda a, fetch: a[1].value(fetch) or "",
        **OWN,
    ),
    define("say_euro", "text", (1, 1), _say_euro_excel, say_euro),
    define("say_percent", "text", (2, 3), _say_percent_excel, say_percent, how=(1,)),
    define("say_date", "text", (1, 1), _say_date_excel, say_date),
    define("say_count", "text", (1, 1), bare('ROUND({0},0)&""'), lambda x: str(int(round_half_away(x, 0)))),
    define("repeat", "text", (2, 2), bare("REPT({0},{1})"), lambda text, n: text * int(n)),
    define(
        "part",
        "text",
        (3, 3),
        bare("MID({0},{1},{2})"),
        lambda text, start, size: text[int(start) - 1 : int(start) - 1 + int(size)],
    ),
    define("one_line", "text", (1, 1), bare('SUBSTITUTE({0},CHAR(10),"")'), lambda text: text.replace("\n", "")),
    define("length", "number", (1, 1), bare("LEN({0})"), lambda text: float(len(text))),
    define("line_length", "number", (3, 3), _line_excel, _line_value, **OWN),
]
