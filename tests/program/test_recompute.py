"""The program that travels in a workbook, and what is recomputed, checked, repaired and undone with it."""

from __future__ import annotations

import base64
import json
import random
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import pytest

from support.built import HEINOLA, LANGUAGES, PURO, ROOT
from support.hosts import FileHost
from support.spoilt import Case, corrupt, replanned
from support.variants import five_by_five
from taulukko.errors import Finding
from taulukko.folder.data_folder import load
from taulukko.messages import Say
from taulukko.plan.book import Workbook
from taulukko.plan.build import plan
from taulukko.program.check import check
from taulukko.program.evaluation import Evaluation, Spot
from taulukko.program.forecast import forecasts
from taulukko.program.host import read_book
from taulukko.program.layout import MovedError
from taulukko.program.packed import ProgramError, find_program, pack, unpack
from taulukko.program.program import SHEET
from taulukko.program.repair import Recomputed, compare, is_same, recompute, repair, rewrite
from taulukko.program.statuses import statuses
from taulukko.program.undo import Entry, last_run, log, log_run, undo
from taulukko.report.model import Report
from taulukko.xlsx.limits import CHARACTERS, FACTS

FEW, ROUNDS, EACH = 8, 40, 5


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Case]:
    folder = tmp_path_factory.mktemp("cases")
    viisi = five_by_five(folder / "viisi")

    @cache
    def built(language: str = "fi", unit: str = "", puro: bool = False) -> Case:
        report, template = load(PURO, language, viisi) if puro else load(HEINOLA, language)
        path = folder / f"{language}-{unit}-{puro}.xlsx"
        return Case(report.for_unit(unit) if unit else report, template, path)

    return built


def evaluation(host: FileHost) -> Evaluation:
    return recompute(host).evaluation


def differing(found: Evaluation, planned: Workbook, skipped: tuple[str, ...] = ()) -> list[tuple[str, int, int]]:
    """The cells whose value is not the plan's."""
    different = []
    for number, sheet in enumerate(found.layout.program.sheets):
        for (row, column), cell in planned.sheet(sheet.key).cells.items():
            if cell.formula and sheet.key not in skipped:
                value = found.value(Spot(number, row, column))
                if type(value) is not type(cell.value) or not is_same(value, cell.value):
                    different.append((sheet.key, row, column))
    return different


def misspelt(found: Evaluation, planned: Workbook) -> list[tuple[str, int, int]]:
    """The cells whose formula is not the plan's, and those that one has and the other has not."""
    keys = [sheet.key for sheet in found.layout.program.sheets]
    ours = {(keys[spot.sheet], spot.row, spot.column): found.text(spot) for spot in found.formulas}
    cells = ((key, place, cell) for key in keys for place, cell in planned.sheet(key).cells.items())
    theirs = {(key, *place): cell.formula for key, place, cell in cells if cell.formula}
    return [place for place in ours.keys() | theirs.keys() if ours.get(place) != theirs.get(place)]


# --- the program ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "unit", "puro"),
    [
        *((language, "", puro) for language in LANGUAGES for puro in (False, True)),
        *(("fi", unit, False) for unit in ("TOIMIALA", "HYTE", "OPKOU", "VAKA", "VIRE")),
        *(("sv", unit, True) for unit in ("SIVI", "OPETUS", "KULTT", "BILD")),
    ],
)
def test_a_program_gives_the_values_and_formulas_of_the_file(case, language, unit, puro):
    one = case(language, unit, puro)
    found = recompute(one.host)
    assert found.checked == sum(bool(cell.formula) for sheet in one.plan.sheets for cell in sheet.cells.values())
    assert found.changes == ()
    assert differing(found.evaluation, one.plan) == []
    assert misspelt(found.evaluation, one.plan) == []


def test_formulas_are_not_needed(case):
    assert recompute(case().host.copy(sees_formulas=False)).changes == ()


def chunks(host: FileHost) -> list[str]:
    return [row[2] for row in read_book(host).values[SHEET] if row[0] == "program"]


def test_a_program_is_json_that_comes_back_as_it_was(case):
    data = unpack(chunks(case().host))
    assert max(map(len, chunks(case().host))) <= 30_000
    assert pack(json.loads(json.dumps(data))) == chunks(case().host)


