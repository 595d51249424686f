"""What commands share: exit codes, options, and how things are printed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from taulukko.messages import LANGUAGES, Say

if TYPE_CHECKING:
    from pathlib import Path

GOOD, FINDINGS, BAD = 0, 1, 2
SCHEMA = 2
"""Of what `--json` prints: docs/json.md."""
Command = TypeVar("Command", bound=Callable[..., Any])


def path(text: str) -> Path:
    """A path of the command line; `--help` does without pathlib."""
    from pathlib import Path

    return Path(text)


def language(say: Say) -> Callable[[Command], Command]:
    """The option --lang."""
    return click.option("--lang", type=click.Choice(LANGUAGES), help=say.text("help.lang"))


def template_folder(say: Say) -> Callable[[Command], Command]:
    """The option --template of those that have a data folder."""
    return click.option("--template", type=path, metavar="DIR", help=say.text("help.template_folder"))


def template_name(say: Say) -> Callable[[Command], Command]:
    """The option --template of those that have none."""
    return click.option("--template", default="osavuosikatsaus", help=say.text("help.template"))


def as_json(say: Say) -> Callable[[Command], Command]:
    """The option --json."""
    return click.option("--json", "as_json", is_flag=True, help=say.text("help.json"))


def show(told: dict[str, Any] | Iterable[str]) -> None:
    """Print JSON, or lines."""
    if isinstance(told, dict):
        import json

        click.echo(json.dumps({"schema": SCHEMA} | told, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(told))


def complain(lines: list[str]) -> None:
    """Print what is wrong."""
    for line in lines:
        click.echo(line, err=True)


@contextmanager
def busy(text: str) -> Iterator[None]:
    """A spinner while something long goes on; nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield


__all__ = [
    "BAD",
    "FINDINGS",
    "GOOD",
    "SCHEMA",
    "as_json",
    "busy",
    "complain",
    "language",
    "path",
    "show",
    "template_folder",
    "template_name",
]
