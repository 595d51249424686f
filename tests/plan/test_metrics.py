"""Text metrics, and LibreOffice's own row heights as their judge."""

from __future__ import annotations

import re
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import xlsxwriter

from support.needs import require
from support.office import FODS, Session
from taulukko.plan.metrics import column_pixels, line_count, row_height, text_width, wrap

STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"

WIDTHS = (20, 28, 45, 60, 90)

PROSE = (
    "Toteutuu.",
    "Yksinäisyyden kokemus vähenee, ja arjen sujuvuus lisääntyy.",
    "Talousarvion toteuma on syyskuun lopussa 74,3 % (tavoite 75 %), ja ylitysuhka on noin −120 000 €.",
    "Lastensuojelunhuoltosuunnitelmatyöryhmäkokoontumispöytäkirjat on käsitelty.",
    "Linja Lahti–Heinola–Kouvola, sosiaali- ja terveyspalvelut, kausi 2021–2025, jakso 1.8.–30.9.2024 ja 1/2 vuotta.",
    "Ohje: https://www.example.org/paatoksenteko/talous/osavuosikatsaus/2024/liitteet/hyvinvointi-ja-terveys",
    "✓ Toteutuu · ◐ Toteutuu osittain · ✗ Ei toteudu · ○ Ei tietoa",
    "Mittarit:\n- asukaskyselyn vastausprosentti\n- työntekijöiden palaute\n\nTulokset valmistuvat marraskuussa.",
    "”Palvelu löytyi helposti”, sanoi kaksi kolmesta vastaajasta … ja joka kymmenes ei löytänyt sitä lainkaan.",
    "WWW MMM ÄÄÖÖ ÅÅ IIII LLLL TTTT: SUURAAKKOSET VIEVÄT ENEMMÄN TILAA KUIN PIENET KIRJAIMET.",
    "illi villi tilli filli litistyi, ja lilliputti viilsi siiliä tiilillä; fifty, fjordi, tutti, attika, ffi.",
    "  Kappale   alkaa   välilyönneillä,   ja   sanojen   välissä   on   kolme.",
    "Kirjaston aukioloaikoja laajennettiin kesäkuussa omatoimikirjastoon, jota käytettiin 4 812 kertaa. Lainaus kasvoi "
    "edellisvuodesta 6,5 prosenttia, ja kasvu painottui lasten ja nuorten aineistoon.",
    "Varhaiskasvatuksen henkilöstömitoitus on toteutunut kaikissa yksiköissä. Sijaisten saatavuus on vaihdellut, ja "
    "poissaolojen aikana ryhmiä on yhdistetty. Rekrytointia jatketaan yhdessä oppilaitosten kanssa.",
    "Katuverkon korjausvelka ei ole kasvanut. Päällysteitä uusittiin 5,2 kilometriä, kevyen liikenteen väyliä "
    "rakennettiin 1,1 kilometriä ja valaisimista vaihdettiin ledeihin 640 kappaletta.",
    "Energiankulutus väheni 8 % vuoteen 2023 verrattuna. Suurin vaikutus oli lämmön talteenoton uusimisella "
    "uimahallissa sekä ilmanvaihdon tarpeenmukaisella ohjauksella kouluissa ja päiväkodeissa.",
    "Harrastamisen mallin ryhmiä on 38, ja niihin osallistuu viikoittain noin 560 oppilasta. Toiveet kerättiin "
    "keväällä koululaiskyselyllä; uusia ryhmiä ovat sarjakuva, parkour ja kokkaus.",
    "Työllisyysalueen valmistelu on edennyt aikataulussa: järjestämissuunnitelma hyväksyttiin valtuustossa, "
    "henkilöstön siirtosuunnitelma on laadittu, ja tietojärjestelmien käyttöönotto alkaa lokakuussa. Avoimia "
    "kysymyksiä ovat toimitilat, valtionosuuden määräytyminen sekä kotoutumispalvelujen työnjako.",
    "Asuntotontteja luovutettiin 14 (tavoite 20). Kysyntä kohdistuu ranta-alueille, joiden kaavoitus on kesken; "
    "luonnos tulee nähtäville vuoden lopussa. Yritystontteja varattiin viisi, yhteensä 6,4 hehtaaria.",
    "Sairauspoissaoloja oli 11,8 päivää henkilötyövuotta kohti, kun vuotta aiemmin niitä oli 13,1. Varhaisen tuen "
    "keskustelut, korvaava työ ja esihenkilöiden koulutus jatkuvat. Työhyvinvointikysely tehdään marraskuussa, ja sen "
    "tulokset käsitellään työpaikkakokouksissa ennen talousarviovuoden päättymistä.",
)


@pytest.mark.parametrize(
    ("text", "bold", "units"),
    [("0", False, 1038), ("ä", False, 981), ("ä", True, 1011), ("a\u0308", False, 981), ("◐", False, 1638)]
    + [("\u00a0", False, 463), ("\u00ad", False, 0), ("ď", False, 1164), ("", True, 0)],
)
def test_width_is_the_sum_of_advances(text: str, bold: bool, units: int) -> None:
    assert text_width(text, 12, bold) == pytest.approx(units * 16 / 2048)


