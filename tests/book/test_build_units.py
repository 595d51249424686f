"""A workbook for each unit: all of them or none, named by their units, and never over what somebody has filled in."""

from __future__ import annotations

from pathlib import Path

import pytest

import taulukko
from support.edits import save_again
from support.folders import data_folder
from taulukko.builder import build, build_units, load
from taulukko.cli import run
from taulukko.errors import OutputRefused
from taulukko.xlsx.existing import state_of

FIGURES = "VAKA,fees,,,1,1,,,,,,"
NAMES = ["osavuosikatsaus-TOIMIALA.xlsx", "osavuosikatsaus-VAKA.xlsx"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return data_folder(tmp_path / "data", income_statement=FIGURES)


def test_each_unit_has_its_workbook_in_the_folder_units(folder, capsys):
    assert run(["build", str(folder), "--units"]) == 0
    paths = [folder / "units" / name for name in NAMES]
    assert capsys.readouterr().out == "".join(f"{path}\n" for path in paths)
    assert sorted((folder / "units").iterdir()) == paths
    assert not (folder / "osavuosikatsaus.xlsx").exists()


def test_a_unit_s_workbook_is_the_same_alone_and_among_the_others(folder, tmp_path):
    paths = taulukko.build_units(load(folder), tmp_path / "all")
    alone = build(folder, tmp_path / "alone.xlsx", unit="VAKA")
    assert [path.name for path in paths] == NAMES
    assert paths[1].read_bytes() == alone.read_bytes()


def test_every_refusal_is_told_and_nothing_is_written(folder, tmp_path, capsys):
    output = tmp_path / "here"
    first, last = build_units(folder, output)
    save_again(first)
    last.write_text("notes")
    before = [path.read_bytes() for path in (first, last)]
    with pytest.raises(OutputRefused) as caught:
        build_units(folder, output)
    assert [one.code for one in caught.value.findings] == ["output_filled", "output_not_ours"]
    assert run(["build", str(folder), "--units", "-o", str(output)]) == 2
    told = capsys.readouterr().err.splitlines()
    assert [line.partition(": ")[0] for line in told] == [str(first), str(last)]
    assert [path.read_bytes() for path in (first, last)] == before
    assert sorted(output.iterdir()) == [first, last]


def test_one_refusal_keeps_the_others_from_being_written(folder):
    first, last = build_units(folder)
    save_again(last)
    data_folder(folder, income_statement="VAKA,fees,,,2,1,,,,,,\nTOIMIALA,fees,,,2,1,,,,,,")
    before = first.read_bytes()
    with pytest.raises(OutputRefused):
        build_units(folder)
    assert first.read_bytes() == before


def test_force_keeps_a_copy_of_what_was_refused_only(folder):
    first, last = build_units(folder)
    save_again(last)
    saved = last.read_bytes()
    assert build_units(folder, force=True) == [first, last]
    assert [path.name for path in first.parent.glob("*.bak*")] == [f"{last.name}.bak"]
    assert last.with_name(f"{last.name}.bak").read_bytes() == saved
    assert state_of(last) == "untouched"


def test_nothing_is_left_when_writing_fails(folder, monkeypatch):
    import taulukko.xlsx.write

    write, written = taulukko.xlsx.write.write, []

    def fail_at_the_second(book, theme, path, words):
        if written:
            raise OSError(28, "No space left on device")
        written.append(path)
        write(book, theme, path, words)

    monkeypatch.setattr(taulukko.xlsx.write, "write", fail_at_the_second)
    with pytest.raises(OSError, match="No space") as caught:
        build_units(folder)
    assert caught.value.filename == str(folder / "units" / NAMES[1])
    assert list((folder / "units").iterdir()) == []


def test_one_unit_and_every_unit_at_once_is_a_wrong_command(folder, capsys):
    assert run(["build", str(folder), "--unit", "VAKA", "--units", "--lang", "en"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert told == ["The command is wrong: choose either --unit or --units.", "Help: taulukko build --help"]
