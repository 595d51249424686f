"""A returned workbook built anew from its inputs, to answer its sender.

It stays the workbook that it was: what comes back the next time is compared with what was first sent out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from taulukko.builder import save_all
from taulukko.errors import Finding, OutputRefused, TaulukkoError, findings_of, reading
from taulukko.formula.addresses import address
from taulukko.messages import LANGUAGES, Say
from taulukko.plan.book import Workbook
from taulukko.plan.build import plan
from taulukko.plan.provenance import note_remarks
from taulukko.plan.shape import Origin
from taulukko.plan.sheets.answer import Mark, plan_answer
from taulukko.report.inputs import Fields, Key, with_fields
from taulukko.report.keys import next_key
from taulukko.report.model import Input, Report
from taulukko.report.words import worded
from taulukko.round.admit import admitted
from taulukko.round.receive import theirs_of
from taulukko.template import Template
from taulukko.template.cache import cached_template
from taulukko.xlsx.check import UNPLANNED
from taulukko.xlsx.entries import FORMULAS
from taulukko.xlsx.workbook import Inputs, read_inputs

RESTORED = frozenset({"ledger_changed", *FORMULAS})
"""Faults whose cell holds again what it held; of a formula that is what the data folder has."""


def answer_all(
    paths: Sequence[Path], folder: Path, ours: Fields, report: Report, template: Template
) -> Iterator[tuple[Path | None, list[Finding]]]:
    """Answer the sender of each returned workbook: the file that was written, or why there is none.

    An answer that cannot be made keeps no other from being made; files of one name get one each.

    Args:
        folder: where the answers are written; made when it is not there.
    """
    word = template.label("answer.sheet").lower().replace(" ", "-")
    names: Counter[str] = Counter()
    for path in paths:
        names[path.stem.lower()] += 1
        number = names[path.stem.lower()]
        name = f"{path.stem}-{word}{f'-{number}' if number > 1 else ''}.xlsx"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            yield answer(path, folder / name, ours, report, template), []
        except (TaulukkoError, OSError) as error:
            yield None, findings_of(error)


def answer(path: Path, output: Path, ours: Fields, report: Report, template: Template) -> Path:
    """Write a copy of a returned workbook in which each faulty cell is marked, with a sheet that lists the faults.

    It is built by the template that the data folder has now, and stays the workbook that was sent out.

    Args:
        ours: what the data folder holds, for what the returned workbook has lost.
        report: the data folder's, with `template`.

    Raises:
        WorkbookError: it cannot be read at all.
        OutputRefused, OSError: the answer cannot be written.
    """
    with reading(path):
        inputs = read_inputs(path, report.choice)
    try:
        book, template = _answering(inputs, path, ours, report, template)
    except TaulukkoError:
        raise
    except UNPLANNED as error:
        why = Finding("answer_failed", str(path), found=f"{type(error).__name__}: {error}"[:200])
        raise OutputRefused(why) from error
    save_all({output: lambda: book}, template, force=True)
    return output


def _answering(
    inputs: Inputs, path: Path, ours: Fields, report: Report, template: Template
) -> tuple[Workbook, Template]:
    """The workbook that answers, and the template in its language."""
    language = inputs.template.language
    if language != template.language and language in template.head.languages and report.choice:
        template = cached_template(report.choice, language)
    found = admitted(theirs_of(inputs, "", None), report, template, str(path))
    faults, typed = [*inputs.faults, *found.faults], {**inputs.typed, **found.typed}
    part = report.for_unit(inputs.built.part) if inputs.built.part else report
    restored = {fault.place for fault in faults if fault.code in RESTORED}
    asked = {
        key
        for key, place in inputs.places.items()
        if place not in restored or _value(found.theirs.fields, key) is not None
    }
    held = with_fields(replace(inputs.report, files=template.files()), _held(inputs, asked, found.theirs.fields, ours))
    held, rows = _with_doubtful(inputs, replace(held, controls=part.controls))
    shown = {key: text for key, text in typed.items() if inputs.places.get(key) not in restored}
    book = plan(held, template, origin=Origin(inputs.facts.get("id", ""), inputs.base), typed=shown)
    note_remarks(book, _comments(inputs))
    keys = {inputs.places[key]: key for key in typed if key in inputs.places}
    marks = _marks(faults, keys, book, rows, template, held)
    plan_answer(book, template, f"{held.division} · {held.period} · {path.name}", marks)
    return book, template


def _value(fields: Fields, key: Key) -> Input:
    return fields.get(key[:2], {}).get(key[2])


def _comments(inputs: Inputs) -> dict[Key, str]:
    """What somebody has said in comments on the cells of inputs."""
    keys = {cell: key for key, cell in inputs.places.items()}
    said = (
        (f"{sheet}!{address(*place)}", text)
        for sheet in inputs.package.sheets
        for place, text in inputs.package.comments(sheet).items()
    )
    return {keys[cell]: text for cell, text in said if cell in keys}


def _held(inputs: Inputs, asked: Collection[Key], theirs: Fields, ours: Fields) -> Fields:
    """Their fields; where the workbook does not say what an input is, what the data folder has.

    Args:
        asked: the inputs of which it does.
    """
    fields = dict(theirs)
    for place, row in ours.items():
        if place in fields:
            fields[place] = fields[place] | {k: v for k, v in row.items() if (*place, k) not in asked}
        elif place in inputs.base and (place[0] in inputs.gone or place[0] in inputs.template.statements()):
            fields[place] = dict(row)
    return fields


def _with_doubtful(inputs: Inputs, report: Report) -> tuple[Report, Mapping[str, tuple[str, str]]]:
    """The report with the rows that were left out because of their keys; section and key of each by its place.

    The first row of a key keeps it where no other row has it; the others get keys of their own.
    """
    report = replace(report, inputs={key: dict(rows) for key, rows in report.inputs.items()})
    placed: dict[str, tuple[str, str]] = {}
    for section, place, record in inputs.doubtful:
        if section not in report.files:
            continue
        file, rows = report.files[section], report.inputs[section]
        taken, key = set(map(str.lower, rows)), file.record(record)
        if key.lower() in taken or key.startswith("#"):
            stem, number = next_key(report, section)
            while f"{stem}{number}".lower() in taken:
                number += 1
            key = f"{stem}{number}"
        rows[key] = {**record, **file.key(key)}
        placed[place] = (section, key)
    return report, placed


def _marks(
    faults: list[Finding],
    keys: Mapping[str, Key],
    book: Workbook,
    rows: Mapping[str, tuple[str, str]],
    template: Template,
    report: Report,
) -> list[Mark]:
    """What is marked of each fault.

    Args:
        keys: which field stood in a cell that could not be read.
        rows: section and key of what stood in a row that is left out.
    """
    say = Say(template.language if template.language in LANGUAGES else "en")
    marks = []
    for fault in faults:
        key = keys.get(fault.place)
        if fault.place in rows:
            section, record = rows[fault.place]
            key = next((one for one in book.inputs if one[:2] == (section, record)), None)
        spot = book.inputs.get(key) if key else None
        said = say.finding(replace(fault, file="", place="", field=""))
        called = _called(key, worded(template, report)) if key else fault.field
        marks.append(Mark(spot, fault.place, called, said[:1].upper() + said[1:]))
    return marks


def _called(key: Key, template: Template) -> str:
    """The label of a field."""
    labels = template.labels
    return labels.get(f"columns.{key[0]}.{key[2]}", labels.get(f"cover.return_{key[2]}", key[2]))


__all__ = ["answer", "answer_all"]
