"""Some rows of the division's statement on a sheet of their own, by reference: the council's budget in three rows."""

from __future__ import annotations

from taulukko.formula.nodes import Choice, Constant, Field, Node
from taulukko.formula.parse import call
from taulukko.plan.book import Range, Sheet
from taulukko.plan.draft import HEADER, Draft, base_style, header_align
from taulukko.plan.scope import Resolver, cell_place
from taulukko.plan.statement import LABEL, LABEL_WIDTH
from taulukko.plan.status_rules import status_rules
from taulukko.template.schema import ExcerptSection, StatementSection


def plan_sheet(draft: Draft, key: str) -> None:
    section = draft.template.sections[key]
    assert isinstance(section, ExcerptSection)
    source = draft.template.sections[section.source]
    assert isinstance(source, StatementSection)
    columns = [column for column in source.columns if column.place == "table"]
    sheet = draft.sheet(key, draft.label(f"sections.{key}.title"), protected=section.protect)
    right = LABEL + len(columns)
    draft.head(sheet, draft.subtitle(key), right, key, {})
    sheet.widths |= {0: 2, LABEL: LABEL_WIDTH} | {
        place: column.width for place, column in enumerate(columns, LABEL + 1)
    }
    sheet.heights[HEADER] = 34
    sheet.put(HEADER, LABEL, draft.label("words.line"), "header left")
    for place, column in enumerate(columns, LABEL + 1):
        header = draft.label(f"columns.{section.source}.{column.key}")
        sheet.put(HEADER, place, header, f"header {header_align(column)}")
    rows = {line.key: row for row, line in enumerate(section.lines, HEADER + 1)}
    for line in section.lines:
        outline = "binding" if line.binding else "subtotal"
        sheet.put(rows[line.key], LABEL, draft.label(f"lines.{line.key}"), f"{outline} left")
        for place, column in enumerate(columns, LABEL + 1):
            found = Field(f"{section.source}.division.{line.line}.{column.key}", "text" if column.is_text else "number")
            node: Node = call("join_text", found)
            if not column.is_text:
                node = Choice(call("filled", found), found, Constant(None))
            sheet.compute(rows[line.key], place, node, draft.scope, f"{base_style(column)} {outline}")
    for place, column in enumerate(columns, LABEL + 1):
        if column.scale:
            sheet.rules += status_rules(draft, Range(HEADER + 1, place, max(rows.values()), place), column.scale)
    places = {column.key: place for place, column in enumerate(columns, LABEL + 1)}
    for line in section.lines:
        draft.scope.resolvers[f"{key}.{line.key}"] = _resolver(sheet, rows[line.key], places)
    sheet.print_area = Range(0, 0, max(rows.values()), right)
    sheet.freeze, sheet.repeat = (HEADER + 1, LABEL + 1), (HEADER, HEADER)


def _resolver(sheet: Sheet, row: int, places: dict[str, int]) -> Resolver:
    return lambda column: cell_place(sheet, row, places[column])
