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

UNREADABLE = (
    "encrypted",
    "old_format",
    "other_format",
    "too_large",
    "dangerous",
    "unreadable",
    "not_ours",
    "identity_missing",
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
        yield from map(say.finding, findings)
        result = "good" if not findings else "one" if len(findings) == 1 else "many"
        yield say.text(f"check.{result}", file=file, count=len(findings))


__all__ = ["command"]
