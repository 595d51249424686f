"""The quick way to read cells and texts gives what the thorough way gives, or nothing."""

from __future__ import annotations

import random
import re
from io import BytesIO
from xml.parsers.expat import ExpatError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.built import HEINOLA
from support.shelf import Shelf
from taulukko.errors import WorkbookError
from taulukko.xlsx.cells import MAIN, Cell, Place, Room, read_cells
from taulukko.xlsx.package import open_package
from taulukko.xlsx.scan import numbered, scan_cells, scan_texts
from taulukko.xlsx.texts import read_texts

TEXTS = ["", "Riski", "1 < 2", "ä\n_x000D_"]
HARM = (ExpatError, ValueError, LookupError, WorkbookError)
Parts = dict[str, bytes]


def thorough(data: bytes, texts: list[str]) -> dict[Place, Cell] | None:
    try:
        return dict(read_cells(BytesIO(data), texts, Room()))
    except HARM:
        return None


def quick(data: bytes, texts: list[str]) -> dict[Place, Cell] | None:
    found = scan_cells(data, numbered(texts), Room())
    return None if found is None else dict(found)


def sheet(rows: str, root: str = "", tail: str = "") -> bytes:
    return f'<worksheet xmlns="{MAIN[:-1]}"{root}><sheetData>{rows}</sheetData>{tail}</worksheet>'.encode()


@pytest.fixture(scope="module")
def parts(shelf: Shelf) -> tuple[Parts, list[str], bytes]:
    """The sheets of a workbook of ours, its texts, and the part that lists them."""
    package = open_package(shelf.book(HEINOLA, unit="VAKA"))
    texts = package.container.small("xl/sharedStrings.xml")
    sheets = {title: package.container.small(part) for title, part in package.sheets.items()}
    return sheets, read_texts(BytesIO(texts), Room()), texts


def test_every_sheet_of_ours_is_read_the_quick_way(parts: tuple[Parts, list[str], bytes]) -> None:
    sheets, texts, listed = parts
    assert scan_texts(listed, Room()) == texts
    for title, data in sheets.items():
        found = scan_cells(data, numbered(texts), Room())
        assert found is not None, title
        wanted = read_cells(BytesIO(data), texts, Room())
        assert list(found.items()) == list(wanted.items())
        assert found.rows() == sorted({row for row, _ in wanted})
        assert len(found) == len(wanted)


WRITTEN = (
    '<c r="A1" s="1"/>',
    '<c r="B2" t="s"><v>1</v></c>',
    '<c r="B2" t="s"><v>01</v></c>',
    '<c r="B2" t="s"><v>0</v></c>',
    '<c r="B3" t="s"><v>9</v></c>',
    '<c r="XFD1048576"><v>-1.5e3</v></c>',
    '<c r="XFE1"><v>1</v></c>',
    '<c r="A1048577"><v>1</v></c>',
    '<c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    '<c r="C2" t="str"><f>A1&amp;"&lt;"</f><v>_x005F_x000D_ &amp;amp; &lt;</v></c>',
    '<c r="C3" t="str"><f>A1</f><v></v></c>',
    '<c r="C3"><f></f><v>1</v></c>',
    '<c r="C4"><f aca="false">A1</f></c>',
    '<c r="C5"><f t="shared" ref="C5:C6" si="0">A1</f><v>1</v></c>',
    '<c r="C6"><f t="shared" si="0"/><v>1</v></c>',
    '<c r="C7"><v>1e999</v></c>',
    '<c r="C7"><v>1_0</v></c>',
    '<c r="C8"><v> 5 </v></c>',
    '<c r="C8"><v>&#53;</v></c>',
    '<c r="C9" t="str"><v>a\r\nb</v></c>',
    '<c r="C9" t="str"><v>a\tb\n</v></c>',
    '<c r="C9" t="str"><v>]]></v></c>',
    '<c r="C9" t="str"><v>\x01</v></c>',
    '<c r="C9" t="str"><v>&bad;</v></c>',
    '<c r="C9" t="str"><v>\ufffe</v></c>',
    '<c r="D1" t="b"><v>1</v></c>',
    '<c r="D1" t="inlineStr"><is><t>a</t></is></c>',
    '<c r="D2" t="n" foo="1"><v>1</v></c>',
    '<c s="1" r="D3"><v>1</v></c>',
    "<c><v>1</v></c>",
    '<c r="D4"><v>1</v><f>A1</f></c>',
    '<c r="D5"><f>A1</f><v>1</v><v>2</v></c>',
    '<c r="D6"> <v>1</v></c>',
    "<c r='D7'><v>1</v></c>",
    '<x:c xmlns:x="y" r="D8"><v>1</v></x:c>',
    '<c r="D9" xmlns="y"><v>1</v></c>',
    '<!-- <c r="E1"><v>1</v></c> -->',
    '<![CDATA[<c r="E2"><v>1</v></c>]]>',
    '<?x <c r="E3"><v>1</v></c>?>',
    '<c r="E4"><v><![CDATA[1]]></v></c>',
    '<extLst><c r="E5"><v>1</v></c></extLst>',
    "</row><row>",
    '</row><row r="9" x14ac:dyDescent="1">',
    '</row><row xmlns="y">',
    "</row><row/><row>",
    "</row></sheetData><sheetData><row>",
    "</row>",
    "text",
)


