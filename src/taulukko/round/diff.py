"""Two workbooks or data folders side by side: what is filled in differently, and what is computed differently of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from taulukko.formula.days import as_date, is_day
from taulukko.report.inputs import Fields, Key, Place, written
from taulukko.report.model import Record
from taulukko.round.side import CONTROLS, GOALS, REPORT, UNITS, Held, Side, read_side
from taulukko.round.words import Value, column_of
from taulukko.template import Template

TOLERANCE = 1e-9
FREE = frozenset({UNITS, GOALS, CONTROLS})
"""Sections whose records come and go, beside the tables of the template."""

Kind = Literal["changed", "added", "removed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is not the same.

    Attributes:
        kind: `added` and `removed` of a field of a record that only one side has.
        old: what the first side has; new: what the second has; computed numbers as float.
        old_cell: `Sheet!A1` of the first side; empty for a data folder and for what is computed.
        new_cell: of the second side, likewise.
    """

    kind: Kind
    section: str
    record: str
    field: str
    old: Value
    new: Value
    old_cell: str = ""
    new_cell: str = ""


@dataclass(slots=True)
class Diff:
    """What differs between two sides.

    Attributes:
        unit: the unit whose workbook is compared with its part of a whole report; empty otherwise.
        facts: of report.toml and the thresholds.
        changes: of what is filled in, and of the printed control figures.
        computed: of what formulas give, for records and lines that both sides have; columns that readers see.
        is_computed: whether that could be compared.
    """

    a: Side
    b: Side
    unit: str = ""
    facts: list[Difference] = field(default_factory=list)
    changes: list[Difference] = field(default_factory=list)
    computed: list[Difference] = field(default_factory=list)
    is_computed: bool = True

    @property
    def is_read(self) -> bool:
        """Whether both sides could be read at all."""
        return self.a.held is not None and self.b.held is not None

    @property
    def is_equal(self) -> bool:
        """Whether both sides were read in full and nothing differs."""
        unsure = self.a.findings or self.b.findings or not self.is_computed
        return not (unsure or self.facts or self.changes or self.computed)


def diff(a: str | Path, b: str | Path, *, language: str | None = None, template: str | Path | None = None) -> Diff:
    """Compare two workbooks, two data folders, or one of each.

    A unit's workbook and a whole report are compared by what belongs to the unit.

    Args:
        a: the first side, the old one.
        b: the second side, the new one.
        language: of the texts that are computed; the first side's when None.
        template: folder of a template to use instead of the one that each side names.

    Returns:
        The differences. A workbook that cannot be read, or not in full, says so in its side's `findings`.

    Raises:
        FaultsError: a data folder has faults.
        OSError: a file is not there.

    Example:
        >>> diff("workbooks/heinola-hyvinvointi-2024-09", "returned/osavuosikatsaus-VAKA.xlsx").changes[0].new
        'Maksuja kertyi vähemmän'
    """
    chosen = Path(template) if template else None
    first, second = sorted((Path(a), Path(b)), key=Path.is_file)
    known = read_side(first, chosen)
    other = read_side(second, chosen or (known.held.report.choice if known.held and second.is_file() else None))
    one, other = (known, other) if first == Path(a) else (other, known)
    if one.held is None or other.held is None:
        return Diff(one, other)
    language = language or one.held.template.language
    ours, theirs, unit = _narrowed(one.held, other.held)
    computed = _computed(ours, theirs, chosen)
    ours, theirs = (held.in_language(language, chosen) for held in (ours, theirs))
    found = Diff(Side(one.path, ours, one.findings), Side(other.path, theirs, other.findings), unit)
    found.facts = list(_differing(ours.facts(), theirs.facts(), ours, theirs))
    before, after = ours.inputs(), theirs.inputs()
    found.changes = list(_differing(before, after, ours, theirs))
    both, tables = before.keys() & after.keys(), ours.template.records()
    found.computed = [one for one in computed or () if one.section not in tables or (one.section, one.record) in both]
    found.is_computed = computed is not None
    return found


