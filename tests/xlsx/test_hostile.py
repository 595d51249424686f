"""Hostile and broken files: each is told in one sentence, quickly, with little memory and without going anywhere."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import taulukko
from support.built import HEINOLA, TESTS
from support.hostile import FILES, a_template_from_elsewhere
from support.shelf import Shelf
from taulukko.errors import WorkbookError

MEGABYTES = 512
SECONDS = 10
MESSAGES = {
    "encrypted": "the file is protected by a password or a sensitivity label. Open it, remove the protection "
    "(File, Info, Protect Workbook) and save it again.",
    "old_format": "the file is in an old format of Excel ({said}). Open it in Excel and save it as an Excel workbook "
    "(.xlsx).",
    "other_format": "the file is not an Excel workbook but {said}. Save it as an Excel workbook (.xlsx) or ask for "
    "one; a new name alone does not change what it is.",
    "too_large": "the file is too large to be read: it has {said}. Copy the inputs into a newly built workbook and "
    "save that.",
    "dangerous": "the file was not read, because it contains {said}. A report does not need such, and it can do harm. "
    "Ask the sender to remove it, or copy the inputs into a newly built workbook.",
    "unreadable": "the file is damaged and cannot be read as a workbook. Ask for it again, or open it in Excel and let "
    "Excel repair it.",
    "not_ours": "the file is not a workbook made by this program. Open a workbook that taulukko build has made.",
    "identity_missing": "the hidden identity sheet of the workbook is gone: it was removed (by a document inspector, "
    "for example), or a sheet was copied to another file. Copy what was filled in to a workbook built anew.",
}
CHECK = """
import contextlib, io, json, os, pathlib, resource, socket, subprocess, sys, time

def refused(*_arguments, **_options):
    raise AssertionError("the reader went somewhere")

socket.socket = socket.create_connection = socket.getaddrinfo = refused
subprocess.Popen = os.system = os.popen = os.posix_spawn = refused

from taulukko.cli import run

def megabytes():
    status = pathlib.Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) // 1024

for path in sys.argv[1:]:
    out, err, start = io.StringIO(), io.StringIO(), time.process_time()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(["check", path, "--lang", "en"])
    print(json.dumps([code, out.getvalue(), err.getvalue(), time.process_time() - start, megabytes()]), flush=True)
"""


@pytest.fixture(scope="module")
def results(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """Exit code, what was printed and complained, seconds and megabytes of each file, all checked by one process."""
    folder = tmp_path_factory.mktemp("hostile")
    base = shelf.book(HEINOLA, unit="VAKA").read_bytes()
    paths = {name: folder / f"{name}.xlsx" for name in FILES}
    for name, path in paths.items():
        path.write_bytes(FILES[name].make(base))
    command = [sys.executable, "-c", CHECK, *map(str, paths.values())]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=120)
    lines = done.stdout.splitlines()
    assert len(lines) == len(paths), (list(paths)[len(lines)], done.stderr[-2000:])
    return dict(zip(paths, map(json.loads, lines), strict=True))


def test_there_are_enough_of_them() -> None:
    assert len(FILES) >= 45


@pytest.mark.parametrize("name", [name for name, file in FILES.items() if file.code])
def test_a_file_that_is_not_read_is_told_in_one_sentence(name: str, results: dict[str, list[Any]]) -> None:
    code, printed, complained, _, _ = results[name]
    _, wanted, said = FILES[name]
    message, count, *rest = printed.splitlines()
    assert re.sub(rf"^\S*{name}\.xlsx(:\S+!B999| x)?: ", "", message) == MESSAGES[wanted].format(said=said)
    assert (count.endswith(": 1 finding"), rest, complained, code) == (True, [], "", 2)


@pytest.mark.parametrize("name", [name for name, file in FILES.items() if not file.code])
def test_a_file_that_only_looks_odd_is_read(name: str, results: dict[str, list[Any]]) -> None:
    assert results[name][1].replace(name, "untouched") == results["untouched"][1]
    assert results[name][0] in (0, 1)


@pytest.mark.parametrize("name", FILES)
def test_a_file_takes_little_time_and_memory(name: str, results: dict[str, list[Any]]) -> None:
    _, _, _, seconds, megabytes = results[name]
    assert seconds < SECONDS
    assert megabytes < MEGABYTES


def test_a_template_from_elsewhere_is_not_looked_for(shelf: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    base = shelf.book(HEINOLA, unit="VAKA").read_bytes()
    path.write_bytes(a_template_from_elsewhere(base))
    assert taulukko.read(path)[0].rows("risks") == taulukko.read(shelf.book(HEINOLA, unit="VAKA"))[0].rows("risks")
    assert [one.code for one in taulukko.check(path)].count("judged_alone") == 1


def test_nor_by_a_workbook_of_version_01(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(a_template_from_elsewhere((TESTS / "data" / "version-0.1-VAKA.xlsx").read_bytes()))
    with pytest.raises(WorkbookError, match="not_ours"):
        taulukko.read(path)


def test_a_folder_is_told(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CHECK, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    code, printed, _, _, _ = json.loads(done.stdout)
    assert code == 2
    assert MESSAGES["other_format"].format(said="a folder") in printed
