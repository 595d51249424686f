"""Reads one field of a data folder, by the type its column has in the template."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from taulukko.model import Input, Report
from taulukko.numbers import NumberError, parse_amount, parse_integer, parse_share
from taulukko.template.schema import Column, Template

Read = tuple[Input, str | None, tuple[str, ...]]
Reader = Callable[[str], Read]
"""Text -> value, code of the fault if there is one, what would be allowed."""

SHARES = ("percent", "percent1", "share")


def field_reader(column: Column, report: Report, template: Template) -> Reader:
    """How the fields of a column are read."""
    if column.scale:
        return _member_reader(column, report, template)
    if column.type == "date":
        return lambda text: _date(text, column)
    if column.is_text:
        return lambda text: (
            (text, "text_long", (str(column.most),)) if len(text) > column.most else (text or None, None, ())
        )
    return _number_reader(column)


def _member_reader(column: Column, report: Report, template: Template) -> Reader:
    if column.scale == "units":
        allowed = {unit.code.lower(): unit.code for unit in report.units}
    elif column.scale == "strategic_goals":
        allowed = {goal.key: goal.key for goal in report.strategic_goals}
    else:
        members = template.head.scales[str(column.scale)].members
        allowed = {str(m.value) if m.value is not None else m.key: m.key for m in members}
    numeric = column.type == "integer"

    def read(text: str) -> Read:
        known = allowed.get(text.strip().lower())
        if known is None and text.strip():
            return None, "value", tuple(allowed)
        if not text.strip():
            return None, None, ()
        return (int(text) if numeric else known), None, ()

    return read


def _date(text: str, column: Column) -> Read:
    if not text.strip():
        return None, None, ()
    try:
        return date.fromisoformat(text.strip()), None, ()
    except ValueError:
        return None, "date", ("2024-09-30",)


def _number_reader(column: Column) -> Reader:
    def read(text: str) -> Read:
        value: Decimal | int | None
        try:
            if column.type in ("integer", "year"):
                value = parse_integer(text, plain=True)
            elif column.type in SHARES:
                value = parse_share(text, plain=True)
            else:
                value = parse_amount(text, plain=True)
        except NumberError as error:
            return None, error.code, ()
        if value is not None:
            low, high = column.minimum, column.maximum
            if column.type == "year":
                low, high = 1900, 2200
            if (low is not None and value < low) or (high is not None and value > high):
                return None, "range", (f"{low} – {high}",)
        return value, None, ()

    return read
