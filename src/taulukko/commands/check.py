"""Lists what is not as it should be in workbooks."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from taulukko.commands.terminal import BAD, FINDINGS, GOOD, as_json, busy, language, path, show
from taulukko.messages import Say

if TYPE_CHECKING:
    from pathlib import Path

CHECK = "check_fails"
MOST, LONGEST = 9, 120
"""Findings of a file that are told each on a line, and characters of the places that the others are in."""
UNREADABLE = (
    "encrypted",
    "old_format",
    "other_format",
    "too_large",
    "dangerous",
    "unreadable",
    "not_ours",
    "identity_missing",
    "names_lost",
    "other_version",
)
"""Findings that mean there was no workbook of ours to audit."""


def command(say: Say) -> click.Command:
    """`taulukko check`."""

    @click.command("check", help=say.text("help.check"))
    @click.argument("files", nargs=-1, required=True, metavar="FILE...", type=path)
    @as_json(say)
    @language(say)
    def _check(files: tuple[Path, ...], as_json: bool, **_lang: str) -> int:
        for file in files:
            file.stat()
        audited = _audited(files, say)
        show(_as_json(audited, say) if as_json else _report_lines(audited, say))
        found = {finding.code for _, findings in audited for finding in findings if finding.severity != "note"}
        return BAD if found & set(UNREADABLE) else FINDINGS if found else GOOD

    return _check


def _audited(files: Sequence[Path], say: Say) -> list[tuple[Path, list[Any]]]:
    """Every file with its findings, with a progress bar on a terminal when there are several."""
    from taulukko.xlsx.check import check

    if len(files) == 1 or not sys.stderr.isatty():
        with busy(say.text("check.working")):
            return [(file, list(check(file))) for file in files]
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return [
        (file, list(check(file))) for file in track(files, say.text("check.working"), console=console, transient=True)
    ]


def _as_json(audited: list[tuple[Path, list[Any]]], say: Say) -> dict[str, Any]:
    """The schema of docs/json.md."""
    return {
        "files": [
            {"file": str(file), "ok": not findings, "findings": [say.data(finding) for finding in findings]}
            for file, findings in audited
        ],
    }


def _report_lines(audited: list[tuple[Path, list[Any]]], say: Say) -> Iterator[str]:
    for file, findings in audited:
        for first, *others in _alike(findings):
            places = _short(", ".join(filter(None, (one.place for one in others))))
            more = f" {say.text('check.alike', count=len(others), places=places)}" if others else ""
            yield say.finding(first) + more
        result = "good" if not findings else "one" if len(findings) == 1 else "many"
        yield say.text(f"check.{result}", file=file, count=len(findings))


def _alike(findings: list[Any]) -> list[list[Any]]:
    """The findings one by one; of too many those of a kind together, the most numerous first and failed checks last."""
    kinds: dict[str, list[Any]] = {}
    for finding in findings:
        kinds.setdefault(finding.code, []).append(finding)
    folded: set[str] = set()
    for code in sorted(kinds, key=lambda code: (code == CHECK, -len(kinds[code]))):
        if sum(1 if code in folded else len(found) for code, found in kinds.items()) > MOST:
            folded.add(code)
    firsts = (finding for finding in findings if finding.code not in folded or finding is kinds[finding.code][0])
    return [kinds[one.code] if one.code in folded else [one] for one in firsts]


def _short(places: str) -> str:
    return places if len(places) <= LONGEST else f"{places[:LONGEST].rpartition(', ')[0]} …"


__all__ = ["command"]
