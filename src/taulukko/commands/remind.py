"""Writes drafts of mail to the units that lack something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from taulukko.commands.terminal import FINDINGS, GOOD, as_json, busy, language, path, show, template_folder
from taulukko.messages import Say

if TYPE_CHECKING:
    from pathlib import Path

    from taulukko.round.remind import Reminder


def command(say: Say) -> click.Command:
    """`taulukko remind`."""

    @click.command("remind", help=say.text("help.remind"))
    @click.argument("folder", metavar="FOLDER", type=path)
    @click.option("-o", "--output", type=path, metavar="DIR", required=True, help=say.text("help.drafts"))
    @click.option("--force", is_flag=True, help=say.text("help.force"))
    @template_folder(say)
    @as_json(say)
    @language(say)
    def _remind(folder: Path, output: Path, force: bool, template: Path | None, as_json: bool, **_lang: str) -> int:
        from taulukko.round.remind import remind

        with busy(say.text("remind.working")):
            made = remind(folder, output, force=force, template=template)
        show({"drafts": [_as_json(one) for one in made]} if as_json else _said(made, say))
        return FINDINGS if made else GOOD

    return _remind


def _as_json(one: Reminder) -> dict[str, object]:
    """The schema of docs/json.md."""
    return {"unit": one.unit, "draft": str(one.path), "mail": one.mail or None, "lines": one.missing}


def _said(made: list[Reminder], say: Say) -> Iterator[str]:
    for one in made:
        yield say.text(
            "remind.draft", path=one.path, mail=one.mail or say.text("remind.nobody"), count=len(one.missing)
        )
    yield say.text("remind.made" if made else "remind.nothing", count=len(made))


__all__ = ["command"]
