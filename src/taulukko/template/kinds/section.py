"""What every kind of section is asked: what it has of inputs, words and sheets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, get_args

from taulukko.errors import Finding
from taulukko.template.inputs import InputFile
from taulukko.template.parts import TEXT_TYPES, Column, Declared, Expressions, Type

FIGURES = frozenset(get_args(Type)) - TEXT_TYPES


class Section(Declared):
    protect: bool = False
    key_sentence: Expressions = {}
    kind: str
    by_unit: ClassVar[bool] = False
    """Whether each service area has a sheet of its own, too."""

    @property
    def sheet(self) -> str:
        """The module whose `plan_sheet` lays it out."""
        return f"taulukko.plan.sheets.{self.kind}"

    @property
    def above(self) -> str | None:
        """The section on whose sheet it stands, if it has none of its own."""
        return None

    @property
    def has_unit(self) -> bool:
        """Whether what is filled in says to which unit it belongs."""
        return True

    def files(self, key: str) -> Iterator[tuple[str, InputFile]]:
        """The files of a data folder that it is filled in from, by their names."""
        yield from ()

    def labels(self, key: str) -> Iterator[str]:
        """The labels it needs beside those of every section."""
        yield from ()

    def faults(self, file: str) -> Iterator[Finding]:
        """What no reference tells: keys that come twice, and what it cannot do without."""
        yield from ()

    def stands_for(self, key: str) -> tuple[str, dict[str, str]] | None:
        """The statement whose lines its rows show, and the line of each."""
        return None

    def carried(self) -> Section | None:
        """What of it a workbook carries to be read by; nothing where it only shows."""
        return None


class Filled(Section):
    """A section with columns, some of which are filled in row by row."""

    columns: tuple[Column, ...]

    def inputs(self) -> tuple[Column, ...]:
        """The columns that somebody fills in, without the key."""
        return tuple(column for column in self.columns if column.role == "input")

    def faults(self, file: str) -> Iterator[Finding]:
        seen: set[str] = set()
        for column in self.columns:
            place = f"columns[{column.key}]"
            if column.key in seen:
                yield Finding("key_twice", file, "columns", "key", column.key)
            seen.add(column.key)
            if (column.type == "choice") != bool(column.scale) and column.type != "integer":
                yield Finding("key_missing", file, place, "scale")
            if column.decimals is not None and column.type != "number":
                yield Finding("template_value", file, place, "decimals", str(column.decimals), ('type = "number"',))
            if column.bar and column.is_text:
                yield Finding("template_value", file, place, "bar", column.type, tuple(sorted(FIGURES)))
            if column.sparkline:
                yield from self._sparkline_faults(file, column)
            if column.role == "computed" and not column.formula and not column.given:
                yield Finding("key_missing", file, place, "formula")
            if column.total == "known" and not column.of:
                yield Finding("key_missing", file, place, "of")
            figures = tuple(c.key for c in self.columns if c.role == "input" and c.type == column.type)
            if column.from_last_year and column.from_last_year.column not in figures:
                source = column.from_last_year.column
                yield Finding("template_value", file, f"{place}.from_last_year", "column", source, figures)

    def _sparkline_faults(self, file: str, column: Column) -> Iterator[Finding]:
        """A small line shows columns that stand side by side, in a cell without a figure of its own."""
        shown = tuple(c.key for c in self.columns if c.place == "table" and not c.hidden and c.role != "key")
        wanted = column.sparkline
        runs = (shown[start : start + len(wanted)] for start in range(len(shown)))
        allowed = shown if column.type == "text" else ('type = "text"',)
        if column.type != "text" or len(wanted) < 2 or wanted not in runs:
            yield Finding("template_value", file, f"columns[{column.key}]", "sparkline", ", ".join(wanted), allowed)

    def seen(self) -> tuple[Column, ...]:
        """The columns that readers see, without what they are computed from."""
        bare = {"formula": None, "proposal": None, "from_last_year": None}
        seen = (column for column in self.columns if column.role != "computed" or not column.hidden)
        return tuple(column.model_copy(update=bare) for column in seen)

    def asks_for(self, record: str) -> bool:
        """Whether its required columns are required of a record."""
        return True


__all__ = ["Filled", "Section"]
