"""Figures printed in an older report, one a row, beside what is computed here."""

from __future__ import annotations

from taulukko.formula.nodes import Arithmetic, Comparison, Constant, Field, Node
from taulukko.formula.parse import call, parse
from taulukko.plan.book import ROW, Finder, Range, Sheet, on_sheet
from taulukko.plan.draft import HEADER, Draft
from taulukko.plan.scope import RowScope, cell_place
from taulukko.plan.statement import Statement, statement_path, statements_of
from taulukko.plan.status_rules import status_rules
from taulukko.report.model import Control

UNITS = {"percent": 10_000, "percent1": 1_000}
"""How many of the last digits that a share is printed with make one."""
ROUNDING = Field("parameters.rounding")
COLUMNS = ("where", "record", "column", "printed", "computed", "difference", "tolerance", "state")
WIDTHS = (30, 34, 20, 16, 16, 14, 14, 20)
KINDS = {"printed": "number", "computed": "number", "difference": "number", "tolerance": "number"}


def group_of(control: Control) -> str:
    return f"{control.section}.{control.unit}" if control.unit else control.section


def is_grouped(draft: Draft, control: Control) -> bool:
    """Whether the control figures of a statement are counted together; others are checks of their own."""
    return draft.template.sections[control.section].stands_for(control.section) is not None


def plan_sheet(draft: Draft, key: str) -> None:
    controls = draft.report.controls
    sheet = draft.sheet(key, draft.label(f"sections.{key}.title"), protected=True)
    sheet.hidden = not controls
    draft.head(sheet, draft.subtitle(key), len(COLUMNS), key, {})
    sheet.widths |= {0: 2} | dict(enumerate(WIDTHS, 1)) | {len(COLUMNS) + 1: 20}
    sheet.hidden_columns.add(len(COLUMNS) + 1)
    for place, column in enumerate(COLUMNS, 1):
        align = "left" if place <= 3 else "center" if column == "state" else "right"
        sheet.put(HEADER, place, draft.label(f"columns.{key}.{column}"), f"header {align}")
    places = {column: place for place, column in enumerate(COLUMNS, 1)}
    difference = parse("computed - printed", KINDS.__getitem__)
    state = parse(
        "check_state.unknown if blank(difference) or blank(tolerance) else "
        "check_state.holds if round(abs(difference), 6) <= round(tolerance, 6) else check_state.fails",
        lambda path: KINDS.get(path, "text"),
    )
    row = HEADER
    for control in controls:
        row += 1
        number = "percent" if is_share(draft, control) else "cents"
        scope = RowScope(draft.scope, sheet, row, places, lambda c: "ABCDEFGHIJ"[places[c]] + ROW, key)
        sheet.put(row, 1, where(draft, control), "left row")
        sheet.put(row, 2, record_label(draft, control), "left row")
        sheet.put(row, 3, column_label(draft, control), "left row")
        sheet.put(row, 4, float(control.printed), f"{number} right row control")
        sheet.compute(row, 5, computed(control, draft), draft.scope, f"{number} right row")
        sheet.compute(row, 6, difference, scope, f"{number} right row")
        place_figure(sheet, row, 7, tolerance(draft, control), draft.scope, f"{number} right row mute")
        sheet.compute(row, 8, state, scope, "center row")
        sheet.put(row, 9, group_of(control))
        for column in ("printed", "computed", "tolerance"):
            draft.scope.add_cell(row_path(row - HEADER - 1, column), sheet, row, places[column])
    last = max(row, HEADER + 1)
    for name, place in (("state", 8), ("group", 9)):
        draft.scope.add_column(f"{key}.{name}", sheet, Range(HEADER + 1, place, last, place))
    for place, (name, node) in enumerate(_counters(key).items()):
        sheet.compute(place, len(COLUMNS) + 1, node, draft.scope)
        draft.book.names[f"{key}.{name}"] = on_sheet(sheet.name, f"$J${place + 1}")
        draft.scope.places[f"{key}.{name}"] = cell_place(sheet, place, len(COLUMNS) + 1, f"{key}.{name}")
    sheet.rules += status_rules(draft, Range(HEADER + 1, 8, last, 8), "check_state")
    sheet.filter = Range(HEADER, 1, last, len(COLUMNS))
    sheet.print_area = Range(0, 0, last, len(COLUMNS))
    sheet.freeze, sheet.repeat = (HEADER + 1, 1), (HEADER, HEADER)


def place_figure(sheet: Sheet, row: int, column: int, node: Node, scope: Finder, style: str) -> None:
    """A number as it is; anything else as a formula."""
    if isinstance(node, Constant) and isinstance(node.content, int | float):
        sheet.put(row, column, float(node.content), style)
    else:
        sheet.compute(row, column, node, scope, style)


