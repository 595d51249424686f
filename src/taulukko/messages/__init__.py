"""Says what happened in the reader's language: the only place that reads the message files."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, replace
from os.path import dirname, join
from typing import Any

from taulukko.errors import FaultsError, Finding, TaulukkoError, findings_of

LANGUAGES = ("fi", "sv", "en")
FOLDER = dirname(__file__)
BLANK = "–"
"""What a sentence shows where nothing stands."""
MOST_ALLOWED = 12
"""How many allowed values are listed."""
NAMED = {"old_format": "format", "other_format": "format", "dangerous": "danger", "too_large": "limit"}
"""The findings whose `found` is a key of the messages, and of which table."""


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


class Say:
    """The messages of one language.

    Example:
        >>> Say("en").finding(Finding("number", "investments.csv", "2", "actual", "n. 5 000"))
        'investments.csv:2 actual: expected a number, found “n. 5 000”. Write the number alone, for example -5000.'
    """

    def __init__(self, language: str):
        self.language = language
        with open(join(FOLDER, f"{language}.toml"), "rb") as file:
            self._words: dict[str, Any] = tomllib.load(file)

    def text(self, key: str, **values: object) -> str:
        """The message of a key such as `help.build`, its braces filled in."""
        found: Any = self._words
        for part in key.split("."):
            found = found[part]
        return str(found).format(**values)

    def finding(self, finding: Finding) -> str:
        """One finding on a line: where, what is wrong, how to mend it."""
        place = ":".join(filter(None, (finding.file, finding.place)))
        where = " ".join(filter(None, (place, finding.field)))
        return " ".join(filter(None, (where and f"{where}:", self.wrong(finding), self.remedy(finding))))

    def wrong(self, finding: Finding) -> str:
        """What is wrong, without the place."""
        words, expected = self._words["finding"][finding.code], self._expected(finding)
        if "said" in words:
            return self._filled(words["said"], finding)
        allowed = words.get("allowed", self._words["line"]["allowed"]).format(expected=expected)
        found = self.text("line.found", found=self._found(finding)) if finding.found else ""
        return self.text(
            "line.expected",
            expected=words["expected"].format(expected=expected),
            found=words.get("found", found),
            allowed=allowed if expected and "{expected}" not in words["expected"] else "",
        )

    def remedy(self, finding: Finding) -> str:
        """How to mend it; empty where nothing is to be done."""
        return self._filled(self._words["finding"][finding.code].get("remedy", ""), finding)

    def data(self, finding: Finding) -> dict[str, Any]:
        """A finding as `--json` has it: docs/json.md."""
        return asdict(finding) | {"message": self.wrong(finding), "remedy": self.remedy(finding)}

    def _filled(self, words: str, finding: Finding) -> str:
        found, expected = self._found(finding) or BLANK, self._expected(finding) or BLANK
        return words.format(file=finding.file, found=found, expected=expected)

    def _expected(self, finding: Finding) -> str:
        if finding.code == "type":
            return self.text(f"kinds.{finding.expected[0]}")
        if finding.code == "book_large":
            most, limit = finding.expected
            return f"{most} {self._words['limit'][limit]}"
        more = ["…"] if len(finding.expected) > MOST_ALLOWED else []
        return ", ".join([*map(_one_line, finding.expected[:MOST_ALLOWED]), *more])

    def _found(self, finding: Finding) -> str:
        table = NAMED.get(finding.code)
        return self._words[table][finding.found] if table else _one_line(finding.found)

    def error(self, error: TaulukkoError | OSError) -> list[str]:
        """What went wrong, a line for each finding."""
        lines = [self.finding(one) for one in self.findings(error)]
        count = [self.text("line.count", count=len(lines))] if isinstance(error, FaultsError) and len(lines) > 1 else []
        return lines + count

    def findings(self, error: TaulukkoError | OSError) -> list[Finding]:
        """What an error says is wrong; of the system's own errors those that are not known are said in its words."""
        found = findings_of(error)
        return [one if one.code in self._words["finding"] else replace(one, code="system") for one in found]


def _one_line(text: object) -> str:
    """A value as it is quoted in a message: on one line, its invisible characters shown by their codes."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in str(text))


__all__ = ["LANGUAGES", "Say", "reader_language"]
