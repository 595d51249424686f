"""The parameters sheet with thresholds and counted facts, and the lists sheet behind every dropdown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from taulukko.formula.days import as_serial
from taulukko.plan.book import Range, Validation, area_text, on_sheet
from taulukko.plan.draft import HEADER, Draft
from taulukko.template.schema import RecordsSection

ABREAST, LIST_WIDTH, BANDS_A_PAGE = 5, 31, 2


def plan_parameters(draft: Draft) -> None:
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
    """Every scale as a list with a defined name, for dropdowns and formulas; a few side by side, then the next."""
    sheet = draft.sheet("lists", draft.label("sections.lists.title"), protected=True)
    lists = [*_report_lists(draft), *_scale_lists(draft)]
    sheet.widths |= {0: 2} | dict.fromkeys(range(1, ABREAST + 1), LIST_WIDTH)
    draft.head(sheet, draft.subtitle("lists"), ABREAST, "lists", {})
    row = HEADER
    for first in range(0, len(lists), ABREAST):
        abreast = lists[first : first + ABREAST]
        for column, listed in enumerate(abreast, 1):
            _plan_list(draft, row, column, listed)
        row += max(len(listed.values) for listed in abreast) + 2
        if first // ABREAST % BANDS_A_PAGE == BANDS_A_PAGE - 1:
            sheet.breaks.append(row)
    sheet.print_area = Range(0, 0, max(r for r, _ in sheet.cells), ABREAST)
    sheet.freeze, sheet.repeat = (HEADER, 0), (0, HEADER - 1)


@dataclass(frozen=True, slots=True)
class _List:
    key: str
    values: tuple[str | float, ...]
    paths: tuple[str, ...] = ()
    """Names of the single members."""


def _report_lists(draft: Draft) -> Iterator[_List]:
    """Lists whose members the report names."""
    report = draft.report
    yield _List("units", tuple(unit.code for unit in report.owners))
    yield _List("unit_names", tuple(unit.name for unit in report.owners))
    yield _List("strategic_goals", tuple(goal.name for goal in report.strategic_goals))
    yield _List("subgoals", tuple("\n".join(goal.subgoals) for goal in report.strategic_goals))


def _scale_lists(draft: Draft) -> Iterator[_List]:
    for scale, definition in draft.template.head.scales.items():
        words = tuple(draft.member(scale, member.key) for member in definition.members)
        paths = tuple(f"{scale}.{member.key}" for member in definition.members)
        if definition.members[0].value is None:
            yield _List(scale, words, paths)
        else:
            yield _List(scale, tuple(float(member.value or 0) for member in definition.members))
            yield _List(f"{scale}_words", words, paths)


def _plan_list(draft: Draft, row: int, column: int, listed: _List) -> None:
    sheet = draft.sheets["lists"]
    sheet.put(row, column, draft.label(f"scale_names.{listed.key}"), "header left")
    for place, value in enumerate(listed.values):
        one = row + 1 + place
        sheet.put(one, column, value, "prose" if isinstance(value, str) else "integer left top")
        sheet.prose_rows.setdefault(one, []).append(column)
        if listed.paths:
            _name_cell(draft, listed.paths[place], "lists", one, column)
    area = Range(row + 1, column, row + max(1, len(listed.values)), column)
    path = f"lists.{listed.key}"
    draft.book.names[path] = on_sheet(sheet.name, area_text(area))
    draft.scope.add_column(path, sheet, area, path)
