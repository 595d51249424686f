"""Building a file: whole or not at all, and never over what is not ours to replace."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest

from support.edits import save_again
from support.folders import data_folder
from taulukko.builder import build, load
from taulukko.errors import FaultsError, OutputRefused
from taulukko.xlsx.existing import state_of


@pytest.fixture(scope="session")
def template_workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(data_folder(tmp_path_factory.mktemp("one")))


@pytest.fixture
def folder(tmp_path: Path, template_workbook: Path) -> Path:
    """A data folder with its workbook built."""
    data_folder(tmp_path / "data")
    shutil.copy(template_workbook, tmp_path / "data")
    return tmp_path / "data"


def book_of(folder: Path) -> Path:
    return folder / "osavuosikatsaus.xlsx"


def repack(path: Path, parts: dict[str, str], *, date_time: tuple[int, ...] = (1980, 1, 31, 0, 0, 0)) -> None:
    """Write the package anew, with some of its parts replaced."""
    with zipfile.ZipFile(path) as package:
        content = {name: package.read(name) for name in package.namelist()}
    content |= {name: text.encode() for name, text in parts.items()}
    with zipfile.ZipFile(path, "w") as package:
        for name, one in content.items():
            package.writestr(zipfile.ZipInfo(name, date_time), one)  # type: ignore[arg-type]


def test_the_workbook_is_named_by_its_template_in_the_data_folder(tmp_path):
    folder = data_folder(tmp_path / "data")
    assert build(folder) == folder / "osavuosikatsaus.xlsx"
    assert book_of(folder).stat().st_size > 10_000


def test_the_workbook_of_a_unit_is_named_by_it(tmp_path):
    folder = data_folder(tmp_path / "data", income_statement="VAKA,fees,,,1,1,,,,,,")
    assert build(folder, unit="vaka") == folder / "osavuosikatsaus-VAKA.xlsx"


def test_an_unknown_unit_is_refused_with_the_known_ones(tmp_path):
    with pytest.raises(FaultsError) as caught:
        build(data_folder(tmp_path / "data"), unit="KOULU")
    assert caught.value.findings[0].expected == ("TOIMIALA", "VAKA")


def test_a_report_builds_the_same_bytes_as_its_folder(folder, tmp_path):
    path = build(load(folder), tmp_path / "report.xlsx")
    assert path.read_bytes() == book_of(folder).read_bytes()


def test_ours_untouched_is_replaced_when_the_data_changes(folder):
    before = book_of(folder).read_bytes()
    data_folder(folder, risks="R1,VAKA,operational,Riski,1,1,,")
    build(folder)
    assert book_of(folder).read_bytes() != before
    assert list(folder.glob("*.bak*")) == []


def test_ours_saved_by_another_program_is_refused(folder):
    save_again(book_of(folder))
    saved = book_of(folder).read_bytes()
    with pytest.raises(OutputRefused) as caught:
        build(folder)
    assert caught.value.findings[0].code == "output_filled"
    assert book_of(folder).read_bytes() == saved


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04 not really"])
def test_something_else_is_refused(folder, content):
    book_of(folder).write_bytes(content)
    with pytest.raises(OutputRefused) as caught:
        build(folder)
    assert caught.value.findings[0].code == "output_not_ours"
    assert book_of(folder).read_bytes() == content


def test_force_replaces_and_keeps_every_backup(folder):
    for name in ("osavuosikatsaus.xlsx.bak", "osavuosikatsaus.xlsx.bak2"):
        content = name.encode()
        book_of(folder).write_bytes(content)
        build(folder, force=True)
        assert (folder / name).read_bytes() == content
        assert state_of(book_of(folder)) == "untouched"


def test_a_workbook_with_a_strange_sheet_of_our_name_is_not_ours(tmp_path):
    book = openpyxl.Workbook()
    book.create_sheet("_taulukko")["A1"] = "something"
    book.save(tmp_path / "other.xlsx")
    assert state_of(tmp_path / "other.xlsx") == "foreign"


def test_a_time_of_its_own_in_any_part_tells_that_it_was_saved(folder):
    repack(book_of(folder), {})
    assert state_of(book_of(folder)) == "untouched"
    repack(book_of(folder), {}, date_time=(1980, 1, 1, 0, 0, 0))
    assert state_of(book_of(folder)) == "filled"


def test_a_day_of_change_tells_that_it_was_saved(folder):
    with zipfile.ZipFile(book_of(folder)) as package:
        core = package.read("docProps/core.xml").decode()
    before, mark, after = core.partition('<dcterms:modified xsi:type="dcterms:W3CDTF">')
    repack(book_of(folder), {"docProps/core.xml": f"{before}{mark}2099{after[4:]}"})
    assert state_of(book_of(folder)) == "filled"


def test_an_entity_bomb_is_not_ours(folder):
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    repack(book_of(folder), {"xl/workbook.xml": bomb})
    assert state_of(book_of(folder)) == "foreign"


def test_nothing_is_left_when_writing_fails(folder, monkeypatch):
    built = book_of(folder).read_bytes()
    names = sorted(folder.iterdir())

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device", "elsewhere")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space") as caught:
        build(folder)
    assert caught.value.filename == str(book_of(folder))
    assert book_of(folder).read_bytes() == built
    assert sorted(folder.iterdir()) == names


def test_a_folder_that_is_not_there_is_named(folder, tmp_path):
    with pytest.raises(OSError, match="No such file") as caught:
        build(folder, tmp_path / "none" / "book.xlsx")
    assert caught.value.filename == str(tmp_path / "none" / "book.xlsx")


def test_a_link_stays_a_link(folder, tmp_path):
    (tmp_path / "link.xlsx").symlink_to(book_of(folder))
    build(folder, tmp_path / "link.xlsx")
    assert (tmp_path / "link.xlsx").is_symlink()
