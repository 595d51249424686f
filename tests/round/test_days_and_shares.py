"""Days and percentages as people write them: taken where they can mean one thing, asked about where they cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from support.edits import edited, put
from support.rounds import Outcome, Sent, collected, copied, owned, sent
from taulukko.messages import LANGUAGES, Say
from taulukko.report.inputs import Key

SHARE, SPENDING = ("projects", "H1", "city_share"), ("projects", "H1", "spending")
DUE, END = ("income_statement", "VAKA.fees", "due"), ("projects", "H2", "end_date")


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return owned(tmp_path_factory.mktemp("origin") / "heinola")


@pytest.fixture(scope="module")
def vaka(origin: Path, tmp_path_factory: pytest.TempPathFactory) -> Sent:
    return sent(origin, tmp_path_factory.mktemp("sent"), "VAKA")


@pytest.fixture
def typed(origin: Path, vaka: Sent, tmp_path: Path):
    """What collecting makes of a value in a cell."""

    def type_in(key: Key, value: float | str) -> Outcome:
        sheet, cell = vaka.place(*key)

        def change(cells: dict[str, etree._Element]) -> None:
            put(cells[cell], value)

        path = edited(vaka.path, tmp_path / "VAKA.xlsx", {sheet: change})
        return collected(copied(origin, tmp_path / "heinola"), path)

    return type_in


@pytest.mark.parametrize(
    ("key", "written", "taken"),
    [
        (DUE, "31.12.2024", "2024-12-31"),
        (DUE, "31. 12. 2024", "2024-12-31"),
        (DUE, "1.1.25", "2025-01-01"),
        (END, "30.6.27", "2027-06-30"),
        (SHARE, "25 %", "0.25"),
        (SHARE, "0,25", "0.25"),
        (SHARE, "25", "0.25"),
        (SHARE, 25.0, "0.25"),
        (SHARE, 0.25, "0.25"),
        (SHARE, 1.0, "1"),
        (SPENDING, "85 %", "0.85"),
        (SPENDING, 1.25, "1.25"),
    ],
)
def test_what_can_mean_one_thing_is_taken(typed, key, written, taken):
    found = typed(key, written)
    assert found.changed == {key: taken}
    assert not found.kinds & {"faults", "left"}


def test_a_number_that_was_read_as_percent_is_noted(typed):
    assert [code for code, _ in typed(SHARE, 25.0).notes] == ["percent_read"]


@pytest.mark.parametrize(
    ("key", "written", "code"),
    [
        (SPENDING, 85.0, "percent_unclear"),
        (SPENDING, "85", "percent_unclear"),
        (SHARE, 250.0, "range"),
        (SHARE, "120 %", "range"),
        (DUE, "31.11.24", "date"),
        (DUE, 12.0, "date_outside"),
        (DUE, -5.0, "date_outside"),
    ],
)
def test_what_can_not_is_a_fault_in_words_that_fit(vaka, typed, key, written, code):
    found = typed(key, written)
    assert found.faults == {(code, "!".join(vaka.place(*key)))}
    assert found.kinds == {"faults"}
    (fault,) = found.results[0].returned.faults
    said = [Say(language).finding(fault) for language in LANGUAGES]
    assert not any(word in one for one in said for word in ("luettelo", "lista", "list "))
    assert code != "percent_unclear" or "8 500 %" in said[0]
