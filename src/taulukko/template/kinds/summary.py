"""The summary: one page for the director, everything on it by reference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from taulukko.errors import Finding
from taulukko.template.kinds.section import Section
from taulukko.template.parts import (
    Declared,
    Expressions,
    Format,
    Formula,
    Key,
    Refers,
    ScaleKey,
    SectionKey,
    StatementKey,
)

GRID, BLOCK = 12, 3
"""Columns of the page, and of a block on it."""


class Figure(Declared):
    key: Key
    value: Formula
    format: Format = "general"
    scale: ScaleKey | None = None
    member: Annotated[str, Refers("member")] | None = None
    marks: bool = False
    strong: bool = False


class Tile(Declared):
    key: Key
    column: int = Field(ge=0, le=9)
    section: SectionKey
    figure: Formula
    format: Format = "general"
    note: Expressions = {}
    rows: tuple[Figure, ...]


class Panel(Declared):
    key: Key
    column: int = Field(ge=0, le=9)
    section: SectionKey
    rows: tuple[Figure, ...]


class Ranking(Declared):
    key: Key
    column: int = Field(ge=0, le=9)
    function: Literal["nth_smallest", "nth_largest"]
    below: bool


class Bars(Declared):
    section: StatementKey
    line: Annotated[Key, Refers("cells", "section")]
    division_lines: tuple[Annotated[Key, Refers("cells", "section")], ...]


class SmallMatrix(Declared):
    section: Annotated[Key, Refers("matrix")]
    column: int


class Returns(Declared):
    """Of which sections the whole report tells, unit by unit, how much is filled in."""

    sections: tuple[Annotated[Key, Refers("filled")], ...] = Field(min_length=1, max_length=6)


class SentenceRule(Declared):
    key: Key
    values: Expressions


class SummarySection(Section):
    kind: Literal["summary"]
    tiles: tuple[Tile, ...]
    bars: Bars | None = None
    rankings: tuple[Ranking, ...] = ()
    panels: tuple[Panel, ...] = ()
    matrix: SmallMatrix | None = None
    returns: Returns | None = None
    sentences: tuple[SentenceRule, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.tiles or self.panels or self.matrix)

    def faults(self, file: str) -> Iterator[Finding]:
        """Blocks that stand on each other, and rankings of bars that are not there."""
        tiles = [(f"tiles[{one.key}]", one.column, BLOCK) for one in self.tiles]
        middle = [("bars", 0, 2 * BLOCK)] if self.bars else []
        middle += [(f"rankings[{one.key}]", one.column, BLOCK) for one in self.rankings]
        panels = [(f"panels[{one.key}]", one.column, BLOCK) for one in self.panels]
        panels += [("matrix", self.matrix.column, GRID - self.matrix.column)] if self.matrix else []
        for row in (tiles, middle, panels):
            for number, (place, column, width) in enumerate(row):
                for other, left, room in row[:number]:
                    if column < left + room and left < column + width:
                        yield Finding("collision", file, place, "column", str(column), (other,))
        if self.rankings and not self.bars:
            yield Finding("key_missing", file, "", "bars")

    def labels(self, key: str) -> Iterator[str]:
        for tile in self.tiles:
            yield from (f"summary.tiles.{tile.key}", f"summary.notes.{tile.key}")
        for panel in self.panels:
            yield f"summary.panels.{panel.key}"
        blocks: tuple[Tile | Panel, ...] = (*self.tiles, *self.panels)
        for block in blocks:
            yield from (f"summary.rows.{row.key}" for row in block.rows if not row.member)
        yield from (f"summary.rankings.{ranking.key}" for ranking in self.rankings)
        if self.matrix:
            yield f"summary.panels.{self.matrix.section}"
        if self.returns:
            words = ("title", "state", "name", "date", "none", *self.returns.sections)
            yield from (f"summary.returns.{word}" for word in words)
        for sentence in self.sentences:
            yield from (f"summary.sentences.{sentence.key}", f"summary.subjects.{sentence.key}")
