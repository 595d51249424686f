"""One returned file: read, told whose it is, and judged by what it carries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from taulukko.errors import FaultsError, Finding, WorkbookError, findings_of, reading
from taulukko.folder.sent import Sendings, Sent
from taulukko.folder.store import SHELF, Content, Copied
from taulukko.report.carried import carried
from taulukko.report.inputs import fields_of
from taulukko.report.model import Report
from taulukko.report.words import worded
from taulukko.round.merge import Theirs
from taulukko.template import Choice, Template
from taulukko.template.cache import cached_template
from taulukko.template.inputs import CHECKS, RETURNS
from taulukko.unswept import unswept
from taulukko.xlsx.aside import aside
from taulukko.xlsx.workbook import Inputs, read_inputs

Known = Mapping[str, list[Finding]]
"""What was noted on files when they were collected before, by their hashes."""


@dataclass(slots=True)
class Returned:
    """What one file holds, as plain data.

    Attributes:
        saved: when it was saved, in UTC; None when the file does not say.
        refused: why nothing of it can be used, if so.
        report: as it was filled in.
        faults: cells that could not be read.
        notes: what was read though it was not as it should be, and what was left aside.
        asks: the sections of which it asks something.
    """

    path: Path
    hash: str
    saved: datetime | None = None
    saved_by: str = ""
    refused: Finding | None = None
    report: Report | None = None
    theirs: Theirs | None = None
    faults: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    asks: frozenset[str] = frozenset()

    @property
    def is_refused(self) -> bool:
        """Whether it is a file that cannot be used, and no folder without any."""
        return self.refused is not None and self.refused.severity == "error"

    @property
    def unit(self) -> str:
        """Whose workbook it is; empty for the whole report."""
        return self.report.part if self.report else ""

    @property
    def state(self) -> str:
        """What its sender says of it, a member of the scale `return_state`."""
        said = self.report.row(RETURNS, self.unit) if self.report else {}
        return str(said.get("state") or "")


def hash_of(path: Path) -> str:
    """The SHA-256 of a file, by which it is known.

    Raises:
        OSError: there is no such file.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def receive(path: Path, choice: Choice | None = None, known: Known | None = None) -> Returned:
    """Read a returned file; one that cannot be read says so in `refused`.

    Args:
        choice: the template of the data folder; a workbook that was built from another one is noted.
        known: what is noted on a known file is not looked for again.
    """
    found = Returned(path, "")
    try:
        found.hash = hash_of(path)
        noted = (known or {}).get(found.hash)
        with reading(path), unswept():
            inputs = read_inputs(path, choice)
            more = [*aside(inputs), *_alone(inputs, choice)] if noted is None else []
            if not inputs.package.is_as_created:
                found.saved, found.saved_by = inputs.package.saved, _saver(inputs)
            found.theirs = theirs_of(inputs, found.hash, found.saved, found.saved_by)
    except (WorkbookError, OSError) as error:
        found.refused = replace(findings_of(error)[0], file=str(path))
        return found
    found.report = inputs.report
    found.asks = frozenset(inputs.built.files.keys() - {CHECKS, RETURNS})
    found.faults = inputs.faults
    fresh = [one.aside() for one in (*inputs.notes, *more)]
    found.notes = fresh if noted is None else [replace(one, file=str(path)) for one in noted]
    return found


def _saver(inputs: Inputs) -> str:
    """Who saved a workbook; its author, who stands in it as built, is nobody who did."""
    saver = inputs.package.saved_by
    return "" if saver == inputs.built.municipality else saver


def read(path: str | Path, *, template: str | Path | None = None) -> tuple[Report, list[Finding]]:
    """The report that a workbook holds now, filled in by anybody with any program.

    Args:
        template: of a workbook of version 0.1, the folder of the template it was built from, where it has another name.

    Returns:
        The report, of a unit's own workbook that unit's part; and what could not be read and is left out of it, each
        with its place.

    Raises:
        WorkbookError: the file is not read as a workbook of ours.

    Example:
        >>> report, faults = read("workbooks/heinola-hyvinvointi-2024-09/osavuosikatsaus.xlsx")
        >>> report.period, len(report.rows("risks")), faults
        ('1–9/2024', 5, [])
    """
    with reading(Path(path)):
        inputs = read_inputs(Path(path), Path(template) if template else None)
    return inputs.report, inputs.faults


