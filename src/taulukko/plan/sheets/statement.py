"""The sheet of one unit's statement: the table, figures given for missing parts, explanations and assessment."""

from __future__ import annotations

from taulukko.formula.addresses import letters as column_letters
from taulukko.formula.nodes import Arithmetic, Choice, Constant, Field, Node
from taulukko.formula.parse import call
from taulukko.plan.areas import area_path, register_areas
from taulukko.plan.blocks.explanations import plan_explanations
from taulukko.plan.book import Range, Rule
from taulukko.plan.draft import HEADER, Draft, base_style, header_align, put_sparkline
from taulukko.plan.statement import (
    LABEL,
    LABEL_WIDTH,
    Layout,
    Statement,
    areas_without_figures,
    lay_out,
    register,
    row_scope,
    sheet_key,
    shown_lines,
    shown_parts,
)
from taulukko.plan.status_rules import status_rules
from taulukko.plan.validations import input_validation, sign_validation
from taulukko.report.model import Unit
from taulukko.template.schema import Column, Line, StatementSection

OUTLINES = {"total": "subtotal", "line": "row", "memo": "row", "heading": "section"}
INDENTS = {"line": " indent", "memo": " inner"}
CONSOLIDATED, MEMO = "areas:", "memo."
"""Begin the hidden key of a row: its figures come from the areas, so that none is somebody's input; it is a memo."""


def plan_sheet(draft: Draft, key: str) -> None:
    """The division's and one for each area."""
    for unit in (draft.report.whole, *draft.report.areas):
        _plan_unit(draft, key, unit)


def _plan_unit(draft: Draft, key: str, unit: Unit) -> None:
    section = draft.template.sections[key]
    assert isinstance(section, StatementSection)
    title = draft.label(f"sections.{key}.title") + ("" if unit is draft.report.whole else f" · {unit.short}")
    sheet = draft.sheet(sheet_key(draft.report, key, unit), title, protected=section.protect, one_page=True)
    lines = shown_lines(draft, key, unit)
    notes = frozenset(column.key for column in section.columns if column.place == "notes")
    statement = Statement(draft, key, section, unit, sheet, lines, Layout(), {}, notes)
    table, help_ = statement.columns("table"), statement.columns("help")
    statement.places |= {column.key: place for place, column in enumerate(table, LABEL + 1)}
    statement.places |= {column.key: column.at or 0 for column in statement.columns("notes")}
    statement.places |= {column.key: place for place, column in enumerate(help_, statement.right + 1)}
    sheet.widths |= {0: 2, LABEL: LABEL_WIDTH} | {place: column.width for place, column in enumerate(table, LABEL + 1)}
    sheet.hidden_columns |= set(range(statement.right + 1, statement.help_place + 2))
    lay_out(statement)
    register(statement)
    register_areas(statement)
    draft.head(sheet, draft.subtitle(key, unit.name), statement.right, key, {"unit": statement.path})
    _plan_table(statement)
    _plan_given(statement)
    _plan_difference(statement)
    if statement.layout.explanations is not None:
        plan_explanations(statement, statement.layout.explanations)
    if statement.layout.notes:
        _plan_notes(statement)
    sheet.print_area = Range(0, 0, statement.layout.end, statement.right)
    sheet.freeze, sheet.repeat = (HEADER + 1, LABEL + 1), (HEADER, HEADER)
    _count_required(statement)


def _plan_table(statement: Statement) -> None:
    draft, sheet = statement.draft, statement.sheet
    table = statement.columns("table")
    sheet.heights[HEADER] = 34
    sheet.put(HEADER, LABEL, draft.label("words.line"), "header left")
    for column in table:
        header = draft.label(f"columns.{statement.key}.{column.key}")
        sheet.put(HEADER, statement.places[column.key], header, f"header {header_align(column)}")
    nodes = {c.key: draft.names.read(c.formula, statement.key) for c in statement.section.columns if c.formula}
    for line in statement.lines:
        _plan_line(statement, line, nodes)
    first, last = min(statement.layout.table.values()), max(statement.layout.table.values())
    for column in table:
        if column.bar:
            place = statement.places[column.key]
            sheet.rules.append(Rule(Range(first, place, last, place), "data_bar"))
        if column.scale:
            place = statement.places[column.key]
            sheet.rules += status_rules(draft, Range(first, place, last, place), column.scale)
    level, known = statement.section.level, next((c for c in statement.section.columns if c.total == "known"), None)
    inputs = [statement.places[column.key] for column in table if column.role == "input"]
    if level and known and inputs:
        unknown = f"${column_letters(statement.places[known.key])}{first + 1}=0"
        total = f"${column_letters(statement.places[level.key])}{first + 1}>=2"
        area = Range(first, min(inputs), last, max(inputs))
        figure = f"COUNT({column_letters(min(inputs))}{first + 1})=1"
        sheet.rules.append(Rule(area, "given", formula=f"AND({unknown},{total},{figure})"))


