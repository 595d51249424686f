"""Two people, two copies: a later copy corrects what it was made from, and nothing else."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from support.filled import Copy, Sent
from support.returned import START, fields_in, gathered, made_up, quickly, sent
from taulukko.folder.data_folder import load
from taulukko.report.inputs import Key, Place
from taulukko.report.model import Input

IMPACT: Key = ("risks", "R1", "likelihood")
NAME: Key = ("risks", "R1", "risk")
REASON: Key = ("income_statement", "VAKA.fees", "explanation")
OTHER: Key = ("income_statement", "VAKA.personnel_costs", "explanation")
ADDED = ("risks", "VAKA-1")


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with quickly():
        yield made_up(tmp_path_factory.mktemp("parallel") / "data")


@pytest.fixture
def folder(start: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(start, tmp_path / "data"))


@pytest.fixture(scope="module")
def vaka(start: Path) -> Sent:
    return sent("VAKA", *load(start))


def saved(origin: Sent | Copy, by: str, hour: int, **more: object) -> Copy:
    """A copy that somebody has gone on with; `fields` by key."""
    copy = Copy.of(origin) if isinstance(origin, Sent) else origin.another()
    copy.saved, copy.saved_by = START + timedelta(hours=hour), by
    return copy


def typed(origin: Sent | Copy, by: str, hour: int, values: dict[Key, Input]) -> Copy:
    copy = saved(origin, by, hour)
    for key, value in values.items():
        copy.fill(key, value)
    return copy


def risk(place: Place, text: str, likelihood: int = 1) -> dict[Key, Input]:
    return {(*place, "risk"): text, (*place, "likelihood"): likelihood, (*place, "risk_class"): "damage"}


def collected(folder: Path, *batches: Sequence[Copy]) -> list[tuple[str, str, str]]:
    """What was not taken, and of new records their keys: event, record and field; then the notes' codes."""
    told: list[tuple[str, str, str]] = []
    for batch in batches:
        for result in gathered(folder, batch, START):
            told += [(one.event, one.record, one.field) for one in result.left]
            told += [(one.code, one.found, one.expected[0]) for one in result.returned.notes]
    return told


def value(folder: Path, key: Key) -> Input:
    return fields_in(folder).get(key[:2], {}).get(key[2])


def risks(folder: Path) -> dict[str, Input]:
    return {place[1]: row["risk"] for place, row in fields_in(folder).items() if place[0] == "risks"}


def test_what_two_people_said_is_a_conflict(folder: Path, vaka: Sent) -> None:
    anna = typed(vaka, "Anna", 1, {REASON: "Annan", IMPACT: 2})
    bertta = typed(vaka, "Bertta", 2, {REASON: "Bertan", OTHER: "Toinen"})
    assert collected(folder, [anna], [bertta]) == [("conflict", "VAKA.fees", "explanation")]
    assert (value(folder, REASON), value(folder, IMPACT), value(folder, OTHER)) == ("Annan", 2, "Toinen")


def test_a_copy_of_the_same_person_that_lacks_what_the_first_said_is_parallel(folder: Path, vaka: Sent) -> None:
    first = typed(vaka, "Anna", 1, {REASON: "Annan", IMPACT: 2})
    second = typed(vaka, "Anna", 2, {REASON: "Toisin"})
    assert sorted(collected(folder, [first], [second])) == [
        ("conflict", "VAKA.fees", "explanation"),
        ("reverted", "R1", "likelihood"),
    ]
    assert (value(folder, REASON), value(folder, IMPACT)) == ("Annan", 2)


@pytest.mark.parametrize("by", ["Anna", ""])
def test_a_copy_that_was_gone_on_with_corrects_the_first(folder: Path, vaka: Sent, by: str) -> None:
    first = typed(vaka, by, 1, {REASON: "Ensin", IMPACT: 2})
    second = typed(first, by, 2, {REASON: "Sitten"})
    assert collected(folder, [first], [second]) == []
    assert (value(folder, REASON), value(folder, IMPACT)) == ("Sitten", 2)


def test_copies_that_do_not_say_whose_they_are_and_share_nothing_are_parallel(folder: Path, vaka: Sent) -> None:
    """All write their covers alike."""
    cover = ("returns", "VAKA", "state")
    first = typed(vaka, "", 1, {cover: "ready", REASON: "Ensin"})
    second = typed(vaka, "", 2, {cover: "ready", REASON: "Sitten"})
    assert collected(folder, [first], [second]) == [("conflict", "VAKA.fees", "explanation")]
    assert value(folder, REASON) == "Ensin"


