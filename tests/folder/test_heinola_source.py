"""The Heinola folder holds the source report's every word and figure, and nothing else.

``data/heinola_source.txt`` is the text of the published report, page breaks and all. Its tables are cut up here by line
number (1-based) and compared cell by cell with the data folder; then the words and the figures of the two are counted,
so that nothing falls between the tables. What the folder leaves out on purpose is listed under "known remainder".
"""

import csv
import io
import re
import tomllib
from collections import Counter
from decimal import Decimal

from support.built import HEINOLA, TESTS

SOURCE = (TESTS / "data" / "heinola_source.txt").read_text(encoding="utf-8").split("\n")

COLUMNS = {
    "goals_council": "id,strategic_goal,goal,indicator,responsible,actual,status",
    "goals_service_area": "id,strategic_goal,unit,goal,indicator,responsible,actual,status",
    "income_statement": "unit,line,last_year,last_year_to_date,budget,actual,forecast_manual,forecast_reason,"
    "explanation,measure,responsible,due",
    "assessments": "unit,text,covers_lines",
    "investments": "id,name,last_year,budget,actual",
    "investment_projects": "id,unit,name,budget,actual,state",
    "risks": "id,unit,risk_class,risk,likelihood,impact,treatment,realisation",
    "projects": "id,strategic_goal,unit,name,code,start_year,end_year,start_date,end_date,funding,funder,city_share,"
    "spending,spending_second,state,status_text",
    "texts": "id,topic,unit,text",
    "controls": "section,unit,record,column,printed",
    "checks": "key,reason,name,date",
}
ROW_COUNTS = {
    "goals_council": 4, "goals_service_area": 16, "income_statement": 38, "assessments": 3, "investments": 1,
    "investment_projects": 3, "risks": 5, "projects": 20, "texts": 25, "controls": 198, "checks": 0,
}  # fmt: skip
NUMERIC = {
    "last_year", "last_year_to_date", "budget", "actual", "printed", "likelihood", "impact", "start_year", "end_year",
    "funding", "city_share", "spending", "spending_second",
}  # fmt: skip
NOT_IN_SOURCE = {  # columns for which the report says nothing
    "goals_council": ["responsible"],
    "income_statement": ["forecast_manual", "forecast_reason", "explanation", "measure", "responsible", "due"],
    "assessments": ["covers_lines"],
    "risks": ["unit"],
    "projects": ["unit", "code", "end_date"],
}

# --- the source's layout -------------------------------------------------------------------------------------------

# Rows cut in two by a page break: second part's line -> first part's line.
CONTINUED = {220: 218, 228: 221, 232: 230, 237: 235, 268: 266, 275: 273, 283: 281}
# ... and the cells (line, column) cut in mid-sentence; the others were cut between two paragraphs.
RUN_ON = {(220, 2), (220, 4), (232, 2), (283, 7)}

STATEMENTS = {"TOIMIALA": (112, 128), "OPKOU": (130, 136), "VAKA": (145, 162), "VIRE": (171, 189)}
LINES = {
    "Myyntituotot": "sales_revenue",
    "Maksutuotot": "fees",
    "Tuet ja avustukset": "grants_received",
    "Muut toimintatuotot": "other_revenue",
    "Toimintatuotot": "operating_revenue",
    "Henkilöstökulut": "personnel_costs",
    "Palvelujen ostot": "services_purchased",
    "Aineet, tarvikkeet ja tavarat": "materials",
    "Avustukset": "grants_paid",
    "Muut toimintakulut": "other_expenses",
    "Toimintakulut": "operating_expenses",
    "Toimintakate": "operating_margin",
    "Rahoitustuotot ja -kulut": "financing_net",
    "Vuosikate": "annual_margin",
    "Poistot ja arvonalentumiset": "depreciation",
    "Tilikauden tulos": "result",
}
TOTALS = {"operating_revenue", "operating_expenses", "operating_margin", "annual_margin", "result"}
# OPKOU's table has lost its top: these two cannot be computed, so they are inputs.
GIVEN_TOTALS = {("OPKOU", "operating_expenses"), ("OPKOU", "operating_margin")}
AMOUNTS = ["last_year", "last_year_to_date", "budget", "actual"]
BUDGET_SUMMARY = {"TULOT": "income", "MENOT": "expenditure", "NETTO": "net"}

