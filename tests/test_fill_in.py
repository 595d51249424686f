"""The fill-in round takes what people do to a workbook: edited by LibreOffice, collected, compared with what was typed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from conftest import HEINOLA
from office import Session
from places import keys, records_area
from rounds import Outcome, Sent, collected, copied, data, sent

VAKA = "income_statement"


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Heinola, with risks and projects that belong to a service area."""
    folder = copied(HEINOLA, tmp_path_factory.mktemp("origin") / "heinola")
    (folder / "osavuosikatsaus.xlsx").unlink()
    for name, count in (("risks", 4), ("projects", 5)):
        path = folder / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        for row in rows[:count]:
            row[header.index("unit")] = "VAKA"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return folder


@pytest.fixture(scope="module")
def vaka(origin: Path, tmp_path_factory: pytest.TempPathFactory) -> Sent:
    """The service area's own workbook as it was sent out."""
    return sent(origin, tmp_path_factory.mktemp("sent"), "VAKA")


@pytest.fixture
def folder(origin: Path, tmp_path: Path) -> Path:
    """The data folder to collect into."""
    return copied(origin, tmp_path / "heinola")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "osavuosikatsaus-VAKA.xlsx"


@pytest.mark.parametrize("unit", ["VAKA", "TOIMIALA", None])
def test_a_workbook_saved_without_change_changes_nothing(
    office: Session, origin: Path, folder: Path, target: Path, tmp_path: Path, unit: str | None
) -> None:
    before = data(folder)
    book = sent(origin, tmp_path / "sent", unit)
    with book.opened_in(office) as filling:
        filling.book.recalculate()
        filling.save_as(target)
    assert target.read_bytes() != book.path.read_bytes()
    outcome = collected(folder, target)
    assert outcome.is_clean, outcome.notes
    assert data(folder) == before


def test_what_is_typed_is_taken(office: Session, vaka: Sent, folder: Path, target: Path) -> None:
    line = "VAKA.personnel_costs"
    typed = {
        ("returns", "VAKA", "state"): ("Valmis", "ready"),
        ("returns", "VAKA", "name"): ("Maija Meikäläinen", "Maija Meikäläinen"),
        ("returns", "VAKA", "date"): ("15.10.2024", "2024-10-15"),
        ("assessments", "VAKA", "text"): ("Talousarvio toteutuu; katso \"kohta 2\".", None),
        ("assessments", "VAKA", "covers_lines"): ("Ei", "no"),
        ("income_statement", line, "forecast_manual"): ("-5 800 000,50", "-5800000.5"),
        ("income_statement", line, "forecast_reason"): ("Kaksi vakanssia täyttämättä", None),
        ("income_statement", line, "explanation"): ("Ääkkösiä, pilkkuja; ja %-merkkejä", None),
        ("income_statement", line, "measure"): ("Täytetään", None),
        ("income_statement", line, "responsible"): ("Päällikkö", None),
        ("income_statement", line, "due"): ("31.12.2024", "2024-12-31"),
        ("income_statement", "VAKA.operating_margin", "explanation"): ("Kate paranee", None),
        ("goals_service_area", "P3", "actual"): ("Tavoite saavutettu.", None),
        ("goals_service_area", "P3", "status"): ("Ei toteudu", "not_achieved"),
        ("goals_service_area", "P14", "status"): ("Ei tietoa", "no_data"),
        ("risks", "R2", "likelihood"): ("3", "3"),
        ("risks", "R2", "impact"): ("2", "2"),
        ("risks", "R3", "treatment"): ("", ""),
        ("projects", "H1", "spending"): ("99,5 %", "0.995"),
        ("projects", "H2", "end_date"): ("30.6.2025", "2025-06-30"),
        ("projects", "H2", "end_year"): ("2025", "2025"),
        ("projects", "H3", "state"): ("Käynnissä", "running"),
        ("texts", "X8", "text"): ("Uusi kuvaus.", None),
        ("checks", "goal_status", "reason"): ("Tiedot saadaan myöhemmin", None),
        ("checks", "goal_status", "name"): ("Johtaja", None),
        ("checks", "goal_status", "date"): ("16.10.2024", "2024-10-16"),
        ("risks", "VAKA-1", "risk_class"): ("Vahinko", "damage"),
        ("risks", "VAKA-1", "risk"): ("Vesivahinko", None),
        ("risks", "VAKA-1", "likelihood"): ("1", "1"),
        ("risks", "VAKA-1", "impact"): ("3", "3"),
        ("texts", "VAKA-2", "topic"): ("Investoinnit", "investments"),
        ("texts", "VAKA-2", "text"): ("Rivi jätettiin väliin.", None),
    }  # fmt: skip
    with vaka.opened_in(office) as filling:
        for key, (text, _) in typed.items():
            filling.type(*key, text)
        filling.save_as(target)
    outcome = collected(folder, target)
    units = {("risks", "VAKA-1", "unit"): "VAKA", ("texts", "VAKA-2", "unit"): "VAKA"}
    assert outcome.changed == {key: text if kept is None else kept for key, (text, kept) in typed.items()} | units
    assert outcome.new == ["income_statement.VAKA.operating_margin", "risks.VAKA-1", "texts.VAKA-2", "checks.goal_status", "returns.VAKA"]
    assert not (outcome.gone or outcome.left or outcome.faults or outcome.notes)
    (result,) = outcome.results
    assert (result.returned.unit, result.returned.state) == ("VAKA", "ready")
    assert not result.needs_a_look
