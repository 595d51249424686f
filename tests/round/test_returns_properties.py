"""What holds of collecting whatever the units do: nothing is lost, nothing is made up, and all of it is written down.

Units change, blank, add and remove records in several copies of their workbooks, somebody edits the data folder in
between, and files come in any order, twice and interrupted. `Copy` stands in for what is read from a file, and
`test_what_a_copy_says_is_what_is_read_from_its_file` holds it to that.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from support.filled import Copy, Sent
from support.returned import (
    FILED,
    LINES,
    MEMORY,
    OWNERS,
    POOLS,
    START,
    UNITS,
    check_nobody_is_overwritten,
    crash,
    fields_in,
    gathered,
    made_up,
    quickly,
    sent,
    state,
    texts_of,
    without_blanks,
)
from taulukko.errors import FaultsError
from taulukko.folder.data_folder import JOURNAL, load
from taulukko.folder.journal import AGREED, REMOVED, TAKEN, Entry, Journal, Told, place_of, read_entries, replayed
from taulukko.folder.store import SHELF, replace_files
from taulukko.folder.update import updated
from taulukko.folder.versions import Version
from taulukko.report.inputs import Fields, Key, Place, fields_of, mark, marks_of, written
from taulukko.report.model import Input
from taulukko.round import collect as collecting
from taulukko.round import merge as merging
from taulukko.round.merge import Change, Prefer, Theirs, merge
from taulukko.round.receive import Returned, receive

# --- what holds of every collecting -----------------------------------------------------------------------------------


def check_collecting(folder: Path, copies: Sequence[Copy], at: datetime, prefer: Prefer | None, step: int) -> None:
    """Collect, and see that what should hold does."""
    old, before, known = state(folder), fields_in(folder), len(list(read_entries(folder)))
    tried = gathered(folder, copies, at, prefer=prefer, dry_run=True)
    assert state(folder) == old, "a trial changes nothing"
    other = shutil.copytree(folder, folder.with_name("crashed"))
    with crash(step):
        gathered(other, copies, at, prefer=prefer)
    found = gathered(folder, copies, at, prefer=prefer)
    new, after = state(folder), fields_in(folder)
    entries = list(read_entries(folder))
    assert [one.changes for one in tried] == [one.changes for one in found], "a trial says what is done"
    fields_in(other)
    assert state(other) in (old, new), "a crash leaves the old state or the new one"
    shutil.rmtree(other)
    assert entries[:known] == read_journal_of(old), "the journal grows at its end"
    originals = {copy.hash: copy.content for copy in copies}
    kept = {Path(name).stem: content for name, content in new.items() if name.startswith(f"{SHELF}/")}
    assert originals.items() <= kept.items(), "every file is kept as it was returned"
    check_nothing_lost(before, after, entries, entries[known:], copies)
    if prefer is None:
        check_nobody_is_overwritten(entries, known)
        check_nothing_is_put_back(entries[known:], copies)
    check_nothing_invented(before, after, copies)
    assert without_blanks(replayed(texts_of(before), entries[known:])) == texts_of(after), "the journal replays"
    again = gathered(folder, copies, at + timedelta(hours=1), prefer=prefer)
    fresh = list(read_entries(folder))[len(entries) :]
    assert state(folder) == new, f"collecting the same again changes nothing: {fresh}"
    assert not any(one.taken for one in again), "and says so"


def read_journal_of(files: Mapping[str, bytes]) -> list[Entry]:
    with tempfile.TemporaryDirectory() as place:
        if JOURNAL in files:
            Path(place, JOURNAL).write_bytes(files[JOURNAL])
        return list(read_entries(Path(place)))


def check_nothing_lost(
    before: Fields, after: Fields, entries: Sequence[Entry], added: Sequence[Entry], copies: Iterable[Copy]
) -> None:
    olds = {(e.place, e.field, e.old) for e in added if e.is_change}
    for place, row in texts_of(before).items():
        for column, text in row.items():
            if written(after.get(place, {}).get(column)) != text:
                assert (place, column, text) in olds, f"lost from the folder: {place} {column} {text}"
    news = {(e.place, e.field, e.new, e.workbook) for e in entries}
    gone = {(e.place, e.workbook) for e in entries if e.new == ""}
    filed = filed_in(entries)
    faults = {(e.cell, e.hash) for e in entries}
    for copy in copies:
        theirs = copy.theirs
        for section, record, column in theirs.cells:
            key, own = (section, record, column), (section, record)
            text, place = written(theirs.fields.get(own, {}).get(column)), filed.get((theirs.hash, own), own)
            if key in theirs.unread:
                assert (theirs.cells[key], theirs.hash) in faults, f"unread and unsaid: {key}"
            elif section not in theirs.gone and mark(text) != theirs.base.get(own, {}).get(column, ""):
                held = written(after.get(place, {}).get(column)) == text
                assert held or (place, column, text, theirs.workbook) in news, f"lost from a file: {key} {text}"
        for place in theirs.base:
            if place[0] in theirs.tables and place not in theirs.fields and place in after:
                assert (place, theirs.workbook) in gone, f"a removal is lost: {place}"


def filed_in(entries: Iterable[Entry]) -> dict[tuple[str, Place], Place]:
    """The records that are kept under another key than they have in a file."""
    filed = (entry for entry in entries if entry.event == "note.key_taken")
    return {(entry.hash, place_of(entry.new)): place_of(entry.old) for entry in filed}


def check_nothing_is_put_back(added: Iterable[Entry], copies: Iterable[Copy]) -> None:
    """What stands in a copy as it was sent out says nothing."""
    by_hash = {copy.hash: copy for copy in copies}
    for entry in added:
        base = by_hash[entry.hash].sent.base.get(entry.place, {}) if entry.event == TAKEN else {}
        assert not base or base.get(entry.field, "") != mark(entry.new), f"put back: {entry}"


def check_nothing_invented(before: Fields, after: Fields, copies: Sequence[Copy]) -> None:
    for place, row in after.items():
        for column, value in row.items():
            own = place[0], FILED.sub(r"\1", place[1])
            sources = [before.get(place, {}), *(copy.fields.get(key, {}) for copy in copies for key in (place, own))]
            assert written(value) in {written(source.get(column)) for source in sources}, f"invented: {place} {column}"
    for place in before.keys() - after.keys():
        assert any(place in copy.sent.base and place not in copy.fields for copy in copies), f"removed by none: {place}"


# --- rounds -----------------------------------------------------------------------------------------------------------


def editable(sent: Sent) -> list[Key]:
    """The cells that are filled in: of every record, of two spare rows, of a few lines."""
    return [
        key
        for key in sent.book.inputs
        if (key[0], key[2]) in POOLS
        and (key[0] != "income_statement" or key[1].partition(".")[2] in LINES)
        and (key[:2] in sent.base or not key[1].endswith(("-4", "-5")))
    ]


Draw = Callable[[Any], Any]


def one(draw: Draw, things: Sequence[Any]) -> Any:
    """One of some things, told by its number, for they are long."""
    return things[draw(st.integers(0, len(things) - 1))]


def edit(copy: Copy, draw: Draw, removing: bool = True) -> None:
    """Do one thing to a copy as somebody would."""
    keys = editable(copy.sent)
    key = one(draw, keys)
    action = one(draw, ["fill", "fill", "fill", "fill", "blank", "spoil", "own", "empty", "add"])
    records = [place for place in copy.fields if place[0] in copy.sent.tables]
    if action == "empty" and records and removing:
        copy.empty(one(draw, records))
    elif action == "own" and not copy.sent.report.is_areas_part and records:
        copy.fill((*one(draw, records), "unit"), one(draw, OWNERS))
    elif action == "add":
        unit = copy.sent.report.part
        name, number = one(draw, [("risks", 1), ("risks", 2), ("projects", 1)])
        if (name, f"{unit}-{number}") not in copy.sent.base and any(k[1] == f"{unit}-{number}" for k in keys):
            for column in [column for section, column in POOLS if section == name]:
                copy.fill((name, f"{unit}-{number}", column), one(draw, POOLS[name, column]))
    elif action == "blank":
        copy.fill(key, None)
    elif action == "spoil" and isinstance(POOLS[key[0], key[2]][1], int | Decimal):
        copy.spoil(key, "paljon")
    else:
        copy.fill(key, one(draw, POOLS[key[0], key[2]]))
    _keep_order(copy)
    _keep_names(copy)


KNOWN_BY = {"goals_service_area": "goal", "goals_council": "goal", "risks": "risk", "projects": "name", "texts": "text"}


def _keep_names(copy: Copy) -> None:
    """So is a record that has lost the text it is known by."""
    for place, row in list(copy.fields.items()):
        was = copy.sent.fields.get(place, {}).get(KNOWN_BY.get(place[0], ""))
        if was is not None and row.get(KNOWN_BY[place[0]]) is None:
            copy.fill((*place, KNOWN_BY[place[0]]), was)


def _keep_order(copy: Copy) -> None:
    """Years in the wrong order are faults of the file, which the reader says; no copy here has any."""
    for (section, record), row in list(copy.fields.items()):
        start, end = row.get("start_year"), row.get("end_year")
        if isinstance(start, int) and isinstance(end, int) and end < start:
            copy.fill((section, record, "end_year"), start)


def edit_folder(folder: Path, draw: Draw) -> None:
    """Change the data folder by hand; what would be a fault is not done."""
    report, template = load(folder)
    fields = fields_of(report)
    after = deepcopy(fields)
    place = one(draw, sorted(place for place in fields if place[0] not in ("checks",)))
    columns = [column for section, column in POOLS if section == place[0]]
    column = one(draw, [*columns, "", "unit" if place[0] in ("risks", "projects") else ""])
    if column:
        pool = OWNERS if column == "unit" else POOLS[place[0], column]
        after[place][column] = one(draw, pool)
    elif place[0] != "income_statement":
        del after[place]
    seen = {path.name: path.read_bytes() for path in folder.glob("*.csv")}
    for name, content in updated(folder, template, fields, after, seen).items():
        (folder / name).write_bytes(content)
    try:
        load(folder)
    except FaultsError:
        for name, content in seen.items():
            (folder / name).write_bytes(content)


PEOPLE = ("Anna", "Anna", "Bertta", "Bertta", "")


class Round(RuleBasedStateMachine):
    """A fill-in round of three units."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp(dir=MEMORY))
        self.folder = made_up(self.place / "data")
        self.sent: dict[str, Sent] = {}
        self.copies: list[Copy] = []
        self.post: list[Copy] = []
        self.clock = START
        for unit in UNITS:
            self.send(unit)

    def send(self, unit: str) -> None:
        report, template = load(self.folder)
        self.copies.append(Copy.of(sent(unit, report, template)))

    @precondition(lambda self: len(self.copies) > 5)
    @rule(unit=st.sampled_from(UNITS))
    def send_anew(self, unit: str) -> None:
        self.send(unit)

    @rule(
        data=st.data(),
        edits=st.integers(1, 4),
        ago=st.sampled_from([0, 0, 0, 0, 25, 55, None]),
        by=st.sampled_from(PEOPLE),
    )
    def fill_in(self, data: st.DataObject, edits: int, ago: int | None, by: str) -> None:
        """Somebody goes on with any copy and saves it as another; clocks differ, and not all programs tell of it."""
        copy = one(data.draw, self.copies).another()
        for _ in range(edits):
            edit(copy, data.draw)
        self.clock += timedelta(minutes=10)
        copy.saved, copy.saved_by = None if ago is None else self.clock - timedelta(minutes=ago), by
        self.copies.append(copy)
        self.post.append(copy)

    @precondition(lambda self: self.post)
    @rule(data=st.data())
    def edit_by_hand(self, data: st.DataObject) -> None:
        edit_folder(self.folder, data.draw)

    @precondition(lambda self: self.post)
    @rule(data=st.data(), prefer=st.sampled_from([None, None, None, "theirs", "ours"]), step=st.integers(1, 60))
    def collect(self, data: st.DataObject, prefer: Prefer | None, step: int) -> None:
        copies = [one(data.draw, self.post) for _ in range(data.draw(st.integers(1, 4)))]
        self.clock += timedelta(minutes=1)
        check_collecting(self.folder, copies, self.clock, prefer, step)

    def teardown(self) -> None:
        shutil.rmtree(self.place)


