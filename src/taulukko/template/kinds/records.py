"""Records: a table with a row for each, and what is shown beside or below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from taulukko.errors import Finding
from taulukko.template.inputs import InputFile
from taulukko.template.kinds.chart import Chart
from taulukko.template.kinds.section import Filled
from taulukko.template.parts import Column, ColumnKey, Declared, Expressions, Key, RecordsKey, Refers


class Matrix(Declared):
    rows: Annotated[Key, Refers("axis")]
    columns: Annotated[Key, Refers("axis")]
    level: Annotated[Key, Refers("bands")]
    ids: ColumnKey


class Groups(Declared):
    by: ColumnKey
    columns: tuple[Annotated[Key, Refers("summed_column")], ...]


class Timeline(Declared):
    """Bars by quarter: which columns name and bound a record, and under which column the first year stands."""

    label: ColumnKey
    start: ColumnKey
    end: ColumnKey
    years: tuple[ColumnKey, ...]
    under: ColumnKey


class Quotes(Declared):
    """Paragraphs of another section, shown by reference."""

    section: RecordsKey
    column: Annotated[Key, Refers("column", "section")]
    where: Annotated[Key, Refers("choice", "section")]
    values: tuple[Annotated[Key, Refers("chosen", "section")], ...]


class RecordsSection(Filled):
    kind: Literal["records"]
    columns: tuple[Column, ...]
    facts: Expressions = {}
    spare: int = Field(default=0, ge=0, le=200)
    unit_spare: int = Field(default=5, ge=0, le=200)
    """Spare rows in the workbook of one unit."""
    stem: str = Field(default="N", pattern=r"^[A-Za-z]{1,4}$")
    """How the keys of added rows begin where there is no row yet."""
    used: ColumnKey | None = None
    """The column that tells that a row is in use; the first required one when not given."""
    below: RecordsKey | None = None
    matrix: Matrix | None = None
    groups: Groups | None = None
    timeline: Timeline | None = None
    quotes: Quotes | None = None
    chart: Chart | None = None

    @property
    def above(self) -> str | None:
        return self.below

    @property
    def has_unit(self) -> bool:
        return any(column.key == "unit" and column.role == "input" for column in self.columns)

    def files(self, key: str) -> Iterator[tuple[str, InputFile]]:
        yield key, InputFile(tuple(c for c in self.columns if c.role == "key"), self.inputs(), self.stem)

    def labels(self, key: str) -> Iterator[str]:
        if any(column.total != "none" for column in self.columns):
            yield f"sections.{key}.total"
        yield from (f"sections.{key}.{part}" for part in ("matrix", "groups", "timeline") if getattr(self, part))
        yield from (f"columns.{key}.{c.key}" for c in self.columns if c.role != "key" and not c.hidden)

    def faults(self, file: str) -> Iterator[Finding]:
        yield from super().faults(file)
        for name in self.facts.keys() & {column.key for column in self.columns}:
            yield Finding("key_twice", file, "facts", name)
        if [column.key for column in self.columns if column.role == "key"] != ["id"]:
            yield Finding("key_missing", file, "columns", 'key = "id", role = "key"')

    def carried(self) -> RecordsSection:
        return RecordsSection(kind="records", columns=self.seen(), stem=self.stem, below=self.below, groups=self.groups)