@given(st.lists(st.sampled_from(WRITTEN), max_size=5), st.sampled_from(["", ' xmlns:x14ac="z"', ' xmlns:y="y"']))
def test_what_is_read_the_quick_way_is_read_the_same(cells: list[str], root: str) -> None:
    data = sheet(f'<row r="1">{"".join(cells)}</row>', root)
    found = quick(data, TEXTS)
    if found is not None:
        assert found == thorough(data, TEXTS)


@pytest.mark.parametrize(
    "data",
    [
        sheet('<row><c r="A1"><v>1</v></c></row>', ' xmlns:x="y"', '<x xmlns="y"/>'),
        sheet('<row><c r="A1"><v>1</v></c></row>', "", "<sheetData/>"),
        sheet('<row><c r="A1"><v>1</v></c></row>', "", "<a>"),
        sheet('<row><c r="A1"><v>1</v></c></row>').replace(b"<sheetData>", b"<!-- <sheetData>", 1) + b"<!-- -->",
        sheet('<row><c r="A1"><v>1</v></c></row>')
        .replace(b"<sheetData>", b"<!-- <sheetData>")
        .replace(b"</sheetData>", b"</sheetData> -->"),
        sheet('<row><c r="A1"><v>1</v></c></row>')
        .replace(b"<sheetData>", b"<?x <sheetData>")
        .replace(b"</sheetData>", b"</sheetData> ?>"),
        sheet('<row><c r="A1"><v>1</v></c></row>').replace(b"<sheetData>", b'<a xmlns="y"><sheetData>'),
        b"<!DOCTYPE worksheet>" + sheet('<row><c r="A1"><v>1</v></c></row>'),
        sheet('<row><c r="A1"><v>1</v></c></row>').replace(b"/main", b"/other"),
        sheet('<row><c r="A1"><v>1</v></c></row>').decode().encode("utf-16"),
    ],
)
def test_what_may_mean_something_else_is_left_to_the_thorough_way(data: bytes) -> None:
    assert quick(data, TEXTS) is None


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A part in which a few bytes, tags, numbers or attributes are others."""
    pieces = re.split(rb"(<[^>]*>|[0-9]+)", data)
    for _ in range(chance.randint(1, 3)):
        at, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        match chance.randrange(5):
            case 0:
                pieces[at], pieces[other] = pieces[other], pieces[at]
            case 1:
                pieces[at] = b""
            case 2:
                pieces[at] = pieces[at].replace(b' r="', b' q="').replace(b"1", b"-7")
            case 3:
                pieces[at] += chance.choice((b"&", b"<", b"\x00", b"]]>", b"|", b"&#10;", b"\xff", b" ", b'"'))
            case _:
                cut = pieces[at]
                pieces[at] = cut[: len(cut) // 2]
    return b"".join(pieces)


def test_changed_sheets_are_read_the_same_or_not_the_quick_way(parts: tuple[Parts, list[str], bytes]) -> None:
    sheets, texts, listed = parts
    chance, read = random.Random(20240930), 0
    for _ in range(12):
        for title in ("Palvelualueiden tavoitteet", "Riskit", "Parametrit", "_taulukko"):
            data = mutated(sheets[title], chance)
            found = quick(data, texts)
            if found is not None:
                read += 1
                assert found == thorough(data, texts)
        data = mutated(listed, chance)
        scanned = scan_texts(data, Room())
        if scanned is not None:
            assert scanned == read_texts(BytesIO(data), Room())
    assert read > 5
