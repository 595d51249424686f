"""The named functions of the expression language: Excel text and value side by side.

All of them stay within Excel 2010 and give the same text in every locale of the reader: no TEXT with separators or
date codes, no FIXED, no decimal number joined to a text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from taulukko.formula.nodes import Call, Comparison, Constant, Fetch, Field, Logic, Node, Refer, Value, guard, is_number
from taulukko.numbers import round_half_away

NBSP = "\u00a0"
MINUS = "\u2212"
EPOCH = date(1899, 12, 30)

Arguments = tuple[Node, ...]

FAR = 1_000_000
"""A row number beyond all that are used."""


@dataclass(frozen=True, slots=True)
class Function:
    """A named function.

    A spreading function takes numbers and is missing while one of them is; its `value` gets plain values. Any other
    one gets its argument nodes and decides itself.
    """

    name: str
    kind: str
    excel: Callable[[Arguments, Refer], str]
    value: Callable[..., Value]
    least: int
    most: int
    spreads: bool = True
    may_be_missing: bool = True


FUNCTIONS: dict[str, Function] = {}


def _add(name: str, kind: str, count: tuple[int, int], excel: Any, value: Any, **more: bool) -> None:
    FUNCTIONS[name] = Function(name, kind, excel, value, *count, **more)


def _bare(template: str) -> Callable[[Arguments, Refer], str]:
    def excel(arguments: Arguments, refer: Refer) -> str:
        return template.format(*(node.bare(refer) for node in arguments))

    return excel


# Numbers and dates

_add("abs", "number", (1, 1), _bare("ABS({0})"), abs)
_add("round", "number", (2, 2), _bare("ROUND({0},{1})"), lambda x, digits: round_half_away(x, int(digits)))
_add("max", "number", (2, 2), _bare("MAX({0},{1})"), lambda a, b: max(a, b))
_add("min", "number", (2, 2), _bare("MIN({0},{1})"), lambda a, b: min(a, b))
_add("year", "number", (1, 1), _bare("YEAR({0})"), lambda serial: float(as_date(serial).year))
_add("month", "number", (1, 1), _bare("MONTH({0})"), lambda serial: float(as_date(serial).month))
_add("date", "number", (3, 3), _bare("DATE({0},{1},{2})"), lambda y, m, d: serial_of(int(y), int(m), int(d)))


def as_serial(day: date) -> float:
    """The number by which Excel knows a day.

    Example:
        >>> as_serial(date(2024, 9, 30))
        45565.0
    """
    return float((day - EPOCH).days)


def serial_of(year: int, month: int, day: int) -> float:
    """As Excel's DATE: a thirteenth month is the next year's first."""
    return as_serial(date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)) + day - 1


def as_date(serial: float) -> date:
    return EPOCH + timedelta(days=int(serial))


# Missing values


def _is_missing(node: Node, fetch: Fetch) -> bool:
    found = node.value(fetch)
    return found is None or (isinstance(found, str) and not found.strip(" "))


def _blank_excel(arguments: Arguments, refer: Refer) -> str:
    (node,) = arguments
    return f"COUNT({node.excel(refer)})=0" if node.kind == "number" else f"LEN(TRIM({node.excel(refer)}))=0"


def _filled_excel(arguments: Arguments, refer: Refer) -> str:
    (node,) = arguments
    return f"COUNT({node.excel(refer)})=1" if node.kind == "number" else f"LEN(TRIM({node.excel(refer)}))>0"


def _first_excel(arguments: Arguments, refer: Refer) -> str:
    text = '""'
    for node in reversed(arguments):
        one = node.excel(refer)
        text = one if not node.may_be_missing and node is arguments[-1] else f"IF(COUNT({one})=1,{one},{text})"
    return text


def _first_value(arguments: Arguments, fetch: Fetch) -> Value:
    return next((found for node in arguments if (found := node.value(fetch)) is not None), None)


def _total_excel(arguments: Arguments, refer: Refer) -> str:
    *parts, given = arguments
    cells = ",".join(node.excel(refer) for node in parts)
    return f"IF(COUNT({cells})={len(parts)},SUM({cells}),{_first_excel((given,), refer)})"


def _total_value(arguments: Arguments, fetch: Fetch) -> Value:
    *parts, given = arguments
    found = [node.value(fetch) for node in parts]
    return given.value(fetch) if any(value is None for value in found) else sum(found)


def _is_text_excel(arguments: Arguments, refer: Refer) -> str:
    one = arguments[0].excel(refer)
    return f"AND(ISTEXT({one}),LEN(TRIM({one}))>0)"


def _is_text_value(arguments: Arguments, fetch: Fetch) -> bool:
    (node,) = arguments
    found = fetch(node.path) if isinstance(node, Field) else node.value(fetch)
    return isinstance(found, str) and bool(found.strip(" "))


def _parts_known_excel(arguments: Arguments, refer: Refer) -> str:
    return f"COUNT({','.join(node.excel(refer) for node in arguments)})={len(arguments)}"


def _parts_known_value(arguments: Arguments, fetch: Fetch) -> bool:
    return all(is_number(node.value(fetch)) for node in arguments)


_own = {"spreads": False, "may_be_missing": False}
_add("blank", "condition", (1, 1), _blank_excel, lambda a, fetch: _is_missing(a[0], fetch), **_own)
_add("filled", "condition", (1, 1), _filled_excel, lambda a, fetch: not _is_missing(a[0], fetch), **_own)
_add("is_text", "condition", (1, 1), _is_text_excel, _is_text_value, **_own)
_add("known", "condition", (1, 99), _parts_known_excel, _parts_known_value, **_own)
_add("first", "number", (1, 9), _first_excel, _first_value, spreads=False)
_add("total", "number", (2, 99), _total_excel, _total_value, spreads=False)


# Aggregates over a section


def _numeric(cells: str) -> str:
    """Which cells hold numbers; ISNUMBER is no array function in every engine."""
    return f'({cells}<>"")*({cells}<9E+307)'


def _array(node: Node, refer: Refer) -> str:
    """A condition over whole columns, as an array of ones and zeros."""
    if isinstance(node, Logic):
        parts = [_array(part, refer) for part in node.parts]
        if node.name == "AND":
            return "*".join(parts)
        return f"(1-{parts[0]})" if node.name == "NOT" else "((" + "+".join(parts) + ")>0)"
    if isinstance(node, Comparison):
        numbers = [_numeric(part.excel(refer)) for part in node.parts if part.kind == "numbers"]
        numbers += [f"(COUNT({part.excel(refer)})=1)" for part in node.operands()]
        return "*".join([*numbers, f"({node.bare(refer)})"])
    assert isinstance(node, Call)
    (part,) = node.arguments
    filled = _numeric(part.excel(refer)) if part.kind == "numbers" else f'({part.excel(refer)}<>"")'
    return filled if node.function.name == "filled" else f"(1-{filled})"


def _element(value: Value, kind: str) -> Value:
    if kind == "numbers":
        return value if is_number(value) else None
    return "" if value is None else value


def _mask(node: Node, fetch: Fetch) -> list[bool]:
    """The same condition as values, one a row."""
    if isinstance(node, Logic):
        masks = [_mask(part, fetch) for part in node.parts]
        if node.name == "NOT":
            return [not one for one in masks[0]]
        return [all(row) if node.name == "AND" else any(row) for row in zip(*masks, strict=True)]
    if isinstance(node, Comparison):
        columns = []
        for part in node.parts:
            found = part.value(fetch)
            columns.append([_element(v, part.kind) for v in found] if part.kind in ("numbers", "texts") else found)
        size = next(len(column) for column in columns if isinstance(column, list))
        left, right = (column if isinstance(column, list) else [column] * size for column in columns)
        return [bool(node.compare(a, b)) for a, b in zip(left, right, strict=True)]
    assert isinstance(node, Call)
    (part,) = node.arguments
    found = part.value(fetch)
    filled = [is_number(v) if part.kind == "numbers" else v not in (None, "") for v in found]
    return filled if node.function.name == "filled" else [not one for one in filled]


def _masks(nodes: Arguments, fetch: Fetch) -> list[bool]:
    return [all(row) for row in zip(*(_mask(node, fetch) for node in nodes), strict=True)]


def _product(nodes: Arguments, refer: Refer) -> str:
    return "*".join(_array(node, refer) for node in nodes)


def _count_excel(arguments: Arguments, refer: Refer) -> str:
    if len(arguments) == 1 and arguments[0].kind == "numbers":
        return f"COUNT({arguments[0].excel(refer)})"
    return f"SUMPRODUCT({_product(arguments, refer)}*1)"


def _count_value(arguments: Arguments, fetch: Fetch) -> Value:
    if len(arguments) == 1 and arguments[0].kind == "numbers":
        return float(sum(is_number(v) for v in arguments[0].value(fetch)))
    return float(sum(_masks(arguments, fetch)))


def _sum_excel(arguments: Arguments, refer: Refer) -> str:
    column, *conditions = arguments
    cells = column.excel(refer)
    if not conditions:
        return f'IF(COUNT({cells})=0,"",SUM({cells}))'
    rows = _product(tuple(conditions), refer)
    return f'IF(SUMPRODUCT({rows}*{_numeric(cells)})=0,"",SUMPRODUCT({rows}*1,{cells}))'


def _sum_value(arguments: Arguments, fetch: Fetch) -> Value:
    column, *conditions = arguments
    found = column.value(fetch)
    rows = _masks(tuple(conditions), fetch) if conditions else [True] * len(found)
    numbers = [v for v, wanted in zip(found, rows, strict=True) if wanted and is_number(v)]
    return float(sum(numbers)) if numbers else None


def _nth(excel_name: str, reverse: bool) -> tuple[Any, Any]:
    def excel(arguments: Arguments, refer: Refer) -> str:
        cells, rank = arguments[0].excel(refer), arguments[1].excel(refer)
        return f'IF(COUNT({cells})<{rank},"",{excel_name}({cells},{rank}))'

    def value(arguments: Arguments, fetch: Fetch) -> Value:
        numbers = sorted((v for v in arguments[0].value(fetch) if is_number(v)), reverse=reverse)
        rank = int(arguments[1].value(fetch))
        return numbers[rank - 1] if rank <= len(numbers) else None

    return excel, value


def _lookup_excel(arguments: Arguments, refer: Refer) -> str:
    """The number of the row with the key, the sum of several; IronCalc has no INDEX in a table of one row."""
    key, keys, values = (node.excel(refer) for node in arguments)
    flags, numbers = _same_key(arguments[0], key, keys), _numeric(values)
    text = f'IF(SUMPRODUCT({flags}*{numbers})=0,"",SUMPRODUCT({flags},{values}))'
    return guard(text, list(arguments[0].operands()), refer)


def _same_key(node: Node, key: str, keys: str) -> str:
    return f"({keys}={key})*" + ("1" if isinstance(node, Constant) else f'({keys}<>"")')  # blank equals blank


def _lookup_value(arguments: Arguments, fetch: Fetch) -> Value:
    numbers = [found for found in _looked_up(arguments, fetch) if is_number(found)]
    return float(sum(numbers)) if numbers else None


def _looked_up(arguments: Arguments, fetch: Fetch) -> list[Value]:
    key, keys, values = (node.value(fetch) for node in arguments)
    return [] if key in (None, "") else [v for k, v in zip(keys, values, strict=True) if _folded(k) == _folded(key)]


def _folded(value: Value) -> Value:
    return value.lower() if isinstance(value, str) else value


def _lookup_text_excel(arguments: Arguments, refer: Refer) -> str:
    """The text of the first row with the key; MATCH would read * ? ~ as wildcards."""
    key, keys, values = (node.excel(refer) for node in arguments)
    flags = _same_key(arguments[0], key, keys)
    text = f'IF(SUMPRODUCT({flags})=0,"",INDEX({values},{_row_excel(flags, keys, "1")})&"")'
    return guard(text, list(arguments[0].operands()), refer)


def _lookup_text_value(arguments: Arguments, fetch: Fetch) -> Value:
    return next(iter(_looked_up(arguments, fetch)), None) or ""


def _row_excel(flags: str, cells: str, rank: str) -> str:
    """Where in a column its first, second ... flagged row is, without array entry."""
    return f"{FAR + 1}-SUMPRODUCT(LARGE({flags}*({FAR}-ROW({cells})),{rank})+MIN(ROW({cells})))"


def _not_in_excel(arguments: Arguments, refer: Refer) -> str:
    one, cells = (node.excel(refer) for node in arguments)
    filled = f'({cells}<>"")' if arguments[0].kind == "number" else "1"  # a blank cell equals 0
    return f"SUMPRODUCT(({cells}={one})*{filled})=0"


def _not_in_value(arguments: Arguments, fetch: Fetch) -> bool:
    one = fetch(arguments[0].path)  # type: ignore[attr-defined]
    return all(_folded(v) != _folded(one) for v in arguments[1].value(fetch))


def _band_excel(arguments: Arguments, refer: Refer) -> str:
    """The label of the highest band whose lower limit is reached."""
    one, limits, labels = (node.excel(refer) for node in arguments)
    reached = f"SUMPRODUCT(--({limits}<={one}))"
    return f'IF(COUNT({one})=0,"",IF({reached}=0,"",INDEX({labels},{reached})))'


def _band_value(arguments: Arguments, fetch: Fetch) -> Value:
    one, limits, labels = (node.value(fetch) for node in arguments)
    reached = 0 if one is None else sum(limit <= one for limit in limits)
    return labels[reached - 1] if reached else ""


def _ids_excel(arguments: Arguments, refer: Refer) -> str:
    """The ids of the matching rows, in their order, without TEXTJOIN and without array entry."""
    column, limit, *conditions = arguments
    ids, rows = column.excel(refer), _product(tuple(conditions), refer)
    count = f"SUMPRODUCT({rows}*1)"
    most = int(limit.content) if isinstance(limit, Constant) else 0  # type: ignore[arg-type]
    pieces = []
    for rank in range(1, most + 1):
        row = _row_excel(rows, ids, str(rank))
        pieces.append(f'IF({count}>={rank},{chr(34) + ", " + chr(34) + "&" if rank > 1 else ""}INDEX({ids},{row}),"")')
    return "&".join([*pieces, f'IF({count}>{most}," …","")'])


def _ids_value(arguments: Arguments, fetch: Fetch) -> str:
    column, limit, *conditions = arguments
    rows = _masks(tuple(conditions), fetch)
    found = ["" if v is None else str(v) for v, wanted in zip(column.value(fetch), rows, strict=True) if wanted]
    most = int(limit.value(fetch))
    return ", ".join(found[:most]) + (" …" if len(found) > most else "")


_add("count", "number", (1, 9), _count_excel, _count_value, **_own)
_add("sum", "number", (1, 9), _sum_excel, _sum_value, spreads=False)
_add("nth_smallest", "number", (2, 2), *_nth("SMALL", False), spreads=False)
_add("nth_largest", "number", (2, 2), *_nth("LARGE", True), spreads=False)
_add("lookup", "number", (3, 3), _lookup_excel, _lookup_value, spreads=False)
_add("lookup_text", "text", (3, 3), _lookup_text_excel, _lookup_text_value, spreads=False)
_add("not_in", "condition", (2, 2), _not_in_excel, _not_in_value, **_own)
_add("band", "text", (3, 3), _band_excel, _band_value, spreads=False)
_add("ids", "text", (3, 9), _ids_excel, _ids_value, **_own)


# Numbers and marks in words


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
    text, start, limit = (node.value(fetch) for node in arguments)
    chunk = text[int(start) - 1 : int(start) + int(limit)]
    if "\n" in chunk:
        return float(chunk.index("\n") + 1)
    if len(chunk) <= limit:
        return float(len(chunk))
    return float(chunk.rindex(" ") + 1) if " " in chunk else float(limit)


def _join_excel(arguments: Arguments, refer: Refer) -> str:
    """The texts that are not empty, with "; " between them."""
    pieces = [node.excel(refer) for node in arguments]
    return "MID(" + "&".join(f'IF({one}="","","; "&{one})' for one in pieces) + ",3,999)"


def _join_value(arguments: Arguments, fetch: Fetch) -> str:
    return "; ".join(found for node in arguments if (found := node.value(fetch)))


def _either_excel(arguments: Arguments, refer: Refer) -> str:
    one, other = (node.excel(refer) + ('&""' if isinstance(node, Field) else "") for node in arguments)
    return f'IF({one}="",{other},{one})'


_add("join", "text", (1, 9), _join_excel, _join_value, **_own)
_add("either", "text", (2, 2), _either_excel, lambda a, fetch: a[0].value(fetch) or a[1].value(fetch) or "", **_own)
_add(
    "join_text",
    "text",
    (1, 99),
    lambda a, refer: "&".join(node.excel(refer) for node in a) + ('&""' if len(a) == 1 else ""),
    lambda a, fetch: "".join(node.value(fetch) or "" for node in a),
    **_own,
)
_add(
    "link",
    "text",
    (2, 2),
    lambda a, refer: f"HYPERLINK({a[0].excel(refer)},{a[1].excel(refer)})",
    lambda a, fetch: a[1].value(fetch) or "",
    **_own,
)
_add("say_euro", "text", (1, 1), _say_euro_excel, say_euro)
_add("say_percent", "text", (2, 3), _say_percent_excel, say_percent)
_add("say_date", "text", (1, 1), _say_date_excel, say_date)
_add("say_count", "text", (1, 1), _bare('ROUND({0},0)&""'), lambda x: str(int(round_half_away(x, 0))))
_add("repeat", "text", (2, 2), _bare("REPT({0},{1})"), lambda text, n: text * int(n))
_add(
    "part",
    "text",
    (3, 3),
    _bare("MID({0},{1},{2})"),
    lambda text, start, size: text[int(start) - 1 : int(start) - 1 + int(size)],
)
_add("one_line", "text", (1, 1), _bare('SUBSTITUTE({0},CHAR(10),"")'), lambda text: text.replace("\n", ""))
_add("length", "number", (1, 1), _bare("LEN({0})"), lambda text: float(len(text)))
_add("line_length", "number", (3, 3), _line_excel, _line_value, **_own)
