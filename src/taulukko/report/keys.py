"""The keys of the rows of a table: those that rows added to it will carry, and whose a key is that two rows have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import NamedTuple

from taulukko.report.model import Report

NO_KEY = ("#", "=", "+", "-", "@", "'")
"""How no key begins: a row would be a comment, or a formula to who opens the file in a spreadsheet program."""


class Keyed(NamedTuple):
    """A row with its key.

    Attributes:
        code: `row_keyed` it had none, `row_copied` it had another row's and got one of its own, `key_twice` nobody can
            tell which of two rows it is; else empty.
    """

    row: int
    key: str
    code: str = ""


def next_key(report: Report, name: str) -> tuple[str, int]:
    """Stem and number of the key that the first row added to a section will carry.

    Example:
        >>> report = Report("t", "fi", "", "", "", 2024, *[None] * 3, "", (), (), {"risks": {"R9": {}}})
        >>> next_key(report, "risks")
        ('R', 10)
    """
    if name in report.spare_keys:
        return report.spare_keys[name]
    keys = list(report.inputs.get(name, ()))
    stem = keys[0].rstrip("0123456789") if keys else str(report.files[name].stem)
    return stem, next(_after(keys, stem))


def settle(
    rows: Iterable[tuple[int, str]],
    marks: Mapping[int, Mapping[str, str]],
    base: Mapping[str, Mapping[str, str]],
    stem: str,
    taken: Iterable[str],
) -> Iterator[Keyed]:
    """Give each row a key of its own.

    Of rows with one key the row that is as it was built keeps it: the others were copied from it. Where it cannot be
    told which row that is, none is taken for it.

    Args:
        rows: number and key of each row in use.
        marks: of the rows' inputs, by number.
        base: what the inputs of each record were, by key.
        stem: how a new key begins.
        taken: keys that no new one may be.

    Example:
        >>> rows, marks = [(5, "R1"), (6, "R1"), (7, "")], {5: {"risk": "a"}, 6: {"risk": "b"}, 7: {"risk": "c"}}
        >>> [tuple(one) for one in settle(rows, marks, {"R1": {"risk": "a"}}, "R", ["R1", "R2"])]
        [(5, 'R1', ''), (6, 'R3', 'row_copied'), (7, 'R4', 'row_keyed')]
    """
    rows = list(rows)
    fresh = _after(taken, stem)
    same: dict[str, list[int]] = {}
    for row, key in rows:
        same.setdefault(key.lower(), []).append(row)
    for row, key in rows:
        group = same[key.lower()]
        was = base.get(key)
        unchanged = [one for one in group if was is None or marks[one] == was]
        if not key:
            yield Keyed(row, f"{stem}{next(fresh)}", "row_keyed")
        elif len(group) == 1 or unchanged[:1] == [row]:
            yield Keyed(row, key)
        elif not unchanged or (was is not None and row in unchanged):
            yield Keyed(row, key, "key_twice")
        else:
            yield Keyed(row, f"{stem}{next(fresh)}", "row_copied")


def strangers(
    rows: Iterable[tuple[int, str]], marks: Mapping[int, Mapping[str, str]], base: Mapping[str, Mapping[str, str]]
) -> set[str]:
    """The keys of records whose texts stand beside other keys: rows were sorted, or cells moved, without them.

    What only one record had tells whose a row is, also where somebody has gone on with it since. A single row may have
    been copied over others, when more of it stands where it stood; two or more that hold different records have changed
    places.

    Example:
        >>> base = {"R1": {"risk": "a", "impact": "1"}, "R2": {"risk": "b", "impact": "1"}}
        >>> marks = {5: {"risk": "b", "impact": "2"}, 6: {"risk": "a", "impact": "1"}}
        >>> sorted(strangers([(5, "R1"), (6, "R2")], marks, base))
        ['R1', 'R2']
        >>> sorted(strangers([(5, "R1")], {5: {"risk": "b", "impact": "1"}}, base))
        ['R2']
    """
    rows = list(rows)
    owners = {tuple(sorted(was.items())): key for key, was in base.items()}
    times = Counter(item for was in base.values() for item in was.items())
    single = {item: key for key, was in base.items() for item in was.items() if item[1] and times[item] == 1}
    most = {key: count / 2 for key, count in Counter(single.values()).items()}
    found: dict[str, str] = {}
    elsewhere: Counter[str] = Counter()
    at_home: Counter[str] = Counter()
    for row, key in rows:
        alike = Counter(single[item] for item in marks[row].items() if item in single)
        likest = max(alike, key=alike.__getitem__, default=key)
        same = owners.get(tuple(sorted(marks[row].items())))
        owner = same or (likest if alike[likest] > alike[key] else key)
        if dict(marks[row]) == base.get(key):
            at_home[key] = len(marks[row]) + 1
        else:
            at_home[key] = max(at_home[key], alike[key])
            found |= {key: owner} if owner != key and key in base else {}
            if owner != key and (same or key in base or alike[owner] > most[owner]):
                elsewhere[owner] = max(elsewhere[owner], len(marks[row]) if same else alike[owner])
    moved = {key for key, count in elsewhere.items() if count > at_home[key]}
    return moved | (set(found) if len({*found.values()}) > 1 else set())


def _after(keys: Iterable[str], stem: str) -> Iterator[int]:
    """The numbers after the greatest that a key with the stem has."""
    numbers = [key[len(stem) :] for key in keys if key.lower().startswith(stem.lower())]
    return count(max((int(number) for number in numbers if number.isdecimal()), default=0) + 1)


__all__ = ["NO_KEY", "Keyed", "next_key", "settle", "strangers"]
