"""Everything that is not as it should be in a workbook, in plain words of the workbook's own language.

What is typed is judged by the very rules that Excel asks about while somebody types; pasting passes those by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from taulukko.errors import Finding, Severity
from taulukko.formula.addresses import address
from taulukko.formula.days import as_date, is_day
from taulukko.formula.values import is_number
from taulukko.numbers import NumberError, canonical, parse_amount
from taulukko.program.cell_names import LONGEST, Names
from taulukko.program.evaluation import Spot
from taulukko.program.host import ERRORS, clean
from taulukko.program.layout import Layout
from taulukko.program.program import Input, Rule
from taulukko.program.repair import Change, Recomputed

FORMULA = 300
"""Characters of a formula that a finding shows."""
Wrong = tuple[str, tuple[str, ...]]
"""The code of what is wrong with a value, and what may stand there."""


def check(found: Recomputed) -> list[Finding]:
    """What is typed wrong, then what was overwritten or is out of date, then the checks that fail."""
    return [*typed(found), *of_changes(found, found.changes), *failing(found)]


def typed(found: Recomputed) -> list[Finding]:
    """What is typed wrong, and rows that have the key of another, on the sheets that are recognised.

    Figures of a statement that are still missing are notes: how much is filled in stands on the cover.
    """
    return [*_typed(found), *_keys(found)]


def _typed(found: Recomputed) -> Iterator[Finding]:
    layout, used, names = found.evaluation.layout, _Use(found.evaluation.layout), Names(found.evaluation)
    for one in layout.program.inputs:
        sheet, title = one.area.sheet, layout.titles[one.area.sheet]
        if sheet in layout.lost:
            continue
        column = layout.column(sheet, one.area.left)
        words, is_row = _words(found, one.rule), layout.program.table_of(one.area) is not None
        for row in layout.all_rows(one.area):
            raw = layout.book.raw(title, row, column)
            wrong = None if words is None else _wrong(one.rule, raw, words)
            if _is_blank(raw) and one.required and used.is_used(one, row):
                wrong = "required", ()
            if wrong:
                code, expected = wrong
                name = " · ".join(dict.fromkeys(filter(None, (names(Spot(sheet, row, column)), one.name))))
                place, shown = f"{title}!{address(row, column)}", _plain(raw, one.rule)
                severity: Severity = "error" if is_row or code != "required" else "note"
                yield Finding(code, place=place, field=name, found=shown, expected=expected, severity=severity)


def _wrong(rule: Rule, raw: object, words: Mapping[object, str]) -> Wrong | None:
    """What is wrong with a value; None for one that is right."""
    if raw in ERRORS:
        return "cell_error", ()
    value = clean(raw)
    if _is_blank(value):
        return None
    if rule.kind == "list":
        return None if _folded(value) in words else ("value_outside", tuple(words.values()))
    if rule.kind == "length":
        most = rule.maximum or 0
        return ("text_long", (_plain(most),)) if isinstance(value, str) and len(value) > most else None
    if not is_number(value):
        return _text_in_number(str(value))
    low, high = rule.minimum, rule.maximum
    outside = (low is not None and value < low) or (high is not None and value > high)
    if outside and not rule.warn:
        limits = " … ".join(_plain(limit, rule) for limit in (low, high) if limit is not None)
        return "date_outside" if rule.kind == "date" else "range", (limits,)
    broken = rule.kind == "whole" and value != int(value)
    return ("integer", ()) if broken else None


def _text_in_number(text: str) -> Wrong:
    """A text that can mean one number only is told with the number."""
    try:
        number = parse_amount(text)
    except NumberError:
        number = None
    return ("text_in_number", ()) if number is None else ("number_is_text", (canonical(number),))


def _words(found: Recomputed, rule: Rule) -> dict[object, str] | None:
    """The words of a rule's list as they stand in the workbook now; None where its sheet is not recognised."""
    layout = found.evaluation.layout
    if rule.kind != "list":
        return {}
    area = layout.program.names[rule.words]
    if area.sheet in layout.lost:
        return None
    column = layout.column(area.sheet, area.left)
    words = (found.evaluation.value(Spot(area.sheet, row, column)) for row in layout.all_rows(area))
    return {_folded(word): _plain(word) for word in words}


