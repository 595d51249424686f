"""The checks sheet: one row a check, by formula, with what was expected, what was found and whether it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import TypedDict

from taulukko.errors import FaultsError, Finding
from taulukko.formula.days import as_serial
from taulukko.formula.nodes import Comparison, Constant, Field, Node
from taulukko.formula.parse import call, parse
from taulukko.plan.areas import has_eliminations
from taulukko.plan.book import ROW, Finder, Range, Rule, Validation, on_sheet
from taulukko.plan.draft import HEADER, Draft
from taulukko.plan.scope import Alias, RowScope, cell_place
from taulukko.plan.sheets.controls import (
    column_label,
    counted,
    group_of,
    is_grouped,
    is_share,
    place_figure,
    record_label,
    row_path,
    where,
)
from taulukko.plan.statement import Statement, statements_of
from taulukko.plan.status_rules import status_rules
from taulukko.report.model import Control
from taulukko.template.inputs import ACCEPTANCES, CHECKS
from taulukko.template.schema import CheckRule, ChecksSection

COLUMNS = ("what", "where", "which", "expected", "found", "difference", "tolerance", "state", "reason", "name", "date")
WIDTHS = (44, 25, 25, 15, 15, 14, 10, 19, 22, 14, 11)
KEY = len(COLUMNS) + 1
KINDS = {
    "expected": "number",
    "found": "number",
    "difference": "number",
    "tolerance": "number",
    "reason": "text",
    "name": "text",
    "date": "number",
}
DIFFERENCE = "found - expected"
STATE = """
    check_state.unknown if blank(difference) or blank(tolerance)
    else check_state.holds if round(abs(difference), 6) <= round(tolerance, 6)
    else check_state.accepted if filled(reason) and filled(name) and filled(date)
    else check_state.fails"""


@dataclass(slots=True)
class Check:
    key: str
    what: str
    sheet: str
    row: int
    column: int
    where: str
    found: Node
    expected: Node
    tolerance: Node
    scope: Finder
    which: Node | None = None
    format: str = "cents"


def plan_sheet(draft: Draft, key: str) -> None:
    section = draft.template.sections[key]
    assert isinstance(section, ChecksSection)
    sheet = draft.sheet(key, draft.label(f"sections.{key}.title"), protected=section.protect)
    draft.head(sheet, draft.subtitle(key), len(COLUMNS), key, {})
    sheet.widths |= {0: 2} | dict(enumerate(WIDTHS, 1)) | {KEY: 24}
    sheet.hidden_columns.add(KEY)
    places = {column: place for place, column in enumerate(COLUMNS, 1)}
    for column, place in places.items():
        align = "center" if column == "state" else "right" if 4 <= place <= 7 else "left"
        sheet.put(HEADER, place, draft.label(f"columns.{key}.{column}"), f"header {align}")
    difference, state = (parse(text, lambda path: KINDS.get(path, "text")) for text in (DIFFERENCE, STATE))
    accepted = draft.report.inputs.get(CHECKS, {})
    expanded = [check for rule in section.checks for check in _expand(draft, rule)]
    if not draft.report.part:
        _refuse_unknown(list(accepted), [check.key for check in expanded])
    for row, check in enumerate(expanded, HEADER + 1):
        scope = RowScope(draft.scope, sheet, row, places, lambda c: "ABCDEFGHIJKLMN"[places[c]] + ROW, key)
        number = f"{check.format} right row top"
        sheet.put(row, 1, check.what, "prose row")
        draft.link(sheet, row, 2, check.sheet, check.where, "link indent row top", (check.row, check.column))
        if check.which:
            sheet.compute(row, 3, check.which, check.scope, "prose row mute")
        else:
            sheet.put(row, 3, None, "row")
        place_figure(sheet, row, 4, check.expected, check.scope, number)
        place_figure(sheet, row, 5, check.found, check.scope, number)
        sheet.compute(row, 6, difference, scope, number)
        place_figure(sheet, row, 7, check.tolerance, check.scope, f"{number} mute")
        sheet.compute(row, 8, state, scope, "center row top")
        for asked in ACCEPTANCES.columns:
            style = "date right row unlocked top" if asked.type == "date" else "prose row unlocked"
            value = draft.shown(asked, accepted.get(check.key, {}).get(asked.key))
            draft.put_input(sheet, row, places[asked.key], (CHECKS, check.key, asked.key), value, style)
        sheet.put(row, KEY, check.key)
        sheet.prose_rows[row] = [1, 2, 3, 9, 10]
    first, last = HEADER + 1, HEADER + max(1, len(expanded))
    draft.scope.add_column(f"{key}.state", sheet, Range(first, 8, last, 8))
    total = call("count", call("filled", Field(f"{key}.state", "texts")))
    counters = {"total": total} | {name: counted(key, name) for name in ("holds", "fails", "unknown", "accepted")}
    for place, (name, node) in enumerate(counters.items()):
        sheet.compute(place, KEY, node, draft.scope)
        draft.book.names[f"{key}.{name}"] = on_sheet(sheet.name, f"$M${place + 1}")
        draft.scope.places[f"{key}.{name}"] = cell_place(sheet, place, KEY, f"{key}.{name}")
    sheet.rules += status_rules(draft, Range(first, 8, last, 8), "check_state")
    sheet.rules.append(Rule(Range(first, 9, last, 11), "input", formula=f"$H{first + 1}=check_state.fails"))
    sheet.validations += [
        Validation(
            Range(first, 9, last, 10), "length", maximum=1000, message=draft.label("errors.length").format(most=1000)
        ),
        Validation(
            Range(first, 11, last, 11),
            "date",
            minimum=as_serial(draft.report.period_start),
            maximum=as_serial(draft.report.period_end.replace(year=draft.report.year + 5, day=1)),
            message=draft.label("errors.date"),
        ),
    ]
    sheet.filter = Range(HEADER, 1, last, len(COLUMNS))
    sheet.print_area = Range(0, 0, last, len(COLUMNS))
    sheet.freeze, sheet.repeat = (HEADER + 1, 2), (HEADER, HEADER)


def _refuse_unknown(accepted: list[str], known: list[str]) -> None:
    """An acceptance must be of a check that there is."""
    allowed = tuple(known)
    faults = [
        Finding("value", "checks.csv", field="key", found=key, expected=allowed) for key in accepted if key not in known
    ]
    if faults:
        raise FaultsError(*faults)


def _expand(draft: Draft, rule: CheckRule) -> Iterator[Check]:
    """The rows of one rule: one for each unit, total, table or control figure."""
    match rule.each:
        case "once":
            yield _once(draft, rule, str(rule.section), draft.label(f"checks.{rule.key}"), {})
        case "units" | "totals" | "division_totals" | "eliminations":
            for statement in statements_of(draft).values():
                if rule.section in (None, statement.key):
                    for line, column in _places(draft, rule, statement):
                        yield _on_statement(draft, rule, statement, line, column)
        case "table_totals":
            for key, section in draft.template.records().items():
                for summed in section.columns:
                    if summed.total == "sum":
                        what = draft.label(f"checks.{rule.key}").format(
                            column=draft.label(f"columns.{key}.{summed.key}")
                        )
                        yield _once(draft, rule, key, what, {"section": key, "column": summed.key})
        case "text_figures" | "outside":
            yield from _on_inputs(draft, rule)
        case "control_groups":
            yield from _control_groups(draft, rule)
        case "controls":
            for number, control in enumerate(draft.report.controls):
                if not is_grouped(draft, control):
                    yield _on_control(draft, rule, number, control)


def _places(draft: Draft, rule: CheckRule, statement: Statement) -> Iterator[tuple[str, str]]:
    """Lines and columns of one statement that a rule is made for; empty for all of them."""
    is_whole = statement.unit is draft.report.whole
    totals = [line.key for line in statement.lines if line.kind == "total"]
    match rule.each:
        case "units":
            yield "", ""
        case "totals":
            yield from ((line, "") for line in totals)
        case "division_totals" if is_whole and draft.report.areas:
            yield from product(totals, rule.columns)
        case "eliminations" if is_whole and has_eliminations(draft, statement):
            yield from (("", column) for column in rule.columns)


def _key_of(draft: Draft, rule: CheckRule, statement: Statement, *rest: str) -> str:
    """By what a check is accepted; one of another statement than the template's first says of which."""
    first = next(iter(statements_of(draft).values()))
    other = statement.key if statement.key != first.key else ""
    return ".".join(part for part in (rule.key, other, statement.unit.code, *rest) if part)


