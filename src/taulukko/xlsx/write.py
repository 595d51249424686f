"""Writes a planned workbook with XlsxWriter: the only place that does."""

from __future__ import annotations

from datetime import datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from taulukko.plan.book import (
    Button,
    Chart,
    Range,
    Rule,
    Series,
    Sheet,
    Table,
    Validation,
    Workbook,
    address,
    on_sheet,
)
from taulukko.template.schema import Theme
from taulukko.xlsx.formats import Formats
from taulukko.xlsx.worksheet import QuickWorksheet

A4 = 9
MARGIN, FOOTER = 0.47, 0.25
NOTE = {"width": 260, "font_size": 9, "color": "#FFFFFF"}
NOTE_CHARACTERS, NOTE_LINE = 40, 16
"""Characters on a line of a note, and its height in pixels."""
KINDS = {
    "bars": {"type": "bar"},
    "stacked_bars": {"type": "bar", "subtype": "stacked"},
    "bullets": {"type": "bar"},
    "columns": {"type": "column"},
    "lines": {"type": "line"},
}
"""What XlsxWriter calls the kinds of charts."""
PROTECTION = {
    "format_columns": True,
    "format_rows": True,
    "format_cells": False,
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "autofilter": True,
}


def write(book: Workbook, theme: Theme, path: Path, words: dict[str, str]) -> None:
    """Write the workbook; the same workbook gives the same bytes.

    Args:
        words: what headers and footers say: report, page.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    file = xlsxwriter.Workbook(str(path), options)
    file.set_calc_mode("auto")
    file.formats[0].set_font_name(theme.font)
    file.set_properties(
        {
            "title": book.title,
            "subject": book.subject,
            "author": book.author,
            "keywords": book.keywords,
            "created": datetime.combine(book.created, time()),
        }
    )
    file.set_custom_property("Kieli", book.language)
    formats = Formats(file, theme)
    worksheets = [file.add_worksheet(sheet.name, QuickWorksheet) for sheet in book.sheets]
    for name, target in book.names.items():
        file.define_name(name, "=" + target)
    for sheet, worksheet in zip(book.sheets, worksheets, strict=True):
        _write_sheet(file, worksheet, sheet, formats, words)
    if book.macros:
        _write_macros(file, worksheets, book.macros)
    worksheets[0].activate()
    file.close()


def _write_macros(file: Any, worksheets: list[Any], project: bytes) -> None:
    """The project, and the code names by which it knows the workbook and its sheets."""
    file.add_vba_project(BytesIO(project), is_stream=True)
    file.set_vba_name("ThisWorkbook")
    for number, worksheet in enumerate(worksheets, 1):
        worksheet.set_vba_name(f"Sheet{number}")


def _write_sheet(file: Any, worksheet: Any, sheet: Sheet, formats: Formats, words: dict[str, str]) -> None:
    for column in sorted(sheet.widths.keys() | sheet.hidden_columns):
        hidden = {"hidden": True} if column in sheet.hidden_columns else {}
        worksheet.set_column(column, column, sheet.widths.get(column), None, hidden)
    for row, height in (sheet.prose_heights | sheet.heights).items():
        worksheet.set_row(row, height)
    worksheet.prose_rows = sheet.prose_heights.keys() - sheet.heights.keys()
    for table in sheet.tables:
        _write_table(worksheet, sheet, table, formats)
    _write_cells(worksheet, sheet, formats)
    for (row, column), text in sheet.notes.items():
        worksheet.write_comment(row, column, text, NOTE | {"height": NOTE_LINE * (2 + len(text) // NOTE_CHARACTERS)})
    for validation in sheet.validations:
        _write_validation(worksheet, validation)
    for rule in sheet.rules:
        _write_rule(worksheet, rule, formats)
    for one in sheet.sparklines:
        shown = on_sheet(sheet.name, f"{address(one.row, one.left)}:{address(one.row, one.right)}")
        worksheet.add_sparkline(one.row, one.column, {"range": shown, "series_color": formats.colour("accent")})
    for chart in sheet.charts:
        _write_chart(file, worksheet, chart, formats)
    for button in sheet.buttons:
        _write_button(worksheet, sheet, button, formats)
    _write_page(worksheet, sheet, formats, words)


def _write_cells(worksheet: Any, sheet: Sheet, formats: Formats) -> None:
    """Cells by number: XlsxWriter's public methods would first look whether each is told as a text such as B2."""
    number, string, formula, blank = (
        worksheet._write_number,
        worksheet._write_string,
        worksheet._write_formula,
        worksheet._write_blank,
    )
    for (row, column), cell in sheet.cells.items():
        style, value = formats.format(cell.style), cell.value
        if cell.formula:
            formula(row, column, "=" + cell.formula, style, value)
        elif value is None:
            if cell.style:
                blank(row, column, None, style)
        elif isinstance(value, str):
            string(row, column, value, style)
        else:
            number(row, column, value, style)


