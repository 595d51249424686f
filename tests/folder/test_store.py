"""Files of a data folder change together, whatever interrupts."""

from __future__ import annotations

import functools
import os
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest

from support.folders import data_folder
from support.interrupted import before_each_step, dies, full_disk, overtaken, steps
from taulukko.errors import OutputRefused
from taulukko.folder import store
from taulukko.folder.data_folder import load
from taulukko.folder.store import SHELF, Added, Content, Copied, digest_of, recover, replace_files

OLD = {"risks.csv": b"id\nR1\n", "texts.csv": b"id\nX1\n", "checks.csv": b"key\n", "goals.csv": b""}
CHANGES = {"risks.csv": b"id\nR1\nR2\n", "texts.csv": b"", "journal.jsonl": b"{}\n", "checks.csv": b"key\n"}
NEW = OLD | CHANGES
OTHERS = {"risks.csv": b"id\nR9\n", "texts.csv": b"id\nX9\n", "journal.jsonl": b"[]\n", "checks.csv": b"key\nk\n"}

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return old(tmp_path)


def old(place: Path, name: str = "data") -> Path:
    folder = place / name
    folder.mkdir()
    for file, content in OLD.items():
        (folder / file).write_bytes(content)
    return folder


def state(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(store.SLOT)}


def hidden(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(store.SLOT)]


def count(place: Path) -> int:
    """Steps of a whole replacement."""
    folder = old(place, "count")
    return len(steps(lambda: replace_files(folder, CHANGES)))


def dies_before_committing(folder: Path, changes: dict[str, bytes], copy: str = "copy") -> None:
    """Every file replaced, and the writer gone."""
    whole = shutil.copytree(folder, folder.with_name(copy))
    taken = steps(lambda: replace_files(whole, changes))
    commit = max(number for number, (name, _) in enumerate(taken, 1) if name == "rename")
    assert dies(lambda: replace_files(folder, changes), commit)
    assert state(folder) == state(whole)


def test_files_are_replaced_and_nothing_else_is_left(folder):
    replace_files(folder, CHANGES)
    assert state(folder) == NEW
    assert hidden(folder) == []


def test_a_file_that_stays_the_same_is_not_touched_and_the_others_keep_their_permissions(folder):
    (folder / "risks.csv").chmod(0o640)
    same = (folder / "checks.csv").stat().st_ino
    replace_files(folder, CHANGES)
    assert (folder / "checks.csv").stat().st_ino == same
    assert (folder / "risks.csv").stat().st_mode & 0o777 == 0o640


def test_what_is_added_comes_at_the_end_of_the_file_or_begins_one(folder):
    replace_files(folder, {"risks.csv": Added(b"R2\n"), "journal.jsonl": Added(b"{}\n")})
    assert state(folder) == OLD | {"risks.csv": b"id\nR1\nR2\n", "journal.jsonl": b"{}\n"}


@forks
def test_what_is_added_stays_away_when_the_writer_dies(folder):
    changes = {"risks.csv": Added(b"R2\n"), "texts.csv": b""}
    dies_before_committing(folder, changes)  # type: ignore[arg-type]
    recover(folder)
    assert state(folder) == OLD


def test_nothing_to_change_changes_nothing(folder):
    replace_files(folder, {})
    replace_files(folder, OLD)
    assert state(folder) == OLD
    assert hidden(folder) == []


def test_looking_at_a_folder_in_order_takes_no_step(folder):
    assert steps(lambda: recover(folder)) == []
    recover(folder / "missing")


def shelved(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / SHELF).glob("*")}


def original(place: Path) -> tuple[dict[str, Content], bytes]:
    """Changes of which one is a copy of a file, and what is in that file."""
    (place / "VAKA.xlsx").write_bytes(b"as returned")
    copied = Copied(place / "VAKA.xlsx", str(digest_of(place / "VAKA.xlsx")))
    return {**CHANGES, f"{SHELF}/a.xlsx": copied}, b"as returned"


def test_what_stands_at_the_head_of_a_file_may_become_other_than_it_was(folder):
    replace_files(folder, {"risks.csv": Added(b"R2,x\n", b"id,name\n", len(b"id\n"))})
    assert (folder / "risks.csv").read_bytes() == b"id,name\nR1\nR2,x\n"


