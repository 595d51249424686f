"""Takes back what collecting a file has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from taulukko.commands.terminal import FINDINGS, GOOD, as_json, busy, language, show, template_folder
from taulukko.commands.terminal import path as path_of
from taulukko.messages import Say

if TYPE_CHECKING:
    from pathlib import Path


def command(say: Say) -> click.Command:
    """`taulukko undo-collect`."""

    @click.command("undo-collect", help=say.text("help.undo-collect"))
    @click.argument("folder", metavar="FOLDER", type=path_of)
    @click.argument("file", metavar="FILE")
    @click.option("--dry-run", is_flag=True, help=say.text("help.dry_run"))
    @click.option("--by", metavar="NAME", help=say.text("help.by"))
    @template_folder(say)
    @as_json(say)
    @language(say)
    def _undo(
        folder: Path, file: str, dry_run: bool, by: str | None, template: Path | None, as_json: bool, **_lang: str
    ) -> int:
        from taulukko.round import undo_told
        from taulukko.round.undo import undo_collect

        with busy(say.text("undone.working")):
            found = undo_collect(folder, file, dry_run=dry_run, template=template, by=by)
        show(undo_told.as_json(found, folder, dry_run) if as_json else undo_told.said(found, folder, say, dry_run))
        return FINDINGS if found.left else GOOD

    return _undo


__all__ = ["command"]
