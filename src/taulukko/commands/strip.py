"""Takes the code of xlwings Lite out of a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from taulukko.commands.terminal import BAD, FINDINGS, GOOD, complain, language, path
from taulukko.messages import Say

if TYPE_CHECKING:
    from pathlib import Path


def command(say: Say) -> click.Command:
    """`taulukko strip`."""

    @click.command("strip", help=say.text("help.strip"))
    @click.argument("file", metavar="FILE", type=path)
    @click.option("-o", "--output", type=path, metavar="OUT", help=say.text("help.stripped"))
    @language(say)
    def _strip(file: Path, output: Path | None, **_lang: str) -> int:
        from taulukko.errors import WorkbookError
        from taulukko.in_excel.lite import strip
        from taulukko.xlsx.beside import Finding

        target = output or file.with_name(f"{file.stem}-plain{file.suffix}")
        try:
            files = strip(file, target)
        except WorkbookError as error:
            complain([say.finding(str(file), Finding(error.code, file.name, "", error.expected, error.found))])
            return BAD
        if not files:
            click.echo(say.text("stripped.nothing", path=file))
            return FINDINGS
        click.echo(say.text("stripped.written", path=target, files=", ".join(files)))
        return GOOD

    return _strip


__all__ = ["command"]
