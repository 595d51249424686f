"""Makes an empty data folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from taulukko.commands.terminal import GOOD, language, path, template_name
from taulukko.messages import Say

if TYPE_CHECKING:
    from pathlib import Path


def command(say: Say) -> click.Command:
    """`taulukko new`."""

    @click.command("new", help=say.text("help.new"))
    @click.argument("folder", metavar="FOLDER", type=path)
    @template_name(say)
    @language(say)
    def _new(folder: Path, template: str, **_lang: str) -> int:
        from taulukko.folder.new import new

        click.echo(new(folder, template, language=say.language))
        return GOOD

    return _new


__all__ = ["command"]
