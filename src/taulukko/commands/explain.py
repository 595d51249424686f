"""Tells how a figure is computed."""

from __future__ import annotations

import click

from taulukko.commands.terminal import GOOD, language, template_name
from taulukko.messages import Say


def command(say: Say) -> click.Command:
    """`taulukko explain`."""

    @click.command("explain", help=say.text("help.explain"))
    @click.argument("key")
    @template_name(say)
    @language(say)
    def _explain(key: str, template: str, **_lang: str) -> int:
        from taulukko.explanation import explain

        click.echo(explain(key, language=say.language, template=template))
        return GOOD

    return _explain


__all__ = ["command"]
