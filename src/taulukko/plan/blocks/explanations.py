"""The block that shows a unit's assessment and explanations in full: one source text, broken into lines by formula.

A text under a table cannot wrap without merged cells; so each line takes the words up to the last space that fits.
"""

from __future__ import annotations

from taulukko.formula.nodes import Arithmetic, Choice, Comparison, Constant, Field, Logic, Node
from taulukko.formula.parse import call
from taulukko.plan.book import Range, Validation
from taulukko.plan.draft import Draft
from taulukko.plan.scope import CellNames
from taulukko.plan.statement import LINE, Statement, explanation_lines

MOST = 8000
NEW_LINE = "\n"


def plan_explanations(statement: Statement, top: int) -> None:
    """Title, the cell the assessment is typed into, and the lines."""
    draft, sheet = statement.draft, statement.sheet
    sheet.put(top, 1, draft.label("statement.assessment"), "owner")
    if statement.section.assessment:
        _plan_assessment(statement, statement.section.assessment, top + 1)
    text, starts = statement.help_place, statement.help_place + 1
    names = CellNames(draft.scope, sheet, _cells(statement, top + 1), fixed=frozenset({"text"}))
    sheet.compute(top + 1, text, _whole_text(statement), names)
    count = explanation_lines(statement)
    whole = Field("text", "text")
    for number in range(1, count + 1):
        row = top + 1 + number
        names.cells |= {f"start{number}": (row, starts)}
        start, previous = Field(f"start{number}"), Field(f"start{number - 1}")
        taken = call("line_length", whole, previous, Constant(LINE))
        begin: Node = Constant(1) if number == 1 else Arithmetic("+", previous, taken)
        sheet.compute(row, starts, begin, names)
        size = call("line_length", whole, start, Constant(LINE))
        line: Node = call("one_line", call("part", whole, start, size))
        if number == count:
            longer = Comparison(">=", call("length", whole), Arithmetic("+", start, size))
            line = Choice(longer, call("join_text", line, Constant("…")), line)
        sheet.compute(row, 2, line, names, "left")


def _plan_assessment(statement: Statement, file: str, row: int) -> None:
    draft, sheet, unit = statement.draft, statement.sheet, statement.unit.code
    record = draft.report.row(file, unit)
    sheet.put(row, 1, draft.label("statement.assessment_text"), "left mute")
    draft.put_input(sheet, row, 2, (file, unit, "text"), str(record.get("text") or "") or None, "left input last")
    sheet.put(row, 3, draft.label("statement.covers"), "indent mute")
    covers = record.get("covers_lines")
    answer = draft.member("yes_no", str(covers)) if covers else None
    draft.put_input(sheet, row, 5, (file, unit, "covers_lines"), answer, "input last center")
    _plan_validations(draft, statement, row)


def _plan_validations(draft: Draft, statement: Statement, row: int) -> None:
    words, text = draft.label("errors.length").format(most=MOST), Range(row, 2, row, 2)
    covers = Range(row, 5, row, 5)
    statement.sheet.validations += [
        Validation(text, "length", maximum=MOST, message=words),
        Validation(
            covers,
            "list",
            source="lists.yes_no",
            message=draft.label("errors.list"),
            prompt=draft.label("prompts.covers"),
        ),
    ]


def _whole_text(statement: Statement) -> Node:
    """The assessment; then, a paragraph each, the explanations and the material lines that still lack one."""
    draft, explanations = statement.draft, statement.section.explanations
    pieces: list[Node] = [Field("assessment", "text")] if statement.section.assessment else []
    if explanations is None:
        return call("join_text", *pieces)
    scale = next(column.scale for column in statement.section.columns if column.key == explanations.state)
    for key in statement.layout.notes:
        explanation, measure = Field(f"explanation.{key}", "text"), Field(f"measure.{key}", "text")
        responsible, due = Field(f"responsible.{key}", "text"), Field(f"due.{key}")
        begin = Constant(f"{NEW_LINE}•  {draft.label(f'lines.{key}')}: ")
        when = Choice(
            call("filled", due),
            call("join_text", Constant(", "), call("say_date", due)),
            Constant(""),
        )
        who = Choice(
            call("filled", responsible),
            call("join_text", Constant(" ("), responsible, when, Constant(")")),
            Constant(""),
        )
        said = call("join_text", begin, explanation, Constant(" "), measure, who)
        lacking = call("join_text", begin, Constant(draft.label("statement.unexplained")))
        state = Comparison("=", Field(f"state.{key}", "text"), Field(f"{scale}.missing", "text"))
        open_ = Logic("AND", (state, call("blank", explanation)))
        piece = Choice(open_, lacking, Constant(""))
        pieces.append(Choice(call("filled", explanation), said, piece))
    return call("join_text", *pieces)


def _cells(statement: Statement, row: int) -> dict[str, tuple[int, int]]:
    """Names of the block's own cells, of the assessment, and of the notes by line."""
    cells = {"text": (row, statement.help_place), "assessment": (row, 2)}
    explanations = statement.section.explanations
    parts = explanations.model_dump(exclude={"needed", "lacking"}) if explanations else {}
    for key, note in statement.layout.notes.items():
        for part, column in parts.items():
            cells[f"{part}.{key}"] = (note, statement.places[column])
    return cells
