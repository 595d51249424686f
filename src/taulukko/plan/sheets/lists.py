"""The lists sheet behind every dropdown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from taulukko.plan.book import Range, area_text, on_sheet
from taulukko.plan.draft import HEADER, Draft

ABREAST, LIST_WIDTH, BANDS_A_PAGE = 5, 31, 2


def plan_sheet(draft: Draft, key: str) -> None:
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
            draft.name_cell(listed.paths[place], sheet, one, column)
    area = Range(row + 1, column, row + max(1, len(listed.values)), column)
    path = f"lists.{listed.key}"
    draft.book.names[path] = on_sheet(sheet.name, area_text(area))
    draft.scope.add_column(path, sheet, area, path)