def test_a_program_keeps_no_text_that_somebody_has_typed(case):
    """Only words of the template and of the report's own lists: what is deleted from a workbook is gone."""
    report, kept = case().report, json.dumps(unpack(chunks(case().host)), ensure_ascii=False)
    typed = {str(row.get(c)) for row in report.rows("risks") for c in ("risk", "treatment", "realisation")}
    typed |= {
        str(row.get(c)) for row in report.rows("income_statement") for c in ("explanation", "measure", "responsible")
    }
    typed |= {str(row["text"]) for row in (*report.rows("texts"), *report.rows("assessments"))}
    assert [text for text in typed - {"None", ""} if text in kept] == []


@pytest.mark.parametrize("damage", ["", "x", "eJwrSS0uAQAEXQHB"])
def test_a_damaged_program_is_told(damage):
    with pytest.raises(ProgramError) as raised:
        find_program([["program", "1", damage]] if damage else [])
    assert raised.value.finding.code == ("program_damaged" if damage else "program_missing")


def a_program(host: FileHost) -> dict[str, Any]:
    return unpack(chunks(host))


def spoil_reference(data: dict[str, Any]) -> None:
    data["references"][0] = ["name", "cmd|'/c calc'!A0"]


def spoil_name(data: dict[str, Any]) -> None:
    data["names"]["cmd|'/c calc'!A0"] = [0, 0, 0, 0, 0]


def spoil_expression(data: dict[str, Any]) -> None:
    """An expression within itself."""
    number = data["references"].index(next(one for one in data["references"] if one[0] == "node"))
    inner = data["references"][number][1]
    data["formulas"][inner] = [data["formulas"][inner][0], *[number] * (len(data["formulas"][inner]) - 1)]


def spoil_tree(data: dict[str, Any]) -> None:
    data["trees"][0] = ["exec", "x"]


def spoil_places(data: dict[str, Any]) -> None:
    data["formulas"][0] = [data["formulas"][0][0]]


def spoil_input(data: dict[str, Any]) -> None:
    """By cells that no sheet has, a reader could be kept busy for as long as somebody likes."""
    data["inputs"][0][6] = 10**9


def spoil_inputs(data: dict[str, Any]) -> None:
    data["inputs"] += [[*data["inputs"][0][:4], 0, one, 999_999, one] for one in range(2)]


def spoil_table(data: dict[str, Any]) -> None:
    data["tables"][0][1][4] = 10**9


def spoil_sheet(data: dict[str, Any]) -> None:
    data["names"]["forged"] = [99, 0, 0, 0, 0]


def spoil_words(data: dict[str, Any]) -> None:
    data["sent"]["fixed"].pop()


def spoil_guards(data: dict[str, Any]) -> None:
    data["sent"]["sheets"].pop()


SPOILS = [spoil_reference, spoil_name, spoil_expression, spoil_tree, spoil_places]
SPOILS += [spoil_input, spoil_inputs, spoil_table, spoil_sheet, spoil_words, spoil_guards]


@pytest.mark.parametrize("spoil", SPOILS)
def test_a_program_that_no_build_makes_is_refused(case, spoil):
    data = a_program(case().host)
    spoil(data)
    with pytest.raises(ProgramError) as raised:
        find_program([["program", "1", chunk] for chunk in pack(data)])
    assert raised.value.finding.code == "program_damaged"


def test_a_program_of_another_version_is_told(case):
    data = a_program(case().host) | {"schema": 999}
    with pytest.raises(ProgramError) as raised:
        find_program([["program", "1", chunk] for chunk in pack(data)])
    assert raised.value.finding.code == "other_version"


def test_a_program_that_unpacks_to_far_too_much_is_refused():
    bomb = base64.b64encode(zlib.compress(b"[" * 64 * 1024 * 1024, 9)).decode()
    with pytest.raises(ProgramError):
        unpack([bomb])


def test_a_program_takes_little_of_the_room_there_is(case):
    rows = [row for row in read_book(case().host).values[SHEET] if row[0] == "program"]
    assert len(rows) <= FACTS.most / 1000
    assert sum(len(str(row[2])) for row in rows) <= CHARACTERS.most * CHARACTERS.unit / 100


