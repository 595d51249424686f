"""The measures as worksheet functions give what the workbook's own columns give."""

from __future__ import annotations

import json
from typing import Any

import pytest

from support.built import LANGUAGES, TEMPLATE, Built
from taulukko.in_excel.functions.catalogue import FUNCTIONS, Declared, catalogue, section_of
from taulukko.in_excel.functions.measures import Function, functions
from taulukko.in_excel.functions.vectors import vector
from taulukko.program.repair import is_same
from taulukko.template import load_template
from taulukko.template.words import FIXED

CATALOGUE = json.loads(json.dumps(catalogue({one: load_template(TEMPLATE, one) for one in LANGUAGES})))


def arguments(built: Built, declared: Declared, record: str) -> list[Any] | None:
    """What stands in the cells of a row that a function takes; None when one of them is not there."""
    found: list[Any] = []
    section = section_of(built.template, declared)
    for key in declared.arguments:
        spots = (table.get((section, record, key)) for table in (built.plan.inputs, built.plan.results))
        spot = next((spot for spot in spots if spot), None)
        parameter = key in built.template.head.parameters
        if parameter:
            found.append({"months": 9.0}.get(key, built.template.head.parameters[key].value))
        elif spot:
            found.append(built.plan.cell(spot).value)
        else:
            return None
    return found


@pytest.mark.parametrize("declared", FUNCTIONS, ids=[declared.name for declared in FUNCTIONS])
def test_a_function_gives_what_its_column_shows(built: Built, declared: Declared):
    function = functions(CATALOGUE, built.language)[declared.name]
    rows, expected = [], []
    for (section, record, column), spot in built.plan.results.items():
        is_total = section == "income_statement" and any(
            line.key == record.partition(".")[2] and line.kind == "total"
            for line in built.template.statements()[section].lines
        )
        given = None if is_total else arguments(built, declared, record)
        if (section, column) == (section_of(built.template, declared), declared.column) and given is not None:
            rows.append(given)
            expected.append(built.plan.cell(spot).value)
    assert len(rows) > 5
    assert all(is_same(function(*row), value) for row, value in zip(rows, expected, strict=True))
    ranges = [[[row[place]] for row in rows] for place in range(len(declared.arguments))]
    found = function(*ranges)
    assert all(is_same(one, value) for (one,), value in zip(found, expected, strict=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_function_tells_what_it_is_and_takes(language):
    for function in functions(CATALOGUE, language).values():
        assert function.help
        assert all(argument.help for argument in function.arguments)


def one(name: str) -> Function:
    return functions(CATALOGUE, "fi")[name]


def test_every_function_and_argument_has_its_label_and_none_more():
    labels = {f"functions.{one.name.lower()}" for one in FUNCTIONS}
    labels |= {f"arguments.{key}" for one in FUNCTIONS for key in one.arguments}
    assert {key for key in FIXED if key.startswith(("functions.", "arguments."))} == labels


def test_blanks_stay_blank():
    assert one("REMAINING")([[100, None, "n. 5", True]], [[None, 1, 2, 3]]) == [["", "", "", ""]]


def test_a_share_of_nothing_is_blank():
    assert one("USED_SHARE")(0, 5) == ""


def test_a_limit_may_be_given():
    status = one("VARIANCE_STATUS")
    assert (status(-1000, -1500), status(-1000, -1500, 100)) == ("Toteutuu", "Ei toteudu")


def test_a_forecast_of_ones_own_comes_first():
    forecast = one("FORECAST")
    assert (forecast(75, 9), forecast(75, 9, 200, 100), forecast(75, 9, 200, 100, 7)) == (100.0, 150.0, 7.0)


def test_ranges_of_different_shapes_are_refused():
    with pytest.raises(ValueError, match="2 ≠ 3"):
        one("VARIANCE")([[1], [2], [3]], [[1], [2]])


def test_too_few_arguments_are_refused():
    with pytest.raises(TypeError, match="VARIANCE"):
        one("VARIANCE")(1)


LONG = [[3.0]] * 1_999 + [[None]]
OTHER = [[float(number)] for number in range(2_000)]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("REMAINING", (OTHER, LONG)),
        ("VARIANCE", (LONG, OTHER)),
        ("VARIANCE", ([[1.0, None]] * 1_000, [[2.5, 3.0]] * 1_000)),
    ],
)
def test_long_ranges_by_numpy_give_what_the_expression_gives(name, given):
    function = functions(CATALOGUE, "fi")[name]
    found = vector(function, *given)
    assert found == function(*given)
    assert {type(value) for row in found for value in row} == {float, str}


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("REMAINING", ([[3.0]], [[1.0]])),
        ("REMAINING", (LONG, [[1.0]])),
        ("REMAINING", (LONG, [["x"], *LONG[1:]])),
        ("REMAINING", (LONG, [[True], *LONG[1:]])),
        ("REMAINING", (LONG, OTHER[1:])),
        ("USED_SHARE", (LONG, OTHER)),
        ("VARIANCE_STATUS", (LONG, OTHER)),
    ],
)
def test_what_numpy_cannot_do_as_the_expression_does_is_left_to_it(name, given):
    assert vector(functions(CATALOGUE, "fi")[name], *given) is None
