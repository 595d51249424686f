"""A report that is already in memory, its inputs perhaps from DataFrames, checked as a data folder is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from taulukko.errors import FaultsError
from taulukko.folder.data_folder import PLACE, Inputs
from taulukko.folder.facts import text_fault
from taulukko.folder.signs import NEGATIVE
from taulukko.report.inputs import written
from taulukko.report.model import Report
from taulukko.template.schema import Column, Template

ENDING = ".csv"


def checked(report: Report, template: Template) -> Report:
    """The report with every input read anew by the type its column has in the template.

    Raises:
        FaultsError: unknown or missing columns, values no such column may hold; `file` is the section and `place` the
            row, counted from 1.
    """
    fresh = replace(report, inputs={}, controls=[])
    inputs = _Held(Path(), fresh, template, [], report)
    inputs.read_all(NEGATIVE)
    if inputs.faults:
        raise FaultsError(*(replace(fault, file=fault.file.removesuffix(ENDING)) for fault in inputs.faults))
    return fresh


@dataclass(slots=True)
class _Held(Inputs):
    """Takes the rows from a report instead of a folder's files."""

    held: Report

    def _table(self, name: str, columns: tuple[Column, ...]) -> Iterator[tuple[int, list[str]]]:
        rows = self._held_rows(name.removesuffix(ENDING))
        header = list(dict.fromkeys(key for row in rows for key in row))
        if rows:
            yield 0, header
        for number, row in enumerate(rows, 1):
            yield number, [written(row.get(key)) for key in header]

    def _said(self, text: str) -> str:
        return text

    def _text_fault(self, text: str) -> str | None:
        return text_fault(text)

    def _held_rows(self, key: str) -> Sequence[Mapping[str, Any]]:
        if key == "controls":
            return [{part: getattr(control, part) for part in (*PLACE, "printed")} for control in self.held.controls]
        return self.held.rows(key)


__all__ = ["checked"]
