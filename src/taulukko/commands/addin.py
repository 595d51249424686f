"""Writes the add-in for Excel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from taulukko.commands.terminal import GOOD, as_json, language, path, show
from taulukko.messages import Say

if TYPE_CHECKING:
    from pathlib import Path


def command(say: Say) -> click.Command:
    """`taulukko addin`."""

    @click.command("addin", help=say.text("help.addin"))
    @click.option("-o", "--output", type=path, metavar="PATH", help=say.text("help.addin_output"))
    @click.option("--python", metavar="PATH", help=say.text("help.python"))
    @click.option("--force", is_flag=True, help=say.text("help.force"))
    @as_json(say)
    @language(say)
    def _addin(output: Path | None, python: str | None, force: bool, as_json: bool, **_lang: str) -> int:
        from taulukko.in_excel.addin import FILE, write_addin
        from taulukko.in_excel.settings import this_python

        written = write_addin(output or path(FILE), say.language, python=python or this_python(), force=force)
        show({"findings": [], "written": [str(written)]} if as_json else [str(written)])
        return GOOD

    return _addin


__all__ = ["command"]
