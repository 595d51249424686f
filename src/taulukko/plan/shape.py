"""What a workbook was laid out from, as rows of its identity sheet: facts and records, of free texts the lengths.

They tell of every input whether somebody has changed it since. Which rows and formulas a workbook has follows from the
data it was built from, too: the lines a unit has figures for, the years of a timeline, the room an explanation takes.
So the same workbook can be planned again and its program compared. Of a free text only a mark and the lengths of its
words are kept, by which its lines break: a text that is deleted from the workbook must not live on in a hidden sheet.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from taulukko.folder.facts import KINDS, MOST
from taulukko.folder.field_text import field_reader
from taulukko.report.carried import carried
from taulukko.report.inputs import Marks, mark, written
from taulukko.report.model import Control, Input, Record, Report, StrategicGoal, Unit
from taulukko.template import Template
from taulukko.template.inputs import CHECKS, RETURNS
from taulukko.template.schema import Column, RecordsSection, StatementSection

Row = tuple[str, str, str]
"""Kind, key, value."""

NAME = "_taulukko"
"""Title of the identity sheet."""
SCHEMA, VERSION_01 = 3, 2
"""The format of workbooks as they are built, and as version 0.1 built them: those carry no declarations."""
DECLARED = "declared"
"""The kind of the rows with what the workbook carries of its template."""
PROTECTION = "protection"
"""The fact that a workbook was built without protection of its sheets: `none`."""
APART: Row = ("workbook", "base", "apart")
"""Says that what the inputs were stands in rows of its own."""
ROOM = 30_000
"""Characters for one row's value, a little less than a cell holds."""


PLACES = "taulukko.sheet"
"""How the names begin that lead to a sheet, its columns and its last row."""


def sheet_name(number: int) -> str:
    """The defined name of the sheet that stands in so many'th place on the identity sheet, from 1."""
    return f"{PLACES}{number}"


def statement_name(section: str, unit: int) -> str:
    """The beginning of the defined names of a unit's statement, the units counted from 0."""
    return f"{section}.unit{unit + 1}"


@dataclass(frozen=True, slots=True)
class Origin:
    """Which workbook this one is, and what its inputs were when it was first built.

    A workbook that was built anew from somebody's returned one stays the same workbook, so that what comes back is
    compared with what was sent out.
    """

    id: str
    base: Marks


def new_id(report: Report, template: Template) -> str:
    """The id of a workbook that is built from a data folder: the same data gives the same."""
    facts = (template.head.name, template.head.version, template.language, report.municipality, report.division)
    whole = "\0".join((*facts, report.part, report.period, report.digest))
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def base_rows(base: Marks) -> Iterator[Row]:
    """The rows of an origin's marks, where they are not those of the shape."""
    yield APART
    for (section, record), marks in base.items():
        yield "base", section, json.dumps([record, marks], ensure_ascii=False, separators=(",", ":"))


def shape_rows(report: Report, template: Template) -> Iterator[Row]:
    """The rows that `shape_of` reads, by what the last of them declare."""
    for fact in _facts():
        yield "report", fact, _fact_text(getattr(report, fact))
    yield "report", "digest", report.digest
    yield "report", "part", report.part
    for kind, units in (("unit", report.units), ("other", report.others)):
        for unit in units:
            yield kind, unit.code, _listed((unit.name, unit.short, unit.level))
    for key, (stem, number) in report.spare_keys.items():
        yield "spare", key, json.dumps([stem, number], ensure_ascii=False)
    for goal in report.strategic_goals:
        yield "goal", goal.key, _listed((goal.name, *goal.subgoals))
    for key in template.records():
        columns = record_columns(template, key)
        for record in report.rows(key):
            yield "record", key, _listed(_coded(record, columns))
    for key, section in template.statements().items():
        columns = figure_columns(section)
        for record in report.rows(key):
            yield "figure", key, _listed((str(record["unit"]), str(record["line"]), *_coded(record, columns)))
    for kind, name in _one_key(template):
        columns = _masked(report.files[name].keys + report.files[name].columns)
        for code, record in report.inputs.get(name, {}).items():
            yield kind, code, _listed(_coded(record, columns))
    for control in report.controls:
        place = (control.section, control.unit, control.record, control.column)
        yield "control", ".".join(filter(None, place)), _listed((*place, written(control.printed)))
    for number, chunk in enumerate(carried(template), 1):
        yield DECLARED, str(number), chunk


def shape_of(rows: Iterable[Row], template: Template) -> tuple[Report, Marks]:
    """The report a workbook was laid out from, and what each input was when the workbook was first built.

    The report's free texts are fillers of the same words' lengths.

    Raises:
        ValueError, LookupError, TypeError, ArithmeticError, AssertionError: the rows are damaged.
    """
    kinds: dict[str, list[tuple[str, str]]] = {}
    for kind, key, value in rows:
        kinds.setdefault(kind, []).append((key, value))
    report = _without_inputs(kinds, template)
    marks: Marks = {}
    records = {key: _Table(record_columns(template, key), report, template) for key in template.records()}
    report.files = template.files()
    report.inputs = {key: {} for key in report.files}
    for key, value in kinds.get("record", ()):
        texts = json.loads(value)
        report.inputs[key][records[key].key(texts)] = records[key].record(texts)
        marks[key, records[key].key(texts)] = records[key].marks(texts)
    statements = template.statements()
    figures = {key: _Table(figure_columns(section), report, template) for key, section in statements.items()}
    for key, value in kinds.get("figure", ()):
        code, line, *texts = json.loads(value)
        report.inputs[key][f"{code}.{line}"] = {"unit": code, "line": line} | figures[key].record(texts)
        marks[key, f"{code}.{line}"] = figures[key].marks(texts)
    for kind, name in _one_key(template):
        file = report.files[name]
        table = _Table(_masked(file.keys + file.columns), report, template)
        for key, value in kinds.get(kind, ()):
            texts = json.loads(value)
            report.inputs[name][key] = table.record(texts)
            marks[name, key] = table.marks(texts)
    for _, value in kinds.get("control", ()):
        key, unit, row, column, printed = json.loads(value)
        report.controls.append(Control(key, unit, row, column, Decimal(printed)))
    return report, _own_base(kinds) if APART[1:] in kinds.get("workbook", ()) else marks