def test_the_core_needs_nothing_but_the_standard_library():
    """As in an add-in's Python, where no package is installed."""
    names = sorted(path.stem for path in (ROOT / "src" / "taulukko" / "program").glob("[a-z]*.py"))
    imports = ", ".join(f"taulukko.program.{name}" for name in names)
    script = f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r}); import {imports}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-S", "-c", script], capture_output=True, text=True, check=True)
    found = {name for name in run.stdout.split() if name != "__main__"}
    allowed = ("taulukko.program", "taulukko.formula", "taulukko.numbers", "taulukko.errors", "taulukko.messages")
    assert {name for name in found if name.startswith("taulukko.")} == {n for n in found if n.startswith(allowed)}
    others = {name.partition(".")[0] for name in found} - {"taulukko"}
    assert others <= sys.stdlib_module_names


# --- corruptions ------------------------------------------------------------------------------------------------------


def entries_of(found: Recomputed) -> list[Entry]:
    """The changes as a log has them."""
    run = [log_run(len(found.changes)), *log(found, found.changes)]
    _, entries = last_run([1, *chunks] for chunks in run) or (1, [])
    return entries


@pytest.mark.parametrize(
    "number", [*range(FEW), *(pytest.param(n, marks=pytest.mark.exhaustive) for n in range(FEW, ROUNDS))]
)
def test_a_spoilt_workbook_becomes_a_build_from_its_inputs_and_back(case, number):
    one, chance = case(), random.Random(number)
    host = one.host.copy(sees_formulas=number % 4 > 0)
    truth = replanned(one, corrupt(one, host, chance, EACH))
    spoilt = host.copy()
    found = recompute(host)
    assert differing(found.evaluation, truth) == []

    host.put_blocks(repair(found.changes))
    for change in found.changes:
        assert is_same(spoilt.texts[change.sheet][change.row][change.column], change.old) or not host.sees_formulas
        host.cells[change.sheet][change.row][change.column] = change.value
    for sheet in truth.sheets[:-1]:
        for (row, column), cell in sheet.cells.items():
            if cell.formula:
                assert is_same(host.cells[sheet.name][row][column], cell.value)
                assert host.texts[sheet.name][row][column] == f"={cell.formula}" or not host.sees_formulas
    again = recompute(host)
    assert again.changes == ()

    logged = entries_of(found)
    undone = undo(again, logged)
    host.put_blocks(undone.blocks)
    assert (len(undone.restored), undone.left) == (len(found.changes), [])
    for sheet, grid in spoilt.texts.items():
        if host.sees_formulas:
            assert host.texts[sheet] == grid


def test_a_value_that_somebody_has_changed_since_is_not_undone(case):
    host = case().host.copy()
    title, (row, column) = a_formula(case(), "risks", "value")
    host.put(title, row, column, 99.0)
    found = recompute(host)
    host.put_blocks(repair(found.changes))
    host.put(title, row, column, 42.0)
    logged = entries_of(found)
    undone = undo(recompute(host), logged)
    host.put_blocks(undone.blocks)
    assert (len(undone.restored), len(undone.left)) == (0, 1)
    assert host.texts[title][row][column] == 42.0


def a_formula(one: Case, section: str, column: str) -> tuple[str, tuple[int, int]]:
    """Title, row and column of the first cell of a computed column."""
    spot = next(spot for key, spot in one.plan.results.items() if (key[0], key[2]) == (section, column))
    return one.title(spot.sheet), (spot.row, spot.column)


def test_a_repair_tells_old_and_new(case):
    host = case().host.copy()
    title, (row, column) = a_formula(case(), "risks", "value")
    host.put(title, row, column, 99.0)
    (change,) = recompute(host).changes
    assert change.place == f"{title}!H{row + 1}"
    assert (change.code, change.old, change.shown) == ("formula_overwritten", 99.0, 99.0)
    assert change.new == host.copy().texts[title][row + 1][column].replace(f"{row + 2}", f"{row + 1}")
    assert change.value == case().plan.sheet("risks").cells[row, column].value


