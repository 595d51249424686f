"""A sheet of records: a table with a row for each goal, risk, project or paragraph, and the blocks below it."""

from __future__ import annotations

from math import ceil

from taulukko.formula.addresses import letters as column_letters
from taulukko.formula.nodes import Constant, Field
from taulukko.formula.parse import call
from taulukko.plan.blocks.groups import plan_groups
from taulukko.plan.blocks.matrix import plan_matrix
from taulukko.plan.blocks.timeline import plan_timeline
from taulukko.plan.book import ROW, Range, Rule, Sheet, Table, address, area_text, on_sheet
from taulukko.plan.completeness import Counts
from taulukko.plan.draft import HEADER, Draft, Proposal, base_style, header_align, put_sparkline
from taulukko.plan.metrics import line_count, text_width
from taulukko.plan.scope import RowScope
from taulukko.plan.status_rules import status_rules
from taulukko.plan.validations import input_validation, locked_validation
from taulukko.report.keys import next_key
from taulukko.report.model import Unit
from taulukko.template.schema import Column, RecordsSection, Template

PADDING = 9
"""Pixels of a cell that its text leaves free."""


def plan_sheet(draft: Draft, key: str) -> None:
    section = draft.template.sections[key]
    assert isinstance(section, RecordsSection)
    columns = [*(c for c in section.columns if is_visible(c)), *(c for c in section.columns if not is_visible(c))]
    visible = sum(map(is_visible, columns))
    if section.below:
        sheet = draft.sheets[_top(draft, section.below)]
        row = max(r for r, _ in sheet.cells) + 2
        sheet.put(row, 1, draft.label(f"sections.{key}.title"), "owner")
        header = row + 1
    else:
        sheet = draft.sheet(key, draft.label(f"sections.{key}.title"), protected=section.protect)
        draft.head(sheet, draft.subtitle(key), visible, key, {})
        header = HEADER
        sheet.hidden = draft.report.is_areas_part and not _has_units(draft, key)
        sheet.repeat, sheet.freeze = (HEADER, HEADER), (HEADER + 1, 1)
        sheet.widths[0] = 2
    widths = _widths(draft, key, section)
    for place, column in enumerate(columns, 1):
        sheet.widths.setdefault(place, widths.get(column.key, 10))
        if not is_visible(column):
            sheet.hidden_columns.add(place)
    last = table_end = _plan_table(draft, sheet, key, section, columns, header)
    if any(column.total != "none" for column in columns):
        last = _plan_totals(draft, sheet, key, columns, last + 1)
    if section.matrix:
        last = plan_matrix(draft, sheet, key, section, last + 2)
    if section.groups or section.timeline:
        sheet.breaks.append(last + 1)
    if section.groups:
        last = plan_groups(draft, sheet, key, section.groups, columns, last + 2)
    if section.timeline:
        places = {column.key: place for place, column in enumerate(columns, 1)}
        rows = Range(header + 1, 1, table_end, 1)
        last = plan_timeline(draft, sheet, key, section.timeline, places, rows, last + 2)
    if section.quotes:
        last = _plan_quotes(draft, sheet, section, last + 2)
    right = max(visible, sheet.print_area.right if sheet.print_area else 0)
    if not sheet.hidden:
        sheet.print_area = Range(0, 0, max(r for r, _ in sheet.cells), right)


def is_visible(column: Column) -> bool:
    return not column.hidden and column.role != "key"


def _has_units(draft: Draft, key: str) -> bool:
    """Whether a sheet has rows that belong to units, in its table or in one below it."""
    sections = draft.template.records()
    return sections[key].has_unit or any(s.has_unit for k, s in sections.items() if s.below and _top(draft, k) == key)


def _top(draft: Draft, key: str) -> str:
    section = draft.template.sections[key]
    return _top(draft, section.below) if isinstance(section, RecordsSection) and section.below else key


def table_name(key: str) -> str:
    return "t_" + key


