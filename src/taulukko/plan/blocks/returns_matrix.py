"""Who has returned what: for each unit what it has filled in, section by section, and what it says of its return."""

from __future__ import annotations

from datetime import date

from taulukko.formula.days import as_serial
from taulukko.formula.nodes import Field
from taulukko.formula.parse import call
from taulukko.plan.book import Range, Sheet
from taulukko.plan.completeness import filled_of_required
from taulukko.plan.draft import Draft
from taulukko.plan.grid import GRID, grid, put_title
from taulukko.plan.scope import Alias
from taulukko.plan.sheets.records import required_counts
from taulukko.plan.statement import statement_path, statements_of
from taulukko.plan.status_rules import status_rules
from taulukko.report.model import Unit
from taulukko.template.inputs import RETURNS
from taulukko.template.schema import RecordsSection, Returns

STATE, NAME, DATE = 8, 9, 11
"""Columns of the grid for what the unit says; the sections' stand before them."""
NOTHING = "–"


def plan_returns(draft: Draft, sheet: Sheet, returns: Returns, row: int) -> int:
    """Place the block from a row on, a row for each unit; its last row.

    What belongs to no unit is counted with the division.
    """
    put_title(draft, sheet, row, 0, GRID, draft.label("summary.returns.title"), "cover", "rule")
    places = dict(zip(returns.sections, range(STATE - len(returns.sections), STATE), strict=True))
    words = [(key, column, "right") for key, column in places.items()]
    words += [("state", STATE, "left indent"), ("name", NAME, "left"), ("date", DATE, "right")]
    for key, column, side in words:
        sheet.put(row, grid(column), draft.label(f"summary.returns.{key}"), f"rule note plain {side}")
    first = row + 1
    for unit in draft.report.units:
        row += 1
        for place in range(grid(0), grid(GRID - 1) + 1):
            sheet.put(row, place, None, "row")
        sheet.put(row, grid(0), unit.short + ("" if unit.is_division else f" ({unit.code})"), "row left")
        for key, column in places.items():
            _put_filled(draft, sheet, row, column, key, unit)
        _put_said(draft, sheet, row, unit)
    sheet.rules += status_rules(draft, Range(first, grid(STATE), row, grid(STATE)), "return_state", fill="none")
    return row


def _put_filled(draft: Draft, sheet: Sheet, row: int, column: int, key: str, unit: Unit) -> None:
    section = draft.template.sections[key]
    if isinstance(section, RecordsSection):
        counts, scope = required_counts(key, section, draft.template, unit), Alias(draft.scope, {})
    else:
        path = statement_path(draft.report, key, unit)
        counts, scope = draft.required[statements_of(draft)[path].sheet.key], Alias(draft.scope, {"unit": path})
    if counts:
        node = filled_of_required(draft, counts, key, NOTHING)
        sheet.compute(row, grid(column), node, scope, "row right")
    else:
        sheet.put(row, grid(column), NOTHING, "row right")


def _put_said(draft: Draft, sheet: Sheet, row: int, unit: Unit) -> None:
    """State, name and day; a unit that has said nothing has not returned its workbook."""
    said = draft.report.row(RETURNS, unit.code)
    if said.get("state"):
        node = call("join_text", Field(f"return_state.{said['state']}", "text"))
        sheet.compute(row, grid(STATE), node, draft.scope, "row left indent")
    else:
        sheet.put(row, grid(STATE), draft.label("summary.returns.none"), "row left indent mute")
    day = said.get("date")
    sheet.put(row, grid(NAME), str(said.get("name") or "") or None, "row left")
    sheet.put(row, grid(DATE), as_serial(day) if isinstance(day, date) else None, "date row right")


__all__ = ["plan_returns"]
