"""What a press of a button writes: the cells, the result of the last press, and the log from which it is undone."""

from __future__ import annotations

import random
import re
from datetime import datetime
from functools import cache
from typing import Any

import pytest

from support.built import HEINOLA, LANGUAGES, ROOT
from support.hosts import FileHost
from taulukko.builder import save_all
from taulukko.folder.data_folder import load
from taulukko.messages import Say
from taulukko.plan.book import Workbook, address
from taulukko.plan.build import plan
from taulukko.program import pages
from taulukko.program.actions import ACTIONS, press
from taulukko.program.check import check
from taulukko.program.pages import LOGGED
from taulukko.program.program import SHEET
from taulukko.program.repair import recompute

NOON = datetime(2024, 10, 31, 12, 0, 5)
RESULT = {"fi": "Tulos", "sv": "Resultat", "en": "Result"}
LOG = {"fi": "Muutosloki", "sv": "Ändringslogg", "en": "Change log"}
RISK = ("Riskit", 6, 7)
"""The value of the second risk: a formula."""


@pytest.fixture(scope="module", params=LANGUAGES)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, FileHost]:
    """Heinola's workbook in each language."""
    path = tmp_path_factory.mktemp("built") / "report.xlsx"
    report, template = load(HEINOLA, request.param)
    save_all({path: lambda: plan(report, template)}, template)
    return request.param, FileHost(path)


@pytest.fixture(scope="module")
def finnish() -> FileHost:
    return FileHost(HEINOLA / "osavuosikatsaus.xlsx")


@pytest.fixture
def host(finnish: FileHost) -> FileHost:
    return finnish.copy()


@cache
def planned() -> Workbook:
    report, template = load(HEINOLA)
    return plan(report, template)


def place(section: str, record: str, column: str) -> tuple[str, int, int]:
    """Where a field of Heinola's workbook stands."""
    book = planned()
    spot = (book.inputs | book.results)[section, record, column]
    return book.sheet(spot.sheet).name, spot.row, spot.column


def at(cell: tuple[str, int, int]) -> str:
    title, row, column = cell
    return f"{title}!{address(row, column)}"


def result(host: FileHost) -> list[list[Any]]:
    """The result without its blank cells at the ends of rows."""
    return [without_blanks(row) for row in host.texts["Tulos"]]


def log(host: FileHost) -> list[dict[str, Any]]:
    rows = host.texts["Muutosloki"]
    assert rows[0][0] == "taulukko"
    return [dict(zip(LOGGED, row, strict=False)) for row in rows[2:]]


def without_blanks(row: list[Any]) -> list[Any]:
    filled = [place for place, value in enumerate(row) if value is not None]
    return row[: filled[-1] + 1] if filled else []


def sheets(host: FileHost) -> dict[str, list[list[Any]]]:
    """The report's own sheets."""
    return {title: rows for title, rows in host.texts.items() if title not in ("Tulos", "Muutosloki")}


def computed(host: FileHost) -> None:
    """Show in every repaired cell what its formula gives, as Excel would."""
    for one in recompute(host).changes:
        host.cells[one.sheet][one.row][one.column] = one.value


@pytest.mark.parametrize("action", ACTIONS)
def test_each_button_says_what_it_did_when_and_by_whom(built, action):
    language, original = built
    host = original.copy()
    press(host, action, NOON)
    head = [row[0] for row in host.texts[RESULT[language]][:3]]
    assert head[0].startswith("taulukko: ")
    assert "{" not in head[1] and head[1].endswith(".")
    assert head[2] == "2024-10-31 12:00:05 · Maija"
    assert host.refused == []
    assert (LOG[language] in host.texts) == (action not in ("check", "undo"))


def test_what_is_wrong_is_said_as_every_command_says_it(built):
    language, original = built
    host = original.copy()
    title = list(host.cells)[list(planned().sheets).index(planned().sheet("risks"))]
    host.put(title, RISK[1], RISK[2], 99.0)
    press(host, "check", NOON)
    found = check(recompute(host))
    (_, name, message) = next(row[:3] for row in host.texts[RESULT[language]] if f"{title}!H7" in str(row[0]))
    (finding,) = [one for one in found if one.place == f"{title}!H7"]
    assert (finding.code, finding.field) == ("formula_overwritten", name)
    assert Say(language).finding(finding).lower() == f"{finding.place} {name}: {message}".lower()


def test_a_workbook_of_version_01_is_told_in_words_of_today():
    host = FileHost(ROOT / "tests" / "data" / "version-0.1.xlsx")
    host.put(*RISK, 99.0)
    press(host, "check", NOON)
    assert host.refused == []
    assert any("tilalla on 99" in str(row[2]) for row in host.texts["Tulos"] if len(row) > 2)


