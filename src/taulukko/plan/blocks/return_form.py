"""On the cover of a unit's own workbook: by when and to whom it goes, what is missing, what to do next."""

from __future__ import annotations

from taulukko.formula.days import as_serial
from taulukko.formula.nodes import Arithmetic, Choice, Constant, Field, Node
from taulukko.formula.parse import parse
from taulukko.plan.book import Range, Rule, Sheet, address, on_sheet
from taulukko.plan.draft import Draft
from taulukko.plan.scope import Alias, CellNames
from taulukko.plan.status_rules import status_rules
from taulukko.plan.validations import input_validation
from taulukko.template.inputs import RETURN, RETURNS
from taulukko.template.schema import CoverSection, Requirement

STATE = """
    return_state.ready
    if missing == 0 and state == return_state.ready and filled(name) and filled(date)
    else return_state.draft"""
NEXT = {
    "missing": "missing > 0",
    "state": "state != return_state.ready",
    "sender": "blank(name) or blank(date)",
}
"""What to do next: the first of these that holds, or else to send the workbook."""
KINDS = {"missing": "number", "state": "text", "name": "text", "date": "number"}
STYLES = {"state": "left input", "name": "left input", "date": "date left input"}


def plan_return_form(draft: Draft, sheet: Sheet, row: int, left: int, right: int) -> int:
    """Place the block from a row on, words on the left; the row after it."""
    report = draft.report
    if report.deadline:
        sheet.put(row, left, draft.label("cover.deadline"), "left")
        sheet.put(row, right, as_serial(report.deadline), "date left strong")
        row += 1
    if report.contact:
        sheet.put(row, left, draft.label("cover.contact"), "left")
        sheet.put(row, right, report.contact, "left")
        row += 1
    next_row, cells = row, {}
    missing: Node = Constant(0)
    for rule in _requirements(draft):
        row += 1
        draft.link(sheet, row, left, rule.section, draft.label(f"cover.missing.{rule.key}"), "link left")
        node, spot = draft.names.read(rule.missing, rule.section), (RETURNS, report.part, f"missing.{rule.key}")
        draft.compute_result(sheet, row, right, spot, node, _scope(draft, rule), "integer left")
        cells[rule.key] = (row, right)
        missing = Arithmetic("+", missing, Field(rule.key))
    row += 1
    names = CellNames(draft.scope, sheet, cells)
    sheet.put(row, left, draft.label("cover.missing_in_all"), "left strong")
    draft.compute_result(sheet, row, right, (RETURNS, report.part, "missing"), missing, names, "integer left strong")
    cells["missing"] = (row, right)
    first = address(next_row + 1, right)
    some = Range(next_row + 1, right, row, right)
    sheet.rules.append(Rule(some, "bad", formula=f"{first}>0", symbol=False, fill="none"))
    given = report.row(RETURNS, report.part)
    for column in RETURN.columns:
        row += 1
        key = column.key
        sheet.put(row, left, draft.label(f"cover.return_{key}"), "left")
        value = draft.shown(column, given.get(key))
        draft.put_input(sheet, row, right, (RETURNS, report.part, key), value, STYLES[key])
        sheet.validations.append(input_validation(draft, column, Range(row, right, row, right), f"cover.return_{key}"))
        cells[key] = (row, right)
    row += 1
    sheet.put(row, left, draft.label("cover.return_computed"), "left strong")
    spot = (RETURNS, report.part, "computed")
    draft.compute_result(sheet, row, right, spot, _read(STATE), names, "left strong")
    cells["computed"] = (row, right)
    sheet.rules += status_rules(draft, Range(row, right, row, right), "return_state", fill="none")
    sheet.put(next_row, left, draft.label("cover.next"), "left strong")
    sheet.compute(next_row, right, _next(draft), names, "left strong")
    for name in (*STYLES, "missing", "computed"):
        draft.book.names[f"{RETURNS}.{name}"] = on_sheet(sheet.name, address(*cells[name], fixed=True))
    return row + 1


def ready(draft: Draft, label: str) -> str:
    """A label that may tell which state to choose when the workbook is ready."""
    return draft.label(label).format(ready=draft.member("return_state", "ready"))


def _next(draft: Draft) -> Node:
    node: Node = Constant(draft.label("cover.next_send"))
    for key, test in reversed(NEXT.items()):
        node = Choice(_read(test), Constant(ready(draft, f"cover.next_{key}")), node)
    return node


def _read(text: str) -> Node:
    return parse(text, lambda path: KINDS.get(path, "text"))


def _requirements(draft: Draft) -> list[Requirement]:
    """What must be there, of the sections that belong to the unit."""
    cover = draft.template.sections["cover"]
    assert isinstance(cover, CoverSection)
    return [
        rule
        for rule in cover.required
        if not draft.report.is_areas_part or draft.template.sections[rule.section].has_unit
    ]


def _scope(draft: Draft, rule: Requirement) -> Alias:
    """In a statement's expressions `unit` is the unit whose workbook this is."""
    return Alias(draft.scope, {"unit": f"{rule.section}.division"})


__all__ = ["plan_return_form", "ready"]
