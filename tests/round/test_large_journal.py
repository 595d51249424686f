"""A journal of many years is read as it stands on the disk and never held: status and collecting stay small."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.built import HEINOLA
from support.journals import journal
from taulukko.builder import build
from taulukko.folder.journal import read_entries

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="tells no memory of its own here")

EVENTS, FILES = 100_000, 400
MOST = 100
"""Megabytes of memory that a process may take."""

MEASURE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from taulukko.round.{module} import {action}
said = {call}
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024, said)
"""
STATUS = {
    "module": "status",
    "action": "status",
    "call": "[(one.returned.conflicts, one.returned.faults) for one in status(sys.argv[1]).units]",
}
HISTORY = {
    "module": "history",
    "action": "history",
    "call": "sum(one.event != 'edited' for one in history(*sys.argv[1:]).events())",
}
COLLECT = {
    "module": "collect",
    "action": "collect",
    "call": "[len(one.taken) for one in collect(sys.argv[2:], sys.argv[1])]",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large") / "data"
    shutil.copytree(HEINOLA, folder, ignore=shutil.ignore_patterns("*.xlsx"))
    return journal(folder, ["TOIMIALA", "HYTE", "OPKOU", "VAKA", "VIRE"], EVENTS, FILES)


def measured(action: dict[str, str], *arguments: Path) -> tuple[int, str]:
    """Megabytes that a process took at most, and what it said."""
    command = [sys.executable, "-c", MEASURE.format(**action), *map(str, arguments)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, env=dict(os.environ))
    taken, _, said = run.stdout.strip().partition(" ")
    return int(taken), said


def test_status_does_not_hold_the_journal(folder: Path) -> None:
    taken, said = measured(STATUS, folder)
    assert said == str([(0, 50)] * 5), "what the last file of each unit said; its conflicts have been settled"
    assert taken < MOST


def test_history_does_not_hold_the_journal(folder: Path) -> None:
    taken, said = measured(HISTORY, folder, Path("VAKA"))
    assert said == str(EVENTS // 5), "all that its files say"
    assert taken < MOST


def test_collecting_does_not_hold_the_journal(folder: Path, tmp_path: Path) -> None:
    returned = build(folder, tmp_path / "vaka.xlsx", unit="VAKA")
    before = (folder / "journal.csv").read_bytes()
    taken, said = measured(COLLECT, folder, returned)
    assert said == "[0]"
    assert taken < MOST
    after = (folder / "journal.csv").read_bytes()
    assert after.startswith(before), "the journal grows at its end"
    assert [one.event for one in read_entries(folder)][EVENTS:] == ["returned"]
