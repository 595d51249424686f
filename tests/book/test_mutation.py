"""One operator of one measure is changed at a time: a value in one of some reports must show it.

The values as they should be stand in golden/oracle-*.json, by section, row and column; of Puro's kin only those that
differ from Puro's. A missing oracle is written and fails once; to accept a change, delete the file, run, read the diff.
"""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest

from support import edges
from support.built import HEINOLA, PURO, TESTS
from support.reading import Planned, planned
from support.variants import five_by_five
from taulukko.folder.data_folder import load
from taulukko.formula.nodes import Node
from taulukko.formula.values import is_number
from taulukko.plan import build
from taulukko.plan.draft import HEADER
from taulukko.plan.scope import Alias, value_at
from taulukko.plan.sheets import checks
from taulukko.plan.sheets.checks import COLUMNS, KEY
from taulukko.report.model import Report
from taulukko.template import Template
from taulukko.template.names import Names
from taulukko.template.references import mentions
from taulukko.template.schema import Expression

GOLDEN = TESTS / "golden"

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

SURVIVORS = {
    "income_statement.columns.by_profile.formula: actual / pace if pace >= 0 and pace <= 1 else None": (
        "equivalent: a quotient by a pace of 0 is missing too"
    ),
    "STATE: check_state.unknown if blank(difference) or blank(tolerance) else check_state.holds if "
    "round(abs(difference), 6) <= round(tolerance, 7) else check_state.accepted if filled(reason) and filled(name) and "
    "filled(date) else check_state.fails": "equivalent: no tolerance of a check has more than five decimals",
}
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
        data = section.model_dump(exclude_unset=True)
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
        elif one and path[:1] != ("quotes",) and (key in EXPRESSIONS or (path and path[-1] in EXPRESSION_TABLES)):
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


def values(found: Planned, first: str = "") -> Iterator[tuple[str, str, Any]]:
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


def _record_values(found: Planned, key: str, section: Any) -> Iterator[tuple[str, str, Any]]:
    for column in section.columns:
        if column.formula:
            for row, value in found.records(key, column.key).items():
                yield f"{key}.{row}", column.key, value
        if column.total != "none":
            yield f"{key}.totals", column.key, found.value(f"{key}.totals.{column.key}")


def _statement_values(found: Planned, key: str, section: Any) -> Iterator[tuple[str, str, Any]]:
    for unit in ("division", *(unit.code for unit in found.report.areas)):
        for line in section.lines:
            for column in section.columns:
                if line.kind != "heading" and (column.formula or column.total == "sum"):
                    row = f"{key}.{unit}.{line.key}"
                    try:
                        yield row, column.key, found.value(f"{row}.{column.key}")
                    except KeyError:
                        continue  # a line or a cell that this unit does not have


def _check_values(found: Planned, key: str) -> Iterator[tuple[str, str, Any]]:
    sheet = found.sheet(key)
    rows = [row for row, column in sheet.cells if column == KEY and row > HEADER]
    for row in rows:
        for column in ("expected", "found", "difference", "tolerance", "which", "state"):
            value = value_at(sheet, row, COLUMNS.index(column) + 1)
            yield f"{key}.{sheet.cells[row, KEY].value}", column, None if value == "" else value


def _other_values(found: Planned) -> Iterator[tuple[str, str, Any]]:
    """Parameters, facts, and what the sentences and the summary say."""
    names, areas = Names(found.template), ("division", *(unit.code for unit in found.report.areas))
    for mention in mentions(found.template):
        file, place, name, text = mention.file, mention.place, mention.field, mention.text
        if not isinstance(mention.meaning, Expression) or place.startswith(("columns[", "checks[")):
            continue
        for unit in areas if "unit." in text else [""]:
            scope = Alias(found.scope, {"unit": f"income_statement.{unit}"})
            value = names.read(text, mention.names_of).value(scope.fetch)
            yield f"{file}.{place}{unit and '.' + unit}", name, None if value == "" else value


def differs(expected: Any, found: Any) -> bool:
    if is_number(expected) and is_number(found):
        return not math.isclose(expected, found, rel_tol=1e-9, abs_tol=1e-9)
    return bool(type(expected) is not type(found) or expected != found)


# --- the reports ------------------------------------------------------------------------------------------------------


@dataclass
class Case:
    """A report with what somebody typed into its workbook, and the name of the case whose values it mostly shares."""

    report: Report
    template: Template
    base: str = ""
    typed: dict[str, str] = field(default_factory=dict)

    def planned(self, template: Template) -> Planned:
        found = planned(self.report, template)
        for path, text in self.typed.items():
            found.cell(path).value = text
        return found


