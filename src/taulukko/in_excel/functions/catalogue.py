"""The measures that are worksheet functions, too: the expressions of columns, as data for whoever has no template.

A function takes the columns it is declared with. Other computed columns that its expression names are put in its place,
until only arguments, thresholds, lists and words are left.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from taulukko.formula.data import Data, to_data
from taulukko.template.names import Names, names_of
from taulukko.template.schema import Column, RecordsSection, StatementSection, Template

SCHEMA = 1


class Declared(NamedTuple):
    """A worksheet function.

    Attributes:
        section: whose column it computes.
        arguments: columns and parameters it takes, in the order in which it takes them.
        optional: how many of the last may be left out.
    """

    name: str
    section: str
    column: str
    arguments: tuple[str, ...]
    optional: int = 0


STATEMENT, LIMITS = "income_statement", ("material_amount", "material_share", "watch_share")
FUNCTIONS = (
    Declared("REMAINING", STATEMENT, "remaining", ("budget", "actual")),
    Declared("USED_SHARE", STATEMENT, "used_share", ("budget", "actual")),
    Declared("PACE", STATEMENT, "pace", ("last_year", "last_year_to_date")),
    Declared(
        "FORECAST",
        STATEMENT,
        "forecast",
        ("actual", "months", "last_year", "last_year_to_date", "forecast_manual", "months_in_year"),
        4,
    ),
    Declared("VARIANCE", STATEMENT, "variance", ("budget", "forecast")),
    Declared("VARIANCE_STATUS", STATEMENT, "status", ("budget", "forecast", *LIMITS), 3),
    Declared("RISK_LEVEL", "risks", "level", ("likelihood", "impact")),
    Declared("OWN_SHARE", "projects", "own_contribution", ("funding", "city_share")),
)


def catalogue(templates: Mapping[str, Template]) -> dict[str, Any]:
    """The data of the functions that a template has the columns for.

    Args:
        templates: the template in each language.
    """
    template = next(iter(templates.values()))
    functions = [one for one in FUNCTIONS if _column(template, one.section, one.column)]
    return {"schema": SCHEMA, "functions": [_function(one, templates) for one in functions]}


def _column(template: Template, section: str, key: str) -> Column | None:
    found = template.sections.get(section)
    if not isinstance(found, RecordsSection | StatementSection):
        return None
    return next((column for column in found.columns if column.key == key), None)


def _function(declared: Declared, templates: Mapping[str, Template]) -> dict[str, Any]:
    template = next(iter(templates.values()))
    tree = _inlined(declared.column, declared, template, names_of(template))
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


def _inlined(key: str, declared: Declared, template: Template, names: Names) -> Data:
    """The tree of a column with the computed columns it names in their places."""
    column = _column(template, declared.section, key)
    assert column is not None and column.formula is not None

    def inlined(data: Data) -> Data:
        kind, *parts = data
        if kind == "field" and parts[0] not in declared.arguments:
            found = _column(template, declared.section, parts[0])
            if found is not None and found.formula:
                return _inlined(parts[0], declared, template, names)
        return [kind, *(inlined(part) if isinstance(part, list) else part for part in parts)]

    return inlined(to_data(names.read(column.formula, declared.section)))


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


__all__ = ["FUNCTIONS", "catalogue"]
