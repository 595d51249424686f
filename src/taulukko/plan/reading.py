"""The block that shows a unit's assessment and explanations in full: one source text, broken into lines by formula.

A text under a table cannot wrap without merged cells; so each line takes the words up to the last space that fits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taulukko.formula.nodes import Arithmetic, Call, Choice, Comparison, Constant, Field, Node
from taulukko.formula.parse import FUNCTIONS
from taulukko.plan.book import Range, Validation, address
from taulukko.plan.draft import Draft
from taulukko.plan.scope import value_at

if TYPE_CHECKING:
    from taulukko.plan.statement import Statement

LIMIT = 140
SPARE_LINES = 3


def plan_reading(statement: Statement) -> int:
    """Title, the cell the assessment is typed into, and the lines; the last row used."""
    draft, sheet, top = statement.draft, statement.sheet, statement.layout.reading
    record = draft.report.assessments.get(statement.unit.code, {})
    sheet.put(top, 1, draft.label("statement.assessment"), "owner")
    sheet.put(top + 1, 1, draft.label("statement.assessment_text"), "left")
    sheet.put(top + 1, 2, record.get("text"), "fill_text input last")
    sheet.put(top + 1, 4, draft.label("statement.covers"), "right mute")
    covers = record.get("covers_lines")
    sheet.put(top + 1, 5, draft.member("yes_no", str(covers)) if covers else None, "input last center")
    sheet.validations.append(
        Validation(
            Range(top + 1, 5, top + 1, 5),
            "list",
            source="lists.yes_no",
            message=draft.label("errors.list"),
            prompt=draft.label("prompts.covers"),
        )
    )
    sheet.validations.append(
        Validation(
            Range(top + 1, 2, top + 1, 2),
            "length",
            maximum=8000,
            message=draft.label("errors.length").format(most=8000),
        )
    )
    text, starts = statement.help_place, statement.help_place + 1
    whole = _whole_text(statement)
    names = _Cells(draft, statement, {"text": (top + 1, text)})
    sheet.compute(top + 1, text, whole, names)
    length = len(str(record.get("text") or "")) + sum(
        len(str(statement.record(key).get(part) or "")) + 40
        for key in statement.layout.notes
        for part in ("explanation", "measure")
        if statement.record(key).get(part)
    )
    count = max(3, length // (LIMIT - 12) + 1 + SPARE_LINES)
    row = top + 1
    for number in range(1, count + 1):
        row += 1
        names.cells |= {f"start{number}": (row, starts)}
        start = Field(f"start{number}")
        previous = Field(f"start{number - 1}")
        taken = Call(FUNCTIONS["line_length"], (Field("text", "text"), previous, Constant(LIMIT)))
        begin: Node = Constant(1) if number == 1 else Arithmetic("+", previous, taken)
        sheet.compute(row, starts, begin, names)
        size = Call(FUNCTIONS["line_length"], (Field("text", "text"), start, Constant(LIMIT)))
        line: Node = Call(FUNCTIONS["part"], (Field("text", "text"), start, size))
        if number == count:
            longer = Comparison(
                ">", Call(FUNCTIONS["length"], (Field("text", "text"),)), Arithmetic("+", start, Constant(LIMIT))
            )
            line = Choice(longer, Call(FUNCTIONS["join_text"], (line, Constant("…"))), line)
        sheet.compute(row, 2, line, names, "left")
    return row


def _whole_text(statement: Statement) -> Node:
    """Assessment, then each explanation after the name of its line."""
    pieces: list[Node] = [Call(FUNCTIONS["one_line"], (Field("assessment", "text"),))]
    for key in statement.layout.notes:
        explanation = Field(f"explanation.{key}", "text")
        measure = Field(f"measure.{key}", "text")
        said = Call(
            FUNCTIONS["join_text"],
            (Constant("  •  " + statement.draft.label(f"lines.{key}") + ": "), explanation, Constant(" "), measure),
        )
        pieces.append(Choice(Call(FUNCTIONS["filled"], (explanation,)), said, Constant("")))
    return Call(FUNCTIONS["join_text"], tuple(pieces))


class _Cells:
    """Names of the block's own cells, of the assessment, and of the explanations by line."""

    key = None

    def __init__(self, draft: Draft, statement: Statement, cells: dict[str, tuple[int, int]]):
        self.draft, self.statement = draft, statement
        self.cells = cells | {"assessment": (statement.layout.reading + 1, 2)}
        for key, row in statement.layout.notes.items():
            for part in ("explanation", "measure"):
                self.cells[f"{part}.{key}"] = (row, statement.places[part])

    def refer(self, path: str) -> str:
        return address(*self.cells[path])

    def fetch(self, path: str) -> object:
        return value_at(self.statement.sheet, *self.cells[path])

    def finish(self, text: str) -> str:
        return text
