"""Workbooks spoilt as people spoil them, and the plan of what then stands in their input cells: the truth."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from support.hosts import FileHost
from taulukko.builder import save_all
from taulukko.plan.book import Spot as Planned
from taulukko.plan.book import Workbook
from taulukko.plan.build import plan
from taulukko.plan.scope import Scope, evaluate
from taulukko.report.model import Report
from taulukko.template import Template


class Case:
    """A report's plan and the file built from it."""

    def __init__(self, report: Report, template: Template, path: Path, protected: bool = True):
        self.report, self.template, self.protected = report, template, protected
        self.plan = plan(report, template, protected=protected)
        save_all({path: lambda: self.plan}, template)
        self.path, self.host = path, FileHost(path)

    def title(self, key: str) -> str:
        return self.plan.sheet(key).name


def replanned(one: Case, typed: dict[Planned, Any]) -> Workbook:
    """The plan with other contents of its input cells, evaluated anew."""
    book = plan(one.report, one.template, protected=one.protected)
    for spot, value in typed.items():
        book.cell(spot).value = value
    cells = [cell for sheet in book.sheets for cell in sheet.cells.values() if cell.node]
    for cell in cells:
        cell.known = None
        if isinstance(cell.scope, Scope):
            cell.scope.forget()
    evaluate(book.sheets)
    return book


def corrupt(one: Case, host: FileHost, chance: random.Random, count: int) -> dict[Planned, Any]:
    """Spoil so many cells as people do; what then stands in the input cells that were touched."""
    computed = [(s.name, *p, c.value) for s in one.plan.sheets for p, c in s.cells.items() if c.formula]
    inputs = [(spot, one.plan.cell(spot).value) for spot in one.plan.inputs.values()]
    numbers = [(spot, value) for spot, value in inputs if isinstance(value, float)]
    typed: dict[Planned, Any] = {}
    for kind in chance.choices(("overwritten", "stale", "blank", "text", "number"), k=count):
        if kind in ("overwritten", "stale"):
            title, row, column, value = chance.choice(computed)
            other = chance.choice([None, "Toteutuu", 0.0, 17.5, value, "#REF!"])
            if kind == "overwritten":
                host.put(title, row, column, chance.choice([other, "=1+1", "=#REF!*2"]))
            else:
                host.cells[title][row][column] = other
            continue
        spot, value = chance.choice(inputs if kind == "blank" else numbers)
        typed[spot] = "n. 5 000" if kind == "text" else None
        if kind == "number" and isinstance(value, float):
            typed[spot] = value * 1.37
        host.put(one.plan.sheet(spot.sheet).name, spot.row, spot.column, typed[spot])
    return typed
