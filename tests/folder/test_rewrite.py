"""Rows of a CSV file change, and nothing else does."""

from __future__ import annotations

import csv
import io
import itertools
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from support.built import HEINOLA, ROOT
from support.folders import data_folder
from taulukko.folder.data_folder import load, write_csv
from taulukko.folder.rewrite import by_id, natural, rewritten

COLUMNS = ("id", "unit", "text")
FILES = [
    path
    for folder in (HEINOLA, ROOT / "tests/data/puro-sivistys-2025-04")
    for path in sorted(folder.glob("*.csv"))
    if path.name != "controls.csv"
]
"""Files whose rows have keys."""

Changes = dict[tuple[str, ...], dict[str, str] | None]


def change(content, changes, order=by_id):
    return rewritten(content, COLUMNS, ("id",), {(id,): row for id, row in changes.items()}, order)


def rows_of(content: bytes) -> dict[str, dict[str, str]]:
    """The records of a file by id, read as a data folder reads them."""
    lines = [
        row
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        if any(cell.strip() for cell in row) and not row[0].lstrip().startswith("#")
    ]
    header = [cell.strip() for cell in lines[0]]
    return {row["id"]: row for row in (dict(zip(header, line, strict=True)) for line in lines[1:])}


def raw_rows(content: bytes) -> list[tuple[str, str]]:
    """Everything in a file as it stands, without line ends; the first field of each, or what stands for it."""
    lines = list(io.StringIO(content.decode("utf-8-sig"), newline=""))
    reader = csv.reader(lines, strict=True)
    found, start = [], 0
    for row in reader:
        found.append(((row or [""])[0], "".join(lines[start : reader.line_num]).rstrip("\r\n")))
        start = reader.line_num
    return found


