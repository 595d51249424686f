"""Rounds in which several people fill in copies of one workbook: what each of them meant is there, or is told.

They type texts and numbers, add and remove risks, copy rows over others, shift cells, leave formulas without values
and type over what is computed, and go on with their own copies or with others. Files come in any order, with others
that nobody can read, some are decided upon, and the collecting dies at any write. What should come of it is said by
`support.people`, which knows what each person meant and nothing of how a workbook is read or merged.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import pytest

from support import people as persons
from support.people import Person, Workbook, live, mailbox
from support.returned import FILED, MEMORY, check_nobody_is_overwritten, crash, fields_in, made_up, quickly, state
from taulukko.builder import build
from taulukko.errors import FaultsError
from taulukko.folder.facts import text_fault
from taulukko.folder.journal import REMOVED, TAKEN, Entry, read_entries
from taulukko.folder.versions import Version
from taulukko.report.inputs import Place, written
from taulukko.round import collect as collecting
from taulukko.round import receive as receiving
from taulukko.round.collect import collect
from taulukko.round.receive import receive
from taulukko.template.parts import Column
from taulukko.xlsx import entries as reading
from taulukko.xlsx import inputs as finding
from taulukko.xlsx.aside import aside
from taulukko.xlsx.entries import shown
from taulukko.xlsx.package import open_package

ROUNDS = 1000
QUICKLY = 25
MUTANTS_ROUNDS = 150


@pytest.fixture(scope="module")
def workbook() -> Iterator[tuple[Path, Workbook]]:
    with tempfile.TemporaryDirectory(dir=MEMORY) as place, quickly():
        folder = made_up(Path(place, "data"))
        path = build(folder, Path(place, "vaka.xlsx"), unit="VAKA")
        yield folder, Workbook.of(open_package(path))


def play(start: Path, book: Workbook, seed: int) -> None:
    """One round."""
    draw, numbers = Random(seed), count(1000 * seed + 7)
    with tempfile.TemporaryDirectory(dir=MEMORY) as place:
        folder = Path(shutil.copytree(start, Path(place, "data")))
        people: dict[Path, Person] = {}
        for number in range(draw.randint(2, 4)):
            one = Person(book, draw.choice(["Anna", "Bertta"]))
            if people and draw.random() < 0.4:
                one = draw.choice([*people.values()]).another(one.name)
            for _ in range(draw.randint(1, 5)):
                live(one, draw, numbers)
            path = Path(place, f"{number}.xlsx")
            path.write_bytes(f"{seed} {number} {one.saved}".encode())
            people[path] = one
        bad = Path(place, "bad.xlsx")
        bad.write_bytes(draw.randbytes(20))
        files = [*people, bad]
        draw.shuffle(files)
        half = draw.randint(1, len(files))
        with mailbox(people):
            for batch in (files[:half], files[half:]):
                if batch:
                    check_batch(folder, batch, people, draw)


def check_batch(folder: Path, batch: list[Path], people: Mapping[Path, Person], draw: Random) -> None:
    before, known = state(folder), len(list(read_entries(folder)))
    other = Path(shutil.copytree(folder, folder.with_name("crashed")))
    dies = draw.random() < 0.5
    if dies:
        with crash(draw.randint(1, 60)):
            collect(batch, other)
    decisions = decided(folder, batch, draw) if draw.random() < 0.3 else None
    results = collect(batch, folder, decisions=decisions)
    entries = list(read_entries(folder))
    if dies and decisions is None:
        fields_in(other)
        assert data(other) in (files_of(before), data(folder)), "a crash leaves the old state or the new one"
    if decisions is None:
        check_nobody_is_overwritten(entries, known)
    shutil.rmtree(other)
    assert {one.returned.path for one in results if one.returned.is_refused} == {
        one for one in batch if one not in people
    }
    for result in results:
        if result.returned.path in people:
            person = people[result.returned.path]
            said = [entry for entry in entries if entry.hash == result.returned.hash]
            check_nothing_lost(person, said, [one.code for one in result.returned.faults])
            check_nothing_invented(person, said, decisions is not None)
            check_all_told(person, said)
            if decisions is None:
                check_removals(person, said)
            check_two_are_two(person, said, people.values())
    if draw.random() < 0.5:
        check_again(folder, batch, decisions)


def check_again(folder: Path, batch: list[Path], decisions: Path | None) -> None:
    """The same again changes nothing; decisions that were not needed do not fit what has been taken since."""
    said = data if decisions else state
    after = said(folder)
    with suppress(FaultsError) if decisions else nullcontext():
        collect(batch, folder, decisions=decisions)
    assert said(folder) == after, "the same again changes nothing"


def files_of(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if name != "journal.csv"}


def data(folder: Path) -> dict[str, bytes]:
    return files_of(state(folder))


def decided(folder: Path, batch: list[Path], draw: Random) -> Path:
    """A file of decisions, made and filled in."""
    path = folder.with_name("decisions.csv")
    path.unlink(missing_ok=True)
    collect(batch, folder, decide=path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = [[draw.choice(["", "theirs", "ours"]), *row[1:]] for row in rows]
        csv.writer(file, delimiter=";").writerows([header, *rows])
    return path


def is_added(place: Place) -> bool:
    return place[0] == "risks" and place[1].startswith("VAKA-")


def own(place: Place) -> Place:
    return place[0], FILED.sub(r"\1", place[1])


def check_nothing_lost(person: Person, said: list[Entry], faults: list[str]) -> None:
    told = {(own(entry.place), entry.field, entry.new) for entry in said}
    for key, text in person.meant.items():
        place = key[:2]
        if key[0] == "risks" and person.refused:
            assert "keys_apart" in faults, "shifted cells are refused"
        elif place[1] in person.overwritten or (person.overwritten and place[1] == "R1"):
            assert "key_twice" in faults, "a row that is there twice is a fault"
        elif place[1] not in person.withdrawn:
            assert (place, key[2], text) in told, f"lost: {key} {text}"
    for key in person.unread:
        if not (key[0] == "risks" and (person.refused or person.overwritten or key[1] in person.withdrawn)):
            cells = {entry.cell for entry in said if entry.event == "fault.formula_unknown"}
            assert person.book.inputs.places[key] in cells, f"unread and unsaid: {key}"


def check_two_are_two(person: Person, said: list[Entry], people: Iterable[Person]) -> None:
    """Two people's risks are two records; whoever has said the same of one before may speak against it."""
    before = [one for one in people if one.name == person.name and one.saved < person.saved]
    vouched = {(key[:2], text) for one in before for key, text in one.meant.items()}
    for entry in said:
        if entry.event == "conflict" and is_added(entry.place) and entry.field == "risk":
            assert (own(entry.place), entry.old) in vouched, "two people's risks are two records"


