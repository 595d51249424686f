"""Makes an empty data folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from taulukko.commands.terminal import GOOD, as_json, language, path, show, template_name
from taulukko.messages import Say

if TYPE_CHECKING:
    from pathlib import Path


def command(say: Say) -> click.Command:
    """`taulukko new`."""

    @click.command("new", help=say.text("help.new"))
    @click.argument("folder", metavar="FOLDER", type=path)
    @template_name(say)
    @as_json(say)
    @language(say)
    def _new(folder: Path, template: str, as_json: bool, **_lang: str) -> int:
        from taulukko.folder.new import new

        written = new(folder, template, language=say.language)
        show({"findings": [], "written": [str(written)]} if as_json else [str(written)])
        return GOOD

    return _new


__all__ = ["command"]
