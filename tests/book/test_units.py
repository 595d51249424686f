"""A unit's own workbook, filled in and returned, and the matrix of returns on the summary of the whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import test_print  # type: ignore[import-not-found]
import test_workbook_rules as rules  # type: ignore[import-not-found]

from support import engines
from support.built import HEINOLA, LANGUAGES, Built
from support.reading import Planned, planned
from support.variants import copy_template
from support.xlsx_parts import Package
from taulukko.builder import build
from taulukko.errors import FaultsError
from taulukko.folder.data_folder import load
from taulukko.plan.blocks.returns_matrix import NOTHING
from taulukko.plan.book import Cell
from taulukko.plan.build import plan
from taulukko.plan.grid import GRID, grid
from taulukko.plan.metrics import column_pixels, text_width
from taulukko.report.model import Record, Report
from taulukko.template import Template, load_template

PARTS = ("TOIMIALA", "VAKA", "OPKOU")
RETURNS: dict[str, Record] = {
    "VAKA": {"unit": "VAKA", "state": "ready", "name": "Maija Virtanen", "date": date(2024, 10, 24)},
    "OPKOU": {"unit": "OPKOU", "state": "draft", "name": None, "date": None},
}
RISK: Record = {"id": "VAKA-1", "unit": "VAKA", "risk": "Riski", "likelihood": 3, "impact": 2}
RULES = [
    rules.test_only_these_functions_are_used,
    rules.test_formulas_say_their_tables_in_full,
    rules.test_every_formula_has_a_cached_value,
    rules.test_nothing_leads_outside_the_workbook,
    rules.test_defined_names_lead_to_sheets_that_are_there,
    rules.test_computed_cells_of_open_sheets_refuse_typing,
    rules.test_every_validation_says_what_is_expected,
    rules.test_lists_come_from_defined_names,
    rules.test_every_text_stands_out_from_its_ground,
    test_print.test_every_sheet_is_printed_large_enough,
    test_print.test_widths_of_the_file_are_those_of_the_plan,
]


def report_in(language: str) -> tuple[Report, Template]:
    report, template = load(HEINOLA, language)
    report = report.with_rows("returns", RETURNS.values())
    return replace(report, deadline=date(2024, 10, 25), contact="Controller"), template


@pytest.fixture(scope="module")
def whole() -> Planned:
    return planned(*report_in("fi"))


@pytest.fixture(scope="module")
def part_of() -> Callable[[str], Planned]:
    report, template = report_in("fi")
    parts = {code: planned(report.for_unit(code), template) for code in (*PARTS, "HYTE", "VIRE")}
    return parts.__getitem__


@pytest.fixture(scope="module", params=[(code, language) for code in ("", *PARTS) for language in LANGUAGES], ids=str)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The whole with what the units have returned, and units' own workbooks."""
    code, language = request.param
    report, template = report_in(language)
    path = build(report, tmp_path_factory.mktemp("units") / "book.xlsx", unit=code or None, language=language)
    own = report.for_unit(code) if code else report
    return Built(language, own, template, plan(own, template), Package(path))


def input_cell(part: Planned, *key: str) -> Cell:
    spot = part.book.inputs[key]
    return part.sheet(spot.sheet).cells[spot.row, spot.column]


def is_open(cell: Cell) -> bool:
    """Whether somebody is asked to fill in the cell."""
    words = cell.style.split()
    return ("input" in words or "unlocked" in words) and "locked" not in words


def value_of_name(part: Planned, name: str) -> Any:
    sheet, _, place = part.book.names[name].partition("!")
    cell = openpyxl.utils.cell.coordinate_from_string(place.replace("$", ""))
    spot = cell[1] - 1, openpyxl.utils.column_index_from_string(cell[0]) - 1
    return next(one for one in part.book.sheets if one.name == sheet.strip("'")).cells[spot].value


def texts(part: Planned) -> list[str]:
    return part.texts("cover")


# what is asked


def test_a_known_figure_of_the_ledger_is_shown_and_an_unknown_one_is_asked_for(part_of):
    known = input_cell(part_of("VAKA"), "income_statement", "VAKA.fees", "budget")
    unknown = input_cell(part_of("OPKOU"), "income_statement", "OPKOU.fees", "budget")
    assert (known.value, is_open(known)) == (260000, False)
    assert (unknown.value, is_open(unknown)) == (None, True)