CASES = {
    "a field that needs quotation marks": (
        b"id,unit,text\nX1,A,a\n", {"X1": {"text": 'b, "c"'}}, b'id,unit,text\nX1,A,"b, ""c"""\n',
    ),
    "the other fields of the row as they were": (
        b'id,unit,text\n"X1","A",1.00\n', {"X1": {"unit": "B"}}, b'id,unit,text\n"X1",B,1.00\n',
    ),
    "a field that says the same already": (
        b'id,unit,text\nX1,"A",a\n', {"X1": {"unit": "A", "text": "a"}}, b'id,unit,text\nX1,"A",a\n',
    ),
    "comments and blank lines": (
        b"# top\nid,unit,text\n\n# of X1, A\nX1,A,a\n,,\nX3,A,c\n# end\n", {"X2": {"text": "b"}, "X1": {"text": "z"}},
        b"# top\nid,unit,text\n\n# of X1, A\nX1,A,z\nX2,,b\n,,\nX3,A,c\n# end\n",
    ),
    "a comment stays above its row": (
        b"id,unit,text\n# of X2\nX2,A,b\n", {"X1": {"text": "a"}}, b"id,unit,text\nX1,,a\n# of X2\nX2,A,b\n",
    ),
    "a comment of a removed row": (
        b"id,unit,text\n# of X1\nX1,A,a\nX2,A,b\n", {"X1": None}, b"id,unit,text\n# of X1\nX2,A,b\n",
    ),
    "a comment over two lines": (
        b'id,unit,text\n"# one\ntwo"\nX2,A,b\n', {"X1": {}}, b'id,unit,text\nX1,,\n"# one\ntwo"\nX2,A,b\n',
    ),
    "examples to be filled in": (
        b"id,unit,text\n# explained\n# X1,A,example\n", {"X1": {"text": "a"}},
        b"id,unit,text\n# explained\n# X1,A,example\nX1,,a\n",
    ),
    "a byte order mark and Windows lines": (
        b"\xef\xbb\xbfid,unit,text\r\nX1,A,a\r\nX3,A,\"c\r\nd\"\r\n", {"X1": {"text": "z"}, "X2": {"text": "b"}},
        b"\xef\xbb\xbfid,unit,text\r\nX1,A,z\r\nX2,,b\r\nX3,A,\"c\r\nd\"\r\n",
    ),
    "lines ended in two ways": (
        b"id,unit,text\r\nX1,A,a\nX3,A,c\r\n", {"X1": {"text": "z"}, "X2": {}},
        b"id,unit,text\r\nX1,A,z\nX2,,\r\nX3,A,c\r\n",
    ),
    "a text of two lines that says the same": (
        b'id,unit,text\r\nX1,A,"a\r\nb"\r\n', {"X1": {"text": "a\nb", "unit": "B"}},
        b'id,unit,text\r\nX1,B,"a\r\nb"\r\n',
    ),
    "quoted lines": (
        b'id,unit,text\nX1,A,"a\n# b\n\nX9,c"\nX2,A,"d\ne"\n', {"X2": {"text": "f\ng"}, "X9": None},
        b'id,unit,text\nX1,A,"a\n# b\n\nX9,c"\nX2,A,"f\ng"\n',
    ),
    "another order of columns": (
        b"text, id ,unit\na,X1,A\n", {"X1": {"text": "z"}, "X2": {"text": "b", "unit": "B"}},
        b"text, id ,unit\nz,X1,A\nb,X2,B\n",
    ),
    "no last line end": (
        b"id,unit,text\nX1,A,a", {"X2": {"text": "b"}}, b"id,unit,text\nX1,A,a\nX2,,b",
    ),
    "no last line end, the last row removed": (
        b"id,unit,text\nX1,A,a\nX2,A,b", {"X2": None}, b"id,unit,text\nX1,A,a",
    ),
    "no file": (None, {"X10": {"text": "b"}, "X9": {"unit": "A"}}, b"id,unit,text\nX9,A,\nX10,,b\n"),
    "no file and no rows": (None, {"X1": None}, b"id,unit,text\n"),
    "an empty file": (b"", {"X1": {}}, b"id,unit,text\nX1,,\n"),
    "a header alone": (b"\xef\xbb\xbftext,unit,id\r\n", {"X1": {}}, b"\xef\xbb\xbftext,unit,id\r\n,,X1\r\n"),
    "a header alone and nothing new": (b"text,unit,id\r\n", {"X1": None}, b"text,unit,id\r\n"),
    "a key in other letters": (b"id,unit,text\nx1 ,A,a\n", {"X1": {"text": "b"}}, b"id,unit,text\nx1 ,A,b\n"),
    "two keys in other letters": (
        b"id,unit,text\nx1,A,a\n", {"X1": {"text": "c"}, "x1": {"text": "b"}}, b"id,unit,text\nX1,,c\nx1,A,b\n",
    ),
    "a row of another width": (b"id,unit,text\nX1,A\nX2,A,b\n", {"X1": {}, "X2": None}, b"id,unit,text\nX1,A\nX1,,\n"),
    "the last row removed and a comment left": (
        b"id,unit,text\nX1,A,a\n# end", {"X1": None}, b"id,unit,text\n# end",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "changes", "expected"), CASES.values(), ids=CASES)
def test_a_change(content, changes, expected):
    assert change(content, changes) == expected


def test_a_row_that_would_not_be_read_is_refused():
    for id in ("#1", " # 1", " "):
        with pytest.raises(ValueError, match=id.strip() or ",,"):
            change(None, {id: {}})
    with pytest.raises(ValueError, match="#"):
        rewritten(b"text,id\na,X1\n", ("id", "text"), ("id",), {("X1",): {"text": "#a"}}, by_id)


def test_a_column_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="colour"):
        change(b"id,unit,text\nX1,A,a\n", {"X1": {"colour": "red"}})
    with pytest.raises(ValueError, match="colour"):
        change(None, {"X1": {"colour": "red"}})
    with pytest.raises(ValueError, match="id"):
        change(b"unit,text\nA,a\n", {"X1": {}})


