"""The charts that sections declare, below what they show and drawn from hidden cells that repeat its figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from taulukko.formula.nodes import Field
from taulukko.formula.parse import call
from taulukko.plan import book
from taulukko.plan.book import Range, Series, Sheet
from taulukko.plan.chart_size import chart_height, chart_rows
from taulukko.plan.draft import Draft
from taulukko.plan.metrics import column_pixels
from taulukko.plan.statement import LABEL, Statement, drawn_lines, statements_of
from taulukko.template.schema import Chart, Column, ExcerptSection, RecordsSection, StatementSection

COLOURS = ("budget", "accent", "mute", "control")
Row = Sequence[tuple[int, int]]
"""The cells of one row that a chart shows: its name, and its figure in each of the chart's columns."""


def plan_charts(draft: Draft) -> None:
    for key, section in draft.template.sections.items():
        chart = getattr(section, "chart", None)
        if not isinstance(chart, Chart):
            continue
        if isinstance(section, StatementSection):
            for statement in (one for one in statements_of(draft).values() if one.key == key):
                _on_statement(draft, statement, chart)
            continue
        sheet = draft.sheets[key]
        below = max(row for row, _ in sheet.cells) + 2
        top = draft.room_beside.get(key, below)
        if isinstance(section, ExcerptSection):
            rows, columns = _of_excerpt(draft, key, section, chart)
        elif isinstance(section, RecordsSection):
            rows, columns = [*_of_records(draft, key, chart)], _columns(section.columns, chart)
        if rows:
            sheet.one_page = True
            right = sheet.print_area.right if sheet.print_area else 7
            _draw(draft, sheet, key, chart, rows, columns, top, 1 if top == below else 2)
            end = top + chart_rows(chart, len(rows))
            sheet.print_area = Range(0, 0, max(below - 2, end), right)


def _columns(columns: Iterable[Column], chart: Chart) -> list[Column]:
    known = {column.key: column for column in columns}
    return [known[key] for key in chart.columns]


def _of_records(draft: Draft, key: str, chart: Chart) -> Iterator[Row]:
    """The rows of the section's table, then those of the tables below it."""
    records = draft.template.records()
    for section in (key, *(other for other, one in records.items() if one.below == key)):
        named = next(c.key for c in records[section].columns if c.type in ("prose", "text") and c.role == "input")
        areas = [draft.scope.places[f"{section}.{column}"].area for column in (named, *chart.columns)]
        for number in range(len(draft.report.rows(section))):
            yield [(area.top + number, area.left) for area in areas]


def _of_excerpt(draft: Draft, key: str, section: ExcerptSection, chart: Chart) -> tuple[list[Row], list[Column]]:
    source = draft.template.statements()[section.source]
    columns = [column for column in source.columns if column.place == "table"]
    places = {column.key: place for place, column in enumerate(columns, LABEL + 1)}
    rows = [draft.scope.find(f"{key}.{line.key}.{chart.columns[0]}") for line in section.lines]
    tops = [found.area.top for found in rows if isinstance(found, book.Place)]
    return [[(row, LABEL), *((row, places[one]) for one in chart.columns)] for row in tops], _columns(columns, chart)


def _on_statement(draft: Draft, statement: Statement, chart: Chart) -> None:
    layout, places = statement.layout, statement.places
    rows: list[Row] = [
        [(layout.table[line], LABEL), *((layout.table[line], places[one]) for one in chart.columns)]
        for line in drawn_lines(statement)
    ]
    columns = _columns(statement.section.columns, chart)
    _draw(draft, statement.sheet, statement.key, chart, rows, columns, layout.chart, LABEL)


def _draw(
    draft: Draft, sheet: Sheet, key: str, chart: Chart, rows: list[Row], columns: list[Column], top: int, left: int
) -> None:
    values = max(sheet.hidden_columns, default=max(column for _, column in sheet.cells)) + 1
    values = max(values, max(column for _, column in sheet.cells) + 1)
    _plan_values(draft, sheet, key, rows, columns, (top, values))
    bottom = top + len(rows) - 1
    names = Range(top, values, bottom, values)
    source = draft.template.sections[key]
    labelled = source.source if isinstance(source, ExcerptSection) else key
    colours = COLOURS[1:] if len(columns) == 1 else COLOURS
    series = [
        Series(
            draft.label(f"columns.{labelled}.{column.key}"),
            sheet.name,
            names,
            Range(top, values + place, bottom, values + place),
            colours[place - 1],
        )
        for place, column in enumerate(columns, 1)
    ]
    right = sheet.print_area.right if sheet.print_area else 7
    sheet.charts.append(
        book.Chart(
            f"{chart.kind}s",
            draft.label(f"sections.{key}.chart"),
            draft.label(f"sections.{key}.chart_alt"),
            top,
            left,
            sum(column_pixels(sheet.widths.get(column, 8.43)) for column in range(left, right + 1)),
            chart_height(chart, len(rows)),
            series,
            number_format=_number_format(draft, columns[0]),
        )
    )


def _number_format(draft: Draft, column: Column) -> str:
    """Euros without their sign, as bars have none; else as the cells."""
    return "#,##0" if column.type == "euro" else draft.template.theme.formats[column.type]


def _plan_values(
    draft: Draft, sheet: Sheet, key: str, rows: list[Row], columns: list[Column], start: tuple[int, int]
) -> None:
    """Hidden columns with what the chart draws: names and figures."""
    top, left = start
    sheet.hidden_columns |= set(range(left, left + len(columns) + 1))
    for row, cells in enumerate(rows, top):
        for offset, cell in enumerate(cells):
            path = f"chart.{sheet.key}.{row}.{offset}"
            draft.scope.add_cell(path, sheet, *cell)
            signed = offset and columns[offset - 1].type == "variance"
            function = "join_text" if not offset else "first" if signed else "abs"
            field = Field(path, "number" if offset else "text")
            sheet.compute(row, left + offset, call(function, field), draft.scope)