def test_a_workbook_that_is_right_stays_as_it_is(host, finnish):
    for action in ("recompute", "statuses", "forecast"):
        press(host, action, NOON)
    assert sheets(host) == sheets(finnish)
    assert [(one["button"], one["new"]) for one in log(host)] == [
        ("Laske uudelleen", "Laskettuja soluja tarkistettiin 3639, korjattiin 0."),
        ("Päivitä tilat", "Laskettuja tiloja tarkistettiin 247, päivitettiin 0. Kirjattuihin tiloihin ehdotuksia 0."),
        ("Ennusta", "Ennusteita 55 rivillä, omia niistä 0. Omiin ennusteisiin ei kosketa."),
    ]


def test_a_repair_is_told_with_a_link_and_logged_with_old_and_new(host, finnish):
    host.put(*RISK, 99.0)
    press(host, "recompute", NOON)
    assert host.texts["Riskit"] == finnish.texts["Riskit"]
    _, said, _, _, headers, line = result(host)
    assert said == ["Laskettuja soluja tarkistettiin 3639, korjattiin 1."]
    assert headers == ["Solu", "Rivi", "Mitä"]
    assert line[0] == '=HYPERLINK("#\'Riskit\'!H7","Riskit!H7")'
    formula = finnish.texts["Riskit"][6][7]
    put_back = f"Palauta kaava {formula}, paina Laske uudelleen tai kokoa työkirja uudelleen."
    assert line[2] == f"Kaavan päälle on kirjoitettu: tilalla on 99. {put_back}"
    run, cell = log(host)
    assert (cell["time"], cell["user"], cell["button"]) == ("2024-10-31 12:00:05", "Maija", "Laske uudelleen")
    assert (cell["cell"], cell["old"], cell["new"]) == ("Riskit!H7", 99.0, finnish.texts["Riskit"][6][7])
    assert (run["run"], cell["run"]) == (1, 1)


@pytest.mark.parametrize("sees", [True, False], ids=["formulas are seen", "values are seen"])
@pytest.mark.parametrize("old", [99.0, "99", "=x", "'x", "#N/A", True, " x", "2024-12-31", None])
def test_what_stood_there_comes_back_as_it_was(host, old, sees):
    host.sees_formulas = sees
    host.put(*RISK, f"'{old}" if isinstance(old, str) and old[0] != "#" else old)
    spoilt = host.copy()
    press(host, "recompute")
    computed(host)
    press(host, "undo")
    title, row, column = RISK
    if sees and old == "=x":
        return  # Excel shows a text that looks like a formula as that formula
    assert host.cells[title][row][column] == old
    assert host.cells[title] == spoilt.cells[title]
    assert sheets(host) == sheets(spoilt) or not sees


def test_runs_are_undone_one_after_another_the_last_first(host, finnish):
    spoilt = []
    for value in (1001.0, 1002.0, 1003.0):
        host.put(*RISK, value)
        spoilt.append(value)
        press(host, "recompute", NOON)
    title, row, column = RISK
    for run, value in zip((3, 2, 1), reversed(spoilt), strict=True):
        host.put(*RISK, finnish.texts[title][row][column])
        press(host, "undo", NOON)
        assert host.texts[title][row][column] == value
        assert result(host)[1] == [f"Ajo {run} kumottu: 1 solua palautettu."]
    press(host, "undo", NOON)
    assert result(host)[1] == ["Kumottavaa ei ole."]
    assert [one["run"] for one in log(host)] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]


def test_what_somebody_has_changed_since_is_left_and_said(host):
    host.put(*RISK, 99.0)
    press(host, "recompute")
    host.put(*RISK, 42.0)
    press(host, "undo")
    title, row, column = RISK
    assert host.texts[title][row][column] == 42.0
    rows = result(host)
    assert rows[1] == ["Ajo 1 kumottu: 0 solua palautettu, 1 jätetty, koska niitä on muutettu sen jälkeen."]
    assert rows[5] == ['=HYPERLINK("#\'Riskit\'!H7","Riskit!H7")', None, "Jätetty: solua on muutettu sen jälkeen."]
    press(host, "undo")
    assert result(host)[1] == ["Kumottavaa ei ole."]


def test_a_renamed_sheet_is_undone_by_its_key(host):
    host.put(*RISK, 99.0)
    press(host, "recompute")
    host.rename("Riskit", "Riskit 2024")
    press(host, "undo")
    assert host.texts["Riskit 2024"][6][7] == 99.0


def test_statuses_and_what_they_follow_from_are_repaired_and_nothing_else(host, finnish):
    variance, share = (place("income_statement", "VAKA.fees", key) for key in ("variance", "used_share"))
    for one in (RISK, place("risks", "R2", "level"), variance, share):
        host.put(*one, 0.5)
    press(host, "statuses", NOON)
    assert host.texts["Riskit"] == finnish.texts["Riskit"]
    title, row, column = share
    assert host.texts[title][row][column] == 0.5
    assert [one["cell"] for one in log(host)] == [None, at(variance), "Riskit!H7", "Riskit!I7"]


