"""What the files of a data folder become when some of its inputs change; whatever does not change keeps its bytes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from taulukko.errors import Finding
from taulukko.folder.facts import read_facts
from taulukko.folder.rewrite import Order, by_id, rewritten
from taulukko.folder.signs import signed
from taulukko.report.inputs import Fields, written
from taulukko.template.inputs import InputFile
from taulukko.template.schema import Template


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
    for section, file in template.files().items():
        changes: dict[tuple[str, ...], dict[str, str] | None] = {}
        for place in (place for place in changed if place[0] == section):
            key, row = file.key(place[1]), after.get(place)
            turned = None if row is None else signed(key | row, file, facts["signs"])
            texts = None if turned is None else {name: written(turned[name]) for name in after[place]}
            changes[tuple(key.values())] = texts
        if changes:
            names = tuple(column.key for column in (*file.keys, *file.columns))
            own = tuple(column.key for column in file.keys)
            name = f"{section}.csv"
            files[name] = rewritten(held.get(name), names, own, changes, _order(file, facts))
    return files


def _order(file: InputFile, facts: Mapping[str, Any]) -> Order:
    """Records by their ids; what units say in the order of the units, and their lines in the template's."""
    if file.stem is not None:
        return by_id
    units = [unit["code"].lower() for unit in facts["units"]]
    if file.lines:
        return lambda key: (units.index(key[0].lower()), file.lines.index(key[1]))
    return lambda key: units.index(key[0].lower()) if key[0].lower() in units else None


__all__ = ["updated"]
