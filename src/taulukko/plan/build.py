"""Report and template -> workbook as plain data, every formula with its value."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from taulukko.plan.blocks.charts import plan_charts
from taulukko.plan.book import Workbook
from taulukko.plan.draft import Draft
from taulukko.plan.excel_names import sheet_names
from taulukko.plan.locked_cells import guard_formulas
from taulukko.plan.row_heights import set_row_heights
from taulukko.plan.scope import Scope, evaluate
from taulukko.plan.shape import Origin
from taulukko.plan.sheets.identity import plan_identity
from taulukko.report.inputs import Key
from taulukko.report.model import Report
from taulukko.report.words import worded
from taulukko.template import Template
from taulukko.template.kinds import place_of
from taulukko.template.names import names_of


def plan(
    report: Report,
    template: Template,
    *,
    origin: Origin | None = None,
    typed: Mapping[Key, str] | None = None,
    protected: bool = True,
    to_send: bool = True,
) -> Workbook:
    """Lay out the whole workbook.

    Args:
        origin: which workbook it is, when it is built anew from one that somebody has returned.
        typed: texts that stand in cells of inputs in place of what the report has there.
        protected: whether sheets are protected as the template says; else all their formulas refuse typing, too.
        to_send: whether it will be written, and so carries what it is read and computed by.

    Returns:
        Sheets of cells; each formula cell carries its Excel text and the value Excel would compute.
    """
    template = worded(template, report)
    book = Workbook(
        title=f"{template.label('cover.title')} {report.period}, {report.division}",
        subject=template.label("cover.subject"),
        author=report.municipality,
        keywords=", ".join((template.label("cover.title"), report.municipality, report.division, str(report.year))),
        language=template.language,
        created=report.date_of_issue,
    )
    draft = Draft(report, template, names_of(template), book, Scope(template.labels), sheet_names(report, template))
    for key, section in sorted(template.sections.items(), key=lambda one: place_of(one[1])):
        import_module(section.sheet).plan_sheet(draft, key)
    plan_charts(draft)
    for sheet in book.sheets:
        if not (protected and sheet.protected):
            guard_formulas(draft, sheet)
            sheet.protected = False
    order = list(draft.sheet_names)
    book.sheets.sort(key=lambda sheet: order.index(sheet.key))
    for place, text in (typed or {}).items():
        if place in book.inputs:
            book.cell(book.inputs[place]).value = text
    evaluate(book.sheets)
    if to_send:
        plan_identity(draft, origin, protected)
    for sheet in book.sheets:
        set_row_heights(sheet)
    return book
