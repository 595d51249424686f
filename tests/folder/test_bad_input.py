"""Each kind of bad input beside what is said of it, in Finnish."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.folders import HEADERS, REPORT, data_folder
from taulukko.builder import build
from taulukko.cli import run
from taulukko.errors import FaultsError
from taulukko.folder.data_folder import load
from taulukko.messages import Say


def said(folder: Path) -> list[str]:
    """What is said of a folder's faults, without the folder's own path."""
    with pytest.raises(FaultsError) as caught:
        load(folder)
    return [Say("fi").finding(fault).replace(f"{folder}/", "") for fault in caught.value.findings]


LUKU = "Kirjoita pelkkä luku, esimerkiksi -5000."
VALITSE = "Valitse jokin sallituista arvoista."
LINES = (
    "sales_revenue, internal_sales, fees, grants_received, other_revenue, operating_revenue, change_in_inventories, "
    "own_use_production, personnel_costs, services_purchased, internal_purchases, materials, …"
)

ROWS = {
    "text in a number column": (
        "investments", "I1,Koulu,,n. 5 000,",
        f"investments.csv:2 budget: odotettiin lukua, löytyi ”n. 5 000”. {LUKU}",
    ),
    "an ambiguous number": (
        "investments", "I1,Koulu,,-2 114.000,",
        "investments.csv:2 budget: odotettiin lukua, jonka voi lukea vain yhdellä tavalla, löytyi ”-2 114.000”. "
        "Kirjoita luku ilman tuhaterotinta, esimerkiksi -2114 tai -2114.50.",
    ),
    "two values in one cell": (
        "projects", "H1,wellbeing,,Hanke,,2024,2025,,,1000,OKM,0.2,50 % / 60 %,,running,",
        "projects.csv:2 spending: odotettiin yhtä lukua, löytyi ”50 % / 60 %”. "
        "Jätä soluun yksi luku ja kirjoita toinen omaan sarakkeeseensa.",
    ),
    "not a whole number": (
        "projects", 'H1,wellbeing,,Hanke,,"2024,5",2025,,,1000,OKM,0.2,0.5,,running,',
        "projects.csv:2 start_year: odotettiin kokonaislukua, löytyi ”2024,5”. "
        "Kirjoita luku ilman desimaaleja, esimerkiksi 3.",
    ),
    "outside the limits": (
        "projects", "H1,wellbeing,,Hanke,,2024,2025,,,1000,OKM,20,0.5,,running,",
        "projects.csv:2 city_share: odotettiin lukua sallitulta väliltä (0 – 1), löytyi ”20”. "
        "Korjaa luku. Prosentin voi kirjoittaa muodossa 20 % tai 0.2.",
    ),
    "an unknown unit": (
        "risks", "R1,KOULU,operational,Riski,1,1,,",
        f"risks.csv:2 unit: odotettiin luettelon arvoa, löytyi ”KOULU”. Sallitut: TOIMIALA, VAKA. {VALITSE}",
    ),
    "an unknown status": (
        "goals_council", "T1,wellbeing,Tavoite,Mittari,,Toteuma,valmis",
        "goals_council.csv:2 status: odotettiin luettelon arvoa, löytyi ”valmis”. "
        f"Sallitut: achieved, partly, not_achieved, no_data. {VALITSE}",
    ),
    "an unknown value of a scale": (
        "risks", "R1,VAKA,operational,Riski,4,1,,",
        f"risks.csv:2 likelihood: odotettiin luettelon arvoa, löytyi ”4”. Sallitut: 1, 2, 3. {VALITSE}",
    ),
    "an unknown key of a line": (
        "income_statement", "VAKA,myynti,,,1,1,,,,,,",
        f"income_statement.csv:2 line: odotettiin luettelon arvoa, löytyi ”myynti”. Sallitut: {LINES}. {VALITSE}",
    ),
    "a unit that is missing": (
        "income_statement", ",fees,,,1,1,,,,,,",
        "income_statement.csv:2 unit: odotettiin arvoa, mutta kenttä on tyhjä. Täytä kenttä tai poista rivi.",
    ),
    "a printed figure that is missing": (
        "controls", "income_statement,VAKA,fees,budget,",
        "controls.csv:2 printed: odotettiin arvoa, mutta kenttä on tyhjä. Täytä kenttä tai poista rivi.",
    ),
    "the key of a record twice": (
        "risks", "R1,VAKA,operational,Riski,1,1,,\nr1,VAKA,operational,Toinen,1,1,,",
        "risks.csv:3 id: odotettiin tunnusta, joka esiintyy vain kerran, löytyi ”r1”. "
        "Anna kummallekin oma tunnus tai poista toinen.",
    ),
    "a line of a unit twice": (
        "income_statement", "VAKA,fees,,,1,1,,,,,,\nVAKA,fees,,,2,2,,,,,,",
        "income_statement.csv:3 unit, line: odotettiin tunnusta, joka esiintyy vain kerran, löytyi ”VAKA, fees”. "
        "Anna kummallekin oma tunnus tai poista toinen.",
    ),
    "something that is not a date": (
        "income_statement", "VAKA,fees,,,1,1,,,,,,30.9.2024",
        "income_statement.csv:2 due: odotettiin päivämäärää, löytyi ”30.9.2024”. "
        "Kirjoita päivä muodossa 2024-09-30.",
    ),
    "a due date before the period": (
        "income_statement", "VAKA,fees,,,1,1,,,,,,2023-12-31",
        "income_statement.csv:2 due: odotettiin päivää sallitulta väliltä (2024-01-01 – 2044-12-31), "
        "löytyi ”2023-12-31”. Tarkista päivä ja raportin kausi.",
    ),
    "an acceptance before the period": (
        "checks", "crossfoot.VAKA.surplus,Syy,Nimi,2023-12-31",
        "checks.csv:2 date: odotettiin päivää sallitulta väliltä (2024-01-01 – 2044-12-31), "
        "löytyi ”2023-12-31”. Tarkista päivä ja raportin kausi.",
    ),
    "a project in another century": (
        "projects", "H1,wellbeing,,Hanke,,2024,2025,1924-01-01,,1000,OKM,0.2,0.5,,running,",
        "projects.csv:2 start_date: odotettiin päivää sallitulta väliltä (2004-01-01 – 2044-12-31), "
        "löytyi ”1924-01-01”. Tarkista päivä ja raportin kausi.",
    ),
    "an end before its beginning": (
        "projects", "H1,wellbeing,,Hanke,,2025,2024,,,1000,OKM,0.2,0.5,,running,",
        "projects.csv:2 end_year: odotettiin loppua, joka ei ole ennen alkua (2025 …), löytyi ”2024”. "
        "Korjaa alku tai loppu.",
    ),
    "a command that looks like a formula": (
        "risks", "R1,VAKA,operational,=cmd|' /C calc'!A0,1,1,,",
        "risks.csv:2 risk: odotettiin tekstiä, joka ei ala merkillä =, + tai @, löytyi ”=cmd|' /C calc'!A0”. "
        "Lisää eteen sana tai poista merkki, ettei tekstiä tulkita kaavaksi.",
    ),
    "a plus sign that looks like a formula": (
        "risks", "R1,VAKA,operational,+1,1,1,,",
        "risks.csv:2 risk: odotettiin tekstiä, joka ei ala merkillä =, + tai @, löytyi ”+1”. "
        "Lisää eteen sana tai poista merkki, ettei tekstiä tulkita kaavaksi.",
    ),
    "an at sign that looks like a formula": (
        "risks", "R1,VAKA,operational, @x,1,1,,",
        "risks.csv:2 risk: odotettiin tekstiä, joka ei ala merkillä =, + tai @, löytyi ” @x”. "
        "Lisää eteen sana tai poista merkki, ettei tekstiä tulkita kaavaksi.",
    ),
    "a control character": (
        "risks", "R1,VAKA,operational,Riski\x07,1,1,,",
        "risks.csv:2 risk: odotettiin tekstiä ilman ohjausmerkkejä, löytyi ”Riski\\x07”. "
        "Poista näkymättömät merkit, esimerkiksi kirjoittamalla teksti uudelleen.",
    ),
    "a comma too many": (
        "risks", "R1,VAKA,operational,Riski, iso,1,1,,",
        "risks.csv:2: odotettiin rivillä yhtä monta kenttää kuin otsikossa (8), löytyi ”9”. "
        "Tarkista pilkut: pilkun sisältävä teksti tai luku kirjoitetaan lainausmerkkeihin.",
    ),
    "a quotation mark too few": (
        "texts", 'X1,description,VAKA,"Alkaa',
        "texts.csv:2: odotettiin virheetöntä CSV-tiedostoa, löytyi ”unexpected end of data”. "
        "Tarkista rivin lainausmerkit: jokaiselle alkavalle tarvitaan päättävä.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "rows", "message"), ROWS.values(), ids=ROWS)
def test_a_row(tmp_path, name, rows, message):
    assert said(data_folder(tmp_path / "data", **{name: rows})) == [message]


@pytest.mark.parametrize("length", [32768, 200_000])
def test_a_text_too_long_for_a_cell(tmp_path, length):
    [message] = said(data_folder(tmp_path / "data", texts=f"X1,description,VAKA,{'a' * length}"))
    assert "odotettiin tekstiä, jossa on enintään 32767 merkkiä" in message
    assert message.endswith("Lyhennä tekstiä tai jaa se usealle riville.")


def test_a_text_that_just_fits(tmp_path):
    report, _ = load(data_folder(tmp_path / "data", texts=f"X1,description,VAKA,{'a' * 32767}"))
    assert len(str(report.rows("texts")[0]["text"])) == 32767


FILES = {
    "an unknown column": (
        "risks.csv", f"{HEADERS['risks.csv']},vari\n".encode(),
        "risks.csv:1 vari: odotettiin vain niitä sarakkeita, jotka malli tuntee, löytyi ”vari”. Sallitut: id, "
        "risk_class, risk, unit, likelihood, impact, treatment, realisation. Korjaa sarakkeen nimi tai poista sarake.",
    ),
    "a missing column": (
        "texts.csv", b"id,topic,unit\n",
        "texts.csv:1 text: odotettiin saraketta, mutta sitä ei ole otsikkorivillä. "
        "Lisää sarake; arvot saa jättää tyhjiksi.",
    ),
    "semicolons": (
        "texts.csv", b"id;topic;unit;text\n",
        "texts.csv:1: odotettiin pilkulla erotettuja sarakkeita, löytyi ”id;topic;unit;text”. "
        "Tallenna tiedosto niin, että sarakkeiden erottimena on pilkku.",
    ),
    "another encoding": (
        "texts.csv", "id,topic,unit,text\nX1,description,VAKA,Pääosin\n".encode("latin-1"),
        "texts.csv:2: odotettiin UTF-8-merkistöä. "
        "Tallenna tiedosto uudelleen UTF-8-merkistöllä (Excelissä muoto ”CSV UTF-8”).",
    ),
    "an empty file": (
        "texts.csv", b"\n# vain kommentti\n",
        "texts.csv: odotettiin otsikkoriviä, mutta tiedosto on tyhjä. Sallitut: id, topic, unit, text. "
        "Kirjoita ensimmäiselle riville sarakkeiden nimet tai poista tiedosto.",
    ),
    "an unknown file": (
        "riskit.csv", b"id\n",
        "riskit.csv: odotettiin vain niitä tiedostoja, jotka malli tuntee. Sallitut: assessments.csv, checks.csv, "
        "controls.csv, goals_council.csv, goals_service_area.csv, income_statement.csv, investment_projects.csv, "
        "investments.csv, projects.csv, returns.csv, risks.csv, texts.csv. "
        "Korjaa tiedoston nimi tai siirrä tiedosto pois kansiosta.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "content", "message"), FILES.values(), ids=FILES)
def test_a_file(tmp_path, name, content, message):
    folder = data_folder(tmp_path / "data")
    (folder / name).write_bytes(content)
    assert said(folder) == [message]


REPORTS = {
    "an unknown fact": (
        'signs = "costs_negative"', 'signs = "costs_negative"\nkunta = "X"',
        "report.toml kunta: odotettiin vain tunnettuja tietoja. Sallitut: template, language, municipality, division, "
        "board, year, period_start, period_end, date_of_issue, responsible, signs, deadline, …. "
        "Korjaa nimi tai poista tieto.",
    ),
    "a missing fact": (
        'responsible = "Johtaja"', "",
        "report.toml responsible: odotettiin tietoa, mutta se puuttuu. Lisää se tiedostoon.",
    ),
    "a fact of the wrong type": (
        "date_of_issue = 2024-10-31", 'date_of_issue = "31.10.2024"',
        "report.toml date_of_issue: odotettiin päivämäärää, löytyi ”31.10.2024”. "
        "Korjaa arvo: teksti lainausmerkkeihin, luku ja päivä (2024-09-30) ilman niitä.",
    ),
    "a period in another year": (
        "year = 2024", "year = 2023",
        "report.toml period_end: odotettiin kautta, joka päättyy alkunsa jälkeen ja on raportin vuoden sisällä "
        "(2024-01-01 …), löytyi ”2024-09-30”. Korjaa year, period_start tai period_end.",
    ),
    "a date of issue before the period": (
        "date_of_issue = 2024-10-31", "date_of_issue = 2023-10-31",
        "report.toml date_of_issue: odotettiin päivää sallitulta väliltä (2024-01-01 …), löytyi ”2023-10-31”. "
        "Tarkista päivä ja raportin kausi.",
    ),
    "an unknown level": (
        'level = "service_area"', 'level = "yksikkö"',
        f"report.toml:units[2] level: odotettiin luettelon arvoa, löytyi ”yksikkö”. "
        f"Sallitut: division, service_area. {VALITSE}",
    ),
    "two divisions": (
        'level = "service_area"', 'level = "division"',
        "report.toml:units level: odotettiin täsmälleen yhtä yksikköä, jonka taso on division. "
        'Merkitse toimialalle level = "division" ja muille level = "service_area".',
    ),
    "a code no sheet can be named by": (
        'code = "VAKA"', 'code = "VAKA/1"',
        "report.toml:units[2] code: odotettiin lyhyttä tunnusta: 1–12 kirjainta, numeroa tai viivaa, ei sana division, "
        "löytyi ”VAKA/1”. Lyhennä tunnusta; se tulee taulukon nimeen.",
    ),
    "a code twice": (
        'code = "VAKA"', 'code = "toimiala"',
        "report.toml:units[2] code: odotettiin tunnusta, joka esiintyy vain kerran, löytyi ”toimiala”. "
        "Anna kummallekin oma tunnus tai poista toinen.",
    ),
    "units that are not tables": (
        REPORT[REPORT.index("[[units]]"):], "units = [1]",
        "report.toml [[units]]: odotettiin tietoa, mutta se puuttuu. Lisää se tiedostoon.",
    ),
    "a template that is not there": (
        'template = "osavuosikatsaus"', 'template = "vuosikertomus"',
        "template.toml template: odotettiin olemassa olevan mallin nimeä, löytyi ”vuosikertomus”. "
        "Sallitut: osavuosikatsaus. Valitse jokin malleista tai anna kansion polku (../oma-malli).",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "message"), REPORTS.values(), ids=REPORTS)
def test_a_report(tmp_path, right, wrong, message):
    assert right in REPORT
    assert said(data_folder(tmp_path / "data", REPORT.replace(right, wrong))) == [message]


def test_a_report_that_is_not_there(tmp_path):
    (tmp_path / "data").mkdir()
    assert said(tmp_path / "data") == [
        "report.toml: odotettiin tiedostoa, mutta sitä ei ole. "
        "Tarkista kansion polku. Uuden aineistokansion tekee komento taulukko new KANSIO."
    ]


def test_all_faults_of_all_files_at_once_and_nothing_written(tmp_path, capsys):
    folder = data_folder(
        tmp_path / "data",
        REPORT.replace('responsible = "Johtaja"', ""),
        risks="R1,KOULU,operational,=1+1,4,1,,\nR1,,,Riski,1,1,,",
        investments="I1,Koulu,,n. 5 000,-2 114.000",
        texts="X1,description,VAKA,Hyvä",
    )
    (folder / "checks.csv").write_bytes(b"")
    before = sorted(folder.iterdir())

    assert run(["build", str(folder), "--lang", "fi"]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert [line.split(": ")[0] for line in printed.err.splitlines()] == [
        "report.toml responsible",
        "investments.csv:2 budget",
        "investments.csv:2 actual",
        "risks.csv:2 risk",
        "risks.csv:2 unit",
        "risks.csv:2 likelihood",
        "risks.csv:3 id",
        "checks.csv",
        "8 virhettä. Mitään ei kirjoitettu.",
    ]
    assert sorted(folder.iterdir()) == before


def test_an_earlier_workbook_stays_when_the_input_is_bad(tmp_path):
    folder = data_folder(tmp_path / "data")
    path = build(folder)
    built = path.read_bytes()
    data_folder(folder, risks="R1,KOULU,operational,Riski,1,1,,")
    with pytest.raises(FaultsError):
        build(folder)
    assert path.read_bytes() == built


@pytest.mark.parametrize(
    "rows",
    ["# R1,KOULU,x,=1,9,9,,", "#,,,,,,,", "", ",,,,,,,", " # ohje, jossa on pilkku"],
    ids=["example", "bare", "blank line", "blank fields", "instruction"],
)
def test_comments_and_blank_rows_are_left_out(tmp_path, rows):
    report, _ = load(data_folder(tmp_path / "data", risks=f"{rows}\nR1,VAKA,operational,Riski,1,1,,"))
    assert [row["id"] for row in report.rows("risks")] == ["R1"]


def test_lines_ended_as_windows_does(tmp_path):
    folder = data_folder(tmp_path / "data", texts='X1,description,VAKA,"Yksi\nkaksi"')
    content = (folder / "texts.csv").read_bytes().replace(b"\n", b"\r\n")
    (folder / "texts.csv").write_bytes(b"\xef\xbb\xbf" + content)
    report, _ = load(folder)
    assert report.rows("texts")[0]["text"] == "Yksi\nkaksi"
