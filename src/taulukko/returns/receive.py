"""One returned file: read, told whose it is, and laid beside what was sent out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from taulukko.errors import Fault
from taulukko.excel.beside import Finding, strays
from taulukko.model import Report
from taulukko.returns.merge import Theirs
from taulukko.sources.fields import RETURNS, fields_of
from taulukko.sources.package import WorkbookError
from taulukko.sources.workbook import Inputs, read_inputs

CHUNK = 1 << 20


@dataclass(slots=True)
class Returned:
    """What one file holds, as plain data.

    Attributes:
        unit: whose workbook it is; empty for the whole report.
        state: what its sender says of it, a member of the scale `return_state`.
        saved: when it was saved, in UTC; None when the file does not say.
        refused: why nothing of it can be used, if so.
        faults: cells that could not be read. notes: what was read though it was not as it should be, or was left aside.
    """

    path: Path
    hash: str
    unit: str = ""
    state: str = ""
    saved: datetime | None = None
    saved_by: str = ""
    refused: Fault | None = None
    theirs: Theirs | None = None
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)


def receive(path: Path, template_folder: Path | None = None) -> Returned:
    """Read a returned file; one that cannot be read is refused in the result."""
    found = Returned(path, _hash(path))
    try:
        inputs = read_inputs(path, template_folder)
        aside = list(strays(inputs))
    except WorkbookError as error:
        found.refused = Fault(error.code, path.name, found=error.found, allowed=(error.expected,))
        return found
    report, package = inputs.report, inputs.package
    found.unit, found.saved, found.saved_by = report.part, package.saved, package.saved_by
    found.state = str(report.returns.get(report.part, {}).get("state") or "")
    found.theirs = _theirs(inputs, found)
    found.faults = inputs.faults
    found.notes = [*inputs.notes, *(_noted(one, path.name) for one in aside)]
    found.report = report
    return found


def misdirected(found: Returned, report: Report) -> Fault | None:
    """Why a workbook does not belong to a data folder, if so."""
    theirs = found.report
    if theirs is None:
        return None
    name = found.path.name
    facts = (
        ("other_template", theirs.template, report.template),
        ("other_report", f"{theirs.municipality}, {theirs.board}", f"{report.municipality}, {report.board}"),
        ("other_period", theirs.period, report.period),
    )
    for code, was, wanted in facts:
        if was != wanted:
            return Fault(code, name, found=was, allowed=(wanted,))
    codes = tuple(unit.code for unit in report.units)
    unknown = [unit.code for unit in theirs.units if unit.code not in codes]
    return Fault("other_unit", name, found=", ".join(unknown), allowed=codes) if unknown else None
