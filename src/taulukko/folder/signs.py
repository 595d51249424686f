"""The sign of costs: a report has them below zero, and a data folder may write them above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from taulukko.folder.controls import statement_lines
from taulukko.report.model import Control, Input
from taulukko.template.inputs import InputFile
from taulukko.template.schema import Template

NEGATIVE, POSITIVE = "costs_negative", "costs_positive"
"""What `signs` says in report.toml."""


def signed(row: Mapping[str, Input], file: InputFile, signs: str) -> dict[str, Input]:
    """A row of a folder as the report has it, or of the report as the folder has it."""
    if signs != POSITIVE or row.get("line") not in file.costs:
        return dict(row)
    money = {column.key for column in file.columns if column.type == "euro"}
    return {key: _turned(value) if key in money else value for key, value in row.items()}


def signed_control(control: Control, template: Template, signs: str) -> Control:
    """A control figure likewise; it turns round where it is an amount of a cost line."""
    if signs != POSITIVE or template.sections[control.section].stands_for(control.section) is None:
        return control
    statement, lines = statement_lines(control.section, template)
    column = next(column for column in statement.columns if column.key == control.column)
    is_cost = column.type == "euro" and lines[control.record] in statement.costs
    return replace(control, printed=-control.printed) if is_cost else control


def _turned(value: Input) -> Input:
    return -value if isinstance(value, Decimal | int) else value


__all__ = ["NEGATIVE", "POSITIVE", "signed", "signed_control"]
