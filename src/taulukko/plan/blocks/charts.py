"""The chart of a records sheet: budget against actual, a pair of bars for each row, beside what is told of them."""

from __future__ import annotations

from taulukko.formula.nodes import Field
from taulukko.formula.parse import call
from taulukko.plan.book import Chart, Range, Series, Sheet
from taulukko.plan.draft import Draft
from taulukko.plan.metrics import column_pixels
from taulukko.template.schema import RecordsSection

ROW_PIXELS, FRAME_PIXELS, DEFAULT_ROW = 38, 90, 20
COLOURS = (("budget", "budget"), ("actual", "accent"))


def plan_charts(draft: Draft) -> None:
    for key, section in draft.template.sections.items():
        if isinstance(section, RecordsSection) and section.chart:
            _plan_budget_actual(draft, key)


def _plan_budget_actual(draft: Draft, key: str) -> None:
    """Budget against actual for the table's rows and for those of the tables below it, without their sign."""
    sheet = draft.sheets[key]
    below = max(r for r, _ in sheet.cells) + 2
    top = draft.room_beside.get(key, below)
    left, right = (1 if top == below else 2), sheet.print_area.right if sheet.print_area else 7
    values = max(sheet.hidden_columns) + 1
    count = _plan_values(draft, sheet, key, top, values)
    if not count:
        return
    sheet.hidden_columns |= {values, values + 1, values + 2}
    height = ROW_PIXELS * count + FRAME_PIXELS
    names = Range(top, values, top + count - 1, values)
    series = [
        Series(
            draft.label(f"columns.{key}.{column}"),
            sheet.name,
            names,
            Range(top, values + place, top + count - 1, values + place),
            colour,
        )
        for place, (column, colour) in enumerate(COLOURS, 1)
    ]
    chart = Chart(
        "bars",
        draft.label(f"sections.{key}.chart"),
        draft.label(f"sections.{key}.chart_alt"),
        top,
        left,
        sum(column_pixels(sheet.widths[column]) for column in range(left, right + 1)),
        height,
        series,
        number_format="#,##0",
    )
    sheet.charts.append(chart)
    sheet.one_page = True
    sheet.print_area = Range(0, 0, max(below - 2, top + height // DEFAULT_ROW + 1), right)


def _plan_values(draft: Draft, sheet: Sheet, key: str, top: int, left: int) -> int:
    """Hidden columns with what the chart draws: names, budgets and actuals; how many rows there are."""
    row = top
    for section in (key, *(k for k, s in draft.template.records().items() if s.below == key)):
        columns = draft.template.records()[section].columns
        name = next(c.key for c in columns if c.type in ("prose", "text") and c.role == "input")
        areas = [draft.scope.places[f"{section}.{column}"].area for column in (name, "budget", "actual")]
        for position in range(len(draft.report.rows(section))):
            for offset, area in enumerate(areas):
                path = f"chart.{section}.{position}.{offset}"
                draft.scope.add_cell(path, sheet, area.top + position, area.left)
                field = Field(path, "number" if offset else "text")
                node = call("abs" if offset else "join_text", field)
                sheet.compute(row, left + offset, node, draft.scope)
            row += 1
    return row - top