STATUSES = {
    "achieved": "Toteutuu",
    "partly": "Toteutuu osittain",
    "not_achieved": "Ei toteudu",
    "no_data": "Ei tietoa",
}
RISK_CLASSES = {
    "operational": "Toiminnallinen riski",
    "financial": "Taloudellinen riski",
    "strategic": "Strateginen riski",
}
STATES = {"planned", "running", "finished", "postponed"}
# A project's state is read from its text; first match wins, no match = not told.
STATE_WORDS = [
    ("finished", r"loppunut|päättynyt|toteutui suunnitellusti|toteutettu loppuun"),
    ("planned", r"toteutus aloitetaan|toteutus käynnistyy"),
    ("running", r"etenee suunnitellusti|toteutus alkoi|on alkanut"),
]

# --- known remainder: what is in the source and, word for word, not in the folder -------------------------------------

SECTION_HEADINGS = {  # heading -> topic and unit of the paragraphs under it (unit None: the unit stays)
    "STRATEGIASTA JOHDETUT TAVOITTEET/TOIMIALA (VALTUUSTON SITOVUUSTASO)": ("goals_intro", "TOIMIALA"),
    "Käyttösuunnitelma": ("", ""),
    "KUVAUS TOIMIALAN JA PALVELUALUEIDEN TOIMINNASTA JA TARKOITUKSESTA 2024": ("description", ""),
    "TOIMINTAYMPÄRISTÖ JA SEN MUUTOKSET 2024": ("environment", ""),
    "TOIMINNAN PAINOPISTEALUEET v. 2024": ("focus", ""),
    "VALTUUSTON HYVÄKSYMÄ TALOUSARVIO": ("", ""),
    "TULOSLASKELMA, NETTOSITOVUUS": ("", "OPKOU"),  # the branch's table has no text; OPKOU's own heading is lost
    "Arvio palvelualueen talousarvion toteutumisesta (30.9.2024)": ("assessment", None),  # stands there three times
    "INVESTOINNIT": ("investments", ""),
    "Investointien tapahtumatoteuma (30.9. 2024)": ("investment_events", ""),
    "KÄYTTÖSUUNNITELMAN PALVELUALUEITTAISET TAVOITTEET": ("plan_intro", ""),
    "Riskienhallinta": ("", ""),
    "Hankkeet": ("", ""),
}
UNIT_HEADINGS = {  # other forms of the units' names, standing as headings
    "VARHAISKASVATUKSEN PALVELUALUE": "VAKA",
    "VIRIKKEELLINEN ELÄMÄ -PALVELUALUE": "VIRE",
    "Virikkeellinen elämä -palvelualue:": "VIRE",
}
OTHER_HEADINGS = [
    "OSAVUOSIKATSAUS",
    "Hyvinvointilautakunnan toimiala Toiminnalliset tavoitteet",
    "Arvio palvelualueen talousarvion toteutumisesta (30.9.2024)",  # the second time
    "Arvio palvelualueen talousarvion toteutumisesta (30.9.2024)",  # the third time
    *["TOIMINTATUOTOT", "TOIMINTAKULUT"] * 3,  # inside the branch's, VAKA's and VIRE's statements, without figures
]
TABLE_HEADS = {  # line -> head row
    18: "Strateginen päämäärä\tToimialan tavoite 2024\tToteuma 30.9.\tTila",
    102: "Hyvinvointilautakunnan toimiala\tTP 2023\tTOT 2023\tTA 2024\tTOT 2024\tJäljellä\tTOT-24",
    103: "Selite\t9 kk\t\t+muutos\t9 kk\t\t%",
    110: "Hyvinvointilautakunnan toimiala\tTP 2023\tTOT 2023\tTA 2024\tTOT 2024\tJäljellä\tTOT-24",
    111: "Selite\t9 kk\t\t+muutos\t9 kk\t\t%",
    144: "Varhaiskasvatus Selite\tTP 2023\tTOT 2023 9 kk\tTA 2024 +muutos\tTOT 2024 9 kk\tJäljellä\tTOT-24 %",
    170: "Virkkeellinen elämä Selite\tTP 2023\tTOT 2023 9 kk\tTA 2024 +muutos\tTOT 2024 9 kk\tJäljellä\tTOT-24 %",
    203: "HYVINVOINTI\tTP2023\tTA 2024\tToteuma 1-9\tPoikkeama\tToteuma %",
    217: "Strateginen päämäärä\tTavoite 2024\tMittari ja tavoitetaso\tVastuu\tToteuma 30.9.\tTila",
    251: "Riskiluokka\tTunnistettu riski\tRiskiarvo\tHallintakeino\tHallintakeinon toteutuminen",
    260: "Strateginen päämäärä\tHankkeen nimi ja koodi\tToteutusaika\tHankkeen kokonais-rahoitus\t"
    "Hankkeen rahoittaja\tKaupungin rahoitus-osuus %\tMenojen toteuma %\tTilannekatsaus",
}
# The unit's code before a service area's goal is in the column unit: as printed -> code, by goal.
UNIT_PREFIXES = {
    "P1": ("HYTE:", "HYTE"),
    "P2": ("OPKOU:", "OPKOU"),
    "P3": ("VAKA:", "VAKA"),
    "P4": ("VIRE:", "VIRE"),
    "P6": ("VIRE", "VIRE"),
    "P7": ("OPKOU", "OPKOU"),
    "P9": ("HYTE", "HYTE"),
    "P10": ("OPKOU", "OPKOU"),
    "P14": ("VAKA", "VAKA"),
    "P16": ("OPKOUL", "OPKOU"),
}
# Markup: tags, bullets, bold, status marks (the status stands beside each in words).
MARKUP = re.compile(r"<[a-z/][^>]*>|[•✓◐○]")

