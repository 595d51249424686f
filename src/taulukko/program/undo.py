"""What was written and what stood there before: a log, from which the last press of a button can be taken back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from taulukko.errors import Finding
from taulukko.formula.addresses import address
from taulukko.program.host import ERRORS, Block, Book, RefusedError, clean, typed
from taulukko.program.layout import Layout
from taulukko.program.repair import Change, Recomputed, blocks, is_same
from taulukko.program.spelling import is_alike

ROOM = 8_000
"""Characters of a chunk of facts, a little less than Excel takes of a text that is written with other cells."""
CHANGED, UNDONE = "changed", "undone"


class Entry(NamedTuple):
    """A cell that was written.

    Attributes:
        sheet: key of its sheet, which stays when the sheet is renamed.
        row: from 0, as `column`.
        old: what puts back what stood in it: a formula, or a value as `typed`.
        new: the formula that was written.
        value: what the formula gave.
    """

    sheet: str
    row: int
    column: int
    old: object
    new: str
    value: object

    def place(self, titles: Mapping[str, str]) -> str:
        """Such as `Riskit!E12`, by the titles that sheets have now."""
        return f"{titles.get(self.sheet, self.sheet)}!{address(self.row, self.column)}"


class Undone(NamedTuple):
    """What is put back by which blocks, and what is not because somebody has changed the cell since."""

    restored: list[Entry]
    left: list[Entry]
    blocks: list[Block]


def log(found: Recomputed, changes: Iterable[Change]) -> list[list[str]]:
    """The facts of each change, as texts that cells hold."""
    layout = found.evaluation.layout
    keys = {title: sheet.key for title, sheet in zip(layout.titles, layout.program.sheets, strict=True)}
    return [_chunks([keys[one.sheet], one.row, one.column, _old(one), one.new, one.value]) for one in changes]


def log_run(changed: int) -> list[str]:
    """The facts of a run that has changed as many cells."""
    return _chunks({CHANGED: changed})


def log_undone(run: int) -> list[str]:
    """The facts of a run that took back another one."""
    return _chunks({UNDONE: run})


def last_run(rows: Iterable[Sequence[object]]) -> tuple[int, list[Entry]] | None:
    """The last run that has not been taken back, with its entries.

    Args:
        rows: the number of a run, then the texts of `log_run`, `log` or `log_undone`, if any.

    Raises:
        RefusedError: `log_damaged`.
    """
    runs: dict[int, list[Entry]] = {}
    counts: dict[int, int] = {}
    undone = set()
    try:
        for run, *chunks in rows:
            text = "".join(str(chunk) for chunk in chunks if chunk not in (None, ""))
            facts = json.loads(text) if text else None
            if isinstance(facts, dict) and UNDONE in facts:
                undone.add(facts[UNDONE])
            elif isinstance(facts, dict):
                counts[_number(run)] = facts[CHANGED]
            elif facts is not None:
                runs.setdefault(_number(run), []).append(_entry(*facts))
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise RefusedError(Finding("log_damaged")) from error
    last = max((run for run in {*runs, *counts} - undone if counts.get(run) != 0), default=None)
    if last is not None and len(runs.get(last, ())) != counts.get(last):
        raise RefusedError(Finding("log_damaged"))
    return None if last is None else (last, runs[last])


def _number(run: object) -> int:
    """The number of a run, which a host may show as a text.

    Raises:
        ValueError: it is none.
    """
    return int(float(str(run)))


def undo(found: Recomputed, logged: Sequence[Entry]) -> Undone:
    """What puts back the cells that a run has written, unless somebody has changed a cell since.

    Args:
        found: the workbook computed anew, as it stands now.
    """
    layout = found.evaluation.layout
    cells: dict[tuple[str, int, int], object] = {}
    restored: list[Entry] = []
    left: list[Entry] = []
    for entry in logged:
        place = (_title(layout, entry.sheet), entry.row, entry.column)
        stands = _stands(layout.book, place, entry) and not _names_what_is_gone(layout, entry.old)
        (restored if stands else left).append(entry)
        if stands:
            cells[place] = entry.old
    return Undone(restored, left, blocks(cells))


def _chunks(facts: object) -> list[str]:
    text = json.dumps(facts, ensure_ascii=False)
    return [text[start : start + ROOM] for start in range(0, len(text), ROOM)]


def _old(change: Change) -> object:
    """What puts back what stood there: a formula, which shows something else than itself, or a value."""
    if isinstance(change.old, str) and change.old.startswith("=") and change.old != change.shown:
        return change.old
    return typed(change.old if change.old in ERRORS else clean(change.old))


def _entry(sheet: str, row: int, column: int, old: object, new: str, value: object) -> Entry:
    """An entry as `log` has kept it.

    Raises:
        ValueError: it is none.
    """
    texts, places = (sheet, new), (row, column)
    if not all(isinstance(one, str) for one in texts) or not all(type(one) is int and one >= 0 for one in places):
        raise ValueError("entry")
    if not all(one is None or isinstance(one, str | float | int) for one in (old, value)):
        raise ValueError("entry")
    return Entry(sheet, row, column, old, new, value)


def _title(layout: Layout, key: str) -> str:
    titles = zip(layout.titles, layout.program.sheets, strict=True)
    return next((title for title, sheet in titles if sheet.key == key), "")


def _names_what_is_gone(layout: Layout, formula: object) -> bool:
    """Whether a formula names a table that was turned into a range since; Excel would not take it."""
    gone = (table.name for table in layout.program.tables if table.name.lower() not in layout.book.tables)
    return isinstance(formula, str) and any(f"{name}[" in formula for name in gone)


def _stands(book: Book, place: tuple[str, int, int], entry: Entry) -> bool:
    """Whether a cell still holds what was written; by its value where formulas are not seen."""
    if place[0] not in book.values:
        return False
    formula = book.formula(*place)
    if formula is None:
        return is_same(book.value(*place), entry.value)
    return is_alike(formula, entry.new[1:])


__all__ = ["Entry", "Undone", "last_run", "log", "log_run", "log_undone", "undo"]
