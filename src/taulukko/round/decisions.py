"""The file in which somebody decides what collecting leaves open: written for a spreadsheet, read as one saves it."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

from taulukko.errors import FaultsError, Finding
from taulukko.folder.harmless import harmless
from taulukko.folder.store import spare_name
from taulukko.messages import LANGUAGES, Say
from taulukko.round.questions import Question, Take

Decisions = dict[str, tuple[Take, int]]
"""What was decided of each question, by its id, and in which row."""
SEPARATORS = ";,\t"


def write_decisions(path: Path, questions: Iterable[Question], language: str) -> None:
    """Write a row for each question, with what an older file has decided of it; that file is kept as FILE.bak.

    Raises:
        FaultsError: the older file cannot be read; it stays.
        OSError: the file cannot be written.
    """
    known: Decisions = {}
    if path.exists():
        known = read_decisions(path)
        shutil.copy2(path, spare_name(path))
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_headers(Say(language if language in LANGUAGES else "en")))
    for one in questions:
        take = known.get(one.id, ("", 0))[0]
        said = (one.unit, one.record, one.field, one.base, one.ours, one.theirs, one.cell, one.saved_by, one.file)
        writer.writerow([take, *map(harmless, said), one.id])
    path.write_bytes(text.getvalue().encode("utf-8-sig", "surrogatepass"))


def read_decisions(path: Path) -> Decisions:
    """What was decided in a file, in whichever language and by whichever program it was saved.

    Raises:
        FaultsError: it has no such columns, or says something else than `ours` and `theirs`.
        OSError: there is no such file.
    """
    rows = _rows(path)
    names = [_headers(Say(language)) for language in LANGUAGES]
    header = [cell.strip().casefold() for cell in rows[0]] if rows else []
    found = {}
    for column in (0, -1):
        known = {name[column].casefold() for name in names}
        found[column] = next((number for number, cell in enumerate(header) if cell in known), None)
    take, ident = found[0], found[-1]
    if take is None or ident is None:
        missing = names[LANGUAGES.index("en")][0 if take is None else -1]
        raise FaultsError(Finding("column_missing", str(path), "1", missing))
    decisions: Decisions = {}
    faults: list[Finding] = []
    for number, row in enumerate(rows[1:], 2):
        said = row[take].strip().casefold() if take < len(row) else ""
        key = row[ident].strip() if ident < len(row) else ""
        word = next((one for one in get_args(Take) if one == said), None)
        if word is None:
            faults.append(Finding("decision", str(path), str(number), "", said[:80], ("theirs", "ours")))
        elif key in decisions and decisions[key][0] != word:
            faults.append(Finding("decision_twice", str(path), str(number), "", key[:80]))
        elif key:
            decisions[key] = word, number
        elif word:
            faults.append(Finding("decision_unfit", str(path), str(number)))
    if faults:
        raise FaultsError(*faults)
    return decisions


def _headers(say: Say) -> list[str]:
    return [
        say.text("decisions.take"),
        say.text("decisions.unit"),
        say.text("decisions.record"),
        say.text("decisions.field"),
        say.text("decisions.base"),
        say.text("decisions.ours"),
        say.text("decisions.theirs"),
        say.text("decisions.cell"),
        say.text("decisions.saved_by"),
        say.text("decisions.file"),
        say.text("decisions.id"),
    ]


def _rows(path: Path) -> list[list[str]]:
    content = path.read_bytes()
    for encoding in ("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise FaultsError(Finding("encoding", str(path)))
    separator = max(SEPARATORS, key=text.partition("\n")[0].count)
    try:
        return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True) if any(row)]
    except csv.Error as error:
        raise FaultsError(Finding("csv", str(path), found=str(error))) from error


__all__ = ["Decisions", "read_decisions", "write_decisions"]
