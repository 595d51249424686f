"""What a package tells beside its cells: who saved it and when, comments, protection."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter

from taulukko.xlsx.package import open_package

THREAD = (
    '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
    '<threadedComment ref="A1" dT="2024-10-01T08:00:00.00" personId="{1}" id="{1}"><text>Onko tämä oikein?</text>'
    '</threadedComment><threadedComment ref="A1" dT="2024-10-01T09:00:00.00" personId="{2}" id="{2}" parentId="{1}">'
    "<text>On.</text></threadedComment></ThreadedComments>"
)
RELATION = (
    '<Relationship Id="rId99" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" '
    'Target="../threadedComments/threadedComment1.xml"/></Relationships>'
)


def workbook(path: Path, core: str | None = None, thread: bool = False) -> Path:
    """Two sheets, the first protected and with two comments; with other properties or a thread if asked for."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        book.set_properties({"author": "Maija Meikäläinen", "created": datetime(2024, 10, 31, 12, 30, tzinfo=UTC)})
        first, _ = book.add_worksheet("Eka"), book.add_worksheet("Toka")
        first.protect()
        first.write_comment("A1", "Vanha kommentti", {"author": "M"})
        first.write_comment("C5", "Toinen\nrivi", {"author": "M"})
    with zipfile.ZipFile(data) as book, zipfile.ZipFile(path, "w") as copy:
        for name in book.namelist():
            text = book.read(name)
            if name == "docProps/core.xml" and core is not None:
                text = core.encode()
            if name == "xl/worksheets/_rels/sheet1.xml.rels" and thread:
                text = text.replace(b"</Relationships>", RELATION.encode())
            if name != "docProps/core.xml" or text:
                copy.writestr(name, text)
        if thread:
            copy.writestr("xl/threadedComments/threadedComment1.xml", THREAD)
    return path


def core(modified: str) -> str:
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dcterms="http://purl.org/dc/terms/"><dcterms:modified>{modified}</dcterms:modified></cp:coreProperties>'
    )


def test_who_saved_and_when(tmp_path: Path) -> None:
    package = open_package(workbook(tmp_path / "a.xlsx"))
    assert package.saved == datetime(2024, 10, 31, 12, 30, tzinfo=UTC)
    assert package.saved_by == "Maija Meikäläinen"


@pytest.mark.parametrize(
    ("modified", "hour"),
    [("2024-10-31T12:30:00Z", 12), ("2024-10-31T14:30:00+02:00", 12), ("2024-10-31T12:30:00", 12), ("eilen", None)],
)
def test_a_time_of_saving_in_any_zone_is_in_utc(tmp_path: Path, modified: str, hour: int | None) -> None:
    package = open_package(workbook(tmp_path / "a.xlsx", core(modified)))
    assert package.saved == (None if hour is None else datetime(2024, 10, 31, hour, 30, tzinfo=UTC))
    assert package.saved_by == ""


def test_a_file_without_properties(tmp_path: Path) -> None:
    package = open_package(workbook(tmp_path / "a.xlsx", core=""))
    assert (package.saved, package.saved_by) == (None, "")


def test_comments_of_cells(tmp_path: Path) -> None:
    package = open_package(workbook(tmp_path / "a.xlsx"))
    assert package.comments("Eka") == {(0, 0): "Vanha kommentti", (4, 2): "Toinen\nrivi"}
    assert package.comments("Toka") == {}


def test_a_thread_stands_for_the_comment_that_older_programs_show(tmp_path: Path) -> None:
    package = open_package(workbook(tmp_path / "a.xlsx", thread=True))
    assert package.comments("Eka") == {(0, 0): "Onko tämä oikein?\nOn.", (4, 2): "Toinen\nrivi"}


def test_protection_of_sheets(tmp_path: Path) -> None:
    package = open_package(workbook(tmp_path / "a.xlsx"))
    assert [package.is_protected(sheet) for sheet in package.sheets] == [True, False]