def row_path(number: int, column: str) -> str:
    """The name of a cell of a control figure, by the figure's number in the report."""
    return f"controls.row{number}.{column}"


def _counters(key: str) -> dict[str, Node]:
    return {
        "total": call("count", call("filled", Field(f"{key}.state", "texts"))),
        **{
            name: counted(key, member)
            for name, member in (("holds", "holds"), ("fails", "fails"), ("unknown", "unknown"))
        },
    }


def counted(section: str, member: str) -> Node:
    """How many rows of a sheet of checks are in a state."""
    return call("count", Comparison("=", Field(f"{section}.state", "texts"), Field(f"check_state.{member}", "text")))


def where(draft: Draft, control: Control) -> str:
    title = draft.label(f"sections.{control.section}.title")
    return f"{title} · {control.unit}" if control.unit else title


def record_label(draft: Draft, control: Control) -> str:
    if is_grouped(draft, control):
        return draft.label(f"lines.{control.record}")
    if control.record in ("total", "net"):
        return draft.label(f"sections.{control.section}.total")
    columns = draft.template.records()[control.section].columns
    named = next((c.key for c in columns if c.required and c.is_text), "id")
    return str(draft.report.row(control.section, control.record).get(named) or control.record)


def column_label(draft: Draft, control: Control) -> str:
    return draft.label(f"columns.{_source(draft, control)}.{control.column}")


def _source(draft: Draft, control: Control) -> str:
    """The section whose columns a control figure is one of."""
    found = draft.template.sections[control.section].stands_for(control.section)
    return found[0] if found else control.section


def is_share(draft: Draft, control: Control) -> bool:
    return column_type(draft, control) in UNITS


def column_type(draft: Draft, control: Control) -> str:
    columns = draft.template.filled()[_source(draft, control)].columns
    return next(column.type for column in columns if column.key == control.column)


def _statement(draft: Draft, control: Control) -> tuple[Statement, str] | None:
    """The statement whose line the control figure is about."""
    found = draft.template.sections[control.section].stands_for(control.section)
    if found is None:
        return None
    source, lines = found
    is_own = source == control.section
    unit = next(unit for unit in draft.report.units if unit.code == control.unit) if is_own else draft.report.whole
    return statements_of(draft)[statement_path(draft.report, source, unit)], lines[control.record]


def computed(control: Control, draft: Draft) -> Node:
    found = _statement(draft, control)
    if found and found[0].key == control.section:
        path = f"{found[0].path}.{control.record}.{control.column}"
    elif found:
        path = f"{control.section}.{control.record}.{control.column}"
    elif control.record in ("total", "net"):
        path = f"{control.section}.totals.{control.column}"
    else:
        columns = (Field(f"{control.section}.id", "texts"), Field(f"{control.section}.{control.column}", "numbers"))
        return call("lookup", Constant(control.record), *columns)
    return call("first", Field(path))


def tolerance(draft: Draft, control: Control) -> Node:
    """How far rounding alone can carry a figure printed from cents: half a euro a part, half a digit of a share."""
    found = _statement(draft, control)
    kind = column_type(draft, control)
    if found is None:
        return Arithmetic("/", ROUNDING, Constant(UNITS[kind])) if kind in UNITS else call("first", ROUNDING)
    statement, line = found
    parts = rounded_parts(statement, line)
    if kind not in UNITS:
        return Arithmetic("*", Constant(parts), ROUNDING)
    digit = Arithmetic("/", ROUNDING, Constant(UNITS[kind]))
    column = next(one for one in statement.section.columns if one.key == control.column)
    formula = draft.names.read(column.formula, statement.key) if column.formula else None
    if not (isinstance(formula, Arithmetic) and formula.sign == "/" and isinstance(formula.right, Field)):
        return digit
    share, budget = (Field(f"{statement.path}.{line}.{one}") for one in (column.key, formula.right.path))
    one_and_share = Arithmetic("+", Constant(1), call("abs", share))
    figures = Arithmetic("*", Constant(max(1, parts)), ROUNDING)
    rounding = Arithmetic("/", Arithmetic("*", figures, one_and_share), call("abs", budget))
    return Arithmetic("+", digit, rounding)


def rounded_parts(statement: Statement, line: str) -> int:
    """How many rounded figures a total, or a line summed over the areas, is the sum of.

    A line or a given total is one figure as it stands: none.
    """
    if statement.has_figures(line):
        return 0
    kinds = {one.key: one for one in statement.lines}
    if statement.is_consolidated(kinds[line]):
        return len(statement.draft.report.areas)
    parts = [part for part in kinds[line].parts if part in kinds]
    return sum(max(1, rounded_parts(statement, part)) for part in parts)
