"""The summary: one A4 landscape page on a grid of twelve columns, everything on it a formula or a chart on formulas."""

from __future__ import annotations

from taulukko.formula.addresses import letters as column_letters
from taulukko.formula.nodes import Arithmetic, Choice, Comparison, Constant, Field, Node
from taulukko.formula.parse import call
from taulukko.plan.blocks.matrix import cell_nodes, level_rules
from taulukko.plan.blocks.returns_matrix import plan_returns
from taulukko.plan.book import Chart, Range, Rule, Series, Sheet, address
from taulukko.plan.draft import SENTENCE, SUBTITLE, Draft, either
from taulukko.plan.grid import COLUMN, GRID, GUTTER, MARGIN, RIGHT, ROW_POINTS, grid, put_title
from taulukko.plan.metrics import column_pixels, text_width
from taulukko.plan.scope import cell_place
from taulukko.plan.statement import Statement, statement_path, statements_of
from taulukko.plan.status_rules import status_rules
from taulukko.report.model import Unit
from taulukko.template.schema import Bars, Figure, Panel, Ranking, SummarySection, Tile

TILES, MIDDLE = 4, 12
PAGE_POINTS, LEAST_POINTS = 730.0, 15.0
"""Height that an A4 page in landscape holds at 71 per cent, and of the lowest row that holds a line of text."""
HELP = RIGHT + 2
TICK = 0.008


def plan_sheet(draft: Draft, key: str) -> None:
    section = draft.template.sections[key]
    assert isinstance(section, SummarySection)
    sheet = draft.sheet(key, draft.label(f"sections.{key}.title"), protected=section.protect, one_page=True)
    _plan_grid(sheet)
    draft.head(sheet, draft.subtitle(key), RIGHT, key, {})
    _plan_check_state(draft, sheet)
    bottom = max((_plan_tile(draft, sheet, tile) for tile in section.tiles), default=TILES)
    row = max(MIDDLE, bottom + 2) if section.tiles else TILES
    ends = [row]
    if section.bars:
        ends.append(_plan_bars(draft, sheet, section.bars, row))
        helper = _plan_area_lines(draft, sheet, section.bars.section)
        for ranking in section.rankings:
            ends.append(_plan_ranking(draft, sheet, ranking, section.bars.section, row, helper))
        _plan_missing_notes(draft, sheet, section.bars, row + 8, section.rankings)
    row = max(ends) + 2
    ends = [_plan_panel(draft, sheet, panel, row) for panel in section.panels]
    if section.matrix:
        ends.append(_plan_small_matrix(draft, sheet, section.matrix.section, section.matrix.column, row))
    row = max(ends, default=row) + 2
    if section.returns and draft.report.areas and draft.report.has_round:
        row = plan_returns(draft, sheet, section.returns, row) + 2
    for place in range(1, RIGHT + 1):
        sheet.put(row, place, draft.label("summary.minutes") if place == 1 else None, "rule left")
    for rule in section.sentences:
        row += 1
        node = draft.names.sentence(f"summary.sentences.{rule.key}", rule.values)
        missing = Constant(
            draft.label("summary.no_sentence").format(subject=draft.label(f"summary.subjects.{rule.key}"))
        )
        sheet.compute(row, 1, either(node, missing), draft.scope, "left")
    _set_heights(sheet, row)
    sheet.print_area = Range(0, 0, row, RIGHT)


def _set_heights(sheet: Sheet, last: int) -> None:
    """Rows are as high as the page has room for."""
    rows = [row for row in range(SENTENCE + 1, last + 1) if row not in sheet.heights]
    others = sum(sheet.heights.values()) + LEAST_POINTS * (SENTENCE + 1 - SUBTITLE)
    points = min(max((PAGE_POINTS - others) / len(rows), LEAST_POINTS), ROW_POINTS)
    sheet.heights |= dict.fromkeys(rows, int(points * 4) / 4)
    for chart in sheet.charts:
        chart.height = round(chart.height * points / ROW_POINTS)


def _plan_grid(sheet: Sheet) -> None:
    sheet.widths[0] = MARGIN
    for column in range(GRID):
        sheet.widths[grid(column)] = COLUMN
    for column in (3, 6, 9):
        sheet.widths[grid(column) - 1] = GUTTER
    sheet.hidden_columns |= set(range(HELP, HELP + 8))
    sheet.widths |= dict.fromkeys(range(HELP, HELP + 8), 12.0)