def test_a_goals_status_is_proposed_and_never_written(host, finnish):
    """Somebody has taken away what a goal has come to and left its status."""
    actual, status = (place("goals_council", "T1", key) for key in ("actual", "status"))
    host.put(*actual, None)
    before = host.copy()
    press(host, "statuses", NOON)
    assert sheets(host) == sheets(before)
    _, said, _, _, headers, line = result(host)
    assert said[0].endswith("Kirjattuihin tiloihin ehdotuksia 1.")
    assert line[0] == f'=HYPERLINK("#\'{status[0]}\'!{address(*status[1:])}","{at(status)}")'
    assert line[2:] == ["Tila", "Toteutuu", "ehdotus: Ei tietoa"]


def test_forecasts_are_repaired_told_beside_each_other_and_ones_own_stay(host, finnish):
    own, reason = (place("income_statement", "VAKA.fees", key) for key in ("forecast_manual", "forecast_reason"))
    host.put(*own, 250_000.0)
    host.put(*reason, "Asiakasmäärä kasvoi")
    spoilt = place("income_statement", "VAKA.sales_revenue", "linear")
    host.put(*spoilt, 1.0)
    before = host.copy()
    press(host, "forecast", NOON)
    _, said, _, _, headers, *lines = result(host)
    assert said == ["Ennusteita 55 rivillä, omia niistä 1. Omiin ennusteisiin ei kosketa."]
    assert headers[3:8] == ["Talousarvio", "Viime vuoden kertymän mukaan", "Tasaisesti", "Oma ennuste", "Voimassa"]
    (line,) = [line for line in lines if line[1:3] == ["Maksutuotot", "VAKA"]]
    assert (line[6], line[7], line[9]) == (250_000.0, 250_000.0, "Asiakasmäärä kasvoi")
    (spoilt_line,) = [line for line in lines if line[1:3] == ["Myyntituotot", "VAKA"]]
    title, row, column = spoilt
    assert spoilt_line[5] == finnish.cells[title][row][column]
    assert host.texts[title][row][column] == finnish.texts[title][row][column]
    for one in (own, reason):
        assert host.texts[one[0]][one[1]][one[2]] == before.texts[one[0]][one[1]][one[2]]


def test_a_shorter_result_leaves_nothing_of_a_longer_one(host):
    press(host, "check")
    assert len([row for row in result(host) if row]) > 10
    press(host, "undo")
    assert [row for row in result(host) if row][1:] == [["Kumottavaa ei ole."], result(host)[2]]


def test_a_long_result_says_how_many_more_there_are(host, monkeypatch):
    monkeypatch.setattr(pages, "MOST", 5)
    press(host, "check")
    lines = [row for row in result(host)[5:] if row]
    count = int(re.search(r"\d+", result(host)[1][0])[0])
    assert len(lines) == 6
    assert lines[-1] == [f"… ja {count - 5} muuta."]


def test_a_sheet_of_somebodys_own_is_not_written_over(host):
    for sheets_ in (host.cells, host.texts):
        sheets_["TULOS"] = [["Oma taulukko"]]
        sheets_["muutosloki"] = [["Oma loki"]]
    press(host, "recompute")
    assert host.texts["TULOS"] == [["Oma taulukko"]]
    assert host.texts["muutosloki"] == [["Oma loki"]]
    assert host.texts["Tulos 2"][0][0] == "taulukko: Laske uudelleen"
    assert host.texts["Muutosloki 2"][0][0] == "taulukko"
    press(host, "recompute")
    assert "Tulos 3" not in host.texts


def log_of_somebodys_own() -> list[list[object]]:
    return [["taulukko"], ["Aika", "Käyttäjä", "Painike", "Solu", "Oli", "On", "Ajo", "Tieto", "Oma"], ["1.1."] * 9]


@pytest.mark.parametrize("action", ACTIONS)
def test_a_sheet_is_not_ours_for_what_stands_in_its_first_cell(host, action):
    own: dict[str, list[list[object]]] = {
        "Oma": [["taulukko: henkilöstö 2024"], ["a", 1.0]],
        "Loki": log_of_somebodys_own(),
    }
    for sheets_ in (host.cells, host.texts):
        sheets_ |= {title: [[*row] for row in rows] for title, rows in own.items()}
    press(host, action)
    assert {title: host.texts[title] for title in own} == own
    assert host.texts["Tulos"][0][0].startswith("taulukko: ")


