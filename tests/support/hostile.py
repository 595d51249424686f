"""Files that nobody should have to fear: each made from a workbook of ours or from nothing, always the same."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable
from typing import NamedTuple

Parts = dict[str, bytes]
Make = Callable[[bytes], bytes]
"""Makes the bytes of a file from those of a workbook of ours."""


class Hostile(NamedTuple):
    """A file and how it should be told.

    Attributes:
        code: of the one finding; empty when the file is read as usual.
        said: what the English message says of it, where that differs within a code.
    """

    make: Make
    code: str
    said: str


FILES: dict[str, Hostile] = {}
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES, WORKBOOK, TEXTS = "[Content_Types].xml", "xl/workbook.xml", "xl/sharedStrings.xml"
RISKS = "xl/worksheets/sheet8.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
LINKED = "xl/worksheets/_rels/sheet8.xml.rels"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def hostile(code: str, said: str = "") -> Callable[[Make], Make]:
    """Add a file to the collection."""

    def add(make: Make) -> Make:
        FILES[make.__name__] = Hostile(make, code, said)
        return make

    return add


def unpacked(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return {name: book.read(name) for name in book.namelist()}


def packed(parts: Parts, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", packing) as book:
        for name, content in parts.items():
            book.writestr(zipfile.ZipInfo(name), content, packing)
    return data.getvalue()


def with_parts(base: bytes, **others: bytes) -> bytes:
    return packed(unpacked(base) | others)


def changed(base: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """A workbook in one part of which something is put in the place of its first occurrence."""
    parts = unpacked(base)
    assert old in parts[part], (part, old)
    return packed(parts | {part: parts[part].replace(old, new, 1)})


def replaced(base: bytes, part: str, content: bytes) -> bytes:
    return packed(unpacked(base) | {part: content})


def without(base: bytes, part: str) -> bytes:
    parts = unpacked(base)
    del parts[part]
    return packed(parts)


def in_cells(base: bytes, cells: bytes) -> bytes:
    """A workbook with more cells on its sheet of risks, in a row of their own."""
    return changed(base, RISKS, b"</sheetData>", b'<row r="999">' + cells + b"</row></sheetData>")


def typed(base: bytes, kind: bytes, part: bytes = b"/xl/extra.bin") -> bytes:
    """A workbook with one more part of some type."""
    override = b'<Override PartName="%s" ContentType="%s"/></Types>' % (part, kind)
    parts = unpacked(base)
    return packed(parts | {TYPES: parts[TYPES].replace(b"</Types>", override), part.decode()[1:]: b"x"})


def with_an_ending(base: bytes, kind: bytes) -> bytes:
    """A workbook that tells the type of parts with an ending that none has."""
    return changed(base, TYPES, b"<Override", b'<Default Extension="bin" ContentType="%s"/><Override' % kind)


def related(base: bytes, part: str, kind: bytes, target: bytes, mode: bytes = b"") -> bytes:
    """A workbook one part of which leads somewhere else too."""
    relation = b'<Relationship Id="rId998" Type="%s/%s" Target="%s"%s/></Relationships>' % (OFFICE, kind, target, mode)
    return changed(base, part, b"</Relationships>", relation)


def sized(data: bytes, name: bytes, size: int | None = None, checksum: int | None = None) -> bytes:
    """A zip that says another size or checksum of a part than is true."""
    at = data.rfind(name) - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    fields = bytearray(data)
    if size is not None:
        struct.pack_into("<I", fields, at + 24, size)
    if checksum is not None:
        struct.pack_into("<I", fields, at + 16, checksum)
    return bytes(fields)


# What is no workbook


@hostile("other_format", "an empty file")
def nothing(_base: bytes) -> bytes:
    return b""


@hostile("unreadable")
def rubbish(_base: bytes) -> bytes:
    return random.Random(1).randbytes(5000)


@hostile("other_format", "a text file (such as CSV)")
def csv(_base: bytes) -> bytes:
    return "yksikkö;tili;summa\r\nVAKA;henkilöstömenot;-100,5\r\n".encode("cp1252")


@hostile("other_format", "a text file (such as CSV)")
def csv_in_utf16(_base: bytes) -> bytes:
    return "yksikkö\tsumma\r\n".encode("utf-16")


@hostile("other_format", "a web page (HTML)")
def html(_base: bytes) -> bytes:
    return b"\xef\xbb\xbf\r\n<!DOCTYPE html><html><table><tr><td>1</td></tr></table></html>"


@hostile("other_format", "a web page (HTML)")
def html_table(_base: bytes) -> bytes:
    return b"<table border=1><tr><td>VAKA</td></tr></table>"


@hostile("other_format", "a PDF file")
def pdf(_base: bytes) -> bytes:
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"


@hostile("other_format", "an XML file")
def xml(_base: bytes) -> bytes:
    return b'<?xml version="1.0"?><report/>'


@hostile("old_format", "Excel 2003 XML")
def excel_2003_xml(_base: bytes) -> bytes:
    return b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'


@hostile("old_format", "Excel 97–2003, .xls")
def xls(_base: bytes) -> bytes:
    return OLE + bytes(504) + "Root Entry\0".encode("utf-16-le") + bytes(100) + "Workbook\0".encode("utf-16-le")


@hostile("old_format", "Excel 97–2003, .xls")
def excel_95(_base: bytes) -> bytes:
    return OLE + bytes(504) + "Book\0".encode("utf-16-le")


@hostile("encrypted")
def with_a_password(_base: bytes) -> bytes:
    return OLE + bytes(504) + "EncryptionInfo\0".encode("utf-16-le") + "EncryptedPackage\0".encode("utf-16-le")


@hostile("encrypted")
def with_a_sensitivity_label(_base: bytes) -> bytes:
    names = ("\x06DataSpaces", "Workbook", "EncryptedPackage")
    return OLE + bytes(504) + b"".join(f"{name}\0".encode("utf-16-le") for name in names)


@hostile("other_format", "an old Office document or a mail message")
def mail_message(_base: bytes) -> bytes:
    return OLE + bytes(504) + "__properties_version1.0\0".encode("utf-16-le")


@hostile("other_format", "an OpenDocument file other than a spreadsheet")
def odt(_base: bytes) -> bytes:
    mimetype = b"application/vnd.oasis.opendocument.text"
    return packed({"mimetype": mimetype, "content.xml": b"<a/>"}, zipfile.ZIP_STORED)


@hostile("unreadable")
def an_ods_without_sheets(_base: bytes) -> bytes:
    mimetype = b"application/vnd.oasis.opendocument.spreadsheet"
    return packed({"mimetype": mimetype, "content.xml": b"<a/>", "META-INF/manifest.xml": b"<a/>"})


@hostile("other_format", "a Word document")
def docx(_base: bytes) -> bytes:
    return packed({TYPES: b"<Types/>", "word/document.xml": b"<a/>"})


@hostile("other_format", "a PowerPoint presentation")
def pptx(_base: bytes) -> bytes:
    return packed({TYPES: b"<Types/>", "ppt/presentation.xml": b"<a/>"})


@hostile("other_format", "a binary workbook (.xlsb)")
def xlsb(_base: bytes) -> bytes:
    return packed({TYPES: b"<Types/>", "xl/workbook.bin": b"\x83\x01"})


@hostile("other_format", "a zip file")
def zip_of_a_workbook(base: bytes) -> bytes:
    return packed({"osavuosikatsaus.xlsx": base})


@hostile("other_format", "a Strict Open XML spreadsheet")
def strict_open_xml(base: bytes) -> bytes:
    return changed(base, WORKBOOK, MAIN, b"http://purl.oclc.org/ooxml/spreadsheetml/main")


@hostile("identity_missing")
def a_workbook_without_its_identity(base: bytes) -> bytes:
    return changed(base, WORKBOOK, b'name="_taulukko"', b'name="Taul1"')


# Damage


@hostile("unreadable")
def half(base: bytes) -> bytes:
    return base[: len(base) // 2]


@hostile("unreadable")
def without_its_end(base: bytes) -> bytes:
    return base[:-30]


@hostile("unreadable")
def with_another_checksum(base: bytes) -> bytes:
    return sized(base, RISKS.encode(), checksum=1)


@hostile("unreadable")
def packed_otherwise(base: bytes) -> bytes:
    return packed(unpacked(base), zipfile.ZIP_BZIP2)


@hostile("unreadable")
def a_program_before_it(base: bytes) -> bytes:
    return b"MZ\x90\x00\x03\x00" + base


@hostile("unreadable")
def without_content_types(base: bytes) -> bytes:
    return without(base, TYPES)


@hostile("other_format", "a zip file")
def without_anything_known(base: bytes) -> bytes:
    parts = unpacked(base)
    return packed({name: parts[name] for name in parts if name not in (TYPES, WORKBOOK)})


@hostile("unreadable")
def without_the_workbook(base: bytes) -> bytes:
    return without(base, WORKBOOK)


@hostile("unreadable")
def without_texts(base: bytes) -> bytes:
    return without(base, TEXTS)


@hostile("unreadable")
def without_a_sheet(base: bytes) -> bytes:
    return without(base, RISKS)


@hostile("unreadable")
def without_sheets(base: bytes) -> bytes:
    parts = unpacked(base)
    start, end = parts[WORKBOOK].index(b"<sheets>"), parts[WORKBOOK].index(b"</sheets>")
    return packed(parts | {WORKBOOK: parts[WORKBOOK][:start] + b"<sheets>" + parts[WORKBOOK][end:]})


@hostile("unreadable")
def a_relation_to_nothing(base: bytes) -> bytes:
    return changed(base, RELATIONS, b"worksheets/sheet8.xml", b"worksheets/sheet88.xml")


@hostile("unreadable")
def a_relation_out_of_the_file(base: bytes) -> bytes:
    return changed(base, RELATIONS, b"worksheets/sheet8.xml", b"../../../worksheets/passwd")


@hostile("unreadable")
def relations_in_a_circle(base: bytes) -> bytes:
    return related(base, LINKED, b"table", b"../workbook.xml")


@hostile("unreadable")
def another_encoding(base: bytes) -> bytes:
    return replaced(base, RISKS, unpacked(base)[RISKS].decode().replace("UTF-8", "UTF-16").encode("utf-16"))


@hostile("unreadable")
def a_declared_encoding(base: bytes) -> bytes:
    return changed(base, RISKS, b'encoding="UTF-8"', b'encoding="ISO-8859-1"')


@hostile("unreadable")
def no_utf8(base: bytes) -> bytes:
    return changed(base, TEXTS, b"<si><t>", b"<si><t>\xe4\xf6")


@hostile("unreadable")
def xml_without_end(base: bytes) -> bytes:
    return changed(base, RISKS, b"</sheetData>", b"")


@hostile("unreadable")
def a_negative_text(base: bytes) -> bytes:
    return in_cells(base, b'<c r="B999" t="s"><v>-1</v></c>')


@hostile("unreadable")
def a_text_there_is_not(base: bytes) -> bytes:
    return in_cells(base, b'<c r="B999" t="s"><v>99999999999999999999</v></c>')


@hostile("unreadable")
def a_text_without_number(base: bytes) -> bytes:
    return in_cells(base, b'<c r="B999" t="s"><v>one</v></c>')


@hostile("unreadable")
def a_row_there_is_not(base: bytes) -> bytes:
    return in_cells(base, b'<c r="B1048577"><v>1</v></c>')


@hostile("unreadable")
def a_column_there_is_not(base: bytes) -> bytes:
    return in_cells(base, b'<c r="ZZZ999"><v>1</v></c>')


@hostile("unreadable")
def a_shared_formula_of_nobody(base: bytes) -> bytes:
    return in_cells(base, b'<c r="B999"><f t="shared" si="77"/><v>1</v></c>')


# Size


@hostile("too_large", "more than 200 bytes for each packed byte")
def bomb(base: bytes) -> bytes:
    return with_parts(base, extra=bytes(100_000_000))


@hostile("too_large", "more than 256 megabytes when unpacked")
def a_part_that_says_it_is_huge(base: bytes) -> bytes:
    return sized(with_parts(base, extra=random.Random(1).randbytes(2_000_000)), b"extra", size=300_000_000)


@hostile("unreadable")
def a_part_that_says_it_is_small(base: bytes) -> bytes:
    return sized(base, RISKS.encode(), size=1000)


@hostile("too_large", "more than 2 000 parts")
def parts_without_end(base: bytes) -> bytes:
    return with_parts(base, **{f"extra/{number}": b"" for number in range(2000)})


@hostile("too_large", "more than 4 megabytes in one part")
def a_long_part(base: bytes) -> bytes:
    noise = random.Random(1).randbytes(1_000_000).hex().encode()
    return changed(base, WORKBOOK, b"</workbook>", b"<extra>" + noise * 3 + b"</extra></workbook>")


@hostile("too_large", "more than 250 sheets")
def ten_thousand_sheets(base: bytes) -> bytes:
    sheets = b"".join(b'<sheet name="s%d" sheetId="%d" r:id="rId1"/>' % (n, n) for n in range(100, 10_100))
    return changed(base, WORKBOOK, b"</sheets>", sheets + b"</sheets>")


@hostile("too_large", "more than 20 000 defined names")
def names_without_end(base: bytes) -> bytes:
    names = b"".join(b'<definedName name="n%d">Riskit!$A$%d</definedName>' % (n, n) for n in range(1, 20_001))
    return changed(base, WORKBOOK, b"</definedNames>", names + b"</definedNames>")


@hostile("too_large", "more than 200 000 different texts")
def texts_without_end(base: bytes) -> bytes:
    texts = b"".join(b"<si><t>%d</t></si>" % n for n in range(200_001))
    return changed(base, TEXTS, b"</sst>", texts + b"</sst>")


@hostile("too_large", "more than 400 000 filled cells")
def cells_without_end(base: bytes) -> bytes:
    rows = (b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (n, n, n) for n in range(1000, 401_001))
    return changed(base, RISKS, b"</sheetData>", b"".join(rows) + b"</sheetData>")


@hostile("too_large", "more than 100 000 characters in one text")
def a_long_text(base: bytes) -> bytes:
    text = random.Random(1).randbytes(60_000).hex().encode()
    return changed(base, TEXTS, b"</sst>", b"<si><t>" + text + b"</t></si></sst>")


@hostile("too_large", "more than 30 million characters of text")
def a_formula_that_multiplies(base: bytes) -> bytes:
    first = b'<c r="B999"><f t="shared" ref="B999:B9999" si="9">%s</f></c>' % b"+".join([b"A1"] * 2700)
    more = b"".join(b'<c r="B%d"><f t="shared" si="9"/></c>' % row for row in range(1000, 2500))
    return in_cells(base, first + more)


@hostile("too_large", "more than 64 XML elements within one another")
def a_deep_sheet(base: bytes) -> bytes:
    return in_cells(base, b"<a>" * 100_000 + b"</a>" * 100_000)


@hostile("too_large", "more than 1 megabytes in one XML tag")
def a_long_tag(base: bytes) -> bytes:
    noise = random.Random(1).randbytes(1_000_000).hex().encode()
    return in_cells(base, b'<c r="B999" x="' + noise + b'"/>')


@hostile("too_large", "more than 50 000 rows on its identity sheet")
def facts_without_end(base: bytes) -> bytes:
    rows = (b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (row, row) for row in range(1000, 51_001))
    return changed(base, "xl/worksheets/sheet15.xml", b"</sheetData>", b"".join(rows) + b"</sheetData>")


@hostile("too_large", "more than 2 000 added rows")
def a_table_to_the_last_row(base: bytes) -> bytes:
    parts = unpacked(base)
    table = next(name for name in sorted(parts) if name.startswith("xl/tables/"))
    area = parts[table].split(b' ref="')[1].split(b'"')[0]
    longer = area.rstrip(b"0123456789") + b"1048576"
    return packed(parts | {table: parts[table].replace(b'ref="' + area + b'"', b'ref="' + longer + b'"')})


# What may do harm


def laughs(part: bytes) -> bytes:
    """A part in which an entity of entities is used."""
    levels = (b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    declared = b'<!DOCTYPE x [<!ENTITY l0 "ha">' + b"".join(levels) + b"]>"
    start = part.index(b"?>") + 2
    return part[:start] + declared + part[start:].replace(b"<t>", b"<t>&l9;", 1).replace(b"<v>", b"<v>&l9;", 1)


@hostile("dangerous", "XML entities")
def laughs_in_texts(base: bytes) -> bytes:
    return replaced(base, TEXTS, laughs(unpacked(base)[TEXTS]))


@hostile("dangerous", "XML entities")
def laughs_in_a_sheet(base: bytes) -> bytes:
    return replaced(base, RISKS, laughs(unpacked(base)[RISKS]))


@hostile("dangerous", "XML entities")
def an_entity_from_a_file(base: bytes) -> bytes:
    entity = b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><workbook'
    return changed(base, WORKBOOK, b"<workbook", entity)


@hostile("dangerous", "XML entities")
def a_document_type_from_the_net(base: bytes) -> bytes:
    return changed(base, RELATIONS, b"<Relationships", b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><Relationships')


@hostile("dangerous", "XML entities")
def a_parameter_entity(base: bytes) -> bytes:
    entity = b'<!DOCTYPE x [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x">%x;]><Types'
    return changed(base, TYPES, b"<Types", entity)


@hostile("dangerous", "parts with dangerous names")
def a_name_out_of_the_folder(base: bytes) -> bytes:
    return packed(unpacked(base) | {"../../etc/cron.d/x": b"x"})


@hostile("dangerous", "parts with dangerous names")
def an_absolute_name(base: bytes) -> bytes:
    return packed(unpacked(base) | {"/etc/passwd": b"x"})


@hostile("dangerous", "parts with dangerous names")
def a_name_with_a_drive(base: bytes) -> bytes:
    return packed(unpacked(base) | {"C:\\windows\\x.dll": b"x"})


@hostile("dangerous", "parts with dangerous names")
def a_name_out_of_the_folder_for_windows(base: bytes) -> bytes:
    return packed(unpacked(base) | {"xl\\..\\..\\x": b"x"})


@hostile("dangerous", "parts with dangerous names")
def one_name_twice(base: bytes) -> bytes:
    return packed(unpacked(base) | {"xl/WORKBOOK.xml": b"<workbook/>"})


@hostile("dangerous", "macros")
def macros(base: bytes) -> bytes:
    return packed(unpacked(base) | {"xl/vbaProject.bin": OLE})


@hostile("dangerous", "macros")
def macros_by_another_name(base: bytes) -> bytes:
    return typed(base, b"application/vnd.ms-office.vbaProject")


@hostile("dangerous", "macros")
def macros_by_their_ending(base: bytes) -> bytes:
    return packed(unpacked(with_an_ending(base, b"application/vnd.ms-office.vbaProject")) | {"xl/extra.bin": OLE})


@hostile("dangerous", "macros")
def a_workbook_for_macros(base: bytes) -> bytes:
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return changed(base, TYPES, kind, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")


@hostile("dangerous", "macros")
def a_macro_sheet(base: bytes) -> bytes:
    return related(base, RELATIONS, b"xlMacrosheet", b"macrosheets/sheet1.xml")


@hostile("dangerous", "macros")
def a_control(base: bytes) -> bytes:
    return typed(base, b"application/vnd.ms-office.activeX+xml", b"/xl/activeX/activeX1.xml")


@hostile("dangerous", "links to other files")
def a_link_to_another_workbook(base: bytes) -> bytes:
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
    return typed(base, kind, b"/xl/externalLinks/externalLink1.xml")


@hostile("dangerous", "links to other files")
def a_dde_link(base: bytes) -> bytes:
    link = b'<externalLink xmlns="%s"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>' % MAIN
    return replaced(a_link_to_another_workbook(base), "xl/externalLinks/externalLink1.xml", link)


@hostile("dangerous", "links to other files")
def a_relation_to_another_workbook(base: bytes) -> bytes:
    return related(base, RELATIONS, b"externalLink", b"externalLinks/externalLink1.xml")


@hostile("dangerous", "links to other files")
def a_relation_out_of_the_workbook(base: bytes) -> bytes:
    return related(base, RELATIONS, b"oleObject", b"file://server/share/a.xlsx", b' TargetMode="External"')


@hostile("dangerous", "links to other files")
def a_picture_from_the_net(base: bytes) -> bytes:
    return related(base, LINKED, b"image", b"http://127.0.0.1:9/x.png", b' TargetMode="External"')


@hostile("dangerous", "links to other files")
def a_data_connection(base: bytes) -> bytes:
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.connections+xml"
    return typed(base, kind, b"/xl/connections.xml")


@hostile("dangerous", "a formula that starts another program (DDE)")
def a_dde_formula(base: bytes) -> bytes:
    return in_cells(base, b"<c r=\"B999\"><f>cmd|'/c calc'!A0</f><v>0</v></c>")


@hostile("dangerous", "a formula that starts another program (DDE)")
def a_dde_formula_in_disguise(base: bytes) -> bytes:
    first = "xl/worksheets/sheet1.xml"
    cell = b'<row r="999"><c r="B999"><f>cmd&#124;\'/c calc\'!A0</f></c></row></sheetData>'
    return changed(base, first, b"</sheetData>", cell)


@hostile("dangerous", "a formula that starts another program (DDE)")
def a_dde_name(base: bytes) -> bytes:
    return changed(
        base, WORKBOOK, b"<definedNames>", b"<definedNames><definedName name=\"x\">cmd|' /c x'!A0</definedName>"
    )


def a_template_from_elsewhere(base: bytes) -> bytes:
    parts = unpacked(base)
    names = parts[TEXTS].replace(b"<si><t>osavuosikatsaus</t>", b"<si><t>../../../tmp/osavuosikatsaus</t>")
    assert names != parts[TEXTS]
    return packed(parts | {TEXTS: names})


# What looks odd and is read as usual


@hostile("")
def untouched(base: bytes) -> bytes:
    return base


@hostile("")
def a_row_with_a_look(base: bytes) -> bytes:
    return changed(base, RISKS, b"</sheetData>", b'<row r="1048576" s="1" customFormat="1"/></sheetData>')


@hostile("")
def a_cell_with_a_look(base: bytes) -> bytes:
    return changed(base, RISKS, b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>')


@hostile("")
def looks_to_the_last_row(base: bytes) -> bytes:
    rows = (b'<row r="%d" s="1"><c r="A%d" s="1"/></row>' % (row, row) for row in range(1000, 1_048_577))
    return changed(base, RISKS, b"</sheetData>", b"".join(rows) + b"</sheetData>")


@hostile("")
def a_cell_in_the_last_corner(base: bytes) -> bytes:
    return changed(base, RISKS, b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')


@hostile("")
def a_shared_formula_over_the_edge(base: bytes) -> bytes:
    first = b'<c r="C999"><f t="shared" ref="A999:C999" si="9">A1+$A1048576+ZZZ9999999</f></c>'
    return in_cells(base, first + b'<c r="A999"><f t="shared" si="9"/></c>')


@hostile("")
def an_ending_for_binary_workbooks(base: bytes) -> bytes:
    return with_an_ending(base, b"application/vnd.ms-excel.sheet.binary.macroEnabled.main")


@hostile("")
def an_ending_for_macros(base: bytes) -> bytes:
    return with_an_ending(base, b"application/vnd.ms-office.vbaProject")


@hostile("")
def a_hyperlink(base: bytes) -> bytes:
    return related(base, LINKED, b"hyperlink", b"https://www.heinola.fi/", b' TargetMode="External"')


@hostile("")
def a_workbook_within(base: bytes) -> bytes:
    return packed(unpacked(base) | {"xl/embeddings/workbook.xlsx": packed({"bomb": bytes(1_000_000)})})
