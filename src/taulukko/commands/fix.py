"""Restores what was overwritten in a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from taulukko.commands.terminal import FINDINGS, GOOD, language, path, template_folder
from taulukko.messages import Say

if TYPE_CHECKING:
    from pathlib import Path


def command(say: Say) -> click.Command:
    """`taulukko fix`."""

    @click.command("fix", help=say.text("help.fix"))
    @click.argument("file", metavar="FILE", type=path)
    @click.option("-o", "--output", type=path, metavar="OUT", help=say.text("help.fixed"))
    @template_folder(say)
    @language(say)
    def _fix(file: Path, output: Path | None, template: Path | None, **_lang: str) -> int:
        from taulukko.round.answer import fix

        fixed = fix(file, output, template=template)
        left = [*(say.finding(file.name, one) for one in fixed.left), *map(say.fault, fixed.faults)]
        said = say.text("fixed.restored", path=fixed.path, count=len(fixed.restored))
        click.echo("\n".join([said, *([say.text("fixed.left")] if left else []), *left]))
        return FINDINGS if left else GOOD

    return _fix


__all__ = ["command"]