def _plain(value: object, rule: Rule | None = None) -> str:
    """A value as whoever typed it knows it: whole numbers without decimals, a day in a cell of days as one.

    Example:
        >>> _plain(3.0), _plain(2.5), _plain(None), _plain("suuri")
        ('3', '2.5', '', 'suuri')
    """
    if isinstance(value, float) and rule and rule.kind == "date" and is_day(value):
        return as_date(value).isoformat()
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    text = "" if value is None else str(value)
    most = FORMULA if text.startswith("=") else LONGEST
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _folded(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


class _Use:
    """Which rows of the tables are in use: those with something in an input cell."""

    def __init__(self, layout: Layout):
        self.program = layout.program
        columns: list[list[int]] = [[] for _ in self.program.tables]
        for one in self.program.inputs:
            number = self.program.table_of(one.area)
            if number is not None and one.area.sheet not in layout.lost:
                columns[number].append(layout.column(one.area.sheet, one.area.left))
        titles = (layout.titles[table.area.sheet] for table in self.program.tables)
        self.rows: list[dict[int, None]] = [
            {row: None for row in rows if any(not _is_blank(layout.book.raw(title, row, one)) for one in some)}
            for title, rows, some in zip(titles, layout.rows, columns, strict=True)
        ]
        """Of each table, in their order."""

    def is_used(self, one: Input, row: int) -> bool:
        """Whether the row of an input is in use; a row outside the tables always is."""
        number = self.program.table_of(one.area)
        return number is None or row in self.rows[number]


def _keys(found: Recomputed) -> Iterator[Finding]:
    """Rows in use with the key of another."""
    layout, used, names = found.evaluation.layout, _Use(found.evaluation.layout), Names(found.evaluation)
    for number, table in enumerate(layout.program.tables):
        sheet, title = table.area.sheet, layout.titles[table.area.sheet]
        if sheet in layout.lost:
            continue
        column, seen = layout.column(sheet, table.key), set()
        for row in used.rows[number]:
            key = _folded(layout.book.value(title, row, column))
            if not _is_blank(key) and key in seen:
                spot = Spot(sheet, row, layout.column(sheet, table.area.left))
                place = f"{title}!{address(row, spot.column)}"
                yield Finding("key_copied", place=place, field=names(spot), found=_plain(key))
            seen.add(key)


def of_changes(found: Recomputed, changes: Iterable[Change]) -> Iterator[Finding]:
    """What is overwritten or out of date, each by the name of its row."""
    evaluation, names = found.evaluation, Names(found.evaluation)
    sheets = {title: number for number, title in enumerate(evaluation.layout.titles)}
    for one in changes:
        name = names(Spot(sheets[one.sheet], one.row, one.column))
        expected, shown = (one.new, one.old) if one.code == "formula_overwritten" else (one.value, one.shown)
        yield Finding(one.code, place=one.place, field=name, found=_plain(shown), expected=(_plain(expected),))


def failing(found: Recomputed) -> Iterator[Finding]:
    """The rows of the checks that fail, as computed now."""
    evaluation, layout = found.evaluation, found.evaluation.layout
    program, key = layout.program, layout.program.checks
    areas = [program.names[f"{key}.column.{name}"] for name in ("state", "what", "expected", "found")]
    word = program.names["check_state.fails"]
    if layout.lost.keys() & {areas[0].sheet, word.sheet}:
        return
    fails = evaluation.value(Spot(word.sheet, layout.all_rows(word)[0], layout.column(word.sheet, word.left)))
    sheet, columns = areas[0].sheet, [layout.column(area.sheet, area.left) for area in areas]
    for row in layout.all_rows(areas[0]):
        state, what, expected, actual = (evaluation.value(Spot(sheet, row, column)) for column in columns)
        if state == fails:
            place = f"{layout.titles[sheet]}!{address(row, columns[0])}"
            wanted = (_plain(expected),)
            yield Finding("check_fails", place=place, field=str(what), found=_plain(actual), expected=wanted)


__all__ = ["check", "failing", "of_changes", "typed"]