def _write_table(worksheet: Any, sheet: Sheet, table: Table, formats: Formats) -> None:
    columns = []
    places = enumerate(zip(table.headers, table.header_styles, strict=True), table.area.left)
    for place, (header, style) in places:
        column: dict[str, Any] = {"header": header, "header_format": formats.format(style)}
        if place in table.computed:
            column["formula"] = "=" + sheet.cells[table.area.top + 1, place].formula
        columns.append(column)
    options = {"name": table.name, "style": None, "columns": columns}
    worksheet.add_table(table.area.top, table.area.left, table.area.bottom, table.area.right, options)


def _write_validation(worksheet: Any, validation: Validation) -> None:
    area = validation.area
    options: dict[str, Any] = {
        "error_message": validation.message,
        "error_type": "warning" if validation.warn else "stop",
    }
    if validation.title:
        options["error_title"] = validation.title
    if validation.prompt:
        options["input_message"] = validation.prompt
    match validation.kind:
        case "list":
            options |= {"validate": "list", "source": "=" + validation.source}
        case "locked":
            options |= {"validate": "custom", "value": "=FALSE"}
        case "length":
            options |= {"validate": "length", "criteria": "<=", "value": int(validation.maximum or 0)}
        case "date":
            options |= {"validate": "decimal", "criteria": "between"}
            options |= {"minimum": validation.minimum, "maximum": validation.maximum}
        case kind:
            kind = "integer" if kind == "whole" else "decimal"
            options |= {"validate": kind, "criteria": "between"}
            options |= {"minimum": validation.minimum, "maximum": validation.maximum}
    worksheet.data_validation(area.top, area.left, area.bottom, area.right, options)


def _write_rule(worksheet: Any, rule: Rule, formats: Formats) -> None:
    area = rule.area
    if rule.tone == "data_bar":
        options = {"type": "data_bar", "data_bar_2010": True, "bar_solid": True, "bar_color": formats.colour("budget")}
        worksheet.conditional_format(area.top, area.left, area.bottom, area.right, options)
        return
    style = formats.tone(rule.tone, rule.fill, rule.symbol and bool(rule.equals))
    if rule.equals:
        options = {"type": "cell", "criteria": "==", "value": "=" + rule.equals, "format": style}
    else:
        options = {"type": "formula", "criteria": "=" + rule.formula, "format": style}
    worksheet.conditional_format(area.top, area.left, area.bottom, area.right, options)


def _write_page(worksheet: Any, sheet: Sheet, formats: Formats, words: dict[str, str]) -> None:
    worksheet.hide_gridlines(2)
    worksheet.set_paper(A4)
    if sheet.landscape:
        worksheet.set_landscape()
    worksheet.set_margins(MARGIN, MARGIN, MARGIN, 0.55)
    worksheet.fit_to_pages(1, 1 if sheet.one_page else 0)
    if sheet.print_area:
        area = sheet.print_area
        worksheet.print_area(area.top, area.left, area.bottom, area.right)
    if sheet.repeat:
        worksheet.repeat_rows(*sheet.repeat)
    if sheet.breaks:
        worksheet.set_h_pagebreaks(sheet.breaks)
    if sheet.freeze:
        worksheet.freeze_panes(*sheet.freeze)
    if sheet.filter:
        worksheet.autofilter(sheet.filter.top, sheet.filter.left, sheet.filter.bottom, sheet.filter.right)
    font = f'&"{formats.font}"&9&K{formats.colour("mute")[1:]}'
    title = sheet.footer.replace("&", "&&")
    report = words["report"].replace("&", "&&")
    page = words["page"].format(page="&P", pages="&N")
    worksheet.set_footer(f"&L{font}{report}&C{font}{title}&R{font}{page}", {"margin": FOOTER})
    if sheet.protected:
        worksheet.protect("", PROTECTION)
    if sheet.hidden:
        worksheet.hide()
    if sheet.very_hidden:
        worksheet.very_hidden()


