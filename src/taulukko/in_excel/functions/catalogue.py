"""The measures that are worksheet functions, too: the expressions of columns, as data for whoever has no template.

A function takes the columns it is declared with. Other computed columns that its expression names are put in its place,
until only arguments, thresholds, lists and words are left.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from taulukko.formula.data import Data, to_data
from taulukko.template.names import names_of
from taulukko.template.schema import Template

SCHEMA = 1


class Declared(NamedTuple):
    """A worksheet function.

    Attributes:
        column: what it computes, of the first section that has it and the arguments that are columns.
        arguments: columns and parameters it takes, in the order in which it takes them.
        optional: how many of the last may be left out.
    """

    name: str
    column: str
    arguments: tuple[str, ...]
    optional: int = 0


LIMITS = ("material_amount", "material_share", "watch_share")
FUNCTIONS = (
    Declared("REMAINING", "remaining", ("budget", "actual")),
    Declared("USED_SHARE", "used_share", ("budget", "actual")),
    Declared("PACE", "pace", ("last_year", "last_year_to_date")),
    Declared(
        "FORECAST",
        "forecast",
        ("actual", "months", "last_year", "last_year_to_date", "forecast_manual", "months_in_year"),
        4,
    ),
    Declared("VARIANCE", "variance", ("budget", "forecast")),
    Declared("VARIANCE_STATUS", "status", ("budget", "forecast", *LIMITS), 3),
    Declared("RISK_LEVEL", "level", ("likelihood", "impact")),
    Declared("OWN_SHARE", "own_contribution", ("funding", "city_share")),
)


def catalogue(templates: Mapping[str, Template]) -> dict[str, Any]:
    """The data of the functions that a template has the columns for.

    Args:
        templates: the template in each language.
    """
    template = next(iter(templates.values()))
    sections = {one: section_of(template, one) for one in FUNCTIONS}
    functions = [_function(one, section, templates) for one, section in sections.items() if section]
    return {"schema": SCHEMA, "functions": functions}


def section_of(template: Template, declared: Declared) -> str:
    """The section whose column a function computes; empty where there is none."""
    for key, section in (template.statements() | template.records()).items():
        columns = {column.key: column for column in section.columns}
        given = columns.keys() | template.head.parameters.keys()
        if declared.column in columns and columns[declared.column].formula and given >= {*declared.arguments}:
            return key
    return ""


def _function(declared: Declared, section: str, templates: Mapping[str, Template]) -> dict[str, Any]:
    template = next(iter(templates.values()))
    tree = _inlined(declared.column, declared, section, template)
    paths = [path for path in dict.fromkeys(_paths(tree)) if _short(path) not in declared.arguments]
    required = len(declared.arguments) - declared.optional
    return {
        "name": declared.name,
        "tree": tree,
        "help": _words(f"functions.{declared.name.lower()}", templates),
        "arguments": [
            {
                "key": key,
                "help": _words(f"arguments.{key}", templates),
                "required": place < required,
                "default": _parameter(key, template),
            }
            for place, key in enumerate(declared.arguments)
        ],
        "constants": {path: {one: _constant(path, templates[one]) for one in templates} for path in paths},
    }


def _inlined(key: str, declared: Declared, section: str, template: Template) -> Data:
    """The tree of a column with the computed columns it names in their places."""
    found = (template.statements() | template.records())[section]
    formulas = {column.key: column.formula for column in found.columns if column.formula}

    def inlined(data: Data) -> Data:
        kind, *parts = data
        if kind == "field" and parts[0] in formulas and parts[0] not in declared.arguments:
            return _inlined(parts[0], declared, section, template)
        return [kind, *(inlined(part) if isinstance(part, list) else part for part in parts)]

    return inlined(to_data(names_of(template).read(formulas[key], section)))


def _paths(data: Data) -> list[str]:
    kind, *parts = data
    if kind == "field":
        return [parts[0]]
    return [path for part in parts if isinstance(part, list) for path in _paths(part)]


def _short(path: str) -> str:
    return path.removeprefix("parameters.")


def _parameter(key: str, template: Template) -> float | None:
    found = template.head.parameters.get(key)
    return None if found is None else found.value


def _constant(path: str, template: Template) -> Any:
    """What a name that is no argument stands for in the template as it is."""
    head, _, rest = path.partition(".")
    if head == "parameters":
        return template.head.parameters[rest].value
    if head == "lists":
        members = template.head.scales[rest.removesuffix("_from")].members
        if rest.endswith("_from"):
            return [member.from_ for member in members]
        return [template.label(f"scales.{rest}.{member.key}") for member in members]
    return template.label(f"scales.{path}")


def _words(key: str, templates: Mapping[str, Template]) -> dict[str, str]:
    return {language: template.label(key) for language, template in templates.items()}


__all__ = ["FUNCTIONS", "catalogue", "section_of"]
