"""Takes the code of xlwings Lite out of a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from taulukko.commands.terminal import FINDINGS, GOOD, as_json, language, path, show
from taulukko.messages import Say

if TYPE_CHECKING:
    from pathlib import Path


def command(say: Say) -> click.Command:
    """`taulukko strip`."""

    @click.command("strip", help=say.text("help.strip"))
    @click.argument("file", metavar="FILE", type=path)
    @click.option("-o", "--output", type=path, metavar="OUT", help=say.text("help.stripped"))
    @as_json(say)
    @language(say)
    def _strip(file: Path, output: Path | None, as_json: bool, **_lang: str) -> int:
        from taulukko.in_excel.lite import strip

        target = output or file.with_name(f"{file.stem}-plain{file.suffix}")
        files = strip(file, target)
        if as_json:
            show({"findings": [], "written": [str(target)] if files else [], "removed": list(files)})
        elif files:
            show([say.text("stripped.written", path=target, files=", ".join(files))])
        else:
            show([say.text("stripped.nothing", path=file)])
        return GOOD if files else FINDINGS

    return _strip


__all__ = ["command"]