# --- reading ----------------------------------------------------------------------------------------------------------


def read(name):
    with (HEINOLA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def report():
    return tomllib.loads((HEINOLA / "report.toml").read_text(encoding="utf-8"))


def words(text):
    return MARKUP.sub(" ", text).replace("**", "").split()


def flat(paragraphs):
    return [word for paragraph in paragraphs for word in paragraph]


def table(first, last):
    """The rows of a source table: each cell a list of paragraphs, each paragraph a list of words."""
    rows = {}
    for number in range(first, last + 1):
        line = SOURCE[number - 1]
        if "\t" not in line:
            assert not line.strip(), f"line {number} is not a table row"
            continue
        cells = [[p for p in map(words, re.split(r"</?p>", cell)) if p] for cell in line.split("\t")]
        if number not in CONTINUED:
            rows[number] = cells
            continue
        row = rows[CONTINUED[number]]
        assert len(row) == len(cells)
        for column, (head, tail) in enumerate(zip(row, cells, strict=True)):
            if (number, column) in RUN_ON:
                head[-1].extend(tail.pop(0))
            head.extend(tail)
    return list(rows.values())


def amount(text):
    found = re.fullmatch(r"(?:(-) ?)?(\d{1,3}(?: \d{3})+|\d+)(,\d+)?", text)
    assert found, f"not a figure: {text!r}"
    sign, whole, decimals = found.groups("")
    return Decimal(sign + whole.replace(" ", "") + decimals.replace(",", "."))


def percent(text):
    return amount(text.removesuffix(" %")) / 100


def figure_rows(first, last):
    """Rows of a table of figures: the label and the stripped cells; blank lines and rows without figures left out."""
    for number in range(first, last + 1):
        label, *cells = (cell.strip() for cell in SOURCE[number - 1].split("\t"))
        if any(cells):
            yield label, cells
        else:
            assert label in ("", "TOIMINTATUOTOT", "TOIMINTAKULUT")


def statement_figures(unit, record, cells, columns):
    *amounts, share = cells
    figures = {(unit, record, column): amount(cell) for column, cell in zip(columns, amounts, strict=True)}
    return figures | {(unit, record, "used_share"): percent(share)}


def controls(section):
    rows = [row for row in read("controls") if row["section"] == section]
    figures = {(row["unit"], row["record"], row["column"]): Decimal(row["printed"]) for row in rows}
    assert len(figures) == len(rows), "a control figure is given twice"
    return figures


def goals_by_key():
    return {goal["key"]: " ".join([goal["name"], *goal["subgoals"]]) for goal in report()["strategic_goals"]}


def printed_paragraphs(cell):
    """A source cell as the folder writes it: a paragraph a line."""
    return "\n".join(" ".join(paragraph) for paragraph in cell)


# --- form -------------------------------------------------------------------------------------------------------------


def test_files_are_canonical():
    assert {path.stem for path in HEINOLA.glob("*.csv")} == set(COLUMNS)
    for name, columns in COLUMNS.items():
        data = (HEINOLA / f"{name}.csv").read_bytes()
        assert not data.startswith(b"\xef\xbb\xbf"), name
        assert b"\r" not in data, name
        rows = list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))
        assert rows[0] == columns.split(","), name
        again = io.StringIO(newline="")
        csv.writer(again, lineterminator="\n", quoting=csv.QUOTE_MINIMAL).writerows(rows)
        assert again.getvalue().encode("utf-8") == data, name
        assert len(rows) - 1 == ROW_COUNTS[name], name