def check_all_told(person: Person, said: list[Entry]) -> None:
    """What stands where nothing is filled in."""
    standing = {shown(cell) for cell in person.cells.values()} & person.computed
    assert standing <= {entry.new for entry in said if not entry.is_change}, "typed beside the inputs and not told"


def check_nothing_invented(person: Person, said: list[Entry], is_decided: bool) -> None:
    for entry in said:
        key = (*own(entry.place), entry.field)
        if entry.event == TAKEN:
            assert not (key[0] == "risks" and person.refused), f"misfiled: {entry}"
            brought_back = entry.old == "" and not is_added(entry.place) and person.meant.get(key) is None
            is_sent = is_decided or (brought_back and any(one[:2] == key[:2] for one in person.meant))
            is_sent &= entry.new == written(person.book.inputs.fields.get(key[:2], {}).get(key[2]))
            assert entry.new == person.meant.get(key) or entry.field == "unit" or is_sent, f"nobody meant {entry}"


def check_removals(person: Person, said: list[Entry]) -> None:
    """Nobody has decided of any."""
    removed = {entry.place[1] for entry in said if entry.event == REMOVED}
    assert removed <= person.withdrawn - person.overwritten, f"nobody removed {removed}"


def test_what_people_meant_is_there_or_is_told(workbook: tuple[Path, Workbook]) -> None:
    for seed in range(QUICKLY):
        play(*workbook, seed)


@pytest.mark.exhaustive
def test_what_people_meant_in_a_thousand_rounds(workbook: tuple[Path, Workbook]) -> None:
    played = 0
    for seed in range(ROUNDS):
        play(*workbook, seed)
        played += 1
    print(f"{played} rounds")
    assert played == ROUNDS


# --- the faults of before, planted again ------------------------------------------------------------------------------


def whoever_saved_it(version: Version, earlier: Version) -> bool:
    return version.is_later(earlier)


def without_doubts(*args: Any) -> Any:
    found = _theirs_of(*args)
    found.doubted.clear()
    found.unclear.clear()
    return found


def ends_at_texts(inputs: Any) -> Any:
    for cells in (inputs.package.cells(title) for title in ("Riskit", "Tuloslaskelma")):
        for cell in cells.values():
            if isinstance(cell.value, str) and cell.value.startswith("Teksti"):
                float(cell.value)
    return _aside(inputs)


def ends_at_a_bad_file(path: Path, *args: Any) -> Any:
    found = _receive(path, *args)
    if found.refused:
        raise FaultsError(found.refused)
    return found


def no_formulas(text: str) -> str | None:
    return "formula_like" if text.lstrip()[:1] in ("=", "+", "@") else _text_fault(text)


_theirs_of, _receive, _aside, _text_fault = receiving.theirs_of, receive, aside, text_fault

Planted = Callable[[], AbstractContextManager[Any]]
PLANTED: dict[str, Planted] = {
    "a formula without a value is read as blank": lambda: patch.object(reading, "is_unknown", lambda cell: False),
    "a parallel copy is taken for a correction": lambda: patch.object(Version, "descends", whoever_saved_it),
    "a doubtful key removes the record that was copied over": lambda: patch.object(
        receiving, "theirs_of", without_doubts
    ),
    "shifted cells are filed under the keys beside them": lambda: patch.object(finding, "strangers", lambda *_: set()),
    "a number in a computed cell is taken": lambda: patch.object(
        Column, "lines_only", property(lambda _: False), create=True
    ),
    "what a cell holds ends the command": lambda: patch.object(persons, "aside", ends_at_texts),
    "one bad file stops the others": lambda: patch.object(collecting, "receive", ends_at_a_bad_file),
    "a text with a plus is refused": lambda: patch.object(reading, "text_fault", no_formulas),
    "two people's new risks are one record": lambda: patch.object(collecting, "filed", lambda *_: {}),
}


@pytest.mark.exhaustive
@pytest.mark.parametrize("fault", PLANTED)
def test_each_of_the_faults_is_found(workbook: tuple[Path, Workbook], fault: str) -> None:
    def play_all() -> None:
        for seed in range(MUTANTS_ROUNDS):
            play(*workbook, seed)

    with PLANTED[fault](), pytest.raises((AssertionError, FaultsError, ValueError)):
        play_all()
