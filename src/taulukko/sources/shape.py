"""What a workbook was laid out from, as rows of its identity sheet: facts and records, of free texts the lengths only.

Which rows and formulas a workbook has follows from the data it was built from: the lines a unit has figures for, the
years of a timeline, the room an explanation takes. These rows let the same layout be planned again, so that a workbook
tells by itself what it should hold. Of a free text only the lengths of its words are kept, by which its lines break: a
text that somebody deletes from the workbook must not live on in a hidden sheet.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from taulukko.model import Acceptance, Control, Input, Record, Report, StrategicGoal, Unit
from taulukko.numbers import canonical
from taulukko.sources.facts import FACTS, MOST
from taulukko.sources.field import field_reader
from taulukko.sources.folder import ACCEPTANCE, ASSESSMENT
from taulukko.template import Template
from taulukko.template.schema import Column, RecordsSection, StatementSection

Row = tuple[str, str, str]
"""Kind, key, value."""

NAME = "_taulukko"
"""Title of the identity sheet."""
SCHEMA = 1
ROOM = 30_000
"""Characters for one row's value, a little less than a cell holds."""


def sheet_name(number: int) -> str:
    """The defined name of the sheet that stands in so many'th place on the identity sheet, from 1."""
    return f"taulukko.sheet{number}"


def statement_name(section: str, unit: int) -> str:
    """The beginning of the defined names of a unit's statement, the units counted from 0."""
    return f"{section}.unit{unit + 1}"


def shape_rows(report: Report, template: Template) -> Iterator[Row]:
    """The rows that `report_of` makes a report of."""
    for fact in _facts():
        yield "report", fact, _text(getattr(report, fact))
    yield "report", "digest", report.digest
    for unit in report.units:
        yield "unit", unit.code, _listed((unit.name, unit.short, unit.level))
    for goal in report.strategic_goals:
        yield "goal", goal.key, _listed((goal.name, *goal.subgoals))
    for key, records in report.records.items():
        columns = record_columns(template, key)
        for record in records:
            yield "record", key, _listed(_coded(record, columns))
    for key, section in template.statements().items():
        columns = figure_columns(section)
        for (code, line), record in report.figures.items():
            yield "figure", key, _listed((code, line, *_coded(record, columns)))
    for code, record in report.assessments.items():
        yield "assessment", code, _listed(_coded(record, _masked(ASSESSMENT)))
    for control in report.controls:
        place = (control.section, control.unit, control.record, control.column)
        yield "control", ".".join(filter(None, place)), _listed((*place, _text(control.printed)))
    for one in report.acceptances:
        record = {"key": one.key, "reason": one.reason, "name": one.name, "date": one.day}
        yield "acceptance", one.key, _listed(_coded(record, _masked(ACCEPTANCE)))


def report_of(rows: Iterable[Row], template: Template) -> Report:
    """The report a workbook was laid out from; its free texts are fillers of the same words' lengths.

    Raises:
        ValueError, LookupError, TypeError, ArithmeticError, AssertionError: the rows are damaged.
    """
    kinds: dict[str, list[tuple[str, str]]] = {}
    for kind, key, value in rows:
        kinds.setdefault(kind, []).append((key, value))
    facts = dict(kinds["report"])
    known: dict[str, Any] = {key: _fact(facts[key], kind) for key, kind in _facts().items()}
    report = Report(
        **known,
        template=template.head.name,
        language=template.language,
        units=tuple(Unit(code, *json.loads(value)) for code, value in kinds["unit"]),
        strategic_goals=tuple(_goal(key, value) for key, value in kinds.get("goal", ())),
        digest=facts.get("digest", ""),
    )
    report.records = {key: [] for key in template.records()}
    for key, value in kinds.get("record", ()):
        columns = record_columns(template, key)
        report.records[key].append(_decoded(json.loads(value), columns, report, template))
    for key, value in kinds.get("figure", ()):
        section = template.statements()[key]
        code, line, *texts = json.loads(value)
        report.figures[code, line] = _decoded(texts, figure_columns(section), report, template)
    for code, value in kinds.get("assessment", ()):
        report.assessments[code] = _decoded(json.loads(value), _masked(ASSESSMENT), report, template)
    for _, value in kinds.get("control", ()):
        section, unit, row, column, printed = json.loads(value)
        report.controls.append(Control(section, unit, row, column, Decimal(printed)))
    for _, value in kinds.get("acceptance", ()):
        one = _decoded(json.loads(value), _masked(ACCEPTANCE), report, template)
        key, reason, name = (str(one[part] or "") for part in ("key", "reason", "name"))
        day = one["date"]
        report.acceptances.append(Acceptance(key, reason, name, day if isinstance(day, date) else None))
    return report


MaskedColumn = tuple[Column, bool]
"""A column, and whether only the lengths of the words of its texts are kept."""


def record_columns(template: Template, key: str) -> list[MaskedColumn]:
    """Key and input columns of a section; the values that groups are named by stand below the table anyway."""
    section = template.sections[key]
    assert isinstance(section, RecordsSection)
    named = section.groups.by if section.groups else None
    return [(column, masked and column.key != named) for column, masked in _masked(section.columns)]


def figure_columns(section: StatementSection) -> list[MaskedColumn]:
    return [(column, masked) for column, masked in _masked(section.columns) if column.role == "input"]


def _masked(columns: Iterable[Column]) -> list[MaskedColumn]:
    return [
        (column, column.type in ("text", "prose") and column.role == "input")
        for column in columns
        if column.role != "computed"
    ]


def _facts() -> dict[str, type]:
    return {key: kind for key, kind in FACTS.items() if key not in ("template", "language", "signs")}


def _fact(text: str, kind: type) -> str | int | date:
    return date.fromisoformat(text) if kind is date else int(text) if kind is int else text


def _goal(key: str, value: str) -> StrategicGoal:
    name, *subgoals = json.loads(value)
    return StrategicGoal(key, name, tuple(subgoals))


def _listed(texts: Iterable[str]) -> str:
    return json.dumps(list(texts), ensure_ascii=False, separators=(",", ":"))


def _text(value: Input) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return value.isoformat() if isinstance(value, date) else canonical(value)


def _coded(record: Record, columns: list[MaskedColumn]) -> Iterator[str]:
    for column, masked in columns:
        text = _text(record.get(column.key))
        yield _lengths(text)[: ROOM // len(columns)] if masked else text


def _lengths(text: str) -> str:
    """A text with each word replaced by its length.

    Example:
        >>> _lengths("Toimiva arki"), _filler("7 4")
        ('7 4', 'xxxxxxx xxxx')
    """
    return re.sub(r"\S+", lambda word: str(len(word[0])), text)


def _filler(lengths: str) -> str:
    if sum(int(length) for length in re.findall(r"[0-9]+", lengths)) > MOST:
        raise ValueError(f"no cell holds so long a text: {lengths[:80]}")
    return re.sub(r"[0-9]+", lambda length: "x" * int(length[0]), lengths)


def _decoded(texts: list[str], columns: list[MaskedColumn], report: Report, template: Template) -> Record:
    record: Record = {}
    for (column, masked), text in zip(columns, texts, strict=True):
        if masked:
            record[column.key] = _filler(text) or None
        else:
            record[column.key] = field_reader(column, report, template)(text)[0]
    return record


__all__ = ["NAME", "SCHEMA", "Row", "report_of", "shape_rows", "sheet_name", "statement_name"]
