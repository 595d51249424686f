"""The words of one language for what is wrong; no file is read, so that it also runs where none is at hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from taulukko.errors import Finding

BLANK = "–"
"""What a sentence shows where nothing stands."""
MOST_ALLOWED = 12
"""How many allowed values are listed."""
NAMED = {"old_format": "format", "other_format": "format", "dangerous": "danger", "too_large": "limit"}
"""The findings whose `found` is a key of the messages, and of which table."""
SPELLED = {"type": "kinds", "book_large": "limit"}
"""The findings whose `expected` goes on in words of the messages, and of which table."""
OF_CELLS = frozenset({"check_fails", "formula_overwritten", "number_is_text", "threshold_changed", "value_stale"})
"""The findings of what cells hold: their figures are said as people write them."""
_FIGURE = re.compile(r"-?\d+(\.\d+)?(e[-+]\d+)?")


class Phrases:
    """How findings are said.

    Attributes:
        words: tables of the message files.
    """

    def __init__(self, words: Mapping[str, Mapping[str, Any]]):
        self.words = words

    def text(self, key: str, **values: object) -> str:
        """The message of a key such as `help.build`, its braces filled in."""
        found: Any = self.words
        for part in key.split("."):
            found = found[part]
        return str(found).format(**values)

    def finding(self, finding: Finding) -> str:
        """One finding on a line: where, what is wrong, how to mend it."""
        place = ":".join(filter(None, (finding.file, finding.place)))
        where = " ".join(filter(None, (place, finding.field)))
        return " ".join(filter(None, (where and f"{where}:", self.wrong(finding), self.remedy(finding))))

    def sentences(self, finding: Finding) -> str:
        """The same as sentences that stand by themselves."""
        said = self.finding(finding)
        return said[:1].upper() + said[1:]

    def wrong(self, finding: Finding) -> str:
        """What is wrong, without the place."""
        words, expected = self.words["finding"][finding.code], self._expected(finding)
        if "said" in words:
            return self._filled(words["said"], finding)
        allowed = words.get("allowed", self.words["line"]["allowed"]).format(expected=expected)
        found = self.text("line.found", found=self._found(finding)) if finding.found else ""
        return self.text(
            "line.expected",
            expected=self._filled(words["expected"], finding),
            found=words.get("found", found),
            allowed=allowed if expected and "{expected}" not in words["expected"] else "",
        )

    def remedy(self, finding: Finding) -> str:
        """How to mend it; empty where nothing is to be done."""
        return self._filled(self.words["finding"][finding.code].get("remedy", ""), finding)

    def _filled(self, words: str, finding: Finding) -> str:
        found, expected = self._found(finding) or BLANK, self._expected(finding) or BLANK
        return words.format(file=finding.file, found=found, expected=expected)

    def _expected(self, finding: Finding) -> str:
        if table := SPELLED.get(finding.code):
            return " ".join(str(self.words[table].get(one, one)) for one in finding.expected)
        more = ["…"] if len(finding.expected) > MOST_ALLOWED else []
        return ", ".join([*(self._value(finding, one) for one in finding.expected[:MOST_ALLOWED]), *more])

    def _found(self, finding: Finding) -> str:
        table = NAMED.get(finding.code)
        return str(self.words[table][finding.found]) if table else self._value(finding, finding.found)

    def _value(self, finding: Finding, text: str) -> str:
        """What stands somewhere, as it is quoted."""
        if finding.code in OF_CELLS and _FIGURE.fullmatch(text):
            return figure(float(text), self.text("line.decimal_mark"))
        return _one_line(text)


def figure(number: float, mark: str) -> str:
    """A figure as a sentence has it.

    Example:
        >>> figure(-1234.5, ","), figure(3.0, ",")
        ('−1\\xa0234,5', '3')
    """
    text = f"{number:,.12g}"
    return text.replace(",", "\N{NO-BREAK SPACE}").replace(".", mark).replace("-", "\N{MINUS SIGN}")


def _one_line(text: object) -> str:
    """A value as it is quoted in a message: on one line, its invisible characters shown by their codes."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in str(text))


__all__ = ["NAMED", "Phrases", "figure"]