def _plan_check_state(draft: Draft, sheet: Sheet) -> None:
    """In the upper right corner: how many checks fail, how many cannot be checked, with a link to them."""
    failing = draft.names.sentence("summary.checks_fail", {"count": "say_count(checks.fails)"})
    holding = draft.names.sentence("summary.checks_hold", {"count": "say_count(checks.holds)"})
    some = Comparison(">", Field("checks.fails"), Constant(0))
    said = Choice(some, failing, holding)
    draft.link(sheet, SUBTITLE, RIGHT, "checks", said, "right strong tone_good")
    unknown = draft.names.sentence("summary.checks_unknown", {"count": "say_count(checks.unknown)"})
    sheet.compute(SENTENCE, RIGHT, unknown, draft.scope, "right mute")
    sheet.rules.append(
        Rule(Range(SUBTITLE, RIGHT, SUBTITLE, RIGHT), "bad", formula="checks.fails>0", symbol=False, fill="none")
    )


def _plan_tile(draft: Draft, sheet: Sheet, tile: Tile) -> int:
    put_title(
        draft, sheet, TILES, tile.column, 3, draft.label(f"summary.tiles.{tile.key}"), tile.section, "rule_strong"
    )
    left = grid(tile.column)
    sheet.heights[TILES + 1] = 27
    sheet.compute(TILES + 1, left, draft.names.read(tile.figure), draft.scope, f"{tile.format} tile")
    note = draft.names.sentence(f"summary.notes.{tile.key}", tile.note)
    sheet.compute(TILES + 1, left + 1, note, draft.scope, "note left low")
    row = TILES + 1
    for figure in tile.rows:
        row += 1
        _plan_figure(draft, sheet, figure, row, tile.column)
    return row


def _plan_figure(draft: Draft, sheet: Sheet, figure: Figure, row: int, column: int) -> None:
    left, right = grid(column), grid(column + 2)
    bold = " strong" if figure.strong else ""
    for place in range(left, right + 1):
        sheet.put(row, place, None, "row")
    node = draft.names.read(figure.value)
    if figure.member:
        scale, member = figure.member.split(".")
        label = draft.member(scale, member)
        tone = next(m.tone for m in draft.members(scale) if m.key == member) or "none"
        if figure.marks:
            symbol = Constant(draft.template.theme.tones[tone].symbol)
            sheet.compute(row, left + 1, call("repeat", symbol, node), draft.scope, f"row left indent tone_{tone}")
    else:
        label = draft.label(f"summary.rows.{figure.key}")
    sheet.put(row, left, label, f"row left{bold}")
    aligned = "center" if figure.scale else "right"
    sheet.compute(
        row, right, node, draft.scope, f"{figure.format} row {aligned}{bold}" + (" strong" if figure.marks else "")
    )
    if figure.scale:
        sheet.rules += status_rules(draft, Range(row, right, row, right), figure.scale)


def _plan_panel(draft: Draft, sheet: Sheet, panel: Panel, row: int) -> int:
    put_title(draft, sheet, row, panel.column, 3, draft.label(f"summary.panels.{panel.key}"), panel.section, "rule")
    for figure in panel.rows:
        row += 1
        _plan_figure(draft, sheet, figure, row, panel.column)
    return row


def _plan_bars(draft: Draft, sheet: Sheet, bars: Bars, row: int) -> int:
    """Use of the budget: figures in cells, bars in a chart of the same height beside them."""
    put_title(draft, sheet, row, 0, 6, draft.label("summary.bars.title"), bars.section, "rule")
    label, value, first, variance = grid(0), grid(2), grid(3) - 1, grid(5)
    sheet.put(row + 1, value, draft.label("summary.bars.used"), "note right")
    sheet.put(row + 1, variance, draft.label("summary.bars.variance"), "note right")
    whole = statements_of(draft)[f"{bars.section}.division"]
    areas = [statements_of(draft)[f"{bars.section}.{unit.code}"] for unit in draft.report.areas]
    known = [s for s in areas if not s.is_without_figures]
    shown = [(whole, line) for line in bars.division_lines] + [(s, bars.line) for s in known]
    top = row + 2
    for one, (statement, line) in enumerate(shown, top):
        division = statement is whole
        text = draft.label(f"lines.{line}") if division else f"{statement.unit.short} ({statement.unit.code})"
        bold = " strong" if division and line == bars.line else " indent" if division else ""
        _bar_row(draft, sheet, one, statement, line, text, bold)
        _bar_segments(draft, sheet, one, statement, line)
    end = top + len(shown) - 1
    for place in (value, variance):
        sheet.rules += status_rules(draft, Range(top, place, end + len(areas), place), "budget_status")
    for one, statement in enumerate((s for s in areas if s.is_without_figures), end + 1):
        _bar_row(draft, sheet, one, statement, bars.line, f"{statement.unit.short} ({statement.unit.code})", "")
        end = one
    elapsed = draft.report.period_end.month / 12
    sheet.put(end + 1, variance, draft.label("summary.bars.key").format(elapsed=f"{elapsed * 100:.0f}"), "note right")
    sheet.charts.append(_bar_chart(draft, sheet, label, first, top, top + len(shown) - 1, elapsed))
    return end + 1