def test_numbers_are_canonical():
    for name in COLUMNS:
        for row in read(name):
            for column in NUMERIC & row.keys():
                if name.startswith("goals_") and column == "actual":  # a text there
                    continue
                assert re.fullmatch(r"|0|-?[1-9]\d*(\.\d*[1-9])?|-?0\.\d*[1-9]", row[column]), (name, row, column)


def test_columns_the_source_does_not_fill_are_blank():
    for name, columns in NOT_IN_SOURCE.items():
        assert {row[column] for row in read(name) for column in columns} == {""}, name


def test_ids_run_in_source_order():
    prefixes = {
        "goals_council": "T",
        "goals_service_area": "P",
        "investments": "I",
        "investment_projects": "IH",
        "risks": "R",
        "projects": "H",
        "texts": "X",
    }
    for name, prefix in prefixes.items():
        ids = [row["id"] for row in read(name)]
        assert ids == [f"{prefix}{n}" for n in range(1, len(ids) + 1)]


# --- report.toml ------------------------------------------------------------------------------------------------------


def test_report_facts_are_the_sources():
    facts = report()
    lines = [line.strip() for line in SOURCE]
    start, end, issued = facts["period_start"], facts["period_end"], facts["date_of_issue"]
    assert (start.isoformat(), end.isoformat(), issued.isoformat()) == ("2024-01-01", "2024-09-30", "2024-10-31")
    assert lines[4] == f"{issued.day}. LOKAKUUTA {issued.year}"
    assert lines[6] == f"OSAVUOSIKATSAUS {start.month}-{end.month}.{facts['year']}"
    assert lines[7] == facts["division"].upper()
    assert lines[11] == f"Vastuuhenkilö: {facts['responsible']}"
    assert facts["board"].lower() in lines[214]
    assert facts["municipality"] in "\n".join(lines).split()
    assert (facts["template"], facts["language"], facts["signs"]) == ("osavuosikatsaus", "fi", "costs_negative")


def test_units_are_the_sources():
    units = report()["units"]
    assert [unit["code"] for unit in units] == ["TOIMIALA", "HYTE", "OPKOU", "VAKA", "VIRE"]
    assert [unit["level"] for unit in units] == ["division"] + ["service_area"] * 4
    assert [unit["name"] for unit in units] == [SOURCE[line - 1].strip() for line in (28, 36, 40, 46, 52)]
    assert [unit["short"] for unit in units] == [
        "Toimiala",
        "Hyvinvoinnin edistäminen",
        "Opetus ja koulutus",
        "Varhaiskasvatus",
        "Virikkeellinen elämä",
    ]


def test_strategic_goals_are_the_sources():
    goals = report()["strategic_goals"]
    assert [goal["key"] for goal in goals] == ["wellbeing", "work_and_housing", "community", "economy"]
    for goal, number in zip(goals, (221, 233, 239, 244), strict=True):  # the rows that have kept their bullets
        cell = re.sub(r"</?p>|<ul[^>]*>", " ", SOURCE[number - 1].split("\t")[0])
        assert [part.strip() for part in cell.split("•")] == [goal["name"], *goal["subgoals"]]


