"""Builds workbooks from a data folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from taulukko.commands.terminal import GOOD, as_json, busy, complain, language, path, show, template_folder
from taulukko.messages import Say

if TYPE_CHECKING:
    from pathlib import Path

KINDS = ("xlsx", "xlsm", "lite")


def command(say: Say) -> click.Command:
    """`taulukko build`."""

    @click.command("build", help=say.text("help.build"))
    @click.argument("folder", metavar="FOLDER", type=path)
    @click.option("-o", "--output", type=path, metavar="PATH", help=say.text("help.output"))
    @click.option("--unit", metavar="CODE", help=say.text("help.unit"))
    @click.option("--units", is_flag=True, help=say.text("help.units"))
    @click.option("--provenance", is_flag=True, help=say.text("help.provenance"))
    @click.option("--verbose", is_flag=True, help=say.text("help.verbose"))
    @language(say)
    @template_folder(say)
    @click.option("--force", is_flag=True, help=say.text("help.force"))
    @click.option("--kind", type=click.Choice(KINDS), default=KINDS[0], help=say.text("help.kind"))
    @click.option("--python", default="python", metavar="PATH", help=say.text("help.python"))
    @as_json(say)
    def _build(
        folder: Path,
        output: Path | None,
        unit: str | None,
        units: bool,
        provenance: bool,
        verbose: bool,
        lang: str | None,
        template: Path | None,
        force: bool,
        kind: Any,
        python: str,
        as_json: bool,
    ) -> int:
        from taulukko.builder import build, send_units
        from taulukko.folder.data_folder import load

        if unit is not None and units:
            message = say.text("usage.either", one="--unit", other="--units")
            raise click.UsageError(message, click.get_current_context())
        with busy(say.text("build.working")):
            options: dict[str, Any] = {"language": lang, "template": template, "force": force}
            options |= {"kind": kind, "python": python}
            if units:
                paths = send_units(folder, output, **options)
            else:
                paths = [build(folder, output, unit=unit, provenance=provenance, **options)]
        written = list(map(str, paths))
        remarks = load(folder, lang, template)[1].remarks if verbose else ()
        if as_json:
            show({"findings": [*map(say.data, remarks)], "written": written})
        else:
            show(written)
            complain([*map(say.finding, remarks)])
        return GOOD

    return _build


__all__ = ["command"]