@pytest.mark.parametrize("column", ["forecast_manual", "explanation", "measure", "responsible", "due"])
def test_a_unit_explains_its_own_figures(part_of, column):
    assert is_open(input_cell(part_of("VAKA"), "income_statement", "VAKA.fees", column))


@pytest.mark.parametrize("section", ["goals_service_area", "risks", "projects", "texts", "investment_projects"])
def test_spare_rows_are_asked_for_and_carry_keys_of_the_unit(part_of, section):
    part = part_of("VAKA")
    keys = {record for key, record, _ in part.book.inputs if key == section and record.startswith("VAKA-")}
    assert keys == {f"VAKA-{number}" for number in range(1, 6)}
    spare = [input_cell(part, *key) for key in part.book.inputs if key[:2] == (section, "VAKA-1")]
    assert all(is_open(cell) and cell.value is None for cell in spare)


def test_what_belongs_to_no_unit_is_asked_of_the_division_only(part_of):
    for code, asked in (("VAKA", False), ("TOIMIALA", True)):
        part = part_of(code)
        cells = [input_cell(part, *key) for key in part.book.inputs if key[0] == "investments"]
        assert {is_open(cell) for cell in cells} == {asked}
        assert part.sheet("goals_council").hidden is not asked


def test_a_hidden_sheet_is_neither_printed_nor_listed(part_of):
    part = part_of("VAKA")
    assert part.sheet("goals_council").print_area is None
    assert part.template.label("sections.goals_council.contents") not in texts(part)


def test_the_file_locks_what_is_not_asked_and_leaves_tables_to_be_sorted(part_of, tmp_path):
    part = part_of("VAKA")
    path = build(part.report, tmp_path / "vaka.xlsx")
    book = openpyxl.load_workbook(path)
    for key in part.book.inputs:
        spot = part.book.inputs[key]
        sheet = book[part.sheet(spot.sheet).name]
        if sheet.protection.sheet:
            locked = sheet.cell(spot.row + 1, spot.column + 1).protection.locked
            assert locked is not is_open(input_cell(part, *key)), key
    for section in ("goals_service_area", "risks", "projects", "texts"):
        sheet = book[part.sheet(section).name]
        assert not sheet.protection.sheet
        assert next(iter(sheet.tables.values())).autoFilter is not None


# spare rows


def said(part: Planned) -> dict[str, Any]:
    """Everything that counts rows: facts, totals, states of checks, what the cover and the summary say."""
    facts = {
        f"{key}.{fact}": part.value(f"{key}.{fact}")
        for key, section in part.template.records().items()
        for fact in section.facts
    }
    totals = {
        f"{key}.totals.{column.key}": part.value(f"{key}.totals.{column.key}")
        for key, section in part.template.records().items()
        for column in section.columns
        if column.total != "none"
    }
    checks = {key: (check.found, check.state) for key, check in part.checks().items()}
    pages = {key: [cell.value for _, cell in sorted(part.sheet(key).cells.items())] for key in ("cover", "summary")}
    return facts | totals | checks | pages


@pytest.mark.parametrize("code", PARTS)
def test_blank_spare_rows_change_no_figure(part_of, code):
    part = part_of(code)
    bare = {key: section.model_copy(update={"unit_spare": 0}) for key, section in part.template.records().items()}
    without = part.template.model_copy(update={"sections": part.template.sections | bare})
    assert said(part) == said(planned(part.report, without))


def test_the_number_of_a_row_shows_when_the_row_is_filled_in(part_of):
    part = part_of("VAKA")
    assert part.value("risks.number") == [None] * 5
    report = part.report.with_rows("risks", [RISK])
    filled = planned(report, part.template)
    assert filled.value("risks.number")[:2] == ["VAKA-1", None]
    assert "VAKA-1" in filled.texts("summary")


