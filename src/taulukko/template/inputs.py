"""The files of a data folder that a template asks for: by which columns their rows are known, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from taulukko.template.parts import Column

CHECKS, RETURNS = "checks", "returns"


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file of a data folder.

    Attributes:
        keys: the columns by which its rows are known.
        columns: the others, which somebody fills in.
        stem: how the keys of added rows begin; None where nobody adds rows with keys of their own.
        lines: what the key `line` may say, in their order.
        costs: the lines that are costs, which `folder.signs` turns round.
        shared: whether every unit's part has all of its rows.
    """

    keys: tuple[Column, ...]
    columns: tuple[Column, ...]
    stem: str | None = None
    lines: tuple[str, ...] = ()
    costs: frozenset[str] = frozenset()
    shared: bool = False

    @property
    def key_names(self) -> set[str]:
        return {column.key for column in self.keys}

    def record(self, row: Mapping[str, object]) -> str:
        """By what a row is known: its id, or `VAKA.fees` for a line of a unit."""
        return ".".join(str(row.get(column.key) or "") for column in self.keys)

    def key(self, record: str) -> dict[str, str]:
        """What the key columns of a record say."""
        names = [column.key for column in self.keys]
        return dict(zip(names, record.split(".", len(names) - 1), strict=True))


ASSESSMENT = InputFile(
    (Column(key="unit", type="choice", scale="units", role="key"),),
    (Column(key="text", type="prose"), Column(key="covers_lines", type="choice", scale="yes_no")),
)
"""What a unit says of its budget."""
ACCEPTANCES = InputFile(
    (Column(key="key", type="text", role="key"),),
    (Column(key="reason", type="text"), Column(key="name", type="text"), Column(key="date", type="date")),
    shared=True,
)
"""Somebody's reasoned acceptance of a failing check."""
RETURN = InputFile(
    (Column(key="unit", type="choice", scale="units", role="key"),),
    (
        Column(key="state", type="choice", scale="return_state"),
        Column(key="name", type="text", most=100),
        Column(key="date", type="date"),
    ),
)
"""What a unit says on the cover of its own workbook."""
STATEMENT_KEYS = (
    Column(key="unit", type="choice", scale="units", role="key"),
    Column(key="line", type="text", role="key"),
)


__all__ = [
    "ACCEPTANCES",
    "ASSESSMENT",
    "CHECKS",
    "RETURN",
    "RETURNS",
    "STATEMENT_KEYS",
    "InputFile",
]