def _plan_line(statement: Statement, line: Line, nodes: dict[str, Node]) -> None:
    draft, sheet, row = statement.draft, statement.sheet, statement.layout.table[line.key]
    label = draft.label(f"lines.{line.key}")
    consolidated = statement.is_consolidated(line)
    mark = CONSOLIDATED if consolidated else MEMO if line.kind == "memo" else ""
    sheet.put(row, statement.help_place, f"{mark}{line.key}")
    if line.kind == "heading":
        sheet.heights[row] = 24
        sheet.put(row, LABEL, label, "section left")
        return
    outline = "binding" if line.binding else OUTLINES[line.kind]
    last_of_block = line.is_input and _is_last_of_block(statement, line)
    sheet.put(row, LABEL, label, f"{outline} left" + INDENTS.get(line.kind, ""))
    scope = row_scope(statement, line.key)
    for column in (*statement.columns("table"), *statement.columns("help")):
        place = statement.places[column.key]
        style = f"{base_style(column)} {outline}" if column.place == "table" else base_style(column)
        if column.given:
            sheet.put(row, place, statement.level(line), style)
        elif line.kind == "total":
            node = _total_node(statement, line, column, nodes)
            if node is not None:
                draft.compute_result(sheet, row, place, statement.spot(line.key, column), node, scope, style)
            elif column.place == "table":
                sheet.put(row, place, None, style)
            put_sparkline(sheet, row, column, statement.places)
        elif column.role == "input" and consolidated:
            node = Field(area_path(statement.key, line.key, column.key)) if column.ledger else Constant(None)
            draft.compute_result(sheet, row, place, statement.spot(line.key, column), node, draft.scope, style)
        elif column.role == "input":
            _put_figure(statement, line.key, column, row, outline, last_of_block)
            sheet.validations.append(sign_validation(draft, line.sign, Range(row, place, row, place)))
        else:
            draft.compute_result(sheet, row, place, statement.spot(line.key, column), nodes[column.key], scope, style)
            put_sparkline(sheet, row, column, statement.places)


def _put_figure(statement: Statement, line: str, column: Column, row: int, outline: str, last: bool) -> None:
    """An input; a figure of the ledger that is known is not asked for in a unit's own workbook."""
    draft = statement.draft
    value = draft.shown(column, statement.record(line).get(column.key))
    known = bool(draft.report.part) and column.ledger and value is not None
    style = outline if known else "input last" if last else "input"
    place = statement.places[column.key]
    draft.put_input(statement.sheet, row, place, statement.spot(line, column), value, f"{base_style(column)} {style}")


def _is_last_of_block(statement: Statement, line: Line) -> bool:
    following = statement.lines[statement.lines.index(line) + 1 :]
    return not following or not following[0].is_input


def _total_node(statement: Statement, line: Line, column: Column, nodes: dict[str, Node]) -> Node | None:
    """What stands on a total row: sum of the parts, the column's own formula, or nothing."""
    parts = tuple(Field(f"@{part}.{column.key}") for part in shown_parts(line, statement.lines))
    if column.total == "none":
        return None
    if column.total == "known":
        known = call("known", *(Field(f"@{part}.{column.of}") for part in shown_parts(line, statement.lines)))
        return Choice(known, Constant(1), Constant(0))
    if column.total == "apply":
        return nodes[column.key]
    own: Node = nodes[column.key] if column.formula else Constant(None)
    if column.role == "input" and line.key in statement.layout.given:
        own = Field(f"given.{line.key}.{column.key}")
    return call("total", *parts, own)