def test_a_file_is_copied_into_the_folder_of_what_was_returned(folder, tmp_path):
    changes, content = original(tmp_path)
    replace_files(folder, changes)
    assert (shelved(folder), (tmp_path / "VAKA.xlsx").read_bytes()) == ({"a.xlsx": content}, content)
    before = (folder / SHELF / "a.xlsx").stat().st_ino
    replace_files(folder, changes)
    assert (folder / SHELF / "a.xlsx").stat().st_ino == before


def test_a_copied_file_that_has_changed_since_it_was_read_changes_nothing(folder, tmp_path):
    changes, _ = original(tmp_path)
    (tmp_path / "VAKA.xlsx").write_bytes(b"saved again")
    with pytest.raises(OutputRefused) as refused:
        replace_files(folder, changes)
    assert [(one.code, one.file) for one in refused.value.findings] == [("folder_changed", str(tmp_path / "VAKA.xlsx"))]
    assert (state(folder), hidden(folder)) == (OLD, [])


@forks
def test_a_copied_file_is_there_when_the_others_are_new_and_only_then(tmp_path):
    changes, content = original(tmp_path)
    ends = set()
    for step in range(1, len(steps(lambda: replace_files(old(tmp_path, "count"), changes)))):
        folder = old(tmp_path, str(step))
        dies(lambda folder=folder: replace_files(folder, changes), step)
        dies(lambda folder=folder: recover(folder), step % 7 + 1)
        recover(folder)
        end = next(name for name, files in (("old", OLD), ("new", NEW)) if plain(folder) == files)
        assert shelved(folder) == ({"a.xlsx": content} if end == "new" else {}), step
        assert (folder / SHELF).exists() == (end == "new"), step
        ends.add(end)
    assert ends == {"old", "new"}