def test_long_keys_have_room_in_the_column_of_numbers(part_of):
    part = part_of("OPKOU")
    risks = [{**RISK, "id": f"OPKOU-{number}", "unit": "OPKOU"} for number in range(1, 13)]
    filled = planned(part.report.with_rows("risks", risks), part.template)
    sheet = filled.sheet("risks")
    shown = [cell.value for (_, column), cell in sheet.cells.items() if column == 1 and cell.formula]
    assert "OPKOU-12" in shown
    assert max(map(text_width, map(str, shown[2:]))) <= column_pixels(sheet.widths[1])


# the return


def returned(part: Planned, covers: str | None, **given: Any) -> Planned:
    """VAKA's workbook with its four unexplained variances covered or not, and what its sender has said."""
    assessment = part.report.row("assessments", "VAKA") | {"covers_lines": covers}
    report = part.report.with_rows("returns", [{"unit": "VAKA", **given}])
    return planned(report.with_rows("assessments", [assessment]), part.template)


WHO = {"name": "Maija Virtanen", "date": date(2024, 10, 24)}


@pytest.mark.parametrize(
    ("covers", "given", "missing", "state", "next_"),
    [
        (None, {"state": "ready", **WHO}, 4, "draft", "missing"),
        (None, {"state": None, "name": None, "date": None}, 4, "draft", "missing"),
        ("yes", {"state": None, "name": None, "date": None}, 0, "draft", "state"),
        ("yes", {"state": "draft", **WHO}, 0, "draft", "state"),
        ("yes", {"state": "ready", **WHO, "name": None}, 0, "draft", "sender"),
        ("yes", {"state": "ready", **WHO, "date": None}, 0, "draft", "sender"),
        ("yes", {"state": "ready", **WHO}, 0, "ready", "send"),
    ],
)
def test_a_return_is_ready_when_nothing_is_missing_and_its_sender_says_so(
    part_of, covers, given, missing, state, next_
):
    part = returned(part_of("VAKA"), covers, **given)
    assert value_of_name(part, "returns.missing") == missing
    assert value_of_name(part, "returns.computed") == part.template.label(f"scales.return_state.{state}")
    steps = {key: part.template.label(f"cover.next_{key}") for key in ("missing", "state", "sender", "send")}
    steps["state"] = steps["state"].format(ready=part.template.label("scales.return_state.ready"))
    assert [key for key, text in steps.items() if text in texts(part)] == [next_]


def test_a_goal_without_a_status_is_missing(part_of):
    part = part_of("VIRE")
    goals = [{**row, "status": None} for row in part.report.rows("goals_service_area")]
    report = part.report.with_rows("goals_service_area", goals)
    before, after = (value_of_name(one, "returns.missing") for one in (part, planned(report, part.template)))
    assert after - before == len(goals) > 0


def test_the_cover_tells_by_when_to_whom_and_how(part_of):
    for code in PARTS:
        assert "Controller" in texts(part_of(code))
        assert 45590.0 in [cell.value for cell in part_of(code).sheet("cover").cells.values()]
    part = part_of("VAKA")
    ready = part.template.label("scales.return_state.ready")
    assert f"5  {part.template.label('cover.unit_step5').format(ready=ready)}" in texts(part)


def test_words_of_the_cover_have_room(built):
    sheet = built.sheet("cover")
    room = column_pixels(sheet.widths[1]) - 7
    labels = [
        str(cell.value)
        for (row, column), cell in sheet.cells.items()
        if column == 1 and cell.value and getattr(sheet.cells.get((row, 2)), "value", None) not in (None, "")
    ]
    assert [label for label in labels if text_width(label) > room] == []


def test_the_lines_of_a_unit_are_ranked_on_its_summary(part_of, whole):
    part = part_of("VAKA")
    worst = part.template.label("lines.other_expenses")
    assert worst in part.texts("summary")
    assert f"VAKA · {worst}" in whole.texts("summary")


# who has returned what


def matrix(report: Planned) -> dict[str, list[Any]]:
    """By unit: sections' counts, state, name and day, as they stand on the summary."""
    sheet = report.sheet("summary")
    title = report.template.label("summary.returns.title")
    top = next((row for (row, _), cell in sheet.cells.items() if cell.value == title), None)
    if top is None:
        return {}
    places = [*range(3, 10), GRID - 1]
    rows = range(top + 1, top + 1 + len(report.report.units))
    return {
        unit.code: [sheet.cells[row, grid(column)].value for column in places]
        for row, unit in zip(rows, report.report.units, strict=True)
    }


