"""A returned workbook built anew from its inputs: to answer its sender, or to restore its formulas and values.

It stays the workbook that it was: what comes back the next time is compared with what was first sent out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from taulukko.builder import save_all
from taulukko.errors import FaultsError, Finding, reading
from taulukko.messages import LANGUAGES, Say
from taulukko.plan.book import Workbook
from taulukko.plan.build import plan
from taulukko.plan.shape import Origin
from taulukko.plan.sheets.answer import Mark, plan_answer
from taulukko.report.inputs import Fields, Key, fields_of, with_fields
from taulukko.report.keys import next_key
from taulukko.report.model import Report
from taulukko.template import Choice
from taulukko.xlsx.beside import strays
from taulukko.xlsx.workbook import Inputs, read_inputs

RESTORED = frozenset({"ledger_changed"})
"""Faults whose cell holds again what it held."""


def answer(path: Path, output: Path, ours: Fields, template_folder: Path | Choice | None = None) -> Path:
    """Write a copy of a returned workbook in which each faulty cell is marked, with a sheet that lists the faults.

    Args:
        ours: what the data folder holds, for what the returned workbook has lost.

    Raises:
        WorkbookError: it cannot be read at all.
        OutputRefused, OSError: the answer cannot be written.
    """
    with reading(path):
        inputs = read_inputs(path, template_folder)
    report, rows = _with_doubtful(inputs, _held(inputs, ours))
    book, template = _built(inputs, report), inputs.built_template
    plan_answer(book, template, f"{report.division} · {report.period} · {path.name}", _marks(inputs, book, rows))
    save_all({output: lambda: book}, template, force=True)
    return output


@dataclass(frozen=True, slots=True)
class Fixed:
    """A workbook that was built anew.

    Attributes:
        restored: formulas that had been overwritten.
        left: what somebody had added, which is in the old file only, and inputs that cannot be read, which stand as
            they were typed.
    """

    path: Path
    restored: list[Finding]
    left: list[Finding]


def fix(path: str | Path, output: str | Path | None = None, *, template: str | Path | None = None) -> Fixed:
    """Build a workbook anew from its own inputs: overwritten formulas and stale values are restored.

    What somebody typed into an input stays, also what cannot be read.

    Args:
        output: the new file; FILE-fixed.xlsx beside the old one when None.
        template: folder of a template to use instead of the one that the workbook names.

    Raises:
        WorkbookError: it cannot be read at all.
        FaultsError: inputs are missing from it, which only the data folder could restore; nothing was written.
        OutputRefused, OSError: the new file cannot be written.

    Example:
        >>> fix("returned/osavuosikatsaus-VAKA.xlsx").path.name
        'osavuosikatsaus-VAKA-fixed.xlsx'
    """
    path = Path(path)
    with reading(path):
        inputs = read_inputs(path, Path(template) if template else None)
        found = list(strays(inputs))
    lost = [fault for fault in inputs.faults if fault.code in ("sheet_missing", "name_missing", "keys_apart")]
    if lost:
        raise FaultsError(*lost)
    report, _ = _with_doubtful(inputs, inputs.report)
    target = Path(output) if output is not None else path.with_name(f"{path.stem}-fixed{path.suffix}")
    save_all({target: lambda: _built(inputs, report)}, inputs.built_template)
    restored = [one for one in found if one.code == "formula_overwritten"]
    return Fixed(target, restored, [*(one.aside() for one in found if one not in restored), *inputs.faults])


def _built(inputs: Inputs, report: Report) -> Workbook:
    typed = {key: text for key, text in inputs.typed.items() if key not in _restored(inputs)}
    origin = Origin(inputs.facts.get("id", ""), inputs.base)
    return plan(report, inputs.built_template, origin=origin, typed=typed)


def _restored(inputs: Inputs) -> set[Key]:
    places = {fault.place for fault in inputs.faults if fault.code in RESTORED}
    return {key for key in inputs.typed if inputs.places.get(key) in places}


def _held(inputs: Inputs, ours: Fields) -> Report:
    """Their report; where the workbook has no cell for an input, what the data folder has."""
    fields = fields_of(inputs.report)
    for place, row in ours.items():
        section, _ = place
        if section in inputs.gone:
            if place in inputs.base:
                fields[place] = dict(row)
        elif place in fields:
            fields[place] |= {key: value for key, value in row.items() if (*place, key) not in inputs.places}
    return with_fields(inputs.report, fields)


def _with_doubtful(inputs: Inputs, report: Report) -> tuple[Report, Mapping[str, tuple[str, str]]]:
    """The report with the rows that were left out because of their keys; section and key of each by its place.

    The first row of a key keeps it where no other row has it; the others get keys of their own.
    """
    report = replace(report, inputs={key: dict(rows) for key, rows in report.inputs.items()})
    placed: dict[str, tuple[str, str]] = {}
    for section, place, record in inputs.doubtful:
        file, rows = report.files[section], report.inputs[section]
        taken, key = set(map(str.lower, rows)), file.record(record)
        if key.lower() in taken or key.startswith("#"):
            stem, number = next_key(report, section)
            while f"{stem}{number}".lower() in taken:
                number += 1
            key = f"{stem}{number}"
        rows[key] = record | file.key(key)
        placed[place] = (section, key)
    return report, placed


def _marks(inputs: Inputs, book: Workbook, rows: Mapping[str, tuple[str, str]]) -> list[Mark]:
    language = inputs.built_template.language
    say = Say(language if language in LANGUAGES else "en")
    keys = {inputs.places[key]: key for key in inputs.typed if key in inputs.places}
    marks = []
    for fault in inputs.faults:
        key = keys.get(fault.place)
        if fault.place in rows:
            section, record = rows[fault.place]
            key = next((one for one in book.inputs if one[:2] == (section, record)), None)
        spot = book.inputs.get(key) if key else None
        said = say.finding(replace(fault, file="", place="", field=""))
        marks.append(Mark(spot, fault.place, _called(inputs, key, fault), said[:1].upper() + said[1:]))
    return marks


def _called(inputs: Inputs, key: Key | None, fault: Finding) -> str:
    """The label of a field."""
    labels = inputs.built_template.labels
    if key is None:
        return fault.field
    word = labels.get(f"columns.{key[0]}.{key[2]}", labels.get(f"cover.return_{key[2]}", key[2]))
    report = inputs.report
    return word.format(year=report.year, last_year=report.year - 1, months=report.period_end.month)


__all__ = ["Fixed", "answer", "fix"]
