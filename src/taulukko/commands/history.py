"""Tells all that happened to a field, a record or a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from taulukko.commands.terminal import GOOD, as_json, language, path, show, template_folder
from taulukko.messages import Say

if TYPE_CHECKING:
    from pathlib import Path


def command(say: Say) -> click.Command:
    """`taulukko history`."""

    @click.command("history", help=say.text("help.history"))
    @click.argument("folder", metavar="FOLDER", type=path)
    @click.argument("key", metavar="[KEY]", required=False, default="")
    @as_json(say)
    @template_folder(say)
    @language(say)
    def _history(folder: Path, key: str, as_json: bool, template: Path | None, **_lang: str) -> int:
        from taulukko.round import history_told
        from taulukko.round.history import history

        found = history(folder, key, template=template)
        show(history_told.as_json(found) if as_json else history_told.said(found, say))
        return GOOD

    return _history


__all__ = ["command"]
