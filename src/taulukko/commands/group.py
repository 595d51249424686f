"""All commands together: finds the one that is asked for, runs it, and tells what is wrong with a command line."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

import click

from taulukko.commands import COMMANDS
from taulukko.commands.terminal import BAD, GOOD, complain, show
from taulukko.errors import TaulukkoError
from taulukko.messages import Say

USAGE = ("NoSuchOption", "NoSuchCommand", "MissingParameter", "BadParameter", "UsageError")


def run_command(arguments: Sequence[str], say: Say) -> int:
    """Run a command line, as `taulukko.cli.run`."""
    try:
        return int(Commands(say).main(list(arguments), prog_name="taulukko", standalone_mode=False) or GOOD)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "taulukko"
        complain([_usage(error, say), say.text("usage.hint", command=command)])
    except click.Abort:
        pass
    except (TaulukkoError, OSError) as error:
        if "--json" in arguments:
            show({"findings": [say.data(one) for one in say.findings(error)]})
        else:
            complain(say.error(error))
    return BAD


class Commands(click.Group):
    """The commands, each imported when it is asked for; the list of them is told without.

    Args:
        say: the reader's language.
    """

    def __init__(self, say: Say):
        self.say = say
        settings = {"help_option_names": ["-h", "--help"]}
        super().__init__(
            "taulukko", help=say.text("help.main"), context_settings=settings, params=[_version_option(say)]
        )

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f"taulukko.commands.{cmd_name.replace('-', '_')}").command(self.say)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.say.text(f"help.{name}")) for name in COMMANDS])


def _version_option(say: Say) -> click.Option:
    def show(context: click.Context, _option: click.Parameter, asked: bool) -> None:
        if asked and not context.resilient_parsing:
            from importlib.metadata import version

            click.echo(f"taulukko {version('taulukko')}")
            context.exit()

    return click.Option(
        ["--version"], is_flag=True, expose_value=False, is_eager=True, callback=show, help=say.text("help.version")
    )


def _usage(error: click.UsageError, say: Say) -> str:
    """What is wrong with a command line, by the kind of the error."""
    kind = next(kind.__name__ for kind in type(error).__mro__ if kind.__name__ in USAGE)
    return say.text(f"usage.{kind}", name=_name(error))


def _name(error: click.UsageError) -> str:
    """What an error of usage is about."""
    name = getattr(error, "option_name", None) or getattr(error, "command_name", None)
    parameter = getattr(error, "param", None)
    if name or parameter is None:
        return str(name or error.message)
    choices = parameter.type.choices if isinstance(parameter.type, click.Choice) else ()
    label = parameter.opts[0] if isinstance(parameter, click.Option) else parameter.metavar or parameter.name.upper()
    return f"{label} ({' | '.join(map(str, choices))})" if choices else str(label)


__all__ = ["Commands", "run_command"]
