"""Tells how two reports differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from taulukko.commands.terminal import BAD, FINDINGS, GOOD, as_json, busy, language, path, show, template_folder
from taulukko.messages import Say

if TYPE_CHECKING:
    from pathlib import Path


def command(say: Say) -> click.Command:
    """`taulukko diff`."""

    @click.command("diff", help=say.text("help.diff"))
    @click.argument("a", metavar="A", type=path)
    @click.argument("b", metavar="B", type=path)
    @as_json(say)
    @template_folder(say)
    @language(say)
    def _diff(a: Path, b: Path, as_json: bool, template: Path | None, **_lang: str) -> int:
        from taulukko.round import diff_told
        from taulukko.round.diff import diff

        with busy(say.text("diff.working")):
            found = diff(a, b, language=say.language, template=template)
        show(diff_told.as_json(found, say) if as_json else diff_told.said(found, say))
        return GOOD if found.is_equal else FINDINGS if found.is_read else BAD

    return _diff


__all__ = ["command"]
