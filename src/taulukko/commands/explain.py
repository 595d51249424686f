"""Tells how a figure is computed."""

from __future__ import annotations

import click

from taulukko.commands.terminal import GOOD, as_json, language, show, template_name
from taulukko.messages import Say


def command(say: Say) -> click.Command:
    """`taulukko explain`."""

    @click.command("explain", help=say.text("help.explain"))
    @click.argument("key")
    @template_name(say)
    @as_json(say)
    @language(say)
    def _explain(key: str, template: str, as_json: bool, **_lang: str) -> int:
        from taulukko.explanation import explained, paragraph

        found = explained(key, say, template)
        show({"findings": [], "measures": found} if as_json else ["\n\n".join(paragraph(one, say) for one in found)])
        return GOOD

    return _explain


__all__ = ["command"]
