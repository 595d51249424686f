"""What is said about fields beside their values: questions of the folder's keeper, and comments of the units."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from taulukko.errors import FaultsError, Finding
from taulukko.folder.data_folder import QUESTIONS
from taulukko.folder.facts import text_fault
from taulukko.folder.journal import NOTE, RETURNED, Entry, place_of, standing_entries
from taulukko.report.inputs import Fields, Key, Place, fields_of
from taulukko.report.model import Report

COLUMNS = ("unit", "record", "field", "question")
COMMENT = NOTE + "comment"


def read_questions(folder: Path, report: Report) -> dict[str, dict[Key, str]]:
    """The questions of `questions.csv` by unit, empty for those to whoever has the field; several on a line each.

    Raises:
        FaultsError: every fault of the file; also a field that the report does not have.
    """
    path = folder / QUESTIONS
    if not path.exists():
        return {}
    found: dict[str, dict[Key, str]] = {}
    faults: list[Finding] = []
    fields, units = fields_of(report), {"": "", **{one.code.lower(): one.code for one in report.units}}
    for line, row in _rows(path):
        unit, record, field, question = (str(row[column] or "").strip() for column in COLUMNS)
        place = place_of(record)
        code = text_fault(question) if question else "required"
        if unit.lower() not in units:
            faults.append(Finding("value", QUESTIONS, str(line), "unit", unit, tuple(units.values())[1:]))
        elif not _has(report, fields, place, field):
            faults.append(Finding("history_key", QUESTIONS, str(line), "record", f"{record}.{field}"))
        elif code:
            faults.append(Finding(code, QUESTIONS, str(line), "question", question[:80]))
        else:
            asked = found.setdefault(units[unit.lower()], {})
            asked[*place, field] = "\n".join(filter(None, (asked.get((*place, field)), question)))
    if faults:
        raise FaultsError(*faults)
    return found


def _has(report: Report, fields: Fields, place: Place, column: str) -> bool:
    """Whether a workbook may ask for a field: of a record that is there, or of what each unit is asked for."""
    file = report.files.get(place[0])
    if file is None or column not in (one.key for one in file.columns):
        return False
    return place in fields or (file.stem is None and not file.lines)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str | None]]]:
    try:
        rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), strict=True)
        missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
        if missing:
            raise FaultsError(*(Finding("column_missing", QUESTIONS, "1", column) for column in missing))
        for row in rows:
            yield rows.line_num, row
    except UnicodeDecodeError:
        raise FaultsError(Finding("encoding", QUESTIONS)) from None
    except csv.Error as error:
        raise FaultsError(Finding("csv", QUESTIONS, found=str(error))) from None


def standing_comments(folder: Path) -> dict[Key, str]:
    """The comments on fields in the file that each unit has returned last: nobody has deleted them.

    Raises:
        FaultsError: the journal cannot be read.
    """
    last: dict[str, Entry] = {}
    for entry in standing_entries(folder):
        known = last.get(entry.record)
        if entry.event == RETURNED and (known is None or _when(known) <= _when(entry)):
            last[entry.record] = entry
    files = {entry.hash for entry in last.values()}
    said = (entry for entry in standing_entries(folder) if entry.event == COMMENT and entry.hash in files)
    return {(*entry.place, entry.field): entry.new for entry in said if entry.record}


def _when(entry: Entry) -> str:
    return entry.saved or entry.time


def notes_for(unit: str, questions: Mapping[str, Mapping[Key, str]], comments: Mapping[Key, str]) -> dict[Key, str]:
    """What stands in the notes of a unit's workbook: the question of a field, and what has been said to it."""
    notes = {**questions.get("", {}), **questions.get(unit, {})}
    for key, comment in comments.items():
        asked = notes.get(key, "")
        notes[key] = comment if comment.startswith(asked) else f"{asked}\n{comment}"
    return notes


__all__ = ["COMMENT", "notes_for", "read_questions", "standing_comments"]
