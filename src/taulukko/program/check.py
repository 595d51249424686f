"""Everything that is not as it should be in a workbook, in plain words of the workbook's own language.

What is typed is judged by the very rules that Excel asks about while somebody types; pasting passes those by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from taulukko.formula.addresses import address
from taulukko.formula.nodes import is_number
from taulukko.numbers import NumberError, canonical, parse_amount
from taulukko.program.cell_names import LONGEST, Names
from taulukko.program.evaluation import Spot
from taulukko.program.host import ERRORS, clean
from taulukko.program.layout import Layout
from taulukko.program.program import Input, Rule
from taulukko.program.repair import Change, Recomputed

NUMBERS = ("decimal", "whole", "date")


class Remark(NamedTuple):
    """One thing that is not as it should be.

    Attributes:
        code: `text_in_number`, `number_as_text`, `value_outside`, `text_long`, `cell_error`, `required`, `key_twice`,
            `overwritten`, `stale` or `check_fails`.
        sheet: title of its sheet.
        row: from 0, as `column`.
        name: what the cell is called: the first words of its row, and its field.
        message: what is wrong, in a sentence.
        expected: what should stand there, or each value that may.
        found: what stands there.
    """

    code: str
    sheet: str
    row: int
    column: int
    name: str
    message: str
    expected: tuple[str, ...] = ()
    found: str = ""

    @property
    def place(self) -> str:
        """Such as `Riskit!E12`."""
        return f"{self.sheet}!{address(self.row, self.column)}"


def check(found: Recomputed) -> list[Remark]:
    """What is typed wrong, then what was overwritten or is out of date, then the checks that fail."""
    return [*typed(found), *of_changes(found, found.changes), *failing(found)]


def typed(found: Recomputed) -> list[Remark]:
    """What is typed wrong, and rows that have the key of another, on the sheets that are recognised."""
    return [*_typed(found), *_keys(found)]


def _typed(found: Recomputed) -> Iterator[Remark]:
    layout, used, names = found.workings.layout, _Use(found.workings.layout), Names(found.workings)
    for one in layout.program.inputs:
        sheet, title = one.area.sheet, layout.titles[one.area.sheet]
        if sheet in layout.lost:
            continue
        column = layout.column(sheet, one.area.left)
        allowed = _allowed(found, one.rule)
        words = {_folded(word) for word in allowed or ()}
        for row in layout.all_rows(one.area):
            raw = layout.book.raw(title, row, column)
            code, message = ("", "") if allowed is None else _fault(one.rule, raw, words, layout.program.words)
            if _is_blank(raw) and one.required and used.is_used(one, row):
                code, message = "required", layout.program.words["required"]
            if code:
                name = " · ".join(dict.fromkeys(filter(None, (names(Spot(sheet, row, column)), one.name))))
                yield Remark(code, title, row, column, name, message, tuple(map(_plain, allowed or ())), _plain(raw))


def _fault(rule: Rule, raw: Any, words: set[Any], said: dict[str, str]) -> tuple[str, str]:
    """Code and message of what is wrong with a value; empty for one that is right."""
    if raw in ERRORS:
        return "cell_error", said["cell_error"]
    value = clean(raw)
    if _is_blank(value):
        return "", ""
    if rule.kind == "list":
        return ("", "") if _folded(value) in words else ("value_outside", rule.message)
    if rule.kind == "length":
        most = rule.maximum or 0
        return ("text_long", rule.message) if isinstance(value, str) and len(value) > most else ("", "")
    if not is_number(value):
        return _text_in_number(str(value), said)
    low, high = rule.minimum, rule.maximum
    outside = (low is not None and value < low) or (high is not None and value > high)  # type: ignore[operator]
    broken = rule.kind == "whole" and value != int(value)  # type: ignore[arg-type]
    return ("value_outside", rule.message) if (outside and not rule.warn) or broken else ("", "")


def _text_in_number(text: str, said: dict[str, str]) -> tuple[str, str]:
    """A text that can mean one number only is told with the number."""
    found = text[:LONGEST]
    try:
        number = parse_amount(text)
    except NumberError:
        number = None
    if number is None:
        return "text_in_number", said["text_in_number"].format(found=found)
    shown = canonical(number).replace(".", said["decimal_mark"])
    return "number_as_text", said["number_as_text"].format(found=found, number=shown)


def _allowed(found: Recomputed, rule: Rule) -> tuple[Any, ...] | None:
    """What a rule allows: the words of a list as they stand in the workbook now, or the limits of a figure.

    None where the sheet of the list is not recognised.
    """
    layout = found.workings.layout
    if rule.kind != "list":
        limits = [_plain(limit) for limit in (rule.minimum, rule.maximum) if limit is not None]
        return ("…".join(limits),) if limits and rule.kind != "length" else ()
    area = layout.program.names[rule.words]
    if area.sheet in layout.lost:
        return None
    column = layout.column(area.sheet, area.left)
    return tuple(found.workings.value(Spot(area.sheet, row, column)) for row in layout.all_rows(area))


def _plain(value: Any) -> str:
    """A value as whoever typed it knows it: whole numbers without decimals.

    Example:
        >>> _plain(3.0), _plain(2.5), _plain(None), _plain("suuri")
        ('3', '2.5', '', 'suuri')
    """
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return "" if value is None else str(value)[:LONGEST]


def _folded(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _is_blank(value: Any) -> bool:
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


def _keys(found: Recomputed) -> Iterator[Remark]:
    """Rows in use with the key of another."""
    layout, used, names = found.workings.layout, _Use(found.workings.layout), Names(found.workings)
    for number, table in enumerate(layout.program.tables):
        sheet, title = table.area.sheet, layout.titles[table.area.sheet]
        if sheet in layout.lost:
            continue
        column, seen = layout.column(sheet, table.key), set()
        for row in used.rows[number]:
            key = _folded(layout.book.value(title, row, column))
            if not _is_blank(key) and key in seen:
                message = layout.program.words["key_twice"].format(found=key)
                place = Spot(sheet, row, layout.column(sheet, table.area.left))
                yield Remark("key_twice", title, row, place.column, names(place), message, (), _plain(key))
            seen.add(key)


def of_changes(found: Recomputed, changes: Iterable[Change]) -> Iterator[Remark]:
    """What is overwritten or out of date, each by the name of its row."""
    workings, said, names = found.workings, found.workings.layout.program.words, Names(found.workings)
    sheets = {title: number for number, title in enumerate(workings.layout.titles)}
    for one in changes:
        message = said[one.code].format(expected=_shown(one.value, said["decimal_mark"]).removesuffix("."))
        name = names(Spot(sheets[one.sheet], one.row, one.column))
        expected, shown = (one.new, one.old) if one.code == "overwritten" else (one.value, one.shown)
        yield Remark(one.code, one.sheet, one.row, one.column, name, message, (_plain(expected),), _plain(shown))


def failing(found: Recomputed) -> Iterator[Remark]:
    """The rows of the checks that fail, as computed now."""
    workings, layout = found.workings, found.workings.layout
    program, key = layout.program, layout.program.checks
    areas = [program.names[f"{key}.column.{name}"] for name in ("state", "what", "expected", "found")]
    word = program.names["check_state.fails"]
    if layout.lost.keys() & {areas[0].sheet, word.sheet}:
        return
    fails = workings.value(Spot(word.sheet, layout.all_rows(word)[0], layout.column(word.sheet, word.left)))
    sheet, said = areas[0].sheet, program.words
    columns = [layout.column(sheet, area.left) for area in areas]
    for row in layout.all_rows(areas[0]):
        state, what, expected, actual = (workings.value(Spot(sheet, row, column)) for column in columns)
        if state == fails:
            wanted, shown = (_shown(value, said["decimal_mark"]) for value in (expected, actual))
            message = said["check_fails"].format(what=what, expected=wanted, found=shown)
            place = (layout.titles[sheet], row, columns[0])
            yield Remark("check_fails", *place, str(what), message, (_plain(expected),), _plain(actual))


def _shown(value: Any, mark: str) -> str:
    """A value as a sentence has it.

    Example:
        >>> _shown(-1234.5, ","), _shown(3.0, ","), _shown("", ",")
        ('−1\\xa0234,50', '3', '–')
    """
    if not is_number(value):
        return str("–" if _is_blank(value) else value)[:LONGEST]
    text = f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
    return text.replace(",", "\N{NO-BREAK SPACE}").replace(".", mark).replace("-", "\N{MINUS SIGN}")


__all__ = ["Remark", "check", "failing", "of_changes", "typed"]
