"""What can go wrong, and where: a finding is one thing not as it should be; a refusal is raised with its findings."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from os import PathLike
from typing import Literal

Severity = Literal["error", "remark", "note"]
NOTES = frozenset(
    {
        "number_as_text",
        "formula_taken",
        "percent_read",
        "row_keyed",
        "row_copied",
        "row_outside",
        "judged_alone",
        "same_file",
        "sheet_unprotected",
        "as_sent",
        "not_sent",
    }
)
"""The codes of what nobody has to act on in a workbook whose inputs were read."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be, with the place where it can be mended.

    Attributes:
        code: what kind of thing, a key of the message files (`number_ambiguous`), which also say how to mend it.
        file: the file it stands in, or the path it concerns.
        place: line number of a text file, table of a template, or `Sheet!D10`, or the sheet, of a workbook.
        field: the column, key, name or check it concerns.
        found: what stands there. A key of the messages of `other_format` (`pdf`), `dangerous` (`macro`) and
            `too_large` (`sheets`).
        expected: what should stand there, or each value that would be accepted.
        severity: `error` something is wrong, `remark` somebody should look at it, `note` nobody has to act.

    Example:
        >>> Finding("number", "income_statement.csv", "12", "actual", "n. 5 000").place
        '12'
    """

    code: str
    file: str = ""
    place: str = ""
    field: str = ""
    found: str = ""
    expected: tuple[str, ...] = ()
    severity: Severity = "error"

    def aside(self) -> Finding:
        """The same of a workbook whose inputs were read all the same: a remark, or a note."""
        return replace(self, severity="note" if self.code in NOTES else "remark")

    def __str__(self) -> str:
        place = ":".join(filter(None, (self.file, self.place)))
        where = " ".join(filter(None, (place, self.field)))
        return ": ".join(filter(None, (where, self.code, self.found)))


class TaulukkoError(Exception):
    """Anything this package refuses to do; raised with the findings that say why."""

    args: tuple[Finding, ...]

    @property
    def findings(self) -> list[Finding]:
        return list(self.args)

    def __str__(self) -> str:
        return "; ".join(map(str, self.args))


class FaultsError(TaulukkoError):
    """The input has faults; all of them are told, and nothing was written."""


class OutputRefused(TaulukkoError):
    """Files to be written are not ours, or hold inputs that somebody has filled in since; nothing was written."""


class WorkbookError(TaulukkoError):
    """A file that is not read as a workbook of ours.

    The code of its finding is `encrypted`, `old_format`, `other_format`, `too_large`, `dangerous`, `unreadable`,
    `not_ours`, `identity_missing` or `other_version`.
    """


@contextmanager
def reading(path: str | PathLike[str]) -> Iterator[None]:
    """Let a workbook that is refused while it is read be named in what is said of it.

    Example:
        >>> with reading("a.xlsx"):
        ...     raise WorkbookError(Finding("encrypted"))
        Traceback (most recent call last):
        taulukko.errors.WorkbookError: a.xlsx: encrypted
    """
    try:
        yield
    except WorkbookError as error:
        raise WorkbookError(*(replace(one, file=str(path)) for one in error.findings)) from error


def findings_of(error: TaulukkoError | OSError) -> list[Finding]:
    """What an error says is wrong, the system's own errors by their names."""
    if isinstance(error, TaulukkoError):
        return error.findings
    code = errno.errorcode.get(error.errno or 0, "system")
    return [Finding(code, str(error.filename2 or error.filename or ""), found=error.strerror or str(error))]
