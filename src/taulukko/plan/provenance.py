"""Notes on the cells: where each collected figure came from, and what is asked and said about a field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from taulukko.errors import FaultsError, Finding
from taulukko.folder.data_folder import QUESTIONS
from taulukko.folder.journal import REMOVED, TAKEN, Entry
from taulukko.plan.book import Spot, Workbook
from taulukko.report.inputs import Key
from taulukko.report.model import Report
from taulukko.template import Template


def note_sources(book: Workbook, report: Report, template: Template, entries: Iterable[Entry]) -> None:
    """Note the sources of a workbook's inputs, and of the division's figures that are sums of the units'.

    Args:
        entries: the journal of the data folder the workbook is planned from.
    """
    sources: dict[Key, Entry] = {}
    for entry in entries:
        if entry.event == TAKEN:
            sources[(*entry.place, entry.field)] = entry
        elif entry.event == REMOVED:
            sources.pop((*entry.place, entry.field), None)
    for key, entry in sources.items():
        if key in book.inputs:
            _note(book, book.inputs[key], [_said(entry, template)])
    for section, statement in template.statements().items():
        lines = {line.key for line in statement.lines if line.kind == "line"}
        for key, spot in book.results.items():
            unit, _, line = key[1].partition(".")
            if key[0] == section and unit == report.whole.code and line in lines:
                parts = [sources.get((section, f"{area.code}.{line}", key[2])) for area in report.areas]
                _note(book, spot, [_said(part, template) for part in parts if part])


def note_remarks(book: Workbook, notes: Mapping[Key, str], asked: Iterable[Key] = ()) -> None:
    """Put on the cells of inputs what is asked and said about them.

    Args:
        asked: the fields about which this very unit is asked something.

    Raises:
        FaultsError: the workbook does not have one of these.
    """
    lost = [".".join(key) for key in asked if key not in book.inputs]
    if lost:
        raise FaultsError(*(Finding("history_key", QUESTIONS, "", "record", name) for name in lost))
    for key, note in notes.items():
        if key in book.inputs:
            _note(book, book.inputs[key], [note])


def _said(entry: Entry, template: Template) -> str:
    saved = ", ".join(part for part in (entry.saved[:16].replace("T", " "), entry.saved_by) if part)
    return template.label("words.source").format(file=entry.file, cell=entry.cell, saved=saved)


def _note(book: Workbook, spot: Spot, said: list[str]) -> None:
    if said:
        book.sheet(spot.sheet).notes[spot.row, spot.column] = "\n".join(said)


__all__ = ["note_remarks", "note_sources"]
