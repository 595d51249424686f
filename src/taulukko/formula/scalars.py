"""Named functions of numbers, days and missing values."""

from __future__ import annotations

from taulukko.formula.days import as_date, serial_of
from taulukko.formula.function import OWN, Arguments, bare, define
from taulukko.formula.nodes import Fetch, Field, Node, Refer
from taulukko.formula.values import Value, as_number, is_number, is_written
from taulukko.numbers import round_half_away


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
    """The last one stands as it is, unless it is a cell: a reference to a blank cell would show 0."""
    *others, last = arguments
    text = last.excel(refer)
    if isinstance(last, Field) and not is_written(text):
        others, text = list(arguments), '""'
    for node in reversed(others):
        one = node.excel(refer)
        text = one if is_written(one) else f"IF(COUNT({one})=1,{one},{text})"
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
    return given.value(fetch) if any(value is None for value in found) else sum(map(as_number, found))


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


SCALARS = [
    define("abs", "number", (1, 1), bare("ABS({0})"), abs),
    define(
        "round", "number", (2, 2), bare("ROUND({0},{1})"), lambda x, digits: round_half_away(x, int(digits)), how=(1,)
    ),
    define("max", "number", (2, 2), bare("MAX({0},{1})"), lambda a, b: max(a, b)),
    define("min", "number", (2, 2), bare("MIN({0},{1})"), lambda a, b: min(a, b)),
    define("year", "number", (1, 1), bare("YEAR({0})"), lambda serial: float(as_date(serial).year)),
    define("month", "number", (1, 1), bare("MONTH({0})"), lambda serial: float(as_date(serial).month)),
    define(
        "date",
        "number",
        (3, 3),
        bare("DATE({0},{1},{2})"),
        lambda y, m, d: serial_of(int(y), int(m), int(d)),
        how=(1, 2),
    ),
    define("blank", "condition", (1, 1), _blank_excel, lambda a, fetch: _is_missing(a[0], fetch), **OWN),
    define("filled", "condition", (1, 1), _filled_excel, lambda a, fetch: not _is_missing(a[0], fetch), **OWN),
    define("is_text", "condition", (1, 1), _is_text_excel, _is_text_value, **OWN),
    define("known", "condition", (1, 99), _parts_known_excel, _parts_known_value, **OWN),
    define("first", "number", (1, 9), _first_excel, _first_value, spreads=False),
    define("total", "number", (2, 99), _total_excel, _total_value, spreads=False),
]
