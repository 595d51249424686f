"""Each sheet of the Finnish workbook as a text, to be read in a diff.

A missing golden file is written and fails once. To accept a change: delete that sheet's file, run, read the diff.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any

import pytest

from support.built import TEMPLATE, TESTS, Built
from taulukko.plan.book import Cell, Rule, Sheet, Validation, address, area_text
from taulukko.template import load_template

GOLDEN = TESTS / "golden"
MOST_LINES, FIRST_ROWS, LONGEST = 400, 40, 100
_UNTOLD = ("", None)

UNITS = ("HYTE", "OPKOU", "VAKA", "VIRE")
SHEETS = sorted(
    key
    for key, section in load_template(TEMPLATE, "fi").sections.items()
    for key in (key, *(f"{key}.{unit}" for unit in UNITS if section.kind == "statement"))
    if getattr(section, "below", None) is None
)


def dump(sheet: Sheet) -> str:
    lines = [*_page(sheet), "", *_cells(sheet), "", *_parts(sheet)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _page(sheet: Sheet) -> Iterator[str]:
    yield f"{sheet.key} | {sheet.name} | {sheet.title}"
    told = ("landscape", "protected", "very_hidden", "one_page")
    yield " ".join(name for name in told if getattr(sheet, name))
    if sheet.print_area:
        yield f"prints {area_text(sheet.print_area, fixed=False)}, repeats rows {sheet.repeat}, freezes {sheet.freeze}"
    if sheet.filter or sheet.breaks:
        yield f"filters {sheet.filter and area_text(sheet.filter, fixed=False)}, breaks before rows {sheet.breaks}"
    yield "widths " + " ".join(f"{address(0, c)[:-1]}={w:g}" for c, w in sorted(sheet.widths.items()))
    yield "hidden " + " ".join(address(0, c)[:-1] for c in sorted(sheet.hidden_columns))
    heights = groupby(sorted((sheet.prose_heights | sheet.heights).items()), lambda one: one[1])
    yield "heights " + " ".join(f"{_rows(list(run))}={height:g}" for height, run in heights)


def _rows(run: list[tuple[int, float]]) -> str:
    """The first row of some with one height, and the last one when there are more."""
    return f"{run[0][0] + 1}" if len(run) == 1 else f"{run[0][0] + 1}-{run[-1][0] + 1}"


def _cells(sheet: Sheet) -> Iterator[str]:
    """A line for each cell that holds something; of a long sheet the first rows, and one hash for the rest."""
    filled = {place: cell for place, cell in sorted(sheet.cells.items()) if cell.value is not None or cell.formula}
    lines = [(row, _cell(filled, row, column)) for row, column in filled]
    if len(lines) <= MOST_LINES:
        yield from (line for _, line in lines)
        return
    yield from (line for row, line in lines if row < FIRST_ROWS)
    rest = [line for row, line in lines if row >= FIRST_ROWS]
    digest = hashlib.sha256("\n".join(rest).encode()).hexdigest()
    yield f"and {len(rest)} cells below row {FIRST_ROWS}: {digest}"


def _cell(cells: dict[tuple[int, int], Cell], row: int, column: int) -> str:
    cell, above = cells[row, column], cells.get((row - 1, column))
    formula = f"={_short(cell.formula)}" if cell.formula else ""
    if cell.formula and above is not None and _relative(cell, row) == _relative(above, row - 1):
        formula = "= as above"
    return f"{address(row, column)} | {_short(_value(cell.value))} | {formula} | {cell.style}"


def _value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    return "" if value is None else str(value).replace("\n", "⏎")


def _relative(cell: Cell, row: int) -> str:
    """A formula with its row numbers counted from its own row."""
    return re.sub(r"(?<=[A-Z])\d+\b", lambda match: f"[{int(match[0]) - row}]", cell.formula)


def _short(text: str) -> str:
    """A long text by its beginning and a hash of the whole."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}… {hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _parts(sheet: Sheet) -> Iterator[str]:
    for table in sheet.tables:
        yield f"table {table.name} {area_text(table.area, fixed=False)}: {', '.join(table.headers)}"
    alike: dict[str, list[str]] = {}
    marks: list[Validation | Rule] = [*sheet.validations, *sheet.rules]
    for one in marks:
        told = {key: value for key, value in asdict(one).items() if key != "area" and value not in _UNTOLD}
        facts = " ".join(f"{key}={_short(_value(value))}" for key, value in told.items())
        alike.setdefault(f"{type(one).__name__.lower()} {facts}", []).append(area_text(one.area, fixed=False))
    yield from (f"{facts}: {' '.join(areas)}" for facts, areas in alike.items())
    for chart in sheet.charts:
        yield f"chart {chart.kind} at {address(chart.row, chart.column)} {chart.width}x{chart.height} {chart.title}"
        yield f"  {chart.alt}"
        for series in chart.series:
            yield f"  {series.name}: {area_text(series.values, fixed=False)} {series.colour}"


@pytest.mark.parametrize("key", SHEETS)
def test_a_sheet_is_what_it_was(finnish: Built, key: str):
    path, actual = GOLDEN / f"{key}.txt", dump(finnish.sheet(key))
    if not path.exists():
        path.write_text(actual, encoding="utf-8")
        pytest.fail(f"{path.name} was missing and has been written: read it, and run again")
    hint = f"if this is meant, delete {path.relative_to(GOLDEN.parents[1])} and run again"
    assert actual.splitlines() == path.read_text(encoding="utf-8").splitlines(), hint


def test_every_sheet_has_a_golden_file(finnish: Built):
    assert {sheet.key for sheet in finnish.plan.sheets if not sheet.very_hidden} == set(SHEETS)


def test_every_golden_file_has_a_sheet():
    assert {path.stem for path in GOLDEN.glob("*.txt")} <= set(SHEETS)
