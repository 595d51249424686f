"""What can go wrong, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in somebody's input, with the place where it can be mended.

    Attributes:
        code: what kind of fault, a key of the message files (`number_ambiguous`).
        file: name of the file it stands in.
        place: line number of a text file, table of a template, or `Sheet!D10` of a workbook.
        field: the column or key it concerns.
        found: what stands there.
        allowed: the values that would be accepted, when they can be listed.

    Example:
        >>> Fault("number", "income_statement.csv", "12", "actual", "n. 5 000").place
        '12'
    """

    code: str
    file: str = ""
    place: str = ""
    field: str = ""
    found: str = ""
    allowed: tuple[str, ...] = ()


class TaulukkoError(Exception):
    """Anything this package refuses to do; carries a text fit for the user."""


class FaultsError(TaulukkoError):
    """The input has faults; all of them are in `faults`, and nothing was written."""

    def __init__(self, faults: list[Fault]):
        self.faults = faults
        super().__init__("; ".join(f"{f.file}:{f.place} {f.field}: {f.code} {f.found}" for f in faults))


class OutputRefused(TaulukkoError):
    """The file to be written is not ours, or holds inputs that somebody has filled in since."""

    def __init__(self, code: str, path: str):
        self.code, self.path = code, path
        super().__init__(f"{path}: {code}")


class WorkbookError(TaulukkoError):
    """A file that is not read as a workbook of ours.

    Attributes:
        code: `encrypted`, `old_format`, `other_format`, `too_large`, `dangerous`, `unreadable`, `not_ours` or
            `other_version`.
        found: what it is or holds. A key of the messages for `other_format` (`pdf`), `dangerous` (`macro`) and
            `too_large` (`sheets`).
        expected: what it should be; for `too_large` the largest number.
    """

    def __init__(self, code: str, found: str = "", expected: str = ""):
        self.code, self.found, self.expected = code, found, expected
        super().__init__(f"{code}: {found}")


class OutputsRefused(TaulukkoError):
    """Several files that were to be written together are refused; nothing was written."""

    def __init__(self, refusals: list[OutputRefused]):
        self.refusals = refusals
        super().__init__("; ".join(map(str, refusals)))
