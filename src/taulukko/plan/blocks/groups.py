"""Totals of a table by one of its columns, such as projects by funder."""

from __future__ import annotations

from taulukko.formula.addresses import letters as column_letters
from taulukko.formula.nodes import Arithmetic, Comparison, Constant, Field, Node
from taulukko.formula.parse import call
from taulukko.plan.book import ROW, Sheet
from taulukko.plan.draft import Draft, base_style
from taulukko.plan.scope import CellNames, RowScope
from taulukko.template.schema import Column, Groups


def plan_groups(draft: Draft, sheet: Sheet, key: str, groups: Groups, columns: list[Column], row: int) -> int:
    """A row for each value found when the workbook was built, and one for whatever came later."""
    places = {column.key: place for place, column in enumerate(columns, 1)}
    summed = [column for column in columns if column.key in groups.columns]
    name_place = places[groups.by] - 2
    sheet.put(row, name_place, draft.label(f"sections.{key}.groups"), "rule left")
    for place in range(name_place + 1, max(places[c.key] for c in summed) + 1):
        column = next((c for c in summed if places[c.key] == place), None)
        sheet.put(row, place, draft.label(f"columns.{key}.{column.key}") if column else None, "rule right wrap")
    sheet.heights[row] = 33
    records = draft.report.rows(key)
    values = sorted({str(record[groups.by]) for record in records if record.get(groups.by)})
    first = row + 1
    for value in values:
        row += 1
        sheet.put(row, name_place, value, "row left")
        scope = RowScope(
            draft.scope, sheet, row, {"value": name_place}, lambda _: f"${column_letters(name_place)}{ROW}"
        )
        same = Comparison("=", Field(f"{key}.{groups.by}", "texts"), Field("value", "text"))
        for column in summed:
            node = call("sum", Field(f"{key}.{column.key}", "numbers"), same)
            sheet.compute(row, places[column.key], node, scope, f"{base_style(column)} row")
    row += 1
    sheet.put(row, name_place, draft.label("words.other"), "row left mute")
    for column in summed:
        listed = [f"above.{r}" for r in range(first, row)]
        names = CellNames(draft.scope, sheet, {path: (int(path[6:]), places[column.key]) for path in listed})
        total: Node = call("first", Field(f"{key}.totals.{column.key}"), Constant(0))
        for path in listed:
            total = Arithmetic("-", total, call("first", Field(path), Constant(0)))
        rounded = call("round", total, Constant(2))
        sheet.compute(row, places[column.key], rounded, names, f"{base_style(column)} row mute")
    return row
