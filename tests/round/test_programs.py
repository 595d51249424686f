"""Whatever program a unit fills its workbook in with, all that was typed is taken and nothing else."""

from __future__ import annotations

import csv
import os
import shutil
from pathlib import Path

import pytest

from support import office
from support.built import HEINOLA
from support.needs import require
from support.places import opened
from support.rounds import collected, contents, copied, find
from support.writers import IN_NODE, VALUES_ALONE, WRITERS, Typing, libreoffice, openpyxl
from taulukko.builder import build
from taulukko.cli import run
from taulukko.errors import WorkbookError
from taulukko.folder.data_folder import load
from taulukko.formula.addresses import address
from taulukko.report.inputs import Key
from taulukko.round.diff import diff
from taulukko.round.fix import fix
from taulukko.xlsx.check import check

COSTS = "VAKA.personnel_costs"
TYPED: dict[Key, tuple[float | str | None, str | None]] = {
    ("returns", "VAKA", "state"): ("Valmis", "ready"),
    ("returns", "VAKA", "name"): ("Maija Meikäläinen", None),
    ("returns", "VAKA", "date"): (45580, "2024-10-15"),
    ("assessments", "VAKA", "text"): ('Toteutuu; katso "kohta 2" & <kohta 3>.\nToinen rivi', None),
    ("assessments", "VAKA", "covers_lines"): ("Ei", "no"),
    ("income_statement", COSTS, "forecast_manual"): (-5800000.5, None),
    ("income_statement", COSTS, "forecast_reason"): ("Kaksi vakanssia täyttämättä", None),
    ("income_statement", COSTS, "explanation"): ("Ääkkösiä, pilkkuja; ja %-merkkejä", None),
    ("income_statement", COSTS, "measure"): ("Täytetään", None),
    ("income_statement", COSTS, "responsible"): ("Päällikkö", None),
    ("income_statement", COSTS, "due"): (45657, "2024-12-31"),
    ("income_statement", "VAKA.fees", "forecast_manual"): (250000, None),
    ("income_statement", "VAKA.fees", "explanation"): ("2024", None),
    ("income_statement", "VAKA.grants_received", "forecast_manual"): (0, None),
    ("income_statement", "VAKA.materials", "explanation"): ("Säästö ≥ 5 % 😀", None),
    ("income_statement", "VAKA.operating_margin", "explanation"): ("Kate paranee", None),
    ("goals_service_area", "P3", "actual"): ("Tavoite saavutettu.", None),
    ("goals_service_area", "P3", "status"): ("Ei toteudu", "not_achieved"),
    ("goals_service_area", "P14", "actual"): ("Toteutunut\nkahdella rivillä", None),
    ("goals_service_area", "P14", "status"): ("Ei tietoa", "no_data"),
    ("risks", "R1", "realisation"): (None, None),
    ("risks", "R2", "likelihood"): (3, None),
    ("risks", "R2", "impact"): (2, None),
    ("risks", "R3", "treatment"): (None, None),
    ("risks", "R4", "likelihood"): (1, None),
    ("risks", "R4", "treatment"): ("Ennakointi", None),
    ("risks", "VAKA-1", "risk_class"): ("Vahinko", "damage"),
    ("risks", "VAKA-1", "risk"): ("Vesivahinko", None),
    ("risks", "VAKA-1", "likelihood"): (1, None),
    ("risks", "VAKA-1", "impact"): (3, None),
    ("risks", "VAKA-2", "risk"): ("Toinen uusi", None),
    ("risks", "VAKA-2", "likelihood"): (2, None),
    ("risks", "VAKA-2", "impact"): (2, None),
    ("projects", "H1", "spending"): (0.995, None),
    ("projects", "H2", "end_date"): (45838, "2025-06-30"),
    ("projects", "H2", "end_year"): (2025, None),
    ("projects", "H3", "state"): ("Käynnissä", "running"),
    ("projects", "H4", "spending_second"): (0.9, None),
    ("projects", "H5", "funding"): (262500.75, None),
    ("projects", "H5", "code"): ("K-001", None),
    ("projects", "H5", "start_date"): (45566, "2024-10-01"),
    ("texts", "X8", "text"): ("Uusi kuvaus.", None),
    ("texts", "X17", "text"): ("Toiminta on lakannut.", None),
    ("texts", "VAKA-2", "topic"): ("Investoinnit", "investments"),
    ("texts", "VAKA-2", "text"): ("Rivi jätettiin väliin.", None),
    ("checks", "goal_status", "reason"): ("Tiedot saadaan myöhemmin", None),
    ("checks", "goal_status", "name"): ("Johtaja", None),
    ("checks", "goal_status", "date"): (45581, "2024-10-16"),
    ("checks", "goal_owner", "reason"): ("Nimetään myöhemmin", None),
    ("checks", "goal_owner", "name"): ("Päällikkö", None),
}
"""What stands in the cells, and in the data folder where it is spelled otherwise there."""
OWN: dict[Key, str] = {
    (section, f"VAKA-{row}", "unit"): "VAKA" for section, row in (("risks", 1), ("risks", 2), ("texts", 2))
}
"""A row that a service area adds is its own."""
TAKEN = {key: kept or ("" if value is None else str(value)) for key, (value, kept) in TYPED.items()} | OWN
LINES = 10
"""That `check` says at most, of a file that a program has spelled its own way."""


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
def sent(origin: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(origin, tmp_path_factory.mktemp("sent") / "sent.xlsx", unit="VAKA")


@pytest.fixture(scope="module")
def cells(origin: Path, sent: Path) -> Typing:
    """Where the inputs stand, and what is written there."""
    package, report = opened(sent), load(origin)[0].for_unit("VAKA")
    found = {find(package, report, *key): value for key, (value, _) in TYPED.items()}
    assert (len(found), len({sheet for sheet, _ in found})) == (50, 7)
    return found


TIERS = dict.fromkeys((*IN_NODE, "gnumeric"), pytest.mark.browser)
TIERS |= dict.fromkeys((name for name in WRITERS if "libreoffice" in name), pytest.mark.office)


@pytest.mark.parametrize("program", [pytest.param(name, marks=TIERS.get(name, ())) for name in WRITERS])
def test_all_that_was_typed_is_taken_and_nothing_else(
    program: str, origin: Path, sent: Path, cells: Typing, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if program in IN_NODE:
        package = Path(os.environ.get("TAULUKKO_NODE", "."), "node_modules", program)
        require({"node": shutil.which("node"), program: package.exists()}, "workbooks were not saved by it")
    if program == "gnumeric":
        require({"ssconvert": shutil.which("ssconvert")}, "workbooks were not saved by Gnumeric")
    path = tmp_path / ("a.ods" if program.endswith(".ods") else "a.xlsx")
    WRITERS[program](sent, path, cells)
    outcome = collected(copied(origin, tmp_path / "heinola"), path)
    assert outcome.changed == TAKEN
    assert not outcome.kinds & {"gone", "left", "faults", "refused"}
    assert len(outcome.notes) < LINES
    run(["check", str(path)])
    assert len(capsys.readouterr().out.splitlines()) <= LINES


@pytest.mark.parametrize("program", VALUES_ALONE)
def test_a_program_that_keeps_values_alone_is_told_in_a_sentence(
    program: str, origin: Path, sent: Path, cells: Typing, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    VALUES_ALONE[program](sent, tmp_path / "a.xlsx", cells)
    folder = copied(origin, tmp_path / "heinola")
    before = contents(folder)
    assert run(["collect", str(tmp_path / "a.xlsx"), "--into", str(folder), "--lang", "en"]) == 2
    told, nothing = capsys.readouterr().out.splitlines()
    assert "has lost the names by which its cells are found" in told
    assert "Nothing was taken from it. Ask for the file" in told
    assert contents(folder) == before
    assert run(["check", str(tmp_path / "a.xlsx"), "--lang", "en"]) == 2
    assert capsys.readouterr().out.splitlines()[0] == told


@pytest.mark.office
def test_an_ods_is_judged_and_compared_and_not_put_right(sent: Path, tmp_path: Path) -> None:
    sheet, area = opened(sent).area("risks.column.level") or ("", None)
    assert area
    cell = address(area.top, area.left)
    openpyxl(sent, tmp_path / "typed.xlsx", {(sheet, cell): 7})
    libreoffice(tmp_path / "typed.xlsx", tmp_path / "a.ods", {}, office.ODS)
    told = [one for one in check(tmp_path / "a.ods") if one.code == "formula_overwritten"]
    assert [(one.code, one.place, one.found) for one in told] == [("formula_overwritten", f"{sheet}!{cell}", "7")]
    assert not diff(tmp_path / "a.ods", sent).changes
    with pytest.raises(WorkbookError, match="needs_xlsx"):
        fix(tmp_path / "a.ods")