def _plan_given(statement: Statement) -> None:
    """Cells for the totals that somebody gives while their parts are not known."""
    draft, sheet, rows = statement.draft, statement.sheet, statement.layout.given
    if not rows:
        return
    top = min(rows.values()) - 1
    sheet.put(top, LABEL, draft.label("statement.given"), "owner")
    for key, row in rows.items():
        sheet.put(row, LABEL, draft.label(f"lines.{key}"), "row left indent")
        for column in statement.columns("table"):
            if column.role == "input":
                _put_figure(statement, key, column, row, "row", row == max(rows.values()))
    inputs = [statement.places[c.key] for c in statement.columns("table") if c.role == "input"]
    area = Range(top + 1, min(inputs), max(rows.values()), max(inputs))
    sheet.validations.append(sign_validation(draft, "either", area))


def _plan_difference(statement: Statement) -> None:
    """For a unit without figures: what is left of the division when the areas with figures are taken away.

    When there are several such units, it is what they make together, and is said to be.
    """
    draft, sheet, rows = statement.draft, statement.sheet, statement.layout.difference
    if not rows:
        return
    units = areas_without_figures(draft, statement.key)
    label = "statement.difference" if len(units) == 1 else "statement.difference_together"
    words = draft.label(label).format(units=", ".join(unit.short for unit in units))
    sheet.put(min(rows.values()) - 1, LABEL, words, "owner")
    others = f"areas:{statement.key}.{statement.unit.code}"
    for key, row in rows.items():
        sheet.put(row, LABEL, draft.label(f"lines.{key}"), "row left indent control")
        for column in statement.columns("table"):
            if column.total == "sum":
                whole, rest = (
                    Field(f"{statement.key}.division.{key}.{column.key}"),
                    Field(f"{others}.{key}.{column.key}"),
                )
                node = Arithmetic("-", whole, rest)
                sheet.compute(row, statement.places[column.key], node, draft.scope, f"{base_style(column)} row control")


def _plan_notes(statement: Statement) -> None:
    """A row for each line, with what is said of it beside its figures."""
    draft, sheet, rows = statement.draft, statement.sheet, statement.layout.notes
    columns = sorted(statement.columns("notes"), key=lambda column: column.at or 0)
    top = min(rows.values()) - 1
    sheet.put(top - 1, LABEL, draft.label("statement.notes"), "owner")
    sheet.heights[top] = 34
    ends = [*(column.at or 0 for column in columns[1:]), statement.right + 1]
    sheet.put(top, LABEL, draft.label("words.line"), "header left")
    for column, end in zip(columns, ends, strict=True):
        for place in range(column.at or 0, end):
            sheet.put(
                top,
                place,
                draft.label(f"columns.{statement.key}.{column.key}") if place == column.at else None,
                "header left nowrap",
            )
        if column.role != "computed":
            area = Range(top + 1, column.at or 0, max(rows.values()), column.at or 0)
            sheet.validations.append(input_validation(draft, column, area, f"columns.{statement.key}.{column.key}"))
        elif column.scale:
            area = Range(top + 1, column.at or 0, max(rows.values()), column.at or 0)
            sheet.rules += status_rules(draft, area, column.scale, symbol=True)
    kinds = {line.key: line.kind for line in statement.lines}
    for key, row in rows.items():
        total = kinds[key] == "total"
        sheet.put(row, LABEL, draft.label(f"lines.{key}"), "row left" + INDENTS.get(kinds[key], " strong"))
        record, scope = statement.record(key), row_scope(statement, key, in_notes=True)
        for column, end in zip(columns, ends, strict=True):
            style = base_style(column)
            spot = statement.spot(key, column)
            if column.role == "computed":
                node = draft.names.read(str(column.formula), statement.key)
                draft.compute_result(sheet, row, column.at or 0, spot, node, scope, "row left")
                continue
            empty = column.lines_only and total
            for place in range(column.at or 0, end):
                sheet.put(row, place, None, "row" if empty else "input locked")
            if not empty:
                value = draft.shown(column, record.get(column.key))
                draft.put_input(sheet, row, column.at or 0, spot, value, f"{style} input")


def _count_required(statement: Statement) -> None:
    """Required are the figures of every line, and an explanation of every row that needs one."""
    section, level = statement.section, statement.section.level
    required = [c.key for c in statement.columns("table") if c.required]
    lines = [line.key for line in statement.lines if line.is_input]
    given = [f"count(filled(unit.{key}), unit.{level.key} < 2)" for key in required] if level else []
    asked = [str(len(required) * len(lines))] if given else []
    if explanations := section.explanations:
        given.append(f"sum(unit.{explanations.needed}) - sum(unit.{explanations.lacking})")
        asked.append(f"sum(unit.{explanations.needed})")
    if given:
        statement.draft.required[statement.sheet.key] = given, asked
