"""A timeline: a row for each record, a column for each year, bars of characters put there by formula."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from taulukko.formula.days import as_serial
from taulukko.formula.nodes import Choice, Comparison, Constant, Field, Logic, Node, Sentence
from taulukko.formula.parse import call
from taulukko.plan.book import Range, Rule, Sheet, address
from taulukko.plan.draft import Draft
from taulukko.plan.scope import RowScope
from taulukko.template.schema import Timeline

BAR, GAP = "█", "░"
MOST_YEARS = 8


def years_of(draft: Draft, key: str, timeline: Timeline) -> list[int]:
    """The years the records cover, at most MOST_YEARS of them, the report's own year among them."""
    records = draft.report.rows(key)
    found = [value for record in records for value in map(record.get, timeline.years)]
    years = {v for v in found if isinstance(v, int)} | {v.year for v in found if isinstance(v, date)}
    first = max(min(years | {draft.report.year}), draft.report.year - MOST_YEARS + 2)
    last = min(max(years | {draft.report.year}), first + MOST_YEARS - 1)
    return list(range(first, last + 1))


def plan_timeline(
    draft: Draft, sheet: Sheet, key: str, timeline: Timeline, places: dict[str, int], records: Range, row: int
) -> int:
    """Names on the left, a year in each of the columns that hold the table's figures; a quarter is one character."""
    years, left = years_of(draft, key, timeline), places[timeline.under]
    sheet.put(row, 1, draft.label(f"sections.{key}.timeline"), "rule left")
    for place in range(2, left):
        sheet.put(row, place, None, "rule")
    for place, year in enumerate(years, left):
        sheet.put(row, place, float(year), "rule year center")
    bars = [year_bar(timeline, year) for year in years]
    first = row + 1
    for record in range(records.top, records.bottom + 1):
        row += 1
        scope = RowScope(draft.scope, sheet, record, places, _in_row(record, places))
        name = call("join_text", Field(timeline.label, "text"))
        sheet.compute(row, 1, name, scope, "left")
        for place, bar in enumerate(bars, left):
            sheet.compute(row, place, bar, scope, "bar_year")
    area = Range(first, left, row, left + len(years) - 1)
    now = left + years.index(draft.report.year)
    sheet.rules.append(Rule(Range(first, now, row, now), "now", formula=f"LEN({address(first, now)})>0"))
    sheet.rules.append(Rule(area, "bar", formula=f"LEN({address(first, left)})>0"))
    return row


def _in_row(row: int, places: dict[str, int]) -> Callable[[str], str]:
    return lambda column: address(row, places[column])


def year_bar(timeline: Timeline, year: int) -> Node:
    """Four characters, one for each quarter; nothing in a year that the record does not touch."""

    def touches(first: date, last: date) -> Node:
        begun = Comparison("<=", Field(timeline.start), Constant(as_serial(last)))
        going = Comparison(">=", Field(timeline.end), Constant(as_serial(first)))
        return Logic("AND", (begun, going))

    ends = ((3, 31), (6, 30), (9, 30), (12, 31))
    parts: tuple[Node, ...] = tuple(
        Choice(touches(date(year, month - 2, 1), date(year, month, day)), Constant(BAR), Constant(GAP))
        for month, day in ends
    )
    whole = touches(date(year, 1, 1), date(year, 12, 31))
    return Choice(whole, Sentence(parts), Constant(""))
