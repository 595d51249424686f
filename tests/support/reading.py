"""Reads a planned workbook by the keys of its template: no test here knows an address."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from taulukko.folder.data_folder import load
from taulukko.plan.book import Cell, Sheet, Workbook
from taulukko.plan.build import plan
from taulukko.plan.draft import HEADER
from taulukko.plan.scope import RowScope, Scope
from taulukko.plan.sheets.checks import COLUMNS, KEY
from taulukko.plan.statement import Statement
from taulukko.report.model import Report
from taulukko.template import Template


@dataclass(frozen=True)
class CheckRow:
    """One row of the checks sheet; `state` is the key of check_state, `which` the text beside it."""

    what: str
    where: str
    which: str
    expected: float | None
    found: float | None
    difference: float | None
    tolerance: float | None
    state: str


@dataclass(repr=False)  # pytest shows the arguments of a failing test, and a whole plan is too much
class Planned:
    report: Report
    template: Template
    book: Workbook
    scope: Scope
    statements: dict[str, Statement]

    def value(self, path: str) -> Any:
        """What a path of the expression language holds: `income_statement.VAKA.fees.forecast`, `projects.above`.

        A column of a table gives the list of its rows' values. Missing is None, whatever the cell holds.
        """
        found = self.scope.fetch(path)
        if isinstance(found, list):
            return [None if one == "" else one for one in found]
        return None if found == "" else found

    def member(self, path: str) -> str | None:
        """The key of the scale's member that the cell shows: `income_statement.VAKA.fees.status` -> off_track."""
        shown = self.value(path)
        return None if shown is None else self._member_keys(path.rpartition(".")[2])[shown]

    def label_of(self, line: str) -> str:
        """The words of a statement's line."""
        return self.template.label(f"lines.{line}")

    def records(self, section: str, column: str) -> dict[str, Any]:
        """A column of a table by the ids of its records; spare rows left out."""
        count = len(self.report.rows(section))
        return dict(zip(self.value(f"{section}.id")[:count], self.value(f"{section}.{column}")[:count], strict=True))

    def sheet(self, key: str) -> Sheet:
        return next(sheet for sheet in self.book.sheets if sheet.key == key)

    def texts(self, key: str) -> list[str]:
        """Every text on a sheet."""
        return [cell.value for cell in self.sheet(key).cells.values() if isinstance(cell.value, str)]

    def cell(self, path: str) -> Cell:
        """The cell of a path, with its formula."""
        self.scope.fetch(path)
        place = self.scope.places[path]
        return place.sheet.cells[place.area.top, place.area.left]

    def checks(self) -> dict[str, CheckRow]:
        """The rows of the checks sheet by their hidden keys."""
        sheet, states = self.sheet("checks"), self._labels("check_state")
        rows = {}
        for row in range(HEADER + 1, max(r for r, _ in sheet.cells) + 1):
            values = [sheet.cells[row, place].value for place, _ in enumerate(COLUMNS, 1)]
            plain = [None if value == "" else value for value in values]
            rows[str(sheet.cells[row, KEY].value)] = CheckRow(*plain[:7], state=states[plain[7]])  # type: ignore[arg-type]
        return rows

    def states(self, state: str) -> set[str]:
        """Keys of the checks that hold, fail, are unknown or are accepted."""
        return {key for key, check in self.checks().items() if check.state == state}

    def _labels(self, scale: str) -> dict[str, str]:
        """Labels of a scale's members -> their keys."""
        members = self.template.head.scales[scale].members
        return {self.template.label(f"scales.{scale}.{member.key}"): member.key for member in members}

    def _member_keys(self, column: str) -> dict[str, str]:
        (statement,) = self.template.statements().values()
        return self._labels(str(next(one.scale for one in statement.columns if one.key == column)))


def planned(report: Report, template: Template) -> Planned:
    book = plan(report, template)
    cells = (cell for sheet in book.sheets for cell in sheet.cells.values())
    scope = next(cell.scope for cell in cells if isinstance(cell.scope, Scope))
    return Planned(report, template, book, scope, _statements(book))


def _statements(book: Workbook) -> dict[str, Statement]:
    """The statements by their paths, found behind the formulas of their rows."""
    scopes = (
        cell.scope.outer for sheet in book.sheets for cell in sheet.cells.values() if isinstance(cell.scope, RowScope)
    )
    found = {outer.statement.path: outer.statement for outer in scopes if hasattr(outer, "statement")}
    return dict(sorted(found.items()))


def read_folder(folder: Path, language: str | None = None, template_folder: Path | None = None) -> Planned:
    return planned(*load(folder, language, template_folder))
