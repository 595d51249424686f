"""The same data gives the same bytes, wherever and whenever it is built."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from support.built import HEINOLA, ROOT

COMMITTED = HEINOLA / "osavuosikatsaus.xlsx"
SCRIPT = "import sys; from taulukko import build; build(sys.argv[1], sys.argv[2])"

CIRCUMSTANCES = [
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONUTF8": "1"},
    {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Pago_Pago", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "0"},
]


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A build in each of the circumstances, each in a folder and a process of its own."""
    paths, runs = [], []
    for number, circumstances in enumerate(CIRCUMSTANCES):
        folder = tmp_path_factory.mktemp(f"folder {number}")
        shutil.copytree(HEINOLA, folder / f"data {number}", ignore=shutil.ignore_patterns("*.xlsx"))
        paths.append(folder / f"{number}.xlsx")
        command = [sys.executable, "-c", SCRIPT, f"data {number}", str(paths[-1])]
        runs.append(subprocess.Popen(command, cwd=folder, env=os.environ | circumstances))
    assert [run.wait() for run in runs] == [0, 0]
    return paths


def test_two_builds_are_the_same_bytes(builds):
    first, second = (hashlib.sha256(path.read_bytes()).hexdigest() for path in builds)
    assert first == second


def test_the_installed_xlsxwriter_is_the_pinned_one():
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert f"xlsxwriter=={version('xlsxwriter')}" in dependencies


def test_the_committed_workbook_is_what_a_build_gives_today(builds):
    todo = f"run: taulukko build {HEINOLA.relative_to(ROOT)}"
    assert COMMITTED.exists(), f"{COMMITTED.name} is missing; {todo}"
    differing = different_parts(COMMITTED, builds[0])
    assert not differing, f"{COMMITTED.name} is not what a build gives today, look at {', '.join(differing)}; {todo}"


def different_parts(one: Path, other: Path) -> list[str]:
    """Names of the parts that only one of two packages has, or that differ, or all when their order differs."""
    with zipfile.ZipFile(one) as first, zipfile.ZipFile(other) as second:
        names, others = first.namelist(), second.namelist()
        if names != others:
            return sorted(set(names) ^ set(others)) or ["the order of the parts"]
        return [name for name in names if first.read(name) != second.read(name)]


def test_a_different_part_is_told(tmp_path, builds):
    changed = tmp_path / "changed.xlsx"
    with zipfile.ZipFile(builds[0]) as source, zipfile.ZipFile(changed, "w") as copy:
        for name in source.namelist():
            data = source.read(name)
            copy.writestr(name, re.sub(rb"Heinola", b"Hollola", data) if name == "docProps/core.xml" else data)
    assert different_parts(builds[0], changed) == ["docProps/core.xml"]
