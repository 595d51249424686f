"""The parameters sheet with thresholds and counted facts, and the lists sheet behind every dropdown."""

from __future__ import annotations

from typing import Any

from taulukko.formula.functions import as_serial
from taulukko.plan.book import Range, Validation, area_text, on_sheet
from taulukko.plan.draft import HEADER, Draft
from taulukko.template.schema import RecordsSection


def plan_parameters(draft: Draft) -> None:
    """Thresholds one a row, each with a defined name; below them what the summary counts."""
    sheet = draft.sheet("parameters", draft.label("sections.parameters.title"), protected=True, landscape=False)
    draft.head(sheet, draft.subtitle("parameters"), 3, "parameters", {})
    sheet.widths |= {0: 2, 1: 40, 2: 16, 3: 60}
    for column, key in ((1, "parameter"), (2, "value"), (3, "meaning")):
        sheet.put(
            HEADER, column, draft.label(f"parameters_sheet.{key}"), f"header {'right' if column == 2 else 'left'}"
        )
    row = HEADER + 1
    for key, parameter in draft.template.head.parameters.items():
        sheet.put(row, 1, draft.label(f"parameters.{key}"), "row top")
        sheet.put(row, 3, draft.label(f"parameter_notes.{key}"), "row prose mute")
        path = f"parameters.{key}"
        if parameter.formula:
            sheet.compute(row, 2, draft.names.read(parameter.formula), draft.scope, f"{parameter.format} row right top")
        else:
            fact: Any = getattr(draft.report, parameter.report) if parameter.report else parameter.value
            value = as_serial(fact) if parameter.format == "date" else float(fact)
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
        _name_cell(draft, path, "parameters", row, 2)
        row += 1
    row = _plan_scales(draft, row + 1)
    _plan_facts(draft, row + 1)
    sheet.print_area = Range(0, 0, max(r for r, _ in sheet.cells), 3)
    sheet.repeat = (HEADER, HEADER)
    sheet.freeze = (HEADER + 1, 0)


def _name_cell(draft: Draft, path: str, sheet_key: str, row: int, column: int) -> None:
    sheet = draft.sheets[sheet_key]
    area = Range(row, column, row, column)
    draft.book.names[path] = on_sheet(sheet.name, area_text(area))
    draft.scope.add_cell(path, sheet, row, column, path)


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
        _name_cell(draft, path, "parameters", row, 2)


def plan_lists(draft: Draft) -> None:
    """One column for each scale; its defined name is what dropdowns and formulas use."""
    sheet = draft.sheet("lists", draft.label("sections.lists.title"), protected=True)
    report = draft.report
    columns: list[tuple[str, str, list[tuple[str, object]]]] = [
        ("units", draft.label("scale_names.units"), [("", unit.code) for unit in report.units]),
        ("unit_names", draft.label("scale_names.unit_names"), [("", unit.name) for unit in report.units]),
        ("strategic_goals", draft.label("scale_names.strategic_goals"), [("", g.name) for g in report.strategic_goals]),
        (
            "subgoals",
            draft.label("scale_names.subgoals"),
            [("", "\n".join(g.subgoals)) for g in report.strategic_goals],
        ),
    ]
    for scale, definition in draft.template.head.scales.items():
        if definition.members[0].value is not None:
            numbers: list[tuple[str, object]] = [("", float(member.value or 0)) for member in definition.members]
            columns.append((scale, draft.label(f"scale_names.{scale}"), numbers))
            words = [(f"{scale}.{m.key}", draft.member(scale, m.key)) for m in definition.members]
            columns.append((f"{scale}_words", draft.label(f"scale_names.{scale}_words"), list(words)))
        else:
            members = [(f"{scale}.{m.key}", draft.member(scale, m.key)) for m in definition.members]
            columns.append((scale, draft.label(f"scale_names.{scale}"), list(members)))
    draft.head(sheet, draft.subtitle("lists"), len(columns), "lists", {})
    sheet.widths[0] = 2
    for column, (key, title, values) in enumerate(columns, 1):
        _plan_list(draft, column, key, title, values)
    sheet.print_area = Range(0, 0, max(r for r, _ in sheet.cells), len(columns))
    sheet.freeze = (HEADER + 1, 0)


def _plan_list(draft: Draft, column: int, key: str, title: str, values: list[tuple[str, object]]) -> None:
    sheet = draft.sheets["lists"]
    sheet.put(HEADER, column, title, "header left")
    longest = max((len(line) for _, value in values for line in str(value).split("\n")), default=0)
    sheet.widths[column] = min(36, max(12, longest * 0.9 + 2, len(title) * 0.62))
    for row, (path, value) in enumerate(values, HEADER + 1):
        sheet.put(row, column, value, "prose" if isinstance(value, str) else "integer left")
        if "\n" in str(value):
            sheet.heights[row] = max(sheet.heights.get(row, 0), 15.0 * (str(value).count("\n") + 1) + 6)
        if path:
            _name_cell(draft, path, "lists", row, column)
    area = Range(HEADER + 1, column, HEADER + max(1, len(values)), column)
    path = f"lists.{key}"
    draft.book.names[path] = on_sheet(sheet.name, area_text(area))
    draft.scope.add_column(path, sheet, area, path)
