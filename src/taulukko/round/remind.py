"""Drafts of mail to the units that lack something, with what is missing and the workbook. Nothing is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from tempfile import TemporaryDirectory

from taulukko.builder import file_name, put_all, save_all
from taulukko.errors import Finding
from taulukko.folder.journal import FAULT, RETURNED, Told, standing_entries
from taulukko.folder.remarks import notes_for, read_questions, standing_comments
from taulukko.folder.sent import REMINDER, Sent, list_sent
from taulukko.messages import LANGUAGES, Say
from taulukko.plan.build import plan
from taulukko.plan.provenance import note_remarks
from taulukko.plan.shape import new_id
from taulukko.report.inputs import Key
from taulukko.report.model import Report
from taulukko.round.lacks import failing_checks, lacks
from taulukko.round.status import READY, Status, UnitStatus, status
from taulukko.round.words import Words, on_one_line
from taulukko.template import Template

KIND = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@dataclass(frozen=True, slots=True)
class Reminder:
    """A draft to one unit.

    Attributes:
        path: the draft; mail: to whom, empty when report.toml does not say.
        missing: what is told to be missing, line by line.
    """

    unit: str
    path: Path
    mail: str
    missing: list[str]


def remind(
    folder: str | Path,
    output: str | Path,
    *,
    force: bool = False,
    template: str | Path | None = None,
    now: datetime | None = None,
) -> list[Reminder]:
    """Write a draft of mail to each unit that has not returned its workbook, or whose return is not ready.

    The same data folder gives the same drafts. They have no date: a mail program puts it when it sends them. The
    workbook in a draft holds what has been collected, and is listed in `sent.csv`.

    Args:
        output: the folder of the drafts, UNIT.eml; made when it is not there.
        force: replace drafts, of which a copy is kept.
        template: folder of a template to use instead of the one that report.toml names.
        now: the time for the list of what was sent.

    Raises:
        FaultsError: every fault of the data folder.
        OutputRefused: a draft is there already, or somebody else is changing the folder.
        OSError: a draft cannot be written.

    Example:
        >>> drafts = remind("workbooks/heinola-hyvinvointi-2024-09", "drafts")
        >>> drafts[1].unit, drafts[1].path.name
        ('HYTE', 'osavuosikatsaus-HYTE.eml')
    """
    folder, output = Path(folder), Path(output)
    found, told = status(folder, template=template), Told.now(now)
    asked = [one for one in found.units if one.checked != READY or not one.returned or one.returned.faults]
    faults, questions, comments = _faults(folder), read_questions(folder, found.report), standing_comments(folder)
    output.mkdir(parents=True, exist_ok=True)
    made: list[tuple[Reminder, bytes, Sent]] = []
    with TemporaryDirectory() as place:
        for one in asked:
            notes = notes_for(one.unit.code, questions, comments)
            made.append(_draft(one, found, faults.get(one.unit.code, []), notes, Path(place), output, told))
    put_all({reminder.path: _writing(content) for reminder, content, _ in made}, force=force)
    list_sent(folder, [sent for _, _, sent in made])
    return [reminder for reminder, _, _ in made]


def _writing(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def _faults(folder: Path) -> dict[str, list[Finding]]:
    """By unit what could not be read in the file that was collected last."""
    last: dict[str, str] = {}
    found: dict[str, dict[Finding, None]] = {}
    for entry in standing_entries(folder):
        if entry.event == RETURNED:
            last[entry.record] = entry.hash
        elif entry.event.startswith(FAULT):
            expected = (entry.old,) if entry.old else ()
            fault = Finding(entry.event.removeprefix(FAULT), "", entry.cell, entry.field, entry.new, expected)
            found.setdefault(entry.hash, {})[fault] = None
    return {unit: list(found.get(hash_, {})) for unit, hash_ in last.items()}


def _draft(
    one: UnitStatus, found: Status, faults: list[Finding], notes: dict[Key, str], place: Path, output: Path, told: Told
) -> tuple[Reminder, bytes, Sent]:
    """A draft with its text and the workbook, and what is to be listed of it."""
    report, template = found.report.for_unit(one.unit.code), found.template
    book = plan(report, template)
    note_remarks(book, notes)
    path = place / file_name(template, one.unit.code, "xlsx")
    save_all({path: lambda: book}, template)
    say = Say(template.language if template.language in LANGUAGES else "en")
    words = Words(report, template, say.text("collect.blank"))
    missing = [f"{lack.cell}: {words.place(lack.key)}" for lack in lacks(book, report, template)]
    missing += [say.finding(fault) for fault in (*failing_checks(path), *(faults if one.returned else ()))]
    content, hash_ = path.read_bytes(), hashlib.sha256(path.read_bytes()).hexdigest()
    message = EmailMessage(policy=SMTP)
    message["Subject"] = on_one_line(say.text("remind.subject", title=book.title))
    if one.unit.mail:
        message["To"] = one.unit.mail
    message["X-Unsent"] = "1"
    text = "\n".join(_text(one, found.report, template, [on_one_line(line) for line in missing], say))
    message.set_content(text, cte="quoted-printable")
    message.add_attachment(content, maintype=KIND[0], subtype=KIND[1], filename=path.name)
    message.set_boundary(f"taulukko-{hash_[:32]}")
    reminder = Reminder(one.unit.code, output / f"{path.stem}.eml", one.unit.mail, missing)
    sent = Sent(told.time, one.unit.code, path.name, hash_, new_id(report, template), told.by, REMINDER)
    return reminder, message.as_bytes(), sent


def _text(one: UnitStatus, report: Report, template: Template, missing: list[str], say: Say) -> Iterator[str]:
    """What the mail says."""
    yield say.text("remind.greeting")
    yield ""
    yield on_one_line(f"{report.municipality} · {report.division} · {report.period} · {one.unit.name}")
    yield say.text("remind.not_returned" if one.returned is None else "remind.returned")
    if report.deadline:
        yield say.text("remind.deadline", day=f"{report.deadline.day}.{report.deadline.month}.{report.deadline.year}")
    if missing:
        yield ""
        yield say.text("remind.missing")
        yield from (f"- {line}" for line in missing)
    yield ""
    yield say.text("remind.attached", state=template.label(f"scales.return_state.{READY}"))
    if report.contact:
        yield ""
        yield on_one_line(report.contact)


__all__ = ["Reminder", "remind"]