def counted(report: Report, section: str, code: str, required: list[str], used: str) -> str:
    """Filled and required fields of a unit's rows, counted by hand; what is of no unit is the division's."""
    codes = (code, None) if code == report.whole.code else (code,)
    rows = [row for row in report.rows(section) if row["unit"] in codes and row[used] is not None]
    filled = [row for row in rows for key in required if row[key] is not None and row[key] != "no_data"]
    return f"{len(filled)}/{len(rows) * len(required)}" if rows else NOTHING


def test_each_unit_s_fields_are_counted(whole):
    found, report = matrix(whole), whole.report
    for unit in report.units:
        goals, _, risks, projects, written = found[unit.code][:5]
        assert goals == counted(report, "goals_service_area", unit.code, ["status"], "strategic_goal")
        assert risks == counted(report, "risks", unit.code, ["risk", "likelihood", "impact"], "risk")
        needed = ["name", "start_year", "end_year", "funding", "spending"]
        assert projects == counted(report, "projects", unit.code, needed, "name")
        assert written == counted(report, "texts", unit.code, ["topic", "text"], "topic")


def contents(part: Planned) -> dict[str, Any]:
    """How much the cover says is filled in, by section."""
    sheet, names = part.sheet("cover"), {one.name: one.key for one in part.book.sheets}
    rows = {
        names[cell.value]: row for (row, column), cell in sheet.cells.items() if column == 1 and cell.value in names
    }
    return {key: sheet.cells[row, 3].value for key, row in rows.items()}


@pytest.mark.parametrize("code", ["HYTE", "OPKOU", "VAKA", "VIRE"])
def test_counts_of_the_matrix_are_those_of_the_units_own_covers(whole, part_of, code):
    """A unit's contents say 0/0 where the matrix says that there is nothing."""
    found, summary = contents(part_of(code)), whole.template.sections["summary"]
    own = [found[key] for key in summary.returns.sections]
    assert [text.replace(NOTHING, "0/0") for text in matrix(whole)[code][:5]] == own


def test_the_matrix_says_what_each_unit_has_said(whole):
    found = {code: row[5:] for code, row in matrix(whole).items()}
    none = whole.template.label("summary.returns.none")
    assert found == {
        "TOIMIALA": [none, None, None],
        "HYTE": [none, None, None],
        "OPKOU": [whole.template.label("scales.return_state.draft"), None, None],
        "VAKA": [whole.template.label("scales.return_state.ready"), "Maija Virtanen", 45589.0],
        "VIRE": [none, None, None],
    }


def test_a_unit_s_own_workbook_has_no_matrix(part_of):
    assert [matrix(part_of(code)) for code in PARTS] == [{}, {}, {}]


def changed(folder: Path, name: str, old: str, new: str) -> Path:
    """A copy of the template with one file changed."""
    copy_template(folder / "template")
    path = folder / "template" / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return folder / "template"


def test_sections_of_the_matrix_are_sections_that_are_filled_in(tmp_path):
    folder = changed(tmp_path, "summary.toml", '"texts"] }', '"checks"] }')
    with pytest.raises(FaultsError) as caught:
        load_template(folder, "fi")
    assert [(f.file, f.place, f.field, f.found) for f in caught.value.findings if f.code == "template_value"] == [
        ("summary.toml", "returns", "sections", "checks")
    ]


def test_what_a_return_requires_is_read_when_the_template_is(tmp_path):
    folder = changed(tmp_path, "cover.toml", "goals_council.unset", "goals_council.unsett")
    with pytest.raises(FaultsError) as caught:
        load_template(folder, "fi")
    (fault,) = caught.value.findings
    assert (fault.code, fault.file, fault.place) == ("expression", "cover.toml", "required[council_status]")


# the files


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_of_every_workbook_holds(built, rule):
    rule(built)


@pytest.mark.parametrize("engine", engines.EACH)
def test_engines_agree(engine: str, tmp_path: Path):
    report, _ = report_in("fi")
    paths = [build(report, tmp_path / f"book{code}.xlsx", unit=code or None) for code in ("", *PARTS)]
    for path in paths:
        assert engines.disagreements(path, engines.engine_values(engine, path))[:20] == [], path.name