def _plan_table(
    draft: Draft, sheet: Sheet, key: str, section: RecordsSection, columns: list[Column], header: int
) -> int:
    """Place the table and register its columns; the row of its last record."""
    records = draft.report.rows(key)
    first, last = header + 1, header + max(1, len(records) + _spare_rows(draft, section))
    identities = _identities(draft, key, last - header)
    asked = _is_asked(draft, section)
    places = {column.key: place for place, column in enumerate(columns, 1)}
    headers = {column.key: _header(draft, key, column) for column in columns}
    name = table_name(key)
    texts = {c: f"{name}[[#This Row],[{headers[c]}]]" for c in places}
    nodes = {c.key: draft.names.read(c.formula, key) for c in columns if c.formula}
    has_prose = any(column.type == "prose" for column in columns)
    styles = {c.key: _style(c, has_prose, asked) for c in columns}
    area = Range(header, 1, last, len(columns))
    header_styles = [f"header {header_align(column)}" for column in columns]
    computed = frozenset(places[column.key] for column in columns if column.role == "computed")
    sheet.tables.append(Table(name, area, [headers[c.key] for c in columns], header_styles, computed))
    sheet.heights[header] = _header_height(draft, sheet, columns, headers)
    for column in columns:
        place = places[column.key]
        cells = Range(first, place, last, place)
        draft.scope.add_column(f"{key}.{column.key}", sheet, cells, f"{name}[{headers[column.key]}]")
        draft.book.names[f"{key}.column.{column.key}"] = on_sheet(sheet.name, area_text(cells))
        _add_rules(draft, sheet, key, column, cells, asked)
    prose = [places[c.key] for c in columns if is_visible(c) and c.type in ("prose", "choice")]
    for row in range(first, last + 1):
        record = records[row - first] if row - first < len(records) else {}
        identity = identities[row - first]
        scope = RowScope(draft.scope, sheet, row, places, texts.__getitem__, key)
        for column in columns:
            place, style = places[column.key], styles[column.key]
            spot = (key, identity, column.key)
            if column.role == "computed":
                draft.compute_result(sheet, row, place, spot, nodes[column.key], scope, style)
                put_sparkline(sheet, row, column, places)
            elif column.role == "key":
                sheet.put(row, place, identity, style)
            else:
                draft.put_input(sheet, row, place, spot, draft.shown(column, record.get(column.key)), style)
            if column.proposal and row == first:
                node = draft.names.read(column.proposal, key)
                draft.proposals.append(Proposal(headers[column.key], Range(first, place, last, place), node, scope))
        sheet.prose_rows[row] = prose
    counts = required_counts(key, section, draft.template)
    if counts:
        draft.required[key] = counts
    return last


def _header(draft: Draft, key: str, column: Column) -> str:
    if column.role == "key" or (column.hidden and f"columns.{key}.{column.key}" not in draft.template.labels):
        return f"_{column.key}"
    return draft.label(f"columns.{key}.{column.key}")


def _is_asked(draft: Draft, section: RecordsSection) -> bool:
    """Whether the section is filled in: to a service area's workbook belongs only what says whose it is."""
    return not draft.report.is_areas_part or section.has_unit


def _spare_rows(draft: Draft, section: RecordsSection) -> int:
    """How many rows stand ready for what somebody may add."""
    if not draft.report.part:
        return section.spare
    return section.unit_spare if _is_asked(draft, section) else 0


def _widths(draft: Draft, key: str, section: RecordsSection) -> dict[str, float]:
    """Characters of the visible columns. A short computed text is a number of the record's own and has room for the
    longest key; what it needs is taken from the widest column of prose, so that a printed page is no smaller.
    """
    widths = {column.key: column.width for column in section.columns if is_visible(column)}
    rows = len(draft.report.rows(key)) + _spare_rows(draft, section)
    longest = max(map(text_width, _identities(draft, key, rows)), default=0)
    prose = max(
        (c for c in section.columns if c.type == "prose" and is_visible(c)), key=lambda c: c.width, default=None
    )
    for column in section.columns:
        lacking = ceil((longest + PADDING) / 7) - column.width
        if column.key in widths and column.role == "computed" and column.type == "text" and lacking > 0:
            widths[column.key] += lacking
            if prose:
                widths[prose.key] -= lacking
    return widths


def _identities(draft: Draft, key: str, count: int) -> list[str]:
    """The keys of the records and of the spare rows after them."""
    known = list(draft.report.inputs.get(key, ()))
    stem, number = next_key(draft.report, key)
    return [*known, *(f"{stem}{number + spare}" for spare in range(count - len(known)))]