def _on_control(draft: Draft, rule: CheckRule, number: int, control: Control) -> Check:
    """A control figure as a check of its own; its figures stand on the sheet of control figures."""
    key = f"{rule.key}.{control.section}.{control.record}.{control.column}"
    what = draft.label(f"checks.{rule.key}").format(
        record=record_label(draft, control), column=column_label(draft, control)
    )
    found, expected, allowed = (Field(row_path(number, name)) for name in ("computed", "printed", "tolerance"))
    sheet, title = _sheet_of(draft, control.section), where(draft, control)
    shown = "percent" if is_share(draft, control) else rule.format
    return Check(key, what, sheet, 0, 0, title, found, expected, allowed, draft.scope, None, shown)


def _sheet_of(draft: Draft, section: str) -> str:
    """The sheet a section stands on."""
    above = draft.template.sections[section].above
    return _sheet_of(draft, above) if above else section


class _Nodes(TypedDict):
    found: Node
    expected: Node
    tolerance: Node
    which: Node | None


def _nodes(draft: Draft, rule: CheckRule, filled: dict[str, str], section: str) -> _Nodes:
    def read(expression: str) -> Node:
        return draft.names.read(expression.format(**filled), section)

    return {
        "found": read(rule.found),
        "expected": read(rule.expected),
        "tolerance": read(rule.tolerance),
        "which": read(rule.which) if rule.which else None,
    }


