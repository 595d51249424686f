"""One operator of one measure is changed at a time: the values of Heinola, Puro or a crowded report must show it.

The values as they should be stand in golden/oracle-*.json, by section, row and column. A missing oracle is written and
fails once; to accept a change, delete the file, run, and read the diff.
"""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from conftest import HEINOLA, ROOT
from reading import Planned, planned
from taulukko.formula.nodes import is_number
from taulukko.model import Report
from taulukko.plan import build
from taulukko.plan.checks import COLUMNS, KEY
from taulukko.plan.draft import HEADER
from taulukko.plan.scope import Alias, value_at
from taulukko.sources.folder import load
from taulukko.template import Template
from taulukko.template.load import _expressions
from taulukko.template.names import Names
from variants import five_by_five

GOLDEN = Path(__file__).parent / "golden"
PURO = Path(__file__).parent / "data" / "puro-sivistys-2025-04"

FLIPPED: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.Lt: (ast.GtE, ast.LtE),
    ast.LtE: (ast.Gt, ast.Lt),
    ast.Gt: (ast.LtE, ast.GtE),
    ast.GtE: (ast.Lt, ast.Gt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}

SURVIVORS: dict[str, str] = {}
"""Mutants that no value can show, and why."""


# --- the measures -----------------------------------------------------------------------------------------------------


class Measure:
    """An expression of the template and how to put another in its place."""

    def __init__(self, section: str, place: str, text: str, put: Callable[[str], Template]):
        self.section, self.place, self.text, self.put = section, place, text, put


def measures(template: Template) -> Iterator[Measure]:
    for key, parameter in template.head.parameters.items():
        if parameter.formula:
            yield Measure("parameters", key, parameter.formula, _in_parameter(template, key))
    for key, section in template.sections.items():
        data = section.model_dump(by_alias=True)
        for path, text in _texts(data):
            yield Measure(key, ".".join(map(str, _named(data, path))), text, _in_section(template, key, path))


EXPRESSIONS = {"formula", "found", "expected", "tolerance", "which", "figure", "value"}
EXPRESSION_TABLES = {"facts", "key_sentence", "note", "values"}