QUICK = settings(
    max_examples=70,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
"""Nothing is made smaller: that takes minutes, and a round that fails is read by its steps."""


def test_rounds() -> None:
    with quickly():
        run_state_machine_as_test(Round, settings=QUICK)


# --- copies of one workbook, and their files --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def start() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY) as place, quickly():
        yield made_up(Path(place, "data"))


@settings(QUICK, max_examples=100)
@given(data=st.data())
def test_copies_of_a_workbook_may_come_in_any_order(start: Path, data: st.DataObject) -> None:
    check_any_order(start, data.draw)


def check_any_order(start: Path, draw: Draw) -> None:
    """Somebody goes on with a copy again and again, and takes nothing back that was said, nor removes a record."""
    copies = [Copy.of(sent(one(draw, UNITS), *load(start)))]
    for number in range(1, draw(st.integers(2, 4)) + 1):
        copy = copies[-1].another()
        for _ in range(draw(st.integers(1, 3))):
            edit(copy, draw, removing=False)
        copy.saved, copy.saved_by = START + timedelta(hours=number), "Anna"
        assume(said_in(copies[-1]) <= said_in(copy))
        copies.append(copy)
    returned, found, told = copies[1:], [], set()
    numbers = range(len(returned))
    for order in (returned, [returned[number] for number in draw(st.permutations(numbers))]):
        calls = sorted(draw(st.sets(st.integers(1, len(order)))))
        with tempfile.TemporaryDirectory(dir=MEMORY) as place:
            folder = shutil.copytree(start, Path(place, "data"))
            for first, last in zip([0, *calls], [*calls, len(order)], strict=True):
                told |= {one.event for result in gathered(folder, order[first:last], START) for one in result.left}
            found.append(fields_in(folder))
    assert texts_of(found[0]) == texts_of(found[1])
    assert told <= {"older"}, "nobody has said anything against it"


def said_in(copy: Copy) -> set[Key]:
    """What a copy says otherwise than the workbook that was sent, and what nobody can read."""
    was, now = (
        {(*p, c): written(v) for p, row in f.items() for c, v in row.items()} for f in (copy.sent.fields, copy.fields)
    )
    return {key for key in was.keys() | now.keys() if now.get(key, "") != was.get(key, "")} | {*copy.unread}


@settings(QUICK, max_examples=20)
@given(data=st.data())
def test_what_a_copy_says_is_what_is_read_from_its_file(start: Path, data: st.DataObject) -> None:
    copy = Copy.of(sent(one(data.draw, UNITS), *load(start)))
    for _ in range(data.draw(st.integers(0, 5))):
        edit(copy, data.draw)
    copy.saved, copy.saved_by = one(data.draw, [None, START]), one(data.draw, PEOPLE)
    path = start.with_name("copy.xlsx")
    copy.write(path)
    read, said = receive(path), copy.returned(path)
    assert read.theirs
    assert said.theirs
    cells = {key: cell for key, cell in read.theirs.cells.items() if key in copy.sent.cells}
    assert replace(read.theirs, cells=cells, hash="", sent={}) == replace(said.theirs, hash="")
    assert (read.unit, read.state, read.notes) == (said.unit, said.state, [])
    assert [(f.code, f.place, f.found) for f in read.faults] == [(f.code, f.place, f.found) for f in said.faults]


# --- the merge alone --------------------------------------------------------------------------------------------------

TABLE = ("risks", "VAKA-1")
PLACES: list[Place] = [("risks", "R1"), TABLE, ("income_statement", "VAKA.fees")]
VALUES = st.sampled_from([None, "a", "b", "c"])


@st.composite
def some_fields(draw: Draw) -> Fields:
    """A few records of two fields; a record of a table says something, and a line is always there."""
    found: Fields = {}
    for place in PLACES:
        row = {"x": draw(VALUES), "y": draw(VALUES)}
        if place[0] != "risks" or any(row.values()):
            found[place] = row
    return found


def theirs_of(base: Fields, fields: Fields, hours: int | None = 0, workbook: str = "w") -> Theirs:
    cells = {(*place, column): "A1" for place in PLACES for column in "xy"}
    saved = None if hours is None else START + timedelta(hours=hours)
    name = repr((workbook, sorted((place, tuple(row.items())) for place, row in fields.items()), hours))
    return Theirs(workbook, name, saved, marks_of(base), fields, cells, frozenset({"risks"}))


def applied(ours: Fields, changes: Iterable[Change]) -> Fields:
    after = deepcopy(ours)
    for change in changes:
        if change.event == TAKEN:
            after.setdefault(change.place, {})[change.field] = change.new
        elif change.event == REMOVED:
            after.pop(change.place, None)
    return after


def real(changes: Iterable[Change]) -> list[Change]:
    return [change for change in changes if change.event != AGREED]


preferences = st.sampled_from([None, "theirs", "ours"])
THOUSANDS = settings(QUICK, max_examples=1500)


@THOUSANDS
@given(base=some_fields(), ours=some_fields(), prefer=preferences)
def test_a_workbook_that_nobody_has_changed_changes_nothing(base: Fields, ours: Fields, prefer: Prefer | None) -> None:
    assert real(merge(theirs_of(base, base), ours, Journal(), prefer)) == []


@THOUSANDS
@given(base=some_fields(), theirs=some_fields(), prefer=preferences)
def test_a_folder_that_nobody_has_changed_becomes_theirs(base: Fields, theirs: Fields, prefer: Prefer | None) -> None:
    changes = list(merge(theirs_of(base, theirs), base, Journal(), prefer))
    assert texts_of(applied(base, changes)) == texts_of(theirs)
    assert all(change.is_change for change in changes)


@THOUSANDS
@given(base=some_fields(), both=some_fields(), prefer=preferences)
def test_where_both_say_the_same_nothing_is_to_be_done(base: Fields, both: Fields, prefer: Prefer | None) -> None:
    assert real(merge(theirs_of(base, both), both, Journal(), prefer)) == []


def is_anothers(change: Change, base: Fields) -> bool:
    """Of a record that was added on both sides under one key, which no preference makes one record of two."""
    return change.section == TABLE[0] and change.place not in base


@THOUSANDS
@given(base=some_fields(), theirs=some_fields(), ours=some_fields(), prefer=preferences)
def test_every_field_goes_by_the_rule_of_three(
    base: Fields, theirs: Fields, ours: Fields, prefer: Prefer | None
) -> None:
    """What one side has changed is taken from it; what both have, by preference, and by none it stays and is said."""
    changes = real(merge(theirs_of(base, theirs), ours, Journal(), prefer))
    after = applied(ours, changes)
    unsettled = {change.place for change in changes if not change.is_change}
    settled = [change for change in changes if not is_anothers(change, base)]
    assert {change.event for change in settled} <= {"taken", "removed", {None: "conflict", "ours": "kept"}.get(prefer)}
    for place in PLACES:
        if place in unsettled and prefer is None:
            continue
        if not all(place in fields for fields in (base, theirs, ours)):
            continue
        for column in "xy":
            was, new, old = (fields[place][column] for fields in (base, theirs, ours))
            rule = old if new == was or (old not in (was, new) and prefer != "theirs") else new
            assert after[place][column] == rule, (place, column)
    if prefer == "theirs":
        again = real(merge(theirs_of(base, theirs), after, Journal(), "ours"))
        assert all(is_anothers(change, base) for change in again) or TABLE in ours


@THOUSANDS
@given(base=some_fields(), theirs=some_fields(), ours=some_fields())
def test_preferences_only_settle_conflicts(base: Fields, theirs: Fields, ours: Fields) -> None:
    check_preferences(base, theirs, ours)


def check_preferences(base: Fields, theirs: Fields, ours: Fields) -> None:
    none, mine, yours = (
        real(merge(theirs_of(base, theirs), ours, Journal(), prefer)) for prefer in (None, "ours", "theirs")
    )
    places = [[(change.place, change.field) for change in changes] for changes in (none, mine, yours)]
    assert places[0] == places[1] == places[2]
    assert [c.is_change for c in none] == [c.is_change for c in mine], "ours changes nothing that none does not"
    assert all(change.is_change or is_anothers(change, base) for change in yours), "theirs leaves no conflict"
    assert {c.event for c in none if not c.is_change} <= {"conflict"}


# --- what rounds meet seldom ------------------------------------------------------------------------------------------


def saved(copy: Copy, hours: int, by: str, **values: Input) -> Copy:
    """Somebody goes on with a copy and saves it; fields of the first risk and of the first project."""
    copy = copy.another()
    for column, value in values.items():
        copy.fill(("projects", "H1", column) if column.endswith("year") else ("risks", "R1", column), value)
    copy.saved, copy.saved_by = START + timedelta(hours=hours), by
    return copy


def check_stories(start: Path) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as place:
        folder, risk = Path(shutil.copytree(start, Path(place, "data"))), ("risks", "R1")
        sent_out = Copy.of(sent("VAKA", *load(start)))
        first, second = saved(sent_out, 1, "Anna", likelihood=3), saved(sent_out, 2, "Bertta", likelihood=3)
        gathered(folder, [first, second], START)
        assert fields_in(folder)[risk]["likelihood"] == 3
        gathered(folder, [saved(first, 3, "Anna", likelihood=2)], START)
        assert fields_in(folder)[risk]["likelihood"] == 3, "what two have said is not changed by one of them alone"

        path = folder / "risks.csv"
        path.write_text(path.read_text(encoding="utf-8").replace("Tulva,3", "Tulva,1"), encoding="utf-8")
        gathered(folder, [first, second], START)
        assert fields_in(folder)[risk]["likelihood"] == 1, "what was told of a file is not told again"

        gathered(folder, [said := saved(sent_out, 4, "Anna", impact=3)], START)
        gathered(folder, [saved(said, 5, "Anna", impact=1)], START)
        assert fields_in(folder)[risk]["impact"] == 3, "what is as it was sent out says nothing"

        gathered(
            folder, [saved(sent_out, 4, "Anna", start_year=2025), saved(sent_out, 5, "Eero", end_year=2024)], START
        )
        held = fields_in(folder)["projects", "H1"]
        assert (held["start_year"], held["end_year"]) in ((2024, 2025), (2025, 2025), (2024, 2024))


def test_stories(start: Path) -> None:
    check_stories(start)


# --- do these tests find what they should? ----------------------------------------------------------------------------

_correction, _entries, _replace = (
    merging._Merge._correction,
    collecting._entries,
    replace_files,
)


def conflict_is_taken(merge: merging._Merge, givers: list[Version]) -> str:
    return TAKEN if _correction(merge, givers) == "conflict" else _correction(merge, givers)


def reverted_is_taken(merge: merging._Merge, place: Place, column: str, was: str, old: Input, new: Input) -> Any:
    event = _event(merge, place, column, was, old, new)
    return TAKEN if event == "reverted" else event


_event = merging._Merge._event


def removal_unsaid(one: Returned, changes: list[Change], told: Told) -> Iterator[Entry]:
    return (entry for entry in _entries(one, changes, told) if entry.event != REMOVED)


def conflict_unsaid(one: Returned, changes: list[Change], told: Told) -> Iterator[Entry]:
    return (entry for entry in _entries(one, changes, told) if entry.event != "conflict")


def one_by_one(folder: Path, files: dict[str, bytes], seen: dict[str, str | None]) -> None:
    for name, content in files.items():
        _replace(folder, {name: content}, {name: seen[name]})


def never_settled(*_: Any) -> bool:
    return False


def nothing_is_inconsistent(*_: Any) -> set[Place]:
    return set()


PLANTED = {
    "a conflict is taken": (merging._Merge, "_correction", conflict_is_taken),
    "a reverted value is taken": (merging._Merge, "_event", reverted_is_taken),
    "an older copy is not told": (merging._Merge, "_is_superseded", never_settled),
    "a removal is not written down": (collecting, "_entries", removal_unsaid),
    "a conflict is not written down": (collecting, "_entries", conflict_unsaid),
    "files are written one by one": (collecting, "replace_files", one_by_one),
    "a file is heard again": (Journal, "is_settled", never_settled),
    "agreement is not remembered": (Journal, "_agree", never_settled),
    "records that do not fit are taken": (collecting, "inconsistent", nothing_is_inconsistent),
}


@pytest.mark.exhaustive
@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_found(start: Path, bug: str) -> None:
    """By the laws of the merge, by stories, by the copies in any order, or by the rounds."""
    once = settings(QUICK, phases=[Phase.generate], report_multiple_bugs=False)

    @settings(once, max_examples=200)
    @given(data=st.data())
    def in_any_order(data: st.DataObject) -> None:
        check_any_order(start, data.draw)

    @settings(once, max_examples=300)
    @given(base=some_fields(), theirs=some_fields(), ours=some_fields())
    def by_preference(base: Fields, theirs: Fields, ours: Fields) -> None:
        check_preferences(base, theirs, ours)

    tests = [
        by_preference,
        lambda: check_stories(start),
        in_any_order,
        lambda: run_state_machine_as_test(Round, settings=once),
    ]
    with patch.object(*PLANTED[bug]):
        assert any(map(fails, tests))


def fails(test: Callable[[], object]) -> bool:
    try:
        test()
    except (AssertionError, FaultsError):
        return True
    return False
