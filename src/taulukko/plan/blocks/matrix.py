"""The risk matrix: how many risks stand in each cell and which, coloured by level, for any scale."""

from __future__ import annotations

from taulukko.formula.addresses import letters as column_letters
from taulukko.formula.nodes import Choice, Comparison, Constant, Field, Node
from taulukko.formula.parse import call
from taulukko.plan.book import Range, Rule, Sheet
from taulukko.plan.draft import Draft
from taulukko.plan.status_rules import status_rules
from taulukko.template.schema import Matrix, RecordsSection


def cell_nodes(key: str, matrix: Matrix, row_value: int, column_value: int, limit: int = 6) -> tuple[Node, Node]:
    """Count and ids of the risks of one cell."""
    where = (
        Comparison("=", Field(f"{key}.{matrix.rows}", "numbers"), Constant(row_value)),
        Comparison("=", Field(f"{key}.{matrix.columns}", "numbers"), Constant(column_value)),
    )
    ids = call("ids", Field(f"{key}.{matrix.ids}", "texts"), Constant(limit), *where)
    return call("count", *where), ids


def level_rules(draft: Draft, area: Range, scale: str, product: str) -> list[Rule]:
    """Colour by level: the highest band whose lower limit the product of the cell's place reaches."""
    rules = []
    limits = f"lists.{scale}_from"
    for position, member in enumerate(draft.members(scale), 1):
        if member.tone:
            reached = f"SUMPRODUCT(--({limits}<={product}))={position}"
            rules.append(Rule(area, member.tone, formula=reached, fill="matrix"))
    return rules


def plan_matrix(draft: Draft, sheet: Sheet, key: str, section: RecordsSection, row: int) -> int:
    """Rows are likelihoods, highest on top, columns are impacts; a cell shows how many risks it holds and which."""
    matrix = section.matrix
    assert matrix is not None
    rows = list(reversed(draft.members(matrix.rows)))
    columns = draft.members(matrix.columns)
    visible = [c for c in section.columns if not c.hidden and c.role != "key"]
    left = next(place for place, column in enumerate(visible, 1) if column.key == matrix.rows)
    sheet.put(row, 1, draft.label(f"sections.{key}.matrix"), "owner")
    sheet.put(row, left, draft.label(f"columns.{key}.{matrix.columns}") + " →", "mute left")
    top = row + 2
    for place, member in enumerate(columns, left):
        sheet.put(row + 1, place, float(member.value or 0), "note integer center")
    for line, member in enumerate(rows, top):
        sheet.heights[line] = 36
        sheet.put(line, left - 1, float(member.value or 0), "note integer right")
        word = draft.label(f"scales.{matrix.rows}.{member.key}")
        heading = draft.label(f"columns.{key}.{matrix.rows}") + ": " if line == top else ""
        sheet.put(line, left - 2, heading + word, "note right")
        for place, other in enumerate(columns, left):
            count, ids = cell_nodes(key, matrix, member.value or 0, other.value or 0)
            shown = call("join_text", _count_text(count), ids)
            sheet.compute(line, place, shown, draft.scope, "matrix_large")
    bottom, right = top + len(rows) - 1, left + len(columns) - 1
    words = bottom + 1
    for place, member in enumerate(columns, left):
        sheet.put(words, place, draft.label(f"scales.{matrix.columns}.{member.key}"), "note center")
    first = column_letters(left)
    product = f"${column_letters(left - 1)}{top + 1}*{first}${row + 2}"
    sheet.rules += level_rules(draft, Range(top, left, bottom, right), matrix.level, product)
    key_top = words + 2
    for line, member in enumerate(reversed(draft.members(matrix.level)), key_top):
        sheet.put(line, left, draft.member(matrix.level, member.key), "center")
        sheet.put(line, left + 1, draft.label("words.from_value").format(value=member.from_), "mute indent")
    levels = len(draft.members(matrix.level))
    sheet.rules += status_rules(draft, Range(key_top, left, key_top + levels - 1, left), matrix.level, fill="matrix")
    return key_top + levels - 1


def _count_text(count: Node) -> Node:
    """`2: ` before the ids, nothing in an empty cell."""
    said = call("join_text", call("say_count", count), Constant(": "))
    return Choice(Comparison(">", count, Constant(0)), said, Constant(""))