def misdirected(found: Returned, report: Report) -> Finding | None:
    """Why a workbook does not belong to a data folder, if so; the template may have another name by now."""
    theirs = found.report
    if theirs is None:
        return None
    codes = [unit.code for unit in report.units]
    unknown = [unit.code for unit in theirs.units if unit.code not in codes]
    facts: list[tuple[str, str, tuple[str, ...]]] = [
        ("other_report", f"{theirs.municipality}, {theirs.board}", (f"{report.municipality}, {report.board}",)),
        ("other_period", theirs.period, (report.period,)),
    ]
    if not found.asks & report.files.keys():
        facts.append(("other_template", theirs.template, (report.template,)))
    if unknown:
        facts.append(("other_unit", ", ".join(unknown), tuple(codes)))
    file = str(found.path)
    return next((Finding(code, file, found=was, expected=ours) for code, was, ours in facts if (was,) != ours), None)


def originals(returned: Iterable[Returned], folder: Path) -> dict[str, Content]:
    """The files that the journal tells of, as they are, but those that have been kept before."""
    read = (one for one in returned if not one.refused and one.theirs)
    kept = {f"{SHELF}/{one.hash}{one.path.suffix.lower()}": Copied(one.path, one.hash) for one in read}
    return {name: copy for name, copy in kept.items() if not (folder / name).exists()}


def of_sending(found: Returned, listed: Sequence[Sent]) -> Iterator[Finding]:
    """What the list of what was sent tells of a unit's file: as it was sent, of an earlier sending, or of none."""
    sendings = Sendings.of(found.unit, listed)
    if found.theirs is None or not sendings.last:
        return
    file, workbook = str(found.path), found.theirs.workbook
    if sendings.is_as_sent(found.hash):
        yield Finding("as_sent", file)
    if sendings.is_old(workbook):
        earlier = sendings.of_workbook(workbook)
        yield Finding("sent_earlier", file, found=earlier.time if earlier else "", expected=(sendings.last.time,))
    elif not sendings.of_workbook(workbook):
        yield Finding("not_sent", file, expected=(sendings.last.file,))


def _alone(inputs: Inputs, choice: Choice | None) -> Iterator[Finding]:
    """A note of a workbook that asks for something else than the template of the data folder does now."""
    if choice is not None:
        try:
            here = carried(worded(cached_template(choice, inputs.template.language), inputs.built))
        except FaultsError:
            here = ()
        if here != inputs.carried or not here:
            yield Finding("judged_alone", inputs.file)


def theirs_of(inputs: Inputs, hash_: str, saved: datetime | None, saved_by: str = "") -> Theirs:
    return Theirs(
        workbook=inputs.facts.get("id", ""),
        hash=hash_,
        saved=saved,
        base=inputs.base,
        fields=inputs.fields,
        cells=inputs.places,
        tables=frozenset(inputs.template.records()),
        unread=set(inputs.typed),
        gone=inputs.gone | _not_asked(inputs),
        unclear=inputs.unclear,
        doubted=inputs.doubted,
        saved_by=saved_by,
        names=names_of(inputs.template),
        sent=fields_of(inputs.built),
    )


def names_of(template: Template) -> dict[str, str]:
    """The first column of each table that somebody fills in with words of their own."""
    texts = {
        key: [column.key for column in section.columns if column.role == "input" and column.type in ("text", "prose")]
        for key, section in template.records().items()
    }
    return {key: columns[0] for key, columns in texts.items() if columns}


def _not_asked(inputs: Inputs) -> set[str]:
    """The sections that do not belong to the unit of the workbook."""
    if not inputs.built.is_areas_part:
        return set()
    return {key for key, section in inputs.template.records().items() if not section.has_unit}


__all__ = ["Known", "Returned", "hash_of", "misdirected", "names_of", "read", "receive", "theirs_of"]
