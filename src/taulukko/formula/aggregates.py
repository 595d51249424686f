"""Named functions over the columns of a section: counts, sums, ranks, look-ups.

Conditions become arrays in SUMPRODUCT: no criteria texts, hence no wildcards and no decimal mark of a locale.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from taulukko.formula.function import OWN, Arguments, Excel, define
from taulukko.formula.nodes import Call, Comparison, Constant, Fetch, Logic, Node, Refer, guard
from taulukko.formula.values import Scalar, Value, as_column, as_number, is_number

FAR = 1_000_000
"""A row number beyond all that are used."""


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


def _elements(found: list[Scalar], kind: str) -> list[Scalar]:
    if kind == "numbers":
        return [value if type(value) is float or type(value) is int else None for value in found]
    return ["" if value is None else value for value in found]


def _mask(node: Node, fetch: Fetch) -> list[bool]:
    """The same condition as values, one a row."""
    if isinstance(node, Logic):
        masks = [_mask(part, fetch) for part in node.parts]
        if node.name == "NOT":
            return [not one for one in masks[0]]
        return [all(row) if node.name == "AND" else any(row) for row in zip(*masks, strict=True)]
    if isinstance(node, Comparison):
        left, right = (
            _elements(as_column(part.value(fetch)), part.kind)
            if part.kind in ("numbers", "texts")
            else part.value(fetch)
            for part in node.parts
        )
        if isinstance(left, list) and isinstance(right, list):
            return [bool(node.compare(a, b)) for a, b in zip(left, right, strict=True)]
        if isinstance(left, list):
            answers = {value: bool(node.compare(value, right)) for value in set(left)}
            return [answers[value] for value in left]
        answers = {value: bool(node.compare(left, value)) for value in set(as_column(right))}
        return [answers[value] for value in as_column(right)]
    assert isinstance(node, Call)
    (part,) = node.arguments
    found = as_column(part.value(fetch))
    filled = [is_number(v) if part.kind == "numbers" else v not in (None, "") for v in found]
    return filled if node.function.name == "filled" else [not one for one in filled]


def _masks(nodes: Arguments, fetch: Fetch) -> list[bool]:
    masks = [_mask(node, fetch) for node in nodes]
    return masks[0] if len(masks) == 1 else [all(row) for row in zip(*masks, strict=True)]


def _product(nodes: Arguments, refer: Refer) -> str:
    return "*".join(_array(node, refer) for node in nodes)


def _count_excel(arguments: Arguments, refer: Refer) -> str:
    if len(arguments) == 1 and arguments[0].kind == "numbers":
        return f"COUNT({arguments[0].excel(refer)})"
    return f"SUMPRODUCT({_product(arguments, refer)}*1)"


def _count_value(arguments: Arguments, fetch: Fetch) -> Value:
    if len(arguments) == 1 and arguments[0].kind == "numbers":
        return float(sum(is_number(v) for v in as_column(arguments[0].value(fetch))))
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
    found = as_column(column.value(fetch))
    rows = _masks(tuple(conditions), fetch) if conditions else [True] * len(found)
    numbers = [v for v, wanted in zip(found, rows, strict=True) if wanted and is_number(v)]
    return float(sum(numbers)) if numbers else None


def _nth(excel_name: str, reverse: bool) -> tuple[Excel, Callable[[Arguments, Fetch], Value]]:
    def excel(arguments: Arguments, refer: Refer) -> str:
        cells, rank = arguments[0].excel(refer), arguments[1].excel(refer)
        return f'IF(COUNT({cells})<{rank},"",{excel_name}({cells},{rank}))'

    def value(arguments: Arguments, fetch: Fetch) -> Value:
        numbers = sorted((v for v in as_column(arguments[0].value(fetch)) if is_number(v)), reverse=reverse)
        rank = int(as_number(arguments[1].value(fetch)))
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


def _looked_up(arguments: Arguments, fetch: Fetch) -> list[Scalar]:
    key, (keys, values) = arguments[0].value(fetch), (as_column(node.value(fetch)) for node in arguments[1:])
    wanted = _folded(key)
    return [] if key in (None, "") else [v for k, v in zip(keys, values, strict=True) if _folded(k) == wanted]


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
    return _folded(one) not in _all_folded(tuple(as_column(arguments[1].value(fetch))))


@lru_cache(maxsize=64)
def _all_folded(values: tuple[Scalar, ...]) -> frozenset[Value]:
    """The values of a list, which is asked for row after row."""
    return frozenset(map(_folded, values))


def _band_excel(arguments: Arguments, refer: Refer) -> str:
    """The label of the highest band whose lower limit is reached."""
    one, limits, labels = (node.excel(refer) for node in arguments)
    reached = f"SUMPRODUCT(--({limits}<={one}))"
    return f'IF(COUNT({one})=0,"",IF({reached}=0,"",INDEX({labels},{reached})))'


def _band_value(arguments: Arguments, fetch: Fetch) -> Value:
    limits, labels = (as_column(node.value(fetch)) for node in arguments[1:])
    one = arguments[0].value(fetch)
    reached = 0 if one is None else sum(limit <= one for limit in limits)  # type: ignore[operator]
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
    found = [
        "" if v is None else str(v) for v, wanted in zip(as_column(column.value(fetch)), rows, strict=True) if wanted
    ]
    most = int(as_number(limit.value(fetch)))
    return ", ".join(found[:most]) + (" …" if len(found) > most else "")


AGGREGATES = [
    define("count", "number", (1, 9), _count_excel, _count_value, **OWN),
    define("sum", "number", (1, 9), _sum_excel, _sum_value, spreads=False),
    define("nth_smallest", "number", (2, 2), *_nth("SMALL", False), spreads=False, how=(1,)),
    define("nth_largest", "number", (2, 2), *_nth("LARGE", True), spreads=False, how=(1,)),
    define("lookup", "number", (3, 3), _lookup_excel, _lookup_value, spreads=False),
    define("lookup_text", "text", (3, 3), _lookup_text_excel, _lookup_text_value, spreads=False),
    define("not_in", "condition", (2, 2), _not_in_excel, _not_in_value, **OWN),
    define("band", "text", (3, 3), _band_excel, _band_value, spreads=False),
    define("ids", "text", (3, 9), _ids_excel, _ids_value, how=(1,), **OWN),
]