def _write_chart(file: Any, worksheet: Any, chart: Chart, formats: Formats) -> None:
    drawn = file.add_chart(KINDS[chart.kind])
    series = [_series(one, chart.kind, formats) for one in chart.series]
    for one in _bullet(series) if chart.kind == "bullets" else series:
        drawn.add_series(one)
    upright = chart.kind in ("columns", "lines")
    text = {"name": formats.font, "size": 10, "color": formats.colour("ink"), "bold": False}
    line = {"color": formats.colour("hairline"), "width": 0.75}
    values: dict[str, Any] = {"line": {"none": True}, "num_font": text, "num_format": chart.number_format}
    values["major_gridlines"] = {"visible": True, "line": line}
    names: dict[str, Any] = {"reverse": True, "num_font": text, "line": line, "major_tick_mark": "none"}
    names["major_gridlines"] = {"visible": False}
    if chart.gridline:
        dashes = {"color": formats.colour("mute"), "width": 1, "dash_type": "dash"}
        values["major_gridlines"] = {"visible": True, "line": dashes}
        values["major_unit"] = chart.gridline
    if chart.maximum:
        values |= {"min": 0, "max": chart.maximum}
    elif upright:
        names |= {"reverse": False, "label_position": "low"}
    else:
        values["label_position"] = "high"
    if chart.bare:
        names |= {"visible": True, "label_position": "none", "line": {"color": formats.colour("ink"), "width": 1}}
        values |= {"label_position": "none", "major_tick_mark": "none"}
        drawn.set_title({"none": True})
        drawn.set_legend({"none": True})
        drawn.set_plotarea({"layout": {"x": 0.0, "y": 0.0, "width": 1.0, "height": 1.0}})
    else:
        drawn.set_title({"name": chart.title, "name_font": {**text, "size": 12, "bold": True}, "overlay": False})
        behind = {"delete_series": [1, 2]} if chart.kind == "bullets" else {}
        drawn.set_legend({"position": "bottom", "font": text, **behind})
    if chart.kind == "bullets":
        drawn.set_y2_axis({"reverse": True, "visible": False})
        drawn.set_x2_axis({"visible": False, "major_gridlines": {"visible": False}})
    drawn.set_x_axis(names if upright else values)
    drawn.set_y_axis(values if upright else names)
    drawn.show_hidden_data()
    drawn.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    drawn.set_size({"width": chart.width, "height": chart.height})
    options = {"description": chart.alt, "object_position": 2}
    worksheet.insert_chart(chart.row, chart.column, drawn, options)


def _write_button(worksheet: Any, sheet: Sheet, button: Button, formats: Formats) -> None:
    options: dict[str, Any] = {"x_offset": button.left, "width": button.width, "height": button.height}
    options["description"] = button.alt
    if button.macro:
        worksheet.insert_button(button.row, button.column, options | {"macro": button.macro, "caption": button.text})
        return
    options |= {"name": button.name, "url": "internal:" + on_sheet(sheet.name, button.target), "tip": button.alt}
    options |= {
        "fill": {"color": formats.colour("subtotal")},
        "line": {"color": formats.colour("accent"), "width": 0.75},
    }
    options |= {"font": {"name": formats.font, "size": 10, "color": formats.colour("ink")}, "object_position": 2}
    options["align"] = {"vertical": "middle", "horizontal": "center"}
    worksheet.insert_textbox(button.row, button.column, button.text, options)


def _bullet(series: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is aimed at is broad and behind, what has come of it narrow and in front, on axes of their own.

    Either axis has both, one of them unseen, so that their scales are the same whatever the figures become.
    """
    aim, come = series
    unseen = {"fill": {"none": True}, "overlap": 100}
    broad, narrow = {"gap": 40, "overlap": 100}, {"gap": 180, "overlap": 100, "y2_axis": True}
    return [aim | broad, come | unseen | broad, aim | unseen | narrow, come | narrow]


def _series(series: Series, kind: str, formats: Formats) -> dict[str, Any]:
    fill: dict[str, object] = {"color": formats.colour(series.colour)} if series.colour else {"none": True}
    if kind == "lines":
        drawn: dict[str, Any] = {
            "line": {**fill, "width": 2.25},
            "marker": {"type": "circle", "size": 6, "fill": fill, "border": fill},
        }
    else:
        drawn = {"fill": fill, "border": {"none": True}, "gap": series.gap}
    return drawn | {
        "name": series.name,
        "categories": _absolute(series.sheet, series.categories),
        "values": _absolute(series.sheet, series.values),
    }


def _absolute(sheet: str, area: Range) -> str:
    first = address(area.top, area.left, fixed=True)
    return "=" + on_sheet(sheet, f"{first}:{address(area.bottom, area.right, fixed=True)}")