# --- texts ------------------------------------------------------------------------------------------------------------


def test_paragraphs_are_the_sources_in_order():
    names = {unit["name"]: unit["code"] for unit in report()["units"]} | UNIT_HEADINGS
    topic = unit = ""
    expected = []
    for printed in SOURCE[13:215]:
        line = printed.strip()
        if not line or "\t" in printed:
            continue
        if line in SECTION_HEADINGS:
            topic, new_unit = SECTION_HEADINGS[line]
            unit = unit if new_unit is None else new_unit
        elif line in names:
            unit = names[line]
        else:
            expected.append((topic, unit, line.replace("**", "")))
    texts = [(row["topic"], row["unit"], row["text"]) for row in read("texts")]
    assessments = [("assessment", row["unit"], row["text"]) for row in read("assessments")]
    assert texts == [row for row in expected if row[0] != "assessment"]
    assert assessments == [row for row in expected if row[0] == "assessment"]


# --- goals ------------------------------------------------------------------------------------------------------------


def test_council_goals_are_the_sources():
    strategic = goals_by_key()
    for row, cells in zip(read("goals_council"), table(19, 22), strict=True):
        pairs = zip(row["goal"].split("\n"), row["indicator"].split("\n"), strict=True)
        assert [
            strategic[row["strategic_goal"]],
            " ".join(f"{goal} Mittari: {indicator}" for goal, indicator in pairs),
            row["actual"],
            STATUSES[row["status"]],
        ] == [" ".join(flat(cell)) for cell in cells]


def test_service_area_goals_are_the_sources():
    strategic = goals_by_key()
    for row, cells in zip(read("goals_service_area"), table(218, 247), strict=True):
        prefix, unit = UNIT_PREFIXES.get(row["id"], ("", ""))
        assert row["unit"] == unit
        assert strategic[row["strategic_goal"]] == " ".join(flat(cells[0]))
        if prefix:  # the code is a paragraph of its own, or the first word of the only one
            assert cells[1][0].pop(0) == prefix
        assert row["goal"] == printed_paragraphs([paragraph for paragraph in cells[1] if paragraph])
        assert [row["indicator"], row["responsible"], row["actual"], STATUSES[row["status"]]] == [
            printed_paragraphs(cell) for cell in cells[2:]
        ]


# --- figures ----------------------------------------------------------------------------------------------------------


def test_income_statements_are_the_sources():
    expected, order = {}, []
    for unit, (first, last) in STATEMENTS.items():
        for label, cells in figure_rows(first, last):
            order.append((unit, LINES[label]))
            expected |= statement_figures(unit, LINES[label], cells, [*AMOUNTS, "remaining"])
    assert len(order) == 54
    inputs = read("income_statement")
    # Lines are inputs and totals are computed, except the two whose parts are lost.
    assert [(row["unit"], row["line"]) for row in inputs] == [
        key for key in order if key[1] not in TOTALS or key in GIVEN_TOTALS
    ]
    figures = {(row["unit"], row["line"], column): Decimal(row[column]) for row in inputs for column in AMOUNTS}
    printed = controls("income_statement")
    assert not figures.keys() & printed.keys()
    assert figures | printed == expected


def test_budget_summary_is_the_sources():
    expected = {}
    for label, cells in figure_rows(104, 106):
        expected |= statement_figures("TOIMIALA", BUDGET_SUMMARY[label], cells, [*AMOUNTS, "remaining"])
    assert controls("budget_summary") == expected
    assert len(expected) == 18


def test_printed_remainders_are_budget_less_actual():
    rows = [cells for first, last in STATEMENTS.values() for _, cells in figure_rows(first, last)]
    rows += [cells for _, cells in figure_rows(104, 106)]
    assert len(rows) == 57
    for _, _, budget, actual, remaining, _ in rows:
        assert amount(budget) - amount(actual) == amount(remaining)


