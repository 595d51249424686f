"""What a unit's workbook lacks, by sheet and cell: what must be filled in and is not, and the checks that fail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from taulukko.errors import Finding
from taulukko.formula.addresses import address
from taulukko.plan.book import Workbook
from taulukko.report.inputs import Key
from taulukko.report.model import Report
from taulukko.template import Template
from taulukko.template.inputs import RETURNS
from taulukko.xlsx.check import check

DONE_WHEN_READY = ("state", "name", "date")
"""What a unit says of its return, on the cover."""


@dataclass(frozen=True, slots=True)
class Lack:
    """A field that is blank and should not be.

    Attributes:
        cell: `Sheet!A1`.
    """

    key: Key
    cell: str


def lacks(book: Workbook, report: Report, template: Template) -> Iterator[Lack]:
    """The blank fields of a unit's workbook that keep its return from being ready, in the order of its sheets.

    Args:
        book: the workbook as it is planned for the unit.
        report: the part of the unit.
    """
    asked = {*_unexplained(book, report, template), *((RETURNS, report.part, one) for one in DONE_WHEN_READY)}
    order = {sheet.key: number for number, sheet in enumerate(book.sheets)}
    for key, spot in sorted(book.inputs.items(), key=lambda one: (order[one[1].sheet], one[1].row, one[1].column)):
        if book.cell(spot).value is None and (key in asked or _is_required(key, report, template)):
            yield Lack(key, f"{book.sheet(spot.sheet).name}!{address(spot.row, spot.column)}")


def failing_checks(path: Path) -> list[Finding]:
    """The checks of a built workbook that fail, and what is in it that its own rules do not allow."""
    return [replace(one, file="") for one in check(path) if one.severity == "error" and one.code != "required"]


def _unexplained(book: Workbook, report: Report, template: Template) -> Iterator[Key]:
    """What is to be said of the lines of statements that lack an explanation."""
    for section, statement in template.statements().items():
        if not (asked := statement.explanations):
            continue
        for line in statement.lines:
            record = f"{report.part}.{line.key}"
            spot = book.results.get((section, record, asked.lacking))
            if spot and book.cell(spot).value == 1:
                yield from (
                    (section, record, one) for one in (asked.explanation, asked.measure, asked.responsible, asked.due)
                )


def _is_required(key: Key, report: Report, template: Template) -> bool:
    """Whether a field of a record that is there must be filled in."""
    section, record, name = key
    filled = template.filled().get(section)
    column = next((one for one in filled.columns if one.key == name), None) if filled else None
    return bool(filled and column and column.required and filled.asks_for(record) and record in report.inputs[section])


__all__ = ["Lack", "failing_checks", "lacks"]