def test_days_and_errors_of_a_host_are_what_formulas_see(case):
    """A host may give a day as a datetime and an error as its text."""
    host = case().host.copy(sees_formulas=False)
    spot = next(spot for key, spot in case().plan.inputs.items() if (key[0], key[2]) == ("projects", "end_date"))
    host.put(case().title("projects"), spot.row, spot.column, datetime(2026, 12, 31))
    number = next(spot for key, spot in case().plan.inputs.items() if key[0] == "risks" and key[2] == "impact")
    host.put(case().title("risks"), number.row, number.column, "#N/A")
    truth = replanned(case(), {spot: 46387.0, number: None})
    assert differing(evaluation(host), truth) == []


def test_all_formulas_can_be_written_in_few_blocks(case):
    host = case().host.copy(sees_formulas=False)
    found = recompute(host)
    for grid in host.texts.values():
        for row in grid:
            row[:] = [None] * len(row)
    host.put_blocks(rewrite(found, sorted(found.evaluation.formulas)))
    cells = ((s, p, c) for s in case().plan.sheets for p, c in s.cells.items() if c.formula)
    assert all(host.texts[sheet.name][row][column] == f"={cell.formula}" for sheet, (row, column), cell in cells)
    assert len(host.written) < found.checked / 5


# --- what people do to a workbook's layout ----------------------------------------------------------------------------


def with_records(report: Report, section: str, change: Callable[[list[Any]], Any]) -> Report:
    records = list(report.rows(section))
    change(records)
    return report.with_rows(section, records)


@pytest.mark.parametrize("section", ["goals_council", "goals_service_area", "risks", "projects", "investment_projects"])
def test_a_sorted_table_is_computed_as_it_stands(case, section):
    one, host = case(), case().host.copy(sees_formulas=False)
    count = len(one.report.rows(section))
    order = list(range(count))
    random.Random(1).shuffle(order)
    sheet = next(s for s in one.plan.sheets for t in s.tables if t.name == f"t_{section}")
    table = next(t for t in sheet.tables if t.name == f"t_{section}").area
    rows = host.cells[sheet.name]
    top = table.top + 1
    rows[top : top + count] = [rows[top + place] for place in order]
    sorted_ = with_records(
        one.report, section, lambda records: records.__setitem__(slice(None), [records[p] for p in order])
    )
    assert differing(evaluation(host), plan(sorted_, one.template)) == []


RISK = {"id": "R99", "risk": "Uusi", "unit": "VAKA", "likelihood": 3, "impact": 3, "risk_class": "strategic"}


@pytest.mark.parametrize("place", [0, 2, 5])
def test_a_row_inserted_in_a_table_is_computed_too(case, place):
    one, host = case(), case().host.copy(sees_formulas=False)
    title = one.title("risks")
    row = one.plan.sheet("risks").tables[0].area.top + 1 + place
    host.insert_row(title, row)
    other = plan(with_records(one.report, "risks", lambda records: records.insert(place, RISK)), one.template)
    for key, spot in other.inputs.items():
        if key[:2] == ("risks", "R99"):
            host.put(title, row, spot.column, other.cell(spot).value)
    own = one.plan.sheet("risks").tables[0].headers.index("_id") + 1
    host.put(title, row, own, "R99")
    assert differing(evaluation(host), other) == []
    assert misspelt(evaluation(host), other) == []


@pytest.mark.parametrize("place", [0, 3])
def test_a_table_with_a_row_less_is_computed_too(case, place):
    one, host = case(), case().host.copy(sees_formulas=False)
    host.delete_row(one.title("risks"), one.plan.sheet("risks").tables[0].area.top + 1 + place)
    spared = replace(one.report, spare_keys={"risks": ("R", len(one.report.rows("risks")) + 1)})
    other = plan(with_records(spared, "risks", lambda records: records.pop(place)), one.template)
    assert differing(evaluation(host), other) == []


def test_a_timeline_follows_the_rows_it_was_built_for(case):
    one, host = case(), case().host.copy(sees_formulas=False)
    sheet = one.plan.sheet("projects")
    row = sheet.tables[0].area.top + 3
    host.insert_row(sheet.name, row)
    assert {change.row for change in recompute(host).changes} == {row}


def test_so_does_the_last_table_of_a_sheet(case):
    one, host = case(), case().host.copy(sees_formulas=False)
    row = one.plan.sheet("texts").tables[0].area.top + 2
    host.insert_row(one.title("texts"), row)
    found = recompute(host)
    assert {change.row for change in found.changes} <= {row}
    assert found.checked > recompute(one.host).checked


