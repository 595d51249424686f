"""Collects returned workbooks into a data folder: reads, merges, writes all of it down, or changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path

from taulukko.errors import FaultsError, Finding
from taulukko.folder.data_folder import JOURNAL, load
from taulukko.folder.frames import checked
from taulukko.folder.journal import (
    AGREED,
    FAULT,
    FILED,
    NOTE,
    REMOVED,
    RETURNED,
    TAKEN,
    UNDONE,
    Entry,
    Journal,
    Told,
    appended,
    notes_on,
    read_entries,
    read_journal,
)
from taulukko.folder.remarks import notes_for, read_questions
from taulukko.folder.sent import read_sent
from taulukko.folder.store import Content, digest_of, recover, replace_files
from taulukko.folder.update import updated
from taulukko.folder.versions import Version
from taulukko.report.inputs import Fields, Place, fields_of, with_fields, written
from taulukko.report.model import Report
from taulukko.round.admit import admitted
from taulukko.round.answer import answer_all
from taulukko.round.collected import Collected
from taulukko.round.comments import placed
from taulukko.round.decisions import Decisions, read_decisions, write_decisions
from taulukko.round.files import returned_files
from taulukko.round.filing import filed
from taulukko.round.merge import Change, Prefer, Theirs, merge
from taulukko.round.questions import Question, Take, answered, carried_out, grouped, question
from taulukko.round.receive import Known, Returned, hash_of, misdirected, of_sending, originals, receive
from taulukko.template import Choice, Template

ALONE = 3
"""So few files are read without other processes."""


def collect(
    files: Sequence[str | Path],
    folder: str | Path,
    *,
    dry_run: bool = False,
    prefer: Prefer | None = None,
    answers: str | Path | None = None,
    template: str | Path | None = None,
    now: datetime | None = None,
    by: str | None = None,
    decide: str | Path | None = None,
    decisions: str | Path | None = None,
    processes: int = 1,
) -> list[Collected]:
    """Take what returned workbooks say into a data folder and write it down in its journal.

    Args:
        files: workbooks, and folders of workbooks, in which folders are searched too.
        folder: the data folder they were built from. It changes as a whole or not at all.
        dry_run: change nothing, only tell.
        prefer: whose value stands where the workbook and the data folder have both changed a field: `theirs` or
            `ours`; when None such a field stays as it is.
        answers: folder for an answer to the sender of each file with faults; made when it is not there.
        template: folder of a template to use instead of the one that report.toml names.
        now: the time of collecting for the journal.
        decide: a file to be written, in which somebody decides of each conflict, removal and odd value whose value
            stands; nothing else is changed.
        decisions: such a file, which is carried out.
        by: who collects, for the journal; the account of this process when None.
        processes: how many read files at a time; more than one only in a program that guards its main module, as
            `multiprocessing` asks for.

    Returns:
        What became of each file, in the order in which they were saved.

    Raises:
        FaultsError: the data folder has faults, or what was returned makes none that could be read, or decisions do not
            fit what was returned and the data folder any more; nothing changed.
        OutputRefused: somebody else is changing the folder.
        OSError: the only file is not there, or the folder cannot be written.

    Example:
        >>> [one] = collect(["returned"], "workbooks/heinola-hyvinvointi-2024-09", dry_run=True)
        >>> [(change.event, change.record, change.field, change.new) for change in one.changes]
        [('taken', 'VAKA.fees', 'explanation', 'Maksuja kertyi vähemmän')]
    """
    folder, chosen = Path(folder), Path(template) if template else None
    recover(folder)
    seen = {path.name: digest_of(path) for path in folder.glob("*.csv")} | {JOURNAL: digest_of(folder / JOURNAL)}
    held = {name: (folder / name).read_bytes() for name in seen if name != JOURNAL}
    report, found_template = load(folder, None, chosen)
    paths, empty = returned_files(files)
    if len(paths) == 1:
        paths[0].stat()
    returned = _unique(receive_all(paths, report.choice, processes, folder))
    returned += [Returned(Path(one.file), "", refused=one) for one in empty]
    sent, asked = read_sent(folder), read_questions(folder, report)
    for one in returned:
        one.refused = one.refused or misdirected(one, report)
        _admit(one, report, found_template)
        notes = () if one.refused else (note.aside() for note in of_sending(one, sent))
        one.notes += [note for note in notes if note not in one.notes]
        one.notes = list(placed(one, notes_for(one.unit, asked, {}).values()))
    before = fields_of(report)
    told, dry_run = Told.now(now, by), dry_run or decide is not None
    merging = _Collecting(folder, returned, before, report, found_template, prefer, told)
    taken: dict[str, Take] | None = None
    if decisions:
        path = Path(decisions)
        decided = read_decisions(path)
        taken = {key if take else key.partition("-")[0]: take for key, (take, _) in decided.items()}
        _check_fit(path, decided, merging)
    results, ours, journal = merging.merged(taken)
    if decide:
        questions = [question for result in results for question in result.asked]
        write_decisions(Path(decide), questions, found_template.language)
    contents: dict[str, Content] = {**originals(returned, folder)}
    if journal.added:
        contents |= updated(folder, found_template, before, ours, held)
        contents[JOURNAL] = appended(journal.added, folder / JOURNAL)
    if contents and not dry_run:
        replace_files(folder, contents, {name: seen.get(name) for name in contents})
    if answers and not dry_run:
        faulty = [result for result in results if result.returned.faults]
        paths = [result.returned.path for result in faulty]
        for result, made in zip(faulty, answer_all(paths, Path(answers), ours, report, found_template), strict=True):
            result.answer, result.unanswered = made
    return results


def _admit(one: Returned, report: Report, template: Template) -> None:
    """Leave of a file what the template declares; the rest is noted, once."""
    if one.refused or one.theirs is None:
        return
    found = admitted(one.theirs, report, template, str(one.path))
    one.theirs = found.theirs
    one.faults += found.faults
    faulty = {fault.place for fault in found.faults}
    one.notes = [note for note in one.notes if note.place not in faulty]
    one.notes += [note for note in found.notes if note not in one.notes]


def _hashes(paths: Sequence[Path]) -> Iterator[str]:
    """Of the files that can be read at all."""
    for path in paths:
        with suppress(OSError):
            yield hash_of(path)


def _known(folder: Path, hashes: set[str]) -> Known:
    """The files that have been collected and judged before: the journal says what was noted on them."""
    return {hash_: [_noted(note) for note in notes] for hash_, notes in notes_on(folder, hashes).items()}


def _noted(note: Entry) -> Finding:
    """What the journal says was noted on a file."""
    code, expected = note.event.removeprefix(NOTE), (note.old,) if note.old else ()
    return Finding(code, "", note.cell, note.field, note.new, expected).aside()


def receive_all(
    paths: Sequence[Path], choice: Choice | None = None, processes: int = 1, folder: Path | None = None
) -> list[Returned]:
    """Read returned files, many of them at a time in several processes.

    Args:
        choice: the template of the data folder.
        folder: the data folder whose journal tells which files are known.
    """
    known = _known(folder, set(_hashes(paths))) if folder else None
    if processes < 2 or len(paths) <= ALONE:
        return [receive(path, choice, known) for path in paths]
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        return list(pool.map(receive, paths, repeat(choice), repeat(known), chunksize=max(4, len(paths) // 16)))


def _unique(returned: list[Returned]) -> list[Returned]:
    """In the order in which they were saved; a file that is there twice is said to be so and read once."""
    earliest = datetime.min.replace(tzinfo=UTC)
    returned = sorted(returned, key=lambda one: (one.saved or earliest, one.hash, str(one.path)))
    seen: dict[str, Returned] = {}
    for one in returned:
        first = seen.setdefault(one.hash, one)
        if first is not one and not one.refused:
            one.theirs, one.faults = None, []
            one.notes = [Finding("same_file", str(one.path), found=first.path.name).aside()]
    return returned


@dataclass(frozen=True, slots=True)
class _Collecting:
    """What is collected into what.

    Attributes:
        before: what the data folder holds.
    """

    folder: Path
    returned: list[Returned]
    before: Fields
    report: Report
    template: Template
    prefer: Prefer | None
    told: Told

    @property
    def hashes(self) -> set[str]:
        return {one.hash for one in self.returned}

    def merged(self, taken: Mapping[str, Take] | None) -> tuple[list[Collected], Fields, Journal]:
        """What becomes of the files, of the data folder and of its journal.

        Args:
            taken: what was decided of what is asked, by the ids of the questions; None when nobody was asked.
        """
        workbooks = {one.theirs.workbook for one in self.returned if one.theirs}
        barred: set[Place] = set()
        while True:
            journal = read_journal(self.folder, self.hashes, workbooks)
            ours = {place: dict(row) for place, row in self.before.items()}
            results = [self._merged(one, ours, journal, taken, barred) for one in self.returned]
            unfit = inconsistent(with_fields(self.report, ours), self.template) - barred
            if not unfit:
                return results, ours, journal
            barred |= unfit

    def _merged(
        self, one: Returned, ours: Fields, journal: Journal, taken: Mapping[str, Take] | None, barred: set[Place]
    ) -> Collected:
        """Merge one file into the fields, and write it down; a barred record stays as it is."""
        if one.refused or one.theirs is None:
            return Collected(one)
        version = one.theirs.version()
        version.filed = filed(one.theirs, version, ours, journal)
        theirs = one.theirs.filed(version.filed)
        one = replace(one, theirs=theirs, notes=[*one.notes, *_refiled(one, version, theirs)])
        changes = list(merge(theirs, ours, journal, self.prefer, version))
        if self.prefer != "theirs":
            changes = [_if_undone(change, one.hash, journal) for change in changes]
        asked: list[Question] = []
        for group in list(grouped(changes, ours, one.notes)):
            if taken is None and {change.event for change in group} == {"kept"}:
                continue
            asked.append(question(group, theirs, self.before, journal, one.path.name, one.unit))
            known = taken or {}
            take = known.get(asked[-1].id, known.get(asked[-1].id.partition("-")[0]))
            if take is not None:
                told = dict(zip(map(id, group), answered(group, take), strict=True))
                changes = [told.get(id(change), change) for change in changes]
        changes = [
            replace(change, event="conflict") if change.place in barred and change.is_change else change
            for change in changes
        ]
        lines = 0
        if (one.hash, "", "") not in journal.undone or any(change.is_change for change in changes):
            entries = _entries(one, [change for change in changes if change.event != UNDONE], self.told)
            lines = sum(map(journal.add, entries))
        for change in changes:
            if change.event == TAKEN:
                blank = dict.fromkeys(theirs.fields.get(change.place, {}))
                ours.setdefault(change.place, blank)[change.field] = change.new
            elif change.event == REMOVED:
                ours.pop(change.place, None)
        return Collected(one, [change for change in changes if change.event != AGREED], asked=asked, lines=lines)


def _check_fit(path: Path, decided: Decisions, collecting: _Collecting) -> None:
    """See that all that was decided is asked, or has been carried out as it was decided.

    Raises:
        FaultsError: with each row of the file of which that is not so.
    """
    results, _, _ = collecting.merged(None)
    asked = {one.id for result in results for one in result.asked}
    open_ = {key: take for key, (take, _) in decided.items() if take and key not in asked}
    if open_:
        entries = (entry for entry in read_entries(collecting.folder) if entry.hash in collecting.hashes)
        done = carried_out(entries, open_)
        open_ = {key: take for key, take in open_.items() if key not in done}
    if open_:
        raise FaultsError(*(Finding("decision_unfit", str(path), str(decided[key][1])) for key in open_))


def _if_undone(change: Change, file: str, journal: Journal) -> Change:
    """A change that was taken back of the very same file before is not made again."""
    record = f"{change.section}.{change.record}"
    is_undone = change.is_change and {(file, "", ""), (file, record, change.field)} & journal.undone
    return replace(change, event="undone") if is_undone else change


def _refiled(one: Returned, version: Version, theirs: Theirs) -> Iterator[Finding]:
    """Notes of the records that are kept under other keys than they have in the file."""
    known = {note.found for note in one.notes if note.code == FILED}
    for own, place in version.filed.items():
        cell = next(theirs.cells[(*place, column)] for column in theirs.fields[place])
        note = Finding("key_taken", str(one.path), cell, found=".".join(own), expected=(".".join(place),))
        yield from [note.aside()] if note.found not in known else []


def _entries(one: Returned, changes: list[Change], told: Told) -> Iterator[Entry]:
    """The lines of the journal for one file."""
    assert one.theirs is not None
    saved = one.saved.isoformat(timespec="seconds") if one.saved else ""

    def entry(event: str, cell: str, record: str, column: str, old: str, new: str) -> Entry:
        workbook = one.theirs.workbook if one.theirs else ""
        people = one.saved_by, told.by
        of_file = one.path.name, one.hash, workbook
        return Entry(told.time, event, *of_file, cell, record, column, old, new, saved, *people)

    yield entry(RETURNED, "", one.unit, "state", "", one.state)
    refiled, others = (
        [note for note in one.notes if (note.code == FILED) is is_refiled] for is_refiled in (True, False)
    )
    for note in refiled:
        yield entry(NOTE + note.code, note.place, "", note.field, ", ".join(note.expected), note.found)
    for change in changes:
        record = f"{change.section}.{change.record}"
        yield entry(change.event, change.cell, record, change.field, written(change.old), written(change.new))
    for fault in one.faults:
        yield entry(FAULT + fault.code, fault.place, "", fault.field, "", fault.found)
    records = {cell: f"{key[0]}.{key[1]}" for key, cell in one.theirs.cells.items()}
    for note in others:
        record = records.get(note.place, "") if note.code == "comment" else ""
        yield entry(NOTE + note.code, note.place, record, note.field, ", ".join(note.expected), note.found)


def inconsistent(report: Report, template: Template) -> set[Place]:
    """The records that do not fit together with the others; a data folder that had them could not be read.

    Raises:
        FaultsError: there are faults of which no record can be told.
    """
    try:
        checked(report, template)
    except FaultsError as error:
        places = list(fields_of(report))
        found = {fault: _record(fault, report, places) for fault in error.findings}
        if None in found.values():
            raise
        return {place for place in found.values() if place}
    return set()


def _record(fault: Finding, report: Report, places: list[Place]) -> Place | None:
    """The record a fault is about; of a control figure the one that it was printed for."""
    number = int(fault.place) - 1 if fault.place.isdecimal() else -1
    if fault.file == "controls":
        control = report.controls[number]
        return control.section, f"{control.unit}.{control.record}" if control.unit else control.record
    own = [place for place in places if place[0] == fault.file]
    return own[number] if 0 <= number < len(own) else None


__all__ = ["Collected", "collect", "inconsistent", "receive_all"]
