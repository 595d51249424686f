"""Takes returned workbooks into the data folder."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from taulukko.commands.terminal import BAD, FINDINGS, GOOD, as_json, busy, language, path, show, template_folder
from taulukko.messages import Say

if TYPE_CHECKING:
    from pathlib import Path

PREFER = ("theirs", "ours")


def command(say: Say) -> click.Command:
    """`taulukko collect`."""

    @click.command("collect", help=say.text("help.collect"))
    @click.argument("files", nargs=-1, required=True, metavar="FILE|DIR...", type=path)
    @click.option("--into", "folder", required=True, metavar="FOLDER", type=path, help=say.text("help.into"))
    @click.option("--dry-run", is_flag=True, help=say.text("help.dry_run"))
    @click.option("--prefer", type=click.Choice(PREFER), help=say.text("help.prefer"))
    @click.option("--decide", type=path, metavar="FILE", help=say.text("help.decide"))
    @click.option("--decisions", type=path, metavar="FILE", help=say.text("help.decisions"))
    @click.option("--answers", type=path, metavar="DIR", help=say.text("help.answers"))
    @click.option("--by", metavar="NAME", help=say.text("help.by"))
    @template_folder(say)
    @as_json(say)
    @language(say)
    def _collect(
        files: tuple[Path, ...],
        folder: Path,
        dry_run: bool,
        prefer: Any,
        decide: Path | None,
        decisions: Path | None,
        answers: Path | None,
        by: str | None,
        template: Path | None,
        as_json: bool,
        **_lang: str,
    ) -> int:
        from taulukko.round import collect_told as tell
        from taulukko.round.collect import collect

        with busy(say.text("collect.working")):
            options: dict[str, Any] = {"dry_run": dry_run, "prefer": prefer, "answers": answers, "template": template}
            options |= {"decide": decide, "decisions": decisions}
            dry_run = dry_run or decide is not None
            results = collect(files, folder, by=by, processes=os.cpu_count() or 1, **options)
        show(tell.as_data(results, folder, dry_run, say) if as_json else tell.lines(results, folder, say, dry_run))
        if any(result.returned.is_refused or result.unanswered for result in results):
            return BAD
        looked_at = any(result.needs_a_look or result.removed or result.emptied for result in results)
        return FINDINGS if looked_at else GOOD

    return _collect


__all__ = ["command"]
