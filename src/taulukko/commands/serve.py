"""Serves the add-in that runs the buttons and the functions on this computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from taulukko.commands.terminal import GOOD, as_json, language, path, show
from taulukko.errors import Finding
from taulukko.messages import Say

if TYPE_CHECKING:
    from pathlib import Path

PORT = 8000


def command(say: Say) -> click.Command:
    """`taulukko serve`."""

    @click.command("serve", help=say.text("help.serve"))
    @click.option("--port", type=click.IntRange(1, 65535), default=PORT, metavar="N", help=say.text("help.port"))
    @click.option("--certificate", type=path, metavar="PATH", help=say.text("help.certificate"))
    @click.option("--key", type=path, metavar="PATH", help=say.text("help.key"))
    @as_json(say)
    @language(say)
    def _serve(port: int, certificate: Path | None, key: Path | None, as_json: bool, **_lang: str) -> int:
        from taulukko.in_excel.server import serve

        if key is not None and certificate is None:
            raise click.MissingParameter("--certificate", click.get_current_context())

        def started(address: str) -> None:
            where = {"address": address, "manifest": f"{address}/manifest/download"}
            plain = [] if certificate else [Finding("address_plain", field=address, severity="remark")]
            if as_json:
                show({"findings": [*map(say.data, plain)], **where})
            else:
                show([say.text("serve.started", **where), *map(say.finding, plain)])

        serve(say, started, port, certificate, key)
        return GOOD

    return _serve


__all__ = ["command"]