def test_investments_are_the_sources():
    (row,) = read("investments")
    group = SOURCE[201].strip()
    rows = dict(figure_rows(204, 205))
    assert list(rows) == ["Menot", "Netto"]
    assert row["name"] == f"{group}, menot"
    columns = ["last_year", "budget", "actual", "remaining"]
    expected = statement_figures("", "I1", rows["Menot"], columns)
    expected |= statement_figures("", "net", rows["Netto"], columns)
    inputs = {("", "I1", column): Decimal(row[column]) for column in columns[:3]}
    printed = controls("investments")
    assert not inputs.keys() & printed.keys()
    assert inputs | printed == expected


def test_investment_projects_are_in_the_narrative():
    rows = [tuple(row.values())[1:] for row in read("investment_projects")]
    assert rows == [
        ("VIRE", "Kirjaston remontin suunnittelu", "-200000", "0", "running"),
        ("OPKOU", "Lyseonmäen koulu", "-50000", "-9940", "running"),
        ("", "Kirkkis-talon ensitarvikehankinnat", "-20000", "0", "postponed"),
    ]
    (text,) = (row["text"] for row in read("texts") if row["topic"] == "investment_events")
    for sentence in (
        "Kirjaston remontin suunnitteluun on varattu rahaa 200 000 €.",
        "hyvinvoinnin investointivarausta ei ole käytetty.",
        "(Lyseonmäen koulu, 50 000 €) on aloitettu, käytetty 9 940 €.",
        "Kirkkis-talon ensitarvikehankinnat (20 000 €) siirtyvät.",
    ):
        assert sentence in text
    assert sum(int(row[2]) for row in rows) == int(read("investments")[0]["budget"])


def test_risks_are_the_sources():
    for row, cells in zip(read("risks"), table(252, 256), strict=True):
        assert [
            RISK_CLASSES[row["risk_class"]],
            row["risk"],
            f"Todennäköisyys: {row['likelihood']} Merkittävyys: {row['impact']}",
            row["treatment"],
            row["realisation"],
        ] == [printed_paragraphs(cell) for cell in cells]


def test_projects_are_the_sources():
    strategic = goals_by_key()
    for row, cells in zip(read("projects"), table(261, 286), strict=True):
        goal, name, period, funding, funder, city_share, spending, text = (" ".join(flat(cell)) for cell in cells)
        assert strategic[row["strategic_goal"]] == goal
        assert (row["name"], row["funder"], row["status_text"]) == (name, funder, text)
        years = period.split("–")
        assert (row["start_year"], row["end_year"]) == (years[0], years[-1])
        assert Decimal(row["funding"]) == amount(funding)
        assert Decimal(row["city_share"]) == percent(city_share)
        shares = [Decimal(row[column]) for column in ("spending", "spending_second") if row[column]]
        assert shares == [percent(part) for part in spending.split(" / ")]
        start = re.search(r"aloitetaan (\d+)\.(\d+)\.(\d{4})", text)
        assert row["start_date"] == (f"{start[3]}-{start[2]:0>2}-{start[1]:0>2}" if start else "")
        assert row["state"] == next((state for state, pattern in STATE_WORDS if re.search(pattern, text)), "")
    total = [" ".join(flat(cell)) for cell in table(287, 287)[0]]
    assert controls("projects") == {("", "total", "funding"): amount(total[3].removesuffix(" €"))}
    assert total == ["", "Yhteensä", "", "1 320 392 €", "", "", "", ""]


# --- the whole --------------------------------------------------------------------------------------------------------

FIGURE_CELL = re.compile(r"-? ?\d[\d ]*(,\d+)?( €)?")
SHARE_CELL = re.compile(r"(\d+(?:,\d+)?)(?: / (\d+(?:,\d+)?))? %")


def source_counts():
    """The words of the whole source, and the figures of its table cells (shares as per cent)."""
    counted, figures = Counter(), Counter()
    for line in SOURCE:
        for cell in line.split("\t"):
            text = cell.strip()
            if "\t" in line and FIGURE_CELL.fullmatch(text):
                figures[amount(text.removesuffix(" €"))] += 1
            elif "\t" in line and (share := SHARE_CELL.fullmatch(text)):
                figures.update(amount(part) for part in share.groups() if part)
            else:
                counted.update(words(text))
    return counted, figures


