"""What a program tells of a workbook besides its formulas: what may be typed where, statuses, lines and words."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from itertools import groupby

from taulukko.plan.book import Sheet, Spots, Validation, by_sheet
from taulukko.plan.draft import Draft
from taulukko.plan.statement import Statement, statements_of
from taulukko.template.schema import ChecksSection, Column
from taulukko.template.words import INSIDE

BUTTONS = ("recompute", "check", "statuses", "forecast", "undo")
"""The labels `buttons.*`."""


def guidance(draft: Draft, sheets: list[Sheet]) -> dict[str, object]:
    """The parts of a program's data that say so, places by the number of the sheet."""
    rules: dict[tuple[object, ...], int] = {}
    inputs, statuses = by_sheet(draft.book.inputs), by_sheet(draft.book.results)
    asked = ((number, sheet, inputs.get(sheet.key, {})) for number, sheet in enumerate(sheets))
    said = ((number, statuses.get(sheet.key, {})) for number, sheet in enumerate(sheets))
    return {
        "inputs": [one for place in asked for one in _inputs(draft, *place, rules)],
        "rules": [list(rule) for rule in rules],
        "statuses": [one for place in said for one in _statuses(draft, *place)],
        "statements": [_statement(one, sheets) for one in statements_of(draft).values()],
        "checks": next(key for key, one in draft.template.sections.items() if isinstance(one, ChecksSection)),
        "words": {
            **{key: draft.label(f"inside.{key}") for key in INSIDE},
            **{f"button_{key}": draft.label(f"buttons.{key}") for key in BUTTONS},
        },
    }


def _inputs(
    draft: Draft, number: int, sheet: Sheet, inputs: Spots, rules: dict[tuple[object, ...], int]
) -> Iterator[list[object]]:
    """Rule, name, whether it is required, and the area, of every run of cells that are filled in alike."""
    keys = {(spot.row, spot.column): key for key, spot in inputs.items()}
    for validation in sheet.validations:
        if validation.kind == "locked":
            continue
        for column in range(validation.area.left, validation.area.right + 1):
            rows = range(validation.area.top, validation.area.bottom + 1)
            cells = [row for row in rows if _is_input(sheet, row, column, keys)]
            for top, bottom in runs(cells):
                key = keys.get((top, column), ("", "", ""))
                name, required = _name(draft, key, validation), _is_required(draft, key)
                rule = rules.setdefault(_rule(validation), len(rules))
                yield [rule, name, int(required), number, top, column, bottom, column]


def _is_input(sheet: Sheet, row: int, column: int, keys: Container[tuple[int, int]]) -> bool:
    """Whether somebody fills a cell in: an input of the report, or a threshold."""
    cell = sheet.cells.get((row, column))
    return (row, column) in keys or (cell is not None and not cell.formula and "input" in cell.style.split())


def _rule(validation: Validation) -> tuple[object, ...]:
    low, high = validation.minimum, validation.maximum
    return validation.kind, validation.source, low, high, int(validation.warn)


def _column(draft: Draft, section: str, column: str) -> Column | None:
    found = draft.template.filled().get(section)
    return next(one for one in found.columns if one.key == column) if found else None


def _name(draft: Draft, key: tuple[str, str, str], validation: Validation) -> str:
    """What a field is called: as its column's header, or as the rule of its cell has it."""
    label = draft.template.labels.get(f"columns.{key[0]}.{key[2]}")
    return label or validation.title


def _is_required(draft: Draft, key: tuple[str, str, str]) -> bool:
    section, record, name = key
    column = _column(draft, section, name)
    return column is not None and column.required and draft.template.filled()[section].asks_for(record)


def _statuses(draft: Draft, number: int, results: Spots) -> Iterator[list[object]]:
    """Name and area of every run of cells that say a word of a scale by formula."""
    found: dict[tuple[str, int], list[int]] = {}
    for key, spot in results.items():
        column = _column(draft, key[0], key[2])
        if column is not None and column.scale:
            name = draft.label(f"columns.{key[0]}.{key[2]}")
            found.setdefault((name, spot.column), []).append(spot.row)
    for (name, place), rows in found.items():
        for top, bottom in runs(rows):
            yield [name, number, top, place, bottom, place]


def _statement(statement: Statement, sheets: list[Sheet]) -> list[object]:
    """Section, unit, sheet, where each of the forecasts stands, and the rows of each line: its own and its notes'."""
    layout, forecasts = statement.layout, statement.section.forecasts
    places = {key: statement.places[column] for key, column in forecasts.model_dump().items()} if forecasts else {}
    lines = [[line, row, layout.notes[line]] for line, row in layout.table.items() if line in layout.notes]
    return [statement.key, statement.unit.code, sheets.index(statement.sheet), places, lines]


def runs(rows: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of every run of following numbers.

    Example:
        >>> list(runs([3, 4, 5, 9]))
        [(3, 5), (9, 9)]
    """
    for _, run in groupby(enumerate(sorted(rows)), lambda pair: pair[1] - pair[0]):
        some = [row for _, row in run]
        yield some[0], some[-1]


__all__ = ["guidance", "runs"]
