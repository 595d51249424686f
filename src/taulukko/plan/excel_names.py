"""What sheets and columns of tables are called, within what Excel takes for a name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from taulukko.errors import FaultsError, Finding
from taulukko.plan.shape import NAME
from taulukko.plan.statement import sheet_key
from taulukko.report.model import Report
from taulukko.template import Template
from taulukko.template.files import labels_file

LONGEST = 31
FORBIDDEN = re.compile(r"[\[\]:*?/\\]|^'|'$|^\s*$")
TAKEN = ("history", NAME)
"""Names that Excel keeps for itself, and we for the sheet that nobody sees."""
IN_HEADERS = re.compile(r"[\[\]#']|^\s*$")
"""What a formula that names a column by its header would take for something else."""
ADDED = ("answer.sheet", "inside.result", "inside.log")
"""What the sheets are called that answers and buttons add."""


def sheet_names(report: Report, template: Template) -> dict[str, str]:
    """Names of the sheets by key, in the order of the workbook; a long one is cut.

    Raises:
        FaultsError: `sheet_name` for each that Excel refuses, or that another sheet has; `header` for each column of a
            table whose header formulas cannot name, or that another column has.
    """
    names: dict[str, str] = {}
    faults = list(_wrong_headers(template))
    taken = set(TAKEN)

    def add(key: str, name: str, label: str) -> None:
        if FORBIDDEN.search(name) or len(name) > LONGEST or name.lower() in taken:
            faults.append(Finding("sheet_name", labels_file(template.language), field=label, found=name))
        taken.add(name.lower())
        names[key] = name

    for key, section in template.sections.items():
        if section.above:
            continue
        label = f"sections.{key}.sheet"
        name = template.label(label)
        add(key, name[:LONGEST], label)
        if section.by_unit:
            for unit in report.areas:
                add(sheet_key(report, key, unit), f"{name[: LONGEST - 1 - len(unit.code)]} {unit.code}", label)
    for label in ADDED:
        add(label, template.label(label), label)
    if faults:
        raise FaultsError(*faults)
    return {key: name for key, name in names.items() if key not in ADDED}


def _wrong_headers(template: Template) -> Iterator[Finding]:
    for key, section in template.records().items():
        taken: set[str] = set()
        for column in section.columns:
            label = f"columns.{key}.{column.key}"
            if column.role == "key" or label not in template.labels:
                continue
            header = template.label(label)
            if IN_HEADERS.search(header) or header.lower() in taken:
                yield Finding("header", labels_file(template.language), field=label, found=header)
            taken.add(header.lower())


__all__ = ["sheet_names"]
