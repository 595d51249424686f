"""Under which key the data folder has a record that was added to a returned workbook.

Spare rows carry the same keys in every copy of a workbook, so two people may each have added a record of their own
under one of them. The record that comes second gets a key of its own: after `VAKA-1` the key `VAKA-1-2`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, count

from taulukko.folder.journal import Journal
from taulukko.folder.versions import Version
from taulukko.report.inputs import Fields, Place, written
from taulukko.report.model import Record
from taulukko.round.merge import Theirs


def filed(theirs: Theirs, version: Version, ours: Fields, journal: Journal) -> dict[Place, Place]:
    """The added records that the data folder has, or gets, under other keys than they have in their workbook.

    Args:
        version: theirs, as one of the copies of its workbook.
    """
    versions = journal.versions.get(theirs.workbook, {})
    found: dict[Place, Place] = {}
    for place in theirs.fields:
        if place[0] in theirs.tables and place not in theirs.base:
            key = _key(place, theirs, version, versions, ours, found)
            found |= {place: key} if key != place else {}
    return found


def _key(
    place: Place,
    theirs: Theirs,
    version: Version,
    versions: dict[str, Version],
    ours: Fields,
    found: dict[Place, Place],
) -> Place:
    """The key of the record that a copy before or after this one added, or that goes by the same name; else its own."""
    adding = {hash_: one for hash_, one in versions.items() if place in one.records()}
    related = [one for one in adding.values() if version.descends(one) or one.descends(version)]
    keys = [one.filed.get(place, place) for one in adding.values()]
    own = [adding[theirs.hash].filed.get(place, place)] if theirs.hash in adding else []
    own += [one.filed.get(place, place) for one in reversed(related)]
    own += [key for key in (place, *keys) if _is_same(theirs, place, ours.get(key))]
    others = {*found.values(), *(one for one in theirs.fields if one != place)}
    taken = {*ours, *keys, *theirs.base}
    return next(key for key in chain(own, _free(place)) if key not in others and (key in own or key not in taken))


def _is_same(theirs: Theirs, place: Place, record: Record | None) -> bool:
    """Whether a record goes by the same name; in a table without names, whether it says the same."""
    if record is None:
        return False
    row, name = theirs.fields[place], theirs.names.get(place[0], "")
    columns = [name] if row.get(name) else row
    return all(written(row.get(column)) == written(record.get(column)) for column in columns)


def _free(place: Place) -> Iterator[Place]:
    yield place
    yield from ((place[0], f"{place[1]}-{number}") for number in count(2))


__all__ = ["filed"]