def plain(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("name", ["../risks.csv", "sub/risks.csv", "returned/../risks.csv", ".collecting"])
def test_only_plain_names(folder, name):
    with pytest.raises(ValueError, match="risks|collecting"):
        replace_files(folder, {"texts.csv": b"new", name: b"new"})
    assert state(folder) == OLD


def test_what_is_relied_on_is_on_the_disk_before(folder):
    """Before the slot is taken the new and old files and their folders; before the commit the data folder."""
    opened, order = {}, []

    def watch(_, name, args):
        if name == "fsync":
            order.append(("fsync", Path(os.readlink(f"/proc/self/fd/{args[0]}")).name))
        elif name == "open":
            opened[args[0].name] = opened.get(args[0].name, 0) + 1
        elif name in ("rename", "replace"):
            order.append((name, Path(args[1]).name))

    if not Path("/proc/self/fd").exists():
        pytest.skip("descriptors cannot be named here")
    with before_each_step(watch):
        replace_files(folder, CHANGES)
    taken = order.index(("rename", store.SLOT))
    flushed = [name for _, name in order[:taken]]
    assert all(flushed.count(name) == times for name, times in opened.items())
    assert {"new", "old"} < set(flushed)
    assert order[taken + 1] == ("fsync", "data")
    replaced = [number for number, (step, _) in enumerate(order) if step == "replace"]
    assert len(replaced) == 3
    assert order[replaced[-1] + 1] == ("fsync", "data")
    assert [step for step, _ in order[replaced[-1] + 2 :]] == ["rename", "fsync"]


@forks
def test_a_process_that_dies_at_any_step_leaves_the_old_files_or_the_new(tmp_path):
    committed = []
    for step in range(1, count(tmp_path) + 1):
        folder = old(tmp_path, str(step))
        assert dies(lambda folder=folder: replace_files(folder, CHANGES), step)
        recover(folder)
        assert state(folder) in (OLD, NEW), step
        committed.append(state(folder) == NEW)
        recover(folder)
        replace_files(folder, CHANGES)
        assert state(folder) == NEW, step
        assert hidden(folder) == [], step
    assert committed == sorted(committed), "there is one commit point"
    assert {True, False} == set(committed)


@forks
def test_a_death_while_putting_back_can_be_put_back(tmp_path):
    interrupted = 0
    for step in range(1, count(tmp_path) + 1):
        for again in range(1, 40):
            folder = old(tmp_path, f"{step}-{again}")
            assert dies(lambda folder=folder: replace_files(folder, CHANGES), step)
            if not dies(lambda folder=folder: recover(folder), again):
                break
            interrupted += 1
            dies(lambda folder=folder: recover(folder), again // 2 + 1)
            recover(folder)
            assert state(folder) in (OLD, NEW), (step, again)
            assert store.SLOT not in hidden(folder)
    assert interrupted > 50


@pytest.mark.parametrize("lasting", [False, True], ids=["for a moment", "for good"])
def test_a_full_disk_at_any_step_is_all_or_nothing(tmp_path, lasting):
    refused = 0
    steps = count(tmp_path)
    for step in range(1, steps + 1):
        folder = old(tmp_path, str(step))
        expected = NEW
        with full_disk(step, sys.maxsize if lasting else step):
            try:
                replace_files(folder, CHANGES)
            except OSError:
                expected = OLD
        refused += expected == OLD
        if not lasting:
            assert state(folder) == expected, step
        recover(folder)
        assert state(folder) == expected, step
        replace_files(folder, CHANGES)
        assert state(folder) == NEW
        assert hidden(folder) == []
    assert steps / 2 < refused < steps


@pytest.mark.parametrize("lasting", [False, True], ids=["for a moment", "for good"])
@forks
def test_a_full_disk_while_putting_back(tmp_path, lasting):
    for step in range(1, count(tmp_path) + 1):
        for again in range(1, 20):
            folder = old(tmp_path, f"{step}-{again}")
            dies(lambda folder=folder: replace_files(folder, CHANGES), step)
            try:
                with full_disk(again, sys.maxsize if lasting else again):
                    recover(folder)
                break
            except OSError:
                recover(folder)
                assert state(folder) in (OLD, NEW), (step, again)


SLOW = {"writes": lambda folder: replace_files(folder, CHANGES), "puts back": recover}


@forks
@pytest.mark.parametrize("slow", SLOW)
def test_one_taken_for_dead_never_mixes_its_files_with_those_of_another(tmp_path, monkeypatch, slow):
    """It is held up at each step, another undoes it and writes its own files, and it goes on amid that or after."""

    def write_as_if_alone(folder: Path) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(store, "_is_gone", lambda writer: True)
            replace_files(folder, OTHERS)

    monkeypatch.setattr(store, "PATIENCE", 0)
    start = old(tmp_path)
    if slow == "puts back":
        dies_before_committing(start, CHANGES)
    length = len(steps(functools.partial(SLOW[slow], shutil.copytree(start, tmp_path / "length"))))
    stands = {"old": OLD, "first": NEW, "second": OLD | OTHERS}
    ends = set()
    for step in range(1, length + 1):
        for until in range(1 + step % 7, length + 50, 7):
            folder = shutil.copytree(start, tmp_path / f"{step}-{until}")
            first, second = overtaken(
                lambda f=folder: SLOW[slow](f), step, lambda f=folder: write_as_if_alone(f), until
            )
            recover(folder)
            ends.add((first, second, next((name for name in stands if state(folder) == stands[name]), "a mixture")))
    possible = {"old", "second"} | ({"first"} if slow == "writes" else set())
    assert {stands for _, _, stands in ends} <= possible
    assert all({"old": not second, "first": first, "second": second}[stands] for first, second, stands in ends)
    assert (False, True, "second") in ends


@forks
def test_a_writer_at_work_is_waited_for_and_refused_and_no_longer_once_it_is_killed(folder, monkeypatch):
    monkeypatch.setattr(store, "PATIENCE", 0.1)
    replaced, tell = os.pipe()

    def stop(_, name, args):
        if name == "rename" and Path(args[0]).parent.name == store.SLOT:
            os.write(tell, b"x")
            time.sleep(60)

    child = os.fork()
    if not child:
        with before_each_step(stop):
            replace_files(folder, CHANGES)
        os._exit(1)
    os.read(replaced, 1)
    assert state(folder) == NEW, "all is replaced and nothing committed"
    for action in (lambda: recover(folder), lambda: replace_files(folder, OTHERS)):
        with pytest.raises(OutputRefused) as refused:
            action()
        assert refused.value.findings[0].code == "folder_busy"
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    recover(folder)
    assert state(folder) == OLD


def test_a_second_writer_that_comes_while_the_slot_is_being_taken_is_refused(folder):
    slot = folder / store.SLOT

    def take(_, name, args):
        if name == "rename" and args[1] == slot and not slot.exists():
            (slot / "else").mkdir(parents=True)

    with before_each_step(take), pytest.raises(OutputRefused) as refused:
        replace_files(folder, CHANGES)
    assert refused.value.findings[0].code == "folder_busy"
    assert state(folder) == OLD


@pytest.mark.parametrize(("seconds", "gone"), [(1, False), (store.LEASE + 1, True)])
def test_a_writer_of_another_computer_has_its_lease(seconds, gone):
    began = time.time_ns() - int(seconds * 1e9)
    assert store._is_gone(f"elsewhere-1-{began}") is gone


def test_a_writer_of_this_process_is_gone_when_it_does_not_work_any_more(folder):
    with store._signed(folder) as change:
        assert not store._is_gone(change.writer)
    assert store._is_gone(change.writer)


def test_files_changed_since_they_were_seen_are_not_written_over(folder):
    seen = {name: digest_of(folder / name) for name in ("risks.csv", "journal.jsonl")}
    (folder / "risks.csv").write_bytes(b"id\nedited\n")
    with pytest.raises(OutputRefused) as refused:
        replace_files(folder, CHANGES, seen)
    assert refused.value.findings[0].code == "folder_changed"
    assert state(folder) == OLD | {"risks.csv": b"id\nedited\n"}
    assert hidden(folder) == []
    replace_files(folder, CHANGES, seen | {"risks.csv": digest_of(folder / "risks.csv")})
    assert state(folder) == NEW


def test_a_file_changed_after_it_was_copied_is_not_written_over(folder):
    def edit(_, name, args):
        if name == "rename" and args[1] == folder / store.SLOT:
            (folder / "texts.csv").write_bytes(b"edited")

    with before_each_step(edit), pytest.raises(OutputRefused) as refused:
        replace_files(folder, CHANGES)
    assert refused.value.findings[0].code == "folder_changed"
    assert state(folder) == OLD | {"texts.csv": b"edited"}
    assert hidden(folder) == []


@forks
def test_what_somebody_edited_after_a_writer_died_is_kept_beside(folder):
    dies_before_committing(folder, CHANGES)
    (folder / "risks.csv").write_bytes(b"edited")
    (folder / "journal.jsonl").write_bytes(b"edited too")
    (folder / "risks.csv.bak").write_bytes(b"earlier")
    recover(folder)
    kept = {"risks.csv.bak": b"earlier", "risks.csv.bak2": b"edited", "journal.jsonl.bak": b"edited too"}
    assert state(folder) == OLD | kept


@forks
def test_what_somebody_edited_after_it_was_put_back_stays(tmp_path):
    def edited(at: int) -> dict[str, bytes]:
        folder = old(tmp_path, str(at))
        dies_before_committing(folder, CHANGES, f"{at}-copy")
        dies(lambda: recover(folder), at)
        there = state(folder)
        (folder / "risks.csv").write_bytes(b"edited")
        recover(folder)
        assert state(folder)["texts.csv"] == OLD["texts.csv"]
        return there | {"after": state(folder)["risks.csv"]}

    put_back = [end for end in map(edited, range(1, 6)) if end["risks.csv"] == OLD["risks.csv"]]
    assert {end["after"] for end in put_back} == {b"edited"}


@forks
def test_a_reading_puts_back_first(tmp_path):
    folder = data_folder(tmp_path / "data", texts="X1,description,VAKA,Vanha")
    text = (folder / "texts.csv").read_bytes()
    dies_before_committing(folder, {"texts.csv": text.replace(b"Vanha", b"Uusi"), "risks.csv": b"new"})
    report, _ = load(folder)
    assert [row["text"] for row in report.rows("texts")] == ["Vanha"]
    assert sorted(path.name for path in folder.iterdir()) == ["report.toml", "texts.csv"]