def _bar_row(draft: Draft, sheet: Sheet, row: int, statement: Statement, line: str, text: str, bold: str) -> None:
    for place in range(grid(0), grid(5) + 1):
        sheet.put(row, place, None, "row")
    sheet.put(row, grid(0), text, f"row left{bold}")
    for place, column, number in ((grid(2), "used_share", "share"), (grid(5), "variance", "thousands_variance")):
        field = Field(f"{statement.path}.{line}.{column}")
        missing = Field("budget_status.no_data", "text")
        node = Choice(call("blank", field), missing, field)
        sheet.compute(row, place, node, draft.scope, f"{number} row right{bold.replace(' indent', '')}")


def _bar_segments(draft: Draft, sheet: Sheet, row: int, statement: Statement, line: str) -> None:
    """Actual up to last year's tick, gap, tick, and what lies beyond it: four stacked lengths."""
    used, pace = (Field(f"{statement.path}.{line}.{column}") for column in ("used_share", "pace"))
    before = Arithmetic("-", pace, Constant(TICK))
    zero = Constant(0)
    lengths: tuple[Node, ...] = (
        call("max", call("min", used, before), zero),
        call("max", Arithmetic("-", before, used), zero),
        Arithmetic("+", Constant(TICK), Arithmetic("*", zero, pace)),
        call("max", Arithmetic("-", used, pace), zero),
    )
    for place, node in enumerate(lengths, HELP):
        sheet.compute(row, place, node, draft.scope, "share")


def _bar_chart(draft: Draft, sheet: Sheet, label: int, first: int, top: int, bottom: int, elapsed: float) -> Chart:
    names = Range(top, label, bottom, label)
    colours = ("accent", "", "ink", "accent")
    series = [
        Series(
            draft.label(f"summary.bars.series{number}"),
            sheet.name,
            names,
            Range(top, HELP + number, bottom, HELP + number),
            colour,
            gap=60,
        )
        for number, colour in enumerate(colours)
    ]
    height = round((bottom - top + 1) * ROW_POINTS * 96 / 72)
    return Chart(
        "stacked_bars",
        draft.label("summary.bars.title"),
        draft.label("summary.bars.alt").format(elapsed=f"{elapsed * 100:.0f}"),
        top,
        first,
        21 + 103 * 2,
        height,
        series,
        maximum=1.0,
        gridline=elapsed,
        bare=True,
    )


def _plan_area_lines(draft: Draft, sheet: Sheet, section: str) -> Range:
    """Hidden: every line of every area with its variance, made unique by its place, for the rankings to choose from.

    A unit that has no areas is ranked by its own lines.
    """
    row = 0
    for unit in draft.report.areas or (draft.report.whole,):
        statement = _statement(draft, section, unit)
        owner = f"{unit.code} · " if draft.report.areas else ""
        for line in statement.lines:
            if line.kind != "line":
                continue
            sheet.put(row, HELP + 4, owner + draft.label(f"lines.{line.key}"))
            variance = call("round", Field(f"{statement.path}.{line.key}.variance"), Constant(2))
            sheet.compute(row, HELP + 5, Arithmetic("+", variance, Constant((row + 1) / 1_000_000)), draft.scope)
            row += 1
    last = max(row - 1, 0)
    labels, keys = Range(0, HELP + 4, last, HELP + 4), Range(0, HELP + 5, last, HELP + 5)
    for path, area in (("ranked.labels", labels), ("ranked.keys", keys)):
        letters = column_letters(area.left)
        draft.scope.add_column(path, sheet, area, f"${letters}$1:${letters}${last + 1}")
    return labels


def _statement(draft: Draft, section: str, unit: Unit) -> Statement:
    found: Statement = statements_of(draft)[statement_path(draft.report, section, unit)]
    return found


