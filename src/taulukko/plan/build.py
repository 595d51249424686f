"""Report and template -> workbook as plain data, every formula with its value."""

from __future__ import annotations

from collections.abc import Mapping

from taulukko.plan.blocks.charts import plan_charts
from taulukko.plan.book import Workbook
from taulukko.plan.draft import Draft
from taulukko.plan.locked_cells import guard_formulas
from taulukko.plan.row_heights import set_row_heights
from taulukko.plan.scope import Scope, evaluate
from taulukko.plan.shape import Origin
from taulukko.plan.sheets.checks import plan_checks
from taulukko.plan.sheets.controls import plan_controls
from taulukko.plan.sheets.cover import plan_cover
from taulukko.plan.sheets.excerpt import plan_excerpt
from taulukko.plan.sheets.identity import plan_identity
from taulukko.plan.sheets.lists import plan_lists, plan_parameters
from taulukko.plan.sheets.records import plan_records
from taulukko.plan.sheets.statement import plan_statement
from taulukko.plan.sheets.summary import plan_summary
from taulukko.plan.statement import sheet_key
from taulukko.report.inputs import Key
from taulukko.report.model import Report
from taulukko.report.words import worded
from taulukko.template import Template
from taulukko.template.names import names_of
from taulukko.template.schema import RecordsSection, StatementSection

ORDER = ("lists", "parameters", "records", "statement", "excerpt", "controls", "checks", "summary", "cover")
"""Order of planning by kind: what others refer to comes first. The sheets' own order is the template's."""


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
    draft = Draft(report, template, names_of(template), book, Scope(template.labels), _sheet_names(report, template))
    keys = sorted(template.sections, key=lambda key: ORDER.index(template.sections[key].kind))
    for key in keys:
        _plan_section(draft, key)
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


def _sheet_names(report: Report, template: Template) -> dict[str, str]:
    """Names of the sheets by key, in the order of the workbook."""
    names: dict[str, str] = {}
    for key, section in template.sections.items():
        if isinstance(section, RecordsSection) and section.below:
            continue
        name = template.label(f"sections.{key}.sheet")
        names[key] = name[:31]
        if isinstance(section, StatementSection):
            names |= {sheet_key(report, key, unit): f"{name} {unit.code}"[:31] for unit in report.areas}
    return names


def _plan_section(draft: Draft, key: str) -> None:
    match draft.template.sections[key].kind:
        case "lists":
            plan_lists(draft)
        case "parameters":
            plan_parameters(draft)
        case "records":
            plan_records(draft, key)
        case "statement":
            for unit in (draft.report.whole, *draft.report.areas):
                plan_statement(draft, key, unit)
        case "excerpt":
            plan_excerpt(draft, key)
        case "controls":
            plan_controls(draft, key)
        case "checks":
            plan_checks(draft, key)
        case "summary":
            plan_summary(draft, key)
        case "cover":
            plan_cover(draft)
