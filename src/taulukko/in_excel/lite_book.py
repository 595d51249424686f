"""The planned workbook with buttons for xlwings Lite, and the code that they run; a server runs them as well.

A button is a shape that leads to the cell below it; the add-in notices that the cell is selected and runs the script
that names both. A server knows no sheets, and reads from the shape's name what it does and where it leads. Neither can
lift a protection, so the plan is one without.
"""

from __future__ import annotations

from taulukko.in_excel.lite_main import Script, main_py
from taulukko.in_excel.sheet_buttons import FIRST, ROW, actions_on
from taulukko.plan.book import Button, Sheet, Workbook, address, on_sheet
from taulukko.plan.metrics import column_pixels, text_width
from taulukko.template import Template

REQUIREMENTS = "xlwings==0.37.8\n"
"""What the add-in is to have; the tests run with it."""
PADDING, GAP = 26, 8
"""Pixels around the text of a button together, and the least between two buttons."""
PLAIN_WIDTH, HEIGHT = 8.43, 20
"""Characters of a column whose width is not set; pixels of a row."""


def add_lite(book: Workbook, template: Template) -> None:
    """Add to an unprotected plan its buttons and what they run; cells that were there stay as they are."""
    scripts: list[Script] = []
    for sheet in book.sheets:
        for button, action in _buttons(sheet, actions_on(sheet, template), template):
            sheet.buttons.append(button)
            reference = f"[{button.name}]{on_sheet(sheet.name, button.target)}"
            scripts.append(Script(action, f"{button.text} · {sheet.name}", reference))
    book.carried = {"main.py": main_py(template, scripts), "requirements.txt": REQUIREMENTS}


def _buttons(sheet: Sheet, actions: tuple[str, ...], template: Template) -> list[tuple[Button, str]]:
    """A button for each action, from column to column: each covers its cell, which nobody then selects by accident."""
    buttons, column = [], FIRST
    for action in actions:
        text, note = template.label(f"buttons.{action}"), template.label(f"button_notes.{action}")
        width = max(round(text_width(text, 10)) + PADDING, _pixels(sheet, column))
        cell = address(ROW, column)
        name = f"{action}.{sheet.key}.{cell}"
        buttons.append((Button(ROW, column, 0, width, HEIGHT, text, note, name=name, target=cell), action))
        taken = 0
        while taken < width + GAP:
            taken += _pixels(sheet, column)
            column += 1
    return buttons


def _pixels(sheet: Sheet, column: int) -> int:
    return round(column_pixels(sheet.widths.get(column, PLAIN_WIDTH)))


__all__ = ["add_lite"]
