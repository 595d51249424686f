"""Takes back what collecting a file has changed, where nothing has come after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from taulukko.errors import FaultsError, Finding
from taulukko.folder.data_folder import JOURNAL, load
from taulukko.folder.field_text import field_reader
from taulukko.folder.journal import (
    AGREED,
    KEPT,
    REMOVED,
    RETURNED,
    TAKEN,
    UNDONE,
    Entry,
    Told,
    appended,
    standing_entries,
)
from taulukko.folder.store import Content, digest_of, recover, replace_files
from taulukko.folder.update import updated
from taulukko.report.inputs import Fields, Place, fields_of, with_fields, written
from taulukko.report.model import Input, Report
from taulukko.round.collect import inconsistent
from taulukko.round.receive import hash_of
from taulukko.template import Template

Reason = Literal["later", "edited", "unfit", "needed"]
"""Why a change stands: another file has said something of the field since; somebody has changed the data folder; the
value before is none that the template allows now; what else is in the folder would not fit together without it."""


@dataclass(frozen=True, slots=True)
class Left:
    """A change that stands.

    Attributes:
        later: the line of the other file that came after it.
    """

    entry: Entry
    reason: Reason
    later: Entry | None = None


@dataclass(slots=True)
class Undone:
    """What became of the changes of one file.

    Attributes:
        returned: the line of the journal that says it was collected.
        lines: what was written down: each field that was put back, and each record that is gone again.
        left: what stands, and why.
    """

    returned: Entry
    lines: list[Entry] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def undo_collect(
    folder: str | Path,
    file: str | Path,
    *,
    dry_run: bool = False,
    template: str | Path | None = None,
    now: datetime | None = None,
    by: str | None = None,
) -> Undone:
    """Take back what a file has changed in a data folder, field by field, where nothing has come after it.

    When nothing of it stands any more, it counts as not returned. The same file may be collected again: what was taken
    back is then told and left, and taken again only with `prefer="theirs"`.

    Args:
        file: the file itself, or its name or the beginning of its hash as the journal has it; of several files of a
            name the one that was collected last.
        dry_run: change nothing, only tell.
        template: folder of a template to use instead of the one that report.toml names.
        now: the time for the journal; by: who takes back, for the journal, the account of this process when None.

    Raises:
        FaultsError: the data folder has faults, or the file has not been collected.
        OutputRefused: somebody else is changing the folder.
        OSError: the folder cannot be written.

    Example:
        >>> from taulukko import collect
        >>> folder = "workbooks/heinola-hyvinvointi-2024-09"
        >>> [one] = collect(["returned"], folder)
        >>> undone = undo_collect(folder, one.returned.path)
        >>> [(line.record, line.field, line.old) for line in undone.lines if line.old]
        [('income_statement.VAKA.fees', 'explanation', 'Maksuja kertyi vähemmän')]
    """
    folder = Path(folder)
    recover(folder)
    seen = {path.name: digest_of(path) for path in folder.glob("*.csv")} | {JOURNAL: digest_of(folder / JOURNAL)}
    held = {name: (folder / name).read_bytes() for name in seen if name != JOURNAL}
    report, found_template = load(folder, None, Path(template) if template else None)
    returned = _returned(folder, file)
    changes = _changes(returned.hash, standing_entries(folder))
    before, told = fields_of(report), Told.now(now, by)
    needed: set[Place] = set()
    while True:
        taking = _Taking(report, found_template, {place: dict(row) for place, row in before.items()}, needed)
        found = taking.back(returned, changes)
        unfit = inconsistent(with_fields(report, taking.fields), found_template) - needed
        if not unfit:
            break
        needed |= unfit
    found.lines = [replace(line, time=told.time, by=told.by) for line in found.lines]
    if found.lines and not dry_run:
        contents: dict[str, Content] = {**updated(folder, found_template, before, taking.fields, held)}
        contents[JOURNAL] = appended(found.lines, folder / JOURNAL)
        replace_files(folder, contents, {name: seen.get(name) for name in contents})
    return found


def _returned(folder: Path, file: str | Path) -> Entry:
    """The last line of the journal that says that a file was collected, of those that stand.

    Raises:
        FaultsError: there is none.
    """
    path, name = Path(file), str(file)
    hash_ = hash_of(path) if path.is_file() else ""
    found = None
    for entry in standing_entries(folder):
        named = entry.hash == hash_ if hash_ else entry.file == name or (len(name) > 7 and entry.hash.startswith(name))
        if entry.event == RETURNED and named:
            found = entry
    if found is None:
        raise FaultsError(Finding("not_collected", name))
    return found


def _changes(file: str, entries: Iterable[Entry]) -> list[tuple[Entry, Entry | None]]:
    """The last change of each field by a file, the last first, and what another file said of that field after it."""
    last: dict[tuple[str, str], Entry] = {}
    later: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        spot = entry.record, entry.field
        if entry.hash == file and entry.is_change:
            last.pop(spot, None)
            later.pop(spot, None)
            last[spot] = entry
        elif entry.hash != file and entry.event in (TAKEN, REMOVED, AGREED, KEPT):
            later[spot] = entry
    return [(one, later.get(spot) or later.get((spot[0], ""))) for spot, one in reversed(last.items())]


@dataclass(slots=True)
class _Taking:
    """Puts the fields of a data folder back.

    Attributes:
        fields: as they are, and then as they shall be.
        needed: the records that have to stay as they are.
    """

    report: Report
    template: Template
    fields: Fields
    needed: set[Place]

    def back(self, returned: Entry, changes: list[tuple[Entry, Entry | None]]) -> Undone:
        there = set(self.fields)
        found = Undone(returned)
        for entry, later in changes:
            value, reason = self._value(entry)
            reason = "later" if later else "needed" if entry.place in self.needed else reason
            if entry.event == TAKEN and not later and self._now(entry) != entry.new:
                reason = "edited"
            if entry.event == REMOVED and not later and entry.place in there:
                reason = "edited"
            if reason:
                found.left.append(Left(entry, reason, later))
                continue
            found.lines.append(replace(entry, event=UNDONE, cell="", old=self._now(entry), new=entry.old))
            if entry.field:
                self.fields.setdefault(entry.place, {})[entry.field] = value
        found.lines += self._gone(returned, changes)
        if not found.left:
            whole = dict.fromkeys(("old", "new", "cell"), "")
            found.lines.append(replace(returned, event=UNDONE, **whole))
        return found

    def _now(self, entry: Entry) -> str:
        return written(self.fields.get(entry.place, {}).get(entry.field))

    def _value(self, entry: Entry) -> tuple[Input, Reason | None]:
        """What a field had before, as the data folder reads it."""
        file = self.report.files.get(entry.place[0])
        column = next((one for one in file.columns if one.key == entry.field), None) if file else None
        if column is None:
            return None, "unfit" if entry.field or file is None else None
        value, code, _ = field_reader(column, self.report, self.template)(entry.old)
        return value, "unfit" if code else None

    def _gone(self, returned: Entry, changes: list[tuple[Entry, Entry | None]]) -> Iterator[Entry]:
        """The records of tables that the file had added, and of which nothing is left."""
        for place in dict.fromkeys(entry.place for entry, _ in changes if entry.event == TAKEN and not entry.old):
            row = self.fields.get(place)
            is_empty = row is not None and all(value is None for value in row.values())
            if is_empty and place[0] in self.template.records() and place not in self.needed:
                del self.fields[place]
                yield replace(returned, event=UNDONE, cell="", record=".".join(place), field="", old="", new="")


__all__ = ["Left", "Reason", "Undone", "undo_collect"]
