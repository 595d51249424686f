"""The measures as functions for cells, by the names and in the order of arguments that the catalogue has."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from xlwings import XlwingsError, arg, func

from taulukko.in_excel.functions.measures import Function, functions, spread
from taulukko.in_excel.functions.vectors import vector
from taulukko.messages import Say, reader_language

__xlwings_func_namespace__ = "TAULUKKO"
TEMPLATE = "osavuosikatsaus"
"""Whose measures they are."""


@cache
def measures(language: str = "") -> dict[str, Function]:
    """The functions by their names, words in a language, or in the reader's."""
    from taulukko.in_excel.functions.catalogue import catalogue
    from taulukko.template import find_template, load_template

    language = language or reader_language(None, os.environ)
    return functions(catalogue({language: load_template(find_template(TEMPLATE), language)}), language)


def _of(name: str, *given: Any) -> Any:
    """A measure of what a cell gives; what it cannot be of is told in the reader's language."""
    try:
        measure = measures()[name]
        return vector(measure, *given) or spread(measure, *given)
    except ValueError as error:
        told = Say(reader_language(None, os.environ)).text("inside.shapes", found=error)
        raise XlwingsError(told) from error


@func
@arg("budget", ndim=2)
@arg("actual", ndim=2)
def remaining(budget: Any, actual: Any) -> Any:
    """What is left of the budget."""
    return _of("REMAINING", budget, actual)


@func
@arg("budget", ndim=2)
@arg("actual", ndim=2)
def used_share(budget: Any, actual: Any) -> Any:
    """The share of the budget that is used."""
    return _of("USED_SHARE", budget, actual)


@func
@arg("last_year", ndim=2)
@arg("last_year_to_date", ndim=2)
def pace(last_year: Any, last_year_to_date: Any) -> Any:
    """The share of last year that was used by the same day."""
    return _of("PACE", last_year, last_year_to_date)


@func
@arg("actual", ndim=2)
@arg("months", ndim=2)
@arg("last_year", ndim=2)
@arg("last_year_to_date", ndim=2)
@arg("forecast_manual", ndim=2)
@arg("months_in_year", ndim=2)
def forecast(
    actual: Any,
    months: Any,
    last_year: Any = None,
    last_year_to_date: Any = None,
    forecast_manual: Any = None,
    months_in_year: Any = None,
) -> Any:
    """What the year comes to."""
    return _of("FORECAST", actual, months, last_year, last_year_to_date, forecast_manual, months_in_year)


@func
@arg("budget", ndim=2)
@arg("forecast", ndim=2)
def variance(budget: Any, forecast: Any) -> Any:
    """By how much the year's forecast is better than the budget."""
    return _of("VARIANCE", budget, forecast)


@func
@arg("budget", ndim=2)
@arg("forecast", ndim=2)
@arg("material_amount", ndim=2)
@arg("material_share", ndim=2)
@arg("watch_share", ndim=2)
def variance_status(
    budget: Any, forecast: Any, material_amount: Any = None, material_share: Any = None, watch_share: Any = None
) -> Any:
    """The status of a budget line."""
    return _of("VARIANCE_STATUS", budget, forecast, material_amount, material_share, watch_share)


@func
@arg("likelihood", ndim=2)
@arg("impact", ndim=2)
def risk_level(likelihood: Any, impact: Any) -> Any:
    """The level of a risk."""
    return _of("RISK_LEVEL", likelihood, impact)


@func
@arg("funding", ndim=2)
@arg("city_share", ndim=2)
def own_share(funding: Any, city_share: Any) -> Any:
    """What a project costs its owner."""
    return _of("OWN_SHARE", funding, city_share)


__all__ = [
    "forecast",
    "own_share",
    "pace",
    "remaining",
    "risk_level",
    "used_share",
    "variance",
    "variance_status",
]