def _without_inputs(kinds: dict[str, list[tuple[str, str]]], template: Template) -> Report:
    facts = dict(kinds["report"])
    known: dict[str, Any] = {key: _fact(facts[key], kind) for key, kind in _facts().items()}
    report = Report(
        **known,
        template=template.head.name,
        language=template.language,
        units=tuple(Unit(code, *json.loads(value)) for code, value in kinds["unit"]),
        others=tuple(Unit(code, *json.loads(value)) for code, value in kinds.get("other", ())),
        strategic_goals=tuple(_goal(key, value) for key, value in kinds.get("goal", ())),
        digest=facts.get("digest", ""),
        part=facts["part"],
        spare_keys={key: _spare_key(value) for key, value in kinds.get("spare", ())},
    )
    if report.part not in ("", report.units[0].code):
        raise ValueError(f"no part of this workbook: {report.part[:80]}")
    return report


def _own_base(kinds: dict[str, list[tuple[str, str]]]) -> Marks:
    """The marks that stand in rows of their own."""
    marks: Marks = {}
    for key, value in kinds.get("base", ()):
        record, own = json.loads(value)
        marks[key, record] = own
    return marks


def _one_key(template: Template) -> Iterator[tuple[str, str]]:
    """Kind of the rows of each file in which one key tells what a row is about, and the file.

    The kinds that version 0.1 knew have names of their own.
    """
    assessed = [section.assessment for section in template.statements().values() if section.assessment]
    kinds = {RETURNS: "return", CHECKS: "acceptance"} | ({assessed[0]: "assessment"} if assessed else {})
    tables = template.filled()
    yield from ((kinds.get(name, f"row.{name}"), name) for name in template.files() if name not in tables)


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
    return {key: kind for key, kind in KINDS.items() if key not in ("template", "language", "signs")}


def _fact_text(value: Input | bool) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else written(value)


def _fact(text: str, kind: type) -> str | int | date | bool | None:
    if kind is date:
        return date.fromisoformat(text) if text else None
    return text == "true" if kind is bool else int(text) if kind is int else text


def _spare_key(value: str) -> tuple[str, int]:
    stem, number = json.loads(value)
    return str(stem), int(number)


def _goal(key: str, value: str) -> StrategicGoal:
    name, *subgoals = json.loads(value)
    return StrategicGoal(key, name, tuple(subgoals))


def _listed(texts: Iterable[str]) -> str:
    return json.dumps(list(texts), ensure_ascii=False, separators=(",", ":"))


def _coded(record: Record, columns: list[MaskedColumn]) -> Iterator[str]:
    for column, masked in columns:
        text = written(record.get(column.key))
        yield f"{mark(text)} {_lengths(text)}"[: ROOM // len(columns)] if masked and text else text


def _lengths(text: str) -> str:
    """A text with each word replaced by its length.

    Example:
        >>> _lengths("Toimiva arki"), _filler("7 4")
        ('7 4', 'xxxxxxx xxxx')
    """
    return re.sub(r"\S+", lambda word: str(len(word[0])), text)


def _filler(lengths: str) -> str:
    pieces = re.split("([0-9]+)", lengths)
    words = [int(length) for length in pieces[1::2]]
    if sum(words) > MOST:
        raise ValueError(f"no cell holds so long a text: {lengths[:80]}")
    pieces[1::2] = ["x" * length for length in words]
    return "".join(pieces)


class _Table:
    """How the rows of one table are decoded."""

    def __init__(self, columns: list[MaskedColumn], report: Report, template: Template):
        self.columns = [(column, masked, field_reader(column, report, template)) for column, masked in columns]

    def key(self, texts: list[str]) -> str:
        return next(text for (column, _, _), text in zip(self.columns, texts, strict=True) if column.role == "key")

    def record(self, texts: list[str]) -> Record:
        return {
            column.key: (_filler(text.partition(" ")[2]) or None) if masked else read(text)[0]
            for (column, masked, read), text in zip(self.columns, texts, strict=True)
        }

    def marks(self, texts: list[str]) -> dict[str, str]:
        return {
            column.key: text.partition(" ")[0] if masked else mark(text)
            for (column, masked, _), text in zip(self.columns, texts, strict=True)
            if column.role == "input"
        }


__all__ = [
    "DECLARED",
    "NAME",
    "PROTECTION",
    "SCHEMA",
    "VERSION_01",
    "Origin",
    "Row",
    "base_rows",
    "new_id",
    "shape_of",
    "shape_rows",
    "sheet_name",
    "statement_name",
]
