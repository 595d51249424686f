"""A report's inputs field by field, each known by its section, its record and its column.

The section is the name of the file of the data folder, the record the key of a row in it: `risks`, `R1`, `impact`, or
for a line of a statement `income_statement`, `VAKA.fees`, `budget`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from taulukko.numbers import canonical
from taulukko.report.model import Acceptance, Input, Record, Report
from taulukko.template.schema import Column, RecordsSection, StatementSection, Template

Place = tuple[str, str]
"""Section and record."""
Key = tuple[str, str, str]
"""Section, record and column."""
Fields = dict[Place, Record]
Marks = dict[Place, dict[str, str]]
"""For each field a mark that tells whether its value has changed, and not what it was."""

ASSESSMENT = (
    Column(key="unit", type="choice", scale="units", role="key"),
    Column(key="text", type="prose"),
    Column(key="covers_lines", type="choice", scale="yes_no"),
)
ACCEPTANCE = (
    Column(key="key", type="text", role="key"),
    Column(key="reason", type="text"),
    Column(key="name", type="text"),
    Column(key="date", type="date"),
)
RETURN = (
    Column(key="unit", type="choice", scale="units", role="key"),
    Column(key="state", type="choice", scale="return_state"),
    Column(key="name", type="text", most=100),
    Column(key="date", type="date"),
)
"""What a unit says on the cover of its own workbook."""
STATEMENT_KEYS = (
    Column(key="unit", type="choice", scale="units", required=True),
    Column(key="line", type="text", required=True),
)
CHECKS, RETURNS = "checks", "returns"


def written(value: Input) -> str:
    """An input as it is written in a data folder.

    Example:
        >>> written(date(2024, 9, 30)), written(None)
        ('2024-09-30', '')
    """
    if value is None or isinstance(value, str):
        return value or ""
    return value.isoformat() if isinstance(value, date) else canonical(value)


def mark(text: str) -> str:
    """The mark of a value as it is written; a blank has none.

    Example:
        >>> len(mark("Toimiva arki")), mark("")
        (16, '')
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16] if text else ""


def columns_of(section: RecordsSection | StatementSection) -> list[Column]:
    """The columns that somebody fills in, without the key."""
    return [column for column in section.columns if column.role == "input"]


def file_columns(template: Template) -> dict[str, tuple[tuple[Column, ...], tuple[Column, ...]]]:
    """For each file of a data folder that is filled in: its key columns and its other columns."""
    files: dict[str, tuple[tuple[Column, ...], tuple[Column, ...]]] = {}
    for key, section in template.sections.items():
        if isinstance(section, RecordsSection):
            files[key] = tuple(c for c in section.columns if c.role == "key"), tuple(columns_of(section))
        elif isinstance(section, StatementSection):
            files[key] = STATEMENT_KEYS, tuple(columns_of(section))
            if section.assessment:
                files[section.assessment] = ASSESSMENT[:1], ASSESSMENT[1:]
    return files | {CHECKS: (ACCEPTANCE[:1], ACCEPTANCE[1:]), RETURNS: (RETURN[:1], RETURN[1:])}


def fields_of(report: Report, template: Template) -> Fields:
    """Every input of a report."""
    return {place: dict(record) for place, record in _fields(report, template)}


def _fields(report: Report, template: Template) -> Iterator[tuple[Place, Record]]:
    for key, section in template.sections.items():
        if isinstance(section, RecordsSection):
            own = next(column.key for column in section.columns if column.role == "key")
            inputs = columns_of(section)
            for row in report.records.get(key, []):
                yield (key, str(row[own])), {column.key: row.get(column.key) for column in inputs}
        elif isinstance(section, StatementSection):
            for (unit, line), row in report.figures.items():
                yield (key, f"{unit}.{line}"), {column.key: row.get(column.key) for column in columns_of(section)}
            for unit, row in report.assessments.items() if section.assessment else ():
                yield (str(section.assessment), unit), {column.key: row.get(column.key) for column in ASSESSMENT[1:]}
    for one in report.acceptances:
        yield (CHECKS, one.key), {"reason": one.reason or None, "name": one.name or None, "date": one.day}
    for unit, row in report.returns.items():
        yield (RETURNS, unit), {column.key: row.get(column.key) for column in RETURN[1:]}


def with_fields(report: Report, template: Template, fields: Fields) -> Report:
    """The same report with other inputs; records stand in the order of the fields, and what one lacks is blank."""
    fresh = replace(report, records={}, figures={}, assessments={}, acceptances=[], returns={})
    blank = {name: dict.fromkeys(c.key for c in columns) for name, (_, columns) in file_columns(template).items()}
    fields = {place: blank[place[0]] | row for place, row in fields.items()}
    for key, section in template.sections.items():
        if isinstance(section, RecordsSection):
            own = next(column.key for column in section.columns if column.role == "key")
            fresh.records[key] = [{own: record, **row} for (name, record), row in fields.items() if name == key]
        elif isinstance(section, StatementSection):
            for (name, record), row in fields.items():
                if name == key:
                    unit, _, line = record.partition(".")
                    fresh.figures[unit, line] = row
                elif name == section.assessment:
                    fresh.assessments[record] = {"unit": record, **row}
    for (name, record), row in fields.items():
        if name == RETURNS:
            fresh.returns[record] = {"unit": record, **row}
        elif name == CHECKS:
            day = row["date"]
            reason, person = (str(row[part] or "") for part in ("reason", "name"))
            fresh.acceptances.append(Acceptance(record, reason, person, day if isinstance(day, date) else None))
    return fresh


def marks_of(fields: Fields) -> Marks:
    return {place: {key: mark(written(value)) for key, value in row.items()} for place, row in fields.items()}


__all__ = [
    "ACCEPTANCE",
    "ASSESSMENT",
    "CHECKS",
    "RETURN",
    "RETURNS",
    "STATEMENT_KEYS",
    "Fields",
    "Key",
    "Marks",
    "Place",
    "columns_of",
    "fields_of",
    "file_columns",
    "mark",
    "marks_of",
    "with_fields",
    "written",
]
