"""Reads one field of a data folder, by the type its column has in the template."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from taulukko.numbers import NumberError, parse_amount, parse_integer, parse_share
from taulukko.report.model import Input, Report
from taulukko.template.schema import Column, Template

Read = tuple[Input, str | None, tuple[str, ...]]
Reader = Callable[[str], Read]
"""Text -> value, code of the fault if there is one, what would be allowed."""

SHARES = ("percent", "percent1", "share")
YEARS_AROUND = 20
"""A day further than this from the report's period is a slip of the finger."""
LARGEST = 999_999_999_999_999
"""A number with more digits than this is none that somebody means, and Excel keeps no more of them."""
WITHIN_REPORT = frozenset({"due", "date"})
"""Columns of what is done because of the report: never before its period."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def field_reader(column: Column, report: Report, template: Template) -> Reader:
    """How the fields of a column are read."""
    if column.scale:
        return _member_reader(column, report, template)
    if column.type == "date":
        return _date_reader(column, report)
    if column.is_text:
        return _text_reader(column)
    return _number_reader(column)


def _member_reader(column: Column, report: Report, template: Template) -> Reader:
    if column.scale == "units":
        allowed = {unit.code.lower(): unit.code for unit in report.owners}
    elif column.scale == "strategic_goals":
        allowed = {goal.key: goal.key for goal in report.strategic_goals}
    else:
        members = template.head.scales[str(column.scale)].members
        allowed = {str(m.value) if m.value is not None else m.key: m.key for m in members}
    numeric = column.type == "integer"
    shown = tuple(allowed) if numeric else tuple(allowed.values())

    def read(text: str) -> Read:
        known = allowed.get(text.strip().lower())
        if known is None and text.strip():
            return None, "value", shown
        if not text.strip():
            return None, None, ()
        return (int(text) if numeric else known), None, ()

    return read


def _text_reader(column: Column) -> Reader:
    def read(text: str) -> Read:
        text = text.replace("\r\n", "\n")
        if len(text) > column.most:
            return None, "text_long", (str(column.most),)
        return text or None, None, ()

    return read


def _date_reader(column: Column, report: Report) -> Reader:
    earliest = date(report.period_start.year - YEARS_AROUND, 1, 1)
    latest = date(report.period_end.year + YEARS_AROUND, 12, 31)
    if column.key in WITHIN_REPORT:
        earliest = report.period_start

    def read(text: str) -> Read:
        written = text.strip()
        if not written:
            return None, None, ()
        try:
            day = date.fromisoformat(written) if _DAY.fullmatch(written) else None
        except ValueError:
            day = None
        if day is None:
            return None, "date", ()
        if not earliest <= day <= latest:
            return None, "date_outside", (f"{earliest} – {latest}",)
        return day, None, ()

    return read


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
                return None, "range", (_limits(low, high),)
            if not -LARGEST <= value <= LARGEST:
                return None, "range", (f"±{LARGEST:,}".replace(",", " "),)
        return value, None, ()

    return read


def _limits(low: float | None, high: float | None) -> str:
    """The limits as they are said: 0 – 1, ≥ 0.

    Example:
        >>> _limits(0, None)
        '≥ 0'
    """
    if high is None:
        return f"≥ {low:g}"
    return f"≤ {high:g}" if low is None else f"{low:g} – {high:g}"
