"""What a control figure may be about."""

from __future__ import annotations

from collections.abc import Iterator

from taulukko.report.model import Control, Report
from taulukko.template.schema import RecordsSection, StatementSection, Template

TOTALS = ("total", "net")
"""What the total row of a table of records is called."""


def misplaced(control: Control, report: Report, template: Template) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Field, value and allowed values of whatever in a control figure's place is not there."""
    section = template.sections[control.section]
    if isinstance(section, RecordsSection):
        records, columns = (*report.inputs.get(control.section, ()), *TOTALS), section.columns
        units: tuple[str, ...] = ("",)
    else:
        statement, lines = statement_lines(control.section, template)
        records, columns = tuple(lines), tuple(c for c in statement.columns if c.place == "table")
        units = tuple(unit.code for unit in report.units)
    figures = tuple(column.key for column in columns if not column.is_text and column.type != "date")
    for field, found, allowed in (
        ("unit", control.unit, units),
        ("record", control.record, records),
        ("column", control.column, figures),
    ):
        if found not in allowed:
            yield field, found, allowed


def statement_lines(key: str, template: Template) -> tuple[StatementSection, dict[str, str]]:
    """The statement behind a section, and the line that each of the section's rows stands for."""
    found = template.sections[key].stands_for(key)
    assert found is not None
    return template.statements()[found[0]], found[1]
