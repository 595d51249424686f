"""Tells how far a round is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from taulukko.commands.terminal import FINDINGS, GOOD, as_json, busy, language, path, show, template_folder
from taulukko.messages import Say

if TYPE_CHECKING:
    from pathlib import Path


def command(say: Say) -> click.Command:
    """`taulukko status`."""

    @click.command("status", help=say.text("help.status"))
    @click.argument("folder", metavar="FOLDER", type=path)
    @as_json(say)
    @template_folder(say)
    @language(say)
    def _status(folder: Path, as_json: bool, template: Path | None, **_lang: str) -> int:
        from taulukko.round import status_told
        from taulukko.round.status import status

        with busy(say.text("status.working")):
            found = status(folder, language=say.language, template=template)
        show(status_told.as_json(found) if as_json else status_told.said(found, say))
        return GOOD if found.is_ready else FINDINGS

    return _status


__all__ = ["command"]