def _texts(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Every expression of a section with the way to it."""
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, one in items:
        if isinstance(one, dict | list | tuple):
            yield from _texts(one, (*path, key))
        elif isinstance(one, str) and (key in EXPRESSIONS or (path and path[-1] in EXPRESSION_TABLES)):
            if path[:1] != ("quotes",):
                yield (*path, key), one


def _named(data: Any, path: tuple[Any, ...]) -> Iterator[Any]:
    for part in path:
        data = data[part]
        yield data["key"] if isinstance(part, int) else part


def _in_parameter(template: Template, key: str) -> Callable[[str], Template]:
    def put(text: str) -> Template:
        changed = template.head.parameters[key].model_copy(update={"formula": text})
        head = template.head.model_copy(update={"parameters": template.head.parameters | {key: changed}})
        return template.model_copy(update={"head": head})

    return put


def _in_section(template: Template, key: str, path: tuple[Any, ...]) -> Callable[[str], Template]:
    def put(text: str) -> Template:
        section = _replaced(template.sections[key], path, text)
        return template.model_copy(update={"sections": template.sections | {key: section}})

    return put


def _replaced(whole: Any, path: tuple[Any, ...], text: str) -> Any:
    """A copy of a model, a tuple or a dictionary in which one expression, some levels down, is another."""
    if not path:
        return text
    part, *rest = path
    if isinstance(whole, tuple):
        return (*whole[:part], _replaced(whole[part], tuple(rest), text), *whole[part + 1 :])
    if isinstance(whole, dict):
        return whole | {part: _replaced(whole[part], tuple(rest), text)}
    return whole.model_copy(update={part: _replaced(getattr(whole, part), tuple(rest), text)})


# --- the mutants ------------------------------------------------------------------------------------------------------


def mutants(text: str) -> Iterator[str]:
    """The expression with one operator flipped or one number raised by 1."""
    plain = text.replace("{", "__").replace("}", "__").replace("\n", " ").strip()
    tree = ast.parse(plain, mode="eval")
    for place, node in enumerate(ast.walk(tree)):
        for change in _changes(node):
            copy = deepcopy(tree)
            change(list(ast.walk(copy))[place])
            mutant = ast.unparse(copy)
            for name in ("line", "column", "section"):
                mutant = mutant.replace(f"__{name}__", f"{{{name}}}")
            yield mutant


def _changes(node: ast.AST) -> Iterator[Callable[[Any], None]]:
    if isinstance(node, ast.BinOp | ast.BoolOp):
        for flipped in FLIPPED[type(node.op)]:
            yield lambda other, flipped=flipped: setattr(other, "op", flipped())
    elif isinstance(node, ast.Compare):
        for flipped in FLIPPED[type(node.ops[0])]:
            yield lambda other, flipped=flipped: setattr(other, "ops", [flipped()])
    elif isinstance(node, ast.Constant) and is_number(node.value):
        yield lambda other: setattr(other, "value", other.value + 1)


# --- the values -------------------------------------------------------------------------------------------------------


def values(found: Planned, first: str = "") -> Iterator[tuple[str, Any]]:
    """Everything the template's expressions give, by section, row and column; one section before the others."""
    sections = sorted(found.template.sections, key=lambda key: key != first)
    for key in sections:
        section = found.template.sections[key]
        if section.kind == "records":
            yield from _record_values(found, key, section)
        elif section.kind == "statement":
            yield from _statement_values(found, key, section)
        elif section.kind == "checks":
            yield from _check_values(found, key)
    yield from _other_values(found)


def _record_values(found: Planned, key: str, section: Any) -> Iterator[tuple[str, Any]]:
    for column in section.columns:
        if column.formula:
            for row, value in found.records(key, column.key).items():
                yield f"{key}.{row}.{column.key}", value
        if column.total != "none":
            yield f"{key}.totals.{column.key}", found.value(f"{key}.totals.{column.key}")


def _statement_values(found: Planned, key: str, section: Any) -> Iterator[tuple[str, Any]]:
    for unit in ("division", *(unit.code for unit in found.report.areas)):
        for line in section.lines:
            for column in section.columns:
                if line.kind != "heading" and (column.formula or column.total == "sum"):
                    path = f"{key}.{unit}.{line.key}.{column.key}"
                    try:
                        yield path, found.value(path)
                    except KeyError:
                        continue  # a line or a cell that this unit does not have


def _check_values(found: Planned, key: str) -> Iterator[tuple[str, Any]]:
    sheet = found.sheet(key)
    rows = [row for row, column in sheet.cells if column == KEY and row > HEADER]
    for row in rows:
        for column in ("expected", "found", "difference", "tolerance", "which", "state"):
            value = value_at(sheet, row, COLUMNS.index(column) + 1)
            yield f"{key}.{sheet.cells[row, KEY].value}.{column}", None if value == "" else value


def _other_values(found: Planned) -> Iterator[tuple[str, Any]]:
    """Parameters, facts, and what the sentences and the summary say."""
    names, areas = Names(found.template), ("division", *(unit.code for unit in found.report.areas))
    for file, place, field, text, section in _expressions(found.template):
        if place.startswith(("columns[", "checks[")):
            continue
        for unit in areas if "unit." in text else [""]:
            scope = Alias(found.scope, {"unit": f"income_statement.{unit}"})
            value = names.read(text, section).value(scope.fetch)
            yield f"{file}.{place}.{field}{unit and '.' + unit}", None if value == "" else value


def differs(expected: Any, found: Any) -> bool:
    if is_number(expected) and is_number(found):
        return not math.isclose(expected, found, rel_tol=1e-9, abs_tol=1e-9)
    return bool(type(expected) is not type(found) or expected != found)


# --- the reports ------------------------------------------------------------------------------------------------------


def crowded(report: Report) -> Report:
    """Puro with each of its records ten times: more than the checks can list."""
    records = {
        key: [row | {"id": f"{row['id']}{'' if one == 0 else f'-{one}'}"} for row in rows for one in range(10)]
        for key, rows in report.records.items()
    }
    return replace(report, records=records, controls=[], acceptances=[])


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Report, Template]]:
    folder = tmp_path_factory.mktemp("templates")
    puro = load(PURO, template_folder=five_by_five(folder / "viisi"))
    return {"heinola": load(HEINOLA), "puro": puro, "crowded": (crowded(puro[0]), puro[1])}


@pytest.fixture
def lazily(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plan without evaluating: each value is computed when it is asked for."""
    monkeypatch.setattr(build, "evaluate", lambda sheets: None)
    monkeypatch.setattr(build, "fit_rows", lambda sheet: None)


def expected_values(name: str, found: Planned) -> dict[str, Any]:
    path = GOLDEN / f"oracle-{name}.json"
    if not path.exists():
        lines = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in values(found)]
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
        pytest.fail(f"{path.name} was missing and has been written: read it, and run again")
    return dict(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.usefixtures("lazily")
@pytest.mark.parametrize("name", ["heinola", "puro", "crowded"])
def test_values_are_those_of_the_oracle(reports: dict[str, tuple[Report, Template]], name: str) -> None:
    found = planned(*reports[name])
    expected, actual = expected_values(name, found), dict(values(found))
    assert actual.keys() == expected.keys()
    assert {key: (expected[key], value) for key, value in actual.items() if differs(expected[key], value)} == {}
