"""The command line: parses, calls, prints. What a command needs is imported when it runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from taulukko.errors import TaulukkoError
from taulukko.say import LANGUAGES, Say, reader_language

if TYPE_CHECKING:
    from pathlib import Path

    from taulukko.sources.next_period import NextPeriod

GOOD, FINDINGS, BAD = 0, 1, 2
USAGE = ("NoSuchOption", "NoSuchCommand", "MissingParameter", "BadParameter", "UsageError")
JSON_SCHEMA = 1
PREFER = ("theirs", "ours")
UNREADABLE = (
    "encrypted",
    "old_format",
    "other_format",
    "too_large",
    "dangerous",
    "unreadable",
    "not_ours",
    "identity_missing",
    "other_version",
)
"""Findings that mean there was no workbook of ours to audit."""


def main() -> None:
    """The program `taulukko`."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run a command line.

    Returns:
        0 good, 1 findings, 2 bad input or usage.
    """
    say = Say(reader_language(_asked_language(arguments), os.environ))
    try:
        code = commands(say).main(list(arguments) or ["--help"], prog_name="taulukko", standalone_mode=False)
        return int(code or GOOD)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "taulukko"
        _complain([_usage(error, say), say.text("usage.hint", command=command)])
    except click.Abort:
        pass
    except (TaulukkoError, OSError) as error:
        _complain(say.error(error))
    return BAD


def commands(say: Say) -> click.Group:
    """The commands, their help in the reader's language."""
    group = click.Group(
        "taulukko",
        help=say.text("help.main"),
        context_settings={"help_option_names": ["-h", "--help"]},
        params=[_version_option(say)],
    )
    language = click.option("--lang", type=click.Choice(LANGUAGES), help=say.text("help.lang"))
    template = click.option("--template", default="osavuosikatsaus", help=say.text("help.template"))

    @group.command("build", help=say.text("help.build"))
    @click.argument("folder", metavar="FOLDER", type=_path)
    @click.option("-o", "--output", type=_path, metavar="PATH", help=say.text("help.output"))
    @click.option("--unit", metavar="CODE", help=say.text("help.unit"))
    @click.option("--units", is_flag=True, help=say.text("help.units"))
    @click.option("--provenance", is_flag=True, help=say.text("help.provenance"))
    @language
    @click.option("--template", type=_path, metavar="DIR", help=say.text("help.template_folder"))
    @click.option("--force", is_flag=True, help=say.text("help.force"))
    def _build(
        folder: Path,
        output: Path | None,
        unit: str | None,
        units: bool,
        provenance: bool,
        lang: str | None,
        template: Path | None,
        force: bool,
    ) -> int:
        from taulukko.builder import build, build_units

        if unit is not None and units:
            message = say.text("usage.either", one="--unit", other="--units")
            raise click.UsageError(message, click.get_current_context())
        with _busy(say.text("build.working")):
            if units:
                paths = build_units(folder, output, language=lang, template=template, force=force)
            else:
                options: dict[str, Any] = {"language": lang, "template": template, "force": force}
                paths = [build(folder, output, unit=unit, provenance=provenance, **options)]
        click.echo("\n".join(map(str, paths)))
        return GOOD

    @group.command("check", help=say.text("help.check"))
    @click.argument("files", nargs=-1, required=True, metavar="FILE...", type=_path)
    @click.option("--json", "as_json", is_flag=True, help=say.text("help.json"))
    @language
    def _check(files: tuple[Path, ...], as_json: bool, **_lang: str) -> int:
        for file in files:
            file.stat()
        audited = _audited(files, say)
        _print(_as_json(audited) if as_json else _report_lines(audited, say))
        found = {finding.code for _, findings in audited for finding in findings}
        return BAD if found & set(UNREADABLE) else FINDINGS if found else GOOD

    @group.command("new", help=say.text("help.new"))
    @click.argument("folder", metavar="FOLDER", type=_path)
    @template
    @language
    def _new(folder: Path, template: str, **_lang: str) -> int:
        from taulukko.sources.new import new

        click.echo(new(folder, template, language=say.language))
        return GOOD

    @group.command("rollover", help=say.text("help.rollover"))
    @click.argument("folder", metavar="FOLDER", type=_path)
    @click.argument("new", metavar="NEW", type=_path)
    @click.option("--period", required=True, metavar="YYYY-MM", help=say.text("help.period"))
    @click.option("--issued", metavar="YYYY-MM-DD", help=say.text("help.issued"))
    @click.option("--last-year", multiple=True, type=_path, metavar="DIR", help=say.text("help.last_year"))
    @click.option("--template", type=_path, metavar="DIR", help=say.text("help.template_folder"))
    @language
    def _rollover(
        folder: Path,
        new: Path,
        period: str,
        issued: str | None,
        last_year: tuple[Path, ...],
        template: Path | None,
        **_lang: str,
    ) -> int:
        from taulukko.next_folder import prepare

        made = prepare(folder, new, period, issued=issued, last_year=last_year, template=template)
        path = made.write(new)
        click.echo("\n".join([*_rolled_over(made, say), str(path)]))
        return GOOD

    @group.command("explain", help=say.text("help.explain"))
    @click.argument("key")
    @template
    @language
    def _explain(key: str, template: str, **_lang: str) -> int:
        from taulukko.explain import explain

        click.echo(explain(key, say, template))
        return GOOD

    @group.command("collect", help=say.text("help.collect"))
    @click.argument("files", nargs=-1, required=True, metavar="FILE|DIR...", type=_path)
    @click.option("--into", "folder", required=True, metavar="FOLDER", type=_path, help=say.text("help.into"))
    @click.option("--dry-run", is_flag=True, help=say.text("help.dry_run"))
    @click.option("--prefer", type=click.Choice(PREFER), help=say.text("help.prefer"))
    @click.option("--answers", type=_path, metavar="DIR", help=say.text("help.answers"))
    @click.option("--template", type=_path, metavar="DIR", help=say.text("help.template_folder"))
    @click.option("--json", "as_json", is_flag=True, help=say.text("help.json"))
    @language
    def _collect(
        files: tuple[Path, ...],
        folder: Path,
        dry_run: bool,
        prefer: Any,
        answers: Path | None,
        template: Path | None,
        as_json: bool,
        **_lang: str,
    ) -> int:
        from taulukko.returns import tell
        from taulukko.returns.collect import collect

        with _busy(say.text("collect.working")):
            options: dict[str, Any] = {"dry_run": dry_run, "prefer": prefer, "answers": answers, "template": template}
            results = collect(files, folder, processes=os.cpu_count() or 1, **options)
        _print(tell.as_data(results, folder, dry_run) if as_json else tell.lines(results, folder, say, dry_run))
        if any(result.returned.refused for result in results):
            return BAD
        return FINDINGS if any(result.needs_a_look for result in results) else GOOD

    @group.command("fix", help=say.text("help.fix"))
    @click.argument("file", metavar="FILE", type=_path)
    @click.option("-o", "--output", type=_path, metavar="OUT", help=say.text("help.fixed"))
    @click.option("--template", type=_path, metavar="DIR", help=say.text("help.template_folder"))
    @language
    def _fix(file: Path, output: Path | None, template: Path | None, **_lang: str) -> int:
        from taulukko.returns.answer import fix

        fixed = fix(file, output, template=template)
        left = [*(say.finding(file.name, one) for one in fixed.left), *map(say.fault, fixed.faults)]
        said = say.text("fixed.restored", path=fixed.path, count=len(fixed.restored))
        click.echo("\n".join([said, *([say.text("fixed.left")] if left else []), *left]))
        return FINDINGS if left else GOOD

    @group.command("diff", help=say.text("help.diff"))
    @click.argument("a", metavar="A", type=_path)
    @click.argument("b", metavar="B", type=_path)
    @click.option("--json", "as_json", is_flag=True, help=say.text("help.json"))
    @click.option("--template", type=_path, metavar="DIR", help=say.text("help.template_folder"))
    @language
    def _diff(a: Path, b: Path, as_json: bool, template: Path | None, **_lang: str) -> int:
        from taulukko.returns import diff_told
        from taulukko.returns.diff import diff

        with _busy(say.text("diff.working")):
            found = diff(a, b, language=say.language, template=template)
        _print(diff_told.as_json(found) if as_json else diff_told.said(found, say))
        return GOOD if found.is_equal else FINDINGS if found.is_read else BAD

    @group.command("status", help=say.text("help.status"))
    @click.argument("folder", metavar="FOLDER", type=_path)
    @click.option("--json", "as_json", is_flag=True, help=say.text("help.json"))
    @click.option("--template", type=_path, metavar="DIR", help=say.text("help.template_folder"))
    @language
    def _status(folder: Path, as_json: bool, template: Path | None, **_lang: str) -> int:
        from taulukko.returns import status_told
        from taulukko.returns.status import status

        with _busy(say.text("status.working")):
            found = status(folder, language=say.language, template=template)
        _print(status_told.as_json(found) if as_json else status_told.said(found, say))
        return GOOD if found.is_ready else FINDINGS

    return group


