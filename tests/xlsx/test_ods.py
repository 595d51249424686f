"""OpenDocument spreadsheets: what stands in them is read as from an Excel workbook, and what could do harm is not."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED

import pytest

from support.hostile import packed
from taulukko.errors import WorkbookError
from taulukko.formula.references import Area
from taulukko.xlsx.cells import Cell
from taulukko.xlsx.package import Package, open_package

SPACES = {name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text", "script")}
SPACES["calcext"] = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
SPACES["xlink"] = "http://www.w3.org/1999/xlink"
MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
ONE = '<table:table-cell office:value-type="float" office:value="1"%s/>'
TEXT = '<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>'


def content(rows: str, after: str = "", before: str = "") -> bytes:
    spaces = " ".join(f'xmlns:{name}="{space}"' for name, space in SPACES.items())
    sheet = f'<table:table table:name="A"{before}>{rows}</table:table>'
    return f"<office:body {spaces}>{sheet}{after}</office:body>".encode()


def ods(folder: Path, content: bytes, **parts: bytes) -> Path:
    path = folder / "a.ods"
    names = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "META-INF/manifest.xml": b"<a/>"}
    path.write_bytes(packed(names | {"content.xml": content} | parts, ZIP_DEFLATED if parts else ZIP_STORED))
    return path


def row(*cells: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{"".join(cells)}</table:table-row>'


def cells(folder: Path, *rows: str) -> dict[tuple[int, int], Cell]:
    return dict(open_package(ods(folder, content("".join(rows)))).cells("A"))


@pytest.mark.parametrize(
    ("written", "cell"),
    [
        (ONE % "", Cell(1.0)),
        ('<table:table-cell office:value-type="percentage" office:value="0.25"/>', Cell(0.25)),
        ('<table:table-cell office:value-type="float" office:value="1e999"/>', Cell("1e999")),
        ('<table:table-cell office:value-type="date" office:date-value="2024-10-15"/>', Cell(45580.0)),
        ('<table:table-cell office:value-type="boolean" office:boolean-value="true"/>', Cell(True)),
        (TEXT % "a<text:s/><text:s text:c='2'/>b \n c<text:tab/>d", Cell("a   b c\td")),
        (TEXT % "a <text:span>b</text:span> c</text:p><text:p>d<text:line-break/>e", Cell("a b c\nd\ne")),
        (TEXT % "<text:a xlink:href='https://www.heinola.fi/'>Heinola</text:a>", Cell("Heinola")),
        ('<table:table-cell table:formula="of:=[.A1]+1"/>', Cell(None, "A1+1")),
        (
            '<table:table-cell table:formula="of:=1/0" office:value-type="string" calcext:value-type="error">'
            "<text:p>#DIV/0!</text:p></table:table-cell>",
            Cell(None, "1/0", "#DIV/0!"),
        ),
        ("<table:table-cell/>", None),
        (TEXT % "", None),
    ],
)
def test_a_cell(tmp_path: Path, written: str, cell: Cell | None) -> None:
    assert cells(tmp_path, row(written, ONE % "")) == {(0, 0): cell, (0, 1): Cell(1.0)} if cell else {(0, 1): Cell(1.0)}


def test_cells_and_rows_that_are_said_once(tmp_path: Path) -> None:
    blank = '<table:table-cell table:number-columns-repeated="1000000000"/>'
    pair = ONE % ' table:number-columns-repeated="2"'
    found = cells(tmp_path, row(blank, times=3), row("<table:covered-table-cell/>", pair, blank, times=2), row(blank))
    assert found == dict.fromkeys([(3, 1), (3, 2), (4, 1), (4, 2)], Cell(1.0))


def test_a_comment_is_no_text_of_its_cell(tmp_path: Path) -> None:
    note = "<office:annotation><text:p>Kysy</text:p><text:p>Maijalta</text:p></office:annotation>"
    package = open_package(ods(tmp_path, content(row(f"<table:table-cell>{note}</table:table-cell>", ONE % ""))))
    assert package.comments("A") == {(0, 0): "Kysy\nMaijalta"}
    assert dict(package.cells("A")) == {(0, 1): Cell(1.0)}


def test_names_tables_and_protection(tmp_path: Path) -> None:
    names = '<table:named-expressions><table:named-range table:name="Months" table:cell-range-address="$A.$B$1"/>'
    names += '<table:named-range table:name="own" table:cell-range-address="$A.$B$1:.$C$2"/></table:named-expressions>'
    table = '<table:database-range table:name="t_risks" table:target-range-address="A.B5:A.C9"/>'
    local = names.replace("own", "local")
    book = content(row(ONE % "") + local, names + table, ' table:protected="true"')
    package = open_package(ods(tmp_path, book))
    assert package.names == {"months": "A!$B$1", "own": "A!$B$1:$C$2"}
    assert package.area("own") == ("A", Area(0, 1, 1, 2))
    assert {name: (one.sheet, one.area) for name, one in package.tables.items()} == {"t_risks": ("A", Area(4, 1, 8, 2))}
    assert package.is_protected("A")


def test_who_saved_it(tmp_path: Path) -> None:
    meta = b"""<m xmlns:dc="http://purl.org/dc/elements/1.1/"
        xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0">
        <meta:creation-date>2024-10-01T08:00:00</meta:creation-date><dc:date>2024-10-15T09:30:00.123456789</dc:date>
        <dc:creator>Maija</dc:creator></m>"""
    package = open_package(ods(tmp_path, content(row(ONE % "")), **{"meta.xml": meta}))
    assert (package.saved_by, f"{package.saved:%d.%m.%Y %H:%M}", package.is_as_created) == (
        "Maija",
        "15.10.2024 09:30",
        False,
    )


def test_a_link_to_another_file_is_told_with_its_cell(tmp_path: Path) -> None:
    formula = "of:=['file:///C:/a.xlsx'#$Sheet1.A1]"
    cell = f'<table:table-cell table:formula="{formula}" office:value-type="float" office:value="1"/>'
    kept = "<table:table table:name=\"'file:///C:/a.xlsx'#Sheet1\"><table:table-source xlink:href='file:///C:/a.xlsx'/>"
    package = open_package(ods(tmp_path, content(row(cell), f"{kept}{row(ONE % '')}</table:table>")))
    assert list(package.sheets) == ["A"]
    assert list(package.linked()) == ["A!A1"]
    assert package.asks_outside(str(package.cells("A")[0, 0].formula))


def laughs() -> bytes:
    return b'<!DOCTYPE x [<!ENTITY l "ha">]>' + content(row(TEXT % "&l;"))


@pytest.mark.parametrize(
    ("book", "told"),
    [
        (content(row(ONE % ' table:number-columns-repeated="1000000000"')), "too_large: cells"),
        (content(row(ONE % "", times=1_000_000_000)), "too_large: cells"),
        (content(row(ONE % ' table:number-columns-repeated="20000"', times=20_000)), "too_large: cells"),
        (content(row(ONE % "", times=300_000) * 2), "too_large: cells"),
        (content(row(*[ONE % ""] * 400_001)), "too_large: cells"),
        (content(row(TEXT % "<text:s text:c='1000000000'/>")), "too_large: longest"),
        (content(row(TEXT % ("<text:s text:c='90000'/>" * 2))), "too_large: longest"),
        (content(row(TEXT % ("x" * 90_000)) * 350), "too_large: characters"),
        (content("", "".join(f"<table:table table:name='C{n}'/>" for n in range(300))), "too_large: sheets"),
        (content("", "".join(f"<table:named-range table:name='n{n}'/>" for n in range(20_001))), "too_large: names"),
        (content("<a>" * 100 + "</a>" * 100), "too_large: depth"),
        (laughs(), "dangerous: entity"),
        (content(row(ONE % "") + "<table:dde-link/>"), "dangerous: link"),
        (content("<office:dde-source/>"), "dangerous: link"),
        (content("<office:event-listeners><script:event-listener/></office:event-listeners>"), "dangerous: macro"),
        (content("<a xlink:href='http://127.0.0.1:9/x.png'/>"), "dangerous: link"),
        (content(row("<table:table-cell table:number-columns-repeated='20000'/>", ONE % "")), "unreadable"),
        (content(row(times=2_000_000) + row(ONE % "")), "unreadable"),
        (content(row(ONE % ' table:number-columns-repeated="-1"')), "unreadable"),
        (content(row(ONE % ' table:number-columns-repeated="many"')), "unreadable"),
        (content("", "<table:table table:name='A'/>"), "unreadable"),
        (content(row(ONE % ""))[:-30], "unreadable"),
        (b"", "unreadable"),
    ],
)  # fmt: skip
def test_what_could_do_harm_is_not_read(tmp_path: Path, book: bytes, told: str) -> None:
    with pytest.raises(WorkbookError, match=told):
        _read_all(open_package(ods(tmp_path, book)))


@pytest.mark.parametrize(
    ("part", "data", "told"),
    [
        ("content.xml", b"x" + bytes(100_000_000), "too_large: ratio"),
        ("Basic/Standard/Module1.xml", b"Sub x", "dangerous: macro"),
        ("Scripts/python/x.py", b"import os", "dangerous: macro"),
        ("META-INF/manifest.xml", f'<a xmlns="{MANIFEST}"><encryption-data/></a>'.encode(), "encrypted"),
        ("../x", b"", "dangerous: name"),
    ],
)
def test_nor_are_parts(tmp_path: Path, part: str, data: bytes, told: str) -> None:
    with pytest.raises(WorkbookError, match=told):
        _read_all(open_package(ods(tmp_path, content(row(ONE % "")), **{part: data})))


def _read_all(package: Package) -> None:
    for sheet in package.sheets:
        package.cells(sheet)