CASES = ("edges", "puro", "crowded", "heinola", "even", "little_above", "little_below")
"""Those that catch most come first."""


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    puro, viisi = load(PURO, template_folder=five_by_five(tmp_path_factory.mktemp("templates") / "viisi"))
    return {
        "puro": Case(puro, viisi),
        "edges": Case(edges.at_the_edges(puro), viisi, "puro", edges.SLIPS),
        "crowded": Case(edges.crowded(puro), viisi, "puro"),
        "heinola": Case(*load(HEINOLA)),
        "even": Case(edges.near_the_budget(puro, "0"), viisi, "puro"),
        "little_above": Case(edges.near_the_budget(puro, "0.25"), viisi, "puro"),
        "little_below": Case(edges.near_the_budget(puro, "-0.002"), viisi, "puro"),
    }


@pytest.fixture
def lazily(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plan the cells only, read each text once, and compute a value when it is asked for."""
    for step in ("evaluate", "set_row_heights", "plan_charts", "plan_identity"):
        monkeypatch.setattr(build, step, lambda *_parts: None)
    read, trees = Names.read, {}

    def read_once(names: Names, text: str, section: str = "") -> Node:
        key = (names.template.head.name, text, section)
        if key not in trees:
            trees[key] = read(names, text, section)
        return trees[key]

    monkeypatch.setattr(Names, "read", read_once)


class Oracle:
    """The expected values of a case: its file, and beneath it the file of its base."""

    def __init__(self, name: str, cases: dict[str, Case]):
        self.path, self.case = GOLDEN / f"oracle-{name}.json", cases[name]
        self.base = Oracle(self.case.base, cases) if self.case.base else None
        if not self.path.exists():
            self._write()
            pytest.fail(f"{self.path.name} was missing and has been written: read it, and run again")
        self.rows: dict[str, dict[str, Any]] = json.loads(self.path.read_text(encoding="utf-8"))

    def expected(self, row: str, column: str) -> Any:
        cells = self.rows.get(row, {})
        return cells[column] if column in cells else self.base and self.base.expected(row, column)

    def differences(self, template: Template, first: str = "") -> Iterator[str]:
        for row, column, value in values(self.case.planned(template), first):
            if differs(self.expected(row, column), value):
                yield f"{row}.{column}: {self.expected(row, column)!r}, now {value!r}"

    def _write(self) -> None:
        """A line for each row, with the cells that are not as in the base."""
        rows: dict[str, dict[str, Any]] = {}
        for row, column, value in values(self.case.planned(self.case.template)):
            if differs(self.base and self.base.expected(row, column), value):
                rows.setdefault(row, {})[column] = value
        lines = [f"{json.dumps(row)}: {json.dumps(cells, ensure_ascii=False)}" for row, cells in rows.items()]
        self.path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


@pytest.mark.usefixtures("lazily")
@pytest.mark.parametrize("name", CASES)
def test_values_are_those_of_the_oracle(cases: dict[str, Case], name: str) -> None:
    oracle = Oracle(name, cases)
    assert list(oracle.differences(cases[name].template)) == []
    assert oracle.rows.keys() <= {row for row, _, _ in values(cases[name].planned(cases[name].template))}


@pytest.mark.exhaustive
@pytest.mark.usefixtures("lazily")
def test_every_mutant_is_caught(cases: dict[str, Case]) -> None:
    oracles = [Oracle(name, cases) for name in CASES]
    measured = [{(m.section, m.place): m for m in measures(oracle.case.template)} for oracle in oracles]
    survivors = []
    for place, measure in measured[0].items():
        for mutant in mutants(measure.text):
            changed = (
                any(oracle.differences(one[place].put(mutant), measure.section))
                for oracle, one in zip(oracles, measured, strict=True)
            )
            if not any(changed):
                survivors.append(f"{'.'.join(place)}: {mutant}")
    print(*survivors, sep="\n")
    assert set(survivors) == {name for name in SURVIVORS if not name.startswith(("DIFFERENCE", "STATE"))}


@pytest.mark.usefixtures("lazily")
@pytest.mark.parametrize("name", ["DIFFERENCE", "STATE"])
def test_every_mutant_of_a_check_itself_is_caught(
    cases: dict[str, Case], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    oracles = [Oracle(case, cases) for case in CASES]
    survivors = []
    for mutant in mutants(getattr(checks, name)):
        monkeypatch.setattr(checks, name, mutant)
        if not any(any(oracle.differences(oracle.case.template, "checks")) for oracle in oracles):
            survivors.append(f"{name}: {mutant}")
    assert survivors == [one for one in SURVIVORS if one.startswith(name)]
