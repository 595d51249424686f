"""What is said when a button does nothing: no workbook may be at hand that could say it in its own words."""

from __future__ import annotations

from functools import cache

from taulukko.messages import LANGUAGES, Say
from taulukko.program.host import Rows

WORDS = (
    *("result", "refused", "program_missing", "program_damaged", "other_version", "sheet_missing", "layout_changed"),
    *("log_damaged", "protected_there", "protected_on_mac", "read_only", "shared", "structure", "filtered", "password"),
    *("not_written", "not_restored", "unprotected", "busy", "failed", "failed_after", "no_caller", "calculated"),
)
"""The messages `inside.*`."""
AFTER = ("not_restored", "unprotected", "failed_after")
"""Those that are said when something was written."""


@cache
def words_of(language: str) -> dict[str, str]:
    """Them in a language, or in English."""
    say = Say(language if language in LANGUAGES else "en")
    return {key: say.text(f"inside.{key}", sheet="{sheet}", error="{error}") for key in WORDS}


def spoken(rows: Rows) -> str:
    """The language of a workbook, by the rows of its hidden sheet; empty when they do not tell."""
    return next((str(row[2]) for row in rows if list(row[:2]) == ["workbook", "language"]), "")


__all__ = ["AFTER", "WORDS", "spoken", "words_of"]