def _print(told: dict[str, Any] | Iterator[str]) -> None:
    """JSON, or lines."""
    if isinstance(told, dict):
        import json

        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(told))


def _path(text: str) -> Path:
    """A path of the command line; `--help` does without pathlib."""
    from pathlib import Path

    return Path(text)


def _asked_language(arguments: Sequence[str]) -> str | None:
    """The value of --lang, looked for before the commands are made because their help is in that language."""
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=False):
        if argument == "--lang":
            return following
        if argument.startswith("--lang="):
            return argument.partition("=")[2]
    return None


def _version_option(say: Say) -> click.Option:
    def show(context: click.Context, _option: click.Parameter, asked: bool) -> None:
        if asked and not context.resilient_parsing:
            from importlib.metadata import version

            click.echo(f"taulukko {version('taulukko')}")
            context.exit()

    return click.Option(
        ["--version"], is_flag=True, expose_value=False, is_eager=True, callback=show, help=say.text("help.version")
    )


def _complain(lines: list[str]) -> None:
    for line in lines:
        click.echo(line, err=True)


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


@contextmanager
def _busy(text: str) -> Iterator[None]:
    """A spinner while something long goes on; nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield


def _audited(files: Sequence[Path], say: Say) -> list[tuple[Path, list[Any]]]:
    """Every file with its findings, with a progress bar on a terminal when there are several."""
    from taulukko.excel.audit import audit

    if len(files) == 1 or not sys.stderr.isatty():
        with _busy(say.text("check.working")):
            return [(file, list(audit(file))) for file in files]
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return [
        (file, list(audit(file))) for file in track(files, say.text("check.working"), console=console, transient=True)
    ]


def _as_json(audited: list[tuple[Path, list[Any]]]) -> dict[str, Any]:
    """The schema of docs/json.md."""
    fields = ("code", "place", "field", "expected", "found")
    return {
        "schema": JSON_SCHEMA,
        "files": [
            {
                "file": str(file),
                "ok": not findings,
                "findings": [{field: getattr(finding, field) for field in fields} for finding in findings],
            }
            for file, findings in audited
        ],
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


def _report_lines(audited: list[tuple[Path, list[Any]]], say: Say) -> Iterator[str]:
    for file, findings in audited:
        yield from (say.finding(str(file), finding) for finding in findings)
        result = "good" if not findings else "one" if len(findings) == 1 else "many"
        yield say.text(f"check.{result}", file=file, count=len(findings))


__all__ = ["commands", "main", "run"]
