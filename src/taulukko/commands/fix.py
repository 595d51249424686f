"""Restores what was overwritten in a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from taulukko.commands.terminal import FINDINGS, GOOD, as_json, language, path, show, template_folder
from taulukko.messages import Say

if TYPE_CHECKING:
    from pathlib import Path


def command(say: Say) -> click.Command:
    """`taulukko fix`."""

    @click.command("fix", help=say.text("help.fix"))
    @click.argument("file", metavar="FILE", type=path)
    @click.option("-o", "--output", type=path, metavar="OUT", help=say.text("help.fixed"))
    @template_folder(say)
    @as_json(say)
    @language(say)
    def _fix(file: Path, output: Path | None, template: Path | None, as_json: bool, **_lang: str) -> int:
        from taulukko.round.fix import fix

        fixed = fix(file, output, template=template)
        if as_json:
            left, restored = ([*map(say.data, some)] for some in (fixed.left, fixed.restored))
            show({"findings": left, "written": [str(fixed.path)], "restored": restored})
        else:
            said = say.text("fixed.restored", path=fixed.path, count=len(fixed.restored))
            show([said, *([say.text("fixed.left")] if fixed.left else []), *map(say.finding, fixed.left)])
        return FINDINGS if fixed.left else GOOD

    return _fix


__all__ = ["command"]