def test_a_row_inserted_below_a_table_is_none_of_it(case):
    one, host = case(), case().host.copy(sees_formulas=False)
    host.insert_row(one.title("risks"), one.plan.sheet("risks").tables[0].area.bottom + 1)
    found = recompute(host)
    assert (found.checked, found.changes) == (recompute(one.host).checked, ())


def changes_unless_refused(host: FileHost, title: str) -> tuple[Any, ...]:
    """What would be changed; nothing where the sheet is refused."""
    try:
        return recompute(host).changes
    except MovedError as error:
        return (
            ()
            if (error.finding.code, error.finding.place.rpartition("!")[0]) == ("layout_changed", title)
            else (error,)
        )


@pytest.mark.parametrize("unit", [pytest.param("", marks=pytest.mark.exhaustive), "VAKA"])
@pytest.mark.parametrize("change", [FileHost.insert_row, FileHost.delete_row])
def test_wherever_a_row_is_put_or_taken_cells_are_found_or_the_sheet_is_refused(case, unit, change):
    """Only rows without figures are taken: what is gone with the others is gone."""
    one, chance = case("fi", unit), random.Random(7)
    for sheet in one.plan.sheets[:-1]:
        bodies = [row for table in sheet.tables for row in range(table.area.top + 1, table.area.bottom + 1)]
        rows = [row for row in range(len(one.host.cells[sheet.name])) if row not in bodies]
        filled = {spot.row for spot in one.plan.inputs.values() if spot.sheet == sheet.key}
        filled |= {row for (row, _), cell in sheet.cells.items() if cell.formula or "input" in cell.style}
        if change is FileHost.delete_row:
            rows = [row for row in rows if row not in filled]
        for row in chance.sample(rows, min(len(rows), 4)):
            host = one.host.copy(sees_formulas=False)
            change(host, sheet.name, row)
            assert changes_unless_refused(host, sheet.name) == (), (sheet.key, row)


def test_words_that_somebody_has_changed_move_nothing(case):
    one, host = case(), case().host.copy(sees_formulas=False)
    for title, row, column in ((one.title("risks"), 0, 1), (one.title("projects"), 4, 1), (one.title("checks"), 9, 1)):
        host.put(title, row, column, "Muu sana")
    assert recompute(host).changes == ()


def test_a_renamed_sheet_is_found_and_links_lead_to_it(case):
    host = case().host.copy()
    host.rename(case().title("risks"), "Riskit '24")
    found = recompute(host)
    assert {change.code for change in found.changes} == {"formula_overwritten"}
    assert all("Riskit ''24" in change.new for change in found.changes)
    assert differing(found.evaluation, case().plan) == []


def test_an_inserted_column_is_passed_by(case):
    host = case().host.copy(sees_formulas=False)
    host.insert_column(case().title("risks"), 4)
    found = recompute(host)
    assert found.changes == ()
    assert found.checked == recompute(case().host).checked


def test_a_deleted_sheet_is_told(case):
    host = case().host.copy()
    host.targets = {name: target for name, target in host.targets.items() if name != "taulukko.sheet3"}
    with pytest.raises(MovedError) as raised:
        recompute(host)
    assert raised.value.finding.code == "sheet_missing"


# --- check ------------------------------------------------------------------------------------------------------------


def found_in(host: FileHost, *codes: str) -> list[Finding]:
    return [one for one in check(recompute(host)) if one.code in codes]


@cache
def findings(one: Case) -> list[Finding]:
    """What is found in a workbook as it was built."""
    return check(recompute(one.host))