def _style(column: Column, top: bool, asked: bool) -> str:
    words = [base_style(column), "row"]
    if column.role == "input" and asked:
        words.append("unlocked" if column.is_text else "input")
    if top and column.type != "prose":
        words.append("top")
    return " ".join(words)


def _header_height(draft: Draft, sheet: Sheet, columns: list[Column], headers: dict[str, str]) -> float:
    lines = max(
        (
            line_count(headers[c.key], sheet.widths[place] - 2.5, bold=True)
            for place, c in enumerate(columns, 1)
            if is_visible(c)
        ),
        default=1,
    )
    return 15.0 * lines + 4


def _add_rules(draft: Draft, sheet: Sheet, key: str, column: Column, cells: Range, asked: bool) -> None:
    if column.role != "input" or not asked:
        sheet.validations.append(locked_validation(draft, cells))
    else:
        sheet.validations.append(input_validation(draft, column, cells, f"columns.{key}.{column.key}"))
        if column.is_text:
            first = address(cells.top, cells.left)
            sheet.rules.append(Rule(cells, "input", formula=f"LEN({first})=0"))
    if column.bar:
        sheet.rules.append(Rule(cells, "data_bar"))
    if column.scale and column.is_text and column.scale in draft.template.head.scales:
        sheet.rules += status_rules(draft, cells, column.scale, fill="none" if column.role == "input" else "fill")


def _plan_totals(draft: Draft, sheet: Sheet, key: str, columns: list[Column], row: int) -> int:
    places = {column.key: place for place, column in enumerate(columns, 1)}
    scope = RowScope(draft.scope, sheet, row, places, lambda c: column_letters(places[c]) + ROW)
    for place, column in enumerate(columns, 1):
        if not is_visible(column):
            continue
        style = f"{base_style(column)} subtotal"
        if column.total == "sum":
            node = call("sum", Field(f"{key}.{column.key}", "numbers"))
            sheet.compute(row, place, node, draft.scope, style)
        elif column.total == "apply":
            sheet.compute(row, place, draft.names.read(str(column.formula), key), scope, style)
        else:
            sheet.put(
                row,
                place,
                draft.label(f"sections.{key}.total") if place == 1 else None,
                "subtotal left" if place == 1 else "subtotal",
            )
        if column.total != "none":
            draft.scope.add_cell(f"{key}.totals.{column.key}", sheet, row, place)
    return row


def _plan_quotes(draft: Draft, sheet: Sheet, section: RecordsSection, row: int) -> int:
    """Paragraphs that stand in another section, by reference, in the wide first column."""
    quotes = section.quotes
    assert quotes is not None
    sheet.put(row, 1, draft.label("words.quotes"), "owner")
    draft.room_beside[sheet.key] = row
    for record in draft.report.rows(quotes.section):
        if record[quotes.where] not in quotes.values:
            continue
        row += 1
        paths = (Field(f"{quotes.section}.id", "texts"), Field(f"{quotes.section}.{quotes.column}", "texts"))
        node = call("lookup_text", Constant(str(record["id"])), *paths)
        sheet.compute(row, 1, node, draft.scope, "prose row")
        sheet.prose_rows[row] = [1]
    return row


def required_counts(key: str, section: RecordsSection, template: Template, unit: Unit | None = None) -> Counts | None:
    """Expressions for the filled and the required fields of the rows in use; None where nothing is required.

    Args:
        unit: count its rows only; to the division belongs what belongs to no unit.
    """
    required = [column for column in section.columns if column.required]
    if not required or (unit and not unit.is_division and not section.has_unit):
        return None
    owner = ""
    if unit and section.has_unit:
        owner = f"{key}.unit == '{unit.code}'"
        owner = f", blank({key}.unit) or {owner}" if unit.is_division else f", {owner}"
    used = f"filled({key}.{section.used or required[0].key})"
    filled = []
    for column in required:
        text = f"count({used}, filled({key}.{column.key}){owner})"
        scale = template.head.scales.get(column.scale or "")
        for member in scale.members if scale else ():
            if member.missing:
                text += f" - count({key}.{column.key} == {column.scale}.{member.key}{owner})"
        filled.append(text)
    return filled, [f"{len(required)} * count({used}{owner})"]
