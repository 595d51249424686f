"""The parameters sheet: thresholds, limits of the bands, and what the other sheets count."""

from __future__ import annotations

from datetime import date

from taulukko.formula.days import as_serial
from taulukko.plan.book import Range, Validation, area_text, on_sheet
from taulukko.plan.draft import HEADER, Draft
from taulukko.template.schema import RecordsSection


def plan_sheet(draft: Draft, key: str) -> None:
    """Thresholds one a row, each with a defined name; below them what the summary counts."""
    sheet = draft.sheet("parameters", draft.label("sections.parameters.title"), protected=True, landscape=False)
    draft.head(sheet, draft.subtitle("parameters"), 3, "parameters", {})
    sheet.widths |= {0: 2, 1: 40, 2: 16, 3: 60}
    for column, key, align in ((1, "parameter", "left"), (2, "value", "right"), (3, "meaning", "indent")):
        sheet.put(HEADER, column, draft.label(f"parameters_sheet.{key}"), f"header {align}")
    row = HEADER + 1
    for key, parameter in draft.template.head.parameters.items():
        sheet.put(row, 1, draft.label(f"parameters.{key}"), "row top")
        sheet.put(row, 3, draft.label(f"parameter_notes.{key}"), "row prose indent mute")
        sheet.prose_rows[row] = [1, 3]
        path = f"parameters.{key}"
        if parameter.formula:
            sheet.compute(row, 2, draft.names.read(parameter.formula), draft.scope, f"{parameter.format} row right top")
        else:
            fact = getattr(draft.report, parameter.report) if parameter.report else parameter.value
            value = as_serial(fact) if isinstance(fact, date) else float(fact or 0)
            sheet.put(row, 2, value, f"{parameter.format} input right top")
            kind = "date" if parameter.format == "date" else "decimal"
            sheet.validations.append(
                Validation(
                    Range(row, 2, row, 2),
                    kind,
                    minimum=1 if kind == "date" else 0,
                    maximum=1e12,
                    message=draft.label(f"errors.{kind}"),
                )
            )
        draft.name_cell(path, sheet, row, 2)
        row += 1
    row = _plan_scales(draft, row + 1)
    _plan_facts(draft, row + 1)
    sheet.print_area = Range(0, 0, max(r for r, _ in sheet.cells), 3)
    sheet.repeat = (HEADER, HEADER)
    sheet.freeze = (HEADER + 1, 0)


def _plan_scales(draft: Draft, row: int) -> int:
    """Lower limits of the bands, to be changed here."""
    sheet = draft.sheets["parameters"]
    for scale, definition in draft.template.head.scales.items():
        if definition.members[0].from_ is None:
            continue
        sheet.put(row, 1, draft.label(f"scale_names.{scale}"), "rule")
        sheet.put(row, 2, draft.label("parameters_sheet.from"), "rule right")
        sheet.put(row, 3, None, "rule")
        first = row + 1
        for member in definition.members:
            row += 1
            sheet.put(row, 1, draft.member(scale, member.key), "row")
            sheet.put(row, 2, float(member.from_ or 0), "integer input right")
            sheet.put(row, 3, None, "row")
        area = Range(first, 2, row, 2)
        sheet.validations.append(
            Validation(area, "decimal", minimum=0, maximum=1000, message=draft.label("errors.decimal"))
        )
        path = f"lists.{scale}_from"
        draft.book.names[path] = on_sheet(sheet.name, area_text(area))
        draft.scope.add_column(path, sheet, area, path)
        row += 1
    return row


def _plan_facts(draft: Draft, row: int) -> None:
    """What the cover, the summary and the sentences count, each counted once."""
    sheet = draft.sheets["parameters"]
    facts = [
        (key, name, text)
        for key, section in draft.template.sections.items()
        if isinstance(section, RecordsSection)
        for name, text in section.facts.items()
    ]
    if not facts:
        return
    sheet.put(row, 1, draft.label("parameters_sheet.facts"), "rule")
    sheet.put(row, 2, draft.label("parameters_sheet.value"), "rule right")
    sheet.put(row, 3, None, "rule")
    for key, name, text in facts:
        row += 1
        path = f"{key}.{name}"
        node = draft.names.read(text, key)
        sheet.put(row, 1, path, "row mute")
        sheet.compute(row, 2, node, draft.scope, "row left" if node.kind == "text" else "number row right")
        sheet.put(row, 3, None, "row")
        draft.name_cell(path, sheet, row, 2)
