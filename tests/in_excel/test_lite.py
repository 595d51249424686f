"""The code a workbook carries for xlwings Lite: put in, taken out, and nothing else touched."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from support.built import Built
from support.folders import data_folder
from taulukko.builder import build
from taulukko.cli import run
from taulukko.errors import WorkbookError
from taulukko.in_excel.lite import EXTENSION, PANE_RELATIONS, PANES, carried, embed, strip
from taulukko.xlsx.check import check
from taulukko.xlsx.existing import state_of

FILES = {"main.py": 'import xlwings\nprint("ä<&>\'\\n")\n', "requirements.txt": "xlwings\n"}
OURS = [EXTENSION, PANES, PANE_RELATIONS]


@pytest.fixture
def workbook(tmp_path: Path, finnish: Built) -> Path:
    return Path(shutil.copy(finnish.path, tmp_path / "report.xlsx"))


def packed_by_another(path: Path) -> None:
    """Pack each part anew as hard as can be, streamed, at another time."""
    parts = parts_of(path)
    with (
        path.open("wb") as file,
        zipfile.ZipFile(
            Unseekable(file),  # type: ignore[call-overload]
            "w",
            zipfile.ZIP_DEFLATED,
            compresslevel=9,
        ) as book,
    ):
        for name, content in parts.items():
            book.writestr(zipfile.ZipInfo(name, (2024, 9, 30, 12, 0, 0)), content, zipfile.ZIP_DEFLATED)


class Unseekable:
    def __init__(self, file):
        self.write, self.flush = file.write, file.flush


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


@pytest.mark.parametrize("pack", [None, packed_by_another])
def test_what_is_put_in_comes_out_and_leaves_the_very_bytes_there_were(workbook, pack):
    if pack:
        pack(workbook)
    before = workbook.read_bytes()
    embed(workbook, FILES)
    assert workbook.read_bytes() != before
    assert carried(workbook) == FILES
    assert strip(workbook) == FILES
    assert workbook.read_bytes() == before


def test_other_parts_stay_as_they_are_and_in_their_order(workbook):
    before = parts_of(workbook)
    embed(workbook, FILES)
    after = parts_of(workbook)
    assert list(after) == [*before, *OURS]
    assert [name for name in before if before[name] != after[name]] == ["[Content_Types].xml", "_rels/.rels"]


def test_the_same_files_give_the_same_bytes_also_over_others(workbook, tmp_path):
    copy = shutil.copy(workbook, tmp_path / "copy.xlsx")
    embed(workbook, {"main.py": "old"})
    embed(workbook, FILES)
    embed(Path(copy), FILES)
    assert workbook.read_bytes() == Path(copy).read_bytes()


def test_a_workbook_with_code_is_audited_rebuilt_and_opened_as_one_without(workbook):
    before = check(workbook)
    embed(workbook, FILES)
    assert check(workbook) == before
    assert state_of(workbook) == "untouched"
    assert openpyxl.load_workbook(workbook).sheetnames


def test_it_is_taken_out_of_a_workbook_that_was_saved_since(workbook):
    before = parts_of(workbook)
    embed(workbook, FILES)
    packed_by_another(workbook)
    assert strip(workbook) == FILES
    assert parts_of(workbook) == before


def test_an_add_in_of_somebody_else_stays(workbook):
    embed(workbook, FILES)
    parts: dict[str, Any] = {
        name: content.decode() if name.endswith((".xml", ".rels")) else content
        for name, content in parts_of(workbook).items()
    }
    other = EXTENSION.replace("1.xml", "2.xml")
    parts[other] = re.sub("(?i)wa200008175", "wa104381504", parts[EXTENSION])
    relation, pane = (
        re.search(pattern, parts[part])[0]
        for pattern, part in ((r"<Relationship .*/>", PANE_RELATIONS), (r"<wetp:taskpane .*</wetp:taskpane>", PANES))
    )
    parts[PANE_RELATIONS] = parts[PANE_RELATIONS].replace(
        relation, relation + relation.replace("rId1", "rId2").replace("1.xml", "2.xml")
    )
    parts[PANES] = parts[PANES].replace(pane, pane + pane.replace("rId1", "rId2"))
    with zipfile.ZipFile(workbook, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    assert strip(workbook) == FILES
    left = {name: content.decode() for name, content in parts_of(workbook).items() if "webextension" in name}
    assert list(left) == [PANES, PANE_RELATIONS, other]
    assert ("rId1" in left[PANES], "rId2" in left[PANES]) == (False, True)
    assert ("webextension1" in left[PANE_RELATIONS], "webextension2" in left[PANE_RELATIONS]) == (False, True)
    with pytest.raises(ValueError, match="another add-in"):
        embed(workbook, FILES)


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04 and no more"])
def test_what_is_no_workbook_is_refused(tmp_path, content):
    path = tmp_path / "other.xlsx"
    path.write_bytes(content)
    with pytest.raises(WorkbookError):
        strip(path)
    with pytest.raises(WorkbookError):
        embed(path, FILES)
    assert path.read_bytes() == content


def test_strip_on_the_command_line(tmp_path, capsys):
    path = build(data_folder(tmp_path / "data"))
    before = path.read_bytes()
    assert run(["strip", str(path), "--lang", "en"]) == 1
    assert capsys.readouterr().out == f"{path}: carries no code for xlwings Lite; nothing was written.\n"
    embed(path, FILES)
    plain = path.with_name("osavuosikatsaus-plain.xlsx")
    assert run(["strip", str(path), "--lang", "en"]) == 0
    assert capsys.readouterr().out == f"{plain}: without main.py, requirements.txt.\n"
    assert plain.read_bytes() == before
    assert run(["strip", str(path), "--lang", "en"]) == 2
    assert capsys.readouterr().err == f"{plain}: it exists already\n"
    assert run(["strip", str(path), "-o", str(path)]) == 0
    assert path.read_bytes() == before


def test_strip_of_something_else_on_the_command_line(tmp_path, capsys):
    path = tmp_path / "other.xlsx"
    path.write_text("text")
    assert run(["strip", str(path), "--lang", "en"]) == 2
    assert "a text file" in capsys.readouterr().err