def test_somebody_elses_new_risk_gets_a_key_of_its_own(folder: Path, vaka: Sent) -> None:
    anna = typed(vaka, "Anna", 1, risk(ADDED, "Tulva keväällä"))
    bertta = typed(vaka, "Bertta", 2, risk(ADDED, "Palo kellarissa"))
    assert collected(folder, [anna], [bertta]) == [("key_taken", "risks.VAKA-1", "risks.VAKA-1-2")]
    assert (risks(folder)["VAKA-1"], risks(folder)["VAKA-1-2"]) == ("Tulva keväällä", "Palo kellarissa")
    later = typed(bertta, "Bertta", 3, {(*ADDED, "likelihood"): 3, (*ADDED, "risk"): "Palo ullakolla"})
    assert collected(folder, [later]) == [("key_taken", "risks.VAKA-1", "risks.VAKA-1-2")]
    assert (risks(folder)["VAKA-1"], risks(folder)["VAKA-1-2"]) == ("Tulva keväällä", "Palo ullakolla")
    assert value(folder, ("risks", "VAKA-1-2", "likelihood")) == 3
    third = typed(anna, "Anna", 4, {(*ADDED, "risk"): "Tulva syksyllä"})
    assert collected(folder, [third]) == []
    assert (risks(folder)["VAKA-1"], risks(folder)["VAKA-1-2"]) == ("Tulva syksyllä", "Palo ullakolla")


def test_a_colleague_who_goes_on_with_a_new_risk_does_not_add_another(folder: Path, vaka: Sent) -> None:
    anna = typed(vaka, "Anna", 1, risk(ADDED, "Tulva keväällä"))
    bertta = typed(anna, "Bertta", 2, {(*ADDED, "likelihood"): 3})
    assert collected(folder, [anna], [bertta]) == [("conflict", "VAKA-1", "likelihood")]
    assert [key for key in risks(folder) if key.startswith("VAKA")] == ["VAKA-1"]


def test_a_new_risk_whose_key_the_folder_has_from_elsewhere_gets_one_of_its_own(folder: Path, vaka: Sent) -> None:
    file = folder / "risks.csv"
    file.write_text(file.read_text(encoding="utf-8") + "VAKA-1,VAKA,damage,Meidän,1,1,,\n", encoding="utf-8")
    copy = typed(vaka, "Anna", 1, risk(ADDED, "Tulva keväällä"))
    assert collected(folder, [copy]) == [("key_taken", "risks.VAKA-1", "risks.VAKA-1-2")]
    assert (risks(folder)["VAKA-1"], risks(folder)["VAKA-1-2"]) == ("Meidän", "Tulva keväällä")
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert collected(folder, [copy]) == [("key_taken", "risks.VAKA-1", "risks.VAKA-1-2")]
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_a_record_that_one_has_removed_and_another_changed_is_a_conflict(folder: Path, vaka: Sent) -> None:
    removing = saved(vaka, "Anna", 1)
    removing.empty(("risks", "R1"))
    changing = typed(vaka, "Bertta", 2, {IMPACT: 3})
    other = Path(shutil.copytree(folder, folder.with_name("other")))
    collected(folder, [removing])
    assert {event for event, *_ in collected(folder, [changing])} == {"conflict"}
    assert "R1" not in risks(folder)
    collected(other, [changing])
    assert {event for event, *_ in collected(other, [removing])} == {"conflict"}
    assert value(other, IMPACT) == 3


def test_a_copy_of_somebody_else_does_not_take_back_what_it_never_had(folder: Path, vaka: Sent) -> None:
    anna = typed(vaka, "Anna", 1, {REASON: "Annan", **risk(ADDED, "Tulva keväällä")})
    anna.empty(("risks", "R3"))
    bertta = typed(vaka, "Bertta", 2, {OTHER: "Toinen"})
    assert collected(folder, [anna], [bertta]) == []
    assert (value(folder, REASON), value(folder, OTHER)) == ("Annan", "Toinen")
    assert "VAKA-1" in risks(folder)
    assert "R3" not in risks(folder)


def test_an_earlier_copy_is_older_whoever_was_preferred_since(folder: Path, vaka: Sent) -> None:
    first = typed(vaka, "Anna", 1, {REASON: "Ensin", IMPACT: 2})
    second = typed(first, "Anna", 2, {REASON: "Sitten"})
    bertta = typed(vaka, "Bertta", 3, {REASON: "Bertan"})
    assert collected(folder, [bertta], [second]) == [("conflict", "VAKA.fees", "explanation")]
    assert collected(folder, [first]) == [("older", "VAKA.fees", "explanation")]


def test_the_order_of_batches_makes_no_difference(folder: Path, vaka: Sent) -> None:
    """Of what people went on with and of what no two have changed; the keys of added records go by who came first."""
    first = typed(vaka, "Anna", 1, {REASON: "Ensin", IMPACT: 2, **risk(ADDED, "Tulva keväällä")})
    second = typed(first, "Anna", 3, {REASON: "Sitten", (*ADDED, "likelihood"): 3})
    bertta = typed(vaka, "Bertta", 2, {OTHER: "Toinen", **risk(ADDED, "Palo kellarissa", 2)})
    ends = []
    for number, order in enumerate(itertools.permutations([first, second, bertta])):
        for batches in ([order], [[one] for one in order]):
            place = Path(shutil.copytree(folder, folder.with_name(f"{number}-{len(batches)}")))
            collected(place, *batches)
            rows = {p if p[1][:4] != "VAKA" else (p[0], str(r.get("risk"))): r for p, r in fields_in(place).items()}
            ends.append(rows)
    assert all(end == ends[0] for end in ends)
    assert ends[0]["risks", "Tulva keväällä"]["likelihood"] == 3
    assert ends[0]["risks", "Palo kellarissa"]["likelihood"] == 2
