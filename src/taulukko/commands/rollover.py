"""Makes the next period's data folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from taulukko.commands.terminal import GOOD, as_json, language, path, show, template_folder
from taulukko.messages import Say

if TYPE_CHECKING:
    from pathlib import Path

    from taulukko.next_period.columns import NextPeriod


def command(say: Say) -> click.Command:
    """`taulukko rollover`."""

    @click.command("rollover", help=say.text("help.rollover"))
    @click.argument("folder", metavar="FOLDER", type=path)
    @click.argument("new", metavar="NEW", type=path)
    @click.option("--period", required=True, metavar="YYYY-MM", help=say.text("help.period"))
    @click.option("--issued", metavar="YYYY-MM-DD", help=say.text("help.issued"))
    @click.option("--last-year", multiple=True, type=path, metavar="DIR", help=say.text("help.last_year"))
    @template_folder(say)
    @as_json(say)
    @language(say)
    def _rollover(
        folder: Path,
        new: Path,
        period: str,
        issued: str | None,
        last_year: tuple[Path, ...],
        template: Path | None,
        as_json: bool,
        **_lang: str,
    ) -> int:
        from taulukko.next_period.folder import prepare

        made = prepare(folder, new, period, issued=issued, last_year=last_year, template=template)
        written = str(made.write(new))
        show(_as_json(made) | {"written": [written]} if as_json else [*_rolled_over(made, say), written])
        return GOOD

    return _rollover


def _as_json(made: NextPeriod) -> dict[str, Any]:
    """The schema of docs/json.md, but for what was written."""
    return {
        "findings": [],
        "taken": [
            {
                "file": one.file,
                "column": one.column,
                "folder": str(one.folder) if one.folder else None,
                "end": one.end,
                "count": one.count,
            }
            for one in made.taken
        ],
        "empty": made.empty,
        "left": made.left,
        "preliminary": made.preliminary,
    }


def _rolled_over(made: NextPeriod, say: Say) -> Iterator[str]:
    """What a new period's folder took from last year's, and what it leaves to be filled in."""
    for taken in made.taken:
        words = {"file": taken.file, "column": taken.column, "end": taken.end}
        if taken.count:
            yield say.text("rollover.taken", count=taken.count, folder=taken.folder, **words)
        elif not taken.stays:
            yield say.text("rollover.missing", **words)
    for file, columns in made.empty.items():
        yield say.text("rollover.empty", file=file, columns=", ".join(columns))
    if made.left:
        yield say.text("rollover.left", files=", ".join(made.left))
    if made.preliminary:
        yield say.text("rollover.preliminary", year=made.preliminary)


__all__ = ["command"]
