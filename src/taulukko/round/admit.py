"""What a data folder takes of a returned workbook: what its own template declares, within its limits and choices.

A workbook is read by what it carries, which may be older than the template, or anybody's own.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

from taulukko.errors import Finding
from taulukko.folder.field_text import SHARES, Reader, field_reader
from taulukko.report.inputs import Fields, Key, Place, mark, written
from taulukko.report.model import Input, Report
from taulukko.round.merge import Theirs
from taulukko.template import Template
from taulukko.template.inputs import CHECKS
from taulukko.template.schema import Column

MOST = 10
"""A share of more than this is rather one in percent that was written without its sign."""


@dataclass(slots=True)
class Admitted:
    """What is left of what a workbook holds.

    Attributes:
        faults: cells that were changed to what the data folder could not hold.
        notes: what the template no longer has, by name, where anything of it was filled in since.
        typed: what stands in the cells with faults.
    """

    theirs: Theirs
    faults: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    typed: dict[Key, str] = field(default_factory=dict)


def admitted(theirs: Theirs, report: Report, template: Template, file: str) -> Admitted:
    """What is declared here of what a workbook holds.

    Args:
        report: the data folder's, with its units and goals.
        file: what the workbook is called in what is said of it.
    """
    return _Admission(theirs, report, template, file).run()


class _Admission:
    def __init__(self, theirs: Theirs, report: Report, template: Template, file: str):
        self.theirs, self.report, self.template, self.file = theirs, report, template, file
        self.columns = {name: {one.key: one for one in file.columns} for name, file in report.files.items()}
        self.units = {unit.code for unit in report.units}
        self.readers: dict[tuple[str, str], Reader] = {}
        self.strange: dict[str, list[str]] = {}
        self.found = Admitted(theirs)

    def run(self) -> Admitted:
        theirs, fields = self.theirs, Fields()
        for place, row in theirs.fields.items():
            name = self._strange(place)
            columns = {} if name else self.columns[place[0]]
            if not name:
                fields[place] = {}
            for column, value in row.items():
                key = (*place, column)
                changed = mark(written(value)) != theirs.base.get(place, {}).get(column, "")
                if column in columns:
                    fields[place][column] = self._read(key, columns[column], value) if changed else value
                elif changed and key in theirs.cells:
                    self.strange.setdefault(name or f"{place[0]}.{column}", []).append(theirs.cells[key])
        tables = theirs.tables & self.template.records().keys()
        cells = {key: cell for key, cell in theirs.cells.items() if key[2] in self.columns.get(key[0], {})}
        unread = {*theirs.unread, *self.found.typed}
        self.found.theirs = replace(theirs, fields=fields, cells=cells, tables=tables, unread=unread)
        self.found.notes = [
            Finding("not_taken", self.file, cells[0], name, str(len(cells))).aside()
            for name, cells in self.strange.items()
        ]
        return self.found

    def _strange(self, place: Place) -> str:
        """What the template does not have of a record: its section, or its line; empty when it has both."""
        section, record = place
        is_table = section in self.template.records()
        if section not in self.columns or is_table is not (section in self.theirs.tables):
            return section
        if lines := self.report.files[section].lines:
            unit, _, line = record.partition(".")
            return "" if unit in self.units and line in lines else f"{section}.{line}"
        return "" if is_table or section == CHECKS or record in self.units else f"{section}.{record}"

    def _read(self, key: Key, column: Column, value: Input) -> Input:
        """A value read again as the data folder reads it; what it could not hold is a fault."""
        if value is None:
            return None
        spot = (key[0], column.key)
        if spot not in self.readers:
            self.readers[spot] = field_reader(column, self.report, self.template)
        found, code, allowed = self.readers[spot](written(value))
        is_open = column.type in SHARES and column.maximum is None
        if is_open and isinstance(found, Decimal) and found > MOST:
            code, allowed = "percent_unclear", (f"{found * 100:,f}".replace(",", " ") + " %",)
        if code:
            place = self.theirs.cells.get(key, "")
            self.found.faults.append(Finding(code, self.file, place, column.key, written(value)[:80], allowed))
            self.found.typed[key] = written(value)
        return found


__all__ = ["Admitted", "admitted"]
