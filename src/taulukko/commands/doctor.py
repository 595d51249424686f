"""Tells what a machine and a workbook need for the buttons to work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from taulukko.commands.terminal import BAD, FINDINGS, GOOD, as_json, busy, complain, language, path, show
from taulukko.messages import Say

if TYPE_CHECKING:
    from pathlib import Path


def command(say: Say) -> click.Command:
    """`taulukko doctor`."""

    @click.command("doctor", help=say.text("help.doctor"))
    @click.argument("file", metavar="[FILE]", required=False, type=path)
    @as_json(say)
    @language(say)
    def _doctor(file: Path | None, as_json: bool, **_lang: str) -> int:
        from taulukko.in_excel import doctor_told
        from taulukko.in_excel.doctor import doctor
        from taulukko.in_excel.machine import this_machine

        with busy(say.text("doctor.working")):
            found = doctor(this_machine(), file)
        show(doctor_told.as_json(found, file, say) if as_json else doctor_told.said(found, say))
        if found.error and not as_json:
            complain([say.finding(found.error)])
        return BAD if found.error else GOOD if found.is_good else FINDINGS

    return _doctor


__all__ = ["command"]
