"""Last year's data folders: those that somebody names, else those of the same division among the neighbours."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from taulukko.errors import FaultsError, Finding
from taulukko.folder.data_folder import load
from taulukko.folder.facts import read_facts
from taulukko.report.model import Report
from taulukko.template.schema import Until

Ends = dict[Until, str]
"""The month in which a report must end, such as 2023-12, by what it is needed for."""


@dataclass(frozen=True, slots=True)
class LastYear:
    """What there is of last year.

    Attributes:
        ends: the months in which the reports that are needed end.
        folders: where those that were found are.
        reports: what they say.
        closed: whether any folder of that year says that its accounts are final.
    """

    ends: Ends
    folders: dict[Until, Path]
    reports: dict[Until, Report]
    closed: bool


def find_last_year(
    report: Report, end: date, neighbours: Sequence[Path], named: Sequence[Path] = (), template: Path | None = None
) -> LastYear:
    """Look for the reports of the year before, to its end and to the same month.

    Args:
        report: whose municipality and division a neighbour must have.
        end: last day of the period that needs them.
        neighbours: folders that may be among them.
        named: folders that are; they go before the neighbours.
        template: folder of a template to read them by.

    Raises:
        FaultsError: a named folder is not of last year, several fit, or one that was found has faults.
    """
    ends: Ends = {"year_end": f"{end.year - 1}-12", "period_end": f"{end.year - 1}-{end.month:02}"}
    faults: list[Finding] = []
    told = {path: _told(path, ends, faults) for path in named}
    heads = {path: _head(path) for path in neighbours}
    known = {
        path: head
        for path, head in heads.items()
        if head.get("year") == end.year - 1
        and (head.get("municipality"), head.get("division")) == (report.municipality, report.division)
    }
    folders: dict[Until, Path] = {}
    for until, month in ends.items():
        found = _ending(told, month) or _ending(known, month)
        if len(found) > 1:
            faults.append(
                Finding("last_year_twice", field="last_year", found=", ".join(map(str, found)), expected=(month,))
            )
        elif found:
            folders[until] = found[0]
    read: dict[Path, Report] = {}
    for path in dict.fromkeys(folders.values()):
        try:
            read[path] = load(path, None, template)[0]
        except FaultsError as error:
            faults += _placed(path, error.findings)
    if faults:
        raise FaultsError(*dict.fromkeys(faults))
    closed = any(head.get("closed") is True for head in (*told.values(), *known.values()))
    return LastYear(ends, folders, {until: read[path] for until, path in folders.items()}, closed)


def neighbours_of(*folders: Path) -> list[Path]:
    """The data folders that stand beside the given ones, themselves included, each once, by name."""
    found: dict[Path, Path] = {}
    for folder in folders:
        parent = folder.resolve().parent if folder.name in ("", "..") else folder.parent
        for path in sorted(parent.glob("*/report.toml")):
            found.setdefault(path.resolve(), path.parent)
    return list(found.values())


def _told(path: Path, ends: Ends, faults: list[Finding]) -> dict[str, Any]:
    """The facts of a folder that somebody named."""
    own: list[Finding] = []
    head = read_facts(path, own)
    if not own and str(head["period_end"])[:7] not in ends.values():
        months = tuple(sorted(set(ends.values())))
        own.append(Finding("last_year", "report.toml", "", "period_end", str(head["period_end"]), months))
    faults += _placed(path, own)
    return head


def _head(path: Path) -> dict[str, Any]:
    """The facts of a neighbour, which may be anything."""
    try:
        return tomllib.loads((path / "report.toml").read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return {}


def _ending(heads: dict[Path, dict[str, Any]], month: str) -> list[Path]:
    return [path for path, head in heads.items() if str(head.get("period_end", ""))[:7] == month]


def _placed(folder: Path, faults: list[Finding]) -> Iterator[Finding]:
    """The faults of another folder than the one that everything else is about, with its path."""
    return (replace(fault, file=str(folder / Path(fault.file).name)) for fault in faults)


__all__ = ["LastYear", "find_last_year", "neighbours_of"]
