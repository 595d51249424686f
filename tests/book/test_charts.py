"""Charts of every declared kind on every kind of section, data bars and decimals, read from the file's own XML."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from support.built import HEINOLA, TEMPLATE
from support.engines import cached_values
from taulukko.builder import build
from taulukko.errors import FaultsError
from taulukko.folder.data_folder import load
from taulukko.plan.build import plan
from taulukko.template import load_template

C = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}
WORDS = '\nchart = "Kuvio"\nchart_alt = "Mitä kuviossa on."\n'
SERIES = {"bar": 2, "column": 2, "line": 2, "bullet": 4}
DRAWN = {"bar": "barChart", "column": "barChart", "line": "lineChart", "bullet": "barChart"}
SHEETS = {"investments": "Investoinnit", "income_statement": "Tuloslaskelma", "budget_summary": "Talousarvio"}


def template(folder: Path, *edits: tuple[str, str, str]) -> Path:
    """A copy of the template with some things changed: file, what stands there once, what is written instead."""
    copy = shutil.copytree(TEMPLATE, folder / "template")
    for file, old, new in edits:
        text = (copy / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, (file, old)
        (copy / file).write_text(text.replace(old, new), encoding="utf-8")
    return copy


def with_chart(folder: Path, section: str, chart: str) -> Path:
    """The template with a chart of a section, and its words."""
    if section == "investments":
        return template(folder, ("investments.toml", 'kind = "bar"\ncolumns = ["budget", "actual"]', chart))
    copy = template(folder, ("labels.fi.toml", f"[sections.{section}]\n", f"[sections.{section}]{WORDS}"))
    with (copy / f"{section}.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[chart]\n{chart}\n")
    return copy


def charts_of(path: Path) -> list[etree._Element]:
    with zipfile.ZipFile(path) as book:
        parts = [name for name in book.namelist() if name.startswith("xl/charts/chart")]
        found = [etree.fromstring(book.read(name)) for name in sorted(parts)]
    return [one for one in found if one.find(".//c:grouping[@val='stacked']", C) is None]


@pytest.mark.parametrize("kind", SERIES)
@pytest.mark.parametrize("section", SHEETS)
def test_a_chart_of_each_kind_on_each_section(section: str, kind: str, tmp_path: Path) -> None:
    chart = f'kind = "{kind}"\ncolumns = ["budget", "actual"]'
    path = build(HEINOLA, tmp_path / "a.xlsx", template=with_chart(tmp_path, section, chart))
    cached = cached_values(path)
    shown, figures = 0, 0
    for one in charts_of(path):
        series = one.findall(".//c:ser", C)
        places = [text.text for text in one.findall(".//c:val//c:f", C)]
        sheet = str(places[0]).rpartition("!")[0].strip("'")
        if not sheet.startswith(SHEETS[section]):
            continue
        shown += 1
        assert one.find(f".//c:{DRAWN[kind]}", C) is not None
        assert len(series) == SERIES[kind]
        directions = {bar.get("val") for bar in one.findall(".//c:barDir", C)}
        assert directions == {"bar": {"bar"}, "column": {"col"}, "line": set(), "bullet": {"bar"}}[kind]
        column = str(places[0]).split("$")[1]
        found = [cell.value for place, cell in cached[sheet].items() if place.rstrip("0123456789") == column]
        figures += sum(isinstance(value, float) and value > 0 for value in found)
        assert len(set(places)) == 2
    assert figures > 2
    assert shown == (5 if section == "income_statement" else 1)


def test_a_chart_is_within_the_printed_page_and_covers_no_cell(tmp_path: Path) -> None:
    lines = 'lines = ["sales_revenue", "operating_margin"]'
    chart = f'kind = "column"\ncolumns = ["budget", "forecast", "variance"]\n{lines}'
    report, found = load(HEINOLA, "fi", with_chart(tmp_path, "income_statement", chart))
    for sheet in plan(report, found).sheets:
        if not sheet.key.startswith("income_statement"):
            continue
        (drawn,) = sheet.charts
        rows = range(drawn.row, drawn.row + drawn.height // 20 + 1)
        assert sheet.print_area and sheet.print_area.bottom >= rows[-1]
        assert sheet.one_page
        shown = {*range(sheet.print_area.right + 1)} - sheet.hidden_columns
        assert not [place for place in sheet.cells if place[0] in rows and place[1] in shown]
        assert [one.values.bottom - one.values.top for one in drawn.series] == [1, 1, 1]


def test_what_a_chart_cannot_draw_is_told(tmp_path: Path) -> None:
    for number, (chart, place, field) in enumerate((
        ('kind = "pie"\ncolumns = ["budget"]', "chart", "kind"),
        ('kind = "bar"\ncolumns = ["budgt"]', "chart", "columns"),
        ('kind = "bar"\ncolumns = ["status"]', "chart", "columns"),
        ('kind = "bar"\ncolumns = []', "chart", "columns"),
        ('kind = "bullet"\ncolumns = ["budget"]', "chart", "columns"),
        ('kind = "bar"\ncolumns = ["budget"]\nlines = ["expenses_heading"]', "chart", "lines"),
    )):  # fmt: skip
        folder = tmp_path / str(number)
        folder.mkdir()
        with pytest.raises(FaultsError) as raised:
            load_template(with_chart(folder, "income_statement", chart), "fi")
        assert [(one.file, one.place, one.field) for one in raised.value.findings] == [
            ("income_statement.toml", place, field)
        ]


def test_blocks_of_the_summary_that_stand_on_each_other_are_told(tmp_path: Path) -> None:
    moved = ('{ key = "projects", column = 3,', '{ key = "projects", column = 4,')
    with pytest.raises(FaultsError) as raised:
        load_template(template(tmp_path, ("summary.toml", *moved)), "fi")
    (fault,) = raised.value.findings
    assert (fault.code, fault.place, fault.expected) == ("collision", "matrix", ("panels[projects]",))


def test_decimals_and_bars_of_a_column(tmp_path: Path) -> None:
    years = '{ key = "id", type = "text", role = "key" },'
    risks = years + '\n    { key = "weight", type = "number", decimals = 3, bar = true },'
    copy = template(tmp_path, ("risks.toml", years, risks), ("labels.fi.toml", "[columns.risks]\n",
                                                             '[columns.risks]\nweight = "Paino"\n'))  # fmt: skip
    folder = shutil.copytree(HEINOLA, tmp_path / "folder")
    lines = (folder / "risks.csv").read_text(encoding="utf-8").splitlines()
    rows = [f"{line},{'weight' if not number else number / 7}" for number, line in enumerate(lines)]
    (folder / "risks.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    path = build(folder, tmp_path / "a.xlsx", template=copy)
    with zipfile.ZipFile(path) as book:
        assert 'formatCode="#,##0.000;−#,##0.000;0.000"' in book.read("xl/styles.xml").decode()
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert sum('type="dataBar"' in sheet for sheet in sheets) == 1
    for wrong in ('type = "integer", decimals = 1', 'type = "text", bar = true'):
        other = tmp_path / wrong[8:12]
        other.mkdir()
        edit = ("risks.toml", years, f'{years}\n    {{ key = "weight", {wrong} }},')
        with pytest.raises(FaultsError) as raised:
            load_template(template(other, edit, ("labels.fi.toml", "[columns.risks]\n",
                                                 '[columns.risks]\nweight = "Paino"\n')), "fi")  # fmt: skip
        assert [(one.code, one.place) for one in raised.value.findings] == [("template_value", "columns[weight]")]


TREND = '{ key = "trend", type = "text", role = "computed", formula = "\'\'", width = 12, sparkline = [%s] },'


def with_trend(folder: Path, section: str, columns: str) -> Path:
    """The template with a small line after the key of each row of records, or before the figures of a statement."""
    before = '{ key = "last_year", type = "euro",'
    edit = (f"{section}.toml", before, f"{TREND % columns}\n    {before}")
    return template(
        folder, edit, ("labels.fi.toml", f"[columns.{section}]\n", f'[columns.{section}]\ntrend = "Suunta"\n')
    )


@pytest.mark.parametrize(("section", "rows"), [("investments", 1), ("income_statement", 15)])
def test_a_small_line_in_each_row_shows_the_columns_beside_it(section: str, rows: int, tmp_path: Path) -> None:
    columns = '"last_year", "budget"' if section == "investments" else '"last_year", "last_year_to_date", "budget"'
    path = build(HEINOLA, tmp_path / "a.xlsx", template=with_trend(tmp_path, section, columns))
    with zipfile.ZipFile(path) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    lines = [etree.fromstring(one.encode()).findall(".//{*}sparkline") for one in sheets if "sparklineGroup" in one]
    assert len(lines) == (1 if section == "investments" else 5)
    assert all(len(found) >= rows for found in lines)
    for one in (one for found in lines for one in found):
        area, place = (str(one.findtext(f"{{*}}{part}")) for part in ("f", "sqref"))
        first, last = area.rpartition("!")[2].split(":")
        assert first[0] == chr(ord(place[0]) + 1)
        assert ord(last[0]) - ord(first[0]) == columns.count(",")
        assert first[1:] == last[1:] == place[1:]


def test_a_small_line_of_columns_that_are_apart_is_told(tmp_path: Path) -> None:
    for number, columns in enumerate(('"last_year", "actual"', '"budget"', '"budget", "last_year"')):
        folder = tmp_path / str(number)
        folder.mkdir()
        with pytest.raises(FaultsError) as raised:
            load_template(with_trend(folder, "investments", columns), "fi")
        assert [(one.code, one.place, one.field) for one in raised.value.findings] == [
            ("template_value", "columns[trend]", "sparkline")
        ]
