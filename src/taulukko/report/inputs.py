"""A report's inputs field by field, each known by its section, its record and its column.

The section is the name of the file of the data folder, the record the key of a row in it: `risks`, `R1`, `impact`, or
for a line of a statement `income_statement`, `VAKA.fees`, `budget`.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

from taulukko.numbers import canonical
from taulukko.report.model import Input, Record, Report

Place = tuple[str, str]
"""Section and record."""
Key = tuple[str, str, str]
"""Section, record and column."""
Fields = dict[Place, Record]
Marks = dict[Place, dict[str, str]]
"""For each field a mark that tells whether its value has changed, and not what it was."""


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


def fields_of(report: Report) -> Fields:
    """Every input of a report, what a row does not say as blank; the columns of its key are no inputs."""
    return {
        (section, record): {column.key: row.get(column.key) for column in file.columns}
        for section, file in report.files.items()
        for record, row in report.inputs.get(section, {}).items()
    }


def with_fields(report: Report, fields: Fields) -> Report:
    """The same report with other inputs; records stand in the order of the fields, and what one lacks is blank."""
    inputs: dict[str, dict[str, Record]] = {section: {} for section in report.files}
    for (section, record), row in fields.items():
        file = report.files[section]
        inputs[section][record] = {**file.key(record), **{one.key: row.get(one.key) for one in file.columns}}
    return replace(report, inputs=inputs)


def marks_of(fields: Fields) -> Marks:
    return {place: {key: mark(written(value)) for key, value in row.items()} for place, row in fields.items()}


__all__ = ["Fields", "Key", "Marks", "Place", "fields_of", "mark", "marks_of", "with_fields", "written"]
