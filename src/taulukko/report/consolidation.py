"""Makes one report of the parts that units have in their own workbooks: the way back of `Report.for_unit`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from taulukko.errors import FaultsError, Finding
from taulukko.report.model import Control, Record, Report, Unit
from taulukko.template.inputs import InputFile

SAME = ("template", "municipality", "year", "period_start", "period_end")
"""Facts that the parts of one report have in common."""


def consolidate(reports: Sequence[Report], whole: Report | None = None) -> Report:
    """Put the parts of a report together.

    Which units the whole has is told by `whole`, or else by the division's own part, which knows the others. Units
    whose part is not there stay units of the whole, without rows and without figures: missing is not zero. A division
    without figures of its own is summed from its areas in the workbook.

    Args:
        reports: one for each unit, with its `part` set: from `Report.for_unit`, or read back from the units' workbooks.
        whole: gives the facts, the units and the control figures, and nothing that the units fill in.

    Returns:
        The report of the whole. Records stand in the natural order of their ids (R2 before R10), what the units say in
        the order of the units. Without `whole` the division is named as its unit, stands first among the
        units, and the control figures are those of the parts.

    Raises:
        FaultsError: there is neither `whole` nor the division's part; a report is no part, is of another municipality,
            period or template, is of a unit that the whole does not have, or is of the same unit as another; a row's
            key occurs twice with different content. `file` is the section, or the code of the unit; `place` the row.

    Example:
        >>> import taulukko
        >>> report = taulukko.load("workbooks/heinola-hyvinvointi-2024-09")
        >>> parts = [report.for_unit(unit.code) for unit in report.units]
        >>> consolidate(parts).rows("income_statement") == report.rows("income_statement")
        True
    """
    model = whole or next((one for one in reports if one.part and one.whole.is_division), None)
    if model is None:
        raise FaultsError(Finding("division_missing"))
    units = whole.units if whole else model.owners
    faults: list[Finding] = []
    for number, part in enumerate(reports):
        faults += _part_faults(part, reports[:number], model, units)
    if faults:
        raise FaultsError(*faults)
    order = [unit.code for unit in units]
    files = {key: file for one in (*reports, model) for key, file in one.files.items()}
    parts = _Parts(sorted(reports, key=lambda part: order.index(part.part)))
    report = replace(
        model,
        units=units,
        others=(),
        part="",
        spare_keys={},
        inputs={key: parts.rows(key, file) for key, file in files.items()},
        files=files,
        controls=list(whole.controls) if whole else parts.controls(),
        digest=_digest(reports),
    )
    if parts.faults:
        raise FaultsError(*parts.faults)
    return report


def _part_faults(part: Report, before: Sequence[Report], model: Report, units: tuple[Unit, ...]) -> Iterable[Finding]:
    """What keeps a report from being a part of the whole."""
    codes = tuple(unit.code for unit in units)
    if not part.part:
        yield Finding("part_whole", part.division)
    elif part.part not in codes:
        yield Finding("part_unknown", part.part, found=part.part, expected=codes)
    elif any(part.part == other.part for other in before):
        yield Finding("part_twice", part.part, found=part.part)
    for key in SAME:
        mine, theirs = getattr(model, key), getattr(part, key)
        if mine != theirs:
            yield Finding("part_differs", part.part, field=key, found=str(theirs), expected=(str(mine),))


@dataclass(slots=True)
class _Parts:
    """The parts in the order of their units, and what their rows contradict each other in."""

    reports: Sequence[Report]
    faults: list[Finding] = field(default_factory=list)

    def rows(self, section: str, file: InputFile) -> dict[str, Record]:
        """The rows of a section, each once; a fault for a key that has two different ones.

        Ids are the same in small and in capital letters, as in a data folder.
        """
        found: dict[str, tuple[str, Record]] = {}
        for part in self.reports:
            for record, row in part.inputs.get(section, {}).items():
                if found.setdefault(record.lower(), (record, row))[1] != row:
                    self.faults.append(Finding("record_twice", section, record))
        rows = dict(found.values())
        return rows if file.stem is None else {record: rows[record] for record in sorted(rows, key=_natural)}

    def controls(self) -> list[Control]:
        return list(dict.fromkeys(control for part in self.reports for control in part.controls))


def _natural(key: str) -> list[str | int]:
    """By what ids are sorted: their numbers as numbers.

    Example:
        >>> sorted(["R10", "R2", "r1"], key=_natural)
        ['r1', 'R2', 'R10']
    """
    return [int(part) if part.isdecimal() else part.lower() for part in re.split(r"([0-9]+)", key)]


def _digest(reports: Sequence[Report]) -> str:
    """That of the data folder all parts come from, or one of its own for parts of different origins."""
    digests = sorted({part.digest for part in reports})
    return digests[0] if len(digests) == 1 else hashlib.sha256(" ".join(digests).encode()).hexdigest()


__all__ = ["consolidate"]
