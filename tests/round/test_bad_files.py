"""One bad file never stops the others: it is refused or read with what is wrong in it, the good ones as without it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from support.built import HEINOLA
from support.edits import edited, put
from support.hostile import FILES, Parts, changed, packed, unpacked
from support.places import place
from support.rounds import contents, copied
from support.shelf import Shelf
from taulukko.cli import run
from taulukko.round.collect import Collected, collect
from xlsx.test_fuzz import bytes_changed, facts_changed, parts_changed

DAMAGED = 20
"""Files of each kind of damage."""
DEEP = b"<a>" * 70_000 + b"</a>" * 70_000


def filled(shelf: Shelf, unit: str, target: Path, **typed: float | str) -> Path:
    """A unit's workbook with something typed into the notes of its fees."""
    sent = shelf.book(HEINOLA, unit=unit)
    places = {column: place(sent, "income_statement.unit1", "notes.fees", column) for column in typed}
    (sheet,) = {sheet for sheet, _ in places.values()}

    def typing(cells: dict[str, etree._Element]) -> None:
        for column, value in typed.items():
            put(cells[places[column][1]], value)

    return edited(sent, target, {sheet: typing})


@pytest.fixture(scope="module")
def good(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("good")
    return [
        filled(shelf, "VAKA", folder / "VAKA.xlsx", explanation="Maksuja kertyi vähemmän", forecast_manual="paljon"),
        filled(shelf, "HYTE", folder / "HYTE.xlsx", explanation="Kausi jatkuu", forecast_manual=1000.0),
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(HEINOLA, tmp_path / "heinola")


def bad_files(base: bytes, folder: Path) -> Iterator[Path]:
    """Files of every kind that is refused, or that looks odd; damaged ones; and what is no file to be read."""
    parts, chance = unpacked(base), random.Random(2024)
    made = {name: file.make(base) for name, file in FILES.items()}
    made["deep_properties"] = changed(
        base, "docProps/core.xml", b"</cp:coreProperties>", DEEP + b"</cp:coreProperties>"
    )
    for number in range(DAMAGED):
        made |= {f"bytes{number}": bytes_changed(base, chance), f"parts{number}": parts_changed(parts, chance)}
        made[f"facts{number}"] = facts_changed(parts, chance)
    for name, content in made.items():
        (folder / f"{name}.xlsx").write_bytes(content)
        yield folder / f"{name}.xlsx"
    (folder / "broken.xlsx").symlink_to(folder / "gone")
    yield from (folder / "none.xlsx", folder / "broken.xlsx", Path("/dev/null"))


def said(result: Collected) -> tuple[object, ...]:
    one = result.returned
    return one.unit, one.refused, one.faults, one.notes, result.changes


@pytest.mark.exhaustive
def test_good_files_are_read_alike_beside_bad_ones_and_each_refusal_names_its_file(
    shelf: Shelf, good: list[Path], folder: Path, tmp_path: Path
) -> None:
    alone = {one.returned.path: said(one) for one in collect(good, folder, dry_run=True)}
    (tmp_path / "bad").mkdir()
    bad = list(bad_files(shelf.book(HEINOLA, unit="VAKA").read_bytes(), tmp_path / "bad"))
    assert len(bad) >= 150
    refused = set()
    for three in (bad[start : start + 3] for start in range(0, len(bad), 3)):
        results = {one.returned.path: one for one in collect([*three, *good], folder, dry_run=True)}
        assert {path: said(results.pop(path)) for path in good} == alone
        assert results.keys() == set(three)
        for path, result in results.items():
            one = result.returned
            found = [*([one.refused] if one.refused else []), *one.faults, *one.notes]
            assert {finding.file for finding in found} <= {str(path)}
            refused |= {path.stem} if one.refused else set()
    assert {name for name, file in FILES.items() if file.code} <= refused
    assert {"deep_properties", "none", "broken"} <= refused


def test_a_file_that_is_not_there_is_told_beside_the_others(good, folder, tmp_path, capsys):
    assert run(["collect", str(tmp_path / "none.xlsx"), *map(str, good), "--into", str(folder), "--lang", "en"]) == 2
    printed = capsys.readouterr()
    assert f"{tmp_path / 'none.xlsx'}: there is no such file or folder" in printed.out
    assert "VAKA.xlsx: VAKA" in printed.out
    assert printed.err == ""
    assert "Maksuja kertyi vähemmän" in (folder / "income_statement.csv").read_text(encoding="utf-8")


def test_what_was_collected_is_told_when_no_answer_can_be_made(good, folder, tmp_path, capsys):
    (tmp_path / "answers").write_text("a file where a folder should be")
    command = ["collect", *map(str, good), "--into", str(folder), "--answers", str(tmp_path / "answers")]
    before = contents(folder)
    assert run([*command, "--lang", "en"]) == 2
    printed = capsys.readouterr().out
    assert "VAKA.xlsx: VAKA" in printed
    assert f"No answer to the sender could be made. {tmp_path / 'answers'}: it exists already" in printed
    assert contents(folder) != before


def test_nor_does_an_answer_that_cannot_be_planned_keep_the_others(good, folder, tmp_path, monkeypatch):
    """As when what a workbook carries fits nothing that is known here."""

    def failing(*arguments: object, **options: object) -> None:
        raise LookupError("no such cell")

    monkeypatch.setattr("taulukko.round.answer.plan", failing)
    results = collect(good, folder, answers=tmp_path / "answers")
    (one,) = (result for result in results if result.returned.faults)
    assert [(why.code, why.file) for why in one.unanswered] == [("answer_failed", str(good[0]))]
    assert all(result.taken for result in results)


def test_two_files_of_one_name_get_an_answer_each(good, folder, tmp_path):
    (tmp_path / "more").mkdir()
    parts: Parts = unpacked(good[0].read_bytes())
    (tmp_path / "more" / "VAKA.xlsx").write_bytes(packed(parts | {"customXml/item1.xml": b"<a/>"}))
    results = collect([good[0], tmp_path / "more"], folder, answers=tmp_path / "answers")
    assert len({result.answer for result in results}) == 2
    assert all(result.answer and result.answer.exists() for result in results)
