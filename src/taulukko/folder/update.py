"""What the files of a data folder become when some of its inputs change; whatever does not change keeps its bytes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from taulukko.errors import Finding
from taulukko.folder.controls import costs_of
from taulukko.folder.facts import read_facts
from taulukko.folder.rewrite import Order, by_id, rewritten
from taulukko.report.inputs import Fields, Place, file_columns, written
from taulukko.report.model import Input, Record
from taulukko.template.schema import StatementSection, Template


def updated(
    folder: Path, template: Template, before: Fields, after: Fields, held: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The new contents of the CSV files of which anything changes, by name.

    Args:
        before: the inputs as the folder has them.
        after: as it shall have them.
        held: contents of the folder's files.
    """
    faults: list[Finding] = []
    facts = read_facts(folder, faults)
    changed = [place for place in dict.fromkeys((*before, *after)) if before.get(place) != after.get(place)]
    files: dict[str, bytes] = {}
    for section, (keys, columns) in file_columns(template).items():
        changes = {
            _key(place, len(keys)): _texts(after.get(place), _turned(template, section, place, facts))
            for place in changed
            if place[0] == section
        }
        if changes:
            names = tuple(column.key for column in (*keys, *columns))
            own = tuple(column.key for column in keys)
            name = f"{section}.csv"
            files[name] = rewritten(held.get(name), names, own, changes, _order(template, section, facts))
    return files


def _key(place: Place, keys: int) -> tuple[str, ...]:
    """The key columns of a record: `VAKA.fees` are the two of a line."""
    return tuple(place[1].split(".", 1)) if keys > 1 else (place[1],)


def _turned(template: Template, section: str, place: Place, facts: Mapping[str, Any]) -> frozenset[str]:
    """The columns whose sign the folder writes the other way round."""
    statement = template.sections.get(section)
    if facts["signs"] != "costs_positive" or not isinstance(statement, StatementSection):
        return frozenset()
    if place[1].partition(".")[2] not in costs_of(statement):
        return frozenset()
    return frozenset(column.key for column in statement.columns if column.role == "input" and column.type == "euro")


def _texts(row: Record | None, turned: frozenset[str]) -> dict[str, str] | None:
    return None if row is None else {key: written(_sign(value, key in turned)) for key, value in row.items()}


def _sign(value: Input, turn: bool) -> Input:
    return -value if turn and value is not None else value  # type: ignore[operator]


def _order(template: Template, section: str, facts: Mapping[str, Any]) -> Order:
    """Records by their ids; what units say in the order of the units, and their lines in the template's."""
    statement = template.sections.get(section)
    units = [unit["code"].lower() for unit in facts["units"]]
    if isinstance(statement, StatementSection):
        lines = [line.key for line in statement.lines]
        return lambda key: (units.index(key[0].lower()), lines.index(key[1]))
    if section in template.sections:
        return by_id
    return lambda key: units.index(key[0].lower()) if key[0].lower() in units else None


__all__ = ["updated"]
