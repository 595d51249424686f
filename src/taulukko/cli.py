"""The command line: tells which commands there are, or has one run."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from shutil import get_terminal_size
from textwrap import wrap

from taulukko.commands import COMMANDS
from taulukko.messages import Say, reader_language


def main() -> None:
    """The program `taulukko`."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run a command line.

    Returns:
        0 good, 1 findings, 2 bad input or usage.
    """
    language = reader_language(_asked_language(arguments), os.environ)
    if list(arguments) in ([], ["-h"], ["--help"]):
        print(overview(Say(language, "help")))
        return 0
    from taulukko.commands.group import run_command

    return run_command(arguments, Say(language))


def overview(say: Say) -> str:
    """What `taulukko --help` tells, as click would: importing it takes longer than all the rest."""
    width = max(min(get_terminal_size().columns, 80) - 2, 50)
    options = {"--version": say.text("help.version"), "-h, --help": "Show this message and exit."}
    commands = {name: say.text(f"help.{name}") for name in COMMANDS}
    about = wrap(say.text("help.main"), width, initial_indent="  ", subsequent_indent="  ")
    listed = ("Options:", *_listed(options, width), "", "Commands:", *_listed(commands, width))
    return "\n".join(("Usage: taulukko [OPTIONS] COMMAND [ARGS]...", "", *about, "", *listed))


def _listed(told: Mapping[str, str], width: int) -> Iterator[str]:
    """Names with what they do in a column beside them."""
    left = max(map(len, told)) + 4
    for name, text in told.items():
        for label, line in zip([name, *[""] * len(text)], wrap(text, width - left), strict=False):
            yield f"  {label:{left - 2}}{line}"


def _asked_language(arguments: Sequence[str]) -> str | None:
    """The value of --lang, looked for before the commands are made because their help is in that language."""
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=False):
        if argument == "--lang":
            return following
        if argument.startswith("--lang="):
            return argument.partition("=")[2]
    return None


__all__ = ["COMMANDS", "main", "overview", "run"]