def _narrowed(ours: Held, theirs: Held) -> tuple[Held, Held, str]:
    """A unit's workbook beside its part of a whole report, and which unit it is."""
    parts = ours.report.part, theirs.report.part
    unit = "".join(parts)
    whole = theirs if parts[0] else ours
    if all(parts) or unit not in (one.code for one in whole.report.units):
        return ours, theirs, ""
    return (ours, theirs.for_unit(unit), unit) if whole is theirs else (ours.for_unit(unit), theirs, unit)


def _differing(before: Fields, after: Fields, ours: Held, theirs: Held) -> Iterator[Difference]:
    """The fields that differ, section by section; what a side cannot tell differs from nothing.

    A record with nothing in it is as good as none.
    """
    free = FREE | ours.template.records().keys() | theirs.template.records().keys()
    for place in _in_order((*before, *after), ours.template):
        was, now = before.get(place, {}), after.get(place, {})
        kind: Kind = "changed"
        if place[0] in free and not (_is_filled(was) and _is_filled(now)):
            kind = "removed" if _is_filled(was) else "added"
        for column in dict.fromkeys((*was, *now)):
            key = (*place, column)
            old, new = was.get(column), now.get(column)
            comparable = ours.is_comparable(key, place in before) and theirs.is_comparable(key, place in after)
            if comparable and written(old) != written(new):
                yield Difference(kind, *key, old, new, ours.cell(key), theirs.cell(key))


def _is_filled(record: Record) -> bool:
    return any(value is not None for value in record.values())


def _in_order(places: Iterable[Place], template: Template) -> list[Place]:
    """Each place once: report.toml, then the sections in the order of the template, then the others as they come."""
    places = list(dict.fromkeys(places))
    sections = list(dict.fromkeys((REPORT, UNITS, GOALS, *template.sections, *(section for section, _ in places))))
    return sorted(places, key=lambda place: sections.index(place[0]))


def _computed(ours: Held, theirs: Held, template: Path | None) -> list[Difference] | None:
    """What formulas give differently; None when a side cannot tell what they give.

    A data folder says it in the words of the workbook beside it. Of two workbooks in different languages the sentences
    are not compared.
    """
    ours, theirs = (
        one.in_language(other.template.language, template) if one.cells is None and other.cells is not None else one
        for one, other in ((ours, theirs), (theirs, ours))
    )
    old, new = _results(ours), _results(theirs)
    if old is None or new is None:
        return None
    alike = ours.template.language == theirs.template.language
    return [
        Difference("changed", *key, value, new[key])
        for key, value in old.items()
        if key in new and (alike or not _is_sentence(value, key, ours.template)) and not _is_same(value, new[key])
    ]


def _is_sentence(value: Value, key: Key, template: Template) -> bool:
    column = column_of(template, key)
    return isinstance(value, str) and not (column and column.scale in template.head.scales)


def _results(held: Held) -> dict[Key, Value] | None:
    """What the formulas of a side give in the cells that readers see, in the order of the sheets."""
    found = held.results()
    if found is None:
        return None
    places = _in_order((key[:2] for key in found), held.template)
    ranks = {place: rank for rank, place in enumerate(places)}
    keys = (key for key in sorted(found, key=lambda key: ranks[key[:2]]) if _is_seen(key, held.template))
    return {key: _canonical(found[key], key, held.template) for key in keys}


def _is_seen(key: Key, template: Template) -> bool:
    column = column_of(template, key)
    return not (column and (column.hidden or column.place == "help"))


def _is_same(old: Value, new: Value) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return math.isclose(old, new, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return old == new


def _canonical(value: Any, key: Key, template: Template) -> Value:
    """What a formula gives as a data folder would say it: keys for words, days for their numbers, blanks as None."""
    column = column_of(template, key)
    if value in ("", None):
        return None
    if column and column.scale in template.head.scales and isinstance(value, str):
        members = template.head.scales[str(column.scale)].members
        words = {template.label(f"scales.{column.scale}.{member.key}"): member.key for member in members}
        return words.get(value, value)
    if column and column.type == "date" and isinstance(value, float) and is_day(value):
        return as_date(value)
    return float(value) if isinstance(value, int) else str(value) if not isinstance(value, float) else value


__all__ = ["Diff", "Difference", "diff"]
