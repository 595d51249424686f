"""Expressions tried on many combinations of operands, each row of a workbook one combination."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice, product
from math import prod
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from taulukko.formula.addresses import letters as column_letters
from taulukko.formula.nodes import Choice, Constant, Field, Node
from taulukko.formula.values import is_number
from taulukko.plan.build import plan
from taulukko.template.schema import Template

ENOUGH = 400
HEIGHT = 4
FIRST, LAST = "\x00", "\x01"
KNOWN = "Yhteiset"
TEXT, FOREIGN = 'Äänekoski; "x" <&>', "muu"

Pool = list[Any]


@dataclass
class Trial:
    """One expression with what each of its operands may hold.

    Attributes:
        pools: by path, the values a cell may hold; None is a blank cell and "" a formula that gives an empty text.
        rows: the combinations themselves, instead of those drawn from the pools.
    """

    name: str
    node: Node
    pools: dict[str, Pool]
    rows: list[dict[str, Any]] | None = None

    def columns(self) -> set[str]:
        """The operands that are columns of cells."""
        return {field.path for field in fields_of(self.node) if field.kind in ("numbers", "texts")}

    def combinations(self) -> Iterator[dict[str, Any]]:
        """Operands by path; for a column of cells a list."""
        if self.rows is not None:
            yield from self.rows
            return
        columns = self.columns()
        slots = [self.pools[path] for path in self.pools for _ in range(HEIGHT if path in columns else 1)]
        for number, values in enumerate(drawn(slots), 1):
            left, height = iter(values), 1 if number % 7 == 0 else HEIGHT
            yield {path: list(islice(left, HEIGHT))[:height] if path in columns else next(left) for path in self.pools}


def drawn(pools: list[Pool]) -> list[tuple[Any, ...]]:
    """Every combination when they are few; else at random until every two values of two operands have met.

    Of a very long expression, which says the same of many operands, a hundred rows are enough.
    """
    if prod(map(len, pools)) <= ENOUGH:
        return list(product(*pools))
    chance = random.Random(1)
    if len(pools) > 20:
        return [tuple(chance.choice(pool) for pool in pools) for _ in range(100)]
    pairs = list(combinations(range(len(pools)), 2))
    unmet = {(a, b, x, y) for a, b in pairs for x in range(len(pools[a])) for y in range(len(pools[b]))}
    rows = []
    while unmet or len(rows) < ENOUGH:
        row = [chance.randrange(len(pool)) for pool in pools]
        unmet -= {(a, b, row[a], row[b]) for a, b in pairs}
        rows.append(tuple(pool[place] for pool, place in zip(pools, row, strict=True)))
    return rows


def nodes_of(node: Node) -> Iterator[Node]:
    yield node
    parts = (node.test, node.then, node.other) if isinstance(node, Choice) else ()
    for part in (*parts, *getattr(node, "arguments", ()), *getattr(node, "parts", ())):
        yield from nodes_of(part)


def fields_of(node: Node) -> list[Field]:
    return list(dict.fromkeys(part for part in nodes_of(node) if isinstance(part, Field)))


def names_used(node: Node) -> set[str]:
    return {part.function.name for part in nodes_of(node) if hasattr(part, "function")}


# Trials for every expression of a template


OWN_TRIALS = {"line_length", "part", "repeat"}
"""Functions whose operands are never just any number; test_expressions tries them by hand."""


def template_trials(report: Any, template: Template) -> tuple[list[Trial], dict[str, Any]]:
    """A trial for each shape of expression in the planned workbook, and the values of the names they share."""
    book = plan(report, template)
    shared = _shared(report, template)
    trials: dict[str, Trial] = {}
    for sheet in book.sheets:
        for (row, column), cell in sheet.cells.items():
            if cell.node is None or isinstance(cell.node, Field) or not fields_of(cell.node):
                continue
            if names_used(cell.node) & OWN_TRIALS:
                continue
            shape = _shape(cell.node)
            if shape not in trials:
                own = [field for field in fields_of(cell.node) if field.path not in shared]
                pools = {field.path: _pool(field, cell.node, template, shared) for field in own}
                trials[shape] = Trial(f"{sheet.key} {column_letters(column)}{row + 1}", cell.node, pools)
    return list(trials.values()), shared


def _shape(node: Node) -> str:
    """The Excel text with numbers and operands blotted out: expressions of one shape are tried once."""
    blots: dict[str, str] = {}
    kinds = "".join(field.kind + " " for field in fields_of(node))
    text = node.excel(lambda path: blots.setdefault(path, chr(0xE000 + len(blots))))
    return kinds + re.sub(r"[\d.]+(e-\d+)?", "9", text)


class _Worksheet(Worksheet):
    """Takes formulas as they are; looking for functions that need a prefix takes most of the time otherwise."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