@pytest.mark.parametrize(("characters", "pixels"), [(8.43, 64), (20, 145), (90, 635), (1, 12), (0.5, 6), (0, 0)])
def test_column_pixels_are_those_of_excel(characters: float, pixels: int) -> None:
    assert column_pixels(characters) == pixels


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", 1),
        ("\n", 2),
        ("a\n\nb", 3),
        ("mmmmm mmmmm", 2),
        ("mmmmm-mmmmm", 2),
        ("mmmm" + " " * 30, 1),
        ("m" * 12, 3),
        ("a " + "m" * 10, 3),
    ],
)
def test_lines_break_where_they_may(text: str, lines: int) -> None:
    assert line_count(text, 10) == lines


def test_bold_indent_and_size_take_room() -> None:
    text = PROSE[-1]
    plain = line_count(text, 28)
    assert plain < line_count(text, 28, points=14)
    assert plain < line_count(text, 28, indent=3)
    assert plain <= line_count(text, 28, bold=True)
    assert line_count("abc", 1, indent=9) == 3


def test_row_height_stops_at_excels_limit() -> None:
    assert [row_height(lines) for lines in (1, 2, 26, 27, 99)] == [21, 36, 396, 409, 409]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("abc", ["abc"]),
        ("abcde fgh", ["abcde", "fgh"]),
        ("ab\ncd ef", ["ab cd", "ef"]),
        ("abcdefgh", ["abcde", "fgh"]),
        ("ab   cdef", ["ab  ", "cdef"]),
        ("abcde ", ["abcde"]),
        (" abcdef", ["", "abcde", "f"]),
    ],
)
def test_wrap_breaks_at_the_last_space(text: str, lines: list[str]) -> None:
    assert wrap(text, 5) == lines


def test_wrap_needs_a_limit() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        wrap("abc", 0)


def _fitted_heights(texts: list[str], folder: Path, office: Session) -> list[list[float]]:
    """Optimal row heights in points by LibreOffice, one list for each of WIDTHS.

    LibreOffice leaves the rows of an .xlsx as they are, but fits the rows of an .fods that have no height. It also
    makes columns about five per cent wider than Excel does; here they get Excel's width, the narrower one.
    """
    book = xlsxwriter.Workbook(folder / "prose.xlsx")
    style = book.add_format({"text_wrap": True, "valign": "top"})
    for width in WIDTHS:
        sheet = book.add_worksheet()
        sheet.set_column(0, 0, width)
        for row, text in enumerate(texts):
            sheet.write_string(row, 0, text, style)
    book.close()

    fods = office.convert(folder / "prose.xlsx", folder / "loaded.fods", FODS).read_text("utf-8")
    fods = re.sub(r' style:row-height="[^"]*"', "", fods)
    columns = re.findall(r'<table:table table:name.*?<table:table-column table:style-name="(\w+)"', fods, re.DOTALL)
    for column, width in zip(columns, WIDTHS, strict=True):
        declared = re.compile(rf'(style:name="{column}".*?column-width=")[^"]*', re.DOTALL)
        fods = declared.sub(rf"\g<1>{column_pixels(width) / 96:.4f}in", fods, count=1)
    (folder / "unfitted.fods").write_text(fods, "utf-8")

    tree = ET.parse(office.convert(folder / "unfitted.fods", folder / "fitted.fods", FODS))
    heights = {
        style.get(f"{STYLE}name"): _points(properties.get(f"{STYLE}row-height", ""))
        for style in tree.iter(f"{STYLE}style")
        for properties in style.iter(f"{STYLE}table-row-properties")
    }
    return [
        [
            heights[row.get(f"{TABLE}style-name")]
            for row in sheet.iter(f"{TABLE}table-row")
            for _ in range(min(int(row.get(f"{TABLE}number-rows-repeated", "1")), len(texts)))
        ][: len(texts)]
        for sheet in tree.iter(f"{TABLE}table")
    ]


def _points(length: str) -> float:
    number, unit = length[:-2], length[-2:]
    return float(number) * {"in": 72, "cm": 72 / 2.54, "mm": 7.2 / 2.54, "pt": 1}[unit]


def test_rows_are_high_enough_for_libreoffice(tmp_path: Path, office: Session) -> None:
    fonts = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=True).stdout
    require({"the font Carlito": "Carlito" in fonts}, "rows were not compared with LibreOffice's")
    two, twelve = "a\na", "\n".join("a" * 12)  # the first two rows tell how high a line is in LibreOffice
    for width, (low, high, *fitted) in zip(
        WIDTHS, _fitted_heights([two, twelve, *PROSE], tmp_path, office), strict=True
    ):
        pitch = (high - low) / 10
        assert 10 < pitch < 15
        for text, height in zip(PROSE, fitted, strict=True):
            theirs, ours = max(round((height - low) / pitch) + 2, 1), line_count(text, width)
            assert theirs <= ours <= theirs + 2, (width, text)
            assert row_height(ours) >= height, (width, text)