def slip(one: Case, host: FileHost, section: str, column: str, content: Any) -> str:
    """Type something into the first cell of an input column; its place."""
    spot = next(spot for key, spot in one.plan.inputs.items() if (key[0], key[2]) == (section, column))
    host.put(one.title(spot.sheet), spot.row, spot.column, content)
    return f"{one.title(spot.sheet)}!{chr(65 + spot.column)}{spot.row + 1}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("section", "column", "content", "code"),
    [
        ("income_statement", "budget", "n. 5 000", "text_in_number"),
        ("income_statement", "actual", "−5 000,50 €", "number_is_text"),
        ("risks", "impact", "suuri", "value_outside"),
        ("risks", "impact", 7.0, "value_outside"),
        ("risks", "unit", "XYZ", "value_outside"),
        ("risks", "risk", None, "required"),
        ("projects", "funding", -1.0, "range"),
        ("projects", "start_date", "ensi keväänä", "text_in_number"),
        ("projects", "code", "x" * 31, "text_long"),
        ("projects", "funding", "#DIV/0!", "cell_error"),
    ],
)
def test_a_slip_is_told_where_it_is(case, language, section, column, content, code):
    one, host = case(language), case(language).host.copy(sees_formulas=False)
    before = {(finding.code, finding.place) for finding in findings(one)}
    place = slip(one, host, section, column, content)
    faults = ("text_in_number", "number_is_text", "value_outside", "range", "required", "text_long", "cell_error")
    fresh = [f for f in check(recompute(host)) if (f.code, f.place) not in before and f.code in faults]
    assert [(finding.code, finding.place) for finding in fresh if (finding.code, finding.place)[0] == code] == [
        (code, place)
    ]
    assert Say(language).sentences(fresh[0])
    assert fresh[0].field


def test_a_copied_row_is_told(case):
    one, host = case(), case().host.copy()
    title, top = one.title("risks"), one.plan.sheet("risks").tables[0].area.top
    host.cells[title][top + 2][:] = host.cells[title][top + 1]
    (finding,) = found_in(host, "key_copied")
    assert finding.place == f"{title}!B{top + 3}"


def test_failing_checks_are_those_the_sheet_tells(case):
    sheet = case().plan.sheet("checks")
    word = case().template.label("scales.check_state.fails")
    rows = [row for (row, column), cell in sheet.cells.items() if column == 8 and cell.value == word]
    assert [one.place for one in found_in(case().host, "check_fails")] == [f"{sheet.name}!I{row + 1}" for row in rows]


def test_a_workbook_that_is_right_has_no_other_findings(case):
    assert {one.code for one in check(recompute(case().host))} <= {"check_fails", "required"}


# --- statuses and forecasts -------------------------------------------------------------------------------------------


def test_statuses_are_those_of_the_workbook(case):
    one = case()
    found = {(status.sheet, status.row, status.column): status.word for status in statuses(recompute(one.host))}
    scales = {
        (key, c.key)
        for key, s in one.template.sections.items()
        for c in getattr(s, "columns", ())
        if c.scale and c.formula
    }
    planned = {
        (one.title(spot.sheet), spot.row, spot.column): one.plan.cell(spot).value
        for key, spot in one.plan.results.items()
        if (key[0], key[2]) in scales
    }
    assert found == planned
    assert planned


def test_forecasts_stand_beside_the_one_that_is_used(case):
    one, host = case(), case().host.copy()
    key = next(k for k, s in one.plan.inputs.items() if k[1:] == ("VAKA.fees", "forecast_manual"))
    spot = one.plan.inputs[key]
    host.put(one.title(spot.sheet), spot.row, spot.column, 123.0)
    found = {(line.unit, line.line): line for line in forecasts(recompute(host))}
    fees = found["VAKA", "fees"]
    assert (fees.manual, fees.standing) == (123.0, 123.0)
    assert fees.override == f"{one.title(spot.sheet)}!C{spot.row + 1}"
    for (unit, name), line in found.items():
        for column in ("by_profile", "linear"):
            planned = one.plan.cell(one.plan.results["income_statement", f"{unit}.{name}", column]).value
            assert is_same(getattr(line, column), planned)
    assert all(line.standing is not None for line in found.values() if line.linear is not None)


def test_a_formula_of_a_table_may_write_the_cells_of_its_row_by_their_addresses(case):
    """Each row has values of its own then, however alike what its columns are called."""
    host, data = case().host.copy(sees_formulas=False), a_program(case().host)
    table = next(number for number, one in enumerate(data["tables"]) if one[0] == "t_risks")
    for number, reference in enumerate(data["references"]):
        if reference[:2] == ["this", table]:
            data["references"][number] = ["row", 1, reference[2]]
    rows = [["program", "1", chunk] for chunk in pack(data)]
    book = read_book(host)
    assert differing(compare(find_program(rows), book).evaluation, case().plan) == []