def test_the_result_and_the_log_are_found_by_their_names_whatever_they_are_called(host):
    host.put_text(*RISK, "oma")
    press(host, "recompute")
    host.rename("Tulos", "Viimeisin")
    host.rename("Muutosloki", "Viimeisimmät")
    computed(host)
    press(host, "undo")
    assert host.texts["Viimeisin"][0][0] == "taulukko: Kumoa"
    assert host.cells["Riskit"][6][7] == "oma"
    assert not {"Tulos", "Muutosloki"} & host.texts.keys()


def test_a_copy_that_somebody_kept_of_the_result_stays(host):
    press(host, "recompute")
    for sheets_ in (host.cells, host.texts):
        sheets_["Tulos (2)"] = [[*row] for row in sheets_["Tulos"]]
    host.targets["'Tulos (2)'!taulukko.result"] = "='Tulos (2)'!$A$1"
    kept = [[*row] for row in host.texts["Tulos (2)"]]
    press(host, "check")
    assert host.texts["Tulos (2)"] == kept
    assert host.texts["Tulos"][0][0] == "taulukko: Tarkista"


def test_a_result_that_somebody_deleted_is_made_anew(host):
    press(host, "recompute")
    for sheets_ in (host.cells, host.texts):
        del sheets_["Tulos"]
    host.targets["taulukko.result"] = "=#REF!$A$1"
    for _ in range(2):
        press(host, "check")
    assert [title for title in host.texts if title.startswith("Tulos") and "laskelma" not in title] == ["Tulos"]


def test_sheets_that_are_not_ours_are_not_read(host):
    host.add("Oma")
    seen = []
    values = host.values
    host.values = lambda title: seen.append(title) or values(title)  # type: ignore[func-returns-value]
    press(host, "check")
    assert "Oma" not in seen and "Riskit" in seen


@pytest.mark.parametrize("sees_formulas", [True, False])
def test_tables_that_were_turned_into_ranges_are_as_they_should_be_and_are_not_named(finnish, sees_formulas):
    host = finnish.copy(sees_formulas)
    host.turn_into_ranges()
    host.put(*RISK, 99.0)
    host.texts["Riskit"][6][7] = 99.0
    press(host, "recompute")
    said = host.texts["Tulos"][1][0]
    assert re.search(r"korjattiin 1\.", said)
    written = [str(text) for block in host.written if block.sheet == "Riskit" for row in block.rows for text in row]
    assert any(text.startswith("=IF(COUNT('Riskit'!$F7,") for text in written)
    assert [text for text in written if "t_risks[" in text] == []
    assert {block.sheet for block in host.written} >= {"Riskit"}
    computed(host)
    press(host, "undo")
    assert host.cells["Riskit"][6][7] == 99.0


def test_a_formula_that_names_a_table_which_is_gone_is_not_put_back(host):
    host.put(*RISK, "=SUM(t_risks[Todennäköisyys])")
    press(host, "recompute")
    computed(host)
    host.turn_into_ranges()
    press(host, "undo")
    assert host.texts["Riskit"][6][7].startswith("=IF(COUNT(Riskit!$F7,")
    assert "t_risks[" not in str([block.rows for block in host.written[-3:] if block.sheet == "Riskit"])


def test_a_very_long_text_is_kept_whole(host):
    text = "".join(random.Random(1).choices('åäö"\\x', k=32_000))
    host.put(*RISK, text)
    press(host, "recompute")
    assert all(len(str(value)) <= 32_767 for row in host.texts["Muutosloki"] for value in row)
    computed(host)
    press(host, "undo")
    assert host.cells["Riskit"][6][7] == text


@pytest.mark.parametrize("facts", ["{", "[1]", '{"other": 1}', "1", '["risks", 1, 2, 3, 4, 5, 6]'])
def test_a_log_that_was_edited_is_not_undone_from(host, facts):
    host.put(*RISK, 99.0)
    press(host, "recompute")
    host.put("Muutosloki", 3, 7, f"'{facts}")
    before = host.copy()
    press(host, "undo")
    assert [one.finding.code for one in host.refused] == ["log_damaged"]
    assert host.texts == before.texts


@pytest.mark.parametrize("action", ACTIONS)
def test_a_workbook_without_a_program_is_refused_and_left_as_it_is(host, action):
    for rows in (host.cells[SHEET], host.texts[SHEET]):
        rows[:] = [row for row in rows if row[0] != "program"]
    before = host.copy()
    press(host, action)
    assert [one.finding.code for one in host.refused] == ["program_missing"]
    assert host.texts == before.texts


def test_a_link_leads_to_a_sheet_with_an_apostrophe_and_quotes():
    assert pages._link('Riskit "\'24"!A1') == '=HYPERLINK("#\'Riskit ""\'\'24""\'!A1","Riskit ""\'24""!A1")'
