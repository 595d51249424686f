"""From the data folder of one period to that of the next."""

from __future__ import annotations

import os
import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import tomlkit

from taulukko.errors import FaultsError, Finding, OutputRefused
from taulukko.folder.data_folder import load
from taulukko.folder.signs import NEGATIVE
from taulukko.next_period.columns import NextPeriod, carried_over
from taulukko.next_period.last_year import find_last_year, neighbours_of
from taulukko.template.files import is_path

PRELIMINARY = "last_year_preliminary"
ONCE = ("deadline", "closed")
"""Facts of one period alone."""

_PERIOD = re.compile(r"2[01][0-9]{2}-(0[1-9]|1[0-2])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def rollover(
    folder: str | Path,
    new: str | Path,
    period: str,
    *,
    issued: str | date | None = None,
    last_year: Sequence[str | Path] = (),
    template: str | Path | None = None,
) -> Path:
    """Make the data folder of the next period. The folder it is made from stays as it is.

    Args:
        folder: the data folder of an earlier period.
        new: a folder that does not exist yet or is empty.
        period: its last month, such as 2024-12. It begins on the same day of the year as the earlier one, or on the
            first of January where that would be after its end.
        issued: date of issue; the last day of the month after the period when None.
        last_year: folders of the year before. Those of the same municipality and division that stand beside the other
            two folders are found without.
        template: folder of a template to use instead of the one that report.toml names.

    Returns:
        The new folder.

    Raises:
        FaultsError: every fault of the folder, the period or last year's folders; nothing was written.
        OutputRefused: the new folder exists and is not empty.
        OSError: the new folder cannot be written.

    Example:
        >>> rollover("workbooks/heinola-hyvinvointi-2024-09", "workbooks/2024-12", "2024-12").name
        '2024-12'
    """
    return prepare(folder, new, period, issued=issued, last_year=last_year, template=template).write(Path(new))


def prepare(
    folder: str | Path,
    new: str | Path,
    period: str,
    *,
    issued: str | date | None = None,
    last_year: Sequence[str | Path] = (),
    template: str | Path | None = None,
) -> NextPeriod:
    """What `rollover` writes; raises what it raises, and writes nothing."""
    folder, new, chosen = Path(folder), Path(new), Path(template) if template else None
    if new.exists() and any(new.iterdir()):
        raise OutputRefused(Finding("folder_not_empty", str(new)))
    faults: list[Finding] = []
    end, day = _end(period, faults), _day(issued, faults)
    try:
        report, _ = load(folder, None, chosen)
    except FaultsError as error:
        raise FaultsError(*faults + error.findings) from None
    if faults or end is None:
        raise FaultsError(*faults)
    start = _start(report.period_start, end)
    if end <= report.period_end:
        faults.append(
            Finding("next_period", field="period", found=period, expected=(f"> {str(report.period_end)[:7]}",))
        )
    if day and day < start:
        faults.append(Finding("date_outside", field="issued", found=str(day), expected=(f"{start} …",)))
    if faults:
        raise FaultsError(*faults)
    past = find_last_year(report, end, neighbours_of(new, folder), [Path(path) for path in last_year], chosen)
    facts = tomlkit.parse((folder / "report.toml").read_text(encoding="utf-8-sig"))
    made = carried_over(report, past, end.year, facts.get("signs", NEGATIVE))
    facts |= {"year": end.year, "period_start": start, "period_end": end, "date_of_issue": day or _month_after(end)}
    if not template and is_path(str(facts["template"])) and report.choice:
        facts["template"] = Path(os.path.relpath(report.choice.folder, new)).as_posix()
    made.facts = _text(facts, made.preliminary is not None)
    made.words = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("labels.*.toml")}
    with TemporaryDirectory() as trial:
        load(made.write(Path(trial)), None, report.choice.folder if report.choice else chosen)
    return made


def _end(period: str, faults: list[Finding]) -> date | None:
    """The last day of a period."""
    if _PERIOD.fullmatch(period):
        return _last_day(*map(int, period.split("-")))
    faults.append(Finding("next_period", field="period", found=period))
    return None


def _day(issued: str | date | None, faults: list[Finding]) -> date | None:
    if issued is None or isinstance(issued, date):
        return issued
    try:
        if _DAY.fullmatch(issued):
            return date.fromisoformat(issued)
    except ValueError:
        pass
    faults.append(Finding("date", field="issued", found=issued))
    return None


def _start(earlier: date, end: date) -> date:
    """The first day of a period, which begins as the earlier one did.

    Example:
        >>> str(_start(date(2024, 1, 1), date(2025, 4, 30))), str(_start(date(2024, 5, 1), date(2025, 4, 30)))
        ('2025-01-01', '2025-01-01')
    """
    start = date(end.year, earlier.month, min(earlier.day, _last_day(end.year, earlier.month).day))
    return start if start < end else date(end.year, 1, 1)


def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _month_after(day: date) -> date:
    """The last day of the month after.

    Example:
        >>> str(_month_after(date(2024, 12, 31)))
        '2025-01-31'
    """
    return _last_day(day.year + day.month // 12, day.month % 12 + 1)


def _text(facts: tomlkit.TOMLDocument, preliminary: bool) -> str:
    """report.toml with its own order and comments, without what was of the earlier period alone.

    Example:
        >>> _text(tomlkit.parse("date_of_issue = 2025-01-31  # late\\nclosed = true\\n"), preliminary=True)
        'date_of_issue = 2025-01-31  # late\\nlast_year_preliminary = true\\n'
    """
    for key in ONCE if preliminary else (*ONCE, PRELIMINARY):
        facts.pop(key, None)
    if preliminary and PRELIMINARY in facts:
        facts[PRELIMINARY] = True
    elif preliminary:
        # Appended, it would stand between the first table and the comment above it.
        place = next(number for number, (key, _) in enumerate(facts.body, 1) if key and key.key == "date_of_issue")
        facts.body.insert(place, (tomlkit.key(PRELIMINARY), tomlkit.item(True)))
    return tomlkit.dumps(facts)


__all__ = ["prepare", "rollover"]
