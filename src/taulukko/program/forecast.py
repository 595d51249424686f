"""The forecasts of every line of the statements: by last year's pace and linear, beside the one that stands."""

from __future__ import annotations

from typing import NamedTuple

from taulukko.formula.addresses import address
from taulukko.formula.values import is_number
from taulukko.program.cell_names import Names
from taulukko.program.evaluation import Evaluation, Spot
from taulukko.program.host import Value
from taulukko.program.program import Line, Program, Statement
from taulukko.program.repair import Recomputed

COLUMNS = frozenset({"budget", "by_profile", "linear", "forecast_manual", "forecast", "basis"})
"""What a statement must have for its forecasts to be told."""


class LineForecast(NamedTuple):
    """What a line may come to at the end of the year, in euros; None for what is not known.

    Attributes:
        sheet: title of the sheet.
        row: from 0, of the line in the table.
        column: from 0, of the forecast that stands.
        unit: code of the unit.
        name: what the line is called.
        by_profile: by the pace of the year before.
        linear: as much each month.
        manual: what somebody has given, which stands whatever the others say.
        standing: what the workbook uses.
        basis: which of them that is, in a word.
        override: where a forecast of one's own is typed, such as `Tuloslaskelma!C40`; empty for a total.
        reason: why somebody has given one of their own.
    """

    sheet: str
    row: int
    column: int
    unit: str
    line: str
    name: str
    budget: float | None
    by_profile: float | None
    linear: float | None
    manual: float | None
    standing: float | None
    basis: str
    override: str
    reason: str

    @property
    def place(self) -> str:
        """Such as `Tuloslaskelma!C12`, where the one that stands is."""
        return f"{self.sheet}!{address(self.row, self.column)}"


def forecasts(found: Recomputed) -> list[LineForecast]:
    """The forecasts of each line that has an actual figure, unit by unit."""
    evaluation, names = found.evaluation, Names(found.evaluation)
    lines = ((one, line) for one in _told(evaluation.layout.program) for line in one.lines)
    told = (_forecast(evaluation, names, one, line) for one, line in lines)
    return [one for one in told if one.linear is not None or one.standing is not None]


def forecast_spots(found: Recomputed) -> set[Spot]:
    """The cells of all forecasts, and the computed cells that they follow from."""
    layout = found.evaluation.layout
    return found.evaluation.needed(
        Spot(one.sheet, row, layout.column(one.sheet, one.columns[column]))
        for one in _told(layout.program)
        for column in sorted(COLUMNS)
        for line in one.lines
        if (row := layout.row(one.sheet, line.row)) is not None
    )


def _told(program: Program) -> list[Statement]:
    """The statements that have forecasts."""
    return [one for one in program.statements if one.columns.keys() >= COLUMNS]


def _forecast(evaluation: Evaluation, names: Names, statement: Statement, line: Line) -> LineForecast:
    layout, sheet = evaluation.layout, statement.sheet
    row, notes = (layout.row(sheet, one) for one in (line.row, line.notes))
    assert row is not None and notes is not None

    def said(column: str, at: int) -> Value:
        place = statement.columns.get(column)
        return None if place is None else evaluation.value(Spot(sheet, at, layout.column(sheet, place)))

    def figure(column: str, at: int) -> float | None:
        value = said(column, at)
        return float(value) if is_number(value) else None

    place = statement.columns["forecast_manual"]
    asked = any(
        area.sheet == sheet and area.left == place and area.top <= line.notes <= area.bottom
        for _, _, _, area in layout.program.inputs
    )
    return LineForecast(
        layout.titles[sheet],
        row,
        layout.column(sheet, statement.columns["forecast"]),
        statement.unit,
        line.key,
        names(Spot(sheet, row, layout.column(sheet, statement.columns["forecast"]))),
        figure("budget", row),
        figure("by_profile", row),
        figure("linear", row),
        figure("forecast_manual", notes),
        figure("forecast", row),
        str(said("basis", row) or ""),
        f"{layout.titles[sheet]}!{address(notes, layout.column(sheet, place))}" if asked else "",
        str(said("forecast_reason", notes) or ""),
    )


__all__ = ["LineForecast", "forecast_spots", "forecasts"]