def _plan_ranking(draft: Draft, sheet: Sheet, ranking: Ranking, section: str, row: int, helper: Range) -> int:
    """The five lines furthest below, or above, the budget."""
    left, right = grid(ranking.column), grid(ranking.column + 2)
    put_title(draft, sheet, row, ranking.column, 3, draft.label(f"summary.rankings.{ranking.key}"), section, "rule")
    sheet.put(row + 1, left, draft.label("summary.rankings.line"), "note left")
    sheet.put(row + 1, right, draft.label("summary.bars.variance"), "note right")
    hidden = HELP + (6 if ranking.below else 7)
    cells = (sheet.cells.get((one, helper.left)) for one in range(helper.top, helper.bottom + 1))
    labels = [str(cell.value) for cell in cells if cell]
    small = " note_size" if max(map(text_width, labels), default=0) > 2 * column_pixels(COLUMN) else ""
    for rank in range(1, 6):
        one = row + 1 + rank
        for place in range(left, right + 1):
            sheet.put(one, place, None, "row")
        nth = call(ranking.function, Field("ranked.keys", "numbers"), Constant(rank))
        sheet.compute(one, hidden, nth, draft.scope)
        path = f"ranked.{ranking.key}.{rank}"
        draft.scope.places[path] = cell_place(sheet, one, hidden, address(one, hidden, fixed=True))
        key = Field(path)
        side = Comparison("<" if ranking.below else ">", call("round", key, Constant(2)), Constant(0))
        label = call("lookup_text", key, Field("ranked.keys", "numbers"), Field("ranked.labels", "texts"))
        sheet.compute(one, left, Choice(side, label, Constant("")), draft.scope, f"row left{small}")
        amount = Choice(side, call("round", key, Constant(2)), Constant(None))
        sheet.compute(one, right, amount, draft.scope, "thousands_variance row right")
    return row + 6


def _plan_missing_notes(draft: Draft, sheet: Sheet, bars: Bars, row: int, rankings: tuple[Ranking, ...]) -> None:
    """In words, what the rankings cannot show: areas with lines missing and areas without any figures.

    The areas without figures make up the difference from the division together: of several, it is none's alone.
    """
    place = grid(rankings[0].column) if rankings else grid(6)
    areas: list[Statement] = [statements_of(draft)[f"{bars.section}.{unit.code}"] for unit in draft.report.areas]
    silent = [statement for statement in areas if statement.is_without_figures]
    for statement in areas:
        if statement in silent[1:]:
            continue
        units, path, key = statement.unit.code, statement.path, "parts_missing"
        if statement in silent:
            units, path = ", ".join(one.unit.code for one in silent), f"{path}.difference"
            key = "no_figures" if len(silent) == 1 else "no_figures_together"
            key = key if statement.layout.difference else "no_sum"
        elif not statement.layout.given:
            continue
        before, _, after = draft.label(f"summary.{key}").replace("{unit}", units).partition("{variance}")
        amount = call("say_euro", Field(f"{path}.{bars.line}.variance")) if key != "no_sum" else Constant("")
        node = call("join_text", Constant(before), amount, Constant(after))
        sheet.compute(row, place, node, draft.scope, "note left")
        row += 1


def _plan_small_matrix(draft: Draft, sheet: Sheet, key: str, column: int, row: int) -> int:
    """The risk matrix in small: ids in cells; on the left how many risks there are on each level."""
    section = draft.template.records()[key]
    matrix = section.matrix
    assert matrix is not None
    put_title(draft, sheet, row, column, GRID - column, draft.label(f"summary.panels.{key}"), key, "rule")
    rows, columns = list(reversed(draft.members(matrix.rows))), draft.members(matrix.columns)
    places = [grid(one) for one in range(column, GRID)][-len(columns) :]
    left = places[0] - 1 if places[0] - 1 in (grid(one) for one in range(GRID)) else places[0] - 2
    axes = f"{draft.label(f'columns.{key}.{matrix.rows}')} ↓  {draft.label(f'columns.{key}.{matrix.columns}')} →"
    sheet.put(row + 1, left, axes, "note right")
    for place, member in zip(places, columns, strict=True):
        text = f"{member.value} {draft.label(f'scales.{matrix.columns}.{member.key}')}"
        sheet.put(row + 1, place, text, "note center")
    for one, member in enumerate(rows, row + 2):
        sheet.put(one, left, f"{member.value} {draft.label(f'scales.{matrix.rows}.{member.key}')}", "note right")
        for place, other in zip(places, columns, strict=True):
            _, ids = cell_nodes(key, matrix, member.value or 0, other.value or 0, limit=4)
            sheet.compute(one, place, ids, draft.scope, "matrix")
            product = str((member.value or 0) * (other.value or 0))
            sheet.rules += level_rules(draft, Range(one, place, one, place), matrix.level, product)
    end = row + 1 + len(rows)
    if len(columns) <= 3:
        for one, member in enumerate(reversed(draft.members(matrix.level)), row + 2):
            sheet.put(one, grid(column), draft.member(matrix.level, member.key), "center")
            count = Comparison("=", Field(f"{key}.level", "texts"), Field(f"{matrix.level}.{member.key}", "text"))
            sheet.compute(one, grid(column + 1), call("count", count), draft.scope, "integer left indent strong")
        levels = Range(row + 2, grid(column), row + 1 + len(draft.members(matrix.level)), grid(column))
        sheet.rules += status_rules(draft, levels, matrix.level, fill="matrix")
        end = max(end, levels.bottom)
    return end