def folder_counts():
    """The words and figures of the folder, each as often as the report would print it."""
    facts, strategic = report(), goals_by_key()
    names = {unit["code"]: unit["name"] for unit in facts["units"]}
    printed, figures = [], []

    start, end, issued = facts["period_start"], facts["period_end"], facts["date_of_issue"]
    printed += [f"{issued.day}. LOKAKUUTA {issued.year}", f"{start.month}-{end.month}.{facts['year']}"]
    printed += [facts["division"].upper(), f"Vastuuhenkilö: {facts['responsible']}"]

    for row in read("goals_council") + read("goals_service_area") + read("projects"):
        printed.append(strategic[row["strategic_goal"]])  # once in report.toml, in the source on each row
    for row in read("goals_council") + read("goals_service_area"):
        printed += [row["goal"], row["indicator"], row["responsible"], row["actual"], STATUSES[row["status"]]]
    for row in read("goals_council"):
        printed += ["Mittari:"] * len(row["indicator"].split("\n"))  # the label that parts goal and indicator
    for row in read("risks"):
        printed += [RISK_CLASSES[row["risk_class"]], row["risk"], row["treatment"], row["realisation"]]
        printed.append(f"Todennäköisyys: {row['likelihood']} Merkittävyys: {row['impact']}")
    printed += [row["text"] for row in read("texts") + read("assessments")]
    # Units' names as headings: once above each unit's paragraphs of a topic.
    topics = ("description", "environment", "focus")
    printed += [names[unit] for _, unit in {(r["topic"], r["unit"]) for r in read("texts") if r["topic"] in topics}]

    labels = {key: label for label, key in LINES.items()} | {key: label for label, key in BUDGET_SUMMARY.items()}
    records = {("income_statement", row["unit"], row["line"]) for row in read("income_statement")}
    for row in read("controls"):
        figures.append(Decimal(row["printed"]) * (100 if row["column"] == "used_share" else 1))
        if row["section"] in ("income_statement", "budget_summary"):
            records.add((row["section"], row["unit"], row["record"]))
    printed += [labels[record] for _, _, record in records]
    for row in read("income_statement"):
        figures += [Decimal(row[column]) for column in AMOUNTS]
    for row in read("investments"):
        group, kind = row["name"].split(", ")
        printed += [group, kind.capitalize()]
        figures += [Decimal(row[column]) for column in ("last_year", "budget", "actual")]
    # investment_projects.csv repeats figures of the paragraph above, see its test: not counted again.
    printed += ["Netto"] if ("", "net", "budget") in controls("investments") else []
    printed += ["Yhteensä"] if ("", "total", "funding") in controls("projects") else []

    for row in read("projects"):
        printed += [row["name"], row["funder"], row["status_text"]]
        if row["start_year"] == row["end_year"]:
            figures.append(Decimal(row["start_year"]))
        else:
            printed.append(f"{row['start_year']}–{row['end_year']}")
        figures.append(Decimal(row["funding"]))
        figures += [Decimal(row[c]) * 100 for c in ("city_share", "spending", "spending_second") if row[c]]
    return Counter(word for text in printed for word in text.split()), Counter(figures)


def test_every_word_is_there_as_often_as_in_the_source():
    for number, head in TABLE_HEADS.items():
        assert SOURCE[number - 1] == head
    remainder = [*SECTION_HEADINGS, *UNIT_HEADINGS, *OTHER_HEADINGS, *TABLE_HEADS.values()]
    remainder += [prefix for prefix, _ in UNIT_PREFIXES.values()]
    left_out = Counter(word for text in remainder for word in text.split())
    counted, _ = source_counts()
    folder, _ = folder_counts()
    assert dict(counted - (folder + left_out)) == {}, "in the source, not in the folder"
    assert dict((folder + left_out) - counted) == {}, "in the folder, not in the source"


def test_every_figure_of_the_tables_is_there_as_often_as_in_the_source():
    _, counted = source_counts()
    _, folder = folder_counts()
    assert dict(counted - folder) == {}, "in the source, not in the folder"
    assert dict(folder - counted) == {}, "in the folder, not in the source"
