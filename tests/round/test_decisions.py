"""A file in which somebody decides of conflicts, removals and odd values, and which is carried out field by field."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support.filled import Copy, Sent
from support.returned import START, fields_in, gathered, made_up, quickly, sent, state
from support.typed import typed
from taulukko.builder import build
from taulukko.cli import run
from taulukko.errors import FaultsError
from taulukko.folder.data_folder import load
from taulukko.folder.journal import read_entries
from taulukko.report.inputs import Key
from taulukko.report.model import Input
from taulukko.round.collect import Collected

FEES: Key = ("income_statement", "VAKA.fees", "explanation")
STAFF: Key = ("income_statement", "VAKA.personnel_costs", "explanation")
IMPACT: Key = ("risks", "R1", "likelihood")


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with quickly():
        yield made_up(tmp_path_factory.mktemp("decisions") / "data")


@pytest.fixture
def folder(start: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(start, tmp_path / "data"))


@pytest.fixture(scope="module")
def vaka(start: Path) -> Sent:
    return sent("VAKA", *load(start))


@pytest.fixture
def returned(vaka: Sent, folder: Path) -> list[Copy]:
    """What two people made of one workbook: both explained, one removed a risk that the other has changed."""
    anna, bertta = Copy.of(vaka), Copy.of(vaka)
    for hour, (copy, by) in enumerate([(anna, "Anna"), (bertta, "Bertta")]):
        copy.saved, copy.saved_by = START.replace(hour=hour), by
    anna.fill(FEES, "Annan")
    anna.fill(STAFF, "Annan; toinen\nrivi")
    anna.fill(IMPACT, 3)
    bertta.fill(FEES, "Bertan")
    bertta.fill(STAFF, "+5 % riski")
    bertta.empty(("risks", "R1"))
    bertta.empty(("risks", "R3"))
    gathered(folder, [anna], START)
    return [bertta]


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def decided(path: Path, take: Callable[[str, str], str]) -> None:
    """Decide by record and field, and save as Excel does in Finnish."""
    header, *rows = rows_of(path)
    rows = [[take(row[2], row[3]), *row[1:]] for row in rows]
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\r\n").writerows([header, *rows])


def collected(folder: Path, copies: list[Copy], **options: Any) -> list[Collected]:
    return gathered(folder, copies, START, **options)


def value(folder: Path, key: Key) -> Input:
    return fields_in(folder).get(key[:2], {}).get(key[2])


def left(results: list[Collected]) -> set[tuple[str, str, str]]:
    return {(one.event, one.record, one.field) for result in results for one in result.left}


def test_each_question_is_a_row_in_the_language_of_the_report(folder: Path, returned: list[Copy]) -> None:
    before, path = state(folder), folder.with_name("decisions.csv")
    collected(folder, returned, decide=path)
    assert state(folder) == before, "nothing else is done"
    header, *rows = rows_of(path)
    assert header[:4] == ["ota (ours tai theirs)", "yksikkö", "rivi", "kenttä"]
    told = {(row[2], row[3]): row[4:9] for row in rows}
    assert {row[0] for row in rows} == {""}
    assert told["income_statement.VAKA.fees", "explanation"][:3] == ["", "Annan", "Bertan"]
    assert told["income_statement.VAKA.personnel_costs", "explanation"][:3] == [
        "Selitys",
        "Annan; toinen\nrivi",
        "'+5 % riski",
    ]
    assert told["risks.R1", ""][2:] == ["", "", "Bertta"]
    assert "risk: Tulva" in told["risks.R1", ""][1]
    assert set(told) == {
        ("income_statement.VAKA.fees", "explanation"),
        ("income_statement.VAKA.personnel_costs", "explanation"),
        ("risks.R1", ""),
        ("risks.R3", ""),
    }


def test_decisions_are_carried_out_field_by_field(folder: Path, returned: list[Copy]) -> None:
    path = folder.with_name("decisions.csv")
    collected(folder, returned, decide=path)
    decided(
        path, lambda record, field: "Theirs " if record.endswith(("costs", "R1")) else "ours" if "R3" in record else ""
    )
    results = collected(folder, returned, decisions=path)
    assert value(folder, STAFF) == "+5 % riski"
    assert value(folder, FEES) == "Annan"
    assert ("risks", "R1") not in fields_in(folder)
    assert ("risks", "R3") in fields_in(folder)
    assert {(event, record) for event, record, _ in left(results)} == {("conflict", "VAKA.fees"), ("kept", "R3")}
    done = state(folder)
    collected(folder, returned, decisions=path)
    assert state(folder) == done, "what has been carried out is not done again"
    again = collected(folder, returned)
    assert left(again) == {("conflict", "VAKA.fees", "explanation")}, "what was decided is not asked again"
    assert ("risks", "R3") in fields_in(folder)


def test_a_blank_that_was_decided_is_not_filled_by_a_copy_of_somebody_else(folder: Path, vaka: Sent) -> None:
    anna = Copy.of(vaka)
    anna.fill(FEES, "Annan")
    anna.saved, anna.saved_by = START.replace(hour=1), "Anna"
    bertta = anna.another()
    bertta.saved, bertta.saved_by = START.replace(hour=2), "Bertta"
    emptied = bertta.another()
    emptied.fill(FEES, None)
    emptied.fill(IMPACT, 3)
    emptied.saved, emptied.saved_by = START.replace(hour=3), "Bertta"
    collected(folder, [bertta])
    path = folder.with_name("decisions.csv")
    collected(folder, [emptied], decide=path)
    decided(path, lambda record, field: "theirs")
    collected(folder, [emptied], decisions=path)
    assert value(folder, FEES) is None
    assert left(collected(folder, [anna])) == {("conflict", "VAKA.fees", "explanation")}
    assert value(folder, FEES) is None


def test_what_is_undecided_changes_nothing(folder: Path, returned: list[Copy]) -> None:
    before, path = fields_in(folder), folder.with_name("decisions.csv")
    collected(folder, returned, decide=path)
    results = collected(folder, returned, decisions=path)
    assert fields_in(folder) == before
    assert {(event, record) for event, record, _ in left(results)} == {
        ("conflict", "VAKA.fees"),
        ("conflict", "VAKA.personnel_costs"),
        ("conflict", "R1"),
        ("undecided", "R3"),
    }


def by_hand(folder: Path, returned: list[Copy]) -> None:
    file = folder / "income_statement.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("Annan,", "Käsin,"), encoding="utf-8")


def another_file(folder: Path, returned: list[Copy]) -> None:
    returned[0] = returned[0].another()
    returned[0].fill(FEES, "Bertan uusi")


@pytest.mark.parametrize("change", [by_hand, another_file])
def test_decisions_that_do_not_fit_any_more_are_told_and_nothing_is_done(
    folder: Path, returned: list[Copy], change: Callable[[Path, list[Copy]], None]
) -> None:
    path = folder.with_name("decisions.csv")
    collected(folder, returned, decide=path)
    decided(path, lambda record, field: "theirs")
    row = next(
        number
        for number, row in enumerate(csv.reader(path.open(encoding="cp1252"), delimiter=";"), 1)
        if "fees" in row[2]
    )
    change(folder, returned)
    before = state(folder)
    with pytest.raises(FaultsError) as told:
        collected(folder, returned, decisions=path)
    assert {fault.code for fault in told.value.findings} == {"decision_unfit"}
    assert str(row) in {fault.place for fault in told.value.findings}
    assert state(folder) == before
    collected(folder, returned, decide=path)
    takes = {(row[2], row[3]): row[0] for row in rows_of(path)[1:]}
    assert takes["income_statement.VAKA.fees", "explanation"] == "", "this is asked anew"
    assert path.with_name("decisions.csv.bak").exists()
    if change is by_hand:
        assert takes["income_statement.VAKA.personnel_costs", "explanation"] == "theirs", "this still fits"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("take (ours or theirs);code\nmaybe;q1-2\n", "decision"),
        ("take (ours or theirs),code\nours,q1-2\ntheirs,q1-2\n", "decision_twice"),
        ("take (ours or theirs)\tcode\nours\tq1-2\n", "decision_unfit"),
        ("ta (ours eller theirs);enhet\n", "column_missing"),
        ("", "column_missing"),
        ('take (ours or theirs);code\n"ours', "csv"),
    ],
)
def test_what_is_no_decision_is_told(folder: Path, returned: list[Copy], content: str, code: str) -> None:
    path, before = folder.with_name("decisions.csv"), state(folder)
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FaultsError) as told:
        collected(folder, returned, decisions=path)
    assert [fault.code for fault in told.value.findings] == [code]
    assert state(folder) == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_decisions_are_read_as_programs_save_them(folder: Path, returned: list[Copy], encoding: str) -> None:
    """With other separators, and without what nobody needs."""
    path = folder.with_name("decisions.csv")
    collected(folder, returned, decide=path)
    header, *rows = rows_of(path)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter="\t" if encoding == "utf-16" else ",")
        writer.writerows(
            [[row[-1], row[1], row[0] or "theirs"] for row in rows] and [[header[-1], header[1], header[0]]]
        )
        writer.writerows([[row[-1], row[1], "theirs"] for row in rows])
    collected(folder, returned, decisions=path)
    assert value(folder, FEES) == "Bertan"


def test_a_record_that_we_have_removed_comes_back_whole(folder: Path, vaka: Sent) -> None:
    copy, path = Copy.of(vaka), folder.with_name("decisions.csv")
    copy.saved, copy.saved_by = START, "Anna"
    copy.fill(IMPACT, 3)
    risks = folder / "risks.csv"
    whole = fields_in(folder)["risks", "R1"]
    risks.write_text("".join(x for x in risks.read_text(encoding="utf-8").splitlines(True) if not x.startswith("R1,")))
    collected(folder, [copy], decide=path)
    (row,) = rows_of(path)[1:]
    assert row[2:4] == ["risks.R1", ""]
    decided(path, lambda record, field: "theirs")
    collected(folder, [copy], decisions=path)
    assert fields_in(folder)["risks", "R1"] == {**whole, "likelihood": 3}
    assert {entry.event for entry in read_entries(folder) if entry.record == "risks.R1"} == {"taken"}


def test_the_command_writes_and_carries_out(start: Path, folder: Path, tmp_path: Path) -> None:
    book = typed(build(folder, tmp_path / "vaka.xlsx", unit="VAKA"), START, "Anna", risks__column__likelihood=3)
    risks = folder / "risks.csv"
    risks.write_text(risks.read_text(encoding="utf-8").replace("R1,VAKA,damage,Tulva,1", "R1,VAKA,damage,Tulva,2"))
    path = tmp_path / "decisions.csv"
    common = ["collect", str(book), "--into", str(folder), "--lang", "en"]
    assert run([*common, "--decide", str(path)]) == 1
    decided(path, lambda record, field: "theirs")
    assert run([*common, "--decisions", str(path)]) == 0
    assert value(folder, IMPACT) == 3
