"""The planned workbook with macros: buttons on its sheets, the project they run, and the sheet of xlwings' settings."""

from __future__ import annotations

from taulukko.in_excel.macros import Action, workbook_project
from taulukko.in_excel.settings import ANY_PYTHON, settings
from taulukko.in_excel.sheet_buttons import FIRST, ROW, actions_on
from taulukko.plan.book import Button, Sheet, Workbook
from taulukko.plan.metrics import text_width
from taulukko.template import Template

SETTINGS = "xlwings.conf"
"""Name of the sheet where xlwings looks for its settings."""
PADDING, GAP = 44, 8
"""Pixels around the text of a button together, and between two buttons."""
ROW_POINTS, PIXELS = 15, 96 / 72


def add_macros(book: Workbook, template: Template, python: str = ANY_PYTHON) -> None:
    """Add to a plan what makes it a workbook with macros; cells that were there stay as they are.

    Args:
        python: as in `settings`.

    Raises:
        FaultsError: xlwings is not installed.
    """
    for sheet in book.sheets:
        _add_buttons(sheet, actions_on(sheet, template), template)
    book.sheets.append(_settings_sheet(settings(python)))
    book.macros = workbook_project(len(book.sheets), language=template.language)


def _add_buttons(sheet: Sheet, actions: tuple[str, ...], template: Template) -> None:
    left, height = 0, int(sheet.heights.get(ROW, ROW_POINTS) * PIXELS)
    for action in map(Action, actions):
        text, note = template.label(f"buttons.{action.key}"), template.label(f"button_notes.{action.key}")
        width = round(text_width(text)) + PADDING
        sheet.buttons.append(Button(ROW, FIRST, left, width, height, text, note, action.macro))
        left += width + GAP


def _settings_sheet(lines: dict[str, str]) -> Sheet:
    sheet = Sheet(SETTINGS, SETTINGS, hidden=True, widths={0: 28, 1: 60})
    for row, line in enumerate(lines.items()):
        for column, text in enumerate(line):
            sheet.put(row, column, text or None, "text")
    return sheet


__all__ = ["SETTINGS", "add_macros"]
