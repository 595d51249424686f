"""Fields as people read them: sections, records and columns by their labels, values as the workbook shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from taulukko.folder.field_text import SHARES
from taulukko.formula.wording import MINUS, NBSP
from taulukko.numbers import canonical, rounded
from taulukko.report.inputs import Key
from taulukko.report.model import Input, Report
from taulukko.round.side import CONTROLS, GOALS, LISTS, PARAMETERS, REPORT, UNITS
from taulukko.template import Template
from taulukko.template.inputs import ASSESSMENT, RETURNS
from taulukko.template.schema import Column, Filled

Value = Input | float
"""An input, or a number that is computed."""
COMPUTED = Column(key="computed", type="choice", scale="return_state", role="computed")
ASSESSED = {"text": "assessment", "covers_lines": "covers"}
BARE = ("integer", "year")
"""Numbers whose thousands stand together."""
FILE = "report.toml"


def on_one_line(text: str) -> str:
    """A text of anybody's as a terminal may show it.

    Example:
        >>> on_one_line("Maija\\nMeikäläinen")
        'Maija Meikäläinen'
    """
    return "".join(char if char.isprintable() or char == NBSP else " " for char in text)


def moment(time: str) -> str:
    """A time, ISO 8601, in the time of where we are; as it is when it is none."""
    try:
        when = datetime.fromisoformat(time).astimezone()
    except ValueError:
        return on_one_line(time)
    return f"{when.day}.{when.month}.{when.year} {when:%H:%M}"


def column_of(template: Template, key: Key) -> Column | None:
    """The column a field belongs to; None for what is no column's."""
    section, record, field = key
    if section == PARAMETERS:
        parameter = template.head.parameters.get(record)
        return Column(key=record, type=parameter.format) if parameter else None
    if section == CONTROLS:
        return column_of(template, (record.partition(".")[0], "", field))
    return next((column for column in _columns(template, section) if column.key == field), None)


def _columns(template: Template, section: str) -> tuple[Column, ...]:
    declared = template.sections.get(section)
    if isinstance(declared, Filled):
        return declared.columns
    file = template.files().get(section)
    return (*file.columns, *([COMPUTED] if section == RETURNS else [])) if file else ()


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one side of a comparison.

    Attributes:
        blank: what is said of nothing.
    """

    report: Report
    template: Template
    blank: str

    def place(self, key: Key) -> str:
        """What a field is called: section, record and column.

        Example:
            `Riskit R1 · Vaikutus`, `Tuloslaskelma VAKA Maksutuotot · Toteuma`, `report.toml deadline`
        """
        section, record, field = key
        if section == REPORT:
            return f"{FILE} {field}"
        if section in (UNITS, GOALS):
            return f"{FILE} {section}.{record} {field}".rstrip()
        record, field = self._record(section, record), self._field(key)
        named = " ".join(part for part in (self._section(section), record) if part)
        return f"{named} · {field}" if field else named

    def _section(self, section: str) -> str:
        if section == RETURNS:
            return self._label("cover.return", section)
        if section == LISTS:
            section = PARAMETERS
        assessed = [key for key, one in self.template.statements().items() if one.assessment == section]
        return self._label(f"sections.{assessed[0] if assessed else section}.title", section)

    def _record(self, section: str, record: str) -> str:
        if section in self.template.statements():
            unit, _, line = record.partition(".")
            return f"{unit} {self._label(f'lines.{line}', line)}"
        if section == PARAMETERS:
            return self._label(f"parameters.{record}", record)
        if section == LISTS:
            return self._label(f"scale_names.{record.removesuffix('_from')}", record)
        return record

    def _field(self, key: Key) -> str:
        section, record, field = key
        if section == PARAMETERS:
            return ""
        if section == LISTS:
            return self._label(f"scales.{record.removesuffix('_from')}.{field}", field)
        if section == CONTROLS:
            section = record.partition(".")[0]
        if section == RETURNS:
            spelled = {"missing": "missing_in_all"}.get(field) or (field if "." in field else f"return_{field}")
            return self._label(f"cover.{spelled}", field)
        if self.template.files().get(section) is ASSESSMENT:
            return self._label(f"statement.{ASSESSED.get(field, field)}", field).rstrip(":")
        return self._label(f"columns.{section}.{field}", field)

    def _label(self, key: str, otherwise: str) -> str:
        return self.template.labels.get(key, otherwise)

    def value(self, value: Value, key: Key, decimals: int = 2) -> str:
        """A value of a field: members by their words, numbers with their thousands apart, days as 30.9.2024.

        Args:
            decimals: how many at most.
        """
        column = column_of(self.template, key)
        if value is None or value == "":
            return self.blank
        if isinstance(value, date):
            return f"{value.day}.{value.month}.{value.year}"
        if isinstance(value, str):
            return self._member(value, column)
        number = value if isinstance(value, Decimal) else Decimal(repr(value))
        if column and column.type in SHARES:
            return f"{self._number(number * 100, decimals)}{NBSP}%"
        return self._number(number, decimals) if column and column.type not in BARE else canonical(number)

    def _member(self, value: str, column: Column | None) -> str:
        scale = column.scale if column else None
        if scale == "strategic_goals":
            return next((goal.name for goal in self.report.strategic_goals if goal.key == value), value)
        return self._label(f"scales.{scale}.{value}", value)

    def _number(self, number: Decimal, decimals: int) -> str:
        text = f"{rounded(number, decimals) or 0:,f}"
        whole, _, rest = text.partition(".")
        text = f"{whole}.{rest}" if (rest := rest.rstrip("0")) else whole
        mark = self.template.label("decimal_mark")
        return text.replace(",", NBSP).replace(".", mark).replace("-", MINUS)


__all__ = ["Value", "Words", "column_of", "moment", "on_one_line"]
