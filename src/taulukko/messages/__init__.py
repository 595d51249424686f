"""Says what happened in the reader's language: the only place that reads the message files."""

from __future__ import annotations

import errno
import sys
import tomllib
from collections.abc import Mapping
from os.path import basename, dirname, join
from typing import Any, Protocol

from taulukko.errors import Fault, FaultsError, OutputRefused, OutputsRefused, TaulukkoError

LANGUAGES = ("fi", "sv", "en")
FOLDER = dirname(__file__)
MOST_ALLOWED = 12
"""How many allowed values are listed."""
NAMED = {"old_format": "format", "other_format": "format", "dangerous": "danger", "too_large": "limit"}
"""The findings whose `found` is a key of the messages, and of which table."""


class Finding(Protocol):
    """What an audit found: `taulukko.xlsx.beside.Finding`."""

    @property
    def code(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def field(self) -> str: ...
    @property
    def expected(self) -> object: ...
    @property
    def found(self) -> object: ...


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
        >>> Say("en").fault(Fault("number", "investments.csv", "2", "actual", "n. 5 000"))
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

    def fault(self, fault: Fault) -> str:
        """One fault: where, what was expected, what was found, how to mend it."""
        allowed = self._allowed(fault)
        words = self._words["fault"][fault.code]
        listed = words.get("allowed", self._words["line"]["allowed"]).format(allowed=allowed)
        found = self.text("line.found", found=_one_line(fault.found)) if fault.found else ""
        return self.text(
            "line.fault",
            where=_where(":".join(part for part in (fault.file, fault.place) if part), fault.field),
            expected=words["expected"].format(allowed=allowed),
            found=words.get("found", found),
            allowed=listed if allowed and "{allowed}" not in words["expected"] else "",
            remedy=words["remedy"],
        )

    def _allowed(self, fault: Fault) -> str:
        if fault.code == "type":
            return self.text(f"kinds.{fault.allowed[0]}")
        if fault.code == "book_large":
            most, limit = fault.allowed
            return f"{most} {self._words['limit'][limit]}"
        shown = [*fault.allowed[:MOST_ALLOWED], *(["…"] if len(fault.allowed) > MOST_ALLOWED else [])]
        return ", ".join(shown)

    def finding(self, file: str, finding: Finding) -> str:
        """One finding of an audit; a fault of the inputs is said as in a data folder."""
        place = "" if finding.place == basename(file) else finding.place
        if finding.code not in self._words["finding"]:
            allowed = tuple(str(finding.expected).split(", ")) if finding.expected else ()
            return f"{file}: {self.fault(Fault(finding.code, place, '', finding.field, str(finding.found), allowed))}"
        words = {key: _one_line(getattr(finding, key)) or "–" for key in ("field", "expected", "found")}
        if table := NAMED.get(finding.code):
            words["found"] = self._words[table].get(finding.found, words["found"])
        text = self.text(f"finding.{finding.code}", **words)
        return f"{file}: {_where(place, finding.field)}{text}"

    def error(self, error: TaulukkoError | OSError) -> list[str]:
        """What went wrong, a line for each fault."""
        match error:
            case FaultsError(faults=faults):
                count = [self.text("line.count", count=len(faults))] if len(faults) > 1 else []
                return [*map(self.fault, faults), *count]
            case OutputRefused(code=code, path=path):
                return [self.text(f"refused.{code}", path=path)]
            case OutputsRefused(refusals=refusals):
                return [line for one in refusals for line in self.error(one)]
            case OSError():
                return [self._system(error)]
        return [str(error)]

    def _system(self, error: OSError) -> str:
        name = errno.errorcode.get(error.errno or 0, "")
        reason = self._words["os"].get(name) or error.strerror or str(error)
        path = error.filename2 or error.filename
        return self.text("error.os", path=path, reason=reason) if path else self.text("error.other", reason=reason)


def _where(place: str, field: str) -> str:
    words = " ".join(part for part in (place, field) if part)
    return f"{words}: " if words else ""


def _one_line(text: object) -> str:
    """A value as it is quoted in a message: on one line, its invisible characters shown by their codes."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in str(text))


__all__ = ["LANGUAGES", "Say", "reader_language"]