def test_rows_added_to_a_new_folder_stay_below_its_examples():
    content = b"id,unit,text\n# What each column is\n# X1,A,example\n"
    for id in ("X2", "X1", "X3"):
        content = change(content, {id: {}})
    assert content == b"id,unit,text\n# What each column is\n# X1,A,example\nX1,,\nX2,,\nX3,,\n"


def test_a_row_without_rank_is_last_and_others_pass_it():
    def known(key):
        return ["a", "b", "c"].index(key[0]) if key[0] in "abc" else None

    content = b"id,unit,text\nb,,\n?,,\n"
    assert change(content, {"!": {}, "c": {}, "a": {}}, known) == b"id,unit,text\na,,\nb,,\n?,,\n!,,\nc,,\n"


def test_keys_of_two_columns():
    lines = ["sales", "fees"]
    content = b"unit,line,actual\nA,sales,1\nB,fees,1.00\n"
    places: dict[tuple[str, ...], Any] = {
        (unit, line): (number, lines.index(line)) for number, unit in enumerate("AB") for line in lines
    }
    changes: Changes = {("B", "sales"): {"actual": "2"}, ("A", "fees"): {"actual": "3"}}
    expected = b"unit,line,actual\nA,sales,1\nA,fees,3\nB,sales,2\nB,fees,1.00\n"
    assert rewritten(content, ("unit", "line", "actual"), ("unit", "line"), changes, places.get) == expected


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_files_stay_when_nothing_changes_and_when_each_row_is_removed_and_added(path):
    content = path.read_bytes()
    header = tuple(content.decode().splitlines()[0].split(","))
    key = ("unit", "line") if path.name == "income_statement.csv" else header[:1]
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    ranks = {tuple(row[part] for part in key): number for number, row in enumerate(rows)}
    same = {tuple(row[part] for part in key): row for row in rows}
    assert len(same) == len(rows)
    assert rewritten(content, header, key, same, ranks.get) == content
    for name, row in list(same.items())[:40]:
        less = rewritten(content, header, key, {name: None}, ranks.get)
        assert len(less) < len(content)
        again = rewritten(less, header, key, {name: row}, ranks.get)
        assert list(csv.reader(io.StringIO(again.decode()))) == list(csv.reader(io.StringIO(content.decode())))


def test_a_data_folder_reads_what_was_written(tmp_path):
    folder = data_folder(tmp_path / "data", texts="X1,description,VAKA,Yksi")
    path = folder / "texts.csv"
    changes: Changes = {
        ("X2",): {"topic": "description", "unit": "VAKA", "text": 'Kaksi, "2"\n# kolme'},
        ("X1",): {"text": "1"},
    }
    path.write_bytes(rewritten(path.read_bytes(), ("id", "topic", "unit", "text"), ("id",), changes, by_id))
    report, _ = load(folder)
    assert [row["text"] for row in report.rows("texts")] == ["1", 'Kaksi, "2"\n# kolme']


# What follows holds for any file.

texts = st.text(st.sampled_from('ab ,"#\n;ä'), max_size=6)
ids = st.builds("{}{}".format, st.sampled_from("PR"), st.integers(1, 12))
records = st.dictionaries(ids, st.fixed_dictionaries({"unit": texts, "text": texts}), max_size=6)
changed = st.dictionaries(
    ids, st.none() | st.fixed_dictionaries({}, optional={"unit": texts, "text": texts}), max_size=6
)


@st.composite
def files(draw: st.DrawFn, in_order: bool = False, notes: bool = True) -> bytes:
    """A file as somebody may have written it."""
    end = draw(st.sampled_from(["\n", "\r\n"]))
    rows = draw(records)
    header = ("id", *draw(st.permutations(["unit", "text"])))
    some = st.lists(st.sampled_from(["# note", "", ",,", '"# a\n, b"', " # x,y"]), max_size=2 if notes else 0)
    lines = [*draw(some), ",".join(header)]
    for id in sorted(rows, key=natural) if in_order else rows:
        fields = [id, *(rows[id][name] for name in header[1:])]
        bare = [not set(field) & set(',"\n') and draw(st.booleans()) for field in fields]
        quoted = ['"' + field.replace('"', '""') + '"' for field in fields]
        lines += [
            *draw(some),
            ",".join(f if is_bare else q for f, q, is_bare in zip(fields, quoted, bare, strict=True)),
        ]
    lines += draw(some)
    mark = "\ufeff" if draw(st.booleans()) else ""
    return (mark + end.join(lines) + (end if draw(st.booleans()) else "")).encode()


