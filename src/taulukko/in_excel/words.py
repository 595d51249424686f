"""The words of buttons: no workbook may be at hand that could say them in its own."""

from __future__ import annotations

from functools import cache
from typing import Any

from taulukko.messages import LANGUAGES, Say
from taulukko.messages.phrases import Phrases
from taulukko.program.host import Rows

AFTER = ("not_restored", "unprotected", "failed_after")
"""The findings that are told when something was written."""


@cache
def words_of(language: str) -> Phrases:
    """Them in a language, or in English."""
    return Say(language if language in LANGUAGES else "en")


def words_in(code: str, language: str) -> dict[str, dict[str, Any]]:
    """The tables of words that some code needs: of findings those that it spells."""
    tables = words_of(language).words
    findings = {key: words for key, words in tables["finding"].items() if f'"{key}"' in code}
    inside = {key: tables["inside"][key] for key in ("result", "refused")}
    return {"line": dict(tables["line"]), "inside": inside, "finding": findings}


def spoken(rows: Rows) -> str:
    """The language of a workbook, by the rows of its hidden sheet; empty when they do not tell."""
    return next((str(row[2]) for row in rows if list(row[:2]) == ["workbook", "language"]), "")


__all__ = ["AFTER", "spoken", "words_in", "words_of"]
