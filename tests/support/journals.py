"""Journals of any length, for benchmarks and tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from taulukko.folder.data_folder import JOURNAL
from taulukko.folder.journal import Entry, appended
from taulukko.folder.store import replace_files


def journal(folder: Path, units: list[str], count: int, files: int) -> Path:
    """Write the journal of a data folder, of so many events in so many files."""
    return written(folder, _events(units, count, files))


def written(folder: Path, entries: Iterable[Entry]) -> Path:
    """Add entries to the journal of a data folder."""
    replace_files(folder, {JOURNAL: appended(entries, folder / JOURNAL)})
    return folder


def _events(units: list[str], count: int, files: int) -> Iterator[Entry]:
    """Files of the units in turn: each changes fields of the division's lines, leaves conflicts and has faults."""
    for file in range(files):
        unit = units[file % len(units)]
        told = f"{unit}-{file}.xlsx", f"{file:064x}", f"{unit}{file // 100:028x}"
        saved = f"2024-10-{file % 28 + 1:02d}T08:00:{file % 60:02d}+00:00", "Kirjaaja"
        now = "2024-11-01T09:00:00+00:00"
        yield Entry(now, "returned", *told, "", unit, "state", "", "draft", *saved)
        for number in range(count // files - 1):
            event = ("taken", "agreed", "conflict", "fault.number", "note.comment")[number % 5]
            record = f"risks.{unit}-{number}" if number % 5 < 3 else ""
            old, new = f"vanha selvitys {number} " * 4, f"uusi selvitys {file} " * 4
            yield Entry(now, event, *told, f"Riskit!G{number}", record, "treatment", old, new, *saved)


__all__ = ["journal", "written"]