@given(files(), changed)
def test_the_rows_are_those_of_the_file_with_the_changes(content, changes):
    expected = rows_of(content)
    for id, row in changes.items():
        if row is None:
            expected.pop(id, None)
        else:
            expected[id] = expected.get(id, {"id": id, "unit": "", "text": ""}) | row
    assert rows_of(change(content, changes)) == expected


@given(files(), changed)
def test_what_is_not_changed_keeps_its_bytes(content, changes):
    assume(len(raw_rows(content)) > 1)
    after = change(content, changes)
    assert [raw for id, raw in raw_rows(after) if id not in changes] == [
        raw for id, raw in raw_rows(content) if id not in changes
    ]
    assert after.startswith(b"\xef\xbb\xbf") == content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in content or b"\r\n" not in after
    assert after.endswith(b"\n") == content.endswith(b"\n") or not raw_rows(after)[-1][1]


@given(files(), changed)
def test_what_says_the_same_changes_nothing(content, changes):
    assert change(content, rows_of(content)) == content
    assert change(content, dict.fromkeys(changes.keys() - rows_of(content).keys())) == content


@given(files(), changed)
def test_rows_added_and_removed_again_leave_no_trace(content, changes):
    assume(len(raw_rows(content)) > 1)
    new = changes.keys() - rows_of(content).keys()
    assert change(change(content, {id: {} for id in new}), dict.fromkeys(new)) == content


@given(files(in_order=True, notes=False))
def test_rows_removed_and_added_again_leave_no_trace(content):
    rows = rows_of(content)
    plain = change(content, {id: {"text": "x", "unit": "y"} for id in rows})
    for id in rows if len(rows) > 1 else ():
        again = change(change(plain, {id: None}), {id: rows_of(plain)[id]})
        assert again.replace(b'"', b"") == plain.replace(b'"', b"")


@given(files(), changed)
def test_doing_it_twice_is_doing_it_once(content, changes):
    once = change(content, changes)
    assert change(once, changes) == once


@given(files(in_order=True), st.lists(ids, unique=True, max_size=5), st.randoms())
def test_a_file_in_order_stays_in_order_however_rows_are_added(content, new, random):
    together = change(content, {id: {} for id in new})
    random.shuffle(new)
    one_by_one = content
    for id in new:
        one_by_one = change(one_by_one, {id: {}})
    assert list(rows_of(together)) == sorted(rows_of(together), key=natural)
    assert list(rows_of(one_by_one)) == list(rows_of(together))
    has_notes = len(raw_rows(content)) > len(rows_of(content)) + 1
    assert has_notes or one_by_one == together


@given(records)
def test_a_file_made_from_nothing_is_that_of_write_csv(tmp_path_factory, rows):
    path = tmp_path_factory.getbasetemp() / "made.csv"
    order = sorted(rows, key=natural)
    write_csv(path, COLUMNS, [{"id": id, **rows[id]} for id in order])
    for content in (None, b"", b"id,unit,text\n"):
        if rows or content != b"":
            assert change(content, rows) == path.read_bytes()


@given(st.lists(st.text(st.sampled_from("aP01²9 -"), max_size=5)))
def test_natural_order_is_an_order(found):
    ordered = sorted(found, key=natural)
    assert all(natural(a) <= natural(b) for a, b in itertools.pairwise(ordered))
    assert all((natural(a) == natural(b)) == (a == b) for a, b in itertools.pairwise(ordered))
