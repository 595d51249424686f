"""The chart of a records sheet: budget against actual, a pair of bars for each row."""

from __future__ import annotations

from taulukko.formula.nodes import Call, Field
from taulukko.formula.parse import FUNCTIONS
from taulukko.plan.book import Chart, Range, Series
from taulukko.plan.draft import Draft
from taulukko.template.schema import RecordsSection

WIDTH, ROW_HEIGHT, MARGIN = 960, 44, 96


def plan_charts(draft: Draft) -> None:
    for key, section in draft.template.sections.items():
        if isinstance(section, RecordsSection) and section.chart:
            _plan_budget_actual(draft, key)


def _plan_budget_actual(draft: Draft, key: str) -> None:
    """Budget against actual for the table's rows and for those of the tables below it, without their sign."""
    sheet = draft.sheets[key]
    keys = [key, *(k for k, s in draft.template.records().items() if s.below == key)]
    top = max(r for r, _ in sheet.cells) + 2
    hidden = max(sheet.hidden_columns)
    sheet.hidden_columns |= {hidden + 1, hidden + 2, hidden + 3}
    row = top
    for section in keys:
        name = next(
            c.key
            for c in draft.template.records()[section].columns
            if c.type in ("prose", "text") and c.role == "input"
        )
        names, budgets, actuals = (draft.scope.places[f"{section}.{column}"] for column in (name, "budget", "actual"))
        for position, _ in enumerate(draft.report.records.get(section, [])):
            for offset, place in enumerate((names, budgets, actuals), 1):
                path = f"chart.{section}.{position}.{offset}"
                draft.scope.add_cell(path, sheet, place.area.top + position, place.area.left)
                field = Field(path, "text" if offset == 1 else "number")
                node = Call(FUNCTIONS["join_text"], (field,)) if offset == 1 else Call(FUNCTIONS["abs"], (field,))
                sheet.compute(row, hidden + offset, node, draft.scope)
            row += 1
    count = row - top
    if not count:
        return
    words = Range(top, hidden + 1, row - 1, hidden + 1)
    colours = (("budget", "budget"), ("actual", "accent"))
    sheet.charts.append(
        Chart(
            "bars",
            draft.label(f"sections.{key}.chart"),
            draft.label(f"sections.{key}.chart_alt"),
            top,
            1,
            WIDTH,
            ROW_HEIGHT * count + MARGIN,
            [
                Series(
                    draft.label(f"columns.{key}.{column}"),
                    sheet.name,
                    words,
                    Range(top, hidden + place, row - 1, hidden + place),
                    colour,
                )
                for place, (column, colour) in enumerate(colours, 2)
            ],
            number_format="#,##0",
        )
    )
    rows = (ROW_HEIGHT * count + MARGIN) // 20 + 1
    area = sheet.print_area
    if area:
        sheet.print_area = Range(0, 0, max(row, top + rows), area.right)
