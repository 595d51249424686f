"""What the sheets of a workbook are called, within what Excel takes for a name."""

from __future__ import annotations

import re

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


def sheet_names(report: Report, template: Template) -> dict[str, str]:
    """Names of the sheets by key, in the order of the workbook; a long one is cut.

    Raises:
        FaultsError: `sheet_name` for each that Excel refuses, or that another sheet has.
    """
    names: dict[str, str] = {}
    faults: list[Finding] = []
    taken = set(TAKEN)

    def add(key: str, name: str, label: str) -> None:
        if FORBIDDEN.search(name) or name.lower() in taken:
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
    if faults:
        raise FaultsError(*faults)
    return names


__all__ = ["sheet_names"]