def _shared(report: Any, template: Template) -> dict[str, Any]:
    """Labels, members of scales and lists: the same in every row."""
    shared: dict[str, Any] = {f"label.{key}": text for key, text in template.labels.items()}
    dynamic = {
        "lists.units": [unit.code for unit in report.units],
        "lists.strategic_goals": [goal.name for goal in report.strategic_goals],
        "lists.subgoals": ["\n".join(goal.subgoals) for goal in report.strategic_goals],
    }
    for scale, definition in template.head.scales.items():
        keys = [f"{scale}.{member.key}" for member in definition.members]
        words = {key: template.labels[f"scales.{key}"] for key in keys}
        numbers: list[Any] = [float(m.value) for m in definition.members if m.value is not None]
        shared |= words | {f"lists.{scale}": numbers or [*words.values()]}
        if definition.members[0].from_ is not None:
            shared[f"lists.{scale}_from"] = [float(member.from_ or 0) for member in definition.members]
    return shared | dynamic


def _pool(field: Field, node: Node, template: Template, shared: dict[str, Any]) -> Pool:
    if field.kind in ("text", "texts"):
        words = [shared[f.path] for f in fields_of(node) if f.path in shared and not f.path.startswith("label.")]
        known = [word if isinstance(word, str) else word[0] for word in words]
        known += [part.content for part in nodes_of(node) if isinstance(part, Constant) and part.kind == "text"]
        known = [word for word in known if isinstance(word, str) and 0 < len(word) < 60]
        return list(dict.fromkeys([TEXT, None, "", " ", FOREIGN, *known[:3], *(word.upper() for word in known[:1])]))
    kind = _type(field.path, template)
    if kind == "date":
        return [45565.0, 45200.25, 47000.0, None, "", "ensi keväänä"]
    if kind == "year":
        return [2024.0, 2021.0, None, "", "2024–"]
    constants: set[Any] = {
        part.content for part in nodes_of(node) if isinstance(part, Constant) and is_number(part.content)
    }
    usual = 0.7396 if kind in ("percent", "percent1", "share") else 120000.5
    parameter = template.head.parameters.get(field.path.removeprefix("parameters."))
    if parameter and parameter.value is not None:
        usual = parameter.value
    return list(dict.fromkeys([usual, 0.0, -50.25, None, "", "n. 5 000", *map(float, sorted(constants - {0})[:4])]))


def _type(path: str, template: Template) -> str:
    types = {key: parameter.format for key, parameter in template.head.parameters.items()} | {"date": "date"}
    for section in template.sections.values():
        types |= {column.key: column.type for column in getattr(section, "columns", ()) if not isinstance(column, str)}
    parts = path.split(".")
    return types.get(parts[-1]) or types.get(parts[0]) or "number"


# The workbook


def write(path: Path, trials: list[Trial], shared: dict[str, Any]) -> None:
    """A sheet for each trial: operands in cells, the formula beside them with the value that Python gives it."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheets = [book.add_worksheet(sheet_name(number, trial), _Worksheet) for number, trial in enumerate(trials)]
        _write_shared(book, shared)
        for trial, sheet in zip(trials, sheets, strict=True):
            _write_trial(sheet, trial, shared)


def sheet_name(number: int, trial: Trial) -> str:
    """Tells in a message which expression it is about."""
    return f"{number} " + re.sub(r"[^\w .,()=<>+-]", "_", trial.name)[:26]


def _write_shared(book: Any, shared: dict[str, Any]) -> None:
    sheet, row = book.add_worksheet(KNOWN), 0
    for name, value in shared.items():
        if name.startswith("label."):
            continue
        values = value if isinstance(value, list) else [value]
        book.define_name(name, f"={KNOWN}!$A${row + 1}" + (f":$A${row + len(values)}" if len(values) > 1 else ""))
        sheet.write_column(row, 0, values)
        row += len(values)


def _write_trial(sheet: Any, trial: Trial, shared: dict[str, Any]) -> None:
    places, columns = {path: place for place, path in enumerate(trial.pools)}, trial.columns()

    def refer(path: str) -> str:
        if path.startswith("label."):
            return '"' + shared[path] + '"'
        if path not in places:
            return path
        letters = column_letters(places[path])
        return f"{letters}{FIRST}:{letters}{LAST}" if path in columns else f"{letters}{FIRST}"

    text, top = trial.node.excel(refer), 0
    for values in trial.combinations():
        height = max((len(value) for value in values.values() if isinstance(value, list)), default=1)
        for path, value in values.items():
            for row, one in enumerate(value if isinstance(value, list) else [value], top):
                _write_cell(sheet, row, places[path], one)
        try:
            found = trial.node.value(lambda path, values=values: values[path] if path in values else shared[path])
        except Exception as error:
            raise AssertionError(f"{trial.name}: {values}: {error!r}") from error
        formula = text.replace(FIRST, str(top + 1)).replace(LAST, str(top + height))
        sheet.write_formula(top, len(places), "=" + formula, None, "" if found is None else found)
        top += height


def _write_cell(sheet: Any, row: int, column: int, value: Any) -> None:
    if value == "":
        sheet.write_formula(row, column, '=""', None, "")
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write_number(row, column, value)
