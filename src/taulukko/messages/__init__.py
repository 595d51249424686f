"""Says what happened in the reader's language: the only place that reads the message files."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, replace
from os.path import dirname, join
from typing import Any

from taulukko.errors import FaultsError, Finding, TaulukkoError, findings_of
from taulukko.messages.phrases import Phrases

LANGUAGES = ("fi", "sv", "en")
FOLDER = dirname(__file__)


def reader_language(asked: str | None, environment: Mapping[str, str]) -> str:
    """The language of messages: the one asked for, else the locale's, else English.

    Example:
        >>> reader_language(None, {"LANG": "sv_FI.UTF-8"})
        'sv'
    """
    locale = next((environment[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(key)), None)
    language = (asked or locale or _system_locale())[:2].lower()
    return language if language in LANGUAGES else "en"


def _system_locale() -> str:
    """The language Windows speaks, which sets no LANG."""
    if sys.platform != "win32":
        return ""
    import ctypes
    import locale

    return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")


class Say(Phrases):
    """The messages of one language.

    Example:
        >>> Say("en").finding(Finding("number", "investments.csv", "2", "actual", "n. 5 000"))
        'investments.csv:2 actual: expected a number, found “n. 5 000”. Write the number alone, for example -5000.'
    """

    def __init__(self, language: str, table: str = ""):
        """Read the messages of a language, or one table of them, which takes a fraction of the time."""
        self.language = language
        with open(join(FOLDER, f"{language}.toml"), encoding="utf-8") as file:
            text = file.read()
        if table:
            start = text.index(f"\n[{table}]\n")
            text = text[start : text.index("\n[", start + 1)]
        super().__init__(tomllib.loads(text))

    def data(self, finding: Finding) -> dict[str, Any]:
        """A finding as `--json` has it: docs/json.md."""
        return asdict(finding) | {"message": self.wrong(finding), "remedy": self.remedy(finding)}

    def error(self, error: TaulukkoError | OSError) -> list[str]:
        """What went wrong, a line for each finding."""
        lines = [self.finding(one) for one in self.findings(error)]
        count = [self.text("line.count", count=len(lines))] if isinstance(error, FaultsError) and len(lines) > 1 else []
        return lines + count

    def findings(self, error: TaulukkoError | OSError) -> list[Finding]:
        """What an error says is wrong."""
        return [*map(self.known, findings_of(error))]

    def known(self, finding: Finding) -> Finding:
        """A finding that can be said: an error of the system that has no words here is said in the system's own."""
        return finding if finding.code in self.words["finding"] else replace(finding, code="system")


__all__ = ["LANGUAGES", "Say", "reader_language"]
