"""The cover: whose report, the state of the checks, the contents with what is filled in, the key, how to fill in."""

from __future__ import annotations

from taulukko.formula.days import as_serial
from taulukko.formula.nodes import Field
from taulukko.plan.blocks.return_form import plan_return_form, ready
from taulukko.plan.book import Range, Sheet, Spot
from taulukko.plan.completeness import filled_of_required
from taulukko.plan.draft import Draft
from taulukko.plan.scope import Alias
from taulukko.plan.statement import statements_of
from taulukko.plan.status_rules import status_rules

LEFT, MIDDLE, RIGHT = 1, 2, 3
STEPS = 5
GOALS = "goal_status"
"""The scale whose colours and marks are explained."""


def plan_sheet(draft: Draft, key: str) -> None:
    report = draft.report
    sheet = draft.sheet("cover", draft.label("sections.cover.title"), protected=True, landscape=False, one_page=True)
    sheet.widths |= {0: 2, LEFT: 32, MIDDLE: 66, RIGHT: 12}
    sheet.put(1, LEFT, report.municipality, "owner")
    sheet.put(2, LEFT, f"{draft.label('cover.title')} {report.period}", "cover_title")
    sheet.put(3, LEFT, report.division, "cover_name")
    sheet.heights |= {2: 42, 3: 30}
    row = 5
    days = (report.period_start, report.period_end)
    facts: list[tuple[str, float | str, str]] = [
        ("period", f"{days[0].day}.{days[0].month}.–{days[1].day}.{days[1].month}.{days[1].year}", "left"),
        ("date_of_issue", as_serial(report.date_of_issue), "date left"),
        ("responsible", report.responsible, "left"),
        ("board", report.board, "left"),
    ]
    for key, value, style in facts:
        sheet.put(row, LEFT, draft.label(f"cover.{key}"), "mute")
        sheet.put(row, MIDDLE, value, style)
        row += 1
    if report.part:
        row = plan_return_form(draft, sheet, _title(draft, sheet, row + 1, "return"), LEFT, MIDDLE)
    row = _plan_checks(draft, sheet, row + 1)
    row = _plan_contents(draft, sheet, row + 1)
    row = _plan_key(draft, sheet, row + 1)
    row = _plan_steps(draft, sheet, row + 1)
    version = f"{draft.label('cover.template')} {draft.template.head.name} {draft.template.head.version}"
    digest = f"{draft.label('cover.digest')} {report.digest[:16]}"
    sheet.put(row + 1, LEFT, f"{version} · {digest}", "note")
    sheet.print_area = Range(0, 0, row + 1, RIGHT)


def _title(draft: Draft, sheet: Sheet, row: int, key: str, right: str = "") -> int:
    for place, text in ((LEFT, draft.label(f"cover.{key}")), (MIDDLE, None), (RIGHT, right or None)):
        sheet.put(row, place, text, "rule_strong" if place == LEFT else "rule_strong note right plain")
    return row + 1


def _plan_checks(draft: Draft, sheet: Sheet, row: int) -> int:
    row = _title(draft, sheet, row, "checks")
    first = row
    for member in ("fails", "unknown", "accepted", "holds"):
        sheet.put(row, LEFT, draft.member("check_state", member), "left")
        sheet.compute(row, MIDDLE, Field(f"checks.{member}"), draft.scope, "integer left")
        row += 1
    sheet.rules += status_rules(draft, Range(first, LEFT, row - 1, LEFT), "check_state")
    draft.link(sheet, row, LEFT, "checks", draft.label("cover.to_checks"), "link left")
    return row + 1


def _plan_contents(draft: Draft, sheet: Sheet, row: int) -> int:
    row = _title(draft, sheet, row, "contents", draft.label("cover.filled"))
    for key in draft.sheet_names:
        if key == "cover" or key not in draft.sheets or draft.sheets[key].hidden:
            continue
        section = key.split(".")[0]
        draft.link(sheet, row, LEFT, key, draft.sheet_names[key], "link row left")
        unit = _unit_name(draft, key)
        sheet.put(row, MIDDLE, unit or draft.label(f"sections.{section}.contents"), "row left")
        sheet.put(row, RIGHT, None, "row")
        if key in draft.required:
            statement = next((s for s in statements_of(draft).values() if s.sheet.key == key), None)
            scope = Alias(draft.scope, {"unit": statement.path} if statement else {})
            node = filled_of_required(draft, draft.required[key], statement.key if statement else section)
            sheet.compute(row, RIGHT, node, scope, "row right")
            draft.book.contents[key] = Spot(sheet.key, row, RIGHT)
        row += 1
    return row


def _unit_name(draft: Draft, key: str) -> str | None:
    """Whose statement a sheet is, when it is not the division's."""
    statement = next((s for s in statements_of(draft).values() if s.sheet.key == key), None)
    whole = statement and statement.unit is draft.report.whole and not draft.report.is_areas_part
    return statement.unit.name if statement and not whole else None


def _plan_key(draft: Draft, sheet: Sheet, row: int) -> int:
    row = _title(draft, sheet, row, "key")
    for key, style in (("input", "input locked left"), ("subtotal", "subtotal left"), ("control", "control left")):
        sheet.put(row, LEFT, draft.label(f"cover.key_{key}"), style)
        sheet.put(row, MIDDLE, draft.label(f"cover.key_{key}_meaning"), "left")
        row += 1
    if GOALS not in draft.template.head.scales:
        return row
    first = row
    for member in draft.members(GOALS):
        sheet.put(row, LEFT, draft.member(GOALS, member.key), "left")
        sheet.put(row, MIDDLE, draft.label(f"cover.tone_{member.tone or 'none'}"), "left")
        row += 1
    sheet.rules += status_rules(draft, Range(first, LEFT, row - 1, LEFT), GOALS)
    return row


def _plan_steps(draft: Draft, sheet: Sheet, row: int) -> int:
    row = _title(draft, sheet, row, "steps")
    kind = "unit_step" if draft.report.part else "step"
    for step in range(1, STEPS + 1):
        sheet.put(row, LEFT, f"{step}  {ready(draft, f'cover.{kind}{step}')}", "left")
        row += 1
    return row


__all__ = ["plan_sheet"]
