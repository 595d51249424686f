"""Workbooks changed at random: whatever comes out of the reader is a report with its faults, or one WorkbookError."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from support.built import HEINOLA
from support.hostile import Parts, packed, unpacked
from support.office import ODS, Session
from support.shelf import Shelf
from taulukko.errors import Finding, WorkbookError
from taulukko.xlsx import check as checking
from taulukko.xlsx.workbook import Inputs, read_inputs

CODES = {"encrypted", "old_format", "other_format", "too_large", "dangerous", "unreadable", "not_ours", "other_version"}
CODES |= {"names_lost"}
NUMBERS = (b"-1", b"0", b"1e999", b"NaN", b"99999999999999999999", b"1048577", b"0.1", b"\xc2\xb2")
WORDS = (b"", b"&#0;", b"&amp;", b"_x0000_", b"<a/>", b"]]>", b"\x00", b"\xff", b"[", b'["a"]', b"'", b"xmlns", b"A1:")
TARGETS = re.compile(r"xl/(workbook|sharedStrings|worksheets/|tables/|_rels)|\[Content|docProps/core|_rels/\.rels")


@pytest.fixture(scope="module")
def base(shelf: Shelf) -> bytes:
    return shelf.book(HEINOLA, unit="VAKA").read_bytes()


def bytes_changed(data: bytes, chance: random.Random) -> bytes:
    """A file with some bytes flipped, cut off, left out or written twice."""
    match chance.randrange(4):
        case 0:
            return data[: chance.randrange(len(data))]
        case 1:
            start = chance.randrange(len(data))
            return data[:start] + data[start + chance.randrange(1, 200) :]
        case 2:
            start = chance.randrange(len(data))
            return data[:start] + data[start : start + chance.randrange(1, 200)] + data[start:]
    flipped = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        # The last kilobytes are the directory of the zip: most of what can be wrong is there.
        at = chance.randrange(len(data)) if chance.random() < 0.5 else len(data) - chance.randrange(1, 3500)
        flipped[at] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def parts_changed(parts: Parts, chance: random.Random) -> bytes:
    """A file in which some part is gone, or another part's, or has other tags, attributes, numbers or words."""
    changed = dict(parts)
    names = [name for name in changed if TARGETS.match(name)]
    for _ in range(chance.randint(1, 3)):
        name = chance.choice(names)
        match chance.randrange(12):
            case 0:
                changed.pop(name, None)
            case 1:
                changed[name] = parts[chance.choice(names)]
            case _:
                if name in changed:
                    changed[name] = xml_changed(changed[name], chance)
    return packed(changed)


def xml_changed(data: bytes, chance: random.Random) -> bytes:
    pieces = re.split(rb'(<[^>]*>|"[^"]*"|[0-9]+)', data)
    for _ in range(chance.randint(1, 6)):
        at, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        match chance.randrange(6):
            case 0:
                pieces[at], pieces[other] = pieces[other], pieces[at]
            case 1:
                pieces[at] = b""
            case 2:
                pieces[at] = re.sub(rb' [\w:]+="[^"]*"', b"", pieces[at], count=chance.randint(1, 2))
            case 3:
                pieces[at] = re.sub(rb"[0-9]+", lambda _: chance.choice(NUMBERS), pieces[at])
            case 4:
                pieces[at] += chance.choice(WORDS)
            case _:
                pieces[at] = pieces[at][: chance.randrange(len(pieces[at]) + 1)]
    return b"".join(pieces)


def facts_changed(parts: Parts, chance: random.Random) -> bytes:
    """A well-formed file whose texts or values are others, so that it is what they say that is wrong."""
    name = chance.choice(["xl/sharedStrings.xml", "xl/worksheets/sheet15.xml", "xl/worksheets/sheet6.xml"])
    pieces = re.split(rb"(?<=<[tv]>)([^<]+)(?=</[tv]>)", parts[name])
    places = range(1, len(pieces), 2)
    for _ in range(chance.randint(1, 8)):
        at, other = chance.choice(places), chance.choice(places)
        match chance.randrange(4):
            case 0:
                pieces[at], pieces[other] = pieces[other], pieces[at]
            case 1:
                pieces[at] = chance.choice((*NUMBERS[:-1], b"[", b'["a"]', b"null", b'{"a":1}', b"x" * 300))
            case 2:
                pieces[at] = re.sub(rb"[0-9]+", lambda _: chance.choice(NUMBERS[:-1]), pieces[at])
            case _:
                pieces[at] = pieces[at][: chance.randrange(1, len(pieces[at]) + 1)]
    return packed(parts | {name: b"".join(pieces)})


def check(path: Path, thorough: bool) -> str:
    """Read a file both ways; the code of what it is refused for."""
    code = ""
    try:
        assert isinstance(read_inputs(path), Inputs)
    except WorkbookError as error:
        code = error.findings[0].code
        assert code in CODES
    if thorough:
        findings = checking.check(path)
        assert all(isinstance(finding, Finding) for finding in findings)
        codes = [finding.code for finding in findings]
        is_refused = len(codes) == 1 and codes[0] in CODES  # for what is found wrong first, of two things
        assert not code or is_refused or "judged_alone" in codes
    return code


@pytest.mark.parametrize("seed", range(8))
def test_no_change_of_bytes_is_a_traceback(base: bytes, tmp_path: Path, seed: int) -> None:
    chance, path = random.Random(seed), tmp_path / "a.xlsx"
    for _ in range(40):
        path.write_bytes(bytes_changed(base, chance))
        check(path, thorough=chance.random() < 0.1)


@pytest.mark.parametrize("seed", range(8))
def test_no_change_of_parts_is_a_traceback(base: bytes, tmp_path: Path, seed: int) -> None:
    chance, path, parts = random.Random(100 + seed), tmp_path / "a.xlsx", unpacked(base)
    for _ in range(25):
        path.write_bytes(parts_changed(parts, chance))
        check(path, thorough=chance.random() < 0.3)


@pytest.mark.parametrize("seed", range(8))
def test_no_change_of_facts_is_a_traceback(base: bytes, tmp_path: Path, seed: int) -> None:
    chance, path, parts = random.Random(200 + seed), tmp_path / "a.xlsx", unpacked(base)
    codes = set()
    for _ in range(25):
        path.write_bytes(facts_changed(parts, chance))
        codes.add(check(path, thorough=chance.random() < 0.3))
    assert "" in codes


@pytest.mark.parametrize("seed", range(2))
def test_no_change_of_an_ods_is_a_traceback(office: Session, base: bytes, tmp_path: Path, seed: int) -> None:
    (tmp_path / "sent.xlsx").write_bytes(base)
    office.convert(tmp_path / "sent.xlsx", tmp_path / "sent.ods", ODS)
    parts = unpacked((tmp_path / "sent.ods").read_bytes())
    chance, path = random.Random(300 + seed), tmp_path / "a.ods"
    codes = set()
    for _ in range(15):
        path.write_bytes(packed(parts | {"content.xml": xml_changed(parts["content.xml"], chance)}))
        codes.add(check(path, thorough=chance.random() < 0.3))
    assert codes <= {"", *CODES}
    assert {"", "unreadable"} <= codes