def _once(draft: Draft, rule: CheckRule, section: str, what: str, filled: dict[str, str]) -> Check:
    key = ".".join([rule.key, *filled.values()])
    title = draft.label(f"sections.{section}.title")
    return Check(
        key,
        what,
        _sheet_of(draft, section),
        HEADER,
        1,
        title,
        scope=draft.scope,
        format=rule.format,
        **_nodes(draft, rule, filled, ""),
    )


def _on_statement(draft: Draft, rule: CheckRule, statement: Statement, line: str, column: str) -> Check:
    filled = {"line": line, "column": column}
    path = statement.path
    replaced = {"unit": path, "leaves": f"leaves:{path}"}
    scope = Alias(draft.scope, replaced | {word: f"{word}:{statement.key}.all" for word in ("areas", "missing")})
    words = {
        "line": draft.label(f"lines.{line}") if line else "",
        "column": draft.label(f"columns.{statement.key}.{column}") if column else "",
        "unit": statement.unit.code,
    }
    key = _key_of(draft, rule, statement, line, column)
    row = statement.layout.table[line] if line else HEADER
    place = statement.places[column] if column else 1
    what = draft.label(f"checks.{rule.key}").format(**words)
    title = f"{draft.label(f'sections.{statement.key}.title')} · {statement.unit.code}"
    nodes = _nodes(draft, rule, filled, statement.key)
    return Check(key, what, statement.sheet.key, row, place, title, scope=scope, format=rule.format, **nodes)


def _on_inputs(draft: Draft, rule: CheckRule) -> Iterator[Check]:
    for key, section in draft.template.records().items():
        if any(column.key == rule.each for column in section.columns):
            yield _once(draft, rule, key, draft.label(f"checks.{rule.key}"), {"section": key})
    if rule.each == "text_figures":
        figured = (one for one in statements_of(draft).values() if rule.each in one.places)
        for statement in figured:
            scope = Alias(draft.scope, {"unit": statement.path})
            title = f"{draft.label(f'sections.{statement.key}.title')} · {statement.unit.code}"
            nodes = _nodes(draft, rule, {"section": "unit"}, statement.key)
            key = _key_of(draft, rule, statement)
            yield Check(
                key,
                draft.label(f"checks.{rule.key}"),
                statement.sheet.key,
                HEADER,
                1,
                title,
                scope=scope,
                format=rule.format,
                **nodes,
            )


def _control_groups(draft: Draft, rule: CheckRule) -> Iterator[Check]:
    groups: dict[str, Control] = {}
    for control in draft.report.controls:
        if is_grouped(draft, control):
            groups.setdefault(group_of(control), control)
    for group, control in groups.items():
        same = Comparison("=", Field("controls.group", "texts"), Constant(group))
        failing = Comparison("=", Field("controls.state", "texts"), Field("check_state.fails", "text"))
        found = call("count", same, failing)
        what = draft.label(f"checks.{rule.key}")
        yield Check(
            f"{rule.key}.{group}",
            what,
            "controls",
            HEADER,
            1,
            where(draft, control),
            found,
            Constant(0),
            Constant(0),
            draft.scope,
            None,
            rule.format,
        )
