"""What a workbook was sent out as besides its formulas, and what somebody has changed of it since."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from taulukko.program.evaluation import Spot
from taulukko.program.layout import Layout, LostError
from taulukko.program.program import mark_of

_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_THOUSANDS = re.compile(r"[0#?],+(?=[^0#?,]*$|\.)")
_MINUS = "-\N{MINUS SIGN}\N{EN DASH}("


class Altered(NamedTuple):
    """A word or threshold that is not as it was sent out.

    Attributes:
        expected: the threshold as it was; empty for a word, of which only a mark is kept.
    """

    spot: Spot
    expected: object
    found: object


@dataclass(frozen=True, slots=True)
class Altering:
    thresholds: tuple[Altered, ...]
    words: tuple[Altered, ...]


def altered(layout: Layout) -> Altering:
    """The thresholds and words that read otherwise now, on the sheets that are recognised."""
    return Altering(tuple(_thresholds(layout)), tuple(_words(layout)))


def _thresholds(layout: Layout) -> Iterator[Altered]:
    for sheet, row, column, value in layout.program.sent.thresholds:
        spot = _spot(layout, sheet, row, column)
        if spot and (found := _shown(layout, spot)) != value:
            yield Altered(spot, value, found)


def _words(layout: Layout) -> Iterator[Altered]:
    for sheet, marks in enumerate(layout.program.sent.fixed):
        for row, column, mark in marks:
            spot = _spot(layout, sheet, row, column)
            if spot and mark_of([text_of(found := _shown(layout, spot))]) != mark:
                yield Altered(spot, "", "" if found is None else found)


def text_of(value: object) -> str:
    """A word or figure as its mark is made of it."""
    return "" if value is None else str(float(value)) if isinstance(value, int | float) else str(value)


def _spot(layout: Layout, sheet: int, row: int, column: int) -> Spot | None:
    try:
        there = layout.row(sheet, row)
        return None if there is None else Spot(sheet, there, layout.column(sheet, column))
    except LostError:
        return None


def _shown(layout: Layout, spot: Spot) -> object:
    return layout.book.value(layout.titles[spot.sheet], spot.row, spot.column)


def chart_areas(layout: Layout) -> set[tuple[str, int, int, int, int]]:
    """The cells that charts should show now; those of sheets that are not recognised are left out."""
    found = set()
    for sheet, top, left, bottom, right in layout.program.sent.charts:
        first, last = _spot(layout, sheet, top, left), _spot(layout, sheet, bottom, right)
        if first and last:
            found.add((layout.titles[sheet], first.row, first.column, last.row, last.column))
    return found


def hides_figures(code: str) -> bool:
    """Whether a number format shows another figure than the cell holds: without its thousands, or without its minus.

    Example:
        >>> [hides_figures(code) for code in ("#,##0", "#,##0,", "0.0,,\\" M€\\"", "#,##0;#,##0", "0;-0", "0;[Red](0)")]
        [False, True, True, True, False, False]
    """
    bare = _LITERAL.sub("", code)
    sections = bare.split(";")
    if any(_THOUSANDS.search(section) for section in sections):
        return True
    negative = code.split(";")[1] if len(sections) > 1 else "-"
    return bool(set("0#?") & set(negative)) and not set(_MINUS) & set(negative)


def bare_format(code: str) -> str:
    """A number format as every program spells it: without quotes and backslashes.

    Example:
        >>> bare_format('#,##0,;\\\\−#,##0,') == bare_format('#,##0,;"−"#,##0,')
        True
    """
    return code.replace("\\", "").replace('"', "")


__all__ = ["Altered", "Altering", "altered", "bare_format", "chart_areas", "hides_figures", "text_of"]
