"""Which buttons stand on the sheets of a workbook, whoever runs them: macros, xlwings Lite, or a server."""

from __future__ import annotations

from taulukko.plan.book import Sheet
from taulukko.plan.draft import SENTENCE
from taulukko.program.actions import ACTIONS
from taulukko.template import Template

BUTTONS = {
    "summary": tuple(ACTIONS),
    "statement": ("recompute", "forecast", "undo"),
    "checks": ("check", "recompute", "undo"),
}
"""Which actions have a button on the sheets of a kind."""
ROW, FIRST = SENTENCE + 1, 1
"""The row between a sheet's head and its content is free on the sheets that have buttons."""


def actions_on(sheet: Sheet, template: Template) -> tuple[str, ...]:
    """The actions that have a button on a sheet, from left to right."""
    section = template.sections.get(sheet.key.partition(".")[0])
    return BUTTONS.get(section.kind, ()) if section else ()


__all__ = ["BUTTONS", "FIRST", "ROW", "actions_on"]
